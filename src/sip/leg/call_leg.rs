//! A leg as SIP keeps it, in whichever of its three lives it is.

use std::time::Instant;

use crate::leg::{HangupCause, LegId, Origin};
use crate::media::codec::Codec;
use crate::sip::flow::Flow;
use crate::sip::leg::arrived::Arrived;
use crate::sip::leg::incoming::Incoming;
use crate::sip::leg::means::Means;
use crate::sip::leg::outgoing::Outgoing;
use crate::sip::leg::session::Session;
use crate::sip::leg::unanswered::Unanswered;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::transaction::event::Failure;
use crate::sip::transaction::key::ClientKey;
use crate::time::Moment;

/// Each step takes the leg and gives back what it has become; `None` is its end, of which the
/// event has been told.
#[derive(Debug)]
pub enum CallLeg {
    /// Arrived and not answered.
    Incoming(Box<Incoming>),
    /// Placed and not answered.
    Outgoing(Box<Outgoing>),
    /// Answered, whoever had called.
    Session(Box<Session>),
}

impl From<Unanswered<Incoming>> for CallLeg {
    fn from(leg: Unanswered<Incoming>) -> Self {
        match leg {
            Unanswered::Still(leg) => Self::Incoming(leg),
            Unanswered::Answered(leg) => Self::Session(leg),
        }
    }
}

impl From<Unanswered<Outgoing>> for CallLeg {
    fn from(leg: Unanswered<Outgoing>) -> Self {
        match leg {
            Unanswered::Still(leg) => Self::Outgoing(leg),
            Unanswered::Answered(leg) => Self::Session(leg),
        }
    }
}

impl CallLeg {
    #[must_use]
    pub fn id(&self) -> LegId {
        match self {
            Self::Incoming(leg) => leg.leg,
            Self::Outgoing(leg) => leg.leg,
            Self::Session(leg) => leg.leg,
        }
    }

    #[must_use]
    pub fn account(&self) -> &Origin {
        match self {
            Self::Incoming(leg) => &leg.account,
            Self::Outgoing(leg) => &leg.account,
            Self::Session(leg) => &leg.account,
        }
    }

    /// The codec another leg should speak to spare us the change.
    #[must_use]
    pub fn codec(&self) -> Option<Codec> {
        match self {
            Self::Incoming(leg) => leg.codec(),
            Self::Outgoing(leg) => leg.codec(),
            Self::Session(leg) => leg.codec(),
        }
    }

    /// What is left of an arrived call's Max-Forwards.
    #[must_use]
    pub fn hops(&self) -> Option<u32> {
        match self {
            Self::Incoming(leg) => leg.hops(),
            Self::Outgoing(_) | Self::Session(_) => None,
        }
    }

    /// Whether a request with these names belongs to the leg, and came by the dialog's own way.
    /// `None` is a foreign dialog.
    #[must_use]
    pub fn is_own_way(&self, request: &Request, flow: &Flow) -> Option<bool> {
        match self {
            Self::Incoming(leg) => leg.dialog.is_own_way(request, flow),
            Self::Outgoing(leg) => leg.is_own_way(request, flow),
            Self::Session(leg) => leg.dialog.is_own_way(request, flow),
        }
    }

    /// Whether an ACK may be this leg's: it cannot be challenged, so another port of the same
    /// address is believed.
    #[must_use]
    pub fn may_acknowledge(&self, ack: &Request, flow: &Flow) -> bool {
        match self {
            Self::Incoming(_) | Self::Outgoing(_) => false,
            Self::Session(leg) => {
                leg.dialog.is_own_way(ack, flow).is_some()
                    && leg.dialog.flow.remote.ip() == flow.remote.ip()
            }
        }
    }

    /// The far end has moved, and has shown that it may.
    pub fn moved(&mut self, flow: Flow) {
        match self {
            Self::Incoming(leg) => leg.dialog.flow = flow,
            Self::Outgoing(_) => {}
            Self::Session(leg) => leg.dialog.flow = flow,
        }
    }

    /// The connection the dialog had used is gone; the next request opens another.
    /// `false` when it was another's.
    pub fn connection_closed(&mut self, flow: &Flow) -> bool {
        let dialog = match self {
            Self::Incoming(leg) => &mut leg.dialog,
            Self::Outgoing(_) => return false,
            Self::Session(leg) => &mut leg.dialog,
        };
        let is_this = dialog.flow.connection == flow.connection;
        if is_this {
            dialog.flow.connection = None;
        }
        is_this
    }

    /// Whether its far end has the address of this flow's.
    #[must_use]
    pub fn is_at(&self, flow: &Flow) -> bool {
        match self {
            Self::Incoming(leg) => leg.dialog.flow.remote.ip() == flow.remote.ip(),
            Self::Outgoing(_) => false,
            Self::Session(leg) => leg.dialog.flow.remote.ip() == flow.remote.ip(),
        }
    }

    #[must_use]
    pub fn request(self, arrived: Arrived<'_>, means: &mut Means, now: Moment) -> Option<Self> {
        match self {
            Self::Incoming(leg) => leg.request(arrived, means, now).map(Self::from),
            Self::Outgoing(leg) => leg.request(arrived, means, now).map(Self::from),
            Self::Session(leg) => leg.request(arrived, means, now).map(Self::Session),
        }
    }

    #[must_use]
    pub fn ack(self, ack: &Request, means: &mut Means, now: Moment) -> Option<Self> {
        match self {
            Self::Incoming(_) | Self::Outgoing(_) => Some(self),
            Self::Session(leg) => leg.ack(ack, means, now).map(Self::Session),
        }
    }

    #[must_use]
    pub fn response(
        self,
        key: ClientKey,
        response: &Response,
        means: &mut Means,
        now: Moment,
    ) -> Option<Self> {
        match self {
            Self::Incoming(_) => Some(self),
            Self::Outgoing(leg) => leg.response(key, response, means, now).map(Self::from),
            Self::Session(leg) => leg.response(key, response, means, now).map(Self::Session),
        }
    }

    #[must_use]
    pub fn failed(
        self,
        key: ClientKey,
        failure: Failure,
        means: &mut Means,
        now: Moment,
    ) -> Option<Self> {
        match self {
            Self::Incoming(_) => Some(self),
            Self::Outgoing(leg) => leg.failed(key, failure, means, now).map(Self::from),
            Self::Session(mut leg) => {
                leg.failed(key, means, now);
                Some(Self::Session(leg))
            }
        }
    }

    #[must_use]
    pub fn hang_up(self, cause: HangupCause, means: &mut Means, now: Moment) -> Option<Self> {
        match self {
            Self::Incoming(leg) => leg.hang_up(cause, means, now).map(Self::from),
            Self::Outgoing(leg) => leg.hang_up(cause, means, now).map(Self::from),
            Self::Session(leg) => leg.hang_up(cause, means, now).map(Self::Session),
        }
    }

    #[must_use]
    pub fn timeout(self, means: &mut Means, now: Moment) -> Option<Self> {
        match self {
            Self::Incoming(leg) => leg.timeout(means, now).map(Self::from),
            Self::Outgoing(leg) => leg.timeout(means, now).map(Self::from),
            Self::Session(leg) => leg.timeout(means, now).map(Self::Session),
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self {
            Self::Incoming(leg) => leg.poll_timeout(),
            Self::Outgoing(leg) => leg.poll_timeout(),
            Self::Session(leg) => leg.poll_timeout(),
        }
    }
}
