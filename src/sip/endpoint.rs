//! All of SIP without its sockets: who is asking, and which leg it concerns.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use tracing::{debug, error, info};

use crate::binding::Binding;
use crate::leg::{HangupCause, LegEvent, LegId, Origin};
use crate::media::handle::{MediaCommand, MediaHandle};
use crate::office::snapshot::Office;
use crate::office::trunk::TrunkName;
use crate::sip::arrived::Arrived;
use crate::sip::call_leg::CallLeg;
use crate::sip::flow::Flow;
use crate::sip::gate::{Gate, Verdict};
use crate::sip::handle::{SipEvent, SipRequest};
use crate::sip::header::Name;
use crate::sip::incoming::Incoming;
use crate::sip::ladder::Ladder;
use crate::sip::legs::Legs;
use crate::sip::means::{Means, Owner};
use crate::sip::message::{Request, Response};
use crate::sip::method::Method;
use crate::sip::registrar::{Registrar, RegistrarEvent};
use crate::sip::screen::{options_answer, refusal, tagged};
use crate::sip::server_name::{Found, ServerName};
use crate::sip::token::Tokens;
use crate::sip::transaction::event::{Failure, Output, TransactionEvent};
use crate::sip::transaction::key::{ClientKey, ServerKey};
use crate::sip::transaction::timer::TimerConfig;
use crate::sip::transaction::transactions::Transactions;
use crate::sip::trunk_tests::TrunkTests;
use crate::sip::trunks::{Routes, routed};
use crate::sip::unanswered::Unanswered;
use crate::time::Moment;

/// More legs than a box of this size can carry sound for.
const MAX_LEGS: usize = 2000;

/// What SIP starts from.
pub struct Setup {
    /// 64 bytes nobody else knows, new at each start.
    pub secret: [u8; 64],
    /// The office's own name; without it the address a phone used.
    pub domain: Option<String>,
    /// Our address as networks beyond a NAT see it.
    pub external_address: Option<IpAddr>,
    pub office: Arc<Office>,
    /// Bindings of the last run.
    pub bindings: Vec<Binding>,
    pub media: MediaHandle,
}

/// SIP as a pure machine. After each input take transmits, events and look-ups until there are
/// none, then wait for the next input or the timeout.
pub struct Endpoint {
    pub(crate) means: Means,
    gate: Gate,
    pub(crate) registrar: Registrar,
    pub(crate) legs: Legs,
    pub(crate) ladder: Ladder,
    pub(crate) tests: TrunkTests,
    transmits: VecDeque<(Flow, Bytes)>,
    events: VecDeque<SipEvent>,
    state: State,
}

/// Whether new calls are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Nobody above takes events: 503.
    Full,
    /// 503 for ever.
    Stopping,
}

impl Endpoint {
    #[must_use]
    pub fn new(setup: Setup, now: Moment) -> Self {
        let Setup { secret, domain, external_address, office, bindings, media } = setup;
        let mut seeds = Tokens::new(half(&secret, 0));
        let gate = Gate::new(half(&secret, 32), domain.clone());
        let mut fresh = || Tokens::new(crate::sip::token::seed(&mut seeds));
        let transactions = Transactions::new(TimerConfig::default(), fresh());
        let registrar = Registrar::new(bindings, fresh(), now);
        let means = Means::new(transactions, media, fresh(), external_address, domain);
        let mut endpoint = Self {
            means,
            gate,
            registrar,
            legs: Legs::default(),
            ladder: Ladder::default(),
            tests: TrunkTests::default(),
            transmits: VecDeque::new(),
            events: VecDeque::new(),
            state: State::Open,
        };
        endpoint.office_changed(&office, now);
        endpoint
    }

    /// One message from the wire.
    pub fn handle_bytes(
        &mut self,
        bytes: &Bytes,
        flow: Flow,
        routes: &mut dyn Routes,
        now: Moment,
    ) {
        self.ladder.note(bytes, &flow, false, now);
        self.tests.note(bytes, &flow, false, now);
        self.means.transactions.handle_bytes(bytes, flow, now.ticks);
        self.pump(routes, now);
    }

