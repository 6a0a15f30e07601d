//! Agents who answer together.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::office::extension::Extension;
use crate::office::hours::hours::HoursName;
use crate::office::wrap_up::WrapUpRule;

/// How a team is named in routes; 1 to 64 characters, unique in the office.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TeamName(pub String);

impl fmt::Display for TeamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a team's calls find their agent (L125).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// All members ring at once.
    #[default]
    Manual,
    /// The member with the fewest conversations in progress; of several, who was given a call
    /// longest ago (L126).
    FastResponse,
    /// The one member who has talked with this customer before; else as `FastResponse` (L127).
    PreviousAgent,
    /// The member who was given a call longest ago, looking back 30 days (L128).
    LongestIdle,
}

impl Assignment {
    pub const ALL: [Self; 4] =
        [Self::Manual, Self::FastResponse, Self::PreviousAgent, Self::LongestIdle];

    /// As documents write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::FastResponse => "fast_response",
            Self::PreviousAgent => "previous_agent",
            Self::LongestIdle => "longest_idle",
        }
    }

    /// Whether calls are given to one member at a time, and wait while none is free (L117).
    #[must_use]
    pub fn is_automatic(self) -> bool {
        match self {
            Self::Manual => false,
            Self::FastResponse | Self::PreviousAgent | Self::LongestIdle => true,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub name: TeamName,
    pub members: BTreeSet<Extension>,
    pub assignment: Assignment,
    /// Instead of the office's rule, for calls to this team.
    pub wrap_up: Option<WrapUpRule>,
    /// When it answers; its calls follow them whatever number was called (S87).
    pub hours: Option<HoursName>,
}
