//! When the next bell rings, on a wall clock that may jump.

use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;

use crate::office::bell::Bell;
use crate::time::Moment;

/// The wall clock may be set: it is looked at no less often.
const LOOK: Duration = Duration::from_secs(60);
/// A bell that is later than this, because the machine slept or the clock was set, stays silent.
const LATEST: Duration = Duration::from_secs(120);

/// How far the clock has been looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bells {
    seen: Option<SystemTime>,
    due: Option<Instant>,
}

impl Bells {
    /// When [`Self::ring`] wants to be called; `None` while there is no bell.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    /// The bells are others: what rang before them does not count.
    pub(crate) fn changed(&mut self, bells: &[Bell], now: Moment) {
        self.seen = None;
        self.plan(bells, now);
    }

    /// The bells whose time has come since the last look.
    pub(crate) fn ring<'a>(&mut self, bells: &'a [Bell], now: Moment) -> Vec<&'a Bell> {
        let since = self.seen.unwrap_or(now.wall);
        let rung = match now.wall.duration_since(since) {
            Ok(passed) if passed <= LATEST => {
                let rang = |bell: &&Bell| next(bell, since).is_some_and(|at| at <= now.wall);
                bells.iter().filter(rang).collect()
            }
            // Set back a little: what has rung does not ring again.
            Err(back) if back.duration() <= LATEST => {
                self.due = Some(now.ticks + LOOK);
                return Vec::new();
            }
            Ok(_) | Err(_) => Vec::new(),
        };
        self.plan(bells, now);
        rung
    }

    fn plan(&mut self, bells: &[Bell], now: Moment) {
        self.seen = Some(now.wall);
        let next = bells.iter().filter_map(|bell| next(bell, now.wall)).min();
        let wait = next.map(|at| at.duration_since(now.wall).unwrap_or_default().min(LOOK));
        self.due = wait.map(|wait| now.ticks + wait);
    }
}

fn next(bell: &Bell, after: SystemTime) -> Option<SystemTime> {
    Some(bell.next(Timestamp::try_from(after).ok()?)?.into())
}
