//! The files of a data folder: how they are called, made, put in place and moved out of the way.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use tracing::{info, warn};

use crate::store::error::StoreError;

/// The database inside the data folder.
pub(crate) const FILE: &str = "naru.db";
/// The newest copy that was found whole; see `store/run`.
pub(crate) const COPY: &str = "naru.db.copy";
/// What is being written, until it is whole.
pub(crate) const UNFINISHED: &str = ".unfinished";
/// What a restore unpacks beside the database.
pub(crate) const RESTORE: &str = ".restore";
/// What a restore has replaced.
pub(crate) const BEFORE_RESTORE: &str = ".before-restore";

pub(crate) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes an empty file that only we may read, in the place of whatever was there.
pub(crate) fn make_private(path: &Path) -> Result<(), StoreError> {
    remove_database(path)?;
    create_private(path).map(drop).map_err(|error| StoreError::file(path.display(), &error))
}

pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Gives a finished file its name, so that a crash leaves the old one or the new one.
pub(crate) fn put_in_place(finished: &Path, name: &Path) -> Result<(), StoreError> {
    let folder = match name.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(finished)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(finished, name))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|error| StoreError::file(name.display(), &error))
}

/// Removes a database and what SQLite keeps beside it; nothing there is fine.
pub(crate) fn remove_database(file: &Path) -> Result<(), StoreError> {
    for path in [
        file.to_owned(),
        with_suffix(file, "-wal"),
        with_suffix(file, "-shm"),
        with_suffix(file, "-journal"),
    ] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::file(path.display(), &error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Removes what a program left unfinished beside the database that was ended in the middle of it.
/// Only for whoever holds the folder's lock.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(FILE)) else { continue };
        let rest = ["-wal", "-shm", "-journal"]
            .iter()
            .find_map(|beside| rest.strip_suffix(beside))
            .unwrap_or(rest);
        if !(rest.ends_with(UNFINISHED) || rest == RESTORE) {
            continue;
        }
        match fs::remove_file(entry.path()) {
            Ok(()) => info!(file = %entry.path().display(), "an unfinished copy is removed"),
            Err(error) => {
                warn!(file = %entry.path().display(), %error, "an unfinished copy stays behind");
            }
        }
    }
}

/// Moves a damaged database out of the way, with what SQLite keeps beside it.
pub(crate) fn set_aside(file: &Path) -> Result<PathBuf, StoreError> {
    let free = (1..).map(|count| with_suffix(file, &format!(".damaged-{count}")));
    let damaged = free.into_iter().find(|path| !path.exists()).unwrap_or_default();
    for (from, to) in [
        (file.to_owned(), damaged.clone()),
        (with_suffix(file, "-wal"), with_suffix(&damaged, "-wal")),
        (with_suffix(file, "-shm"), with_suffix(&damaged, "-shm")),
    ] {
        if from.exists() {
            fs::rename(&from, &to).map_err(|error| StoreError::file(from.display(), &error))?;
        }
    }
    Ok(damaged)
}

/// The copies beside the database, newest first.
pub(crate) fn copies(file: &Path) -> Vec<PathBuf> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    let mut found: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_migration = name.strip_prefix("naru.db.before-").is_some_and(|number| {
                !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
            });
            name == COPY || is_migration
        })
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}
