//! A phone that has asked to be told of its messages: what SIP knows, and the store keeps.

use std::net::SocketAddr;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::office::device::Username;

/// One subscription over UDP (RFC 6665); one over a connection ends with it. `tag` identifies it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watcher {
    /// Our tag of its dialog.
    pub tag: String,
    pub device: Username,
    /// Our address, as the phone knows it.
    pub local: SocketAddr,
    pub remote: SocketAddr,
    pub until: SystemTime,
    /// What the phone wants to hear again, with its `id`.
    pub event: String,
    /// How the box is named in what it is told.
    pub host: String,
    pub dialog: WatcherDialog,
}

/// The rest of its dialog (RFC 3261 12), as raw text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatcherDialog {
    pub call_id: String,
    pub remote_tag: String,
    pub from: String,
    pub to: String,
    /// Of our last request that is known of; the next has a higher one.
    pub local_cseq: u32,
    pub remote_cseq: Option<u32>,
    pub target: String,
    pub routes: Vec<String>,
    pub contact: String,
}

/// A change of the set of watchers, as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatcherChange {
    /// New or refreshed.
    Watches(Box<Watcher>),
    Gone {
        tag: String,
    },
}

impl WatcherChange {
    #[must_use]
    pub fn tag(&self) -> &str {
        match self {
            Self::Watches(watcher) => &watcher.tag,
            Self::Gone { tag } => tag,
        }
    }
}
