//! Recordings in a backup: behind the office, with their check sums last.

use std::fs::{self, DirBuilder, File, FileTimes, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use nix::sys::statvfs::statvfs;
use sha2::{Digest, Sha256};

use crate::history::recording_name::RecordingName;
use crate::store::error::StoreError;
use crate::store::file::put_in_place;
use crate::store::file::with_suffix;

const FOLDER: &str = "recordings/";
/// As `sha256sum -c` reads it, in the folder where an archive is unpacked by hand.
const SUMS: &str = "recordings.sha256";
/// Of a tar archive (POSIX ustar).
const BLOCK: u64 = 512;
/// An hour of calls a day for a hundred years has fewer.
const SUMS_LIMIT: u64 = 256 << 20;

/// How many there are, and their size together in octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recordings {
    pub count: u64,
    pub octets: u64,
}

/// What became of those of an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BroughtBack {
    pub all: Recordings,
    /// Others of the same name that were there; they lie beside, as `NAME.before-restore`.
    pub set_aside: u64,
}

/// Those in the folder; none if it is not there.
///
/// # Errors
/// When the folder cannot be read.
pub fn in_folder(folder: &Path) -> Result<Recordings, StoreError> {
    let mut recordings = Recordings::default();
    for name in names(folder)? {
        if let Ok(about) = fs::metadata(folder.join(name)) {
            recordings.count += 1;
            recordings.octets += about.len();
        }
    }
    Ok(recordings)
}

/// Octets that are free on the disk of a folder.
///
/// # Errors
/// When it is not there.
pub fn free(folder: &Path) -> Result<u64, StoreError> {
    let about = statvfs(folder).map_err(|error| failed(folder)(error.into()))?;
    Ok(about.blocks_available().saturating_mul(about.fragment_size()))
}

/// Writes the recordings of the folder into an archive behind what it holds, and puts it on the disk.
/// What is being recorded is kept as far as it has come; what is deleted meanwhile is left out.
///
/// # Errors
/// When the disk refuses; the archive is good for nothing then.
pub fn append(archive: &Path, folder: &Path) -> Result<Recordings, StoreError> {
    let names = names(folder)?;
    let written = || -> io::Result<Recordings> {
        let mut file = OpenOptions::new().read(true).write(true).open(archive)?;
        let end = end(&file)?;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        let mut archive = tar::Builder::new(file);
        let (mut recordings, mut sums) = (Recordings::default(), String::new());
        for name in names {
            let Ok(file) = File::open(folder.join(&name)) else { continue };
            let (octets, sum) = append_one(&mut archive, &name, &file)?;
            recordings.count += 1;
            recordings.octets += octets;
            sums.push_str(&format!("{sum}  {FOLDER}{name}\n"));
        }
        let mut header = header(sums.len() as u64, 0);
        archive.append_data(&mut header, SUMS, sums.as_bytes())?;
        archive.into_inner()?.sync_all()?;
        Ok(recordings)
    };
    written().map_err(|error| failed(archive)(error))
}

/// What recordings an archive holds; `check` reads them and compares their sums.
///
/// # Errors
/// When it cannot be read, or is damaged.
pub fn in_archive(archive: &Path, check: bool) -> Result<Recordings, StoreError> {
    let (mut recordings, mut found, mut sums) = (Recordings::default(), String::new(), None);
    walk(archive, |member| {
        match member {
            Member::Recording { name, content } => {
                recordings.count += 1;
                recordings.octets += content.size();
                if check {
                    let sum = copy(content, &mut io::sink())?;
                    found.push_str(&format!("{sum}  {FOLDER}{name}\n"));
                }
            }
            Member::Sums(text) => sums = Some(text),
        }
        Ok(())
    })?;
    let whole = match sums {
        Some(sums) => !check || sums == found,
        None => recordings.count == 0,
    };
    let damaged = || {
        let name = archive.display();
        StoreError::NotABackup(format!("{name}: a recording in it is damaged, or it is cut short"))
    };
    whole.then_some(recordings).ok_or_else(damaged)
}

