//! The newest good copy beside the database, for the day it is damaged (goal R14).

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use nix::sys::statvfs::statvfs;
use tracing::warn;

use crate::store::copying::copy;
use crate::store::error::StoreError;
use crate::store::file::COPY;
use crate::store::reader::Reader;

/// The first copy waits until the start is over.
const FIRST_COPY: Duration = Duration::from_secs(60);
const NEXT_COPY: Duration = Duration::from_secs(24 * 3600);

/// Runs until the other end of the channel is gone.
pub(crate) fn keep_copies(file: &Path, queue: &Receiver<()>) {
    let mut wait = FIRST_COPY;
    while let Err(RecvTimeoutError::Timeout) = queue.recv_timeout(wait) {
        wait = NEXT_COPY;
        if let Err(error) = keep_copy(file) {
            warn!(%error, "no copy of the database could be made");
        }
    }
}

/// Leaves as much room again as the copy takes: calls come first.
pub(crate) fn keep_copy(file: &Path) -> Result<(), StoreError> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    let size = file.metadata().map_err(|error| StoreError::file(file.display(), &error))?.len();
    let disk = statvfs(folder).map_err(|error| StoreError::File(error.to_string()))?;
    if disk.blocks_available() * disk.fragment_size() < size.saturating_mul(2) {
        return Err(StoreError::DiskFull);
    }
    copy(&Reader::open_file(file)?.connection, &folder.join(COPY))
}
