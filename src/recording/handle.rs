//! What the switchboard holds of recording: cheap to clone, sends messages, never waits.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tracing::warn;

use crate::history::call_id::CallId;
use crate::history::recording_name::{Kept, RecordingName};
use crate::leg::{LegId, RecordingEnd, RecordingId, Side};
use crate::media::tape::TapeReader;
use crate::office::call_recording::RecordingRules;
use crate::recording::folder::Found;
use crate::recording::take::Limits;

/// An answer that comes later.
pub type Answer<T> = oneshot::Receiver<io::Result<T>>;
pub type Reply<T> = oneshot::Sender<io::Result<T>>;

#[derive(Debug)]
pub enum RecordingCommand {
    Begin {
        recording: RecordingId,
        call: CallId,
        kept: Kept,
        limits: Limits,
        at: Instant,
    },
    /// What the leg says goes into the recording from now on, by this tape.
    Add {
        recording: RecordingId,
        leg: LegId,
        side: Side,
        tape: TapeReader,
    },
    Pause {
        recording: RecordingId,
        at: Instant,
    },
    Resume {
        recording: RecordingId,
        at: Instant,
    },
    End {
        recording: RecordingId,
        at: Instant,
    },
    Rules(RecordingRules),
    List {
        call: Option<CallId>,
        reply: Reply<Vec<Found>>,
    },
    /// Where its file is.
    Find {
        name: RecordingName,
        reply: Reply<PathBuf>,
    },
    Delete {
        name: RecordingName,
        reply: Reply<()>,
    },
    Close,
}

/// What recording tells the switchboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordingEvent {
    Began {
        recording: RecordingId,
        name: RecordingName,
    },
    /// Also in the place of `Began`, when there is no room.
    Ended {
        recording: RecordingId,
        call: CallId,
        end: RecordingEnd,
        length: Duration,
        /// From its beginning to the last word.
        spoken: Duration,
    },
    /// It was deleted: it had reached its age, or the disk was nearly full.
    Expired {
        name: RecordingName,
    },
}

#[derive(Clone, Debug)]
pub struct RecordingHandle {
    commands: SyncSender<RecordingCommand>,
}

impl RecordingHandle {
    /// A handle, and the end that `recording/run` reads.
    #[must_use]
    pub fn channel(capacity: usize) -> (Self, Receiver<RecordingCommand>) {
        let (commands, received) = sync_channel(capacity);
        (Self { commands }, received)
    }

    /// Sends without waiting; a full channel costs the command and is said aloud.
    pub fn send(&self, command: RecordingCommand) {
        if let Err(refused) = self.commands.try_send(command) {
            warn!(%refused, "recording takes no more commands");
        }
    }

    /// Those of a call, or all.
    #[must_use]
    pub fn list(&self, call: Option<CallId>) -> Answer<Vec<Found>> {
        self.ask(|reply| RecordingCommand::List { call, reply })
    }

    #[must_use]
    pub fn find(&self, name: RecordingName) -> Answer<PathBuf> {
        self.ask(|reply| RecordingCommand::Find { name, reply })
    }

    #[must_use]
    pub fn delete(&self, name: RecordingName) -> Answer<()> {
        self.ask(|reply| RecordingCommand::Delete { name, reply })
    }

    fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> RecordingCommand) -> Answer<T> {
        let (reply, answer) = oneshot::channel();
        self.send(command(reply));
        answer
    }
}
