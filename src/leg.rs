//! The protocol-neutral words that SIP, media and the call engine share.

use std::fmt;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::office::device::Username;
use crate::office::extension::Extension;
use crate::office::trunk::TrunkName;

/// One party's connection to us. Unique while the daemon runs.
///
/// SIP numbers the legs that arrive, the engine those it places; the two counters never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LegId(u64);

impl LegId {
    /// The `count`-th leg that came in from the wire.
    #[must_use]
    pub fn arrived(count: u64) -> Self {
        Self(count * 2 + 1)
    }

    /// The `count`-th leg that the engine placed.
    #[must_use]
    pub fn placed(count: u64) -> Self {
        Self(count * 2)
    }

    /// Whether it came in from the wire.
    #[must_use]
    pub fn has_arrived(self) -> bool {
        !self.0.is_multiple_of(2)
    }

    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for LegId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "leg-{}", self.0)
    }
}

/// One playing of one sound to one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayId(pub u64);

/// One room in which legs hear each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(pub u64);

/// One recording of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordingId(pub u64);

/// On which channel of a recording a leg is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The left one: whoever is outside, or called inside.
    Customer,
    /// The right one.
    Office,
}

/// Why a recording ended, or could not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingEnd {
    /// It was told to.
    Asked,
    /// As long as a recording may be (L51).
    TooLong,
    /// Nobody spoke any more.
    Silence,
    /// The disk takes no more, or is nearly full.
    NoDisk,
}

/// What somebody wants of a call's recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingWish {
    Begin,
    Pause,
    Resume,
    End,
    /// The keys `*1`: begin, then pause and resume in turn.
    Next,
}

/// What somebody wants of a call on which people talk (L31).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConferenceWish {
    /// Ring a colleague, who then talks too (L32).
    Invite(Extension),
    /// Let the others not hear one of the agents, or hear them again.
    Mute { agent: Extension, muted: bool },
    /// Let the other side hear music, or take it back (L39).
    Hold(bool),
}

/// What callers have left an agent, as the lamp of their phones tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageCount {
    /// Nobody has heard them.
    pub new: usize,
    pub old: usize,
}

/// Who stands behind a leg that arrived, as authentication or address has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// A desk phone that gave the right digest.
    Device(Username),
    /// A trunk known by its address.
    Trunk(TrunkName),
}

/// A call attempt that has come in and waits for a decision. SIP has already sent 100 Trying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub leg: LegId,
    pub origin: Origin,
    /// What was dialled: user part of the Request-URI, percent-decoded, free of control characters.
    pub dialled: String,
    /// The caller's number as the trunk asserts it (P-Asserted-Identity, else From); empty if withheld.
    pub caller_number: String,
    /// The caller's display name, free of control characters; often empty.
    pub caller_name: String,
}

/// A leg to place. A device rings at all of its bindings, and the first to answer wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingRequest {
    pub leg: LegId,
    pub target: Target,
    /// The caller as the called party shall see it: digits or E.164; empty hides it.
    pub caller_number: String,
    pub caller_name: String,
    /// The arrived leg this one will be joined to: its codecs are offered first.
    pub like: Option<LegId>,
}

/// Whom a placed leg calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Device(Username),
    /// `dialled` is already in the form the trunk wants.
    Trunk {
        trunk: TrunkName,
        dialled: String,
    },
}

/// What a leg reports upward. After `Ended` a leg is never named again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegEvent {
    Arrived(Arrival),
    /// A placed leg rings (180).
    Ringing {
        leg: LegId,
    },
    /// A placed leg sends sound before its answer (183 with a session description).
    EarlyMedia {
        leg: LegId,
    },
    /// A placed leg was answered (200), or the ACK of an arrived leg's answer came in.
    Answered {
        leg: LegId,
    },
    /// The far end put us on hold, or took us back.
    Held {
        leg: LegId,
    },
    Resumed {
        leg: LegId,
    },
    /// The leg's sound is encrypted from now on, or no longer (RFC 4568).
    Encrypted {
        leg: LegId,
        encrypted: bool,
    },
    /// The leg is gone, whoever ended it; exactly once a leg.
    Ended {
        leg: LegId,
        cause: HangupCause,
    },
}

/// What is odd about where the sound of an answered leg comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SoundTrouble {
    /// Nothing has come since the answer from where the session description says, nor from elsewhere
    /// that is believed; a stranger is whoever else has sent to the leg's port.
    Unheard { described: SocketAddr, stranger: Option<SocketAddr>, seconds: u64 },
    /// In the middle of the call it has begun to come from another address, which no description
    /// names: a NAT that forgot, or a phone in another network. Ours goes there, too (RFC 4961).
    #[serde(alias = "elsewhere")]
    Moved {
        #[serde(alias = "described")]
        before: SocketAddr,
        from: SocketAddr,
    },
}

/// Why a leg ended, or why we end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HangupCause {
    /// Either side hung up an answered call (BYE).
    Normal,
    /// The caller gave up before the answer (CANCEL).
    Cancelled,
    /// 486, 600.
    Busy,
    /// 480 or 408 after ringing; for us: ring time is over.
    NoAnswer,
    /// 603, or 480-class refusals by the phone's owner.
    Declined,
    /// 404, 484, 604: nobody has that number.
    NotFound,
    /// No phone is registered, or it did not react at all.
    Unreachable,
    /// 403: this caller may not dial that.
    Forbidden,
    /// 488: no codec in common.
    NotAcceptable,
    /// 503: more calls than we can carry.
    Overloaded,
    /// Another phone took the call; the others stop (RFC 3326 Reason 200).
    AnsweredElsewhere,
    /// No sound came from the party for too long.
    MediaLost,
    /// The session timer ran out (RFC 4028).
    SessionExpired,
    /// Our answer was never acknowledged (RFC 3261 13.3.1.4).
    AckMissing,
    /// The daemon is being stopped.
    Stopping,
    /// The daemon had stopped without warning while the call was up.
    Interrupted,
    /// Any other final answer.
    Failed { status: u16 },
}
