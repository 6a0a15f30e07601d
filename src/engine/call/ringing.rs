//! Several phones, or one far end, being called at once until one of them answers.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::leg::{HangupCause, LegId};
use crate::time::Moment;

/// The clock of the caller's patience. It starts anew when the first phone really rings, so that
/// nobody loses ring time to the network (S34).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    Calling {
        until: Instant,
    },
    Ringing {
        until: Instant,
    },
    /// The far end sends sound before its answer.
    Sounding {
        until: Instant,
    },
}

/// Legs that have been placed for one caller.
#[derive(Clone, Debug)]
pub struct Ringing {
    legs: BTreeSet<LegId>,
    limit: Duration,
    clock: Clock,
    /// The most telling cause of those that are gone.
    gone: HangupCause,
}

/// What the end of one leg means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegGone {
    OthersRing,
    /// That was the last; the cause speaks for all of them.
    NobodyLeft(HangupCause),
}

impl Ringing {
    pub(crate) fn start(legs: BTreeSet<LegId>, limit: Duration, now: Moment) -> Self {
        let clock = Clock::Calling { until: now.ticks + limit };
        Self { legs, limit, clock, gone: HangupCause::Unreachable }
    }

    pub(crate) fn leg_rang(&mut self, now: Moment) {
        match self.clock {
            Clock::Calling { .. } => {
                self.clock = Clock::Ringing { until: now.ticks + self.limit };
            }
            Clock::Ringing { .. } | Clock::Sounding { .. } => {}
        }
    }

    /// Returns whether the sound is new.
    pub(crate) fn leg_sounds(&mut self, now: Moment) -> bool {
        self.leg_rang(now);
        match self.clock {
            Clock::Calling { until } | Clock::Ringing { until } => {
                self.clock = Clock::Sounding { until };
                true
            }
            Clock::Sounding { .. } => false,
        }
    }

    pub(crate) fn leg_ended(&mut self, leg: LegId, cause: HangupCause) -> LegGone {
        self.legs.remove(&leg);
        if weight(cause) >= weight(self.gone) {
            self.gone = cause;
        }
        if self.legs.is_empty() { LegGone::NobodyLeft(self.gone) } else { LegGone::OthersRing }
    }

    /// The legs that still ring.
    pub(crate) fn legs(&self) -> impl Iterator<Item = LegId> {
        self.legs.iter().copied()
    }

    /// For how long it has rung; before the first phone rings no time counts.
    pub(crate) fn used(&self, now: Moment) -> Duration {
        match self.clock {
            Clock::Calling { .. } => Duration::ZERO,
            Clock::Ringing { until } | Clock::Sounding { until } => {
                self.limit.saturating_sub(until.saturating_duration_since(now.ticks))
            }
        }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    pub(crate) fn poll_timeout(&self) -> Instant {
        match self.clock {
            Clock::Calling { until } | Clock::Ringing { until } | Clock::Sounding { until } => {
                until
            }
        }
    }
}

/// Which cause tells the caller most when several phones did not take the call.
fn weight(cause: HangupCause) -> u8 {
    match cause {
        HangupCause::Busy => 5,
        HangupCause::Declined => 4,
        HangupCause::NoAnswer
        | HangupCause::Normal
        | HangupCause::Cancelled
        | HangupCause::AnsweredElsewhere => 3,
        HangupCause::Forbidden
        | HangupCause::NotAcceptable
        | HangupCause::Overloaded
        | HangupCause::MediaLost
        | HangupCause::SessionExpired
        | HangupCause::AckMissing
        | HangupCause::Stopping
        | HangupCause::Interrupted
        | HangupCause::Failed { .. } => 2,
        HangupCause::NotFound => 1,
        HangupCause::Unreachable => 0,
    }
}
