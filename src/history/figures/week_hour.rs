//! Calls by the hour of the day and the day of the week (L183).

use serde::{Deserialize, Serialize};

use crate::office::hours::week::Week;

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

/// Of each of the seven days, from Monday on, and each of its hours: what `count` says, else 0.
#[must_use]
pub fn grid(week: &[WeekHour], count: fn(&WeekHour) -> u64) -> Vec<(&'static str, Vec<u64>)> {
    let of = |day: &str, hour: u8| {
        let found = week.iter().find(|at| at.weekday == day && at.hour == hour);
        found.map_or(0, count)
    };
    Week::DAYS.map(|day| (day, (0..24).map(|hour| of(day, hour)).collect())).to_vec()
}
