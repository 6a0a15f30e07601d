//! One transaction in which we ask (RFC 3261 17.1, RFC 6026 7.2).

use std::time::Instant;

use bytes::Bytes;

use crate::sip::flow::Flow;
use crate::sip::syntax::header::{Headers, Name};
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::transaction::event::Failure;
use crate::sip::transaction::timer::{Repeat, TIMER_C, TimerConfig};

#[derive(Debug)]
pub struct ClientTransaction {
    /// Where its copies, its ACK and its CANCEL go.
    pub flow: Flow,
    pub owner: Owner,
    state: State,
}

/// Who wants to know how it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Dialog,
    /// A CANCEL: what comes of it shows at the INVITE.
    Layer,
}

#[derive(Debug)]
enum State {
    /// An INVITE without any answer: timers A and B. A CANCEL waits for the first answer, or
    /// it could overtake the INVITE (RFC 3261 9.1).
    Calling { sent: Sent, invite: Box<Request>, wish: Wish },
    /// An INVITE with a provisional answer: timer C.
    Proceeding { invite: Box<Request>, until: Instant },
    /// CANCEL has been sent.
    Cancelling { invite: Box<Request>, until: Instant },
    /// An INVITE with a final answer that is no 2xx: its copies are acknowledged until timer D.
    Completed { ack: Bytes, until: Instant },
    /// An INVITE with a 2xx: copies and other forks are let through until timer M.
    Accepted { until: Instant },
    /// A non-INVITE without a final answer: timers E and F.
    Trying { sent: Sent },
    /// A non-INVITE's final answer came; copies are absorbed until timer K.
    Answered { until: Instant },
}

/// A request on the wire.
#[derive(Debug)]
struct Sent {
    bytes: Bytes,
    /// None over a reliable transport.
    repeat: Option<Repeat>,
    /// How often it has been sent.
    times: u32,
    until: Instant,
}

#[derive(Debug)]
enum Wish {
    Ring,
    /// With the value of its Reason header.
    Cancel(Option<String>),
}

/// What a response means.
#[derive(Debug)]
pub enum ClientStep {
    Absorb,
    /// A copy of a final answer: send the ACK again.
    Send(Bytes),
    Deliver,
    /// Deliver, and send this ACK.
    DeliverAndAcknowledge(Bytes),
    /// Deliver unless it is a 100, and send this CANCEL.
    DeliverAndCancel(Box<Request>),
}

/// What a timer asks for.
#[derive(Debug)]
pub enum ClientTimeout {
    Nothing,
    Send(Bytes),
    Cancel(Box<Request>),
    End,
    Failed(Failure),
}

impl ClientTransaction {
    /// `request` is complete and prints as `bytes`.
    #[must_use]
    pub fn new(
        request: Request,
        bytes: Bytes,
        flow: Flow,
        owner: Owner,
        (config, now): (&TimerConfig, Instant),
    ) -> Self {
        let is_invite = request.method == Method::Invite;
        let longest = if is_invite { config.patience() } else { config.t2 };
        let repeat = (!flow.is_reliable()).then(|| Repeat::new(now, config.t1, longest));
        let sent = Sent { bytes, repeat, times: 1, until: now + config.patience() };
        let state = if is_invite {
            let invite = Box::new(Request { body: Bytes::new(), ..request });
            State::Calling { sent, invite, wish: Wish::Ring }
        } else {
            State::Trying { sent }
        };
        Self { flow, owner, state }
    }

    /// Whether word that its flow is broken ends it. The kernel says of a far end, not of a
    /// datagram, that it is unreachable: it may mean one sent before this request, when the phone
    /// was just starting. So over UDP the request is sent again before that is believed.
    #[must_use]
    pub fn falls_with_its_flow(&self) -> bool {
        match &self.state {
            State::Calling { sent, .. } | State::Trying { sent } => {
                self.flow.is_reliable() || sent.times > 1
            }
            State::Proceeding { .. } | State::Cancelling { .. } => self.flow.is_reliable(),
            State::Completed { .. } | State::Accepted { .. } | State::Answered { .. } => false,
        }
    }

