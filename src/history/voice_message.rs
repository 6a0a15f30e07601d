//! A message that a caller has left, and who has heard it.

use crate::history::conversation_id::ConversationId;
use crate::history::recording_name::RecordingName;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::team::TeamName;

/// Kept as long as its recording is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceMessage {
    pub name: RecordingName,
    pub conversation: Option<ConversationId>,
    /// Who spoke: E.164 where it can be made out, or empty if withheld.
    pub from: String,
    pub from_name: String,
    /// The office's number that they had called.
    pub number: Option<PhoneNumber>,
    /// For whom it was left; nobody: for all who take unassigned calls.
    pub team: Option<TeamName>,
    pub agent: Option<Extension>,
    /// When they began to speak, in milliseconds since 1970.
    pub at: i64,
    /// None while they speak, or if the daemon did not live to see the end.
    pub seconds: Option<u64>,
    pub heard: Option<Heard>,
}

/// Who has heard it first, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub at: i64,
    /// An extension, or the name that the API knows.
    pub who: String,
}

/// What somebody does to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageWish {
    Heard,
    Unheard,
    Delete,
}
