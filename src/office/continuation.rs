//! The rule by which a call joins an earlier conversation.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One setting of each number (S48); off unless told (S60).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Continuation {
    /// Every inbound call opens a new conversation (S59).
    #[default]
    Off,
    /// The customer's conversation is always the same (S63).
    Always,
    /// Within this time after it was closed (S62, S68).
    Within(Window),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Minutes,
    Hours,
    Days,
}

/// 1 to 99 minutes or hours, or 1 to 90 days (S65–S67).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    count: u8,
    unit: Unit,
}

impl Window {
    #[must_use]
    pub fn length(self) -> Duration {
        let seconds = match self.unit {
            Unit::Minutes => 60,
            Unit::Hours => 3_600,
            Unit::Days => 86_400,
        };
        Duration::from_secs(u64::from(self.count) * seconds)
    }
}

impl Continuation {
    /// Whether a conversation that was closed so long ago is continued (S62, S63).
    #[must_use]
    pub fn reaches(self, since_closed: Duration) -> bool {
        match self {
            Self::Off => false,
            Self::Always => true,
            Self::Within(window) => since_closed <= window.length(),
        }
    }
}

/// The text is no continuation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write off, always, 1m to 99m, 1h to 99h or 1d to 90d")]
pub struct NotAContinuation;

impl FromStr for Continuation {
    type Err = NotAContinuation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => return Ok(Self::Off),
            "always" => return Ok(Self::Always),
            _ => {}
        }
        let (unit, most) = match text.chars().last() {
            Some('m') => (Unit::Minutes, 99),
            Some('h') => (Unit::Hours, 99),
            Some('d') => (Unit::Days, 90),
            Some(_) | None => return Err(NotAContinuation),
        };
        let count = text.get(..text.len() - 1).unwrap_or_default();
        if count.is_empty() || !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAContinuation);
        }
        let count: u8 = count.parse().map_err(|_| NotAContinuation)?;
        if !(1..=most).contains(&count) {
            return Err(NotAContinuation);
        }
        Ok(Self::Within(Window { count, unit }))
    }
}

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Always => f.write_str("always"),
            Self::Within(Window { count, unit }) => {
                let unit = match unit {
                    Unit::Minutes => 'm',
                    Unit::Hours => 'h',
                    Unit::Days => 'd',
                };
                write!(f, "{count}{unit}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_windows_are_those_of_the_rows() {
        // S60, S63, S65, S66, S67
        for text in ["off", "always", "1m", "99m", "1h", "99h", "1d", "90d"] {
            let read: Continuation = text.parse().unwrap();
            assert_eq!(read.to_string(), text);
        }
        for text in ["", "0m", "100m", "100h", "91d", "10s", "1w", "m", "-1m", "1.5h", "10", "1시"]
        {
            assert!(text.parse::<Continuation>().is_err(), "{text}");
        }
        assert_eq!(Continuation::default(), Continuation::Off);
    }

    #[test]
    fn the_window_is_counted_to_the_second() {
        // S62, S68
        let window: Continuation = "10m".parse().unwrap();
        assert!(window.reaches(Duration::from_secs(600)));
        assert!(!window.reaches(Duration::from_secs(601)));
        assert!(Continuation::Always.reaches(Duration::from_secs(u32::MAX.into())));
        assert!(!Continuation::Off.reaches(Duration::ZERO));
    }
}
