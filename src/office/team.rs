//! Agents who answer together.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::office::extension::Extension;
use crate::office::hours::HoursName;

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
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub name: TeamName,
    pub members: BTreeSet<Extension>,
    pub assignment: Assignment,
    /// When it answers; its calls follow them whatever number was called (S87).
    pub hours: Option<HoursName>,
}
