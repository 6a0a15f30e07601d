//! The office this second, as a console may see it.

use serde::{Deserialize, Serialize};

use crate::duty::{Activity, WrapUp};
use crate::history::call_id::CallId;
use crate::history::call_record::Direction;
use crate::history::conversation::conversation::Conversation;
use crate::history::conversation_id::ConversationId;
use crate::history::figures::target_alarm::TargetWarning;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::team::TeamName;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Greeting,
    /// Waits for a free agent of its team.
    Queued,
    /// A workflow speaks with the caller.
    Workflow,
    Ringing,
    Talking,
    /// Leaves a message.
    Voicemail,
    /// A clip that ends the call, or the echo.
    Playing,
    Ending,
}

/// Whether a call is being recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recorded {
    #[default]
    Off,
    On,
    Paused,
}

/// One call in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LiveCall {
    #[schema(value_type = u64)]
    pub id: CallId,
    pub direction: Direction,
    pub from: String,
    pub from_name: String,
    pub to: String,
    pub stage: Stage,
    /// Milliseconds since 1970.
    pub started: i64,
    pub stage_since: i64,
    #[schema(value_type = Option<String>)]
    pub agent: Option<Extension>,
    /// The keys a customer has pressed before anybody answered (S70).
    #[serde(default)]
    pub keys: String,
    /// Where it stands in the queue, while it does.
    #[serde(default)]
    pub queue: Option<LiveQueue>,
    #[serde(default)]
    pub recorded: Recorded,
    /// The other side hears music (L39, L40).
    #[serde(default)]
    pub held: bool,
    /// Whose phone holds; none when somebody asked for it elsewhere.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub held_by: Option<Extension>,
    /// Who talks, and who is asked to; empty before anybody does.
    #[serde(default)]
    pub participants: Vec<Participant>,
}

/// One of those on a call (L32).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Participant {
    /// A phone's user name or a trunk.
    pub party: String,
    #[schema(value_type = Option<String>)]
    pub agent: Option<Extension>,
    /// False: their phone rings.
    pub talks: bool,
    pub muted: bool,
    pub hears_music: bool,
}

/// A caller's place among those who wait for the same team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LiveQueue {
    #[schema(value_type = String)]
    pub team: TeamName,
    /// 1 is next.
    pub position: usize,
    pub priority: Priority,
    /// How long it may take until an agent is free, by the team's latest calls; none while it has
    /// had none or nobody is there.
    pub expected_seconds: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// None of the agent's phones is registered.
    Offline,
    Waiting,
    Ringing,
    Talking,
    /// After-call work: nothing rings.
    WrappingUp,
    /// A break, by their own word.
    Away,
    /// Gone home or on vacation, by their own word.
    OffDuty,
    /// Not in their seat: customers' calls are not given to them.
    SeatEmpty,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LiveAgent {
    #[schema(value_type = String)]
    pub extension: Extension,
    pub name: String,
    /// If several apply: talking, ringing, wrapping up, seat empty, off duty, away, offline (L136).
    pub state: AgentState,
    /// Since when, in milliseconds since 1970.
    pub since: i64,
    pub seat: bool,
    pub activity: Activity,
    pub do_not_disturb: bool,
    /// When that ends by itself, in milliseconds since 1970; none: when it is switched off.
    #[serde(default)]
    pub do_not_disturb_until: Option<i64>,
    /// After-call work and its clock, whatever else the agent does.
    pub wrap_up: Option<WrapUp>,
    /// The number that they picked last for calls to the outside; none: by the numbers' routes.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub shown: Option<PhoneNumber>,
}

impl LiveAgent {
    /// A roster's order: who serves customers, who has no phone, who is away, who is not in their
    /// seat; and among those by name (L140).
    #[must_use]
    pub fn place(&self) -> (u8, &str, &Extension) {
        let rank = match self.state {
            _ if !self.seat => 3,
            AgentState::Away | AgentState::OffDuty | AgentState::SeatEmpty => 2,
            AgentState::Offline => 1,
            AgentState::Waiting
            | AgentState::Ringing
            | AgentState::Talking
            | AgentState::WrappingUp => 0,
        };
        (rank, &self.name, &self.extension)
    }
}

