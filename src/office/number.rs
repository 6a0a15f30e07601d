//! A number that customers dial, and everything it is told to do.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::office::announcement::{Situation, Voices};
use crate::office::continuation::Continuation;
use crate::office::hours::hours::HoursName;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::recording::Recording;
use crate::office::route::Route;
use crate::office::wrap_up::WrapUpRule;

/// How long a caller waits for an answer: 10 to 120 seconds (S33), 30 unless told (SA1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingTime(Duration);

/// The ring time lies outside of what an office may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ring time must be 10s to 120s")]
pub struct RingTimeOutOfRange;

impl RingTime {
    /// # Errors
    /// Below 10 or above 120 seconds.
    pub fn new(time: Duration) -> Result<Self, RingTimeOutOfRange> {
        if (Duration::from_secs(10)..=Duration::from_secs(120)).contains(&time) {
            Ok(Self(time))
        } else {
            Err(RingTimeOutOfRange)
        }
    }

    #[must_use]
    pub fn get(self) -> Duration {
        self.0
    }
}

impl Default for RingTime {
    fn default() -> Self {
        Self(Duration::from_secs(30))
    }
}

/// What the caller hears while phones ring (S37–S41).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ringback {
    #[default]
    Looping,
    /// The tone of the country of the office's own number.
    National,
    /// A sound file of the office's own, repeated.
    File(Recording),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    pub number: PhoneNumber,
    /// Shown by agents to whom no number is routed (S80). At most one in the office.
    pub is_default: bool,
    /// The caller ID shown instead of `number` (S11).
    pub presented: Option<PhoneNumber>,
    /// When it answers; none: always.
    pub hours: Option<HoursName>,
    pub route: Route,
    pub ring_time: RingTime,
    pub ringback: Ringback,
    pub continuation: Continuation,
    pub announcements: BTreeMap<Situation, Voices>,
    /// Where its callers stand among those who wait for the same team (L122).
    pub priority: Priority,
    /// Instead of the team's or the office's rule, for calls with this number.
    pub wrap_up: Option<WrapUpRule>,
    /// Whether a caller whom nobody answers may leave word (L98, without a workflow).
    pub voicemail: bool,
}

impl Number {
    /// The number that the called party sees.
    #[must_use]
    pub fn shown(&self) -> &PhoneNumber {
        self.presented.as_ref().unwrap_or(&self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ring_time_is_ten_seconds_to_two_minutes() {
        let given = |seconds| RingTime::new(Duration::from_secs(seconds));
        assert_eq!(given(9), Err(RingTimeOutOfRange));
        assert_eq!(given(10).map(RingTime::get), Ok(Duration::from_secs(10)));
        assert_eq!(given(120).map(RingTime::get), Ok(Duration::from_secs(120)));
        assert_eq!(given(121), Err(RingTimeOutOfRange));
        assert_eq!(RingTime::default().get(), Duration::from_secs(30));
    }
}
