//! What is odd about where a leg's sound comes from; each oddity is told once a leg.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::leg::SoundTrouble;

/// An answered phone that has sent nothing for so long is not heard; whoever talks to it notices, too.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub struct Troubles {
    first: First,
    /// Where its sound has come from so far.
    place: Option<SocketAddr>,
    is_move_told: bool,
    /// Who has sent last without being believed.
    stranger: Option<SocketAddr>,
}

/// The leg's first sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum First {
    /// It need not come yet.
    #[default]
    Unasked,
    Awaited {
        until: Instant,
    },
    /// It has come, or it was told that it did not.
    Settled,
}

impl Troubles {
    /// The leg was tuned; `watched` when it should send from now on.
    pub fn tuned(&mut self, watched: bool, now: Instant) {
        self.first = match (self.first, watched) {
            (First::Settled, _) => First::Settled,
            (_, false) => First::Unasked,
            (First::Unasked, true) => First::Awaited { until: now + PATIENCE },
            (First::Awaited { until }, true) => First::Awaited { until },
        };
    }

    /// Something of the leg's own has come.
    pub fn heard(&mut self) {
        self.first = First::Settled;
    }

    /// Something came that is not believed to be the leg's.
    pub fn stranger(&mut self, from: SocketAddr) {
        self.stranger = Some(from);
    }

    /// We ourselves stood still; the leg is not to blame.
    pub fn stalled(&mut self, now: Instant) {
        if let First::Awaited { .. } = self.first {
            self.first = First::Awaited { until: now + PATIENCE };
        }
    }

    /// The leg's sound comes `from` there. That it is not where it was described is every day's work
    /// behind a NAT; told is the first move while it speaks that no description explains.
    pub fn comes_from(&mut self, described: SocketAddr, from: SocketAddr) -> Option<SoundTrouble> {
        let before = self.place.replace(from).filter(|before| *before != from)?;
        let is_news = described != from && !self.is_move_told;
        self.is_move_told |= is_news;
        is_news.then_some(SoundTrouble::Moved { before, from })
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.first {
            First::Awaited { until } => Some(until),
            First::Unasked | First::Settled => None,
        }
    }

    /// Once, when nothing has come from where it should.
    pub fn handle_timeout(&mut self, described: SocketAddr, now: Instant) -> Option<SoundTrouble> {
        self.poll_timeout().filter(|until| *until <= now)?;
        self.first = First::Settled;
        let seconds = PATIENCE.as_secs();
        Some(SoundTrouble::Unheard { described, stranger: self.stranger, seconds })
    }
}
