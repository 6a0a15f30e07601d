//! One row a call, as the caller lived it, and one row for each of its legs.

use serde::{Deserialize, Serialize};

use crate::history::call_id::CallId;
use crate::history::conversation_id::ConversationId;
use crate::history::leg_quality::LegQuality;
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::TrailEntry;
use crate::leg::{HangupCause, LegId};
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Inbound,
    Outbound,
    Internal,
}

/// How a call ended, computed once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A person (or a feature such as the echo) answered.
    Answered,
    /// Inbound, entered, and nobody answered; `missed_reason` says why.
    Missed,
    /// Inbound, and over inside a workflow, before any agent was to take it: not missed (L81, L154).
    NotEntered,
    /// Outbound or internal: the called party did not answer.
    NoAnswer,
    Busy,
    /// The caller gave up before the answer of an outbound or internal call.
    Cancelled,
    /// Not put through: unknown number, forbidden, unreachable, network failure.
    Failed,
    /// The daemon stopped without warning while the call was up.
    Interrupted,
}

/// One party's part in a call. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LegRecord {
    #[schema(value_type = u64)]
    pub leg: LegId,
    /// Device user name or trunk name.
    pub party: String,
    #[schema(value_type = Option<String>)]
    pub agent: Option<Extension>,
    pub started: i64,
    pub ringing: Option<i64>,
    pub answered: Option<i64>,
    pub ended: Option<i64>,
    #[schema(value_type = Option<serde_json::Value>)]
    pub cause: Option<HangupCause>,
    /// How it sounded; known a moment after its end. None: nobody has answered on it, or the daemon
    /// did not live to hear.
    #[serde(default)]
    pub quality: Option<LegQuality>,
}

/// How long a caller waited for what, in milliseconds; each clock stands still while another runs
/// (S34, S35).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Clocks {
    pub greeting: i64,
    pub queue: i64,
    /// Somebody was being rung.
    pub ringing: i64,
}

/// The record of a call; `ended` and `outcome` stay empty while it is up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CallRecord {
    #[schema(value_type = u64)]
    pub id: CallId,
    pub direction: Direction,
    /// Who called: E.164 where it can be made out, an extension, or empty if withheld.
    pub from: String,
    pub from_name: String,
    /// Who was called: E.164, an extension or a feature code, as decided; else as dialled.
    pub to: String,
    /// The office's own number of this call (L170 primaryNumber).
    #[schema(value_type = Option<String>)]
    pub number: Option<PhoneNumber>,
    /// The conversation that it belongs to; none: it has none, as calls among colleagues.
    #[serde(default)]
    #[schema(value_type = Option<u64>)]
    pub conversation: Option<ConversationId>,
    /// The number shown to the called party (L170 representativeNumber).
    #[schema(value_type = Option<String>)]
    pub presented: Option<PhoneNumber>,
    pub started: i64,
    /// When the office began to look for somebody to answer: after greeting and menus (L154, L155).
    pub first_waiting: Option<i64>,
    /// When the first phone rang.
    pub first_ring: Option<i64>,
    /// When a person answered; not when SIP said 200 (P14).
    pub engaged: Option<i64>,
    pub ended: Option<i64>,
    pub outcome: Option<Outcome>,
    /// Also of a call that has not entered, if there is something to say.
    pub missed_reason: Option<MissedReason>,
    #[schema(value_type = Option<serde_json::Value>)]
    pub cause: Option<HangupCause>,
    /// The caller has left a message (A2 voiceMail).
    #[serde(default)]
    pub voicemail: bool,
    /// The agent who talked.
    #[schema(value_type = Option<String>)]
    pub agent: Option<Extension>,
    /// How long a customer waited for what.
    #[serde(default)]
    pub clocks: Clocks,
    pub legs: Vec<LegRecord>,
    #[schema(value_type = Vec<serde_json::Value>)]
    pub trail: Vec<TrailEntry>,
}
