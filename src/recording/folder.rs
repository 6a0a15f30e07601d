//! The folder of recordings: what is there, what is too old, and how much room is left.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use nix::sys::statvfs::statvfs;

use crate::audio::import::import;
use crate::history::call_id::CallId;
use crate::history::recording_name::{Kept, RecordingName};
use crate::office::call_recording::{Format, RecordingRules};

const MEGABYTE: u64 = 1_000_000;

#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Octets that the disk of a folder has free.
    free: fn(&Path) -> io::Result<u64>,
}

/// A recording that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub name: RecordingName,
    pub octets: u64,
    pub written: SystemTime,
}

/// What tidying has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tidied {
    /// Too old.
    pub expired: usize,
    /// Not too old, but the disk was nearly full.
    pub made_room: usize,
    /// All that were deleted.
    pub gone: Vec<RecordingName>,
    /// Whether there is room for more.
    pub room: bool,
}

impl Folder {
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path, free: free_on_disk }
    }

    #[must_use]
    pub fn path(&self, name: &RecordingName) -> PathBuf {
        self.path.join(name.to_string())
    }

    /// Whole seconds of what is there, also when a crash has cut it off; none if it cannot be read.
    #[must_use]
    pub fn seconds(&self, name: &RecordingName) -> Option<u64> {
        let file = fs::read(self.path(name)).ok()?;
        import(&file).ok().map(|clip| clip.duration().as_secs())
    }

    /// Makes the folder, and finds the first name that is free.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub fn next(&self, call: CallId, kept: Kept, format: Format) -> io::Result<RecordingName> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.path)?;
        let used = self.list(Some(call))?.into_iter().map(|found| found.name.part).max();
        Ok(RecordingName { call, kept, part: used.unwrap_or(0) + 1, format })
    }

    /// Those of a call, or all; oldest calls first.
    ///
    /// # Errors
    /// When the folder cannot be read; one that is not there is empty.
    pub fn list(&self, call: Option<CallId>) -> io::Result<Vec<Found>> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let Some(name): Option<RecordingName> = name else { continue };
            if call.is_some_and(|call| call != name.call) {
                continue;
            }
            // It may have been deleted since.
            let Ok(about) = entry.metadata() else { continue };
            found.push(Found { name, octets: about.len(), written: about.modified()? });
        }
        found.sort_by_key(|found| found.name);
        Ok(found)
    }

    /// # Errors
    /// When there is none of that name, or the disk refuses.
    pub fn delete(&self, name: &RecordingName) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    /// Deletes what is too old, and the oldest until enough of the disk is free; never what is
    /// `being_made`.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn tidy(
        &self,
        rules: RecordingRules,
        being_made: &[RecordingName],
        now: SystemTime,
    ) -> io::Result<Tidied> {
        let mut left = self.list(None)?;
        left.retain(|found| !being_made.contains(&found.name));
        left.sort_by_key(|found| (found.written, found.name));
        let age = |found: &Found| now.duration_since(found.written).unwrap_or(Duration::ZERO);
        let old = |found: &Found| rules.keep.is_some_and(|keep| age(found) > keep);
        let mut tidied =
            Tidied { expired: 0, made_room: 0, gone: Vec::new(), room: self.has_room(rules) };
        for found in &left {
            if old(found) && self.delete(&found.name).is_ok() {
                tidied.expired += 1;
                tidied.gone.push(found.name);
                tidied.room = self.has_room(rules);
            } else if !tidied.room && self.delete(&found.name).is_ok() {
                tidied.made_room += 1;
                tidied.gone.push(found.name);
                tidied.room = self.has_room(rules);
            }
        }
        Ok(tidied)
    }

    /// A disk that does not tell is taken to have room: writing will show.
    fn has_room(&self, rules: RecordingRules) -> bool {
        let parent = self.path.parent().unwrap_or(&self.path);
        (self.free)(parent).map_or(true, |free| free >= rules.free_disk * MEGABYTE)
    }
}

fn free_on_disk(path: &Path) -> io::Result<u64> {
    let about = statvfs(path)?;
    Ok(about.blocks_available().saturating_mul(about.fragment_size()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    const DAY: Duration = Duration::from_secs(24 * 3_600);

    fn kept(folder: &Folder, call: u64, age: Duration) -> RecordingName {
        let name = folder.next(CallId(call), Kept::Conversation, Format::Opus).unwrap();
        let file = fs::File::create(folder.path(&name)).unwrap();
        file.set_modified(clock::now().wall - age).unwrap();
        name
    }

    fn names(folder: &Folder) -> Vec<String> {
        folder.list(None).unwrap().iter().map(|found| found.name.to_string()).collect()
    }

    #[test]
    fn what_is_too_old_goes_and_what_is_being_made_stays() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("recordings"));
        assert_eq!(names(&folder), [""; 0]);
        let old = kept(&folder, 1, DAY * 91);
        kept(&folder, 1, DAY * 89);
        let making = kept(&folder, 2, DAY * 91);
        fs::write(place.path().join("recordings/notes.txt"), "").unwrap();
        let rules = RecordingRules { free_disk: 0, ..RecordingRules::default() };
        let tidied = folder.tidy(rules, &[making], clock::now().wall).unwrap();
        assert_eq!(tidied, Tidied { expired: 1, made_room: 0, gone: vec![old], room: true });
        assert_eq!(names(&folder), ["call-1-2.opus", "call-2-1.opus"]);
        let forever = RecordingRules { keep: None, ..rules };
        assert_eq!(folder.tidy(forever, &[], clock::now().wall).unwrap().expired, 0);
    }

    #[test]
    fn a_disk_that_is_nearly_full_costs_the_oldest_first() {
        let place = tempfile::tempdir().unwrap();
        // 600 MB are free while there are at most two files.
        let free = |path: &Path| {
            let count = fs::read_dir(path.join("recordings"))?.count();
            Ok(if count <= 2 { 600 * MEGABYTE } else { 400 * MEGABYTE })
        };
        let folder = Folder { path: place.path().join("recordings"), free };
        for age in 1..=4 {
            kept(&folder, 10 + u64::from(age), DAY * age);
        }
        let rules = RecordingRules { free_disk: 500, ..RecordingRules::default() };
        let tidied = folder.tidy(rules, &[], clock::now().wall).unwrap();
        assert_eq!((tidied.expired, tidied.made_room, tidied.room), (0, 2, true));
        assert_eq!(tidied.gone.len(), 2);
        assert_eq!(names(&folder), ["call-11-1.opus", "call-12-1.opus"]);
        let rules = RecordingRules { free_disk: 700, ..rules };
        let tidied = folder.tidy(rules, &[], clock::now().wall).unwrap();
        assert_eq!((tidied.expired, tidied.made_room, tidied.room), (0, 2, false));
    }
}
