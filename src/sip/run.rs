//! The one loop of SIP: wire, switchboard and clock in, messages and events out.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tracing::{debug, error, info, warn};

use crate::clock;
use crate::office::transport::Transport;
use crate::sip::endpoint::{Endpoint, Setup};
use crate::sip::flow::Flow;
use crate::sip::handle::{SipEvent, SipRequest};
use crate::sip::transport::names::{look_up, name_servers};
use crate::sip::transport::wire::{Wire, WireEvent};
use crate::sip::trunk::server_name::{Found, ServerName, TrunkTarget};
use crate::sip::trunk::trunks::Routes;
use crate::time::Moment;

/// How long the far ends may take to answer our last BYEs (goal R3: 5 s in all).
const PATIENCE: Duration = Duration::from_secs(3);

/// Messages handled in a row before the switchboard has its turn.
const BATCH: usize = 256;

/// Room that the switchboard's queue must have before another call is taken.
const SPARE_EVENTS: usize = 16;

/// The longest sleep, so that a far timer cannot overflow.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

/// The shortest, so that a timer that does not move cannot spin the loop.
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);

/// A name and where it leads.
type Lookup = (ServerName, Found);

impl Routes for Wire {
    fn local_for(&mut self, remote: SocketAddr, transport: Transport) -> Option<Flow> {
        Self::local_for(self, remote, transport)
    }

    fn way_to(&mut self, target: &TrunkTarget) -> Option<Flow> {
        Self::way_to(self, target.address, target.transport, &target.host)
    }
}

/// Serves until `SipRequest::Stop`, or until the switchboard has gone.
///
/// `wire` is bound before, so that a port that is taken ends the start and not the run.
pub async fn run(
    wire: Wire,
    setup: Setup,
    mut requests: mpsc::Receiver<SipRequest>,
    events: mpsc::Sender<SipEvent>,
) {
    let (found, mut lookups) = mpsc::channel(16);
    let endpoint = Endpoint::new(setup, clock::now());
    let mut service =
        Service { wire, endpoint, events, found, waiting: None, stopping: None, panics: 0 };
    service.flush();
    loop {
        let now = clock::now();
        if service.is_over(now.ticks) {
            break;
        }
        if service.wake(now.ticks) <= now.ticks {
            // A wire that is never silent must not keep the timers from running.
            service.timeout(now);
        }
        let wake = service.wake(now.ticks).max(now.ticks + SHORTEST_SLEEP);
        let events = service.events.clone();
        let is_blocked = service.waiting.is_some();
        tokio::select! {
            biased;
            request = requests.recv(), if service.stopping.is_none() => {
                let request = request.unwrap_or(SipRequest::Stop);
                service.request(request);
                while let Ok(more) = requests.try_recv() {
                    service.request(more);
                }
            }
            event = service.wire.recv() => service.wire_events(event),
            Some(lookup) = lookups.recv() => service.looked_up(&lookup),
            permit = events.reserve(), if is_blocked => {
                if let (Ok(permit), Some(event)) = (permit, service.waiting.take()) {
                    permit.send(event);
                }
            }
            () = tokio::time::sleep_until(wake.into()) => {}
        }
        service.flush();
    }
    info!(panics = service.panics, "SIP has stopped");
}

struct Service {
    wire: Wire,
    endpoint: Endpoint,
    events: mpsc::Sender<SipEvent>,
    found: mpsc::Sender<Lookup>,
    /// An event that the switchboard had no room for; those behind it stay in the endpoint.
    waiting: Option<SipEvent>,
    /// When patience with the far ends is over.
    stopping: Option<Instant>,
    panics: u64,
}

impl Service {
    fn is_over(&self, now: Instant) -> bool {
        self.stopping.is_some_and(|until| until <= now || self.endpoint.is_quiet())
    }

    fn wake(&self, now: Instant) -> Instant {
        let due = self.endpoint.poll_timeout().map(|(at, _)| at);
        let longest = now + LONGEST_SLEEP;
        let due = due.into_iter().chain(self.stopping).min().unwrap_or(longest);
        due.min(longest)
    }

    fn timeout(&mut self, now: Moment) {
        self.guarded(|endpoint, wire| endpoint.handle_timeout(wire, now), now);
        self.flush();
    }

    fn request(&mut self, request: SipRequest) {
        let now = clock::now();
        if matches!(request, SipRequest::Stop) && self.stopping.is_none() {
            self.stopping = Some(now.ticks + PATIENCE);
        }
        self.guarded(|endpoint, wire| endpoint.handle_request(request, wire, now), now);
        self.send_out();
    }

    /// One wake-up takes many messages.
    fn wire_events(&mut self, first: WireEvent) {
        let mut next = Some(first);
        for _ in 0..BATCH {
            let Some(event) = next else { break };
            self.wire_event(event);
            self.send_out();
            next = self.wire.try_recv();
        }
        if let Some(event) = next {
            self.wire_event(event);
        }
    }

    fn wire_event(&mut self, event: WireEvent) {
        let now = clock::now();
        let has_room = self.waiting.is_none() && self.events.capacity() > SPARE_EVENTS;
        self.endpoint.set_room(has_room);
        match event {
            WireEvent::Message { bytes, flow } => {
                self.guarded(|endpoint, wire| endpoint.handle_bytes(&bytes, flow, wire, now), now);
            }
            WireEvent::Closed { flow, why } => {
                self.endpoint.connection_lost(&flow, why.as_deref(), now);
                self.guarded(|endpoint, wire| endpoint.handle_flow_failure(flow, wire, now), now);
            }
        }
    }

    fn looked_up(&mut self, (name, found): &Lookup) {
        let now = clock::now();
        self.guarded(|endpoint, wire| endpoint.handle_lookup(name, found, wire, now), now);
    }

    /// One input that panics is dropped and counted; the loop goes on.
    fn guarded(&mut self, act: impl FnOnce(&mut Endpoint, &mut Wire), now: Moment) {
        let Self { endpoint, wire, .. } = self;
        if catch_unwind(AssertUnwindSafe(|| act(endpoint, wire))).is_err() {
            self.panics += 1;
            error!(panics = self.panics, "an input made SIP panic and was dropped");
            self.endpoint.recover(now);
        }
    }

    fn flush(&mut self) {
        self.send_out();
        let now = clock::now();
        while let Some(name) = self.endpoint.poll_lookup(now) {
            self.look_up(name);
        }
        while self.waiting.is_none()
            && let Some(event) = self.endpoint.poll_event()
        {
            match self.events.try_send(event) {
                Ok(()) => {}
                Err(TrySendError::Full(event)) => {
                    warn!("the switchboard is behind; new calls get 503");
                    self.waiting = Some(event);
                }
                Err(TrySendError::Closed(event)) => debug!(?event, "the switchboard has gone"),
            }
        }
    }

    fn send_out(&mut self) {
        while let Some((flow, bytes)) = self.endpoint.poll_transmit() {
            self.wire.send(flow, bytes);
        }
    }

    /// In the background: a dead resolver must delay nothing (goal R16).
    fn look_up(&self, name: ServerName) {
        let found = self.found.clone();
        tokio::spawn(async move {
            let servers = name_servers();
            // What a name server says is foreign, and the trunk must be looked up again whatever it was.
            let looked_up = AssertUnwindSafe(look_up(&name, &servers)).catch_unwind().await;
            if found.send((name, looked_up.unwrap_or_default())).await.is_err() {
                debug!("nobody waits for the name any more");
            }
        });
    }
}
