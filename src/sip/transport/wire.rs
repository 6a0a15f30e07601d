//! All sockets of SIP as one: events out, messages in, nothing waits.

use std::collections::VecDeque;
use std::net::SocketAddr;

use anyhow::Context;
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::{debug, info};

use crate::clock;
use crate::office::transport::Transport;
use crate::sip::flow::Flow;
use crate::sip::transport::arrival::Arrival;
use crate::sip::transport::connections::{Connections, TlsSetup};
use crate::sip::transport::holder::holder;
use crate::sip::transport::routes::Routes;
use crate::sip::transport::sockets;
use crate::sip::transport::tcp;
use crate::sip::transport::udp::{self, UdpSender};

/// Messages that may wait for the signalling loop; what comes beyond stays in the kernel.
const ARRIVALS: usize = 1024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireEvent {
    Message {
        bytes: Bytes,
        flow: Flow,
    },
    /// A connection ended, or the far end of a UDP flow is not there.
    Closed {
        flow: Flow,
        /// What an operator can do something about.
        why: Option<String>,
    },
}

/// Every listening socket and connection. Dropping it closes them all.
#[derive(Debug)]
pub struct Wire {
    udp: Vec<UdpSender>,
    streams: Vec<(Transport, SocketAddr)>,
    connections: Connections,
    routes: Routes,
    arrivals: mpsc::Receiver<Arrival>,
    arrived: mpsc::Sender<Arrival>,
    events: VecDeque<WireEvent>,
    tasks: JoinSet<()>,
}

impl Wire {
    /// Listens on every address; needs a running tokio. TLS is listened to as `tls` says.
    ///
    /// # Errors
    /// If one address cannot be bound; names it, and who holds it if that can be told.
    pub fn bind(listen: &[(Transport, SocketAddr)], tls: TlsSetup) -> anyhow::Result<Self> {
        let (arrived, arrivals) = mpsc::channel(ARRIVALS);
        let mut wire = Self {
            udp: Vec::new(),
            streams: Vec::new(),
            connections: Connections::new(tls, arrived.clone()),
            routes: Routes::default(),
            arrivals,
            arrived,
            events: VecDeque::new(),
            tasks: JoinSet::new(),
        };
        for (transport, address) in listen {
            wire.listen(*transport, *address).with_context(|| refused(*transport, *address))?;
        }
        Ok(wire)
    }

    fn listen(&mut self, transport: Transport, address: SocketAddr) -> std::io::Result<()> {
        let bound = match transport {
            Transport::Udp => {
                let socket = sockets::udp(address)?;
                let sender = UdpSender::of(&socket)?;
                let bound = sender.bound;
                self.udp.push(sender);
                self.tasks.spawn(udp::receive(socket, self.arrived.clone()));
                bound
            }
            Transport::Tcp | Transport::Tls => {
                let listener = sockets::tcp_listener(address)?;
                let bound = listener.local_addr()?;
                self.streams.push((transport, bound));
                self.tasks.spawn(tcp::accept(listener, transport, self.arrived.clone()));
                bound
            }
        };
        info!(%transport, address = %bound, "listening for SIP");
        Ok(())
    }

    /// The addresses listened on, ports filled in.
    #[must_use]
    pub fn listening(&self) -> Vec<(Transport, SocketAddr)> {
        let udp = self.udp.iter().map(|sender| (Transport::Udp, sender.bound));
        udp.chain(self.streams.iter().copied()).collect()
    }

    /// The next event. May be dropped and called again without loss.
    pub async fn recv(&mut self) -> WireEvent {
        loop {
            if let Some(event) = self.events.pop_front() {
                return event;
            }
            match self.arrivals.recv().await {
                Some(arrival) => self.arrived(arrival),
                // Cannot be: the wire holds a sender itself.
                None => std::future::pending().await,
            }
        }
    }

    /// The next event if there is one already.
    pub fn try_recv(&mut self) -> Option<WireEvent> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            let arrival = self.arrivals.try_recv().ok()?;
            self.arrived(arrival);
        }
    }

    /// Sends or lets go; never waits. What a connection cannot send shows as `Closed`.
    pub fn send(&mut self, flow: Flow, bytes: Bytes) {
        let sent = match flow.transport {
            Transport::Udp => {
                self.sender(flow.local).map(|sender| sender.send(flow.remote, &bytes))
            }
            Transport::Tcp | Transport::Tls => self.connections.send(flow, bytes).then_some(()),
        };
        if sent.is_none() {
            self.events.push_back(WireEvent::Closed { flow, why: None });
        }
    }

    /// A flow to a server: over UDP from the socket that fits best, else over a connection of its
    /// own that is opened when it is needed, and on which the server has to prove `name` over TLS.
    pub fn way_to(&mut self, remote: SocketAddr, transport: Transport, name: &str) -> Option<Flow> {
        let listened = self.local_for(remote, transport);
        if !transport.is_stream() {
            return listened;
        }
        let local = match listened {
            Some(flow) => flow.local,
            // The server calls us on the connection that we opened.
            None => {
                let own = self.routes.local(remote.ip(), clock::now().ticks)?;
                SocketAddr::new(own, transport.default_port())
            }
        };
        let flow = Flow { transport, local, remote, connection: None };
        let connection = Some(self.connections.line(flow, name));
        Some(Flow { connection, ..flow })
    }

    /// A flow to `remote` from the listening socket that fits best.
    pub fn local_for(&mut self, remote: SocketAddr, transport: Transport) -> Option<Flow> {
        let now = clock::now().ticks;
        let own = self.routes.local(remote.ip(), now)?;
        let bound: Vec<SocketAddr> = match transport {
            Transport::Udp => self.udp.iter().map(|sender| sender.bound).collect(),
            Transport::Tcp | Transport::Tls => {
                let of_it = self.streams.iter().filter(|(of, _)| *of == transport);
                of_it.map(|(_, bound)| *bound).collect()
            }
        };
        let same_family = || bound.iter().filter(|bound| bound.is_ipv4() == remote.is_ipv4());
        let best = same_family()
            .find(|bound| bound.ip() == own)
            .or_else(|| same_family().find(|bound| bound.ip().is_unspecified()))
            .or_else(|| same_family().next())?;
        let local = self.routes.seen(*best, remote.ip(), now)?;
        Some(Flow { transport, local, remote, connection: None })
    }

    /// How many connections there are.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    fn sender(&self, local: SocketAddr) -> Option<&UdpSender> {
        let any =
            |bound: SocketAddr| bound.ip().is_unspecified() && bound.is_ipv4() == local.is_ipv4();
        self.udp.iter().find(|sender| sender.bound == local).or_else(|| {
            self.udp.iter().find(|sender| any(sender.bound) && sender.bound.port() == local.port())
        })
    }

    fn arrived(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Message { bytes, flow } => {
                self.events.push_back(WireEvent::Message { bytes, flow });
            }
            Arrival::Connected { stream, transport, local, remote } => {
                self.connections.accepted(stream, transport, local, remote);
            }
            Arrival::Closed { flow, why } => {
                self.connections.ended(&flow);
                if let Some(why) = &why
                    && flow.transport == Transport::Tls
                {
                    debug!(remote = %flow.remote, why, "a connection over TLS has ended");
                }
                self.events.push_back(WireEvent::Closed { flow, why });
            }
        }
    }
}

fn refused(transport: Transport, address: SocketAddr) -> String {
    let by = holder(transport, address.port());
    let by = by.map_or_else(String::new, |who| format!("; {who} uses port {}", address.port()));
    format!("cannot listen on {transport}://{address}{by}")
}
