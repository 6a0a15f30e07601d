//! A database copied whole, while it is written to.

use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::store::error::StoreError;
use crate::store::file::{UNFINISHED, make_private, put_in_place, remove_database, with_suffix};
use crate::store::schema::{self, Depth};

/// Copies a database as it is now into a new file, whole and readable without a journal.
///
/// # Errors
/// When the disk fails.
pub(crate) fn copy(source: &Connection, to: &Path) -> Result<(), StoreError> {
    let unfinished = Scratch(with_suffix(to, UNFINISHED));
    make_private(&unfinished.0)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut target = Connection::open_with_flags(&unfinished.0, flags)?;
    step_all(&Backup::new(source, &mut target)?)?;
    target.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))?;
    schema::check(&target, Depth::Quick)?;
    target.close().map_err(|(_, error)| error)?;
    put_in_place(&unfinished.0, to)
}

/// In one step: a reader in WAL mode disturbs no writer, and sees one moment of the whole.
pub(crate) fn step_all(backup: &Backup<'_, '_>) -> Result<(), StoreError> {
    let step = backup.step(-1)?;
    if step == StepResult::Done { Ok(()) } else { Err(StoreError::Busy) }
}

/// A file that is gone when its work is done, whatever happened.
#[derive(Debug)]
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = remove_database(&self.0) {
            tracing::warn!(%error, "a scratch file stays behind");
        }
    }
}
