//! Where a call stands, what it is for, and how far its caller has been let in.

use std::sync::Arc;
use std::time::Instant;

use crate::engine::call::draft::Ending;
use crate::engine::call::leaving_word::Message;
use crate::engine::call::listener::Listening;
use crate::engine::call::ringing::Ringing;
use crate::engine::dialling::Meant;
use crate::engine::workflow::walk::Walk;
use crate::history::trail::trail::Person;
use crate::history::webhook::WebhookId;
use crate::leg::{LegId, PlayId};
use crate::office::language::Language;
use crate::office::number::Number;
use crate::office::team::TeamName;
use crate::office::trunk::BeforeAnswer;

/// The caller's own leg, and how far it has been opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// The call was asked for elsewhere; its caller has not picked up yet.
    Absent,
    Waiting(LegId),
    /// Has been told that phones ring.
    Alerted(LegId),
    /// Hears the far end before the answer.
    Early(LegId),
    /// Has been answered.
    Open(LegId),
}

impl Line {
    pub(crate) fn leg(self) -> Option<LegId> {
        match self {
            Self::Absent => None,
            Self::Waiting(leg) | Self::Alerted(leg) | Self::Early(leg) | Self::Open(leg) => {
                Some(leg)
            }
        }
    }
}

/// Where the call stands.
#[derive(Clone, Debug)]
pub(crate) enum Phase {
    Starting,
    Greeting {
        play: PlayId,
        until: Instant,
    },
    /// Waits for a free member of an automatic team.
    Queued {
        team: TeamName,
        until: Instant,
        /// When its hours are looked at again.
        look: Option<Instant>,
        /// A workflow that speaks with the caller meanwhile (L74).
        walking: Option<Box<Walking>>,
    },
    /// A workflow speaks with the caller.
    Walking(Box<Walking>),
    /// The phones of the one for whom the call was asked for.
    Summoning(Ringing),
    Ringing(Ringing),
    Talking {
        other: LegId,
    },
    Echo,
    /// The room hears the caller.
    Paging,
    /// The caller leaves word.
    Message(Box<Message>),
    /// An agent listens to messages.
    Listening(Box<Listening>),
    /// The last clip before we hang up.
    Farewell {
        play: PlayId,
        until: Instant,
        ending: Ending,
    },
    Over,
}

/// A caller's way through a workflow.
#[derive(Clone, Debug)]
pub(crate) struct Walking {
    pub(crate) walk: Walk,
    /// What the caller hears of it just now.
    pub(crate) play: Option<PlayId>,
    /// The other system that it waits for.
    pub(crate) post: Option<WebhookId>,
    pub(crate) step: String,
}

/// Whether the workflows that work in the background of a customer's call have done so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Background {
    Due,
    Done,
}

/// What the call is for.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// A customer wants the office.
    Inbound(Arc<Inbound>),
    /// An agent wants what they dialled.
    Outgoing { agent: Person, meant: Meant },
    /// Nobody here can be meant; the ending is known from the start.
    Refused(Ending),
}

/// What stays true for the whole call, however the office changes meanwhile.
#[derive(Debug)]
pub(crate) struct Inbound {
    pub(crate) number: Number,
    pub(crate) language: Language,
    /// How the trunk lets the caller hear the ringback.
    pub(crate) before_answer: BeforeAnswer,
}
