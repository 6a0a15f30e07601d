//! TLS as files: who we are, whom we believe. Connections are opened elsewhere; nothing here waits
//! for a peer.

pub mod authorities;
pub mod certificate;
pub mod expiry;
pub mod fault;
pub mod names;
pub mod own;
pub mod shown;
