//! A placed leg until somebody answers: it rings every way at once, and the first 2xx wins.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use tracing::debug;

use crate::leg::{HangupCause, LegEvent, LegId, Origin};
use crate::media::codec::Codec;
use crate::sip::dialog::Order;
use crate::sip::flow::Flow;
use crate::sip::leg::arrived::Arrived;
use crate::sip::leg::branch::{Branch, End, State};
use crate::sip::leg::caller::{Caller, write_identity};
use crate::sip::leg::hangup::{cause, reason, weight};
use crate::sip::leg::means::{Means, Owner, write_capabilities, write_description};
use crate::sip::leg::media::LegMedia;
use crate::sip::leg::session::{Session, Start, allows_update};
use crate::sip::leg::session_timer::{SESSION_EXPIRES, Terms, wanted_by_422, write_wish};
use crate::sip::leg::unanswered::Unanswered;
use crate::sip::screen::{PRODUCT, options_answer};
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::transaction::event::Failure;
use crate::sip::transaction::key::{ClientKey, ServerKey};
use crate::sip::trunk::trunk::Identity;
use crate::time::Moment;

/// A carrier that challenges for ever is given up after two tries.
const MAX_TRIES: u8 = 3;

/// One way to the called party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The Request-URI.
    pub uri: String,
    /// The To header.
    pub to: String,
    pub route: Vec<String>,
    /// How a trunk wants the caller written; a phone gets the plain form.
    pub identity: Option<Identity>,
    pub flow: Flow,
    /// Further addresses of the same server, tried one after the other (RFC 3263 4.3).
    pub later: Vec<Flow>,
}

/// What is to be placed.
#[derive(Clone, Debug)]
pub struct Placing {
    pub leg: LegId,
    pub account: Origin,
    pub caller: Caller,
    /// The codec of the leg it will be joined to.
    pub first: Option<Codec>,
    pub ways: Vec<Way>,
    /// Max-Forwards, one less than that of the call it passes on (RFC 3261 16.6 step 3).
    pub hops: Option<u32>,
    /// How long an address may stay without any sign of life; `None` leaves it to timer B.
    pub patience: Option<Duration>,
}

/// One placed leg.
#[derive(Debug)]
pub struct Outgoing {
    pub leg: LegId,
    pub account: Origin,
    branches: Vec<Branch>,
    /// One pair of ports for each of our addresses that phones are reached from.
    medias: Vec<LegMedia>,
    rang: bool,
    /// Whose early sound is heard: branch and far tag.
    early: Option<(usize, String)>,
    /// The failure that says most so far.
    worst: Option<HangupCause>,
    patience: Option<Duration>,
    deadline: Option<Instant>,
}

impl Outgoing {
    /// Sends the INVITEs. Without a way, or without ports, the leg ends at once.
    #[must_use]
    pub fn place(placing: Placing, means: &mut Means, now: Moment) -> Option<Box<Self>> {
        let Placing { leg, account, caller, first, ways, hops, patience } = placing;
        let mut outgoing = Box::new(Self {
            leg,
            account,
            branches: Vec::new(),
            medias: Vec::new(),
            rang: false,
            early: None,
            worst: None,
            patience,
            deadline: patience.map(|patience| now.ticks + patience),
        });
        for way in ways {
            match outgoing.media_for(&way.flow, first, means) {
                Ok(media) => outgoing.call((way, hops, media), &caller, means, now),
                Err(error) => {
                    tracing::warn!(%leg, %error, "no ports for another call");
                    outgoing.note(HangupCause::Overloaded);
                }
            }
        }
        outgoing.unless_over(means)
    }

    fn media_for(
        &mut self,
        flow: &Flow,
        first: Option<Codec>,
        means: &mut Means,
    ) -> std::io::Result<usize> {
        let local: IpAddr = flow.local.ip();
        if let Some(at) = self.medias.iter().position(|media| media.local() == local) {
            return Ok(at);
        }
        let advertised = means.advertised(flow);
        let security = means.security(&self.account);
        let mut media = LegMedia::bind(self.leg, &means.media, local, advertised, first, security)?;
        if self.medias.is_empty() {
            media.open();
        }
        self.medias.push(media);
        Ok(self.medias.len() - 1)
    }

