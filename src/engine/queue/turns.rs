//! When a workflow comes round to a caller who waits in the queue (L74).

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::office::workflow::workflow::{Trigger, Workflow};

/// One workflow, and when it has its next turn.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    pub(crate) workflow: Arc<Workflow>,
    delay: Duration,
    /// None while the caller hears it: the next turn counts from its end.
    due: Option<Instant>,
    /// Turns that are left, with the next one.
    left: u32,
}

impl Turn {
    /// None: it is no workflow for callers who wait.
    pub(crate) fn of(workflow: &Arc<Workflow>, now: Instant) -> Option<Self> {
        match workflow.trigger {
            Trigger::CallQueued { delay, repeat } if workflow.active => {
                let (workflow, left) = (Arc::clone(workflow), repeat.saturating_add(1));
                Some(Self { workflow, delay, due: Some(now + delay), left })
            }
            Trigger::CallQueued { .. }
            | Trigger::CustomerCalled
            | Trigger::CallEntered
            | Trigger::AgentCalled
            | Trigger::CallEnded { .. }
            | Trigger::Module => None,
        }
    }

    pub(crate) fn due(&self) -> Option<Instant> {
        self.due.filter(|_| self.left > 0)
    }

    pub(crate) fn is_due(&self, now: Instant) -> bool {
        self.due().is_some_and(|due| due <= now)
    }

    /// It has begun to speak.
    pub(crate) fn speaks(&mut self) {
        self.left = self.left.saturating_sub(1);
        self.due = None;
    }

    /// It has done its work, or has missed its turn.
    pub(crate) fn passes(&mut self, now: Instant) {
        self.left = self.left.saturating_sub(1);
        self.due = Some(now + self.delay);
    }

    /// Nothing is spoken any more.
    pub(crate) fn goes_on(&mut self, now: Instant) {
        self.due.get_or_insert(now + self.delay);
    }

    /// The caller waits anew.
    pub(crate) fn begins_anew(&mut self, now: Instant) {
        self.due = Some(now + self.delay);
    }
}