    /// What a response that need not be read means; `None` if it must be read.
    #[must_use]
    pub fn absorb(&self, status: u16) -> Option<ClientStep> {
        match &self.state {
            State::Completed { ack, .. } if status >= 300 => Some(ClientStep::Send(ack.clone())),
            State::Accepted { .. } if (200..300).contains(&status) => None,
            State::Completed { .. } | State::Accepted { .. } | State::Answered { .. } => {
                Some(ClientStep::Absorb)
            }
            State::Calling { .. }
            | State::Proceeding { .. }
            | State::Cancelling { .. }
            | State::Trying { .. } => None,
        }
    }

    /// A response for this transaction came.
    pub fn response_came(
        &mut self,
        response: &Response,
        config: &TimerConfig,
        now: Instant,
    ) -> ClientStep {
        if let Some(step) = self.absorb(response.status) {
            return step;
        }
        let reliable = self.flow.is_reliable();
        match &mut self.state {
            State::Trying { sent } if response.is_provisional() => {
                // RFC 3261 17.1.2.2: from now on each T2.
                sent.repeat = sent.repeat.map(|_| Repeat::new(now, config.t2, config.t2));
                ClientStep::Deliver
            }
            State::Trying { .. } => {
                self.state = State::Answered { until: now + config.linger(reliable) };
                ClientStep::Deliver
            }
            State::Calling { .. } | State::Proceeding { .. } | State::Cancelling { .. } => {
                self.invite_answered(response, config, now)
            }
            State::Accepted { .. } | State::Completed { .. } | State::Answered { .. } => {
                ClientStep::Deliver
            }
        }
    }

    fn invite_answered(
        &mut self,
        response: &Response,
        config: &TimerConfig,
        now: Instant,
    ) -> ClientStep {
        if response.is_provisional() {
            return self.invite_progresses(config, now);
        }
        let (State::Calling { invite, .. }
        | State::Proceeding { invite, .. }
        | State::Cancelling { invite, .. }) = &self.state
        else {
            return ClientStep::Absorb;
        };
        if response.is_success() {
            self.state = State::Accepted { until: now + config.patience() };
            return ClientStep::Deliver;
        }
        let to = response.headers.get(&Name::To);
        let ack = same_hop(invite, Method::Ack, to).to_bytes();
        let until = now + config.d(self.flow.is_reliable());
        self.state = State::Completed { ack: ack.clone(), until };
        ClientStep::DeliverAndAcknowledge(ack)
    }

    fn invite_progresses(&mut self, config: &TimerConfig, now: Instant) -> ClientStep {
        match &mut self.state {
            State::Calling { invite, wish: Wish::Cancel(reason), .. } => {
                let cancel = Box::new(cancel_of(invite, reason.as_deref()));
                let invite = invite.clone();
                self.state = State::Cancelling { invite, until: now + config.patience() };
                ClientStep::DeliverAndCancel(cancel)
            }
            State::Calling { invite, wish: Wish::Ring, .. } | State::Proceeding { invite, .. } => {
                let invite = invite.clone();
                self.state = State::Proceeding { invite, until: now + TIMER_C };
                ClientStep::Deliver
            }
            State::Cancelling { .. }
            | State::Completed { .. }
            | State::Accepted { .. }
            | State::Trying { .. }
            | State::Answered { .. } => ClientStep::Deliver,
        }
    }

