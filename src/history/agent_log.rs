//! What agents were and from when on, and the work that calls have left them: written once, read by
//! figures (behaviour.md 2.14, L172, L173).

use serde::{Deserialize, Serialize};

use crate::history::call_id::CallId;
use crate::office::extension::Extension;

/// The one status that an agent has, whether or not a phone rings at them; the first of these that
/// applies (L136).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    Talking,
    WrappingUp,
    /// Not in their seat: customers' calls are not given to them.
    SeatEmpty,
    /// Gone home or on vacation; which of the two is nobody's to count.
    OffDuty,
    Eat,
    Rest,
    InMeeting,
    Education,
    OtherWork,
    Waiting,
    /// None of their phones is registered.
    Offline,
}

impl AgentStatus {
    pub const ALL: [Self; 11] = [
        Self::Talking,
        Self::Waiting,
        Self::WrappingUp,
        Self::Eat,
        Self::Rest,
        Self::InMeeting,
        Self::Education,
        Self::OtherWork,
        Self::SeatEmpty,
        Self::Offline,
        Self::OffDuty,
    ];
}

/// An agent is another than before. `at` in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusChange {
    pub agent: Extension,
    /// None: not known from then on, since the agent has left the office.
    pub status: Option<AgentStatus>,
    pub at: i64,
}

/// After-call work that is over. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrapUpDone {
    pub agent: Extension,
    pub call: CallId,
    pub since: i64,
    pub until: i64,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentLog {
    Status(StatusChange),
    WrapUp(WrapUpDone),
    /// Everybody is still what they were.
    Still {
        at: i64,
    },
    /// Nothing is known of anybody from then on: naru stops.
    Over {
        at: i64,
    },
}
