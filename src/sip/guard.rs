//! How many wrong passwords a source is answered (goal S3).

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use crate::sip::recent::{Recent, network};

/// Goal S3: so many wrong answers are nobody's attack.
const FREE: u32 = 5;
/// Goal S3: after them, so many a minute are answered.
const A_MINUTE: usize = 10;
const MINUTE: Duration = Duration::from_secs(60);
/// A source that was quiet for so long starts anew.
const FORGIVEN: Duration = Duration::from_secs(3600);
/// Sources watched; beyond, those that were quiet for longest are let go.
const SOURCES: usize = 4096;
/// Wrong digests a source is remembered by.
const DIGESTS: usize = 8;
/// One request is sent at most 11 times (RFC 3261 17.1.2.2: timer E over 64*T1).
const COPIES: u8 = 11;

/// A source that is not answered all it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// IPv6 by its /64.
    pub source: IpAddr,
    /// Wrong passwords since it was first seen, copies counted once.
    pub wrong: u32,
    /// Of those, left without an answer.
    pub unanswered: u32,
    /// Requests without a password that were dropped unread, since it never gave one.
    pub dropped: u32,
    pub last: Instant,
}

/// Counts wrong passwords by source. The right password is always let in, so that nobody can lock
/// an office out of its own phones; what is bounded is what a guesser gets to hear.
pub struct Guard {
    sources: Recent<IpAddr, Source>,
}

#[derive(Default)]
struct Source {
    wrong: u32,
    unanswered: u32,
    answered: VecDeque<Instant>,
    digests: VecDeque<Seen>,
}

struct Seen {
    digest: u64,
    copies: u8,
    answered: bool,
}

impl Default for Guard {
    fn default() -> Self {
        Self { sources: Recent::new(SOURCES, FORGIVEN) }
    }
}

impl Guard {
    /// A wrong digest came from `source`; says whether it is answered. The same digest again is a
    /// retransmission: it counts once and is answered as the first was.
    pub fn wrong(&mut self, source: IpAddr, digest: &str, now: Instant) -> bool {
        self.sources.heard(network(source), now, Source::default).wrong(digest, now)
    }

    /// The sources that are held back, most recent last.
    #[must_use]
    pub fn bans(&self) -> Vec<Ban> {
        let held = self.sources.iter().filter(|(_, _, source)| source.unanswered > 0);
        held.map(|(address, last, source)| Ban {
            source: address,
            wrong: source.wrong,
            unanswered: source.unanswered,
            dropped: 0,
            last,
        })
        .collect()
    }

    /// Starts a source anew.
    pub fn pardon(&mut self, source: IpAddr) {
        self.sources.remove(&network(source));
    }
}

impl Source {
    fn wrong(&mut self, digest: &str, now: Instant) -> bool {
        let mut hasher = DefaultHasher::new();
        digest.hash(&mut hasher);
        let digest = hasher.finish();
        if let Some(seen) = self.digests.iter_mut().find(|seen| seen.digest == digest) {
            seen.copies = seen.copies.saturating_add(1);
            return seen.answered && seen.copies <= COPIES;
        }
        self.wrong = self.wrong.saturating_add(1);
        let answered = self.wrong <= FREE || self.has_room(now);
        if !answered {
            self.unanswered = self.unanswered.saturating_add(1);
        }
        if self.digests.len() == DIGESTS {
            self.digests.pop_front();
        }
        self.digests.push_back(Seen { digest, copies: 1, answered });
        answered
    }

    fn has_room(&mut self, now: Instant) -> bool {
        self.answered.retain(|at| now.saturating_duration_since(*at) < MINUTE);
        let has_room = self.answered.len() < A_MINUTE;
        if has_room {
            self.answered.push_back(now);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    fn source(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn after_five_ten_a_minute_are_answered() {
        let (mut guard, start) = (Guard::default(), clock::now().ticks);
        let answered = |guard: &mut Guard, minute: u64| {
            (0..600)
                .filter(|n| {
                    let now = start
                        + MINUTE * u32::try_from(minute).unwrap()
                        + Duration::from_millis(100 * n);
                    guard.wrong(source(1), &format!("{minute}-{n}"), now)
                })
                .count()
        };
        assert_eq!(answered(&mut guard, 0), 15);
        assert_eq!(answered(&mut guard, 1), 10);
        assert!(guard.wrong(source(2), "x", start), "another source");
        assert_eq!(guard.bans().len(), 1);
        assert_eq!(guard.bans()[0].wrong, 1200);
    }

    #[test]
    fn a_retransmission_counts_once() {
        let (mut guard, now) = (Guard::default(), clock::now().ticks);
        assert_eq!((0..50).filter(|_| guard.wrong(source(1), "same", now)).count(), 11);
        for n in 0..4 {
            assert!(guard.wrong(source(1), &n.to_string(), now));
        }
        assert!(guard.bans().is_empty());
    }

    #[test]
    fn quiet_forgives_and_so_does_an_admin() {
        let (mut guard, now) = (Guard::default(), clock::now().ticks);
        for n in 0..100 {
            guard.wrong(source(1), &n.to_string(), now);
        }
        assert!(!guard.wrong(source(1), "y", now));
        guard.pardon(source(1));
        assert!(guard.bans().is_empty() && guard.wrong(source(1), "z", now));
        for n in 0..100 {
            guard.wrong(source(1), &n.to_string(), now);
        }
        assert!(guard.wrong(source(1), "late", now + FORGIVEN));
        assert!(guard.bans().is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let (mut guard, now) = (Guard::default(), clock::now().ticks);
        for n in 0..20_000_u32 {
            guard.wrong(IpAddr::from(n.to_be_bytes()), "x", now + Duration::from_millis(n.into()));
        }
        assert_eq!(guard.sources.len(), SOURCES);
    }
}
