//! Whether agents have time for after-call work, and how much (S16–S26).

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::office::duration;

/// 10 seconds to 60 minutes (S23, S24).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrapUpLimit(Duration);

/// The limit lies outside of what an office may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a wrap-up limit must be 10s to 60m")]
pub struct WrapUpOutOfRange;

impl WrapUpLimit {
    /// # Errors
    /// Below 10 seconds or above 60 minutes.
    pub fn new(limit: Duration) -> Result<Self, WrapUpOutOfRange> {
        if (Duration::from_secs(10)..=Duration::from_secs(3_600)).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err(WrapUpOutOfRange)
        }
    }

    #[must_use]
    pub fn get(self) -> Duration {
        self.0
    }
}

/// S22
impl Default for WrapUpLimit {
    fn default() -> Self {
        Self(Duration::from_secs(120))
    }
}

/// The rule of the office, of a team or of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WrapUpRule {
    /// The next call may ring at once (S26).
    #[default]
    Off,
    /// No call rings until the agent ends it or the limit has come (S19–S21); without a limit only
    /// the agent ends it (S25).
    On { limit: Option<WrapUpLimit> },
}

/// `off`, `unlimited`, or the limit: as rows and lists keep it.
impl fmt::Display for WrapUpRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::On { limit: None } => f.write_str("unlimited"),
            Self::On { limit: Some(limit) } => f.write_str(&duration::print(limit.get())),
        }
    }
}

impl FromStr for WrapUpRule {
    type Err = WrapUpOutOfRange;

    fn from_str(text: &str) -> Result<Self, WrapUpOutOfRange> {
        match text {
            "off" => Ok(Self::Off),
            "unlimited" => Ok(Self::On { limit: None }),
            limit => {
                let limit = duration::parse(limit).map_err(|_| WrapUpOutOfRange)?;
                Ok(Self::On { limit: Some(WrapUpLimit::new(limit)?) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        for text in ["off", "unlimited", "10s", "2m", "1h"] {
            assert_eq!(text.parse::<WrapUpRule>().unwrap().to_string(), text);
        }
        // S23, S24
        for text in ["9s", "3601s", "on", ""] {
            assert_eq!(text.parse::<WrapUpRule>(), Err(WrapUpOutOfRange), "{text}");
        }
        assert_eq!(duration::print(WrapUpLimit::default().get()), "2m", "S22");
    }
}
