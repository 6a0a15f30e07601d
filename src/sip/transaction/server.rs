//! One transaction in which we answer (RFC 3261 17.2, RFC 6026 7.1).

use std::time::Instant;

use bytes::Bytes;

use crate::sip::flow::Flow;
use crate::sip::syntax::message::Response;
use crate::sip::transaction::key::TransactionId;
use crate::sip::transaction::timer::{PROVISIONAL_REPEAT, Repeat, TIMER_C, TimerConfig};

/// Kept small: a finished one weighs its answer's bytes and little more.
#[derive(Debug)]
pub struct ServerTransaction {
    /// Where its answers go.
    pub flow: Flow,
    /// Under what other copies of the same INVITE are recognised (RFC 3261 8.2.2.2).
    pub merged: Option<TransactionId>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// A non-INVITE nobody has answered yet, but perhaps provisionally.
    Trying { last: Option<Bytes>, until: Instant },
    /// A non-INVITE's final answer (Completed), kept for its copies until timer J.
    Answered { answer: Bytes, until: Instant },
    /// An INVITE with no answer but perhaps 100. Whoever lets it wait so long has lost it.
    Arrived { trying: Option<Bytes>, until: Instant },
    /// An INVITE with a provisional answer.
    Proceeding { last: Bytes, tag: Option<Box<str>>, repeat_at: Instant },
    /// An INVITE's 2xx, repeated until it is acknowledged or timer L ends all.
    Accepted { answer: Bytes, tag: Option<Box<str>>, repeat: Repeat, until: Instant },
    /// Its ACK came; copies of the INVITE are absorbed until timer L.
    Acknowledged { until: Instant },
    /// An INVITE's other final answer; repeated by timer G over UDP, given up by timer H.
    Completed { answer: Bytes, tag: Option<Box<str>>, repeat: Option<Repeat>, until: Instant },
    /// Its ACK came; further ones are absorbed until timer I.
    Confirmed { until: Instant },
}

/// What a timer of this transaction asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum ServerStep {
    Nothing,
    Send(Bytes),
    /// The transaction is over.
    End,
    /// It is over, and the 2xx was never acknowledged.
    EndUnacknowledged,
}

/// What an ACK means to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckMeaning {
    /// It belongs to the dialog.
    OfDialog,
    Absorbed,
    /// Absorbed, and the transaction is over (timer I is zero).
    End,
}

impl ServerTransaction {
    #[must_use]
    pub fn new(flow: Flow, now: Instant, config: &TimerConfig) -> Self {
        let state = State::Trying { last: None, until: now + config.patience() };
        Self { flow, merged: None, state }
    }

    #[must_use]
    pub fn new_invite(flow: Flow, merged: Option<TransactionId>, now: Instant) -> Self {
        Self { flow, merged, state: State::Arrived { trying: None, until: now + TIMER_C } }
    }

    /// An INVITE that has had no answer at all yet.
    #[must_use]
    pub fn is_untouched_invite(&self) -> bool {
        matches!(self.state, State::Arrived { trying: None, .. })
    }

    /// An INVITE that a CANCEL can still stop (RFC 3261 9.2).
    #[must_use]
    pub fn is_unanswered_invite(&self) -> bool {
        matches!(self.state, State::Arrived { .. } | State::Proceeding { .. })
    }

