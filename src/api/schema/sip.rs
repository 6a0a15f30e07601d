//! The SIP messages of a call as the API tells them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which messages went to and fro for a call. Kept for recent calls only, and not over a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallSip {
    /// Whoever the call had to do with, in the order in which they came in; the first called.
    pub parties: Vec<SipParty>,
    /// In order of time; none when they are no longer kept.
    pub steps: Vec<SipStep>,
}

/// One party of the call: a phone wherever it rings, or a trunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SipParty {
    pub leg: u64,
    /// Device user name or trunk name.
    pub party: String,
    /// Whether the leg came in; else the office placed it.
    pub arrived: bool,
    /// Later messages that were not kept.
    pub left_out: u64,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SipStep {
    /// Milliseconds since 1970.
    pub at: i64,
    pub leg: u64,
    /// Whether the office sent it; else the party did.
    pub sent: bool,
    /// Address and port of the other side.
    pub peer: String,
    /// `udp` or `tcp`.
    pub transport: String,
    /// The method, or status and phrase.
    pub message: String,
    /// Number and method.
    pub cseq: String,
    /// What Reason or Warning says.
    pub reason: Option<String>,
}
