//! Calls by the hour of the day and the day of the week (L183).

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::history::figures::CallFigures;
use crate::office::week::Week;

/// One hour of one day of the week, all weeks of a span together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WeekHour {
    /// `mon` to `sun`.
    pub weekday: String,
    /// 0 to 23.
    pub hour: u8,
    pub inbound: u64,
    pub answered: u64,
    pub missed: u64,
    pub outbound: u64,
}

/// Being counted.
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

/// Of each of the seven days, from Monday on, and each of its hours: what `count` says, else 0.
#[must_use]
pub fn grid(week: &[WeekHour], count: fn(&WeekHour) -> u64) -> Vec<(&'static str, Vec<u64>)> {
    let of = |day: &str, hour: u8| {
        let found = week.iter().find(|at| at.weekday == day && at.hour == hour);
        found.map_or(0, count)
    };
    Week::DAYS.map(|day| (day, (0..24).map(|hour| of(day, hour)).collect())).to_vec()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

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