    /// The owner wants the INVITE stopped; gives the CANCEL if it may be sent now.
    pub fn cancel(
        &mut self,
        reason: Option<&str>,
        config: &TimerConfig,
        now: Instant,
    ) -> Option<Box<Request>> {
        match &mut self.state {
            State::Calling { wish, .. } => {
                *wish = Wish::Cancel(reason.map(str::to_owned));
                None
            }
            State::Proceeding { invite, .. } => {
                let cancel = Box::new(cancel_of(invite, reason));
                let invite = invite.clone();
                self.state = State::Cancelling { invite, until: now + config.patience() };
                Some(cancel)
            }
            State::Cancelling { .. }
            | State::Completed { .. }
            | State::Accepted { .. }
            | State::Trying { .. }
            | State::Answered { .. } => None,
        }
    }

    /// When [`Self::handle_timeout`] wants to be called, and why.
    #[must_use]
    pub fn due(&self) -> (Instant, &'static str) {
        match &self.state {
            State::Calling { sent, .. } => sent.due("timer A", "timer B"),
            State::Trying { sent } => sent.due("timer E", "timer F"),
            State::Proceeding { until, .. } => (*until, "timer C"),
            State::Cancelling { until, .. } => (*until, "end of a cancelled INVITE"),
            State::Completed { until, .. } => (*until, "timer D"),
            State::Accepted { until } => (*until, "timer M"),
            State::Answered { until } => (*until, "timer K"),
        }
    }

    pub fn handle_timeout(&mut self, config: &TimerConfig, now: Instant) -> ClientTimeout {
        match &mut self.state {
            State::Calling { sent, .. } | State::Trying { sent } => sent.handle_timeout(now),
            State::Proceeding { until, .. } if *until <= now => {
                self.cancel(None, config, now).map_or(ClientTimeout::End, ClientTimeout::Cancel)
            }
            State::Cancelling { until, .. } if *until <= now => {
                ClientTimeout::Failed(Failure::TimedOut)
            }
            State::Completed { until, .. }
            | State::Accepted { until }
            | State::Answered { until }
                if *until <= now =>
            {
                ClientTimeout::End
            }
            State::Proceeding { .. }
            | State::Cancelling { .. }
            | State::Completed { .. }
            | State::Accepted { .. }
            | State::Answered { .. } => ClientTimeout::Nothing,
        }
    }
}

impl Sent {
    fn due(&self, again: &'static str, end: &'static str) -> (Instant, &'static str) {
        let end = (self.until, end);
        self.repeat.map_or(end, |repeat| (repeat.at, again).min(end))
    }

    fn handle_timeout(&mut self, now: Instant) -> ClientTimeout {
        if self.until <= now {
            return ClientTimeout::Failed(Failure::TimedOut);
        }
        match self.repeat {
            Some(repeat) if repeat.at <= now => {
                self.repeat = Some(repeat.next(now));
                self.times += 1;
                ClientTimeout::Send(self.bytes.clone())
            }
            Some(_) | None => ClientTimeout::Nothing,
        }
    }
}

/// RFC 3261 9.1; RFC 3326 for the reason.
fn cancel_of(invite: &Request, reason: Option<&str>) -> Request {
    let mut cancel = same_hop(invite, Method::Cancel, invite.headers.get(&Name::To));
    if let Some(reason) = reason {
        cancel.headers.push(Name::Reason, reason);
    }
    cancel
}

/// An ACK or CANCEL that belongs to `invite`: same Request-URI, branch and route (RFC 3261 9.1,
/// 17.1.1.3).
fn same_hop(invite: &Request, method: Method, to: Option<&str>) -> Request {
    let cseq = format!("{} {method}", invite.cseq().unwrap_or_default());
    let mut headers = Headers::new();
    headers.push(Name::Via, invite.headers.get(&Name::Via).unwrap_or_default());
    for route in invite.headers.all(&Name::Route) {
        headers.push(Name::Route, route);
    }
    headers.push(Name::MaxForwards, "70");
    headers.push(Name::From, invite.headers.get(&Name::From).unwrap_or_default());
    headers.push(Name::To, to.unwrap_or_default());
    headers.push(Name::CallId, invite.call_id());
    headers.push(Name::CSeq, cseq);
    Request { method, uri: invite.uri.clone(), headers, body: Bytes::new() }
}
