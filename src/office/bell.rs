//! A bell that rings in the room at a time of day.

use std::fmt;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::office::room_sound::{Percent, RoomSound};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bell {
    pub at: BellTime,
    pub days: Days,
    /// Whose clock `at` is read on.
    pub timezone: TimeZone,
    pub sound: RoomSound,
    pub volume: Percent,
}

impl Bell {
    /// The first time after `after` that it rings; `None` when that lies beyond all calendars. On
    /// the day that skips the hour (summer time begins) it rings as much later.
    #[must_use]
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let mut day = self.timezone.to_datetime(after).date().yesterday().ok()?;
        // Two weeks hold every weekday after any time zone's leap.
        for _ in 0..14 {
            if let Some(rings) = self.on(day).filter(|rings| *rings > after) {
                return Some(rings);
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }

    fn on(&self, day: Date) -> Option<Timestamp> {
        if !self.days.contains(day.weekday()) {
            return None;
        }
        let at = day.to_datetime(self.at.0).to_zoned(self.timezone.clone()).ok()?;
        Some(at.timestamp())
    }
}

/// Hours and minutes, `08:50`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BellTime(Time);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a time as 08:50")]
pub struct NoTime;

impl BellTime {
    /// # Errors
    /// When the text is not HH:MM.
    pub fn parse(text: &str) -> Result<Self, NoTime> {
        let (hours, minutes) = text.split_once(':').ok_or(NoTime)?;
        let two = |text: &str| match text.len() {
            2 if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().map_err(|_| NoTime),
            _ => Err(NoTime),
        };
        Time::new(two(hours)?, two(minutes)?, 0, 0).map(Self).map_err(|_| NoTime)
    }
}

impl BellTime {
    #[must_use]
    pub fn time(self) -> Time {
        self.0
    }
}

impl fmt::Display for BellTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl TryFrom<String> for BellTime {
    type Error = NoTime;

    fn try_from(text: String) -> Result<Self, NoTime> {
        Self::parse(&text)
    }
}

impl From<BellTime> for String {
    fn from(time: BellTime) -> Self {
        time.to_string()
    }
}

/// Days of the week, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Days(u8);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("name days of the week: mon, tue, wed, thu, fri, sat, sun")]
pub struct NoDays;

impl Days {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// # Errors
    /// When there is none, or a name is no day's.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, NoDays> {
        let mut days = 0;
        for name in names {
            days |= 1 << Self::NAMES.iter().position(|day| *day == name).ok_or(NoDays)?;
        }
        if days == 0 { Err(NoDays) } else { Ok(Self(days)) }
    }

    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().enumerate().filter(move |(at, _)| self.has(*at)).map(|(_, day)| day)
    }

    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.has(usize::try_from(day.to_monday_zero_offset()).unwrap_or_default())
    }

    fn has(self, at: usize) -> bool {
        self.0 & (1 << at) != 0
    }
}

impl Default for Days {
    /// Monday to Friday.
    fn default() -> Self {
        Self(0b1_1111)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(", "))
    }
}

impl TryFrom<String> for Days {
    type Error = NoDays;

    fn try_from(text: String) -> Result<Self, NoDays> {
        Self::of(text.split(',').map(str::trim))
    }
}

impl From<Days> for String {
    fn from(days: Days) -> Self {
        days.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bell(at: &str, days: &[&str], timezone: &str) -> Bell {
        Bell {
            at: BellTime::parse(at).unwrap(),
            days: Days::of(days.iter().copied()).unwrap(),
            timezone: TimeZone::get(timezone).unwrap(),
            sound: RoomSound::Chime,
            volume: Percent::default(),
        }
    }

    fn next(bell: &Bell, after: &str) -> String {
        bell.next(after.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn it_rings_at_its_time_on_its_days_and_never_twice() {
        let morning = bell("08:50", &["mon", "fri"], "Asia/Seoul");
        // 2026-11-25 is a Wednesday; Korea is nine hours ahead.
        assert_eq!(next(&morning, "2026-11-25T00:00:00Z"), "2026-11-26T23:50:00Z");
        assert_eq!(next(&morning, "2026-11-26T23:50:00Z"), "2026-11-29T23:50:00Z");
        assert_eq!(next(&morning, "2026-11-26T23:49:59Z"), "2026-11-26T23:50:00Z");
    }

    #[test]
    fn summer_time_neither_loses_nor_doubles_it() {
        let night = bell("02:30", &["sun"], "Europe/Berlin");
        // The hour from 02:00 is skipped on 2027-03-28 and comes twice on 2027-10-31.
        assert_eq!(next(&night, "2027-03-27T12:00:00Z"), "2027-03-28T01:30:00Z");
        assert_eq!(next(&night, "2027-10-30T12:00:00Z"), "2027-10-31T00:30:00Z");
        assert_eq!(next(&night, "2027-10-31T00:30:00Z"), "2027-11-07T01:30:00Z");
    }

    #[test]
    fn times_and_days_are_read_as_they_are_printed() {
        for wrong in ["8:50", "24:00", "08:60", "08-50", "08:5x", "+8:50", ""] {
            assert_eq!(BellTime::parse(wrong), Err(NoTime), "{wrong}");
        }
        assert_eq!(BellTime::parse("08:05").unwrap().to_string(), "08:05");
        assert_eq!(Days::of(["fri", "mon"]).unwrap().to_string(), "mon, fri");
        assert_eq!(Days::try_from(Days::default().to_string()), Ok(Days::default()));
        assert_eq!(Days::of([]), Err(NoDays));
        assert_eq!(Days::of(["day"]), Err(NoDays));
    }
}
