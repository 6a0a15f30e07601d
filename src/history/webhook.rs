//! What another system is told: of a call, or of a figure below its target.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::history::call_id::CallId;
use crate::history::call_record::Outcome;
use crate::history::conversation_id::ConversationId;
use crate::history::figures::target_alarm::TargetWarning;
use crate::history::missed_reason::MissedReason;
use crate::office::extension::Extension;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::team::TeamName;
use crate::office::web_address::WebAddress;

/// Given out once a run of the daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WebhookId(pub u64);

/// One message, as a step of a workflow or a target wants it sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Posting {
    pub id: WebhookId,
    pub url: WebAddress,
    pub told: Told,
    /// Whether a caller is kept waiting for the answer.
    pub waits: bool,
}

/// The JSON document that is posted. Keys are added in later versions, none is taken away.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Told {
    Call(Box<CallTold>),
    Target(Box<TargetTold>),
}

impl Told {
    /// The same each time it is tried, so that a receiver can know it again.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Call(told) => &told.id,
            Self::Target(told) => &told.id,
        }
    }

    /// What it was sent for, for the diary: a workflow's name, or the event.
    #[must_use]
    pub fn origin(&self) -> &str {
        match self {
            Self::Call(told) => &told.workflow,
            Self::Target(told) => told.event,
        }
    }
}

/// A figure of today is below its target (L161, P18).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetTold {
    /// The same each time it is tried, so that a receiver can know it again.
    pub id: String,
    pub event: &'static str,
    /// When it was seen, in milliseconds since 1970.
    pub at: i64,
    #[serde(flatten)]
    pub warning: TargetWarning,
}

/// What a step of a workflow tells of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallTold {
    /// The same each time it is tried, so that a receiver can know it again.
    pub id: String,
    /// The trigger of the workflow.
    pub event: &'static str,
    /// When the step was reached, in milliseconds since 1970.
    pub at: i64,
    pub workflow: String,
    pub step: String,
    pub call: CallId,
    pub conversation: Option<ConversationId>,
    /// The customer's number, or nothing if it is withheld.
    pub customer: Option<PhoneNumber>,
    /// What their profile calls them.
    pub name: Option<String>,
    pub language: Language,
    /// The office's number that was dialled, or that is shown.
    pub number: Option<PhoneNumber>,
    /// To whom the call is assigned so far.
    pub team: Option<TeamName>,
    pub agent: Option<Extension>,
    /// Of the conversation.
    pub tags: BTreeSet<String>,
    pub customer_tags: BTreeSet<String>,
    /// What the caller has typed into forms.
    pub fields: BTreeMap<String, String>,
    /// How the call ended, after its end.
    pub outcome: Option<Outcome>,
    pub missed_reason: Option<MissedReason>,
}
