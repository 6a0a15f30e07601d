//! An arrived leg until it is answered or refused (RFC 3261 13.3).

use std::time::Instant;

use bytes::Bytes;
use tracing::debug;

use crate::leg::{Arrival, HangupCause, LegEvent, LegId, Origin};
use crate::media::codec::Codec;
use crate::sip::dialog::{Dialog, Order};
use crate::sip::leg::arrived::Arrived;
use crate::sip::leg::caller::{Caller, dialled};
use crate::sip::leg::hangup;
use crate::sip::leg::means::{Means, write_capabilities, write_description};
use crate::sip::leg::media::LegMedia;
use crate::sip::leg::negotiation::preferred;
use crate::sip::leg::reliable::{Due, ReliableSender};
use crate::sip::leg::session::{Session, Start, allows_update};
use crate::sip::leg::session_timer::{MIN_SE, Terms, has_option};
use crate::sip::leg::unanswered::Unanswered;
use crate::sip::screen::{body_refusal, options_answer, tagged};
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::sdp::{Sdp, SdpError};
use crate::sip::transaction::key::ServerKey;
use crate::time::Moment;

/// One arrived leg.
#[derive(Debug)]
pub struct Incoming {
    pub leg: LegId,
    pub account: Origin,
    pub dialog: Dialog,
    key: ServerKey,
    invite: Request,
    media: LegMedia,
    exchange: Exchange,
    reliable: ReliableSender,
    terms: Terms,
    /// What the 200 shall be like, while it has to wait for a PRACK (RFC 3262 3).
    answer: Option<Option<Codec>>,
    asks_reliable: Asks,
}

/// How the caller stands to 100rel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Never,
    /// Supported: what carries a description is sent reliably.
    Maybe,
    /// Required: all but 100 is.
    Always,
}

/// Where offer and answer stand.
#[derive(Clone, Debug)]
enum Exchange {
    /// The INVITE's offer is not answered.
    Offered,
    /// It was, in a provisional answer; the 200 says the same again.
    Answered(Bytes),
    /// The INVITE brought none.
    Nothing,
    /// We offered in a reliable provisional answer; PRACK brings the answer.
    WeOffered,
    /// And it has come.
    Settled,
}

impl Incoming {
    /// Takes an INVITE from a known party and tells of it, or refuses it.
    #[must_use]
    pub fn arrive(
        leg: LegId,
        account: Origin,
        arrived: Arrived<'_>,
        names: &[&str],
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let Arrived { key, request, flow } = arrived;
        match Self::admit(leg, account, arrived, means) {
            Ok(incoming) => {
                let Caller { number, name } = Caller::of(request, &incoming.account);
                means.tell(LegEvent::Arrived(Arrival {
                    leg,
                    origin: incoming.account.clone(),
                    dialled: dialled(request, &incoming.account, names),
                    caller_number: number,
                    caller_name: name,
                }));
                Some(Unanswered::Still(Box::new(incoming)))
            }
            Err(refusal) => {
                debug!(%leg, source = %flow.remote, status = refusal.status, "INVITE refused");
                means.respond(key, refusal, now.ticks);
                None
            }
        }
    }

    fn admit(
        leg: LegId,
        account: Origin,
        arrived: Arrived<'_>,
        means: &mut Means,
    ) -> Result<Self, Response> {
        let Arrived { key, request, flow } = arrived;
        let tag = means.token();
        let refuse = |status: u16| request.tagged_response(status, &tag);
        if let Some(refusal) = body_refusal(request) {
            return Err(tagged(refusal, &tag));
        }
        let terms = Terms::accept(request)
            .map_err(|_| refuse(422).with(Name::MinSe, MIN_SE.to_string()))?;
        let exchange = if request.body.is_empty() { Exchange::Nothing } else { Exchange::Offered };
        let security = means.security(&account);
        if let Exchange::Offered = exchange {
            Sdp::parse(&request.body, security.policy).map_err(|error| {
                debug!(%leg, %error, "offer refused");
                refuse(if error == SdpError::Malformed { 400 } else { 488 })
            })?;
        }
        let local = flow.local.ip();
        let mut media =
            LegMedia::bind(leg, &means.media, local, means.advertised(&flow), None, security)
                .map_err(|error| {
                    tracing::warn!(%leg, %error, "no ports for another call");
                    refuse(503).with(Name::RetryAfter, "10")
                })?;
        media.signalled_from(flow.remote.ip());
        media.open();
        let asks_reliable = if has_option(&request.headers, &Name::Require, "100rel") {
            Asks::Always
        } else if has_option(&request.headers, &Name::Supported, "100rel") {
            Asks::Maybe
        } else {
            Asks::Never
        };
        Ok(Self {
            leg,
            account,
            dialog: Dialog::answering(request, &tag, means.contact_like(&flow, &request.uri), flow),
            key: *key,
            invite: request.clone(),
            media,
            exchange,
            reliable: ReliableSender::default(),
            terms,
            answer: None,
            asks_reliable,
        })
    }

