//! The whole office in one checked file, written and brought back while calls go on.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::office::snapshot::Office;
use crate::store::copying::{Scratch, copy, step_all};
use crate::store::error::StoreError;
use crate::store::file::{
    FILE, RESTORE, UNFINISHED, create_private, put_in_place, remove_database, with_suffix,
};
use crate::store::reader::Reader;
use crate::store::schema::{self, Depth};
use crate::store::whole::open_whole;

const MANIFEST: &str = "manifest.json";
/// No manifest of ours comes near it.
const MANIFEST_LIMIT: u64 = 64 * 1024;
const FORMAT: u32 = 1;

/// The first member of the archive: what must come after it.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    /// The program that wrote it.
    naru: String,
    /// The version of its tables.
    schema: u32,
    database: Member,
}

#[derive(Debug, Serialize, Deserialize)]
struct Member {
    name: String,
    bytes: u64,
    sha256: String,
}

/// Writes the archive beside `to` and gives it its name when it is whole and on disk.
///
/// # Errors
/// When the database cannot be read or the file not be written.
pub(crate) fn write(database: &Path, to: &Path) -> Result<(), StoreError> {
    let snapshot = Scratch(with_suffix(to, ".snapshot"));
    copy(&Reader::open_file(database)?.connection, &snapshot.0)?;
    let archive = Scratch(with_suffix(to, UNFINISHED));
    write_archive(&snapshot.0, &archive.0)
        .map_err(|error| StoreError::file(archive.0.display(), &error))?;
    put_in_place(&archive.0, to)
}

fn write_archive(snapshot: &Path, to: &Path) -> io::Result<()> {
    let mut database = File::open(snapshot)?;
    let bytes = database.metadata()?.len();
    let sha256 = digest(&mut database)?;
    let database_member = Member { name: FILE.to_owned(), bytes, sha256 };
    let manifest = Manifest {
        format: FORMAT,
        naru: env!("CARGO_PKG_VERSION").to_owned(),
        schema: schema::known(),
        database: database_member,
    };
    let manifest = serde_json::to_vec_pretty(&manifest)?;
    let mut archive = tar::Builder::new(create_private(to)?);
    append(&mut archive, MANIFEST, manifest.len() as u64, manifest.as_slice())?;
    append(&mut archive, FILE, bytes, File::open(snapshot)?)?;
    archive.into_inner()?.sync_all()
}

fn append<W: Write>(
    archive: &mut tar::Builder<W>,
    name: &str,
    bytes: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, content)
}

/// Unpacks an archive beside the database and proves it good, brought up to this program's tables.
///
/// # Errors
/// When anything is wrong with it; nothing has been touched then.
pub(crate) fn unpack(archive: &Path, beside: &Path) -> Result<Unpacked, StoreError> {
    let unpacked = Scratch(with_suffix(beside, RESTORE));
    remove_database(&unpacked.0)?;
    let bad = |what: String| StoreError::NotABackup(format!("{}: {what}", archive.display()));
    let file = File::open(archive).map_err(|error| StoreError::file(archive.display(), &error))?;
    let mut archive = tar::Archive::new(file);
    let mut members = archive.entries().map_err(|error| bad(error.to_string()))?;
    let mut next = |name: &str| match members.next() {
        Some(Ok(member)) if member.path_bytes() == name.as_bytes() => Ok(member),
        Some(Err(error)) => Err(bad(error.to_string())),
        Some(Ok(_)) | None => Err(bad(format!("{name} is missing"))),
    };
    let manifest = next(MANIFEST)?.take(MANIFEST_LIMIT);
    let manifest: Manifest =
        serde_json::from_reader(manifest).map_err(|error| bad(error.to_string()))?;
    if manifest.format != FORMAT {
        return Err(bad(format!("its format {} is unknown", manifest.format)));
    }
    if manifest.schema > schema::known() {
        return Err(StoreError::Newer { found: manifest.schema, known: schema::known() });
    }
    let mut member = next(FILE)?.take(manifest.database.bytes);
    let mut database = create_private(&unpacked.0)
        .map_err(|error| StoreError::file(unpacked.0.display(), &error))?;
    io::copy(&mut member, &mut database)
        .map_err(|error| StoreError::file(unpacked.0.display(), &error))?;
    drop(database);
    let found = File::open(&unpacked.0)
        .and_then(|mut file| digest(&mut file))
        .map_err(|error| StoreError::file(unpacked.0.display(), &error))?;
    if found != manifest.database.sha256 {
        return Err(bad("the check sum is wrong: the file is damaged or cut short".to_owned()));
    }
    let (connection, office) = match open_whole(&unpacked.0) {
        Err(StoreError::Damaged(why)) => return Err(bad(why)),
        opened => opened?,
    };
    schema::check(&connection, Depth::Full).map_err(|error| bad(error.to_string()))?;
    Ok(Unpacked { connection, office, scratch: unpacked })
}

/// A proven backup, ready to be copied into the live database.
#[derive(Debug)]
pub(crate) struct Unpacked {
    pub(crate) connection: Connection,
    pub(crate) office: Office,
    scratch: Scratch,
}

impl Unpacked {
    /// Makes it the content of `live` in one transaction.
    ///
    /// # Errors
    /// When the disk fails; `live` is as before then.
    pub(crate) fn replace(&self, live: &mut Connection) -> Result<(), StoreError> {
        step_all(&Backup::new(&self.connection, live)?)
    }

    /// Makes it the database `file`, which must not exist.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn become_database(self, file: &Path) -> Result<(), StoreError> {
        self.connection.close().map_err(|(_, error)| error)?;
        put_in_place(&self.scratch.0, file)
    }
}

fn digest(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(file, &mut hash)?;
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