    /// One request of the switchboard. `Stop` begins the end; see [`Self::is_quiet`].
    pub fn handle_request(&mut self, request: SipRequest, routes: &mut dyn Routes, now: Moment) {
        match request {
            SipRequest::OfficeChanged(office) => self.office_changed(&office, now),
            SipRequest::Ringing { leg } => self.with_incoming(leg, now, |leg, means| {
                leg.ringing(means, now);
            }),
            SipRequest::EarlyMedia { leg, like } => {
                let like = self.legs.codec(like);
                self.with_incoming(leg, now, |leg, means| leg.early_media(like, means, now));
            }
            SipRequest::Answer { leg, like } => {
                let like = self.legs.codec(like);
                self.step(leg, now, |leg, means| match leg {
                    CallLeg::Incoming(leg) => leg.answer(like, means, now).map(CallLeg::from),
                    CallLeg::Outgoing(_) | CallLeg::Session(_) => Some(leg),
                });
            }
            SipRequest::Ring(request) => self.ring(request, routes, now),
            SipRequest::HangUp { leg, cause } => {
                self.step(leg, now, |leg, means| leg.hang_up(cause, means, now));
            }
            SipRequest::Bindings(reply) => {
                if reply.send(self.registrar.bindings()).is_err() {
                    debug!("nobody waits for the bindings any more");
                }
            }
            SipRequest::Bans(reply) => {
                if reply.send(self.gate.bans()).is_err() {
                    debug!("nobody waits for the bans any more");
                }
            }
            SipRequest::Pardon(source) => self.gate.pardon(source),
            SipRequest::Trunks(reply) => {
                if reply.send(self.means.trunks.statuses(now)).is_err() {
                    debug!("nobody waits for the trunks any more");
                }
            }
            SipRequest::Ladder { legs, reply } => {
                let told = legs.into_iter().map(|leg| self.ladder.of(leg)).collect();
                if reply.send(told).is_err() {
                    debug!("nobody waits for the messages any more");
                }
            }
            SipRequest::TestTrunk { trunk, reply } => self.test_trunk(trunk, reply, now),
            SipRequest::Stop => self.stop(now),
        }
        self.pump(routes, now);
    }

    pub fn handle_timeout(&mut self, routes: &mut dyn Routes, now: Moment) {
        self.means.transactions.handle_timeout(now.ticks);
        self.pump(routes, now);
        self.means.handle_timeout(now.ticks);
        self.registrar.handle_timeout(now);
        self.means.trunks.handle_timeout(now);
        self.tests.handle_timeout(now.ticks);
        while let Some(leg) = self.legs.pop_due(now.ticks) {
            self.step(leg, now, |leg, means| leg.timeout(means, now));
        }
        self.pump(routes, now);
    }

    /// The transport says that nothing can be sent by this flow.
    pub fn handle_flow_failure(&mut self, flow: Flow, routes: &mut dyn Routes, now: Moment) {
        if let Some(connection) = flow.connection {
            self.registrar.connection_closed(connection);
            self.legs.connection_closed(&flow);
        }
        self.means.transactions.handle_flow_failure(flow);
        self.pump(routes, now);
    }

    /// Where a name from [`Self::poll_lookup`] leads; empty if that could not be found out.
    pub fn handle_lookup(
        &mut self,
        name: &ServerName,
        found: &Found,
        routes: &mut dyn Routes,
        now: Moment,
    ) {
        for trunk in self.means.trunks.looked_up(name, &found.addresses, now.ticks) {
            self.gate.trunk_resolved(&trunk, found.addresses.clone());
        }
        self.tests.looked_up(name, found, now.ticks);
        self.pump(routes, now);
    }

