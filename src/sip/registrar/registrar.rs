//! Which phones can be reached, and where (RFC 3261 10.3, RFC 3327, RFC 5626).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::{debug, info};

use crate::binding::{Binding, BindingChange};
use crate::office::device::Username;
use crate::office::snapshot::Office;
use crate::sip::flow::{ConnectionId, Flow};
use crate::sip::qualify::BEHIND_NAT;
use crate::sip::registrar::answer::{granted, refused};
use crate::sip::registrar::bindings::{Bindings, Bound, Changes};
use crate::sip::registrar::registration::Registration;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::token::Tokens;
use crate::time::Moment;

/// Mere refreshes are handed on to the store this often at most.
const FLUSH: Duration = Duration::from_secs(1);
/// A wall clock that is off by more has been set.
const CLOCK_SET: Duration = Duration::from_secs(60);

/// One way to one phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The Request-URI.
    pub uri: String,
    /// Route values, in order (RFC 3327).
    pub route: Vec<String>,
    /// Where to send. `local` is unspecified for a phone restored from the last run that has not
    /// registered since: the wire then knows the address to send from.
    pub flow: Flow,
}

/// One question asked of a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProbeId(u64);

/// An OPTIONS to send (without Via) as a transaction of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    pub id: ProbeId,
    pub request: Request,
    pub flow: Flow,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrarEvent {
    /// For the store, in this order.
    Changed(Vec<BindingChange>),
    /// A device can be reached for the first time, or no longer at all.
    Registered { device: Username, registered: bool },
}

/// Keeps the bindings of all devices. `poll_event` and `poll_probe` are to be drained after every
/// input.
pub struct Registrar {
    tokens: Tokens,
    devices: BTreeMap<Username, Bindings>,
    reachable: BTreeSet<Username>,
    timers: BTreeSet<(Instant, Username)>,
    due: BTreeMap<Username, Instant>,
    connections: BTreeMap<ConnectionId, BTreeSet<Username>>,
    probes: BTreeMap<ProbeId, (Username, String)>,
    asked: u64,
    to_ask: VecDeque<Probe>,
    events: VecDeque<RegistrarEvent>,
    refreshed: BTreeMap<(Username, String), Binding>,
    flush_at: Option<Instant>,
    /// Wall and ticks as they belonged together; a difference means that the clock was set.
    clock: Moment,
}

impl Registrar {
    /// Restored bindings ring at once; those run out by the wall clock are dropped.
    #[must_use]
    pub fn new(restored: Vec<Binding>, tokens: Tokens, now: Moment) -> Self {
        let mut registrar = Self {
            tokens,
            devices: BTreeMap::new(),
            reachable: BTreeSet::new(),
            timers: BTreeSet::new(),
            due: BTreeMap::new(),
            connections: BTreeMap::new(),
            probes: BTreeMap::new(),
            asked: 0,
            to_ask: VecDeque::new(),
            events: VecDeque::new(),
            refreshed: BTreeMap::new(),
            flush_at: None,
            clock: now,
        };
        // The first questions are spread out, or a restart would ask all phones at once.
        let step = BEHIND_NAT / u32::try_from(restored.len().max(1)).unwrap_or(u32::MAX);
        let mut first = now.ticks;
        for binding in restored {
            let device = binding.device.clone();
            registrar.devices.entry(device.clone()).or_default().restore(binding, first, now);
            registrar.settle(&device, now.ticks);
            first += step;
        }
        registrar
    }

    /// The bindings of devices that are no longer in the office go at once.
    pub fn office_changed(&mut self, office: &Arc<Office>, now: Moment) {
        let known: BTreeSet<_> = office
            .agents
            .values()
            .flat_map(|agent| agent.devices.iter().map(|device| &device.username))
            .collect();
        let gone: Vec<_> =
            self.devices.keys().filter(|device| !known.contains(device)).cloned().collect();
        for device in gone {
            let bindings = self.devices.remove(&device).unwrap_or_default();
            let removed = bindings.live().iter().map(|bound| BindingChange::Unbound {
                device: device.clone(),
                contact: bound.binding.contact.clone(),
            });
            let removed = removed.collect();
            self.flush(removed);
            self.settle(&device, now.ticks);
        }
    }

