//! How far a caller has come who leaves word.

use std::time::Instant;

use crate::history::missed_reason::MissedReason;
use crate::history::recording_name::RecordingName;
use crate::leg::{HangupCause, PlayId, RecordingId};
use crate::office::workflow::action::Voicemail;
use crate::time::Moment;

/// A caller at the voicemail.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) voicemail: Voicemail,
    pub(crate) step: Step,
    pub(crate) tries: u8,
    pub(crate) without: Without,
}

/// What the call is if its caller says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Without {
    /// They have left a workflow: the call had not come in (L81).
    NotEntered,
    /// They have left a workflow while they waited.
    Left,
    /// Nobody could answer, and that stays the reason also with a message.
    Unanswered(MissedReason),
}

/// How far the caller has come.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Why nobody answers.
    Told {
        play: PlayId,
        until: Instant,
    },
    Asked {
        play: PlayId,
        until: Instant,
    },
    Tone {
        play: PlayId,
        until: Instant,
    },
    Speaking {
        take: Take,
        until: Instant,
    },
    /// The message is over; what was recorded is about to be told.
    Settling {
        take: Take,
        until: Instant,
        gone: Option<HangupCause>,
    },
}

/// What is being recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Take {
    pub(crate) recording: RecordingId,
    pub(crate) name: Option<RecordingName>,
    pub(crate) began: Moment,
}

impl Message {
    pub(crate) fn poll_timeout(&self) -> Instant {
        match self.step {
            Step::Told { until, .. }
            | Step::Asked { until, .. }
            | Step::Tone { until, .. }
            | Step::Speaking { until, .. }
            | Step::Settling { until, .. } => until,
        }
    }

    pub(crate) fn has_entered(&self) -> bool {
        self.without != Without::NotEntered
    }

    pub(crate) fn take(&self) -> Option<Take> {
        match self.step {
            Step::Told { .. } | Step::Asked { .. } | Step::Tone { .. } => None,
            Step::Speaking { take, .. } | Step::Settling { take, .. } => Some(take),
        }
    }
}
