//! A database that is whole: made, checked, migrated, or brought back from a copy.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use tracing::{info, warn};

use crate::office::snapshot::Office;
use crate::store::connection::{connect, flags};
use crate::store::copying::copy;
use crate::store::error::StoreError;
use crate::store::file::{
    FILE, copies, make_private, put_in_place, remove_database, set_aside, with_suffix,
};
use crate::store::schema;
use crate::store::table::office;

pub(crate) fn open_or_create(file: &Path) -> Result<(Connection, Office), StoreError> {
    if !file.exists() {
        if !copies(file).is_empty() || with_suffix(file, "-wal").exists() {
            return Err(StoreError::Damaged("the file is gone, its copies are not".to_owned()));
        }
        create(file)?;
    }
    open_whole(file)
}

/// A new database gets its name when it is whole: a file of no bytes is always damage.
fn create(file: &Path) -> Result<(), StoreError> {
    let unborn = with_suffix(file, ".new");
    make_private(&unborn)?;
    let mut connection = Connection::open_with_flags(&unborn, flags())?;
    schema::migrate(&mut connection, 0)?;
    connection.close().map_err(|(_, error)| error)?;
    put_in_place(&unborn, file)
}

/// Opens an existing file that must be whole, and brings it up to date.
///
/// # Errors
/// When it is damaged, not ours or newer than this program.
pub(crate) fn open_whole(file: &Path) -> Result<(Connection, Office), StoreError> {
    let mut connection = connect(file)?;
    let version = schema::version(&connection)?;
    let bytes = file.metadata().map_err(|error| StoreError::file(file.display(), &error))?.len();
    schema::check_at_start(&connection, bytes)?;
    if version < schema::known() {
        info!("the database is copied and brought up to date; years of calls take minutes");
        keep_before(&connection, file)?;
        schema::migrate(&mut connection, version)?;
        info!(from = version, to = schema::known(), "the database is migrated");
    }
    let office = office::load(&connection)?;
    Ok((connection, office))
}

/// Only of the database itself: what is migrated on its way in is a copy already.
fn keep_before(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    if file.file_name().is_some_and(|name| name == FILE) {
        copy(connection, &with_suffix(file, &format!(".before-{}", schema::known())))?;
    }
    Ok(())
}

/// Puts the newest copy that is whole in the place of a damaged file, which is kept beside it.
pub(crate) fn rescue(file: &Path, why: &str) -> Result<(Connection, Office), StoreError> {
    for copy in copies(file) {
        let candidate = with_suffix(file, ".new");
        remove_database(&candidate)?;
        fs::copy(&copy, &candidate).map_err(|error| StoreError::file(copy.display(), &error))?;
        match open_whole(&candidate) {
            Ok((connection, _)) => connection.close().map_err(|(_, error)| error)?,
            Err(error) => {
                warn!(copy = %copy.display(), %error, "this copy is no good either");
                continue;
            }
        }
        let damaged = set_aside(file)?;
        put_in_place(&candidate, file)?;
        warn!(
            why,
            copy = %copy.display(),
            kept = %damaged.display(),
            "the database was damaged; the newest good copy is used, what came after it is missing"
        );
        return open_whole(file);
    }
    Err(StoreError::Damaged(format!(
        "{}: {why}; no good copy is beside it. Bring a backup back with 'naru restore FILE', or move the file away to start empty",
        file.display()
    )))
}
