//! The names of transactions.

use std::hash::{DefaultHasher, Hasher};

use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::Request;
use crate::sip::syntax::prescan::Scan;
use crate::sip::syntax::via::Via;

/// 128 bits of a secret hash over what RFC 3261 17.1.3 and 17.2.3 match by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(u128);

/// A transaction in which we answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerKey(pub(crate) TransactionId);

/// A transaction in which we ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientKey(pub(crate) TransactionId);

/// Makes ids. Its secret keeps outsiders from making two requests collide.
pub struct Keys {
    secret: String,
}

impl Keys {
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self { secret }
    }

    /// The transaction a request belongs to. `method` is that of the transaction: `INVITE` for an
    /// ACK, and for a CANCEL that looks for what it cancels.
    #[must_use]
    pub fn server(&self, scan: &Scan<'_>, method: &[u8]) -> TransactionId {
        self.server_parts(&scan.via, scan.call_id, scan.cseq, method)
    }

    /// The same from a parsed request.
    #[must_use]
    pub fn of_request(&self, request: &Request) -> Option<TransactionId> {
        let via = Via::parse(request.headers.get(&Name::Via)?)?;
        let (call_id, method) = (request.call_id().as_bytes(), request.method.as_str());
        Some(self.server_parts(&via, call_id, request.cseq()?, method.as_bytes()))
    }

    /// The branch is ours and unique; a CANCEL shares it (RFC 3261 17.1.3).
    #[must_use]
    pub fn client(&self, branch: &str, method: &[u8]) -> TransactionId {
        self.id(&[b"client", branch.as_bytes(), method])
    }

    /// What two copies of one request share that came by different ways (RFC 3261 8.2.2.2).
    #[must_use]
    pub fn merged(&self, request: &Request) -> Option<TransactionId> {
        let cseq = request.cseq()?.to_be_bytes();
        let from = request.from();
        let tag = from.tag()?.as_bytes();
        Some(self.id(&[b"merged", tag, request.call_id().as_bytes(), &cseq]))
    }

    fn server_parts(
        &self,
        via: &Via<'_>,
        call_id: &[u8],
        cseq: u32,
        method: &[u8],
    ) -> TransactionId {
        let port = via.port.unwrap_or_default().to_be_bytes();
        let host = via.host.as_bytes();
        match via.unique_branch() {
            Some(branch) => self.id(&[b"server", branch.as_bytes(), host, &port, method]),
            // RFC 2543 peers: what stays the same in a request's copies, its ACK and its CANCEL.
            None => {
                let branch = via.branch().unwrap_or_default().as_bytes();
                let cseq = cseq.to_be_bytes();
                self.id(&[b"old", branch, host, &port, call_id, &cseq, method])
            }
        }
    }

    fn id(&self, parts: &[&[u8]]) -> TransactionId {
        let (mut high, mut low) = (DefaultHasher::new(), DefaultHasher::new());
        low.write_u8(1);
        for hasher in [&mut high, &mut low] {
            hasher.write(self.secret.as_bytes());
            for part in parts {
                hasher.write_usize(part.len());
                hasher.write(part);
            }
        }
        TransactionId(u128::from(high.finish()) << 64 | u128::from(low.finish()))
    }
}
