//! How recordings of calls are kept.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::office::phone_number::PhoneNumber;

/// As what a recording is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Opus in Ogg: some 15 MB an hour.
    #[default]
    Opus,
    /// 16-bit PCM: 230 MB an hour.
    Wav,
}

impl Format {
    const ALL: [Self; 2] = [Self::Opus, Self::Wav];

    /// Of its files, and its word in the office document.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Wav => "wav",
        }
    }

    #[must_use]
    pub fn of_extension(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == text)
    }

    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Opus => "audio/ogg",
            Self::Wav => "audio/wav",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallRecording {
    /// Whose calls are recorded from their answer on; the parties are told first.
    pub numbers: BTreeSet<PhoneNumber>,
    pub rules: RecordingRules,
}

/// What holds for every recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordingRules {
    pub format: Format,
    /// How long a recording is kept; none: until somebody deletes it.
    pub keep: Option<Duration>,
    /// MB of the disk that recordings leave free: the oldest make room, then nothing is recorded.
    pub free_disk: u64,
    /// The longest recording (L51).
    pub limit: Duration,
}

impl Default for RecordingRules {
    fn default() -> Self {
        Self {
            format: Format::default(),
            keep: Some(Duration::from_secs(90 * 24 * 3_600)),
            free_disk: 1_000,
            limit: Duration::from_secs(3_600),
        }
    }
}
