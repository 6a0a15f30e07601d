//! Whether a phone still answers, asked by OPTIONS; and our own answer to that question.

use std::time::{Duration, Instant};

use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};

/// Below the shortest time that home routers keep a UDP mapping (RFC 4787 REQ-5 allows 120 s,
/// common boxes take 30 to 60).
pub const BEHIND_NAT: Duration = Duration::from_secs(30);
/// A phone on our own network needs no open door, only somebody who notices that it is gone.
pub const NEARBY: Duration = Duration::from_secs(120);
/// After a miss the next question comes sooner.
const AGAIN: Duration = Duration::from_secs(5);
/// Longer than timer F (RFC 3261 17.1.2.2): a result that never came is a miss.
const PATIENCE: Duration = Duration::from_secs(40);
/// So many questions in a row without an answer make a phone unreachable.
const MISSES: u8 = 3;

/// The methods we take, for `Allow`.
pub const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE";
/// The extensions we take, for `Supported`.
pub const SUPPORTED: &str = "100rel, timer, replaces, path, outbound";

/// The watch over one binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualify {
    /// A phone that has never answered OPTIONS is not called dead for not answering.
    has_answered: bool,
    misses: u8,
    every: Duration,
    next: Next,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// TCP: the connection tells.
    Nothing,
    Ask(Instant),
    /// Asked; given up then.
    Await(Instant),
}

impl Qualify {
    /// Asks at `first`, and then `every` so often as the phone answers.
    #[must_use]
    pub fn new(first: Instant, every: Duration) -> Self {
        Self { has_answered: false, misses: 0, every, next: Next::Ask(first) }
    }

    /// Asks nothing: the connection tells.
    #[must_use]
    pub fn never() -> Self {
        Self { has_answered: false, misses: 0, every: NEARBY, next: Next::Nothing }
    }

    /// The phone registered again, and is to be watched as `fresh` says: it lives. What it has
    /// answered before counts on.
    pub fn registered(&mut self, fresh: &Self) {
        *self = Self { has_answered: self.has_answered, ..fresh.clone() };
    }

    /// Asks at `at` if the next question is later.
    pub fn hurry(&mut self, at: Instant) {
        if let Next::Ask(later) = self.next {
            self.next = Next::Ask(later.min(at));
        }
    }

    /// Says whether a question is to be asked now.
    pub fn handle_timeout(&mut self, now: Instant) -> bool {
        match self.next {
            Next::Ask(at) if at <= now => {
                self.next = Next::Await(now + PATIENCE);
                true
            }
            Next::Await(at) if at <= now => {
                self.missed(now);
                false
            }
            Next::Nothing | Next::Ask(_) | Next::Await(_) => false,
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.next {
            Next::Nothing => None,
            Next::Ask(at) | Next::Await(at) => Some(at),
        }
    }

    /// Any final response is an answer.
    pub fn answered(&mut self, now: Instant) {
        self.has_answered = true;
        self.misses = 0;
        self.next = Next::Ask(now + self.every);
    }

    pub fn missed(&mut self, now: Instant) {
        self.misses = self.misses.saturating_add(1);
        let wait = if self.misses < MISSES { AGAIN } else { self.every };
        self.next = Next::Ask(now + wait);
    }

    /// False after three misses of a phone that used to answer.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        !(self.has_answered && self.is_silent())
    }

    /// Three misses, whether it used to answer or not.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.misses >= MISSES
    }
}

/// Our 200 to an OPTIONS (RFC 3261 11.2).
#[must_use]
pub fn options_response(request: &Request, tag: &str) -> Response {
    request
        .tagged_response(200, tag)
        .with(Name::Allow, ALLOW)
        .with(Name::Supported, SUPPORTED)
        .with(Name::Accept, "application/sdp")
        .with(Name::Other("accept-language".into()), "ko, en")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::sip::syntax::method::Method;

    fn second(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn three_misses_silence_a_phone_and_one_answer_brings_it_back() {
        let now = clock::now().ticks;
        let mut qualify = Qualify::new(now, BEHIND_NAT);
        assert!(qualify.handle_timeout(now));
        qualify.answered(now);
        assert_eq!(qualify.poll_timeout(), Some(now + BEHIND_NAT));
        for n in 1..=3 {
            assert!(qualify.is_reachable());
            let due = qualify.poll_timeout().unwrap();
            assert!(!qualify.handle_timeout(due - second(1)));
            assert!(qualify.handle_timeout(due));
            qualify.missed(due + second(n));
        }
        assert!(!qualify.is_reachable());
        qualify.answered(now);
        assert!(qualify.is_reachable());
    }

    #[test]
    fn a_phone_that_never_answers_options_is_still_rung() {
        let now = clock::now().ticks;
        let mut qualify = Qualify::new(now, BEHIND_NAT);
        for _ in 0..20 {
            qualify.missed(now);
        }
        assert!(qualify.is_reachable() && qualify.is_silent());
    }

    #[test]
    fn a_lost_result_is_a_miss_and_a_registration_is_an_answer() {
        let now = clock::now().ticks;
        let mut qualify = Qualify::new(now, BEHIND_NAT);
        qualify.answered(now);
        let mut at = now;
        while qualify.is_reachable() {
            at = qualify.poll_timeout().unwrap();
            qualify.handle_timeout(at);
        }
        assert!(at < now + second(200));
        qualify.registered(&Qualify::new(at + BEHIND_NAT, BEHIND_NAT));
        assert!(qualify.is_reachable());
        assert_eq!(qualify.poll_timeout(), Some(at + BEHIND_NAT));
        assert_eq!(Qualify::never().poll_timeout(), None);
    }

    #[test]
    fn options_are_answered_with_what_we_can() {
        let mut request = Request::new(Method::Options, "sip:naru");
        request.headers.push(Name::To, "<sip:naru>");
        let response = options_response(&request, "t");
        assert_eq!((response.status, response.to().tag()), (200, Some("t")));
        assert!(response.headers.get(&Name::Allow).unwrap().contains("UPDATE"));
    }
}
