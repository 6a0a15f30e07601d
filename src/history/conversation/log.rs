//! What happened in a conversation, in the order it did (L27).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::history::call_id::CallId;
use crate::history::call_record::Direction;
use crate::history::conversation_id::ConversationId;
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::Chosen;
use crate::office::extension::Extension;
use crate::office::priority::Priority;
use crate::office::tag::Tag;
use crate::office::team::TeamName;
use crate::office::workflow::name::WorkflowName;
use crate::words::Words;

/// How the rule of a team has found the one whose a conversation is (L134).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ByTurn {
    /// They are in the new team, too.
    Kept,
    Chosen(Chosen),
    /// Nobody of the team might be given a call just then.
    NobodyFree,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    Opened,
    /// A closed one became open again: a new case (L177).
    Reopened,
    Queued,
    Snoozed {
        until: i64,
    },
    /// Its time was over.
    Woke,
    Missed {
        reason: MissedReason,
    },
    Closed,
    Note {
        text: String,
    },
    Tagged {
        #[schema(value_type = Vec<String>)]
        tags: BTreeSet<Tag>,
    },
    Described,
    /// Agents who follow it from here on.
    Followed {
        #[schema(value_type = Vec<String>)]
        agents: BTreeSet<Extension>,
    },
    /// Agents are told that nobody has answered for long (L16).
    Reminded {
        #[schema(value_type = Vec<String>)]
        agents: BTreeSet<Extension>,
    },
    Prioritised {
        priority: Priority,
    },
    /// The customer got tags.
    CustomerTagged {
        #[schema(value_type = Vec<String>)]
        tags: BTreeSet<Tag>,
    },
    Assigned {
        #[schema(value_type = Option<String>)]
        agent: Option<Extension>,
        #[schema(value_type = Option<String>)]
        team: Option<TeamName>,
        /// By the team's rule; none: somebody has named the agent, or nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<ByTurn>,
    },
    Called {
        #[schema(value_type = u64)]
        call: CallId,
        direction: Direction,
    },
    Answered {
        #[schema(value_type = u64)]
        call: CallId,
        #[schema(value_type = String)]
        agent: Extension,
    },
    /// The customer hung up in the queue and is called when their turn comes (L88).
    CallbackPromised {
        number: String,
    },
    /// Nobody calls any more: the customer did not answer, or it is not needed now.
    CallbackEnded {
        answered: bool,
    },
    /// Somebody has taken the customer off the list of those who are called in turn.
    CallbackCancelled,
    /// Somebody calls the customer back (L61).
    CalledBack {
        #[schema(value_type = String)]
        agent: Extension,
    },
}

/// One line. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LogEntry {
    #[schema(value_type = u64)]
    pub conversation: ConversationId,
    pub at: i64,
    /// Who did it; none: the office itself. A workflow's name follows on [`WORKFLOW`].
    pub who: Option<String>,
    pub what: Happening,
}

/// Before the name of a workflow that did something.
const WORKFLOW: &str = "workflow:";

/// How a log names a workflow.
#[must_use]
pub fn workflow_author(name: &WorkflowName) -> String {
    format!("{WORKFLOW}{name}")
}

impl LogEntry {
    /// Who did it, as people read it.
    #[must_use]
    pub fn author(&self) -> Option<Words> {
        let who = self.who.as_ref()?;
        Some(match who.strip_prefix(WORKFLOW) {
            Some(name) => {
                Words::new(format!("'{name}' 워크플로우"), format!("the workflow '{name}'"))
            }
            None => Words::new(who.clone(), who.clone()),
        })
    }
}
