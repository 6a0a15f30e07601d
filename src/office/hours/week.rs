//! The hours of each weekday.

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::office::hours::day_range::DayRange;

/// The ranges of each day, Monday first, in the order of the clock. A day without any is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week([Vec<DayRange>; 7]);

impl Week {
    /// As documents name the days.
    pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    #[must_use]
    pub fn new(mut days: [Vec<DayRange>; 7]) -> Self {
        for ranges in &mut days {
            ranges.sort();
        }
        Self(days)
    }

    #[must_use]
    pub fn on(&self, day: Weekday) -> &[DayRange] {
        let at = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
        self.0.get(at).map_or(&[], Vec::as_slice)
    }

    /// The days that have hours, by name.
    pub fn days(&self) -> impl Iterator<Item = (&'static str, &[DayRange])> {
        Self::DAYS
            .into_iter()
            .zip(self.0.iter().map(Vec::as_slice))
            .filter(|(_, ranges)| !ranges.is_empty())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }
}
