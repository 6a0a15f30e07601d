//! INVITEs whose leg is settled: late and repeated 2xx still need an ACK (RFC 3261 13.2.2.4).

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::leg::Origin;
use crate::sip::dialog::Dialog;
use crate::sip::flow::Flow;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::transaction::key::ClientKey;

/// RFC 3261 13.2.2.4: 64 T1 after the first 2xx.
const KEPT_ANSWERED: Duration = Duration::from_secs(32);

/// As long after a CANCEL (9.1), and timer B of the INVITE may have to run out before.
const KEPT_CANCELLED: Duration = Duration::from_secs(64);

/// More forks of one call than any proxy makes; later ones are left to their own timers.
const MAX_FORKS: usize = 16;

/// One such INVITE.
#[derive(Debug)]
pub struct Straggler {
    invite: Request,
    contact: String,
    pub flow: Flow,
    pub account: Origin,
    /// Why a callee who answers is hung up on.
    pub reason: Option<&'static str>,
    /// The ACKs of the 2xx seen so far, by To tag; the winner's among them.
    acks: BTreeMap<String, Request>,
    is_answered: bool,
}

impl Straggler {
    /// Keeps of `invite` only what a dialog is made of: there are many stragglers.
    #[must_use]
    pub fn new(
        invite: &Request,
        contact: String,
        flow: Flow,
        account: Origin,
        reason: Option<&'static str>,
    ) -> Self {
        let acks = BTreeMap::new();
        let mut slim = Request::new(invite.method.clone(), invite.uri.as_str());
        for name in [Name::From, Name::To, Name::CallId, Name::CSeq] {
            slim.headers.push(name.clone(), invite.headers.get(&name).unwrap_or_default());
        }
        let invite = slim;
        Self { invite, contact, flow, account, reason, acks, is_answered: false }
    }

    /// One fork has won; its copies are acknowledged again, all others are ended.
    #[must_use]
    pub fn won_by(mut self, tag: &str, ack: Request) -> Self {
        self.acks.insert(tag.to_owned(), ack);
        self.is_answered = true;
        self
    }

    /// The ACK for a copy of a 2xx that has been acknowledged before.
    #[must_use]
    pub fn repeated_ack(&self, response: &Response) -> Option<Request> {
        self.acks.get(response.to().tag().unwrap_or_default()).cloned()
    }

    /// The dialog of a 2xx not seen before, and its ACK.
    pub fn confirm(&mut self, response: &Response) -> (Dialog, Request) {
        let dialog = Dialog::placed(&self.invite, response, self.contact.clone(), self.flow);
        let ack = dialog.ack(self.invite.cseq().unwrap_or(1));
        if self.acks.len() < MAX_FORKS {
            self.acks.insert(dialog.remote_tag.clone(), ack.clone());
        }
        self.is_answered = true;
        (dialog, ack)
    }
}

/// All of them, forgotten in order of age.
#[derive(Debug, Default)]
pub struct Stragglers {
    all: BTreeMap<ClientKey, Straggler>,
    ends: BTreeSet<(Instant, ClientKey)>,
}

impl Stragglers {
    pub fn insert(&mut self, key: ClientKey, straggler: Straggler, now: Instant) {
        let kept = if straggler.is_answered { KEPT_ANSWERED } else { KEPT_CANCELLED };
        self.all.insert(key, straggler);
        self.ends.insert((now + kept, key));
    }

    pub fn take(&mut self, key: &ClientKey) -> Option<Straggler> {
        self.all.remove(key)
    }

    pub fn put_back(&mut self, key: ClientKey, straggler: Straggler) {
        self.all.insert(key, straggler);
    }

    /// Whether an INVITE that was cancelled still waits for its final answer.
    #[must_use]
    pub fn has_unanswered(&self) -> bool {
        self.all.values().any(|straggler| !straggler.is_answered)
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.ends.first().map(|(end, _)| *end)
    }

    /// The next one whose time is over.
    pub fn expire(&mut self, now: Instant) -> Option<ClientKey> {
        let (end, key) = *self.ends.first()?;
        if end > now {
            return None;
        }
        self.ends.pop_first();
        self.all.remove(&key);
        Some(key)
    }
}
