//! Workflows that wait for their time after a call, in the order of that time (L76).

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use tracing::warn;

use crate::history::follow_up::{FollowUp, FollowUpId};
use crate::time::Moment;

/// Three days of a busy office (L76: up to 72 h).
const MOST: usize = 20_000;
/// How many may be looked after at once: many that are due together, as after a night without
/// power, must not hold up calls.
const AT_ONCE: usize = 16;
/// A conversation that the store does not give now is asked for again after so long …
const AGAIN: Duration = Duration::from_secs(60);
/// … until it has been waited for as long as the longest delay.
const GIVEN_UP_MS: i64 = 72 * 3_600_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct FollowUps {
    waiting: BTreeMap<FollowUpId, FollowUp>,
    schedule: BTreeSet<(Instant, FollowUpId)>,
    /// Whose conversation the store looks for.
    asked: BTreeSet<FollowUpId>,
}

impl FollowUps {
    /// Takes the place of whatever waited.
    pub(crate) fn remember(&mut self, follow_ups: Vec<FollowUp>, now: Moment) {
        *self = Self::default();
        for one in follow_ups {
            let left = u64::try_from(one.due.saturating_sub(now.unix_millis())).unwrap_or(0);
            self.plan(one, now.ticks + Duration::from_millis(left));
        }
    }

    /// False when there are too many.
    pub(crate) fn plan(&mut self, one: FollowUp, due: Instant) -> bool {
        if self.waiting.len() >= MOST {
            warn!(call = %one.call, workflow = %one.workflow, limit = MOST, "too much work after calls waits; this is left out");
            return false;
        }
        let id = one.id();
        self.schedule.insert((due, id.clone()));
        self.waiting.insert(id, one);
        true
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let (due, _) = self.schedule.first()?;
        (self.asked.len() < AT_ONCE).then_some(*due)
    }

    /// The next whose time has come.
    pub(crate) fn due(&mut self, now: Moment) -> Option<FollowUp> {
        if self.poll_timeout().is_none_or(|due| due > now.ticks) {
            return None;
        }
        let (_, id) = self.schedule.pop_first()?;
        let one = self.waiting.get(&id).cloned()?;
        self.asked.insert(id);
        Some(one)
    }

    /// The store has answered.
    pub(crate) fn found(&mut self, id: &FollowUpId) -> Option<FollowUp> {
        self.asked.remove(id).then(|| self.waiting.remove(id)).flatten()
    }

    /// Its conversation is not to be had just now; false: it has been waited for long enough.
    pub(crate) fn postpone(&mut self, one: FollowUp, now: Moment) -> bool {
        let is_worth_it = now.unix_millis().saturating_sub(one.due) < GIVEN_UP_MS;
        is_worth_it && self.plan(one, now.ticks + AGAIN)
    }
}
