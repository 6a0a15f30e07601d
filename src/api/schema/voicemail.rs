//! Messages that callers have left, as the API shows them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::history::voice_message::VoiceMessage;

/// A message that a caller has left. Its sound is fetched as a recording of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageLine {
    pub name: String,
    pub call: u64,
    pub conversation: Option<u64>,
    /// Who spoke; empty: the number was withheld.
    pub from: String,
    pub from_name: String,
    /// The office's number that they had called.
    pub number: Option<String>,
    /// For whom it was left; neither: for all who take unassigned calls.
    pub team: Option<String>,
    pub agent: Option<String>,
    /// Milliseconds since 1970.
    pub at: i64,
    pub seconds: u64,
    /// When somebody first heard it, and who.
    pub heard: Option<i64>,
    pub heard_by: Option<String>,
}

impl From<&VoiceMessage> for MessageLine {
    fn from(message: &VoiceMessage) -> Self {
        Self {
            name: message.name.to_string(),
            call: message.name.call.0,
            conversation: message.conversation.map(|id| id.0),
            from: message.from.clone(),
            from_name: message.from_name.clone(),
            number: message.number.as_ref().map(ToString::to_string),
            team: message.team.as_ref().map(ToString::to_string),
            agent: message.agent.as_ref().map(ToString::to_string),
            at: message.at,
            seconds: message.seconds.unwrap_or_default(),
            heard: message.heard.as_ref().map(|heard| heard.at),
            heard_by: message.heard.as_ref().map(|heard| heard.who.clone()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeardBody {
    /// Whether somebody has heard it.
    pub heard: bool,
}
