//! When a number or a team answers.

use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::office::hours::holiday::Holiday;
use crate::office::hours::public_holidays::Country;
use crate::office::hours::week::Week;

/// How a set of hours is named by numbers and teams; 1 to 64 characters, unique in the office.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HoursName(pub String);

impl fmt::Display for HoursName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One set of operating hours; numbers and teams share it (L144, L145).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    pub name: HoursName,
    /// Whose clock the ranges and dates are read on.
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub timezone: TimeZone,
    /// None: no schedule, open until somebody switches it (L145).
    pub week: Option<Week>,
    /// The office's own, by their first day; they stand before public ones.
    pub holidays: Vec<Holiday>,
    /// Whose public holidays are kept (L148).
    pub public_holidays: Option<Country>,
}
