//! What an agent has said of themselves, and the work a call has left them: kept by the engine,
//! saved by the store.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::history::call_id::CallId;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;

/// What an agent does, by their own word (behaviour.md 2.14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Takes calls.
    #[default]
    Available,
    Eat,
    Rest,
    InMeeting,
    Education,
    OtherWork,
    /// Gone home; as with `Vacation`, the time is nobody's to count.
    Off,
    Vacation,
}

impl Activity {
    pub const ALL: [Self; 8] = [
        Self::Available,
        Self::Eat,
        Self::Rest,
        Self::InMeeting,
        Self::Education,
        Self::OtherWork,
        Self::Off,
        Self::Vacation,
    ];

    /// As documents and the API write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Eat => "eat",
            Self::Rest => "rest",
            Self::InMeeting => "in_meeting",
            Self::Education => "education",
            Self::OtherWork => "other_work",
            Self::Off => "off",
            Self::Vacation => "vacation",
        }
    }
}

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word is no activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an activity is available, eat, rest, in_meeting, education, other_work, off or vacation")]
pub struct NoActivity;

impl FromStr for Activity {
    type Err = NoActivity;

    fn from_str(text: &str) -> Result<Self, NoActivity> {
        Self::ALL.into_iter().find(|activity| activity.word() == text).ok_or(NoActivity)
    }
}

/// After-call work (S19–S25). Times are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WrapUp {
    #[schema(value_type = u64)]
    pub call: CallId,
    pub since: i64,
    /// None: until the agent ends it (S25).
    pub until: Option<i64>,
}

/// One agent's own part of whether they are rung. It outlives a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub agent: Extension,
    /// Whether they may be given customers' calls at all.
    pub seat: bool,
    pub activity: Activity,
    /// Calls may be given to them, but their phones stay silent (L3, C12).
    pub do_not_disturb: bool,
    /// When seat or activity last changed.
    pub since: i64,
    pub wrap_up: Option<WrapUp>,
    /// The number that they picked last for calls to the outside (L44).
    #[serde(default)]
    pub shown: Option<PhoneNumber>,
}

impl Duty {
    /// As everybody begins: in their seat and available.
    #[must_use]
    pub fn new(agent: Extension) -> Self {
        Self {
            agent,
            seat: true,
            activity: Activity::Available,
            do_not_disturb: false,
            since: 0,
            wrap_up: None,
            shown: None,
        }
    }
}

/// A change that an agent, or an admin for them, wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutyWish {
    Seat(bool),
    Activity(Activity),
    DoNotDisturb(bool),
    EndWrapUp,
    /// This number for calls to the outside; none: as the numbers' routes say.
    Show(Option<PhoneNumber>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_activity_is_read_as_it_is_written() {
        for activity in Activity::ALL {
            assert_eq!(activity.word().parse(), Ok(activity));
            assert_eq!(serde_json::to_value(activity).unwrap(), activity.word());
        }
        assert_eq!("lunch".parse::<Activity>(), Err(NoActivity));
    }
}
