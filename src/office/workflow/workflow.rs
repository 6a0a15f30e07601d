//! A script that a trigger starts: its steps, and when it may run.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::office::hours::hours::HoursName;
use crate::office::workflow::action::Action;
use crate::office::workflow::condition::Condition;
use crate::office::workflow::name::{Next, StepName, WorkflowName};

/// What starts it; one a workflow (L77).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// L72: before any agent.
    CustomerCalled,
    /// L73: the call is about to be given to agents.
    CallEntered,
    /// L74: the caller has waited so long in the queue; again after each further `delay`, `repeat`
    /// times.
    CallQueued { delay: Duration, repeat: u32 },
    /// L75: an agent calls out.
    AgentCalled,
    /// L76: so long after the end of a call.
    CallEnded { delay: Duration, scope: Scope, missed: BTreeSet<Missed> },
    /// L102: only other workflows call it.
    Module,
}

impl Trigger {
    /// As the document writes it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::CustomerCalled => "customer_called",
            Self::CallEntered => "call_entered",
            Self::CallQueued { .. } => "call_queued",
            Self::AgentCalled => "agent_called",
            Self::CallEnded { .. } => "call_ended",
            Self::Module => "module",
        }
    }

    /// Whether there is a caller who hears and presses keys.
    #[must_use]
    pub fn has_listener(&self) -> bool {
        match self {
            Self::CustomerCalled | Self::CallQueued { .. } | Self::Module => true,
            Self::CallEntered | Self::AgentCalled | Self::CallEnded { .. } => false,
        }
    }
}

/// Which ended calls are meant: those that reached the agents, those that did not, or all (L76).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    #[default]
    All,
    Entered,
    NotEntered,
}

/// The missed reasons as offices tell them apart (behaviour.md, missed-reason catalogue).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    NotInOperation,
    UserLeft,
    RingTimeOver,
    NoOperator,
    ExceededQueue,
    AbandonedInQueue,
    Workflow,
}

impl Missed {
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::NotInOperation, "not_in_operation"),
        (Self::UserLeft, "user_left"),
        (Self::RingTimeOver, "ring_time_over"),
        (Self::NoOperator, "no_operator"),
        (Self::ExceededQueue, "exceeded_queue"),
        (Self::AbandonedInQueue, "abandoned_in_queue"),
        (Self::Workflow, "workflow"),
    ];
}

/// When it may run (L204, A10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    #[default]
    Always,
    InHours(HoursName),
    OutsideHours(HoursName),
}

/// L203: whether others may run beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Speaks with the caller: the topmost that matches runs, the others do not.
    OnlyOne,
    /// Works in the background: all that match run, in the order of the list.
    Always,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub name: StepName,
    pub action: Action,
    /// `None` where the action itself says where it goes, or ends the call.
    pub next: Option<Next>,
}

impl Step {
    /// Every way out of the step.
    #[must_use]
    pub fn exits(&self) -> Vec<&Next> {
        self.action.exits().into_iter().chain(&self.next).collect()
    }
}

/// A workflow that fits together: `office/workflow/check.rs` has seen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    pub name: WorkflowName,
    /// An inactive one is kept and never runs.
    pub active: bool,
    pub trigger: Trigger,
    pub run: Run,
    /// It runs only where this holds.
    pub only: Condition,
    /// The first of them begins.
    pub steps: Vec<Step>,
}

impl Workflow {
    #[must_use]
    pub fn step(&self, name: &StepName) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == *name)
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        let speaks = self.steps.iter().any(|step| step.action.needs_listener());
        if speaks { Kind::OnlyOne } else { Kind::Always }
    }

    /// Names exactly this text of the workflow: what is counted for one is not counted for
    /// another. FNV-1a over the serialised form.
    #[must_use]
    pub fn version(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
        format!("{hash:016x}")
    }
}
