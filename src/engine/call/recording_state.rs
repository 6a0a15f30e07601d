//! How far the recording of a call has come, and what people want of it.

use std::time::Instant;

use crate::leg::{LegId, PlayId, RecordingId};
use crate::live::Recorded;

/// How far the recording of a call has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Recording {
    #[default]
    Off,
    /// The caller has been told; it begins when somebody talks with them.
    Told,
    /// The other side is being told; it begins then.
    Announced {
        leg: LegId,
        play: PlayId,
        until: Instant,
    },
    Running {
        id: RecordingId,
    },
    Paused {
        id: RecordingId,
    },
}

impl Recording {
    pub(crate) fn live(self) -> Recorded {
        match self {
            Self::Off | Self::Told | Self::Announced { .. } => Recorded::Off,
            Self::Running { .. } => Recorded::On,
            Self::Paused { .. } => Recorded::Paused,
        }
    }

    pub(crate) fn poll_timeout(self) -> Option<Instant> {
        match self {
            Self::Announced { until, .. } => Some(until),
            Self::Off | Self::Told | Self::Running { .. } | Self::Paused { .. } => None,
        }
    }

    pub(crate) fn id(self) -> Option<RecordingId> {
        match self {
            Self::Running { id } | Self::Paused { id } => Some(id),
            Self::Off | Self::Told | Self::Announced { .. } => None,
        }
    }
}
