//! Provisional answers that must arrive (RFC 3262): both ends of 100rel.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::sip::leg::session_timer::has_option;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};

/// RFC 3261 17.1.1.1.
const T1: Duration = Duration::from_millis(500);

/// More unacknowledged progress than a call can make.
const MAX_QUEUED: usize = 4;

/// The sending side: one answer at a time is repeated until its PRACK comes.
#[derive(Debug, Default)]
pub struct ReliableSender {
    last: u32,
    pending: Option<Pending>,
    queued: VecDeque<Response>,
}

#[derive(Debug)]
struct Pending {
    response: Response,
    number: u32,
    next: Instant,
    wait: Duration,
    deadline: Instant,
}

/// What the time asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Due {
    Repeat(Response),
    /// RFC 3262 3: no PRACK for 64*T1; the INVITE is refused with 504.
    GiveUp,
}

impl ReliableSender {
    /// Numbers `response` and returns it if it may go out now; otherwise it waits its turn.
    pub fn send(&mut self, response: Response, now: Instant) -> Option<Response> {
        if self.pending.is_some() {
            if self.queued.len() < MAX_QUEUED {
                self.queued.push_back(response);
            }
            return None;
        }
        self.last += 1;
        let number = self.last;
        let response = response.with(Name::RSeq, number.to_string()).with(Name::Require, "100rel");
        self.pending = Some(Pending {
            response: response.clone(),
            number,
            next: now + T1,
            wait: T1,
            deadline: now + 64 * T1,
        });
        Some(response)
    }

    /// Whether something still waits for its PRACK.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.pending.is_some()
    }

    /// Takes a PRACK. `Err` means it acknowledges nothing we wait for (481); `Ok` carries the
    /// answer that goes out next.
    ///
    /// # Errors
    /// When RAck names no unacknowledged answer of INVITE `cseq`.
    pub fn acknowledge(
        &mut self,
        prack: &Request,
        cseq: u32,
        now: Instant,
    ) -> Result<Option<Response>, UnknownRack> {
        let rack = prack.headers.get(&Name::RAck).ok_or(UnknownRack)?;
        let mut words = rack.split_ascii_whitespace();
        let mut number = || words.next()?.parse::<u32>().ok();
        let named = (number(), number());
        let pending = self.pending.as_ref().ok_or(UnknownRack)?;
        if named != (Some(pending.number), Some(cseq)) {
            return Err(UnknownRack);
        }
        self.pending = None;
        let next = self.queued.pop_front();
        Ok(next.and_then(|next| self.send(next, now)))
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.pending.as_ref().map(|pending| pending.next.min(pending.deadline))
    }

    pub fn handle_timeout(&mut self, now: Instant) -> Option<Due> {
        let pending = self.pending.as_mut()?;
        if pending.deadline <= now {
            self.pending = None;
            return Some(Due::GiveUp);
        }
        if pending.next > now {
            return None;
        }
        pending.wait *= 2;
        pending.next = now + pending.wait;
        Some(Due::Repeat(pending.response.clone()))
    }
}

/// RAck names nothing that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRack;

/// The receiving side of one early dialog.
#[derive(Clone, Debug, Default)]
pub struct ReliableReceiver {
    last: Option<u32>,
}

/// What a provisional answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Unreliable: take it as it is.
    Plain,
    /// Take it and send PRACK with this RAck.
    Acknowledge(String),
    /// Seen before, or one before it is missing: drop it.
    Ignore,
}

impl ReliableReceiver {
    pub fn receive(&mut self, response: &Response) -> Receipt {
        let number = response.headers.get(&Name::RSeq).and_then(|text| text.trim().parse().ok());
        let Some(number) =
            number.filter(|_| has_option(&response.headers, &Name::Require, "100rel"))
        else {
            return Receipt::Plain;
        };
        let expected = self.last.and_then(|last: u32| last.checked_add(1));
        if self.last.is_some() && expected != Some(number) {
            return Receipt::Ignore;
        }
        self.last = Some(number);
        let (cseq, method) = response
            .cseq()
            .map_or((1, "INVITE".into()), |(number, method)| (number, method.to_string()));
        Receipt::Acknowledge(format!("{number} {cseq} {method}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::syntax::method::Method;

    fn response(status: u16) -> Response {
        Request::new(Method::Invite, "sip:x").response(status)
    }

    fn prack(rack: &str) -> Request {
        let mut request = Request::new(Method::Prack, "sip:x");
        request.headers.push(Name::RAck, rack);
        request
    }

    #[expect(clippy::disallowed_methods, reason = "some instant to count from")]
    fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn the_second_answer_waits_for_the_prack_of_the_first() {
        let now = start();
        let mut sender = ReliableSender::default();
        let first = sender.send(response(180), now).unwrap();
        assert_eq!(first.headers.get(&Name::RSeq), Some("1"));
        assert_eq!(sender.send(response(183), now), None);
        assert_eq!(sender.acknowledge(&prack("2 7 INVITE"), 7, now), Err(UnknownRack));
        assert_eq!(sender.acknowledge(&prack("x"), 7, now), Err(UnknownRack));
        let second = sender.acknowledge(&prack("1 7 INVITE"), 7, now).unwrap().unwrap();
        assert_eq!((second.status, second.headers.get(&Name::RSeq)), (183, Some("2")));
        assert!(sender.is_waiting());
        assert_eq!(sender.acknowledge(&prack("2 7 INVITE"), 7, now), Ok(None));
        assert_eq!(sender.poll_timeout(), None);
    }

    #[test]
    fn an_unacknowledged_answer_is_repeated_and_given_up() {
        let now = start();
        let mut sender = ReliableSender::default();
        sender.send(response(183), now).unwrap();
        let mut repeats = 0;
        loop {
            let due = sender.poll_timeout().unwrap();
            match sender.handle_timeout(due).unwrap() {
                Due::Repeat(again) => assert_eq!(again.headers.get(&Name::RSeq), Some("1")),
                Due::GiveUp => {
                    assert_eq!(due, now + 64 * T1);
                    break;
                }
            }
            repeats += 1;
        }
        assert_eq!(repeats, 6);
    }

    #[test]
    fn reliable_answers_are_taken_in_order_and_once() {
        let mut receiver = ReliableReceiver::default();
        let reliable = |number: &str| {
            response(183)
                .with(Name::RSeq, number)
                .with(Name::Require, "100rel")
                .with(Name::CSeq, "3 INVITE")
        };
        assert_eq!(receiver.receive(&response(180)), Receipt::Plain);
        let first = receiver.receive(&reliable("41"));
        assert_eq!(first, Receipt::Acknowledge("41 3 INVITE".into()));
        assert_eq!(receiver.receive(&reliable("41")), Receipt::Ignore);
        assert_eq!(receiver.receive(&reliable("43")), Receipt::Ignore);
        assert_eq!(receiver.receive(&reliable("42")), Receipt::Acknowledge("42 3 INVITE".into()));
    }
}
