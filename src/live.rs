//! The office this second, as a console may see it.

use serde::{Deserialize, Serialize};

use crate::history::call_record::{CallId, Direction};
use crate::office::extension::Extension;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Greeting,
    Ringing,
    Talking,
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
    #[serde(default)]
    pub recorded: Recorded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// None of the agent's phones is registered.
    Offline,
    Waiting,
    Ringing,
    Talking,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LiveAgent {
    #[schema(value_type = String)]
    pub extension: Extension,
    pub name: String,
    pub state: AgentState,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Live {
    pub calls: Vec<LiveCall>,
    pub agents: Vec<LiveAgent>,
}

/// One thing that just happened; what the event stream carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Update {
    /// A call is new or has reached another stage.
    Call {
        call: LiveCall,
    },
    /// A call is over; its record can be read.
    CallEnded {
        #[schema(value_type = u64)]
        id: CallId,
    },
    Agent {
        agent: LiveAgent,
    },
    OfficeChanged,
    /// Somebody has switched hours open or closed, or back to their schedule.
    HoursSwitched {
        hours: String,
    },
    /// A phone registered, or its last binding is gone.
    Registration {
        device: String,
        registered: bool,
    },
}