/// Brings the recordings of an archive back into the folder, with the age they had. One of the same
/// name is another call's if it differs: it is set aside.
///
/// # Errors
/// When the disk refuses.
pub fn bring_back(archive: &Path, folder: &Path) -> Result<BroughtBack, StoreError> {
    make(folder).map_err(|error| failed(folder)(error))?;
    let mut brought = BroughtBack::default();
    walk(archive, |member| {
        let Member::Recording { name, content } = member else { return Ok(()) };
        let (octets, to) = (content.size(), folder.join(name.to_string()));
        let aside = bring_one(content, &to, folder)?;
        brought.all.count += 1;
        brought.all.octets += octets;
        brought.set_aside += u64::from(aside);
        Ok(())
    })?;
    Ok(brought)
}

enum Member<'a, 'b> {
    Recording { name: RecordingName, content: &'a mut tar::Entry<'b, File> },
    Sums(String),
}

/// Shows every recording of an archive, and then their sums; nothing else of it.
fn walk(
    archive: &Path,
    mut show: impl FnMut(Member<'_, '_>) -> io::Result<()>,
) -> Result<(), StoreError> {
    let file = File::open(archive).map_err(|error| failed(archive)(error))?;
    let walked = || -> io::Result<()> {
        let mut archive = tar::Archive::new(file);
        for member in archive.entries_with_seek()? {
            let mut member = member?;
            let path = String::from_utf8_lossy(&member.path_bytes()).into_owned();
            if path == SUMS {
                let mut text = String::new();
                member.take(SUMS_LIMIT).read_to_string(&mut text)?;
                show(Member::Sums(text))?;
            } else if let Some(Ok(name)) = path.strip_prefix(FOLDER).map(str::parse) {
                show(Member::Recording { name, content: &mut member })?;
            }
        }
        Ok(())
    };
    walked().map_err(|error| StoreError::NotABackup(format!("{}: {error}", archive.display())))
}

/// Where the last member of an archive ends.
fn end(file: &File) -> io::Result<u64> {
    let mut archive = tar::Archive::new(file);
    let mut end = 0;
    for member in archive.entries_with_seek()? {
        let member = member?;
        end = member.raw_file_position() + member.size().next_multiple_of(BLOCK);
    }
    Ok(end)
}

fn append_one(
    archive: &mut tar::Builder<File>,
    name: &str,
    file: &File,
) -> io::Result<(u64, String)> {
    let about = file.metadata()?;
    let octets = about.len();
    let written = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut header = header(octets, written.as_secs());
    // One that is cut meanwhile is filled up: the archive has promised so many.
    let mut content =
        Summed { content: file.chain(io::repeat(0)).take(octets), sum: Sha256::new() };
    archive.append_data(&mut header, format!("{FOLDER}{name}"), &mut content)?;
    Ok((octets, hex(content.sum)))
}

/// Returns whether another of the same name had to be set aside.
fn bring_one(content: &mut tar::Entry<'_, File>, to: &Path, folder: &Path) -> io::Result<bool> {
    let unfinished = with_suffix(to, ".unfinished");
    let written = UNIX_EPOCH + Duration::from_secs(content.header().mtime()?);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    let sum = copy(content, &mut file)?;
    belong(&unfinished, folder)?;
    file.set_times(FileTimes::new().set_modified(written))?;
    drop(file);
    let aside = match File::open(to) {
        Ok(mut there) => copy(&mut there, &mut io::sink())? != sum,
        Err(_) => false,
    };
    if aside {
        fs::rename(to, with_suffix(to, ".before-restore"))?;
    }
    put_in_place(&unfinished, to).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(aside)
}

fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    folder.parent().map_or(Ok(()), |parent| belong(folder, parent))
}

/// An administrator brings back what the daemon must be able to read and to delete.
fn belong(path: &Path, like: &Path) -> io::Result<()> {
    let (ours, theirs) = (fs::metadata(path)?, fs::metadata(like)?);
    if (ours.uid(), ours.gid()) == (theirs.uid(), theirs.gid()) {
        return Ok(());
    }
    chown(path, Some(theirs.uid()), Some(theirs.gid()))
}

fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(folder)(error)),
    };
    let name = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
    let is_one = |name: &String| name.parse::<RecordingName>().is_ok();
    let mut names: Vec<String> = entries.filter_map(name).filter(is_one).collect();
    names.sort();
    Ok(names)
}

fn header(octets: u64, written: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(octets);
    header.set_mode(0o600);
    header.set_mtime(written);
    header
}

struct Summed<R> {
    content: R,
    sum: Sha256,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.content.read(into)?;
        self.sum.update(&into[..got]);
        Ok(got)
    }
}

/// Copies and returns the check sum.
fn copy(content: &mut impl Read, into: &mut impl Write) -> io::Result<String> {
    let mut content = Summed { content, sum: Sha256::new() };
    io::copy(&mut content, into)?;
    Ok(hex(content.sum))
}

fn hex(sum: Sha256) -> String {
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn failed(path: &Path) -> impl Fn(io::Error) -> StoreError {
    let path: PathBuf = path.to_owned();
    move |error| StoreError::file(path.display(), &error)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn archive(folder: &Path) -> PathBuf {
        let path = folder.join("backup.tar");
        let mut archive = tar::Builder::new(File::create(&path).unwrap());
        archive.append_data(&mut header(5, 0), "naru.db", &b"abcde"[..]).unwrap();
        archive.into_inner().unwrap();
        path
    }

    fn old(path: &Path, days: u64) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(days * 86_400);
        let file = File::options().write(true).open(path).unwrap();
        file.set_times(FileTimes::new().set_modified(time)).unwrap();
    }

    #[test]
    fn recordings_come_back_as_old_as_they_were_and_nothing_is_written_over() {
        let place = tempfile::tempdir().unwrap();
        let (from, to) = (place.path().join("recordings"), place.path().join("there/recordings"));
        fs::create_dir_all(&from).unwrap();
        fs::write(from.join("call-1-1.opus"), vec![7; 700]).unwrap();
        fs::write(from.join("message-2-1.wav"), "word").unwrap();
        fs::write(from.join("notes.txt"), "no recording").unwrap();
        old(&from.join("call-1-1.opus"), 20_000);
        let archive = archive(place.path());
        assert_eq!(in_archive(&archive, true), Ok(Recordings::default()));
        let all = Recordings { count: 2, octets: 704 };
        assert_eq!((in_folder(&from), append(&archive, &from)), (Ok(all), Ok(all)));
        assert_eq!(in_archive(&archive, true), Ok(all));
        fs::create_dir_all(&to).unwrap();
        fs::write(to.join("message-2-1.wav"), "another call's").unwrap();
        assert_eq!(bring_back(&archive, &to), Ok(BroughtBack { all, set_aside: 1 }));
        assert_eq!(bring_back(&archive, &to), Ok(BroughtBack { all, set_aside: 0 }));
        let read = |name: &str| fs::read(to.join(name)).unwrap();
        assert_eq!(read("call-1-1.opus"), [7; 700]);
        assert_eq!(read("message-2-1.wav"), b"word");
        assert_eq!(read("message-2-1.wav.before-restore"), b"another call's");
        let written = fs::metadata(to.join("call-1-1.opus")).unwrap().modified().unwrap();
        assert_eq!(written, SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * 86_400));
        assert_eq!(fs::read_dir(&to).unwrap().count(), 3);
    }

    #[test]
    fn an_archive_that_is_damaged_or_cut_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let from = place.path().join("recordings");
        fs::create_dir_all(&from).unwrap();
        fs::write(from.join("call-1-1.opus"), vec![7; 7_000]).unwrap();
        let archive = archive(place.path());
        append(&archive, &from).unwrap();
        let mut bytes = fs::read(&archive).unwrap();
        let at = bytes.windows(9).position(|nine| nine == [7; 9]).unwrap();
        bytes[at] = 8;
        fs::write(&archive, &bytes).unwrap();
        assert!(matches!(in_archive(&archive, true), Err(StoreError::NotABackup(_))));
        fs::write(&archive, &bytes[..4_000]).unwrap();
        assert!(in_archive(&archive, true).is_err());
    }
}
