//! How far an agent has come who listens to messages.

use std::collections::VecDeque;
use std::time::Instant;

use crate::history::recording_name::RecordingName;
use crate::leg::PlayId;
use crate::office::extension::Extension;
use crate::office::language::Language;

/// What is still to be heard, the message that is being heard first.
#[derive(Clone, Debug)]
pub(crate) struct Listening {
    pub(crate) agent: Extension,
    pub(crate) language: Language,
    pub(crate) left: VecDeque<RecordingName>,
    pub(crate) hears: Hears,
    pub(crate) until: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hears {
    /// How many there are.
    Count(PlayId),
    /// When and from where the message came.
    Envelope(PlayId),
    Message(PlayId),
    Menu(PlayId),
    /// A key is waited for.
    Silence,
    /// The message is gone.
    Deleted(PlayId),
}

impl Listening {
    pub(crate) fn poll_timeout(&self) -> Instant {
        self.until
    }
}
