//! Durations as people write them: `10s`, `2m`, `3h`, `30d`.

use std::time::Duration;

use crate::words::Words;

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// The text is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a duration; write it like 10s, 2m, 3h or 30d")]
pub struct NotADuration(String);

/// One number and one unit.
///
/// # Errors
/// When the unit is missing or unknown, or the number does not fit.
pub fn parse(text: &str) -> Result<Duration, NotADuration> {
    let refuse = || NotADuration(text.to_owned());
    let unit = text.chars().last().ok_or_else(refuse)?;
    let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(refuse)?;
    let count = text.strip_suffix(unit).unwrap_or_default();
    if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refuse());
    }
    let count: u64 = count.parse().map_err(|_| refuse())?;
    count.checked_mul(*seconds).map(Duration::from_secs).ok_or_else(refuse)
}

/// The inverse of [`parse`] for whole seconds, in the largest unit that fits evenly.
#[must_use]
pub fn print(duration: Duration) -> String {
    let whole = duration.as_secs();
    let (unit, seconds) = UNITS
        .into_iter()
        .find(|(_, seconds)| whole >= *seconds && whole.is_multiple_of(*seconds))
        .unwrap_or(('s', 1));
    format!("{}{unit}", whole / seconds)
}

/// The same in words: `30 s`, `2 min`, `3 h`, `30 days`.
#[must_use]
pub fn words(duration: Duration) -> Words {
    let text = print(duration);
    let count = text.trim_end_matches(|unit: char| !unit.is_ascii_digit());
    let (ko, en) = match text.chars().last() {
        Some('d') if count == "1" => ("일", "day"),
        Some('d') => ("일", "days"),
        Some('h') => ("시간", "h"),
        Some('m') => ("분", "min"),
        Some(_) | None => ("초", "s"),
    };
    Words::new(format!("{count}{ko}"), format!("{count} {en}"))
}

/// Seconds in words, up to the next whole unit: `45 s`, `12 min`, `5 h`, `3 days`.
#[must_use]
pub fn roughly(seconds: u64) -> Words {
    let whole = UNITS.iter().find(|(_, unit)| seconds > 2 * unit).map_or(1, |(_, unit)| *unit);
    words(Duration::from_secs(seconds.div_ceil(whole) * whole))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "s", "10", "10 s", "-1s", "1.5h", "10초", "99999999999999999999s", "1w"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&format!("{}d", u64::MAX)).is_err());
    }

    #[test]
    fn the_largest_even_unit_is_printed() {
        for (seconds, text) in [(0, "0s"), (10, "10s"), (90, "90s"), (120, "2m"), (86_400, "1d")] {
            assert_eq!(print(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn people_are_told_the_unit_by_its_name() {
        for (seconds, ko, en) in [
            (0, "0초", "0 s"),
            (90, "90초", "90 s"),
            (120, "2분", "2 min"),
            (86_400, "1일", "1 day"),
        ] {
            assert_eq!(words(Duration::from_secs(seconds)), Words::new(ko, en));
        }
    }

    #[test]
    fn a_rough_time_is_never_shorter_than_it_is() {
        for (seconds, en) in [
            (0, "0 s"),
            (45, "45 s"),
            (120, "2 min"),
            (121, "3 min"),
            (7_300, "3 h"),
            (200_000, "3 days"),
        ] {
            assert_eq!(roughly(seconds).en, en);
        }
    }

    proptest! {
        #[test]
        fn printed_and_parsed_is_the_same(seconds in 0..u64::from(u32::MAX)) {
            let duration = Duration::from_secs(seconds);
            prop_assert_eq!(parse(&print(duration)), Ok(duration));
        }
    }
}
