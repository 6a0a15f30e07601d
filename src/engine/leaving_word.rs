//! How far a caller has come who leaves word.

use std::time::Instant;

use crate::history::recording_name::RecordingName;
use crate::leg::{HangupCause, PlayId, RecordingId};
use crate::office::workflow_action::Voicemail;
use crate::time::Moment;

/// A caller at the voicemail.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) voicemail: Voicemail,
    pub(crate) step: Step,
    pub(crate) tries: u8,
    /// Whether the call had come in before: it is missed then even without a message.
    pub(crate) entered: bool,
}

/// How far the caller has come.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
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
            Step::Asked { until, .. }
            | Step::Tone { until, .. }
            | Step::Speaking { until, .. }
            | Step::Settling { until, .. } => until,
        }
    }

    pub(crate) fn has_entered(&self) -> bool {
        self.entered
    }

    pub(crate) fn take(&self) -> Option<Take> {
        match self.step {
            Step::Asked { .. } | Step::Tone { .. } => None,
            Step::Speaking { take, .. } | Step::Settling { take, .. } => Some(take),
        }
    }
}
