//! One call of a test phone: the dialog and how far it has come.

use std::net::SocketAddr;

use crate::audio::g711::Law;
use crate::testphone::message::{Message, parameter, uri_of};
use crate::testphone::session::{Session, describe};

/// How far a call has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Our INVITE has no final answer. A hang-up waits for the first 1xx (RFC 3261 9.1).
    Calling {
        heard_of: bool,
        giving_up: bool,
    },
    /// Their INVITE rings here.
    Ringing,
    /// We have answered and wait for the ACK.
    Answering,
    Up,
    /// Our BYE has no answer yet.
    Leaving,
}

#[derive(Clone, Debug)]
pub struct Call {
    pub call_id: String,
    pub stage: Stage,
    /// The INVITE that began the call, ours or theirs.
    pub invite: Message,
    /// Our From or To value in this dialog, tag included.
    ours: String,
    /// The far end's; without a tag until it has answered.
    theirs: String,
    target: String,
    route: Vec<String>,
    cseq: u32,
    pub media: SocketAddr,
    /// Which laws we offer or accept, best first.
    pub laws: Vec<Law>,
    pub session: Option<Session>,
}

impl Call {
    /// A call we place by `invite`.
    #[must_use]
    pub fn placed(invite: Message, media: SocketAddr, laws: &[Law]) -> Self {
        Self {
            call_id: invite.call_id().to_owned(),
            stage: Stage::Calling { heard_of: false, giving_up: false },
            ours: invite.header("From").unwrap_or_default().to_owned(),
            theirs: invite.header("To").unwrap_or_default().to_owned(),
            target: invite.uri().unwrap_or_default().to_owned(),
            route: Vec::new(),
            cseq: invite.cseq().map_or(1, |(number, _)| number),
            media,
            laws: laws.to_vec(),
            session: None,
            invite,
        }
    }

    /// A call that came in by `invite`; `tag` is ours.
    #[must_use]
    pub fn offered(invite: Message, tag: &str, media: SocketAddr, laws: &[Law]) -> Self {
        Self {
            call_id: invite.call_id().to_owned(),
            stage: Stage::Ringing,
            ours: format!("{};tag={tag}", invite.header("To").unwrap_or_default()),
            theirs: invite.header("From").unwrap_or_default().to_owned(),
            target: uri_of(invite.header("Contact").unwrap_or_default()).to_owned(),
            route: invite.all("Record-Route").map(str::to_owned).collect(),
            cseq: 0,
            media,
            laws: laws.to_vec(),
            session: Session::parse(&invite.body),
            invite,
        }
    }

    /// Whether a message inside a dialog belongs to this call: same Call-ID, both tags right.
    #[must_use]
    pub fn owns(&self, request: &Message) -> bool {
        let tag = |value: &str| parameter(value, "tag").map(str::to_owned);
        request.call_id() == self.call_id
            && request.header("To").and_then(tag) == tag(&self.ours)
            && request.header("From").and_then(tag) == tag(&self.theirs)
    }

    /// A new INVITE takes the place of the first, with the answer to a challenge.
    pub fn asked_again(&mut self, invite: Message) {
        self.cseq = invite.cseq().map_or(self.cseq, |(number, _)| number);
        self.invite = invite;
    }

    /// The far end's 2xx: tag, target, route set (RFC 3261 12.1.2) and session.
    pub fn established(&mut self, answer: &Message) {
        answer.header("To").unwrap_or_default().clone_into(&mut self.theirs);
        if let Some(contact) = answer.header("Contact") {
            uri_of(contact).clone_into(&mut self.target);
        }
        self.route = answer.all("Record-Route").map(str::to_owned).collect();
        self.route.reverse();
        self.heard_session(answer);
    }

    /// Takes over the description in `message`, if it has one.
    pub fn heard_session(&mut self, message: &Message) {
        if let Some(session) = Session::parse(&message.body) {
            self.session = Some(session);
        }
    }

    /// Our description: what both understand when theirs is known, else all we can.
    #[must_use]
    pub fn description(&self) -> String {
        match self.session {
            Some(session) => describe(self.media, &[session.law]),
            None => describe(self.media, &self.laws),
        }
    }

    /// A request inside the dialog, without Via. ACK repeats the INVITE's number.
    pub fn request(&mut self, method: &str) -> Message {
        if method != "ACK" {
            self.cseq += 1;
        }
        let mut request = Message::request(method, &self.target);
        for route in &self.route {
            request = request.with("Route", route);
        }
        request
            .with("Max-Forwards", "70")
            .with("From", &self.ours)
            .with("To", &self.theirs)
            .with("Call-ID", &self.call_id)
            .with("CSeq", &format!("{} {method}", self.cseq))
    }

    /// Our answer to `request`, with our tag in To.
    #[must_use]
    pub fn answer(&self, request: &Message, status: u16, reason: &str) -> Message {
        let mut answer = Message::answer(request, status, reason);
        answer.replace("To", &self.ours);
        answer
    }

    /// The CSeq number of the INVITE that counts.
    #[must_use]
    pub fn invite_number(&self) -> u32 {
        self.invite.cseq().map_or(1, |(number, _)| number)
    }

    /// CANCEL, or the ACK of a refusal: both repeat the INVITE's head (RFC 3261 9.1, 17.1.1.3).
    #[must_use]
    pub fn about_invite(&self, method: &str, to: &str) -> Message {
        let invite = &self.invite;
        let number = self.invite_number();
        let mut request = Message::request(method, invite.uri().unwrap_or_default());
        for name in ["Via", "Route", "From", "Call-ID"] {
            for value in invite.all(name) {
                request = request.with(name, value);
            }
        }
        request
            .with("Max-Forwards", "70")
            .with("To", to)
            .with("CSeq", &format!("{number} {method}"))
    }
}
