//! How many customers called in the last two hours, in steps of five minutes (L162).

use serde::{Deserialize, Serialize};

use crate::history::figures::CallFigures;

/// Milliseconds.
pub const STEP: i64 = 300_000;
/// Two hours.
pub const STEPS: u8 = 24;

/// Calls from customers that began within five minutes and are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Inflow {
    /// Milliseconds since 1970.
    pub from: i64,
    pub inbound: u64,
    pub missed: u64,
}

/// The steps of the last two hours, of which the last holds the moment before `to`.
#[derive(Debug)]
pub struct Steps {
    first: i64,
    calls: Vec<CallFigures>,
}

impl Steps {
    #[must_use]
    pub fn until(to: i64) -> Self {
        let last = to.saturating_sub(1).div_euclid(STEP).saturating_mul(STEP);
        let first = last.saturating_sub(STEP * i64::from(STEPS - 1));
        Self { first, calls: vec![CallFigures::default(); usize::from(STEPS)] }
    }

    /// The first moment of the first step, in milliseconds since 1970.
    #[must_use]
    pub fn first(&self) -> i64 {
        self.first
    }

    /// Where a call that began then is counted; none: before or after these.
    pub fn of(&mut self, started: i64) -> Option<&mut CallFigures> {
        let step = started.checked_sub(self.first)?.div_euclid(STEP);
        self.calls.get_mut(usize::try_from(step).ok()?)
    }

    #[must_use]
    pub fn told(&self) -> Vec<Inflow> {
        let step = |(at, calls): (i64, &CallFigures)| Inflow {
            from: self.first.saturating_add(at * STEP),
            inbound: calls.inbound,
            missed: calls.missed,
        };
        (0..).zip(&self.calls).map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// L162: 24 steps, and the running one is the last.
    #[test]
    fn the_last_two_hours_have_steps_of_five_minutes() {
        let noon = 4_155 * STEP;
        for (to, last) in [(noon, noon - STEP), (noon + 1, noon), (noon + STEP, noon)] {
            let steps = Steps::until(to).told();
            assert_eq!((steps.len(), steps[23].from), (24, last), "{to}");
            assert_eq!(steps[0].from, last - 23 * STEP);
        }
        let mut steps = Steps::until(noon);
        for started in [noon - 24 * STEP - 1, noon - 24 * STEP, noon - 1, noon] {
            if let Some(calls) = steps.of(started) {
                calls.inbound += 1;
            }
        }
        let told: Vec<u64> = steps.told().iter().map(|step| step.inbound).collect();
        assert_eq!((told[0], told[23], told.iter().sum::<u64>()), (1, 1, 2));
        for nonsense in [i64::MIN, i64::MAX] {
            assert_eq!(Steps::until(nonsense).told().len(), 24);
            assert!(Steps::until(0).of(nonsense).is_none());
        }
    }
}
