//! What a workflow does that needs no caller.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::office::extension::Extension;
use crate::office::language::Language;
use crate::office::priority::Priority;
use crate::office::team::TeamName;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Team(TeamName),
    Agent(Extension),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cleared {
    Team,
    Agent,
    Both,
}

/// L122.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    Low,
    Medium,
    High,
}

impl Urgency {
    #[must_use]
    pub fn priority(self) -> Priority {
        match self {
            Self::Low => Priority::Low,
            Self::Medium => Priority::Medium,
            Self::High => Priority::High,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conversing {
    Open,
    Snooze(Duration),
    Close,
}

/// What needs no caller and leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chore {
    Assign(Target),
    Clear(Cleared),
    /// On the conversation.
    Tag(BTreeSet<String>),
    Untag(BTreeSet<String>),
    TagCustomer(BTreeSet<String>),
    Urgency(Urgency),
    Follow(BTreeSet<Extension>),
    Note(String),
    /// In the place of the conversation's description.
    Describe(String),
    /// What the caller is spoken to in from here on.
    Language(Language),
    /// Only after a call has ended (L79).
    Conversation(Conversing),
}
