//! What comes out of the transaction layer.

use bytes::Bytes;

use crate::sip::flow::Flow;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::transaction::key::{ClientKey, ServerKey};

/// What the transaction user (RFC 3261 17) is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionEvent {
    /// A request outside of any transaction we know, its topmost Via completed with the source.
    /// An INVITE is answered 100 when the outputs are drained, unless it has been answered by then.
    Request { key: ServerKey, request: Request, flow: Flow },
    /// An ACK of a 2xx, or one that belongs to nothing (RFC 3261 17.1.1.3).
    Ack { request: Request, flow: Flow },
    /// A CANCEL for this INVITE, which has no final answer yet; 200 to the CANCEL has been sent.
    /// The owner answers the INVITE 487.
    Cancelled { key: ServerKey, cancel: Request },
    /// Provisional (not 100) and final responses. Copies of an INVITE's 2xx, and the 2xx of other
    /// forks, are delivered too (RFC 6026).
    Response { key: ClientKey, response: Response, flow: Flow },
    /// Said once; no response will come any more.
    Failed { key: ClientKey, failure: Failure },
    /// Our 2xx to an INVITE was not acknowledged for 64 T1 (RFC 3261 13.3.1.4).
    AckMissing { key: ServerKey },
}

/// Why a request got no final response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Timer B, C or F: nobody answered.
    TimedOut,
    /// The transport says that nobody is there.
    Unreachable,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    Event(TransactionEvent),
    Transmit { flow: Flow, bytes: Bytes },
}
