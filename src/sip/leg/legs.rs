//! The legs there are, under which names the wire knows them, and when each wants to be woken.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use tracing::debug;

use crate::leg::{LegId, Origin};
use crate::media::codec::Codec;
use crate::sip::dialogs::Dialogs;
use crate::sip::flow::Flow;
use crate::sip::leg::call_leg::CallLeg;
use crate::sip::leg::means::Means;
use crate::time::Moment;

/// Every leg that has not ended.
#[derive(Debug, Default)]
pub struct Legs {
    all: BTreeMap<LegId, CallLeg>,
    pub dialogs: Dialogs,
    timers: BTreeSet<(Instant, LegId)>,
    due: BTreeMap<LegId, Instant>,
    arrived: u64,
    /// Those whose TCP connection has closed.
    orphans: BTreeSet<LegId>,
}

impl Legs {
    /// The name of the next leg that arrives.
    pub fn next_arrived(&mut self) -> LegId {
        self.arrived += 1;
        LegId::arrived(self.arrived)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    #[must_use]
    pub fn ids(&self) -> Vec<LegId> {
        self.all.keys().copied().collect()
    }

    #[must_use]
    pub fn get(&self, leg: LegId) -> Option<&CallLeg> {
        self.all.get(&leg)
    }

    #[must_use]
    pub fn codec(&self, leg: Option<LegId>) -> Option<Codec> {
        self.all.get(&leg?).and_then(CallLeg::codec)
    }

    /// Lets one leg take a step. A leg that is gone is no fault: requests and messages race.
    pub fn step(
        &mut self,
        leg: LegId,
        means: &mut Means,
        now: Moment,
        step: impl FnOnce(CallLeg, &mut Means) -> Option<CallLeg>,
    ) {
        match self.all.remove(&leg) {
            Some(state) => {
                let next = step(state, means);
                self.settle(leg, next, now);
            }
            None => debug!(%leg, "too late for this leg"),
        }
    }

    /// Takes a leg as it is now; `None` is its end.
    pub fn settle(&mut self, leg: LegId, next: Option<CallLeg>, now: Moment) {
        let due = next.as_ref().and_then(CallLeg::poll_timeout);
        let before = self.due.get(&leg).copied();
        if due != before {
            if let Some(before) = before {
                self.timers.remove(&(before, leg));
                self.due.remove(&leg);
            }
            if let Some(due) = due {
                self.timers.insert((due, leg));
                self.due.insert(leg, due);
            }
        }
        match next {
            Some(next) => {
                self.all.insert(leg, next);
            }
            None => {
                self.orphans.remove(&leg);
                self.dialogs.ended(leg, now.ticks);
            }
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        self.timers.first().map(|(at, _)| (*at, "a leg"))
    }

    /// The next leg that must be woken at `now`; its alarm is off then.
    pub fn pop_due(&mut self, now: Instant) -> Option<LegId> {
        let (at, leg) = *self.timers.first()?;
        if at > now {
            return None;
        }
        self.timers.pop_first();
        self.due.remove(&leg);
        Some(leg)
    }

    /// Legs that have a name on the wire but are gone: a panic has lost them.
    #[must_use]
    pub fn lost(&self) -> Vec<LegId> {
        self.dialogs.legs().filter(|leg| !self.all.contains_key(leg)).collect()
    }

    /// The far end of this leg has moved, and has shown that it may.
    pub fn moved(&mut self, leg: LegId, flow: Flow) {
        if let Some(leg) = self.all.get_mut(&leg) {
            leg.moved(flow);
        }
    }

    pub fn connection_closed(&mut self, flow: &Flow) {
        for (id, leg) in &mut self.all {
            if leg.connection_closed(flow) {
                self.orphans.insert(*id);
            }
        }
    }

    /// A phone that has registered anew over TCP is reached by that connection in its calls too.
    pub fn adopt(&mut self, account: &Origin, flow: &Flow) {
        if self.orphans.is_empty() || flow.connection.is_none() {
            return;
        }
        let all = &mut self.all;
        self.orphans.retain(|id| {
            let Some(leg) = all.get_mut(id) else { return false };
            let is_this = leg.account() == account && leg.is_at(flow);
            if is_this {
                leg.moved(*flow);
            }
            !is_this
        });
    }
}
