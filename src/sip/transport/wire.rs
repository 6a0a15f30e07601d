//! All sockets of SIP as one: events out, messages in, nothing waits.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

use anyhow::Context;
use bytes::Bytes;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::{AbortHandle, JoinSet};
use tracing::{debug, info, warn};

use crate::binding::Transport;
use crate::clock;
use crate::sip::flow::{ConnectionId, Flow};
use crate::sip::transport::arrival::Arrival;
use crate::sip::transport::holder::holder;
use crate::sip::transport::routes::Routes;
use crate::sip::transport::sockets;
use crate::sip::transport::tcp::{self, Queue};
use crate::sip::transport::udp::{self, UdpSender};

/// Messages that may wait for the signalling loop; what comes beyond stays in the kernel.
const ARRIVALS: usize = 1024;

/// Messages that may wait for one connection; a far end that lets more pile up is closed.
const QUEUED: usize = 64;

/// Connections in all, so that files are left for calls.
const MOST: usize = 512;

/// Connections from one address: a branch office behind one NAT, twice over.
const MOST_FROM_ONE: usize = 128;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireEvent {
    Message {
        bytes: Bytes,
        flow: Flow,
    },
    /// A connection ended, or the far end of a UDP flow is not there.
    Closed {
        flow: Flow,
    },
}

/// Every listening socket and connection. Dropping it closes them all.
#[derive(Debug)]
pub struct Wire {
    udp: Vec<UdpSender>,
    tcp: Vec<SocketAddr>,
    connections: BTreeMap<ConnectionId, Connection>,
    next_connection: u64,
    routes: Routes,
    arrivals: mpsc::Receiver<Arrival>,
    arrived: mpsc::Sender<Arrival>,
    events: VecDeque<WireEvent>,
    tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Connection {
    flow: Flow,
    outgoing: mpsc::Sender<Bytes>,
    task: AbortHandle,
}

impl Wire {
    /// Listens on every address; needs a running tokio.
    ///
    /// # Errors
    /// If one address cannot be bound; names it, and who holds it if that can be told.
    pub fn bind(listen: &[(Transport, SocketAddr)]) -> anyhow::Result<Self> {
        let (arrived, arrivals) = mpsc::channel(ARRIVALS);
        let mut wire = Self {
            udp: Vec::new(),
            tcp: Vec::new(),
            connections: BTreeMap::new(),
            next_connection: 0,
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
            Transport::Tcp => {
                let listener = sockets::tcp_listener(address)?;
                let bound = listener.local_addr()?;
                self.tcp.push(bound);
                self.tasks.spawn(tcp::accept(listener, self.arrived.clone()));
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
        udp.chain(self.tcp.iter().map(|bound| (Transport::Tcp, *bound))).collect()
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

    /// Sends or lets go; never waits. What TCP cannot send shows as `Closed`.
    pub fn send(&mut self, flow: Flow, bytes: Bytes) {
        match flow.transport {
            Transport::Udp => match self.sender(flow.local) {
                Some(sender) => sender.send(flow.remote, &bytes),
                None => self.events.push_back(WireEvent::Closed { flow }),
            },
            Transport::Tcp => self.send_tcp(flow, bytes),
        }
    }

    /// A flow to `remote` from the listening socket that fits best.
    pub fn local_for(&mut self, remote: SocketAddr, transport: Transport) -> Option<Flow> {
        let now = clock::now().ticks;
        let own = self.routes.local(remote.ip(), now)?;
        let bound: Vec<SocketAddr> = match transport {
            Transport::Udp => self.udp.iter().map(|sender| sender.bound).collect(),
            Transport::Tcp => self.tcp.clone(),
        };
        let same_family = || bound.iter().filter(|bound| bound.is_ipv4() == remote.is_ipv4());
        let best = same_family()
            .find(|bound| bound.ip() == own)
            .or_else(|| same_family().find(|bound| bound.ip().is_unspecified()))
            .or_else(|| same_family().next())?;
        let local = self.routes.seen(*best, remote.ip(), now)?;
        Some(Flow { transport, local, remote, connection: None })
    }

    /// How many TCP connections there are.
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

    fn send_tcp(&mut self, flow: Flow, bytes: Bytes) {
        let id = match flow.connection {
            Some(id) => id,
            None => self.connection_to(flow),
        };
        let Some(connection) = self.connections.get(&id) else {
            return self.events.push_back(WireEvent::Closed { flow });
        };
        match connection.outgoing.try_send(bytes) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                warn!(remote = %flow.remote, "a connection takes nothing and is closed");
                self.close(id);
            }
            // Its end is on the way here.
            Err(TrySendError::Closed(_)) => debug!(remote = %flow.remote, "not sent"),
        }
    }

    /// The connection to the flow's far end; a new one if there is none.
    fn connection_to(&mut self, flow: Flow) -> ConnectionId {
        let open = self
            .connections
            .iter()
            .find(|(_, other)| other.flow.remote == flow.remote && !other.outgoing.is_closed());
        if let Some((id, _)) = open {
            return *id;
        }
        let id = self.new_id();
        let flow = Flow { connection: Some(id), ..flow };
        let (queue, outgoing) = queue();
        let task = self.tasks.spawn(tcp::connect(flow, queue, self.arrived.clone()));
        self.connections.insert(id, Connection { flow, outgoing, task });
        id
    }

    fn arrived(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Message { bytes, flow } => {
                self.events.push_back(WireEvent::Message { bytes, flow });
            }
            Arrival::Connected { stream, local, remote } => self.connected(stream, local, remote),
            Arrival::Closed { flow } => {
                if let Some(id) = flow.connection {
                    self.connections.remove(&id);
                    while self.tasks.try_join_next().is_some() {}
                }
                self.events.push_back(WireEvent::Closed { flow });
            }
        }
    }

    fn connected(&mut self, stream: TcpStream, local: SocketAddr, remote: SocketAddr) {
        if self.connections.len() >= MOST || self.from(remote.ip()) >= MOST_FROM_ONE {
            return debug!(%remote, "too many connections");
        }
        let id = self.new_id();
        let flow = Flow { transport: Transport::Tcp, local, remote, connection: Some(id) };
        let (queue, outgoing) = queue();
        let task = self.tasks.spawn(tcp::serve(stream, flow, queue, self.arrived.clone()));
        self.connections.insert(id, Connection { flow, outgoing, task });
    }

    fn from(&self, source: IpAddr) -> usize {
        self.connections.values().filter(|other| other.flow.remote.ip() == source).count()
    }

    fn close(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.remove(&id) {
            connection.task.abort();
            self.events.push_back(WireEvent::Closed { flow: connection.flow });
        }
    }

    fn new_id(&mut self) -> ConnectionId {
        self.next_connection += 1;
        ConnectionId(self.next_connection)
    }
}

fn queue() -> (Queue, mpsc::Sender<Bytes>) {
    let (sender, receiver) = mpsc::channel(QUEUED);
    (Queue { sender: sender.clone(), receiver }, sender)
}

fn refused(transport: Transport, address: SocketAddr) -> String {
    let by = holder(transport, address.port());
    let by = by.map_or_else(String::new, |who| format!("; {who} uses port {}", address.port()));
    format!("cannot listen on {transport}://{address}{by}")
}