    /// All is said, and only copies of what was said are waited for.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(
            self.state,
            State::Answered { .. } | State::Acknowledged { .. } | State::Confirmed { .. }
        )
    }

    /// The To tag of our answers to an INVITE.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        match &self.state {
            State::Proceeding { tag, .. }
            | State::Accepted { tag, .. }
            | State::Completed { tag, .. } => tag.as_deref(),
            State::Trying { .. }
            | State::Answered { .. }
            | State::Arrived { .. }
            | State::Acknowledged { .. }
            | State::Confirmed { .. } => None,
        }
    }

    /// What a copy of the request is answered. A 2xx is repeated by its own timer, so that the
    /// copies of an answered INVITE are absorbed (RFC 6026 7.1).
    #[must_use]
    pub fn answer_to_copy(&self) -> Option<Bytes> {
        match &self.state {
            State::Trying { last, .. } | State::Arrived { trying: last, .. } => last.clone(),
            State::Proceeding { last: answer, .. }
            | State::Answered { answer, .. }
            | State::Completed { answer, .. } => Some(answer.clone()),
            State::Accepted { .. } | State::Acknowledged { .. } | State::Confirmed { .. } => None,
        }
    }

    /// 100 has been sent.
    pub fn trying_sent(&mut self, bytes: Bytes) {
        if let State::Arrived { trying: trying @ None, .. } = &mut self.state {
            *trying = Some(bytes);
        }
    }

    /// Whether `response`, which prints as `bytes`, may go out now: a final answer is given once.
    pub fn respond(
        &mut self,
        response: &Response,
        bytes: &Bytes,
        config: &TimerConfig,
        now: Instant,
    ) -> bool {
        match &mut self.state {
            State::Trying { last, .. } if response.is_provisional() => *last = Some(bytes.clone()),
            State::Arrived { trying, .. } if response.status == 100 => {
                *trying = Some(bytes.clone());
            }
            State::Proceeding { .. } if response.status == 100 => return false,
            State::Arrived { .. } | State::Proceeding { .. } if response.is_provisional() => {
                let tag = response.to().tag().map(Box::from);
                let (last, repeat_at) = (bytes.clone(), now + PROVISIONAL_REPEAT);
                self.state = State::Proceeding { last, tag, repeat_at };
            }
            State::Trying { .. } => {
                let until = now + config.j(self.flow.is_reliable());
                self.state = State::Answered { answer: bytes.clone(), until };
            }
            State::Arrived { .. } | State::Proceeding { .. } => {
                self.state = Self::answered_invite(self.flow, response, bytes, config, now);
            }
            State::Answered { .. }
            | State::Accepted { .. }
            | State::Acknowledged { .. }
            | State::Completed { .. }
            | State::Confirmed { .. } => return false,
        }
        true
    }

    fn answered_invite(
        flow: Flow,
        response: &Response,
        bytes: &Bytes,
        config: &TimerConfig,
        now: Instant,
    ) -> State {
        let answer = bytes.clone();
        let tag = response.to().tag().map(Box::from);
        let until = now + config.patience();
        let repeat = Repeat::new(now, config.t1, config.t2);
        if response.is_success() {
            // RFC 3261 13.3.1.4: repeated over any transport, the next hop may be a proxy.
            return State::Accepted { answer, tag, repeat, until };
        }
        let repeat = (!flow.is_reliable()).then_some(repeat);
        State::Completed { answer, tag, repeat, until }
    }

    /// The dialog saw the ACK of the 2xx.
    pub fn acknowledged(&mut self) {
        if let State::Accepted { until, .. } = self.state {
            self.state = State::Acknowledged { until };
        }
    }

    /// An ACK that matches this transaction came.
    pub fn ack_came(&mut self, config: &TimerConfig, now: Instant) -> AckMeaning {
        match self.state {
            State::Completed { .. } if self.flow.is_reliable() => AckMeaning::End,
            State::Completed { .. } => {
                self.state = State::Confirmed { until: now + config.linger(false) };
                AckMeaning::Absorbed
            }
            State::Accepted { .. } | State::Acknowledged { .. } => AckMeaning::OfDialog,
            State::Trying { .. }
            | State::Answered { .. }
            | State::Arrived { .. }
            | State::Proceeding { .. }
            | State::Confirmed { .. } => AckMeaning::Absorbed,
        }
    }

    /// When [`Self::handle_timeout`] wants to be called, and why.
    #[must_use]
    pub fn due(&self) -> (Instant, &'static str) {
        match &self.state {
            State::Trying { until, .. } | State::Arrived { until, .. } => {
                (*until, "request nobody answered")
            }
            State::Answered { until, .. } => (*until, "timer J"),
            State::Proceeding { repeat_at, .. } => (*repeat_at, "provisional repeat"),
            State::Accepted { repeat, until, .. } => {
                (repeat.at, "2xx repeat").min((*until, "timer L"))
            }
            State::Completed { repeat, until, .. } => {
                let end = (*until, "timer H");
                repeat.map_or(end, |repeat| (repeat.at, "timer G").min(end))
            }
            State::Acknowledged { until } => (*until, "timer L"),
            State::Confirmed { until } => (*until, "timer I"),
        }
    }

    pub fn handle_timeout(&mut self, now: Instant) -> ServerStep {
        match &mut self.state {
            State::Trying { until, .. }
            | State::Answered { until, .. }
            | State::Arrived { until, .. }
            | State::Acknowledged { until }
            | State::Confirmed { until }
            | State::Completed { until, .. }
                if *until <= now =>
            {
                ServerStep::End
            }
            State::Accepted { until, .. } if *until <= now => ServerStep::EndUnacknowledged,
            State::Proceeding { last, repeat_at, .. } if *repeat_at <= now => {
                *repeat_at = now + PROVISIONAL_REPEAT;
                ServerStep::Send(last.clone())
            }
            State::Accepted { answer, repeat, .. }
            | State::Completed { answer, repeat: Some(repeat), .. }
                if repeat.at <= now =>
            {
                *repeat = repeat.next(now);
                ServerStep::Send(answer.clone())
            }
            State::Trying { .. }
            | State::Answered { .. }
            | State::Arrived { .. }
            | State::Proceeding { .. }
            | State::Accepted { .. }
            | State::Acknowledged { .. }
            | State::Completed { .. }
            | State::Confirmed { .. } => ServerStep::Nothing,
        }
    }
}
