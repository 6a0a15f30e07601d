//! What the room may hear, and how loud.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A sound that needs no words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomSound {
    /// The looping ringback (S37).
    #[default]
    Looping,
    /// The ringing tone of the office's own country.
    National,
    /// Two notes, falling.
    Chime,
}

impl RoomSound {
    pub const ALL: [Self; 3] = [Self::Looping, Self::National, Self::Chime];

    /// The word for it in the office's documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Looping => "looping",
            Self::National => "national",
            Self::Chime => "chime",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sound| sound.name() == name)
    }
}

/// How loud, 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Percent(u8);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a volume is 1 to 100")]
pub struct NoPercent;

impl Percent {
    /// # Errors
    /// Outside of 1 to 100.
    pub fn new(percent: u8) -> Result<Self, NoPercent> {
        if (1..=100).contains(&percent) { Ok(Self(percent)) } else { Err(NoPercent) }
    }

    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Default for Percent {
    fn default() -> Self {
        Self(80)
    }
}

impl TryFrom<u8> for Percent {
    type Error = NoPercent;

    fn try_from(percent: u8) -> Result<Self, NoPercent> {
        Self::new(percent)
    }
}

impl From<Percent> for u8 {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