    /// Answers a REGISTER of a phone that the gate has let in. The response has its To tag.
    pub fn handle_register(
        &mut self,
        device: &Username,
        request: &Request,
        flow: &Flow,
        now: Moment,
    ) -> Response {
        self.heed_clock(now);
        let tag = self.tokens.next_token();
        let registration = match Registration::parse(request) {
            Ok(registration) => registration,
            Err(refusal) => return refused(request, &refusal, &tag),
        };
        let bindings = self.devices.entry(device.clone()).or_default();
        let mut changes = bindings.expire(now.ticks);
        match bindings.register(device, &registration, flow, now) {
            Ok(more) => changes.extend(more),
            Err(refusal) => {
                debug!(%device, source = %flow.remote, %refusal, "REGISTER refused");
                self.publish(changes, now.ticks);
                self.settle(device, now.ticks);
                return refused(request, &refusal, &tag);
            }
        }
        if let Some(connection) = flow.connection {
            self.connections.entry(connection).or_default().insert(device.clone());
        }
        self.publish(changes, now.ticks);
        self.settle(device, now.ticks);
        let live = self.devices.get(device).map(Bindings::live).unwrap_or_default();
        granted(request, &registration, live, flow, &tag, now)
    }

    /// Where the device rings now, the newest contact first. Empty if it cannot be
    /// reached.
    #[must_use]
    pub fn contacts(&self, device: &Username, now: Moment) -> Vec<Reach> {
        let live = self.devices.get(device).map(Bindings::live).unwrap_or_default();
        let reachable = live.iter().filter(|it| it.until > now.ticks && it.is_reachable());
        reachable.rev().map(reach).collect()
    }

    /// Every binding, by device.
    #[must_use]
    pub fn bindings(&self) -> Vec<Binding> {
        let live = self.devices.values().flat_map(Bindings::live);
        live.map(|bound| bound.binding.clone()).collect()
    }

    /// The bindings of one device.
    #[must_use]
    pub fn bindings_of(&self, device: &Username) -> Vec<&Binding> {
        let live = self.devices.get(device).map(Bindings::live).unwrap_or_default();
        live.iter().map(|bound| &bound.binding).collect()
    }

    /// Whether requests from this source come from a phone of the device that is registered there.
    #[must_use]
    pub fn is_source_of(&self, device: &Username, flow: &Flow, now: Moment) -> bool {
        let live = self.devices.get(device).map(Bindings::live).unwrap_or_default();
        live.iter().any(|bound| {
            bound.until > now.ticks
                && bound.flow.transport == flow.transport
                && bound.flow.remote == flow.remote
        })
    }

    /// The phones of this connection are from now on called at their contact.
    pub fn connection_closed(&mut self, connection: ConnectionId) {
        for device in self.connections.remove(&connection).unwrap_or_default() {
            if let Some(bindings) = self.devices.get_mut(&device) {
                bindings.connection_closed(connection);
            }
        }
    }

