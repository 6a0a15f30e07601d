//! One INVITE of a placed leg, and the forks it has made (RFC 3261 12.1.2, 13.2.2).

use std::collections::{BTreeMap, VecDeque};

use tracing::info;

use crate::leg::Origin;
use crate::sip::dialog::Dialog;
use crate::sip::flow::Flow;
use crate::sip::leg::means::{Means, Owner};
use crate::sip::leg::reliable::{Receipt, ReliableReceiver};
use crate::sip::leg::straggler::Straggler;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::transaction::key::ClientKey;
use crate::time::Moment;

/// More early dialogs of one INVITE than any proxy makes.
const MAX_FORKS: usize = 16;

/// One way that a placed leg tries.
#[derive(Debug)]
pub struct Branch {
    pub key: ClientKey,
    /// As sent last, without Via.
    pub invite: Request,
    pub flow: Flow,
    pub state: State,
    /// Which of the leg's port pairs it offered.
    pub media: usize,
    /// Seconds of the session interval it asks for.
    pub asked: u32,
    /// How often it was sent again with credentials or another interval.
    pub tries: u8,
    /// Whether it has been sent without keys for encryption, after a refusal of them.
    pub plain: bool,
    /// Addresses of the same server that have not been tried.
    pub later: VecDeque<Flow>,
    /// Our Contact on this way.
    pub contact: String,
    forks: BTreeMap<String, Fork>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing has come back.
    Calling,
    /// Something has.
    Heard,
    Closed,
}

/// How it went at one address, when the next is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing has come back, and may yet.
    Silence,
    /// A refusal, or word that nobody is there.
    Refusal,
}

/// One early dialog.
#[derive(Debug)]
struct Fork {
    dialog: Dialog,
    receiver: ReliableReceiver,
}

impl Branch {
    #[must_use]
    pub fn new(
        key: ClientKey,
        invite: Request,
        flow: Flow,
        contact: String,
        (media, asked): (usize, u32),
    ) -> Self {
        let forks = BTreeMap::new();
        let (state, tries, plain) = (State::Calling, 0, false);
        let later = VecDeque::new();
        Self { key, invite, flow, state, media, asked, tries, plain, later, contact, forks }
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    /// Our tag in all its dialogs.
    #[must_use]
    pub fn local_tag(&self) -> &str {
        self.invite.from().tag().unwrap_or_default()
    }

    /// The early dialog with that far tag.
    pub fn dialog(&mut self, tag: &str) -> Option<&mut Dialog> {
        self.forks.get_mut(tag).map(|fork| &mut fork.dialog)
    }

    /// Takes a provisional answer: `false` means it is a copy or out of order. Sends its PRACK.
    pub fn progress(
        &mut self,
        response: &Response,
        account: &Origin,
        means: &mut Means,
        now: Moment,
    ) -> bool {
        self.state = State::Heard;
        let Some(tag) = response.to().tag() else { return true };
        if !self.forks.contains_key(tag) {
            if self.forks.len() >= MAX_FORKS {
                return false;
            }
            let dialog = Dialog::placed(&self.invite, response, self.contact.clone(), self.flow);
            let receiver = ReliableReceiver::default();
            self.forks.insert(tag.to_owned(), Fork { dialog, receiver });
        }
        let Some(fork) = self.forks.get_mut(tag) else { return true };
        match fork.receiver.receive(response) {
            Receipt::Plain => true,
            Receipt::Ignore => false,
            Receipt::Acknowledge(rack) => {
                fork.dialog.refresh_target(response.headers.get(&Name::Contact));
                let mut prack = fork.dialog.request(Method::Prack);
                prack.headers.push(Name::RAck, rack);
                means.send_farewell(prack, self.flow, account, now.ticks);
                true
            }
        }
    }

    /// The dialog that a 2xx confirms, and its ACK.
    #[must_use]
    pub fn confirm(&self, response: &Response) -> (Dialog, Request) {
        let mut dialog = Dialog::placed(&self.invite, response, self.contact.clone(), self.flow);
        if let Some(early) = self.forks.get(&dialog.remote_tag) {
            dialog.count_on_from(&early.dialog);
        }
        let ack = dialog.ack(self.invite.cseq().unwrap_or(1));
        (dialog, ack)
    }

    /// What is left of it once its leg needs it no more.
    #[must_use]
    pub fn straggler(&self, account: &Origin, reason: Option<&'static str>) -> Straggler {
        Straggler::new(&self.invite, self.contact.clone(), self.flow, account.clone(), reason)
    }

    /// Takes the INVITE back; whoever answers it nevertheless is hung up on.
    pub fn cancel(
        &mut self,
        account: &Origin,
        reason: Option<&'static str>,
        means: &mut Means,
        now: Moment,
    ) {
        if self.is_open() {
            self.state = State::Closed;
            means.transactions.cancel(&self.key, reason, now.ticks);
            let straggler = self.straggler(account, reason);
            means.let_straggle(self.key, straggler, now.ticks);
        }
    }

    /// Sends the INVITE to the next address of its server, the same but for its branch (RFC 3263
    /// 4.3); `false` when there is none. Whoever answers the one before after all is hung up on.
    pub fn go_on(
        &mut self,
        (account, owner): (&Origin, Owner),
        end: End,
        means: &mut Means,
        now: Moment,
    ) -> bool {
        let Some(flow) = self.later.pop_front() else { return false };
        info!(from = %self.flow.remote, to = %flow.remote, "another address of the trunk is tried");
        means.trunks.lead_with(account, flow.remote);
        if self.state == State::Calling && end == End::Silence {
            let straggler = self.straggler(account, None);
            means.transactions.cancel(&self.key, None, now.ticks);
            means.let_straggle(self.key, straggler, now.ticks);
        } else {
            means.forget(&self.key);
        }
        (self.flow, self.state) = (flow, State::Calling);
        self.forks.clear();
        self.key = means.send(self.invite.clone(), flow, owner, now.ticks);
        true
    }

    /// Gives the INVITE the next number.
    pub fn renumber(&mut self) {
        let number = self.invite.cseq().unwrap_or_default() + 1;
        self.invite.headers.set(Name::CSeq, format!("{number} INVITE"));
    }

    /// Sends the changed and renumbered INVITE as a new one (RFC 3261 8.1.3.5, 22.2).
    pub fn send_again(&mut self, owner: Owner, means: &mut Means, now: Moment) {
        self.tries += 1;
        self.forks.clear();
        means.forget(&self.key);
        self.key = means.send(self.invite.clone(), self.flow, owner, now.ticks);
    }
}