    /// How many hops the call may still go: a loop through a trunk has to end.
    #[must_use]
    pub fn hops(&self) -> Option<u32> {
        self.invite.headers.get(&Name::MaxForwards)?.trim().parse().ok()
    }

    /// What the caller speaks first among what we know.
    #[must_use]
    pub fn codec(&self) -> Option<Codec> {
        self.media.codec().or_else(|| preferred(&self.invite.body))
    }

    /// 180.
    pub fn ringing(&mut self, means: &mut Means, now: Moment) {
        let mut response = self.progress(180);
        if self.asks_reliable == Asks::Always && matches!(self.exchange, Exchange::Nothing) {
            // RFC 3261 13.2.1: the first reliable answer brings the offer.
            let offer = self.media.offer();
            self.exchange = Exchange::WeOffered;
            write_description(&mut response.headers, &mut response.body, offer);
        }
        self.send_progress(response, means, now);
    }

    /// 183 with a description, so that sound reaches the caller before the answer.
    pub fn early_media(&mut self, like: Option<Codec>, means: &mut Means, now: Moment) {
        match &self.exchange {
            Exchange::Offered => match self.media.answer(&self.invite.body, like) {
                Ok(answer) => self.exchange = Exchange::Answered(answer),
                Err(error) => return debug!(leg = %self.leg, %error, "no early media"),
            },
            Exchange::Answered(_) | Exchange::Settled | Exchange::WeOffered => {}
            Exchange::Nothing => return self.ringing(means, now),
        }
        let mut response = self.progress(183);
        if let Exchange::Answered(answer) = &self.exchange {
            write_description(&mut response.headers, &mut response.body, answer.clone());
        }
        self.send_progress(response, means, now);
    }

    fn progress(&self, status: u16) -> Response {
        let mut response = self.invite.tagged_response(status, &self.dialog.local_tag);
        self.write_dialog_headers(&mut response);
        response.headers.push(Name::Allow, crate::sip::screen::ALLOW);
        response
    }

    fn write_dialog_headers(&self, response: &mut Response) {
        for route in self.invite.headers.all(&Name::RecordRoute) {
            response.headers.push(Name::RecordRoute, route);
        }
        response.headers.push(Name::Contact, self.dialog.contact());
    }

    fn send_progress(&mut self, response: Response, means: &mut Means, now: Moment) {
        let is_reliable = match self.asks_reliable {
            Asks::Never => false,
            Asks::Maybe => !response.body.is_empty(),
            Asks::Always => true,
        };
        if !is_reliable {
            return means.respond(&self.key, response, now.ticks);
        }
        if let Some(response) = self.reliable.send(response, now.ticks) {
            means.respond(&self.key, response, now.ticks);
        }
    }

    /// 200, at once or as soon as the PRACK of a description is in.
    #[must_use]
    pub fn answer(
        mut self: Box<Self>,
        like: Option<Codec>,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        if self.reliable.is_waiting() && !matches!(self.exchange, Exchange::Offered) {
            self.answer = Some(like);
            return Some(Unanswered::Still(self));
        }
        let (body, we_offered) = match &self.exchange {
            Exchange::Offered => match self.media.answer(&self.invite.body, like) {
                Ok(answer) => (answer, false),
                Err(_) => return self.hang_up(HangupCause::NotAcceptable, means, now),
            },
            Exchange::Answered(answer) => (answer.clone(), false),
            Exchange::Nothing | Exchange::WeOffered => (self.media.offer(), true),
            Exchange::Settled => (Bytes::new(), false),
        };
        let mut response = self.invite.tagged_response(200, &self.dialog.local_tag);
        self.write_dialog_headers(&mut response);
        write_capabilities(&mut response.headers);
        self.terms.write_answer(&mut response);
        if !body.is_empty() {
            write_description(&mut response.headers, &mut response.body, body);
        }
        means.respond(&self.key, response, now.ticks);
        let Self { leg, account, dialog, key, invite, media, terms, .. } = *self;
        let peer_updates = allows_update(&invite.headers);
        let cseq = invite.cseq().unwrap_or_default();
        let start = Start { leg, account, dialog, media, terms, peer_updates };
        let session = Session::answered_by_us(start, key, cseq, we_offered, now);
        Some(Unanswered::Answered(Box::new(session)))
    }