    fn call(
        &mut self,
        (way, hops, media): (Way, Option<u32>, usize),
        caller: &Caller,
        means: &mut Means,
        now: Moment,
    ) {
        let Way { uri, to, route, identity, flow, later } = way;
        let contact = means.contact_like(&flow, &uri);
        let mut invite = Request::new(Method::Invite, uri);
        let headers = &mut invite.headers;
        for hop in route {
            headers.push(Name::Route, hop);
        }
        if let Some(hops) = hops {
            headers.push(Name::MaxForwards, hops.to_string());
        }
        let tag = means.token();
        match identity {
            Some(identity) => write_identity(headers, identity, &tag),
            None => caller.write(headers, &means.own_host(&flow), &tag),
        }
        headers.push(Name::To, to);
        headers.push(Name::CallId, means.token());
        headers.push(Name::CSeq, "1 INVITE");
        headers.push(Name::Contact, contact.as_str());
        headers.push(Name::UserAgent, PRODUCT);
        write_capabilities(headers);
        write_wish(headers, SESSION_EXPIRES, None);
        let offer = self.medias[media].offer();
        write_description(&mut invite.headers, &mut invite.body, offer);
        let key = means.send(invite.clone(), flow, Owner::Leg(self.leg), now.ticks);
        let mut branch = Branch::new(key, invite, flow, contact, (media, SESSION_EXPIRES));
        branch.later = later.into();
        self.branches.push(branch);
    }

    /// Our tags, one for each way.
    pub fn local_tags(&self) -> impl Iterator<Item = &str> {
        self.branches.iter().map(Branch::local_tag)
    }

    /// One for each way.
    pub fn call_ids(&self) -> impl Iterator<Item = &str> {
        self.branches.iter().map(|branch| branch.invite.call_id())
    }

    #[must_use]
    pub fn codec(&self) -> Option<Codec> {
        self.medias.iter().find_map(LegMedia::codec)
    }

    #[must_use]
    pub fn is_own_way(&self, request: &Request, flow: &Flow) -> Option<bool> {
        let branch = &self.branches[self.branch_of(request)?];
        let same = branch.flow.transport == flow.transport && branch.flow.remote == flow.remote;
        Some(same)
    }

    fn branch_of(&self, request: &Request) -> Option<usize> {
        let tag = request.to().tag()?;
        self.branches.iter().position(|branch| {
            branch.local_tag() == tag && branch.invite.call_id() == request.call_id()
        })
    }

    /// An answer to one of the INVITEs.
    #[must_use]
    pub fn response(
        mut self: Box<Self>,
        key: ClientKey,
        response: &Response,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let found = self.branches.iter().position(|branch| branch.key == key && branch.is_open());
        let Some(at) = found else { return Some(Unanswered::Still(self)) };
        if response.is_provisional() {
            self.progress(at, response, means, now);
            return Some(Unanswered::Still(self));
        }
        if response.is_success() {
            return self.won(at, response, means, now);
        }
        self.refused(at, response, means, now);
        self.unless_over(means).map(Unanswered::Still)
    }

    fn progress(&mut self, at: usize, response: &Response, means: &mut Means, now: Moment) {
        if !self.branches[at].progress(response, &self.account, means, now) {
            return;
        }
        if response.status == 180 && !self.rang {
            self.rang = true;
            means.tell(LegEvent::Ringing { leg: self.leg });
        }
        if response.body.is_empty() {
            return;
        }
        let this = (at, response.to().tag().unwrap_or_default().to_owned());
        if self.early.as_ref().is_some_and(|early| *early != this) {
            return;
        }
        let media = self.branches[at].media;
        self.medias[media].signalled_from(self.branches[at].flow.remote.ip());
        match self.medias[media].take_answer(&response.body) {
            Ok(()) if self.early.is_none() => {
                self.early = Some(this);
                means.tell(LegEvent::EarlyMedia { leg: self.leg });
            }
            Ok(()) => {}
            Err(error) => debug!(leg = %self.leg, %error, "early answer of no use"),
        }
    }