    /// The outcome of a probe: answered with any final response, or not at all.
    pub fn handle_probe(&mut self, probe: ProbeId, answered: bool, now: Moment) {
        let Some((device, contact)) = self.probes.remove(&probe) else { return };
        let Some(bindings) = self.devices.get_mut(&device) else { return };
        let mut all = bindings.live_mut().iter_mut();
        let Some(bound) = all.find(|bound| bound.binding.contact == contact) else { return };
        if answered {
            bound.qualify.answered(now.ticks);
        } else {
            bound.qualify.missed(now.ticks);
        }
        if bound.qualify.is_silent() {
            debug!(%device, contact, "three questions without an answer");
        }
        let changes = bindings.expire(now.ticks);
        self.publish(changes, now.ticks);
        self.settle(&device, now.ticks);
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        self.heed_clock(now);
        if self.flush_at.is_some_and(|at| at <= now.ticks) {
            self.flush(Vec::new());
        }
        while let Some((at, _)) = self.timers.first()
            && *at <= now.ticks
            && let Some((_, device)) = self.timers.pop_first()
        {
            self.due.remove(&device);
            self.device_due(&device, now);
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let timer = self.timers.first().map(|(at, _)| (*at, "a binding ends or is asked"));
        let flush = self.flush_at.map(|at| (at, "refreshed bindings are to be stored"));
        timer.into_iter().chain(flush).min()
    }

    pub fn poll_event(&mut self) -> Option<RegistrarEvent> {
        self.events.pop_front()
    }

    pub fn poll_probe(&mut self) -> Option<Probe> {
        self.to_ask.pop_front()
    }

    fn device_due(&mut self, device: &Username, now: Moment) {
        let Some(bindings) = self.devices.get_mut(device) else { return };
        let changes = bindings.expire(now.ticks);
        let asked: Vec<_> = bindings
            .live_mut()
            .iter_mut()
            .filter_map(|bound| bound.qualify.handle_timeout(now.ticks).then(|| reach(bound)))
            .collect();
        for reach in asked {
            self.ask(device, reach);
        }
        self.publish(changes, now.ticks);
        self.settle(device, now.ticks);
    }

    fn ask(&mut self, device: &Username, reach: Reach) {
        /// A result that never came is not waited for.
        const MOST_ASKED: usize = 16_384;
        if self.probes.len() >= MOST_ASKED {
            self.probes.pop_first();
        }
        self.asked += 1;
        let id = ProbeId(self.asked);
        let local = reach.flow.local.ip();
        let host = if local.is_unspecified() { reach.flow.remote.ip() } else { local };
        let host = match host {
            std::net::IpAddr::V4(v4) => v4.to_string(),
            std::net::IpAddr::V6(v6) => format!("[{v6}]"),
        };
        let mut request = Request::new(Method::Options, reach.uri.clone());
        let headers = &mut request.headers;
        for hop in &reach.route {
            headers.push(Name::Route, hop.as_str());
        }
        headers.push(Name::From, format!("<sip:naru@{host}>;tag={}", self.tokens.next_token()));
        headers.push(Name::To, format!("<{}>", reach.uri));
        headers.push(Name::CallId, self.tokens.next_token());
        headers.push(Name::CSeq, "1 OPTIONS");
        headers.push(Name::Accept, "application/sdp");
        self.probes.insert(id, (device.clone(), reach.uri));
        self.to_ask.push_back(Probe { id, request, flow: reach.flow });
    }

    /// Brings timers and reachability in line with the device's bindings.
    fn settle(&mut self, device: &Username, now: Instant) {
        if let Some(at) = self.due.remove(device) {
            self.timers.remove(&(at, device.clone()));
        }
        let bindings = self.devices.get(device);
        if let Some(at) = bindings.and_then(Bindings::poll_timeout) {
            self.due.insert(device.clone(), at);
            self.timers.insert((at, device.clone()));
        }
        let live = bindings.map(Bindings::live).unwrap_or_default();
        let registered = live.iter().any(|bound| bound.until > now && bound.is_reachable());
        let changed = if registered {
            self.reachable.insert(device.clone())
        } else {
            self.reachable.remove(device)
        };
        if changed {
            info!(%device, registered, "phone");
            let device = device.clone();
            self.events.push_back(RegistrarEvent::Registered { device, registered });
        }
    }

    /// New and removed bindings are told at once, together with the refreshes that wait.
    fn publish(&mut self, changes: Changes, now: Instant) {
        if changes.is_urgent {
            self.flush(changes.list);
            return;
        }
        for change in changes.list {
            if let BindingChange::Bound(binding) = change {
                self.refreshed.insert((binding.device.clone(), binding.contact.clone()), binding);
                self.flush_at.get_or_insert(now + FLUSH);
            }
        }
    }

    fn flush(&mut self, changes: Vec<BindingChange>) {
        self.flush_at = None;
        let waiting = std::mem::take(&mut self.refreshed).into_values().map(BindingChange::Bound);
        let all: Vec<_> = waiting.chain(changes).collect();
        if !all.is_empty() {
            self.events.push_back(RegistrarEvent::Changed(all));
        }
    }

    /// After the wall clock was set the stored expiries are wrong: all are written anew (R15).
    fn heed_clock(&mut self, now: Moment) {
        let expected = self.clock.wall + now.ticks.saturating_duration_since(self.clock.ticks);
        let off = match now.wall.duration_since(expected) {
            Ok(ahead) => ahead,
            Err(behind) => behind.duration(),
        };
        if off < CLOCK_SET {
            return;
        }
        info!(seconds = off.as_secs(), "the wall clock was set; registrations stay as they are");
        self.clock = now;
        let mut all = Vec::new();
        for bound in self.devices.values_mut().flat_map(|bindings| bindings.live_mut()) {
            bound.binding.expires = now.wall + bound.until.saturating_duration_since(now.ticks);
            all.push(BindingChange::Bound(bound.binding.clone()));
        }
        self.refreshed.clear();
        self.flush(all);
    }
}

fn reach(bound: &Bound) -> Reach {
    let Bound { binding, flow, .. } = bound;
    Reach { uri: binding.contact.clone(), route: binding.path.clone(), flow: *flow }
}
