//! Where a phone can be reached: what SIP knows, the store keeps and a console shows.

use std::net::SocketAddr;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::office::device::Username;
use crate::office::transport::Transport;

/// One registered contact of one device (RFC 3261 10.3). `device` and `contact` identify it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    pub device: Username,
    /// The contact URI as the phone wrote it.
    pub contact: String,
    /// The Path it came by (RFC 3327), outermost first.
    pub path: Vec<String>,
    /// Where its REGISTER came from; where requests are sent (symmetric signalling).
    pub source: SocketAddr,
    pub transport: Transport,
    /// `+sip.instance`, if given (RFC 5626).
    pub instance: Option<String>,
    pub call_id: String,
    pub cseq: u32,
    /// `User-Agent`, free of control characters; empty if none.
    pub user_agent: String,
    pub expires: SystemTime,
}

/// A change of the set of bindings, as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindingChange {
    /// New or refreshed.
    Bound(Binding),
    /// Unregistered, expired or replaced.
    Unbound { device: Username, contact: String },
}
