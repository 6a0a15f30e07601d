//! Opens the data folder: checks, migrates, and never starts silently empty.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tracing::warn;

use crate::binding::Binding;
use crate::duty::Duty;
use crate::history::call_id::CallId;
use crate::history::handled::Handled;
use crate::history::remembered::Remembered;
use crate::office::snapshot::Office;
use crate::store::copying::copy;
use crate::store::error::StoreError;
use crate::store::file::{BEFORE_RESTORE, FILE, set_aside, sweep, with_suffix};
use crate::store::table::agent_log;
use crate::store::table::bindings;
use crate::store::table::calls;
use crate::store::table::conversations;
use crate::store::table::duties;
use crate::store::table::watchers;
use crate::store::whole::{open_or_create, open_whole, rescue};
use crate::store::{backup, remembered, schema};
use crate::watcher::Watcher;

/// How far automatic assignment looks back: months of a small office.
const REMEMBERED: u32 = 50_000;
const LOCK: &str = "naru.lock";

/// What the daemon needs before it can answer.
#[derive(Debug)]
pub struct Opened {
    pub office: Office,
    pub bindings: Vec<Binding>,
    pub watchers: Vec<Watcher>,
    pub duties: Vec<Duty>,
    /// The newest calls that agents talked on, newest first.
    pub handled: Vec<Handled>,
    pub next_call: CallId,
    pub remembered: Remembered,
    /// How many calls a crash had left open.
    pub interrupted: usize,
    /// Hand it to `store/run`.
    pub database: Database,
}

/// The one connection that writes, and the lock on the data folder.
#[derive(Debug)]
pub struct Database {
    pub(crate) writer: Connection,
    pub(crate) file: PathBuf,
    /// Calls below this one are to be closed as interrupted, when the disk takes it.
    pub(crate) interrupted_below: Option<CallId>,
    _lock: Option<Lock>,
}

impl Database {
    /// As after a start on a disk that took nothing.
    #[cfg(test)]
    pub(crate) fn open_blind(data_dir: &Path) -> Self {
        let file = data_dir.join(FILE);
        let writer = crate::store::connection::connect_immutable(&file).unwrap();
        Self { writer, file, interrupted_below: Some(CallId(1)), _lock: None }
    }

    /// Whether the disk took nothing at the start: there may be calls that nobody has seen yet.
    pub(crate) fn is_blind(&self) -> bool {
        self.interrupted_below.is_some()
    }
}

/// The data folder is ours alone. Given up by word: a program that is just being started holds a
/// copy of the file for a moment, and with it the lock.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            warn!(%error, "the data folder stays locked until naru ends");
        }
    }
}

/// Opens or creates the database of `data_dir` and closes the calls that a crash has left open.
///
/// # Errors
/// When the folder cannot be used, another naru holds it, or the file is damaged and no good copy
/// is beside it.
pub fn open(data_dir: &Path) -> Result<Opened, StoreError> {
    make_folder(data_dir)?;
    let lock = lock(data_dir)?;
    sweep(data_dir);
    let file = data_dir.join(FILE);
    let (writer, office) = match open_or_create(&file) {
        Err(StoreError::Damaged(why)) => rescue(&file, &why)?,
        other => other?,
    };
    let bindings = bindings::load(&writer)?;
    let watchers = watchers::load(&writer)?;
    let duties = duties::load(&writer)?;
    let handled = calls::handled(&writer, REMEMBERED)?;
    let next_call = calls::next_id(&writer)?;
    let (interrupted, interrupted_below) = match calls::close_interrupted(&writer, next_call) {
        Ok(closed) => (closed, None),
        // A disk that cannot be written now must not keep the phones silent.
        Err(error) if error.may_pass() => {
            warn!(%error, "the data folder cannot be written; calls are kept in memory");
            (0, Some(next_call))
        }
        Err(error) => return Err(error),
    };
    if let Err(error) = agent_log::end_all(&writer, None) {
        warn!(%error, "what agents were before the start has no end for now");
    }
    if let Err(error) = conversations::forget_initial(&writer) {
        warn!(%error, "conversations that never began stay for now");
    }
    let remembered = remembered::load(&writer)?;
    let database = Database { writer, file, interrupted_below, _lock: lock };
    Ok(Opened {
        office,
        bindings,
        watchers,
        duties,
        handled,
        next_call,
        remembered,
        interrupted,
        database,
    })
}

/// Whether to open the data folder may take longer than a start does: a new version copies the
/// database and brings it up to date, and years of calls take minutes.
#[must_use]
pub fn may_take_long(data_dir: &Path) -> bool {
    let bytes = data_dir.join(FILE).metadata().map_or(0, |about| about.len());
    bytes > schema::CHECKED_AT_START
}