    /// A request in the early dialog.
    #[must_use]
    pub fn request(
        mut self: Box<Self>,
        arrived: Arrived<'_>,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let Arrived { key, request, flow: _ } = arrived;
        if self.dialog.receive(request) == Order::Stale {
            means.respond(key, request.response(500).with(Name::RetryAfter, "1"), now.ticks);
            return Some(Unanswered::Still(self));
        }
        match request.method {
            Method::Bye => {
                means.respond(key, request.response(200), now.ticks);
                return self.cancelled(means, now);
            }
            Method::Prack => return self.pracked(key, request, means, now),
            Method::Update => self.updated(key, request, means, now),
            Method::Options => {
                let response = options_answer(request, &self.dialog.local_tag);
                means.respond(key, response, now.ticks);
            }
            Method::Info => means.respond(key, request.response(200), now.ticks),
            // RFC 3261 14.2: the first has no final answer yet.
            Method::Invite => {
                means.respond(key, request.response(500).with(Name::RetryAfter, "2"), now.ticks);
            }
            Method::Ack
            | Method::Cancel
            | Method::Register
            | Method::Refer
            | Method::Notify
            | Method::Subscribe
            | Method::Message
            | Method::Publish
            | Method::Other(_) => means.respond(key, request.response(405), now.ticks),
        }
        Some(Unanswered::Still(self))
    }

    fn pracked(
        mut self: Box<Self>,
        key: &ServerKey,
        prack: &Request,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let cseq = self.invite.cseq().unwrap_or_default();
        let Ok(next) = self.reliable.acknowledge(prack, cseq, now.ticks) else {
            means.respond(key, prack.response(481), now.ticks);
            return Some(Unanswered::Still(self));
        };
        let mut response = prack.response(200);
        if !prack.body.is_empty() {
            match self.take_description(prack) {
                Ok(body) if body.is_empty() => {}
                Ok(body) => write_description(&mut response.headers, &mut response.body, body),
                Err(status) => response = prack.response(status),
            }
        }
        means.respond(key, response, now.ticks);
        if let Some(next) = next {
            means.respond(&self.key, next, now.ticks);
        }
        match self.answer.take() {
            Some(like) => self.answer(like, means, now),
            None => Some(Unanswered::Still(self)),
        }
    }

    /// A description in a PRACK: the answer to our offer, or a second offer (RFC 3262 5).
    fn take_description(&mut self, prack: &Request) -> Result<Bytes, u16> {
        match self.exchange {
            Exchange::WeOffered => {
                self.media.take_answer(&prack.body).map_err(|_| 488_u16)?;
                self.exchange = Exchange::Settled;
                Ok(Bytes::new())
            }
            Exchange::Answered(_) | Exchange::Settled => {
                self.media.answer(&prack.body, None).map_err(|_| 488)
            }
            Exchange::Offered | Exchange::Nothing => Err(488),
        }
    }

    fn updated(&mut self, key: &ServerKey, update: &Request, means: &mut Means, now: Moment) {
        let body = match (&self.exchange, update.body.is_empty()) {
            (_, true) => Bytes::new(),
            (Exchange::Answered(_) | Exchange::Settled, false) if !self.reliable.is_waiting() => {
                match self.media.answer(&update.body, None) {
                    Ok(body) => body,
                    Err(_) => return means.respond(key, update.response(488), now.ticks),
                }
            }
            // RFC 3311 5.2: the first offer has no answer yet.
            (_, false) => {
                let response = update.response(500).with(Name::RetryAfter, "2");
                return means.respond(key, response, now.ticks);
            }
        };
        self.dialog.refresh_target(update.headers.get(&Name::Contact));
        let mut response =
            update.response(200).with(Name::Contact, self.dialog.contact().to_owned());
        if !body.is_empty() {
            if let Exchange::Answered(_) = self.exchange {
                self.exchange = Exchange::Settled;
            }
            write_description(&mut response.headers, &mut response.body, body);
        }
        means.respond(key, response, now.ticks);
    }

    /// The caller has given up.
    #[must_use]
    pub fn cancelled(
        mut self: Box<Self>,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let response = self.invite.tagged_response(487, &self.dialog.local_tag);
        means.respond(&self.key, response, now.ticks);
        self.end(HangupCause::Cancelled, means);
        None
    }

    /// Refuses the call.
    #[must_use]
    pub fn hang_up(
        mut self: Box<Self>,
        cause: HangupCause,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let status = hangup::status(cause);
        let mut response = self.invite.tagged_response(status, &self.dialog.local_tag);
        if status == 503 {
            response.headers.push(Name::RetryAfter, "10");
        }
        means.respond(&self.key, response, now.ticks);
        self.end(cause, means);
        None
    }

    #[must_use]
    pub fn timeout(
        mut self: Box<Self>,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        match self.reliable.handle_timeout(now.ticks) {
            Some(Due::Repeat(response)) => means.respond(&self.key, response, now.ticks),
            Some(Due::GiveUp) => {
                debug!(leg = %self.leg, "no PRACK came");
                return self.hang_up(HangupCause::Failed { status: 504 }, means, now);
            }
            None => {}
        }
        Some(Unanswered::Still(self))
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.reliable.poll_timeout()
    }

    fn end(&mut self, cause: HangupCause, means: &mut Means) {
        self.media.close();
        means.tell(LegEvent::Ended { leg: self.leg, cause });
    }

    /// Whether a CANCEL or a lost flow of this INVITE means this leg.
    #[must_use]
    pub fn is_of(&self, key: &ServerKey) -> bool {
        self.key == *key
    }
}