    /// Whether there is room above for the events of another call.
    pub fn set_room(&mut self, has_room: bool) {
        self.state = match (self.state, has_room) {
            (State::Stopping, _) => State::Stopping,
            (State::Open | State::Full, true) => State::Open,
            (State::Open | State::Full, false) => State::Full,
        };
    }

    /// After a panic was caught: legs that were lost by it are ended, so that nobody waits.
    pub fn recover(&mut self, now: Moment) {
        for leg in self.legs.lost() {
            error!(%leg, "a leg was lost");
            self.means.media.send(MediaCommand::Close { leg });
            self.means.tell(LegEvent::Ended { leg, cause: HangupCause::Failed { status: 500 } });
            self.legs.settle(leg, None, now);
        }
    }

    pub fn poll_transmit(&mut self) -> Option<(Flow, Bytes)> {
        self.transmits.pop_front()
    }

    pub fn poll_event(&mut self) -> Option<SipEvent> {
        self.events.pop_front()
    }

    /// A host name to look up in the background.
    pub fn poll_lookup(&mut self, now: Moment) -> Option<ServerName> {
        self.means.trunks.poll_lookup(now.ticks)
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let stragglers = self.means.stragglers.poll_timeout().map(|at| (at, "a straggler"));
        self.means
            .transactions
            .poll_timeout()
            .into_iter()
            .chain(self.registrar.poll_timeout())
            .chain(self.means.trunks.poll_timeout())
            .chain(self.legs.poll_timeout())
            .chain(self.tests.poll_timeout())
            .chain(stragglers)
            .min()
    }