/// Whether a naru works in the data folder, also one that is still starting. It is read off the
/// kernel's list: to try the lock would get in the way of a start.
#[must_use]
pub fn is_in_use(data_dir: &Path) -> bool {
    let Ok(lock) = data_dir.join(LOCK).metadata() else { return false };
    let inode = format!(":{} ", lock.ino());
    let is_it = |line: &str| line.contains(" FLOCK ") && line.contains(&inode);
    fs::read_to_string("/proc/locks").is_ok_and(|locks| locks.lines().any(is_it))
}

/// Brings a backup back while no daemon runs. What was there is kept beside it.
///
/// # Errors
/// When another naru holds the folder, or anything is wrong with the backup: nothing is touched
/// then.
pub fn restore(data_dir: &Path, archive: &Path) -> Result<Office, StoreError> {
    make_folder(data_dir)?;
    let _lock = lock(data_dir)?;
    let file = data_dir.join(FILE);
    let unpacked = backup::unpack(archive, &file)?;
    let office = unpacked.office.clone();
    match open_whole(&file) {
        Ok((mut live, _)) => {
            copy(&live, &with_suffix(&file, BEFORE_RESTORE))?;
            unpacked.replace(&mut live)?;
        }
        Err(StoreError::Newer { .. } | StoreError::Damaged(_) | StoreError::ReadOnly(_)) => {
            set_aside(&file)?;
            unpacked.become_database(&file)?;
        }
        Err(error) => return Err(error),
    }
    Ok(office)
}

/// Writes a backup while no daemon runs.
///
/// # Errors
/// When there is no whole database, or the file cannot be written.
pub fn back_up(data_dir: &Path, to: &Path) -> Result<(), StoreError> {
    backup::write(&data_dir.join(FILE), to)
}

fn make_folder(data_dir: &Path) -> Result<(), StoreError> {
    if data_dir.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o750)
        .create(data_dir)
        .map_err(|error| StoreError::file(data_dir.display(), &error))
}

