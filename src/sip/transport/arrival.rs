//! What the receiving loops hand to the wire.

use std::net::SocketAddr;

use bytes::Bytes;
use tokio::net::TcpStream;

use crate::office::transport::Transport;
use crate::sip::flow::Flow;

#[derive(Debug)]
pub enum Arrival {
    Message {
        bytes: Bytes,
        flow: Flow,
    },
    /// Somebody connected; the wire decides whether there is room.
    Connected {
        stream: TcpStream,
        transport: Transport,
        local: SocketAddr,
        remote: SocketAddr,
    },
    /// The connection is gone, or nobody listens at the far end.
    Closed {
        flow: Flow,
        /// What an operator can do something about.
        why: Option<String>,
    },
}
