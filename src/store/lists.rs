//! Answers lists on a connection of its own, so that they never delay a record.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::thread::Builder;

use rusqlite::Connection;
use tracing::{info, warn};

use crate::store::error::StoreError;
use crate::store::handle::{Read, Reply, answer};
use crate::store::open::connect_for_reading;
use crate::store::{backup, calls};

/// Runs until it is told to close.
pub(crate) fn answer_lists(file: &Path, queue: &Receiver<Read>) {
    let mut connection = None;
    while let Ok(read) = queue.recv() {
        match read {
            Read::Calls { filter, reply } => {
                answer(reply, with(&mut connection, file, |list| calls::list(list, &filter)));
            }
            Read::Call { id, reply } => {
                answer(reply, with(&mut connection, file, |list| calls::load(list, id)));
            }
            Read::Backup { path, reply } => start_backup(file.to_owned(), path, reply),
            Read::Close => return,
        }
    }
}

/// Asks over the connection that is there, or over a new one after a failure.
fn with<T>(
    connection: &mut Option<Connection>,
    file: &Path,
    ask: impl Fn(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let open = match connection.take() {
        Some(open) => open,
        None => connect_for_reading(file)?,
    };
    let answer = ask(&open)?;
    *connection = Some(open);
    Ok(answer)
}

/// Its own thread: a backup of years must not keep lists waiting.
fn start_backup(file: PathBuf, path: PathBuf, reply: Reply<()>) {
    let work = move || {
        let written = backup::write(&file, &path);
        if written.is_ok() {
            info!(backup = %path.display(), "a backup is written");
        }
        answer(reply, written);
    };
    if let Err(error) = Builder::new().name("store-backup".to_owned()).spawn(work) {
        warn!(%error, "no thread for a backup");
    }
}