/// Two daemons on one folder would close each other's calls.
fn lock(data_dir: &Path) -> Result<Option<Lock>, StoreError> {
    let path = data_dir.join(LOCK);
    let opened =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = match opened {
        Ok(file) => file,
        // On a disk that nobody can write, nobody can do harm either.
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => return Ok(None),
        Err(error) => return Err(StoreError::file(path.display(), &error)),
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(data_dir.display().to_string())),
        Err(TryLockError::Error(error)) => Err(StoreError::file(path.display(), &error)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom, Write};
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::store::copies::keep_copy;
    use crate::store::reader::Reader;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    /// As the first version knew agents.
    const AN_AGENT: &str = "INSERT INTO agents
        (extension, name, language, unassigned_calls, call_waiting)
        VALUES ('101', '김민지', 'ko', 1, 1)";

    fn scribble(file: &Path, at: u64, bytes: usize) {
        let mut file = OpenOptions::new().write(true).open(file).unwrap();
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&vec![0xa5; bytes]).unwrap();
    }

    #[test]
    fn a_new_folder_gets_an_empty_office_that_only_we_may_read() {
        let folder = folder();
        let data_dir = folder.path().join("a/b");
        let opened = open(&data_dir).unwrap();
        assert_eq!(opened.office, Office::default());
        assert_eq!(opened.next_call, CallId(1));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data_dir.join(FILE)), 0o600);
        assert_eq!(mode(&data_dir.join("naru.db-wal")), 0o600);
        assert_eq!(mode(&data_dir), 0o750);
    }

    #[test]
    fn a_second_naru_is_refused() {
        let folder = folder();
        let first = open(folder.path()).unwrap();
        assert!(matches!(open(folder.path()), Err(StoreError::InUse(_))));
        drop(first);
        open(folder.path()).unwrap();
    }

    #[test]
    fn every_older_version_is_migrated_and_kept() {
        for version in 1..=schema::known() {
            let folder = folder();
            let file = folder.path().join(FILE);
            let old = Connection::open(&file).unwrap();
            schema::at_version(&old, version);
            old.execute(AN_AGENT, []).unwrap();
            drop(old);
            let read = Reader::open(folder.path()).map(drop);
            let refused = if version < schema::known() { Err(StoreError::Older) } else { Ok(()) };
            assert_eq!(read, refused, "from {version}");
            let opened = open(folder.path()).unwrap();
            assert_eq!(opened.office.agents.len(), 1, "from {version}");
            assert_eq!(schema::version(&opened.database.writer), Ok(schema::known()));
            let kept = with_suffix(&file, &format!(".before-{}", schema::known()));
            assert_eq!(kept.exists(), version < schema::known(), "from {version}");
        }
    }

    #[test]
    fn a_folder_is_in_use_while_it_is_open_and_not_a_moment_longer() {
        let folder = folder();
        assert!(!is_in_use(folder.path()));
        let opened = open(folder.path()).unwrap();
        assert!(is_in_use(folder.path()));
        assert!(matches!(open(folder.path()), Err(StoreError::InUse(_))));
        // What a program that is just being started holds of ours.
        let copy = opened.database._lock.as_ref().unwrap().0.try_clone().unwrap();
        drop(opened);
        assert!(!is_in_use(folder.path()));
        drop(open(folder.path()).unwrap());
        drop(copy);
    }

    #[test]
    fn a_newer_version_is_refused_untouched() {
        let folder = folder();
        drop(open(folder.path()).unwrap());
        let file = folder.path().join(FILE);
        let newer = Connection::open(&file).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        drop(newer);
        let refused = open(folder.path()).unwrap_err();
        assert_eq!(refused, StoreError::Newer { found: 99, known: schema::known() });
    }

    /// Goal R14: damage at the head, in the middle, cut short, emptied, deleted.
    #[test]
    fn a_damaged_file_never_starts_empty() {
        type Damage = fn(&Path);
        let damages: [(&str, Damage); 6] = [
            ("head", |file| scribble(file, 0, 64)),
            ("page 2", |file| scribble(file, 4096, 4096)),
            ("middle", |file| scribble(file, 8192, 40_000)),
            ("cut", |file| {
                OpenOptions::new().write(true).open(file).unwrap().set_len(5000).unwrap();
            }),
            ("empty", |file| fs::write(file, "").unwrap()),
            ("text", |file| fs::write(file, "an office".repeat(1000)).unwrap()),
        ];
        for (name, damage) in damages {
            for has_copy in [false, true] {
                let folder = folder();
                let file = folder.path().join(FILE);
                let opened = open(folder.path()).unwrap();
                opened.database.writer.execute(AN_AGENT, []).unwrap();
                if has_copy {
                    keep_copy(&file).unwrap();
                }
                drop(opened);
                damage(&file);
                match open(folder.path()) {
                    Ok(opened) => {
                        assert!(has_copy, "{name}");
                        assert_eq!(opened.office.agents.len(), 1, "{name}");
                        assert!(folder.path().join("naru.db.damaged-1").exists(), "{name}");
                    }
                    Err(StoreError::Damaged(why)) => {
                        assert!(!has_copy && !why.contains('\n'), "{name}: {why}");
                    }
                    Err(other) => panic!("{name}: {other}"),
                }
            }
        }
    }

    #[test]
    fn a_file_that_is_gone_is_damage_while_a_copy_is_left() {
        let folder = folder();
        drop(open(folder.path()).unwrap());
        keep_copy(&folder.path().join(FILE)).unwrap();
        fs::remove_file(folder.path().join(FILE)).unwrap();
        open(folder.path()).unwrap();
    }

    /// Ended in the middle of a copy, and of a restore.
    #[test]
    fn what_was_left_unfinished_is_gone_at_the_next_start_and_all_else_is_kept() {
        let folder = folder();
        drop(open(folder.path()).unwrap());
        keep_copy(&folder.path().join(FILE)).unwrap();
        let unfinished = [
            "naru.db.copy.unfinished",
            "naru.db.copy.unfinished-journal",
            "naru.db.before-3.unfinished",
            "naru.db.restore",
            "naru.db.restore-wal",
        ];
        let others = ["naru.db.damaged-1", "naru.db.before-3", "my.unfinished", "naru.db.copy"];
        for name in unfinished.iter().chain(&others[..3]) {
            fs::write(folder.path().join(name), "half").unwrap();
        }
        open(folder.path()).unwrap();
        for name in unfinished {
            assert!(!folder.path().join(name).exists(), "{name}");
        }
        for name in others {
            assert!(folder.path().join(name).exists(), "{name}");
        }
    }

    #[test]
    fn a_foreign_database_is_refused() {
        let folder = folder();
        let foreign = Connection::open(folder.path().join(FILE)).unwrap();
        foreign.execute_batch("CREATE TABLE cdr (id); PRAGMA user_version = 1;").unwrap();
        drop(foreign);
        assert!(matches!(open(folder.path()), Err(StoreError::Damaged(_))));
    }
}
