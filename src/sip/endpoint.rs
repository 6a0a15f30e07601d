//! All of SIP without its sockets: who is asking, and which leg it concerns.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use tracing::{debug, error, info};

use crate::binding::Binding;
use crate::leg::{HangupCause, LegEvent, LegId};
use crate::media::handle::{MediaCommand, MediaHandle};
use crate::office::snapshot::Office;
use crate::office::trunk::TrunkName;
use crate::sip::flow::Flow;
use crate::sip::gate::Gate;
use crate::sip::handle::{SipEvent, SipRequest};
use crate::sip::ladder::Ladder;
use crate::sip::lamps::Lamps;
use crate::sip::leg::call_leg::CallLeg;
use crate::sip::leg::incoming::Incoming;
use crate::sip::leg::legs::Legs;
use crate::sip::leg::means::Means;
use crate::sip::registrar::registrar::{Registrar, RegistrarEvent};
use crate::sip::syntax::token::Tokens;
use crate::sip::transaction::event::Output;
use crate::sip::transaction::timer::TimerConfig;
use crate::sip::transaction::transactions::Transactions;
use crate::sip::trunk::server_name::{Found, ServerName};
use crate::sip::trunk::tests::TrunkTests;
use crate::sip::trunk::trunks::Routes;
use crate::time::Moment;
use crate::watcher::Watcher;

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
    /// Phones of the last run that had asked to be told of their messages.
    pub watchers: Vec<Watcher>,
    pub media: MediaHandle,
}

/// SIP as a pure machine. After each input take transmits, events and look-ups until there are
/// none, then wait for the next input or the timeout.
pub struct Endpoint {
    pub(crate) means: Means,
    pub(crate) gate: Gate,
    pub(crate) registrar: Registrar,
    pub(crate) legs: Legs,
    pub(crate) ladder: Ladder,
    pub(crate) tests: TrunkTests,
    transmits: VecDeque<(Flow, Bytes)>,
    events: VecDeque<SipEvent>,
    pub(crate) lamps: Lamps,
    pub(crate) state: State,
}

/// Whether new calls are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    /// Nobody above takes events: 503.
    Full,
    /// 503 for ever.
    Stopping,
}

impl Endpoint {
    #[must_use]
    pub fn new(setup: Setup, now: Moment) -> Self {
        let Setup { secret, domain, external_address, office, bindings, watchers, media } = setup;
        let mut seeds = Tokens::new(half(&secret, 0));
        let gate = Gate::new(half(&secret, 32), domain.clone());
        let mut fresh = || Tokens::new(crate::sip::syntax::token::seed(&mut seeds));
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
            lamps: Lamps::default(),
            state: State::Open,
        };
        endpoint.lamps.restore(watchers, now);
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
        if self.gate.drops(bytes, &flow, now) {
            return;
        }
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
            SipRequest::Lamp { device, count } => self.lamps.count(device, count, now.ticks),
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
        self.lamps.handle_timeout(now.ticks);
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
            .chain(self.lamps.poll_timeout())
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
        self.lamps.office_changed(office);
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
        let watchers = self.lamps.take_changes();
        if !watchers.is_empty() {
            self.events.push_back(SipEvent::Watchers(watchers));
        }
        while let Some(event) = self.means.poll_event() {
            self.events.push_back(SipEvent::Leg(event));
        }
    }

    pub(crate) fn with_incoming(
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

    pub(crate) fn step(
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
