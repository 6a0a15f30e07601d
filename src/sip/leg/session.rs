//! An answered leg: its dialog, its sound and its timer until somebody hangs up.

use std::time::{Duration, Instant};

use bytes::Bytes;
use tracing::debug;

use crate::leg::{HangupCause, LegEvent, LegId, Origin};
use crate::media::codec::Codec;
use crate::sip::dialog::{Dialog, Order};
use crate::sip::leg::arrived::Arrived;
use crate::sip::leg::info;
use crate::sip::leg::means::{Means, Owner, write_capabilities, write_description};
use crate::sip::leg::media::LegMedia;
use crate::sip::leg::refresh::{Refresh, Verdict};
use crate::sip::leg::session_timer::{Due, MIN_SE, SessionTimer, Terms};
use crate::sip::leg::straggler::Straggler;
use crate::sip::screen::{ACCEPT_INFO, body_refusal, options_answer};
use crate::sip::syntax::header::{Headers, Name};
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::transaction::key::{ClientKey, ServerKey};
use crate::time::Moment;

/// One answered leg.
#[derive(Debug)]
pub struct Session {
    pub leg: LegId,
    pub account: Origin,
    pub dialog: Dialog,
    media: LegMedia,
    timer: SessionTimer,
    phase: Phase,
    /// Ours in flight.
    refresh: Option<Refresh>,
    peer_updates: bool,
    /// Whether we own the Call-ID: decides who waits longer after a glare (RFC 3261 14.1).
    we_called: bool,
}

/// Where the leg stands with the ACK of our own 2xx.
#[derive(Debug)]
enum Phase {
    /// Nothing is owed.
    Up,
    /// Our 2xx waits for its ACK.
    Unacknowledged { unacked: Unacked, is_first: bool },
    /// Hung up meanwhile; BYE must wait for that ACK (RFC 3261 15).
    Closing { unacked: Unacked, cause: HangupCause },
}

#[derive(Clone, Copy, Debug)]
struct Unacked {
    key: ServerKey,
    cseq: u32,
    /// The ACK brings the answer to our offer.
    we_offered: bool,
}

/// What a leg has when it becomes a session.
#[derive(Debug)]
pub struct Start {
    pub leg: LegId,
    pub account: Origin,
    pub dialog: Dialog,
    pub media: LegMedia,
    pub terms: Terms,
    pub peer_updates: bool,
}

/// Whether a message allows UPDATE to be sent to its writer.
#[must_use]
pub fn allows_update(headers: &Headers) -> bool {
    headers
        .all(&Name::Allow)
        .flat_map(|line| line.split(','))
        .any(|method| method.trim().eq_ignore_ascii_case("UPDATE"))
}

impl Session {
    /// We have just sent the 200 of `key`.
    #[must_use]
    pub fn answered_by_us(
        start: Start,
        key: ServerKey,
        cseq: u32,
        we_offered: bool,
        now: Moment,
    ) -> Self {
        let unacked = Unacked { key, cseq, we_offered };
        Self::new(start, Phase::Unacknowledged { unacked, is_first: true }, now)
    }

    /// The far end has answered, and our ACK is out.
    #[must_use]
    pub fn answered_by_them(start: Start, means: &mut Means, now: Moment) -> Self {
        let mut session = Self::new(start, Phase::Up, now);
        means.tell(LegEvent::Answered { leg: session.leg });
        session.tell_changes(means);
        session
    }

    fn new(start: Start, phase: Phase, now: Moment) -> Self {
        let Start { leg, account, dialog, mut media, terms, peer_updates } = start;
        media.leg_answered();
        let timer = SessionTimer::start(terms, now.ticks);
        let we_called = matches!(phase, Phase::Up);
        let refresh = None;
        Self { leg, account, dialog, media, timer, phase, refresh, peer_updates, we_called }
    }

    #[must_use]
    pub fn codec(&self) -> Option<Codec> {
        self.media.codec()
    }

