//! Days on which the office's week does not count.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::office::hours::day_range::DayRange;

/// One day, or a range of days with both ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    pub from: Date,
    pub to: Date,
    pub name: String,
    /// The hours of each of its days instead of the week's; usually none.
    #[serde(default)]
    pub open: Vec<DayRange>,
}

impl Holiday {
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// `2027-01-01` and nothing else.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let fits = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    if fits { text.parse().ok() } else { None }
}
