//! What the wire brings: who is asking, and which leg it concerns.

use tracing::{debug, info};

use crate::leg::{LegId, Origin};
use crate::sip::endpoint::{Endpoint, State};
use crate::sip::flow::Flow;
use crate::sip::gate::Verdict;
use crate::sip::leg::arrived::Arrived;
use crate::sip::leg::call_leg::CallLeg;
use crate::sip::leg::incoming::Incoming;
use crate::sip::leg::means::Owner;
use crate::sip::leg::unanswered::Unanswered;
use crate::sip::screen::{options_answer, refusal, tagged};
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::transaction::event::{Failure, TransactionEvent};
use crate::sip::transaction::key::{ClientKey, ServerKey};
use crate::time::Moment;

/// More legs than a box of this size can carry sound for.
const MAX_LEGS: usize = 2000;

impl Endpoint {
    pub(crate) fn transaction_event(&mut self, event: TransactionEvent, now: Moment) {
        match event {
            TransactionEvent::Request { key, request, flow } => {
                self.request_came(&key, &request, flow, now);
            }
            TransactionEvent::Ack { request, flow } => self.ack_came(&request, flow, now),
            TransactionEvent::Cancelled { key, cancel: _ } => {
                let Some(leg) = self.legs.dialogs.of_invite(&key) else { return };
                self.step(leg, now, |leg, means| match leg {
                    CallLeg::Incoming(leg) if leg.is_of(&key) => {
                        leg.cancelled(means, now).map(CallLeg::from)
                    }
                    CallLeg::Incoming(_) | CallLeg::Outgoing(_) | CallLeg::Session(_) => Some(leg),
                });
            }
            TransactionEvent::Response { key, response, flow: _ } => {
                self.response_came(key, &response, now);
            }
            TransactionEvent::Failed { key, failure } => self.request_failed(key, failure, now),
            TransactionEvent::AckMissing { key } => {
                let Some(leg) = self.legs.dialogs.of_invite(&key) else { return };
                self.step(leg, now, |leg, means| match leg {
                    CallLeg::Session(leg) => leg.ack_missing(key, means, now).map(CallLeg::Session),
                    CallLeg::Incoming(_) | CallLeg::Outgoing(_) => Some(leg),
                });
            }
        }
    }

    fn request_came(&mut self, key: &ServerKey, request: &Request, flow: Flow, now: Moment) {
        if let Some(refusal) = refusal(request) {
            let tag = self.means.token();
            return self.means.respond(key, tagged(refusal, &tag), now.ticks);
        }
        match (request.to().tag(), &request.method) {
            (Some(_), Method::Subscribe) => return self.subscribed_again(key, request, flow, now),
            (Some(_), _) => return self.in_dialog(key, request, flow, now),
            (None, _) => {}
        }
        match request.method {
            Method::Options => {
                let answer = options_answer(request, &self.means.token());
                self.means.transactions.respond_stateless(request, flow, &answer);
            }
            Method::Invite | Method::Register | Method::Subscribe => {
                self.shown(key, request, flow, now);
            }
            Method::Ack
            | Method::Bye
            | Method::Cancel
            | Method::Prack
            | Method::Update
            | Method::Info
            | Method::Refer
            | Method::Notify
            | Method::Message
            | Method::Publish
            | Method::Other(_) => self.means.refuse(key, request, 481, now.ticks),
        }
    }

    /// What only those may ask who have shown who they are.
    fn shown(&mut self, key: &ServerKey, request: &Request, flow: Flow, now: Moment) {
        match self.gate.check(request, &flow, now) {
            Verdict::Device(device) if request.method == Method::Register => {
                let response = self.registrar.handle_register(&device, request, &flow, now);
                self.lamp_of(&device, now);
                self.legs.adopt(&Origin::Device(device), &flow);
                self.means.respond(key, response, now.ticks);
            }
            Verdict::Device(device) if request.method == Method::Subscribe => {
                self.subscribed(key, request, (device, flow), now);
            }
            Verdict::Device(device) => {
                self.invited(key, request, flow, Origin::Device(device), now);
            }
            Verdict::Trunk(trunk) if request.method == Method::Invite => {
                self.invited(key, request, flow, Origin::Trunk(trunk), now);
            }
            Verdict::Trunk(_) => self.means.refuse(key, request, 403, now.ticks),
            Verdict::Answer(response) => {
                self.means.transactions.respond_stateless(request, flow, &response);
            }
            Verdict::Drop => self.means.transactions.forget(key),
        }
    }

