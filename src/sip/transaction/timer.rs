//! The times of the transaction layer (RFC 3261 17 and table 4, RFC 6026 7).

use std::time::{Duration, Instant};

/// The three times all others derive from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerConfig {
    /// Estimate of the round trip.
    pub t1: Duration,
    /// Longest wait between copies of a non-INVITE request or an INVITE's answer.
    pub t2: Duration,
    /// How long a message may stay in the network.
    pub t4: Duration,
}

impl Default for TimerConfig {
    fn default() -> Self {
        Self {
            t1: Duration::from_millis(500),
            t2: Duration::from_secs(4),
            t4: Duration::from_secs(5),
        }
    }
}

/// RFC 3261 16.6 item 11: more than 3 minutes. A call is stopped long before by whoever placed it.
pub const TIMER_C: Duration = Duration::from_secs(181);

/// RFC 3261 13.3.1.1: a provisional answer each minute, or proxies give the call up.
pub const PROVISIONAL_REPEAT: Duration = Duration::from_secs(60);

impl TimerConfig {
    /// Timers B, F, H, J, L, M and the wait for a cancelled INVITE's end.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.t1 * 64
    }

    /// Timer D: at least 32 s over UDP.
    #[must_use]
    pub fn d(&self, reliable: bool) -> Duration {
        unless(reliable, self.patience().max(Duration::from_secs(32)))
    }

    /// Timers I and K.
    #[must_use]
    pub fn linger(&self, reliable: bool) -> Duration {
        unless(reliable, self.t4)
    }

    /// Timer J.
    #[must_use]
    pub fn j(&self, reliable: bool) -> Duration {
        unless(reliable, self.patience())
    }
}

fn unless(reliable: bool, wait: Duration) -> Duration {
    if reliable { Duration::ZERO } else { wait }
}

/// When something is sent again, and how the wait grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    pub at: Instant,
    wait: Duration,
    longest: Duration,
}

impl Repeat {
    /// First after `wait`, then after twice as long each time up to `longest`.
    #[must_use]
    pub fn new(now: Instant, wait: Duration, longest: Duration) -> Self {
        Self { at: now + wait, wait, longest }
    }

    /// It was sent again; counts from `now`, so that a machine that slept sends no burst.
    #[must_use]
    pub fn next(self, now: Instant) -> Self {
        let wait = (self.wait * 2).min(self.longest);
        Self { at: now + wait, wait, ..self }
    }
}
