//! When customers called, being counted: the last two hours by steps, and the hours of the week
//! (L162, L183).

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use crate::history::figures::figures::CallFigures;
use crate::history::figures::inflow::{Inflow, STEP, STEPS};
use crate::history::figures::week_hour::WeekHour;
use crate::office::hours::week::Week;

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

/// The hours of the week.
#[derive(Debug, Default)]
pub struct WeekHours(BTreeMap<(usize, u8), CallFigures>);

impl WeekHours {
    /// Where a call that began then is counted.
    pub fn of(&mut self, started: DateTime) -> &mut CallFigures {
        let day = usize::try_from(started.weekday().to_monday_zero_offset()).unwrap_or_default();
        self.0.entry((day, started.hour().unsigned_abs())).or_default()
    }

    /// Hours in which there was a call with a customer, from Monday on.
    #[must_use]
    pub fn told(&self) -> Vec<WeekHour> {
        let hour = |((day, hour), calls): (&(usize, u8), &CallFigures)| WeekHour {
            weekday: Week::DAYS.get(*day).copied().unwrap_or_default().to_owned(),
            hour: *hour,
            inbound: calls.inbound,
            answered: calls.answered,
            missed: calls.missed,
            outbound: calls.outbound,
        };
        let told = self.0.iter().map(hour);
        told.filter(|hour| hour.inbound + hour.outbound > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::history::figures::week_hour::grid;

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

    /// L183: Mondays of all weeks together, in the order of the week.
    #[test]
    fn the_same_hours_of_all_weeks_are_one() {
        let mut hours = WeekHours::default();
        for day in [1, 2, 9, 15] {
            hours.of(date(2026, 11, day).at(9, 59, 0, 0)).inbound += 1;
        }
        hours.of(date(2026, 11, 2).at(0, 0, 0, 0)).outbound += 1;
        hours.of(date(2026, 11, 3).at(8, 0, 0, 0)).internal += 1;
        let told = hours.told();
        let lines: Vec<_> =
            told.iter().map(|at| (at.weekday.as_str(), at.hour, at.inbound, at.outbound)).collect();
        assert_eq!(lines, [("mon", 0, 0, 1), ("mon", 9, 2, 0), ("sun", 9, 2, 0)]);
        let grid = grid(&told, |at| at.inbound);
        assert_eq!((grid.len(), grid[0].0, grid[0].1[9], grid[6].1[9]), (7, "mon", 2, 2));
        assert_eq!(grid.iter().flat_map(|(_, hours)| hours).sum::<u64>(), 4);
    }
}
