//! All recordings in the making, and the folder they go to. Told what to do and when; it waits for
//! nothing but the disk.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tracing::{info, warn};

use crate::history::call_id::CallId;
use crate::history::recording_name::{Kept, RecordingName};
use crate::leg::{RecordingEnd, RecordingId};
use crate::office::call_recording::RecordingRules;
use crate::recording::folder::Folder;
use crate::recording::handle::{RecordingCommand, RecordingEvent, Reply};
use crate::recording::sheet::Sheet;
use crate::recording::take::{Limits, Take};
use crate::time::Moment;

/// A packet is on its tape this long after it came, at the latest.
const LAG: Duration = Duration::from_millis(60);
/// How often the folder is tidied.
const TIDY: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct Recorder {
    folder: Folder,
    rules: RecordingRules,
    takes: BTreeMap<RecordingId, Take>,
    events: VecDeque<RecordingEvent>,
    tidied: Option<Instant>,
    room: bool,
}

impl Recorder {
    #[must_use]
    pub fn new(folder: PathBuf, rules: RecordingRules) -> Self {
        Self {
            folder: Folder::new(folder),
            rules,
            takes: BTreeMap::new(),
            events: VecDeque::new(),
            tidied: None,
            room: true,
        }
    }

    /// Whether anything is being recorded.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.takes.is_empty()
    }

    pub fn poll_event(&mut self) -> Option<RecordingEvent> {
        self.events.pop_front()
    }

    pub fn handle(&mut self, command: RecordingCommand, now: Moment) {
        match command {
            RecordingCommand::Begin { recording, call, kept, limits, at } => {
                self.begin(recording, (call, kept), limits, at, now);
            }
            RecordingCommand::Add { recording, leg, side, tape } => {
                if let Some(take) = self.takes.get_mut(&recording) {
                    take.add(leg, side, tape);
                }
            }
            RecordingCommand::Pause { recording, at } => {
                self.write_until(recording, at);
                if let Some(take) = self.takes.get_mut(&recording) {
                    take.pause();
                }
            }
            RecordingCommand::Resume { recording, at } => {
                if let Some(take) = self.takes.get_mut(&recording) {
                    take.resume(at);
                }
            }
            RecordingCommand::End { recording, at } => {
                self.write_until(recording, at);
                self.end(recording, RecordingEnd::Asked);
            }
            RecordingCommand::Rules(rules) => {
                self.rules = rules;
                self.tidied = None;
            }
            RecordingCommand::List { call, reply } => answer(reply, self.folder.list(call)),
            RecordingCommand::Find { name, reply } => answer(reply, self.find(&name)),
            RecordingCommand::Delete { name, reply } => answer(reply, self.delete(&name)),
            RecordingCommand::Close => {}
        }
    }

    /// Writes what has been said meanwhile. To be called some times a second while busy.
    pub fn advance(&mut self, now: Moment) {
        if self.tidied.is_none_or(|last| now.ticks.saturating_duration_since(last) >= TIDY) {
            self.tidy(now);
        }
        let until = now.ticks.checked_sub(LAG).unwrap_or(now.ticks);
        for recording in self.takes.keys().copied().collect::<Vec<_>>() {
            self.write_until(recording, until);
        }
    }

    /// The daemon ends: what is there is closed.
    pub fn close(&mut self, now: Moment) {
        for recording in self.takes.keys().copied().collect::<Vec<_>>() {
            self.write_until(recording, now.ticks);
            self.end(recording, RecordingEnd::Asked);
        }
    }

    fn begin(
        &mut self,
        recording: RecordingId,
        (call, kept): (CallId, Kept),
        limits: Limits,
        at: Instant,
        now: Moment,
    ) {
        self.tidy(now);
        match self.take(call, kept, limits, at, now) {
            Ok(take) => {
                let name = take.name;
                info!(%name, "recording begins");
                self.takes.insert(recording, take);
                self.events.push_back(RecordingEvent::Began { recording, name });
            }
            Err(error) => {
                warn!(%call, %error, "a call cannot be recorded");
                let (end, length, spoken) = (RecordingEnd::NoDisk, Duration::ZERO, Duration::ZERO);
                let ended = RecordingEvent::Ended { recording, call, end, length, spoken };
                self.events.push_back(ended);
            }
        }
    }

    fn take(
        &self,
        call: CallId,
        kept: Kept,
        limits: Limits,
        at: Instant,
        now: Moment,
    ) -> io::Result<Take> {
        if !self.room {
            return Err(io::Error::other("the disk is nearly full"));
        }
        let name = self.folder.next(call, kept, self.rules.format)?;
        let comments = [
            format!("TITLE={name}"),
            Timestamp::try_from(now.wall).map_or_else(|_| String::new(), |at| format!("DATE={at}")),
        ];
        let serial = call.0 as u32 ^ name.part << 24;
        let path = self.folder.path(&name);
        let sheet = Sheet::create(&path, name.format, kept.channels(), serial, &comments)?;
        Ok(Take::new(name, sheet, limits, at))
    }

    fn write_until(&mut self, recording: RecordingId, until: Instant) {
        let Some(take) = self.takes.get_mut(&recording) else { return };
        match take.advance(until) {
            Ok(None) => {}
            Ok(Some(end)) => self.end(recording, end),
            Err(error) => {
                warn!(name = %take.name, %error, "the disk takes no more of a recording");
                self.end(recording, RecordingEnd::NoDisk);
            }
        }
    }

    fn end(&mut self, recording: RecordingId, end: RecordingEnd) {
        let Some(take) = self.takes.remove(&recording) else { return };
        let (name, length, spoken) = (take.name, take.length(), take.spoken());
        if let Err(error) = take.finish() {
            warn!(%name, %error, "the end of a recording is not on the disk");
        }
        if length.is_zero()
            && let Err(error) = self.folder.delete(&name)
        {
            warn!(%name, %error, "an empty recording stays");
        }
        info!(%name, seconds = length.as_secs(), ?end, "recording ends");
        let call = name.call;
        self.events.push_back(RecordingEvent::Ended { recording, call, end, length, spoken });
    }

    fn tidy(&mut self, now: Moment) {
        self.tidied = Some(now.ticks);
        let being_made: Vec<RecordingName> = self.takes.values().map(|take| take.name).collect();
        match self.folder.tidy(self.rules, &being_made, now.wall) {
            Ok(tidied) => {
                let expired =
                    tidied.gone.iter().map(|name| RecordingEvent::Expired { name: *name });
                self.events.extend(expired);
                if tidied.expired > 0 {
                    info!(deleted = tidied.expired, "recordings have reached their age");
                }
                if tidied.made_room > 0 || self.room != tidied.room {
                    let (deleted, room) = (tidied.made_room, tidied.room);
                    warn!(deleted, room, "the disk is nearly full; the oldest recordings go first");
                }
                self.room = tidied.room;
            }
            Err(error) => warn!(%error, "the folder of recordings cannot be read"),
        }
        if !self.room {
            for recording in self.takes.keys().copied().collect::<Vec<_>>() {
                self.end(recording, RecordingEnd::NoDisk);
            }
        }
    }

    fn find(&self, name: &RecordingName) -> io::Result<PathBuf> {
        let path = self.folder.path(name);
        path.metadata().map(|_| path)
    }

    fn delete(&self, name: &RecordingName) -> io::Result<()> {
        if self.takes.values().any(|take| take.name == *name) {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        self.folder.delete(name)?;
        info!(%name, "a recording is deleted");
        Ok(())
    }
}

fn answer<T>(reply: Reply<T>, result: io::Result<T>) {
    // Whoever asked may have gone away.
    drop(reply.send(result));
}