/// A customer who is to be called when their turn comes. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LiveCallback {
    /// The call in which it was promised.
    #[schema(value_type = u64)]
    pub call: CallId,
    #[schema(value_type = u64)]
    pub conversation: ConversationId,
    /// Who is called.
    #[schema(value_type = String)]
    pub number: PhoneNumber,
    #[schema(value_type = String)]
    pub team: TeamName,
    /// 1 is next, callers on the line counted with them.
    pub position: usize,
    pub promised: i64,
    /// Calls that are left.
    pub left: u8,
    /// Not before this: they did not take the last one.
    pub next: Option<i64>,
    /// The call that tries to reach them just now.
    #[schema(value_type = Option<u64>)]
    pub calling: Option<CallId>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Live {
    pub calls: Vec<LiveCall>,
    pub agents: Vec<LiveAgent>,
    /// Customers who are to be called when their turn comes, in their order.
    #[serde(default)]
    pub callbacks: Vec<LiveCallback>,
    /// Figures of today that are below their targets (L161).
    #[serde(default)]
    pub warnings: Vec<TargetWarning>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A call was just missed (L17).
    Missed,
    /// Nobody has answered for ten minutes, and nobody is responsible (L16).
    Unanswered,
}

/// A customer who waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Unanswered {
    #[schema(value_type = u64)]
    pub conversation: ConversationId,
    /// None: the number was withheld.
    #[schema(value_type = Option<String>)]
    pub customer: Option<PhoneNumber>,
    pub name: String,
}

impl From<&Conversation> for Unanswered {
    fn from(one: &Conversation) -> Self {
        let (customer, name) = (one.customer.clone(), one.name.clone());
        Self { conversation: one.id, customer, name }
    }
}

/// Something that certain agents are to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alert {
    pub kind: AlertKind,
    /// At most 100.
    pub customers: Vec<Unanswered>,
    #[schema(value_type = Vec<String>)]
    pub agents: Vec<Extension>,
}

/// One thing that just happened; what the event stream carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Update {
    /// A call is new or has reached another stage.
    Call {
        call: Box<LiveCall>,
    },
    /// A call is over; its record can be read.
    CallEnded {
        #[schema(value_type = u64)]
        id: CallId,
    },
    Agent {
        agent: LiveAgent,
    },
    /// A conversation is new or another than it was.
    Conversation {
        conversation: Box<Conversation>,
    },
    /// Agents are to be told of customers whom nobody has answered.
    Alert {
        alert: Box<Alert>,
    },
    OfficeChanged,
    /// Somebody has switched hours open or closed, or back to their schedule.
    HoursSwitched {
        hours: String,
    },
    /// Figures of today that are below their targets, all that there are now (L161).
    Warnings {
        warnings: Vec<TargetWarning>,
    },
    /// A phone registered, or its last binding is gone.
    Registration {
        device: String,
        registered: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    /// L140
    #[test]
    fn a_roster_begins_with_those_who_serve_and_ends_with_empty_seats() {
        let agent = |extension: &str, name: &str, state, seat| LiveAgent {
            extension: Extension::parse(extension).unwrap(),
            name: name.to_owned(),
            state,
            since: 0,
            seat,
            activity: Activity::Available,
            do_not_disturb: false,
            do_not_disturb_until: None,
            wrap_up: None,
            shown: None,
        };
        let mut roster = [
            agent("101", "하", AgentState::Talking, false),
            agent("102", "다", AgentState::Away, true),
            agent("103", "나", AgentState::Waiting, true),
            agent("104", "가", AgentState::Offline, true),
            agent("105", "가", AgentState::WrappingUp, true),
            agent("106", "가", AgentState::SeatEmpty, false),
            agent("107", "나", AgentState::Talking, true),
        ];
        roster.sort_by(|one, other| one.place().cmp(&other.place()));
        let order: Vec<&str> = roster.iter().map(|agent| agent.extension.as_str()).collect();
        assert_eq!(order, ["105", "103", "107", "104", "102", "106", "101"]);
    }
}