    fn won(
        mut self,
        at: usize,
        response: &Response,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let (mut dialog, ack) = self.branches[at].confirm(response);
        means.transactions.send_ack(ack.clone(), dialog.flow);
        self.branches[at].state = State::Closed;
        let elsewhere = reason(HangupCause::AnsweredElsewhere);
        let straggler = self.branches[at].straggler(&self.account, elsewhere);
        let straggler = straggler.won_by(&dialog.remote_tag, ack);
        means.let_straggle(self.branches[at].key, straggler, now.ticks);
        for branch in &mut self.branches {
            branch.cancel(&self.account, elsewhere, means, now);
        }
        let mut media = self.medias.swap_remove(self.branches[at].media);
        for other in &mut self.medias {
            other.close();
        }
        media.signalled_from(dialog.flow.remote.ip());
        let was_early = self.early == Some((at, dialog.remote_tag.clone()));
        let taken = media.take_answer(&response.body);
        if let Err(error) = taken
            && !(was_early && response.body.is_empty())
        {
            debug!(leg = %self.leg, %error, "answer of no use");
            let cause = HangupCause::NotAcceptable;
            means.send_bye(&mut dialog, &self.account, cause, now.ticks);
            media.close();
            means.tell(LegEvent::Ended { leg: self.leg, cause });
            return None;
        }
        let terms = Terms::answered(response, self.branches[at].asked);
        let peer_updates = allows_update(&response.headers);
        let Self { leg, account, .. } = self;
        let start = Start { leg, account, dialog, media, terms, peer_updates };
        Some(Unanswered::Answered(Box::new(Session::answered_by_them(start, means, now))))
    }

    fn refused(&mut self, at: usize, response: &Response, means: &mut Means, now: Moment) {
        let owner = Owner::Leg(self.leg);
        let branch = &mut self.branches[at];
        if branch.tries < MAX_TRIES {
            let challenged = matches!(response.status, 401 | 407)
                && means.trunks.authorize(&self.account, &mut branch.invite, response);
            if challenged {
                return branch.send_again(owner, means, now);
            }
            let longer =
                (response.status == 422).then(|| wanted_by_422(response, branch.asked)).flatten();
            if let Some(interval) = longer {
                branch.asked = interval;
                write_wish(&mut branch.invite.headers, interval, None);
                branch.renumber();
                return branch.send_again(owner, means, now);
            }
            // Some phones refuse keys that they could have left.
            if response.status == 488
                && !branch.plain
                && let Some(offer) = self.medias[branch.media].plain_offer()
            {
                branch.plain = true;
                let Request { headers, body, .. } = &mut branch.invite;
                write_description(headers, body, offer);
                branch.renumber();
                return branch.send_again(owner, means, now);
            }
        }
        // RFC 3263 4.3: a server that is too busy is not the only one.
        if response.status == 503 && branch.go_on((&self.account, owner), End::Refusal, means, now)
        {
            return self.wait_anew(now);
        }
        let branch = &mut self.branches[at];
        branch.state = State::Closed;
        means.forget(&branch.key);
        self.note(cause(response.status, self.rang));
        // RFC 3261 16.7 step 5: a 6xx speaks for all phones of the party.
        if response.status >= 600 {
            for branch in &mut self.branches {
                branch.cancel(&self.account, None, means, now);
            }
        }
    }

    /// No answer will come to one of the INVITEs.
    #[must_use]
    pub fn failed(
        mut self: Box<Self>,
        key: ClientKey,
        failure: Failure,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        debug!(leg = %self.leg, ?failure, at = ?now.ticks, "a way has failed");
        means.forget(&key);
        let found = self.branches.iter_mut().find(|branch| branch.key == key && branch.is_open());
        if let Some(branch) = found {
            let heard = branch.state == State::Heard && failure == Failure::TimedOut;
            if !heard
                && branch.go_on((&self.account, Owner::Leg(self.leg)), End::Refusal, means, now)
            {
                self.wait_anew(now);
                return Some(Unanswered::Still(self));
            }
            branch.state = State::Closed;
            self.note(if heard { HangupCause::NoAnswer } else { HangupCause::Unreachable });
        }
        self.unless_over(means).map(Unanswered::Still)
    }

    /// A request before the answer.
    #[must_use]
    pub fn request(
        mut self: Box<Self>,
        arrived: Arrived<'_>,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let Arrived { key, request, flow: _ } = arrived;
        let Some(at) = self.branch_of(request) else {
            means.respond(key, request.response(481), now.ticks);
            return Some(Unanswered::Still(self));
        };
        let tag = request.from().tag().unwrap_or_default();
        let order =
            self.branches[at].dialog(tag).map_or(Order::New, |dialog| dialog.receive(request));
        if order == Order::Stale {
            means.respond(key, request.response(500).with(Name::RetryAfter, "1"), now.ticks);
            return Some(Unanswered::Still(self));
        }
        match request.method {
            Method::Bye => {
                // The 2xx before it was lost: when its copy comes it is acknowledged and ended.
                means.respond(key, request.response(200), now.ticks);
                self.branches[at].cancel(&self.account, None, means, now);
                self.note(HangupCause::Declined);
                return self.unless_over(means).map(Unanswered::Still);
            }
            Method::Update => self.updated(at, key, request, means, now),
            Method::Options => {
                let own = self.branches[at].local_tag().to_owned();
                means.respond(key, options_answer(request, &own), now.ticks);
            }
            Method::Info => means.respond(key, request.response(200), now.ticks),
            Method::Invite => {
                means.respond(key, request.response(491), now.ticks);
            }
            Method::Ack
            | Method::Cancel
            | Method::Register
            | Method::Prack
            | Method::Refer
            | Method::Notify
            | Method::Subscribe
            | Method::Message
            | Method::Publish
            | Method::Other(_) => means.respond(key, request.response(405), now.ticks),
        }
        Some(Unanswered::Still(self))
    }

