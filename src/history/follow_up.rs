//! A workflow that shall run so long after the end of a call (L76).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::history::call_id::CallId;
use crate::history::call_record::Outcome;
use crate::history::conversation_id::ConversationId;
use crate::history::missed_reason::MissedReason;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::workflow::name::WorkflowName;

/// What is known of the call that is over. It waits on disk too, so that a restart forgets nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    pub call: CallId,
    pub workflow: WorkflowName,
    /// Milliseconds since 1970.
    pub due: i64,
    pub conversation: ConversationId,
    pub customer: Option<PhoneNumber>,
    pub number: Option<PhoneNumber>,
    pub language: Language,
    /// What the caller has typed into forms.
    pub fields: BTreeMap<String, String>,
    /// How the call ended; of one that was kept before this was, nothing is known.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    #[serde(default)]
    pub missed_reason: Option<MissedReason>,
}

impl FollowUp {
    #[must_use]
    pub fn id(&self) -> FollowUpId {
        FollowUpId { call: self.call, workflow: self.workflow.clone() }
    }
}

/// A workflow runs once after a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FollowUpId {
    pub call: CallId,
    pub workflow: WorkflowName,
}
