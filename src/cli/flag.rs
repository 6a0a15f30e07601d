//! What was typed after a flag, and what is said when it makes no sense.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::de::DeserializeOwned;

use crate::cli::failure::Failure;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::tag::Tag;
use crate::store::reader::Reader;
use crate::words::Words;

/// One flag of a command: `Flag("calls", "--from")`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag(pub(crate) &'static str, pub(crate) &'static str);

impl Flag {
    /// Points at the help of the command that was typed.
    pub(crate) fn unreadable(self, text: &str) -> Failure {
        let Self(command, flag) = self;
        Failure::invalid(Words::new(
            format!("{flag}: '{text}'을(를) 이해할 수 없습니다. naru {command} --help를 보세요"),
            format!("{flag}: '{text}' is not understood; see naru {command} --help"),
        ))
    }

    /// A word of a closed list.
    pub(crate) fn choice<T: DeserializeOwned>(
        self,
        text: Option<&str>,
    ) -> Result<Option<T>, Failure> {
        let Some(text) = text else { return Ok(None) };
        serde_json::from_value(serde_json::Value::String(text.to_owned()))
            .map(Some)
            .map_err(|_| self.unreadable(text))
    }

    /// A moment with its offset, or what the clock of the zone shows; a date alone is its first second.
    pub(crate) fn moment(
        self,
        text: Option<&str>,
        zone: &TimeZone,
    ) -> Result<Option<i64>, Failure> {
        let Some(text) = text else { return Ok(None) };
        if let Ok(zoned) = text.parse::<Zoned>() {
            return Ok(Some(zoned.timestamp().as_millisecond()));
        }
        if let Ok(exact) = text.parse::<Timestamp>() {
            return Ok(Some(exact.as_millisecond()));
        }
        let clock = wall_clock(text).ok_or_else(|| self.unreadable(text))?;
        let there = clock.to_zoned(zone.clone()).map_err(|_| self.unreadable(text))?;
        Ok(Some(there.timestamp().as_millisecond()))
    }

    pub(crate) fn extension(self, text: Option<&str>) -> Result<Option<Extension>, Failure> {
        let read = |text| Extension::parse(text).map_err(|_| self.unreadable(text));
        text.map(read).transpose()
    }

    pub(crate) fn tag(self, text: Option<&str>) -> Result<Option<Tag>, Failure> {
        text.map(|text| Tag::parse(text).map_err(|_| self.unreadable(text))).transpose()
    }

    /// A number as people of the office dial it.
    pub(crate) fn at_home(self, reader: &Reader, text: &str) -> Result<PhoneNumber, Failure> {
        let home = reader.office()?.dial_out.home;
        PhoneNumber::normalise(text, &home).map_err(|_| self.unreadable(text))
    }
}

/// A date, or a date and time, without a zone or an offset.
pub(crate) fn wall_clock(text: &str) -> Option<DateTime> {
    if text.parse::<Zoned>().is_ok() || text.parse::<Timestamp>().is_ok() {
        return None;
    }
    text.replacen(' ', "T", 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_points_at_the_command_that_was_typed() {
        let flag = Flag("conversations", "--from");
        for text in ["yesterday", "2026-13-01", ""] {
            let words = flag.moment(Some(text), &TimeZone::UTC).unwrap_err().message.unwrap();
            assert!(words.en.ends_with("see naru conversations --help"), "{}", words.en);
            assert!(words.ko.contains("naru conversations --help"), "{}", words.ko);
        }
        assert!(Flag("stats", "--to").choice::<Extension>(Some("x")).is_err());
    }

    #[test]
    fn a_wall_clock_is_read_where_it_hangs_and_an_exact_moment_anywhere() {
        let flag = Flag("stats", "--from");
        let seoul = &TimeZone::get("Asia/Seoul").unwrap();
        let exact = flag.moment(Some("2026-11-24T15:00:00Z"), seoul).unwrap();
        assert_eq!(flag.moment(Some("2026-11-25"), seoul).unwrap(), exact);
        assert_eq!(flag.moment(Some("2026-11-25 00:00"), seoul).unwrap(), exact);
        assert_eq!(flag.moment(Some("2026-11-25T00:00:00+09:00"), seoul).unwrap(), exact);
    }
}
