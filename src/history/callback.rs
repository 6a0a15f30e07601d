//! A customer who gave up the line and not their place: they are called when their turn comes.

use crate::history::call_id::CallId;
use crate::history::conversation_id::ConversationId;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::team::TeamName;

/// Kept over a restart. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The call in which it was promised; it holds the place in the queue.
    pub call: CallId,
    pub conversation: ConversationId,
    /// Who is called.
    pub number: PhoneNumber,
    /// The office's number that the customer had dialled, and sees.
    pub shown: PhoneNumber,
    pub team: TeamName,
    pub priority: Priority,
    /// When they began to wait.
    pub since: i64,
    pub promised: i64,
    /// Calls that are left.
    pub left: u8,
    /// Seconds after a call that they did not take.
    pub pause: u64,
    /// Not before this.
    pub next: Option<i64>,
}
