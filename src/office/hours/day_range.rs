//! Hours of one day, `09:00-18:00`.

use std::fmt;

use serde::{Deserialize, Serialize};

const MINUTES_A_DAY: u16 = 24 * 60;

/// From and to in minutes of the day. One that ends before it begins ends on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayRange {
    from: u16,
    to: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write hours like 09:00-18:00; 22:00-06:00 ends on the next day, 24:00 is midnight")]
pub struct NoDayRange;

impl DayRange {
    /// # Errors
    /// When the text is not HH:MM-HH:MM, or both are the same.
    pub fn parse(text: &str) -> Result<Self, NoDayRange> {
        let (from, to) = text.split_once('-').ok_or(NoDayRange)?;
        let (from, to) = (minutes(from)?, minutes(to)?);
        if from == MINUTES_A_DAY || from == to {
            return Err(NoDayRange);
        }
        Ok(Self { from, to })
    }

    /// Minutes after midnight, 0 to 1439.
    #[must_use]
    pub fn from(self) -> u16 {
        self.from
    }

    /// Minutes after the midnight of the day on which it ends, 0 to 1440.
    #[must_use]
    pub fn to(self) -> u16 {
        self.to
    }

    #[must_use]
    pub fn ends_tomorrow(self) -> bool {
        self.to < self.from
    }

    /// Whether the two share a minute of the same day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let end = |range: Self| if range.ends_tomorrow() { MINUTES_A_DAY } else { range.to };
        self.from < end(other) && other.from < end(self)
    }
}

fn minutes(text: &str) -> Result<u16, NoDayRange> {
    let (hours, minutes) = text.split_once(':').ok_or(NoDayRange)?;
    let two = |text: &str| match text.len() {
        2 if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().map_err(|_| NoDayRange),
        _ => Err(NoDayRange),
    };
    let (hours, minutes): (u16, u16) = (two(hours)?, two(minutes)?);
    let whole = hours * 60 + minutes;
    if minutes < 60 && whole <= MINUTES_A_DAY { Ok(whole) } else { Err(NoDayRange) }
}

impl fmt::Display for DayRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl TryFrom<String> for DayRange {
    type Error = NoDayRange;

    fn try_from(text: String) -> Result<Self, NoDayRange> {
        Self::parse(&text)
    }
}

impl From<DayRange> for String {
    fn from(range: DayRange) -> Self {
        range.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_they_are_printed() {
        for text in ["09:00-18:00", "00:00-24:00", "22:00-06:00", "23:59-00:00"] {
            assert_eq!(DayRange::parse(text).unwrap().to_string(), text);
        }
        for wrong in ["9:00-18:00", "24:00-06:00", "09:00-09:00", "09:00-24:01", "09:60-10:00", ""]
        {
            assert_eq!(DayRange::parse(wrong), Err(NoDayRange), "{wrong}");
        }
    }

    #[test]
    fn what_meets_does_not_overlap() {
        let range = |text| DayRange::parse(text).unwrap();
        assert!(!range("09:00-12:00").overlaps(range("12:00-18:00")));
        assert!(range("09:00-12:01").overlaps(range("12:00-18:00")));
        assert!(range("22:00-06:00").overlaps(range("23:00-24:00")));
        assert!(!range("22:00-06:00").overlaps(range("05:00-07:00")), "that is another day's end");
    }
}
