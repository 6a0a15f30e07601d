//! What a workflow may ask before it goes on.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::office::bell::{BellTime, Days};
use crate::office::hours::hours::HoursName;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::team::TeamName;

/// Holds when all of its tests do; an empty one always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Condition(pub Vec<Test>);

impl Condition {
    /// On which clock it is read; one for all of its tests.
    #[must_use]
    pub fn timezone(&self) -> Option<&str> {
        self.0.iter().find_map(|test| match test {
            Test::Time { timezone, .. } | Test::Weekday { timezone, .. } => Some(timezone.as_str()),
            Test::Open(_)
            | Test::Closed(_)
            | Test::Number(_)
            | Test::Caller(_)
            | Test::Country(_)
            | Test::Language(_)
            | Test::Known(_)
            | Test::CustomerTags(_)
            | Test::Tags(_)
            | Test::Queue { .. }
            | Test::Wait { .. }
            | Test::Field { .. } => None,
        })
    }
}

/// One thing to look at (L93).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// The named operating hours are open.
    Open(HoursName),
    /// They are not.
    Closed(HoursName),
    /// One of the office's numbers was dialled.
    Number(BTreeSet<PhoneNumber>),
    /// The caller's number begins so: E.164 with its `+`.
    Caller(BTreeSet<String>),
    /// The caller's calling code, such as `82`.
    Country(BTreeSet<String>),
    Language(BTreeSet<Language>),
    /// Whether the office knows the customer.
    Known(bool),
    /// The customer carries one of these tags.
    CustomerTags(BTreeSet<String>),
    /// The conversation carries one of these tags.
    Tags(BTreeSet<String>),
    /// The wall clock of `timezone`; a range that ends before it begins crosses midnight.
    Time {
        from: BellTime,
        to: BellTime,
        timezone: String,
    },
    /// The weekday there.
    Weekday {
        days: Days,
        timezone: String,
    },
    /// At least so many callers wait for the team.
    Queue {
        team: TeamName,
        at_least: u32,
    },
    /// Whoever begins to wait for the team, or waits already, may wait at least so long. Does not hold
    /// while nobody can tell.
    Wait {
        team: TeamName,
        at_least: Duration,
    },
    /// What the caller typed into a form is one of these.
    Field {
        name: String,
        values: BTreeSet<String>,
    },
}
