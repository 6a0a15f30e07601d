//! What today's figures shall reach, and who is told when they do not (L161).

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::office::hours::day_range::DayRange;
use crate::office::hours::hours::HoursName;
use crate::office::phone_number::PhoneNumber;
use crate::office::web_address::WebAddress;

/// Alert settings of one office (L161).
pub const MOST_TARGETS: usize = 8;
/// Answered within so long is in time, unless told otherwise (L152), in seconds.
pub const IN_TIME: u32 = 20;
/// The longest of them (L152), in seconds.
pub const LONGEST_IN_TIME: u32 = 3_600;

/// One alert setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Percent of inbound calls that shall be answered; none: nobody minds.
    pub answer_rate: Option<u8>,
    /// Percent of inbound calls that shall be answered in time; none: nobody minds.
    pub service_level: Option<u8>,
    /// Seconds within which an answer is in time (L152).
    pub within: u32,
    pub scope: TargetScope,
    /// Who else is told (P18).
    pub webhook: Option<WebAddress>,
}

/// Which calls a setting is about; an office has one setting for each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TargetScope {
    /// The office's own; empty: all.
    pub numbers: BTreeSet<PhoneNumber>,
    pub time: TargetTime,
}

/// When the calls began (L160).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetTime {
    Always,
    /// A set as it is defined today (L168).
    Hours(HoursName),
    /// On the office's clock.
    Daily(DayRange),
}

/// `+8215881234, 09:00-18:00`; nothing for every call.
impl fmt::Display for TargetScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = match &self.time {
            TargetTime::Always => None,
            TargetTime::Hours(name) => Some(name.to_string()),
            TargetTime::Daily(range) => Some(range.to_string()),
        };
        let parts: Vec<String> = self.numbers.iter().map(ToString::to_string).chain(time).collect();
        f.write_str(&parts.join(", "))
    }
}
