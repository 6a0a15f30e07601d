//! What the switchboard holds of SIP: cheap to clone, sends messages, never waits.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use crate::binding::{Binding, BindingChange};
use crate::leg::{HangupCause, LegEvent, LegId, MessageCount, RingRequest};
use crate::office::device::Username;
use crate::office::snapshot::Office;
use crate::office::trunk::TrunkName;
use crate::sip::guard::Ban;
use crate::sip::ladder::LegSteps;
use crate::sip::trunk::registration::TrunkStatus;
use crate::sip::trunk::tests::ReportReply;
use crate::watcher::WatcherChange;

/// What SIP is asked to do. Requests for a leg that is gone are ignored: they race.
#[derive(Debug)]
pub enum SipRequest {
    OfficeChanged(Arc<Office>),
    /// 180 to an arrived leg.
    Ringing {
        leg: LegId,
    },
    /// 183 with an answer to an arrived leg's offer.
    EarlyMedia {
        leg: LegId,
        like: Option<LegId>,
    },
    /// 200 to an arrived leg.
    Answer {
        leg: LegId,
        like: Option<LegId>,
    },
    /// Place a leg.
    Ring(RingRequest),
    /// Final answer, CANCEL or BYE, as the leg's state asks for.
    HangUp {
        leg: LegId,
        cause: HangupCause,
    },
    /// So many messages wait for whoever has this phone.
    Lamp {
        device: Username,
        count: MessageCount,
    },
    /// Every binding there is, for lists.
    Bindings(oneshot::Sender<Vec<Binding>>),
    /// Addresses whose wrong passwords are not all answered, for lists.
    Bans(oneshot::Sender<Vec<Ban>>),
    /// Answer an address again.
    Pardon(IpAddr),
    /// How every trunk that registers stands, for lists.
    Trunks(oneshot::Sender<Vec<TrunkStatus>>),
    /// The messages of these legs, as far as they are kept; in the same order.
    Ladder {
        legs: Vec<LegId>,
        reply: oneshot::Sender<Vec<LegSteps>>,
    },
    /// Whether a trunk works; answered within six seconds, `None` when there is no such trunk.
    TestTrunk {
        trunk: TrunkName,
        reply: ReportReply,
    },
    /// Ends when every transaction that ends a leg is done, or after the daemon's patience.
    Stop,
}

/// What SIP tells the switchboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SipEvent {
    Leg(LegEvent),
    /// For the store, in this order.
    Bindings(Vec<BindingChange>),
    /// For the store, in this order.
    Watchers(Vec<WatcherChange>),
    /// A device has its first binding, or has lost its last.
    Registered {
        device: Username,
        registered: bool,
    },
}

#[derive(Clone, Debug)]
pub struct SipHandle {
    requests: mpsc::Sender<SipRequest>,
}

impl SipHandle {
    /// A handle, and the end that `sip/run` reads.
    #[must_use]
    pub fn channel(capacity: usize) -> (Self, mpsc::Receiver<SipRequest>) {
        let (requests, received) = mpsc::channel(capacity);
        (Self { requests }, received)
    }

    /// Sends without waiting; a full channel costs the request and is said aloud.
    pub fn send(&self, request: SipRequest) {
        if let Err(refused) = self.requests.try_send(request) {
            warn!(%refused, "SIP takes no more requests");
        }
    }
}
