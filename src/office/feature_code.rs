//! Codes that a phone dials to do something.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// `*43`: hear yourself.
    Echo,
    /// `*81`: speak to the room.
    Page,
}

impl Feature {
    /// The feature behind exactly these digits.
    #[must_use]
    pub fn dialled(digits: &str) -> Option<Self> {
        match digits {
            "*43" => Some(Self::Echo),
            "*81" => Some(Self::Page),
            _ => None,
        }
    }
}
