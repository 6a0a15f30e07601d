//! Whether a leg that should send still does.

use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Nothing need come: not answered, held, or not listened to.
    Off,
    Listening {
        until: Instant,
    },
    /// Said once; the next packet arms it again.
    Reported,
}

impl Watch {
    /// The leg was tuned; `watched` when it should send from now on.
    pub fn tuned(&mut self, watched: bool, limit: Duration, now: Instant) {
        *self = if watched { Self::Listening { until: now + limit } } else { Self::Off };
    }

    /// Something came from the leg.
    pub fn heard(&mut self, limit: Duration, now: Instant) {
        if *self != Self::Off {
            *self = Self::Listening { until: now + limit };
        }
    }

    /// We ourselves stood still; the leg is not to blame.
    pub fn stalled(&mut self, limit: Duration, now: Instant) {
        if let Self::Listening { .. } = self {
            *self = Self::Listening { until: now + limit };
        }
    }

    #[must_use]
    pub fn poll_timeout(self) -> Option<Instant> {
        match self {
            Self::Listening { until } => Some(until),
            Self::Off | Self::Reported => None,
        }
    }

    /// True once, when the leg has been silent for too long.
    pub fn handle_timeout(&mut self, now: Instant) -> bool {
        let over = self.poll_timeout().is_some_and(|until| until <= now);
        if over {
            *self = Self::Reported;
        }
        over
    }
}
