//! A call that is up and how far it has come in its conversation, and the work it leaves there.

use crate::history::conversation_id::ConversationId;
use crate::office::extension::Extension;

/// A call that is up, and what it does to its conversation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) id: ConversationId,
    pub(crate) stage: Stage,
}

/// How far the call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Before,
    Entered,
    Talks,
}

/// What a call has left to its agent.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) agent: Extension,
    pub(crate) id: ConversationId,
}
