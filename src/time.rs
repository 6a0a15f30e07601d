//! Time as the pure parts see it: handed in, never read.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One point in time, read once by whoever received the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Never goes back; drives every timer.
    pub ticks: Instant,
    /// What the office clock shows; drives operating hours and records.
    pub wall: SystemTime,
}

impl Moment {
    /// Returns the moment that lies `wait` later.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self { ticks: self.ticks + wait, wall: self.wall + wait }
    }

    /// The wall clock, for calendars. A clock beyond all calendars says 1970.
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::try_from(self.wall).unwrap_or_default()
    }

    /// The wall clock as milliseconds since 1970, as records keep it.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        unix_millis(self.wall)
    }
}

/// Milliseconds since 1970; negative before, saturating far away.
#[must_use]
pub fn unix_millis(wall: SystemTime) -> i64 {
    match wall.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}

/// The inverse of [`unix_millis`].
#[must_use]
pub fn from_unix_millis(millis: i64) -> SystemTime {
    let distance = Duration::from_millis(millis.unsigned_abs());
    if millis < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance }
}
