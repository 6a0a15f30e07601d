//! The sockets under SIP: what comes by any of them goes up in one queue, what goes down never waits.

pub mod arrival;
pub mod connections;
pub mod handshakes;
pub mod holder;
pub mod names;
pub mod routes;
pub mod sockets;
pub mod tcp;
pub mod tls;
pub mod udp;
pub mod wire;
