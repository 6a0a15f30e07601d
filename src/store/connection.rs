//! Connections to the database, also on a disk that takes nothing.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::store::error::StoreError;
use crate::store::schema;

/// Longer than any transaction of ours; only a foreign program can hold the file so long.
pub(crate) const BUSY: Duration = Duration::from_secs(5);
/// What the log keeps of the disk, in bytes, after something large has gone through it.
const LOG_KEPT: u32 = 64 * 1024 * 1024;

/// For the one writer; on a disk that takes nothing it can only read.
///
/// # Errors
/// When the file cannot be read, or is no database.
pub(crate) fn connect(file: &Path) -> Result<Connection, StoreError> {
    match connect_for_writing(file) {
        // WAL needs a file beside the database even to read; on a disk that takes none only this
        // opens. It does not see what a crash has left in the log; the writer finds it later.
        Err(error @ (StoreError::ReadOnly(_) | StoreError::DiskFull)) => {
            connect_immutable(file).map_err(|_| error)
        }
        connected => connected,
    }
}

pub(crate) fn connect_for_writing(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, flags() - OpenFlags::SQLITE_OPEN_CREATE)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_KEPT, |_| Ok(()))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

pub(crate) fn connect_immutable(file: &Path) -> Result<Connection, StoreError> {
    let mut uri = "file:".to_owned();
    for c in file.to_string_lossy().chars() {
        match c {
            '%' | '?' | '#' => uri.push_str(&format!("%{:02x}", u32::from(c))),
            c => uri.push(c),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags)?;
    schema::version(&connection)?;
    Ok(connection)
}

pub(crate) fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
}