    /// After `Stop`: whether every BYE, CANCEL and farewell has had its answer.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.legs.is_empty() && self.means.is_quiet() && self.means.trunks.have_left()
    }

    #[must_use]
    pub fn legs(&self) -> usize {
        self.legs.len()
    }

    fn office_changed(&mut self, office: &Arc<Office>, now: Moment) {
        self.gate.office_changed(office);
        self.registrar.office_changed(office, now);
        self.means.office_changed(office, now);
        let names: Vec<TrunkName> = self.means.trunks.names().cloned().collect();
        for name in names {
            let addresses = self.means.trunks.addresses(&name);
            self.gate.trunk_resolved(&name, addresses);
        }
    }

    fn stop(&mut self, now: Moment) {
        self.state = State::Stopping;
        let legs = self.legs.ids();
        info!(legs = legs.len(), "SIP stops");
        for leg in legs {
            self.step(leg, now, |leg, means| leg.hang_up(HangupCause::Stopping, means, now));
        }
        self.means.trunks.stop();
    }

    /// Takes what the machines below have to say until they are silent.
    fn pump(&mut self, routes: &mut dyn Routes, now: Moment) {
        loop {
            while let Some(output) = self.means.transactions.poll_output() {
                match output {
                    Output::Transmit { flow, bytes } => {
                        self.ladder.note(&bytes, &flow, true, now);
                        self.tests.note(&bytes, &flow, true, now);
                        self.transmits.push_back((flow, bytes));
                    }
                    Output::Event(event) => self.transaction_event(event, now),
                }
            }
            if !self.send_upkeep(routes, now) {
                break;
            }
        }
        while let Some(event) = self.registrar.poll_event() {
            self.events.push_back(match event {
                RegistrarEvent::Changed(changes) => SipEvent::Bindings(changes),
                RegistrarEvent::Registered { device, registered } => {
                    SipEvent::Registered { device, registered }
                }
            });
        }
        while let Some(event) = self.means.poll_event() {
            self.events.push_back(SipEvent::Leg(event));
        }
    }

    /// Sends the questions to phones and the registrations of trunks that are due.
    fn send_upkeep(&mut self, routes: &mut dyn Routes, now: Moment) -> bool {
        let mut sent = self.ask_tested(routes, now);
        while let Some(probe) = self.registrar.poll_probe() {
            match routed(probe.flow, routes) {
                Some(flow) => {
                    self.means.send(probe.request, flow, Owner::Probe(probe.id), now.ticks);
                    sent = true;
                }
                None => self.registrar.handle_probe(probe.id, false, now),
            }
        }
        while let Some((trunk, target)) = self.means.trunks.wants_register() {
            let flow = routes.way_to(&target);
            let contact = flow.map(|flow| self.means.contact(&flow));
            let uri = contact.as_deref().unwrap_or_default().trim_matches(['<', '>']);
            let Some(request) = self.means.trunks.register(&trunk, uri, now) else { break };
            match flow {
                Some(flow) => {
                    self.means.send(request, flow, Owner::Registration(trunk), now.ticks);
                    sent = true;
                }
                None => self.means.trunks.registered(&trunk, None, now),
            }
        }
        sent
    }

    fn transaction_event(&mut self, event: TransactionEvent, now: Moment) {
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
        if request.to().tag().is_some() {
            return self.in_dialog(key, request, flow, now);
        }
        match request.method {
            Method::Options => {
                let answer = options_answer(request, &self.means.token());
                self.means.transactions.respond_stateless(request, flow, &answer);
            }
            Method::Invite | Method::Register => match self.gate.check(request, &flow, now) {
                Verdict::Device(device) if request.method == Method::Register => {
                    let response = self.registrar.handle_register(&device, request, &flow, now);
                    self.legs.adopt(&Origin::Device(device), &flow);
                    self.means.respond(key, response, now.ticks);
                }
                Verdict::Device(device) => {
                    self.invited(key, request, flow, Origin::Device(device), now);
                }
                Verdict::Trunk(trunk) => {
                    self.invited(key, request, flow, Origin::Trunk(trunk), now);
                }
                Verdict::Answer(response) => {
                    self.means.transactions.respond_stateless(request, flow, &response);
                }
                Verdict::Drop => self.means.transactions.forget(key),
            },
            Method::Ack
            | Method::Bye
            | Method::Cancel
            | Method::Prack
            | Method::Update
            | Method::Info
            | Method::Refer
            | Method::Notify
            | Method::Subscribe
            | Method::Message
            | Method::Publish
            | Method::Other(_) => self.means.refuse(key, request, 481, now.ticks),
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

    /// A request that no leg waits for has its outcome.
    fn upkeep_done(&mut self, key: ClientKey, response: Option<&Response>, now: Moment) {
        match self.means.forget(&key) {
            Some(Owner::Farewell(farewell)) => {
                if let Some(response) = response {
                    self.means.farewell_answered(*farewell, response, now);
                }
            }
            Some(Owner::Probe(probe)) => {
                self.registrar.handle_probe(probe, response.is_some(), now);
            }
            Some(Owner::Registration(trunk)) => {
                self.means.trunks.registered(&trunk, response, now);
                if !self.means.trunks.is_registering(&trunk) {
                    self.tests.registration_done(&trunk, response, now.ticks);
                }
            }
            Some(Owner::TrunkTest(question)) => self.question_answered(*question, response, now),
            Some(Owner::Leg(_) | Owner::Straggler | Owner::Nobody) | None => {}
        }
    }

    fn with_incoming(
        &mut self,
        leg: LegId,
        now: Moment,
        act: impl FnOnce(&mut Incoming, &mut Means),
    ) {
        self.step(leg, now, |mut leg, means| {
            if let CallLeg::Incoming(incoming) = &mut leg {
                act(incoming, means);
            }
            Some(leg)
        });
    }

    fn step(
        &mut self,
        leg: LegId,
        now: Moment,
        step: impl FnOnce(CallLeg, &mut Means) -> Option<CallLeg>,
    ) {
        self.legs.step(leg, &mut self.means, now, step);
    }
}

fn half(secret: &[u8; 64], from: usize) -> [u8; 32] {
    let mut half = [0; 32];
    half.copy_from_slice(&secret[from..from + 32]);
    half
}