    fn invited(
        &mut self,
        key: &ServerKey,
        request: &Request,
        flow: Flow,
        account: Origin,
        now: Moment,
    ) {
        if self.state != State::Open || self.legs.len() >= MAX_LEGS {
            let tag = self.means.token();
            let response = request.tagged_response(503, &tag).with(Name::RetryAfter, "10");
            return self.means.respond(key, response, now.ticks);
        }
        let leg = self.legs.next_arrived();
        let own = match &account {
            Origin::Trunk(trunk) => self.means.trunks.own_name(trunk).map(str::to_owned),
            Origin::Device(_) => None,
        };
        let names: Vec<&str> = ["naru"].into_iter().chain(own.as_deref()).collect();
        let arrived = Arrived { key, request, flow };
        let next = Incoming::arrive(leg, account, arrived, &names, &mut self.means, now);
        if let Some(Unanswered::Still(incoming)) = &next {
            self.legs.dialogs.add_tag(leg, &incoming.dialog.local_tag);
            self.legs.dialogs.add_invite(leg, *key);
            self.ladder.claim(leg, request.call_id());
            self.legs.settle(leg, next.map(CallLeg::from), now);
        }
    }

    fn in_dialog(&mut self, key: &ServerKey, request: &Request, flow: Flow, now: Moment) {
        let to = request.to();
        let tag = to.tag().unwrap_or_default();
        let leg = self.legs.dialogs.of_tag(tag);
        let own_way =
            leg.and_then(|leg| self.legs.get(leg)).and_then(|leg| leg.is_own_way(request, &flow));
        let (Some(leg), Some(is_own_way)) = (leg, own_way) else {
            // A dialog that has just ended, or a fork that has lost: the BYE crossed ours.
            let was_ours = leg.is_some() || self.legs.dialogs.has_ended(tag);
            let status = if was_ours && request.method == Method::Bye { 200 } else { 481 };
            return self.means.respond(key, request.response(status), now.ticks);
        };
        if !is_own_way && !self.may_move(leg, request, flow, key, now) {
            return;
        }
        if request.method == Method::Invite {
            self.legs.dialogs.add_invite(leg, *key);
        }
        let arrived = Arrived { key, request, flow };
        self.step(leg, now, |leg, means| leg.request(arrived, means, now));
    }

    /// A request inside the dialog from somewhere else: only who has shown to be the leg's own
    /// party may send it (goal S10).
    fn may_move(
        &mut self,
        leg: LegId,
        request: &Request,
        flow: Flow,
        key: &ServerKey,
        now: Moment,
    ) -> bool {
        let shown = match self.gate.check(request, &flow, now) {
            Verdict::Device(device) => Origin::Device(device),
            Verdict::Trunk(trunk) => Origin::Trunk(trunk),
            Verdict::Answer(response) => {
                self.means.transactions.respond_stateless(request, flow, &response);
                return false;
            }
            Verdict::Drop => {
                self.means.transactions.forget(key);
                return false;
            }
        };
        let is_own = self.legs.get(leg).is_some_and(|state| *state.account() == shown);
        if is_own {
            debug!(%leg, source = %flow.remote, "the far end has moved");
            self.legs.moved(leg, flow);
        } else {
            info!(%leg, source = %flow.remote, ?shown, "a stranger to the dialog is refused");
            self.means.respond(key, request.response(403), now.ticks);
        }
        is_own
    }

    fn ack_came(&mut self, ack: &Request, flow: Flow, now: Moment) {
        let Some(leg) = self.legs.dialogs.of_tag(ack.to().tag().unwrap_or_default()) else {
            return;
        };
        let fits = self.legs.get(leg).is_some_and(|state| state.may_acknowledge(ack, &flow));
        if fits {
            self.step(leg, now, |leg, means| leg.ack(ack, means, now));
        }
    }

    fn response_came(&mut self, key: ClientKey, response: &Response, now: Moment) {
        let leg = match self.means.owner(&key) {
            Some(Owner::Leg(leg)) => *leg,
            Some(Owner::Straggler) => {
                return self.means.straggler_answered(key, response, now.ticks);
            }
            Some(_) if response.is_provisional() => return,
            Some(_) | None => return self.upkeep_done(key, Some(response), now),
        };
        self.step(leg, now, |leg, means| leg.response(key, response, means, now));
    }

    fn request_failed(&mut self, key: ClientKey, failure: Failure, now: Moment) {
        match self.means.owner(&key) {
            Some(Owner::Leg(leg)) => {
                let leg = *leg;
                self.step(leg, now, |leg, means| leg.failed(key, failure, means, now));
            }
            Some(Owner::Straggler) => self.means.straggler_failed(key),
            Some(_) | None => self.upkeep_done(key, None, now),
        }
    }
}
