//! Customers who are to be called when their turn comes, and what is done about each just now.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::engine::command::{Command, KeepCommand};
use crate::history::call_id::CallId;
use crate::history::callback::Callback;
use crate::office::extension::Extension;
use crate::time::Moment;

/// What is done about one customer just now.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    pub(crate) ticket: Callback,
    /// Not before this.
    pub(crate) due: Option<Instant>,
    /// The call that tries to reach them.
    pub(crate) calling: Option<CallId>,
    /// Agents who did not pick up their own phone.
    pub(crate) tried: BTreeSet<Extension>,
}

#[derive(Clone, Debug, Default)]
pub struct Callbacks {
    pub(crate) promises: BTreeMap<CallId, Promise>,
}

impl Callbacks {
    /// A new promise takes the place of one to the same number in the same conversation.
    pub(crate) fn promise(&mut self, ticket: Callback) -> Vec<Command> {
        let kept = Command::Keep(KeepCommand::Callback(Box::new(ticket.clone())));
        let promise = Promise { ticket, due: None, calling: None, tried: BTreeSet::new() };
        self.promises.insert(promise.ticket.call, promise);
        vec![kept]
    }

    /// Whether the place of this call in the queue is kept for a customer who has hung up.
    pub(crate) fn is_promised(&self, call: CallId) -> bool {
        self.promises.contains_key(&call)
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let idle = self.promises.values().filter(|promise| promise.calling.is_none());
        idle.filter_map(|promise| promise.due).min()
    }

    pub(crate) fn due(&self, now: Moment) -> Vec<CallId> {
        let is_due = |promise: &Promise| promise.due.is_some_and(|due| due <= now.ticks);
        let due = self.promises.iter().filter(|(_, one)| one.calling.is_none() && is_due(one));
        due.map(|(call, _)| *call).collect()
    }

    pub(crate) fn again_at(&mut self, call: CallId, at: Instant) {
        if let Some(promise) = self.promises.get_mut(&call) {
            promise.due = Some(at);
        }
    }
}
