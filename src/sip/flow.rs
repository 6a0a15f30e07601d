//! The way one message came, which is the way its answer goes.

use std::net::SocketAddr;

use crate::office::transport::Transport;

/// One connection of TCP or TLS while it lives; one that we opened keeps it when it is opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// A transport, our address on it and the far end's. With `connection` only that connection will
/// do; without one, TCP opens or finds a connection to `remote`, and TLS finds one: whom we connect
/// to must prove a name, and an address is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flow {
    pub transport: Transport,
    /// The address our socket is bound to, as the far end may be told it: never unspecified.
    pub local: SocketAddr,
    pub remote: SocketAddr,
    pub connection: Option<ConnectionId>,
}

impl Flow {
    /// Whether the transport itself repeats what is lost.
    #[must_use]
    pub fn is_reliable(&self) -> bool {
        self.transport.is_stream()
    }
}