    /// A request inside the dialog; the source has been found entitled.
    #[must_use]
    pub fn request(
        mut self: Box<Self>,
        arrived: Arrived<'_>,
        means: &mut Means,
        now: Moment,
    ) -> Option<Box<Self>> {
        let Arrived { key, request, flow: _ } = arrived;
        if self.dialog.receive(request) == Order::Stale {
            means.respond(key, request.response(500).with(Name::RetryAfter, "1"), now.ticks);
            return Some(self);
        }
        match request.method {
            Method::Bye => {
                means.respond(key, request.response(200), now.ticks);
                self.stop_repeating(means);
                self.end(HangupCause::Normal, means);
                return None;
            }
            Method::Invite => self.reinvited(key, request, means, now),
            Method::Update => self.updated(key, request, means, now),
            Method::Options => {
                let tag = self.dialog.local_tag.clone();
                means.respond(key, options_answer(request, &tag), now.ticks);
            }
            Method::Info | Method::Prack => {
                if let Some(key) = info::key(request) {
                    self.media.pressed(key);
                }
                let response = request.response(200).with(Name::Accept, ACCEPT_INFO);
                means.respond(key, response, now.ticks);
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
        Some(self)
    }

    fn reinvited(&mut self, key: &ServerKey, request: &Request, means: &mut Means, now: Moment) {
        if !matches!(self.phase, Phase::Up) || self.refresh.as_ref().is_some_and(Refresh::has_offer)
        {
            // RFC 3261 14.2: ours is in flight, or theirs is not acknowledged.
            means.respond(key, request.response(491), now.ticks);
            return;
        }
        match self.settled(request, true) {
            Ok((mut response, terms)) => {
                response.headers.push(Name::Contact, self.dialog.contact());
                let cseq = request.cseq().unwrap_or_default();
                let unacked = Unacked { key: *key, cseq, we_offered: request.body.is_empty() };
                self.phase = Phase::Unacknowledged { unacked, is_first: false };
                self.timer.refreshed(terms, now.ticks);
                means.respond(key, response, now.ticks);
                self.tell_changes(means);
            }
            Err(refusal) => means.respond(key, refusal, now.ticks),
        }
    }

    fn updated(&mut self, key: &ServerKey, request: &Request, means: &mut Means, now: Moment) {
        let offers_cross = !request.body.is_empty()
            && (self.refresh.as_ref().is_some_and(Refresh::has_offer) || self.owes_answer());
        if offers_cross {
            // RFC 3311 5.2.
            means.respond(key, request.response(491), now.ticks);
            return;
        }
        match self.settled(request, false) {
            Ok((mut response, terms)) => {
                response.headers.push(Name::Contact, self.dialog.contact());
                self.timer.refreshed(terms, now.ticks);
                means.respond(key, response, now.ticks);
                self.tell_changes(means);
            }
            Err(refusal) => means.respond(key, refusal, now.ticks),
        }
    }

    /// The 200 to a re-INVITE or UPDATE, or why not.
    fn settled(
        &mut self,
        request: &Request,
        is_invite: bool,
    ) -> Result<(Response, Terms), Response> {
        let terms = Terms::accept(request)
            .map_err(|_| request.response(422).with(Name::MinSe, MIN_SE.to_string()))?;
        if let Some(refusal) = body_refusal(request) {
            return Err(refusal);
        }
        let body = match (request.body.is_empty(), is_invite) {
            (false, _) => self.media.answer(&request.body, None).map_err(|error| {
                debug!(leg = %self.leg, %error, "offer refused");
                request.response(488)
            })?,
            (true, true) => self.media.offer(),
            (true, false) => Bytes::new(),
        };
        self.dialog.refresh_target(request.headers.get(&Name::Contact));
        if request.headers.get(&Name::Allow).is_some() {
            self.peer_updates = allows_update(&request.headers);
        }
        let mut response = request.tagged_response(200, &self.dialog.local_tag);
        write_capabilities(&mut response.headers);
        terms.write_answer(&mut response);
        if !body.is_empty() {
            write_description(&mut response.headers, &mut response.body, body);
        }
        Ok((response, terms))
    }

    /// The ACK of our 2xx.
    #[must_use]
    pub fn ack(
        mut self: Box<Self>,
        ack: &Request,
        means: &mut Means,
        now: Moment,
    ) -> Option<Box<Self>> {
        let (unacked, is_first) = match &self.phase {
            Phase::Unacknowledged { unacked, is_first } => (*unacked, *is_first),
            Phase::Closing { unacked, cause: _ } => (*unacked, false),
            Phase::Up => return Some(self),
        };
        if ack.cseq() != Some(unacked.cseq) {
            return Some(self);
        }
        means.transactions.acknowledge(&unacked.key);
        if let Phase::Closing { unacked: _, cause } = self.phase {
            means.send_bye(&mut self.dialog, &self.account, cause, now.ticks);
            return None;
        }
        self.phase = Phase::Up;
        if unacked.we_offered
            && let Err(error) = self.media.take_answer(&ack.body)
            && is_first
        {
            debug!(leg = %self.leg, %error, "the ACK brought no answer to our offer");
            return self.bye(HangupCause::NotAcceptable, means, now);
        }
        if is_first {
            means.tell(LegEvent::Answered { leg: self.leg });
        }
        self.tell_changes(means);
        Some(self)
    }

    /// Our 2xx was repeated for 64 T1 in vain (RFC 3261 13.3.1.4).
    #[must_use]
    pub fn ack_missing(
        mut self: Box<Self>,
        key: ServerKey,
        means: &mut Means,
        now: Moment,
    ) -> Option<Box<Self>> {
        match &self.phase {
            Phase::Unacknowledged { unacked, is_first: _ } if unacked.key == key => {
                self.bye(HangupCause::AckMissing, means, now)
            }
            Phase::Closing { unacked, cause } if unacked.key == key => {
                let cause = *cause;
                means.send_bye(&mut self.dialog, &self.account, cause, now.ticks);
                None
            }
            Phase::Up | Phase::Unacknowledged { .. } | Phase::Closing { .. } => Some(self),
        }
    }

    /// An answer to our refresh.
    #[must_use]
    pub fn response(
        mut self: Box<Self>,
        key: ClientKey,
        response: &Response,
        means: &mut Means,
        now: Moment,
    ) -> Option<Box<Self>> {
        if response.is_provisional() || !self.refresh.as_ref().is_some_and(|one| one.is(key)) {
            return Some(self);
        }
        let Some(refresh) = self.refresh.take() else { return Some(self) };
        means.forget(&key);
        if response.is_success() {
            self.refreshed(&refresh, key, response, means, now);
            return Some(self);
        }
        match refresh.verdict(response) {
            Verdict::Glare => {
                let wait = self.glare_wait(means);
                self.timer.refresh_later(wait, now.ticks);
            }
            Verdict::Longer(interval) => self.send_refresh(interval, means, now),
            Verdict::NoUpdate => {
                self.peer_updates = false;
                self.send_refresh(refresh.asked, means, now);
            }
            Verdict::Challenged => {
                let mut again = refresh.request.clone();
                if means.trunks.authorize(&self.account, &mut again, response) {
                    self.dialog.renumber(&mut again);
                    self.track(again, refresh.asked, means, now);
                } else {
                    self.timer.refresh_failed(now.ticks);
                }
            }
            Verdict::Gone => {
                self.end(HangupCause::SessionExpired, means);
                return None;
            }
            Verdict::Silent => self.timer.refresh_failed(now.ticks),
            Verdict::Alive => self.timer.refreshed(self.timer.terms(), now.ticks),
        }
        Some(self)
    }

    /// Nobody answered our refresh.
    pub fn failed(&mut self, key: ClientKey, means: &mut Means, now: Moment) {
        means.forget(&key);
        if self.refresh.as_ref().is_some_and(|refresh| refresh.is(key)) {
            self.refresh = None;
            self.timer.refresh_failed(now.ticks);
        }
    }

    fn refreshed(
        &mut self,
        refresh: &Refresh,
        key: ClientKey,
        response: &Response,
        means: &mut Means,
        now: Moment,
    ) {
        self.dialog.refresh_target(response.headers.get(&Name::Contact));
        if refresh.request.method == Method::Invite {
            let ack = self.dialog.ack(refresh.request.cseq().unwrap_or_default());
            means.transactions.send_ack(ack.clone(), self.dialog.flow);
            let straggler = Straggler::new(
                &refresh.request,
                self.dialog.contact().to_owned(),
                self.dialog.flow,
                self.account.clone(),
                None,
            );
            let straggler = straggler.won_by(&self.dialog.remote_tag, ack);
            means.let_straggle(key, straggler, now.ticks);
            if let Err(error) = self.media.take_answer(&response.body) {
                debug!(leg = %self.leg, %error, "the answer to our refresh is of no use");
            }
            self.tell_changes(means);
        }
        self.timer.refreshed(Terms::answered(response, refresh.asked), now.ticks);
    }

    /// Ends the leg from our side.
    #[must_use]
    pub fn hang_up(
        mut self: Box<Self>,
        cause: HangupCause,
        means: &mut Means,
        now: Moment,
    ) -> Option<Box<Self>> {
        match self.phase {
            Phase::Unacknowledged { unacked, is_first: true } => {
                self.media.close();
                means.tell(LegEvent::Ended { leg: self.leg, cause });
                self.phase = Phase::Closing { unacked, cause };
                Some(self)
            }
            Phase::Closing { .. } => Some(self),
            Phase::Up | Phase::Unacknowledged { .. } => self.bye(cause, means, now),
        }
    }

    #[must_use]
    pub fn timeout(mut self: Box<Self>, means: &mut Means, now: Moment) -> Option<Box<Self>> {
        if let Phase::Closing { .. } = self.phase {
            return Some(self);
        }
        match self.timer.handle_timeout(now.ticks) {
            Some(Due::Refresh) if matches!(self.phase, Phase::Up) => {
                self.send_refresh(self.timer.terms().interval, means, now);
                Some(self)
            }
            Some(Due::Refresh) => {
                let wait = self.glare_wait(means);
                self.timer.refresh_later(wait, now.ticks);
                Some(self)
            }
            Some(Due::Expired) => self.bye(HangupCause::SessionExpired, means, now),
            None => Some(self),
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.phase {
            Phase::Closing { .. } => None,
            Phase::Up | Phase::Unacknowledged { .. } => self.timer.poll_timeout(),
        }
    }

    fn send_refresh(&mut self, interval: u32, means: &mut Means, now: Moment) {
        let terms = Terms { interval, ..self.timer.terms() };
        let request = if self.peer_updates {
            Refresh::update(&mut self.dialog, terms)
        } else {
            let body = self.media.repeated().unwrap_or_else(|| self.media.offer());
            Refresh::reinvite(&mut self.dialog, terms, body)
        };
        self.track(request, interval, means, now);
    }

    fn track(&mut self, request: Request, asked: u32, means: &mut Means, now: Moment) {
        let owner = Owner::Leg(self.leg);
        let key = means.send(request.clone(), self.dialog.flow, owner, now.ticks);
        self.refresh = Some(Refresh { key, request, asked });
    }

    /// RFC 3261 14.1.
    fn glare_wait(&self, means: &mut Means) -> Duration {
        if self.we_called {
            means.jitter(Duration::from_millis(2100), Duration::from_millis(1900))
        } else {
            means.jitter(Duration::ZERO, Duration::from_secs(2))
        }
    }

    fn owes_answer(&self) -> bool {
        match self.phase {
            Phase::Unacknowledged { unacked, is_first: _ } => unacked.we_offered,
            Phase::Up | Phase::Closing { .. } => false,
        }
    }

    fn tell_changes(&mut self, means: &mut Means) {
        for event in [self.media.poll_encryption(), self.media.poll_hold()].into_iter().flatten() {
            means.tell(event);
        }
    }

    fn stop_repeating(&self, means: &mut Means) {
        match self.phase {
            Phase::Unacknowledged { unacked, is_first: _ }
            | Phase::Closing { unacked, cause: _ } => {
                means.transactions.acknowledge(&unacked.key);
            }
            Phase::Up => {}
        }
    }

    fn bye(
        mut self: Box<Self>,
        cause: HangupCause,
        means: &mut Means,
        now: Moment,
    ) -> Option<Box<Self>> {
        self.stop_repeating(means);
        means.send_bye(&mut self.dialog, &self.account, cause, now.ticks);
        self.end(cause, means);
        None
    }

    /// Tells the end, once.
    fn end(mut self, cause: HangupCause, means: &mut Means) {
        if let Some(refresh) = self.refresh {
            means.forget(&refresh.key);
        }
        if let Phase::Closing { .. } = self.phase {
            return;
        }
        self.media.close();
        means.tell(LegEvent::Ended { leg: self.leg, cause });
    }
}