    fn updated(
        &mut self,
        at: usize,
        key: &ServerKey,
        update: &Request,
        means: &mut Means,
        now: Moment,
    ) {
        let tag = update.from().tag().unwrap_or_default();
        let mut response =
            update.response(200).with(Name::Contact, self.branches[at].contact.as_str());
        if !update.body.is_empty() {
            let is_heard = self.early.as_ref().is_some_and(|early| *early == (at, tag.to_owned()));
            if !is_heard {
                // RFC 3311 5.2: our own offer has no answer yet.
                return means.respond(key, update.response(491), now.ticks);
            }
            let media = self.branches[at].media;
            match self.medias[media].answer(&update.body, None) {
                Ok(body) => write_description(&mut response.headers, &mut response.body, body),
                Err(_) => return means.respond(key, update.response(488), now.ticks),
            }
        }
        if let Some(dialog) = self.branches[at].dialog(tag) {
            dialog.refresh_target(update.headers.get(&Name::Contact));
        }
        means.respond(key, response, now.ticks);
    }

    /// Takes every INVITE back.
    #[must_use]
    pub fn hang_up(
        mut self,
        cause: HangupCause,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        let reason = match cause {
            // Their words are about calls that were answered.
            HangupCause::Normal | HangupCause::MediaLost => None,
            HangupCause::Cancelled
            | HangupCause::Busy
            | HangupCause::NoAnswer
            | HangupCause::Declined
            | HangupCause::NotFound
            | HangupCause::Unreachable
            | HangupCause::Forbidden
            | HangupCause::NotAcceptable
            | HangupCause::Overloaded
            | HangupCause::AnsweredElsewhere
            | HangupCause::SessionExpired
            | HangupCause::AckMissing
            | HangupCause::Stopping
            | HangupCause::Interrupted
            | HangupCause::Failed { .. } => reason(cause),
        };
        for branch in &mut self.branches {
            branch.cancel(&self.account, reason, means, now);
        }
        self.end(cause, means);
        None
    }

    #[must_use]
    pub fn timeout(
        mut self: Box<Self>,
        means: &mut Means,
        now: Moment,
    ) -> Option<Unanswered<Self>> {
        if self.deadline.is_some_and(|deadline| deadline <= now.ticks) {
            self.deadline = None;
            let silent = self.branches.iter_mut().filter(|branch| branch.state == State::Calling);
            let (mut given_up, mut gone_on) = (0, 0);
            for branch in silent {
                if branch.go_on((&self.account, Owner::Leg(self.leg)), End::Silence, means, now) {
                    gone_on += 1;
                } else {
                    branch.cancel(&self.account, None, means, now);
                    given_up += 1;
                }
            }
            if gone_on > 0 {
                self.wait_anew(now);
            }
            if given_up > 0 {
                debug!(leg = %self.leg, "no sign of life");
                self.note(HangupCause::Unreachable);
            }
        }
        self.unless_over(means).map(Unanswered::Still)
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.deadline
    }

    fn wait_anew(&mut self, now: Moment) {
        self.deadline = self.patience.map(|patience| now.ticks + patience);
    }

    fn note(&mut self, cause: HangupCause) {
        if self.worst.is_none_or(|worst| weight(worst) < weight(cause)) {
            self.worst = Some(cause);
        }
    }

    fn unless_over(mut self: Box<Self>, means: &mut Means) -> Option<Box<Self>> {
        if self.branches.iter().any(Branch::is_open) {
            return Some(self);
        }
        let cause = self.worst.unwrap_or(HangupCause::Unreachable);
        self.end(cause, means);
        None
    }

    fn end(&mut self, cause: HangupCause, means: &mut Means) {
        for media in &mut self.medias {
            media.close();
        }
        means.tell(LegEvent::Ended { leg: self.leg, cause });
    }
}
