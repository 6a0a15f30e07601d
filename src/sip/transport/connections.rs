//! Every connection of TCP and TLS, and where those lead that we opened.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use tokio::net::TcpStream;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::rustls::ServerConfig;
use tracing::{debug, warn};

use crate::clock;
use crate::office::transport::Transport;
use crate::sip::flow::{ConnectionId, Flow};
use crate::sip::transport::arrival::Arrival;
use crate::sip::transport::handshakes::Handshakes;
use crate::sip::transport::tcp::{self, Queue};
use crate::sip::transport::tls;

/// Messages that may wait for one connection; a far end that lets more pile up is closed.
const QUEUED: usize = 64;

/// Connections in all, so that files are left for calls.
const MOST: usize = 512;

/// Connections from one address: a branch office behind one NAT, twice over.
const MOST_FROM_ONE: usize = 128;

/// Servers that are remembered: more than the trunks of an office have.
const MOST_LINES: usize = 256;

/// What TLS needs to know of us and of others.
#[derive(Clone, Debug, Default)]
pub struct TlsSetup {
    /// What phones are shown; the latest counts. None: TLS is not listened to.
    pub shown: Option<watch::Receiver<Arc<ServerConfig>>>,
    /// Authorities that are believed beside the machine's: a PEM file.
    pub authorities: Option<PathBuf>,
}

/// Where a connection leads that we open, and open again when it has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    transport: Transport,
    local: SocketAddr,
    remote: SocketAddr,
    /// What a server has to prove (RFC 5922 7.1).
    name: String,
}

#[derive(Debug)]
struct Connection {
    flow: Flow,
    outgoing: mpsc::Sender<Bytes>,
    task: AbortHandle,
}

/// Dropping it closes them all.
#[derive(Debug)]
pub struct Connections {
    open: BTreeMap<ConnectionId, Connection>,
    lines: BTreeMap<ConnectionId, Line>,
    handshakes: Handshakes,
    last: u64,
    setup: TlsSetup,
    arrived: mpsc::Sender<Arrival>,
    tasks: JoinSet<()>,
}

impl Connections {
    #[must_use]
    pub fn new(setup: TlsSetup, arrived: mpsc::Sender<Arrival>) -> Self {
        Self {
            open: BTreeMap::new(),
            lines: BTreeMap::new(),
            handshakes: Handshakes::default(),
            last: 0,
            setup,
            arrived,
            tasks: JoinSet::new(),
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.open.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Serves whoever has connected, if there is room.
    pub fn accepted(
        &mut self,
        stream: TcpStream,
        transport: Transport,
        local: SocketAddr,
        remote: SocketAddr,
    ) {
        if self.open.len() >= MOST || self.from(remote.ip()) >= MOST_FROM_ONE {
            return debug!(%remote, "too many connections");
        }
        let is_tls = transport == Transport::Tls;
        if is_tls && !self.handshakes.admit(clock::now().ticks, remote.ip()) {
            return debug!(%remote, "too many handshakes");
        }
        let id = self.new_id();
        let flow = Flow { transport, local, remote, connection: Some(id) };
        let (queue, outgoing) = queue(false);
        let arrived = self.arrived.clone();
        let task = match transport {
            Transport::Tcp => self.tasks.spawn(tcp::serve(stream, flow, queue, arrived)),
            Transport::Tls => {
                let Some(shown) = &self.setup.shown else { return };
                let server = Arc::clone(&shown.borrow());
                self.tasks.spawn(tls::serve(stream, server, flow, queue, arrived))
            }
            Transport::Udp => return,
        };
        self.open.insert(id, Connection { flow, outgoing, task });
    }

    /// The connection to a server that has to prove `name` over TLS. It is opened by what is first
    /// sent on it, and again by what is sent after it has ended.
    pub fn line(&mut self, flow: Flow, name: &str) -> ConnectionId {
        let Flow { transport, local, remote, connection: _ } = flow;
        let wanted = Line { transport, local, remote, name: name.to_owned() };
        if let Some((id, _)) = self.lines.iter().find(|(_, line)| **line == wanted) {
            return *id;
        }
        let idle = self.lines.keys().find(|id| !self.open.contains_key(id)).copied();
        if self.lines.len() >= MOST_LINES
            && let Some(idle) = idle
        {
            self.lines.remove(&idle);
        }
        let id = self.new_id();
        self.lines.insert(id, wanted);
        id
    }

    /// Sends or lets go; never waits. `false`: there is no such connection, nor a way to open it.
    #[must_use]
    pub fn send(&mut self, flow: Flow, bytes: Bytes) -> bool {
        let Some(id) = self.found_or_opened(flow) else { return false };
        let Some(connection) = self.open.get(&id) else { return false };
        match connection.outgoing.try_send(bytes) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                warn!(remote = %flow.remote, "a connection takes nothing and is closed");
                if let Some(connection) = self.open.remove(&id) {
                    connection.task.abort();
                }
                false
            }
            // Its end is on the way here.
            Err(TrySendError::Closed(_)) => {
                debug!(remote = %flow.remote, "not sent");
                true
            }
        }
    }

    /// A connection has ended.
    pub fn ended(&mut self, flow: &Flow) {
        if let Some(id) = flow.connection {
            self.open.remove(&id);
            while self.tasks.try_join_next().is_some() {}
        }
    }

    fn found_or_opened(&mut self, flow: Flow) -> Option<ConnectionId> {
        if let Some(id) = flow.connection {
            if !self.open.contains_key(&id) {
                let line = self.lines.get(&id)?.clone();
                self.dial(id, line);
            }
            return Some(id);
        }
        let open = self.open.iter().find(|(_, other)| {
            other.flow.transport == flow.transport
                && other.flow.remote == flow.remote
                && !other.outgoing.is_closed()
        });
        if let Some((id, _)) = open {
            return Some(*id);
        }
        // A dialog that has lost its connection to a server goes on over the next.
        let line = self
            .lines
            .iter()
            .find(|(_, line)| line.transport == flow.transport && line.remote == flow.remote);
        if let Some((id, line)) = line {
            let (id, line) = (*id, line.clone());
            self.dial(id, line);
            return Some(id);
        }
        match flow.transport {
            Transport::Tcp => {
                let id = self.new_id();
                let Flow { transport, local, remote, connection: _ } = flow;
                self.dial(id, Line { transport, local, remote, name: String::new() });
                Some(id)
            }
            Transport::Udp | Transport::Tls => None,
        }
    }

    fn dial(&mut self, id: ConnectionId, line: Line) {
        let Line { transport, local, remote, name } = line;
        let flow = Flow { transport, local, remote, connection: Some(id) };
        let (queue, outgoing) = queue(self.lines.contains_key(&id));
        let arrived = self.arrived.clone();
        let task = match transport {
            Transport::Tls => {
                let private = self.setup.authorities.clone();
                self.tasks.spawn(tls::connect(name, private, flow, queue, arrived))
            }
            Transport::Udp | Transport::Tcp => self.tasks.spawn(tcp::connect(flow, queue, arrived)),
        };
        self.open.insert(id, Connection { flow, outgoing, task });
    }

    fn from(&self, source: IpAddr) -> usize {
        self.open.values().filter(|other| other.flow.remote.ip() == source).count()
    }

    fn new_id(&mut self) -> ConnectionId {
        self.last += 1;
        ConnectionId(self.last)
    }
}

fn queue(pings: bool) -> (Queue, mpsc::Sender<Bytes>) {
    let (sender, receiver) = mpsc::channel(QUEUED);
    (Queue { sender: sender.clone(), receiver, pings }, sender)
}
