//! The SIP side of a test phone, sans-IO: datagrams and times in, datagrams and events out.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

use crate::testphone::call::{Call, Stage};
use crate::testphone::credentials::answered;
use crate::testphone::event::{Ending, Event};
use crate::testphone::message::{Message, uri_of, user_of};
use crate::testphone::outbox::Outbox;
use crate::testphone::profile::{Profile, WhenCalled};
use crate::testphone::session::Session;

/// How often a challenge is answered with the same password before it is taken as a refusal.
const MAX_TRIES: u32 = 2;
const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, NOTIFY";

#[derive(Debug)]
pub struct UserAgent {
    profile: Profile,
    local: SocketAddr,
    media: SocketAddr,
    server: SocketAddr,
    /// Makes tags, branches and Call-IDs unlike those of other phones.
    seed: u64,
    count: u64,
    register: Option<Message>,
    register_cseq: u32,
    tries: u32,
    call: Option<Call>,
    answer_due: Option<Instant>,
    outbox: Outbox,
    events: VecDeque<Event>,
}

impl UserAgent {
    /// A phone at `local` whose every message goes to `server`; its sound comes to `media`.
    #[must_use]
    pub fn new(
        profile: Profile,
        local: SocketAddr,
        media: SocketAddr,
        server: SocketAddr,
        seed: u64,
    ) -> Self {
        Self {
            profile,
            local,
            media,
            server,
            seed,
            count: 0,
            register: None,
            register_cseq: 0,
            tries: 0,
            call: None,
            answer_due: None,
            outbox: Outbox::default(),
            events: VecDeque::new(),
        }
    }

    /// Asks to be registered for `expires` seconds; 0 takes the registration back.
    pub fn register(&mut self, expires: u32, now: Instant) {
        self.tries = 0;
        self.register_cseq += 1;
        let aor = format!("<sip:{}@{}>", self.profile.username, self.server);
        let request = Message::request("REGISTER", &format!("sip:{}", self.server))
            .with("Max-Forwards", "70")
            .with("From", &format!("{aor};tag={}", self.word("t")))
            .with("To", &aor)
            .with("Call-ID", &format!("r{:x}", self.seed))
            .with("CSeq", &format!("{} REGISTER", self.register_cseq))
            .with("Contact", &self.contact())
            .with("Expires", &expires.to_string());
        self.send_register(request, now);
    }

    /// Calls `number`. Ignored while another call is there.
    pub fn dial(&mut self, number: &str, now: Instant) {
        if self.call.is_some() {
            return;
        }
        self.tries = 0;
        let uri = format!("sip:{number}@{}", self.server);
        let tag = self.word("t");
        let from = format!("<sip:{}@{}>;tag={tag}", self.profile.username, self.local);
        let invite = Message::request("INVITE", &uri)
            .with("Max-Forwards", "70")
            .with("From", &from)
            .with("To", &format!("<{uri}>"))
            .with("Call-ID", &self.word("c"))
            .with("CSeq", "1 INVITE")
            .with("Contact", &self.contact())
            .with("Allow", ALLOW);
        let mut call = Call::placed(invite, self.media, &self.profile.laws);
        let invite = call.invite.clone().with_session(call.description());
        let invite = self.send_request(invite, now);
        call.asked_again(invite);
        self.call = Some(call);
    }

    /// Ends the call in the way its stage asks for.
    pub fn hang_up(&mut self, now: Instant) {
        let Some(mut call) = self.call.take() else { return };
        match call.stage {
            Stage::Calling { heard_of, giving_up: false } => {
                if heard_of {
                    self.cancel(&call, now);
                }
                call.stage = Stage::Calling { heard_of, giving_up: true };
            }
            Stage::Ringing => {
                let answer = call.answer(&call.invite, 603, "Decline");
                self.outbox.answer_finally(&answer, now);
                return self.ended(Ending::WeHungUp);
            }
            Stage::Answering | Stage::Up => self.leave(&mut call, now),
            Stage::Calling { giving_up: true, .. } | Stage::Leaving => {}
        }
        self.call = Some(call);
    }

    pub fn handle_datagram(&mut self, bytes: &[u8], now: Instant) {
        let Some(message) = Message::parse(bytes) else { return };
        match (message.method(), message.status()) {
            (Some("ACK"), _) => self.acknowledged(&message),
            (Some(_), _) => self.handle_request(message, now),
            (None, Some(status)) => self.handle_answer(&message, status, now),
            (None, None) => {}
        }
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        for key in self.outbox.handle_timeout(now) {
            self.nobody_reacted(&key);
        }
        if self.answer_due.is_some_and(|due| due <= now) {
            self.answer_due = None;
            self.answer_call(now);
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        [self.answer_due, self.outbox.poll_timeout()].into_iter().flatten().min()
    }

    /// The next datagram for the server.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.outbox.pop()
    }

    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Where sound goes, while there is a call whose far end has said so.
    #[must_use]
    pub fn session(&self) -> Option<Session> {
        self.call.as_ref()?.session
    }

    /// Whether the call is answered: only then does a phone send sound.
    #[must_use]
    pub fn is_talking(&self) -> bool {
        self.call.as_ref().is_some_and(|call| matches!(call.stage, Stage::Up | Stage::Answering))
    }

    fn handle_request(&mut self, request: Message, now: Instant) {
        let method = request.method().unwrap_or_default();
        if self.outbox.answer_again(&request) {
            return;
        }
        let ours = self.call.as_ref().is_some_and(|call| call.owns(&request));
        match method {
            "INVITE" | "UPDATE" if ours => self.session_changed(&request),
            "INVITE" => self.offered(request, now),
            "CANCEL" => self.cancelled(&request, now),
            "BYE" if ours => {
                self.reply(&request, 200, "OK");
                self.ended(Ending::TheyHungUp);
            }
            "BYE" | "UPDATE" => self.reply(&request, 481, "Call/Transaction Does Not Exist"),
            "OPTIONS" | "INFO" | "NOTIFY" => self.reply(&request, 200, "OK"),
            _ => self.reply(&request, 405, "Method Not Allowed"),
        }
    }

    fn offered(&mut self, invite: Message, now: Instant) {
        if self.call.is_some() {
            return self.reply(&invite, 486, "Busy Here");
        }
        let caller = user_of(uri_of(invite.header("From").unwrap_or_default())).to_owned();
        let after = match self.profile.when_called {
            WhenCalled::Refuse(status) => return self.reply(&invite, status, "Refused"),
            WhenCalled::RingOnly => None,
            WhenCalled::AnswerAfter(wait) => Some(now + wait),
        };
        let tag = self.word("t");
        let call = Call::offered(invite, &tag, self.media, &self.profile.laws);
        let ringing = call.answer(&call.invite, 180, "Ringing").with("Contact", &self.contact());
        self.outbox.answer(&ringing, "INVITE");
        self.answer_due = after;
        self.call = Some(call);
        self.events.push_back(Event::Offered { caller });
    }

    fn answer_call(&mut self, now: Instant) {
        let contact = self.contact();
        let Some(call) = self.call.as_mut().filter(|call| call.stage == Stage::Ringing) else {
            return;
        };
        call.stage = Stage::Answering;
        let answer = call
            .answer(&call.invite, 200, "OK")
            .with("Contact", &contact)
            .with("Allow", ALLOW)
            .with_session(call.description());
        self.outbox.answer_finally(&answer, now);
    }

    fn acknowledged(&mut self, ack: &Message) {
        self.outbox.stop(ack.call_id());
        let Some(call) = self.call.as_mut().filter(|call| call.owns(ack)) else { return };
        call.heard_session(ack);
        if call.stage == Stage::Answering {
            call.stage = Stage::Up;
            self.events.push_back(Event::Answered);
        }
    }

    fn session_changed(&mut self, request: &Message) {
        let contact = self.contact();
        let Some(call) = &mut self.call else { return };
        call.heard_session(request);
        let mut answer = call.answer(request, 200, "OK").with("Contact", &contact);
        if !request.body.is_empty() || request.method() == Some("INVITE") {
            answer = answer.with_session(call.description());
        }
        self.outbox.answer(&answer, request.method().unwrap_or_default());
    }

    fn cancelled(&mut self, cancel: &Message, now: Instant) {
        let ringing = self.call.take_if(|call| {
            call.stage == Stage::Ringing && call.invite.branch() == cancel.branch()
        });
        let Some(call) = ringing else {
            return self.reply(cancel, 481, "Call/Transaction Does Not Exist");
        };
        let yes = call.answer(cancel, 200, "OK");
        self.outbox.answer(&yes, "CANCEL");
        let gone = call.answer(&call.invite, 487, "Request Terminated");
        self.outbox.answer_finally(&gone, now);
        let reason = cancel.header("Reason").map(str::to_owned);
        self.ended(Ending::Cancelled { reason });
    }

    fn handle_answer(&mut self, answer: &Message, status: u16, now: Instant) {
        let Some((number, method)) = answer.cseq() else { return };
        let waited = self.outbox.stop(answer.branch());
        match method {
            "REGISTER" if waited => self.register_answered(answer, status, now),
            "INVITE" if status < 200 => self.progress(answer, status, now),
            "INVITE" if self.outbox.acknowledge_again(answer, number) => {}
            "INVITE" => self.invite_answered(answer, status, now),
            "BYE" if waited && status >= 200 => self.ended(Ending::WeHungUp),
            _ => {}
        }
    }

    fn register_answered(&mut self, answer: &Message, status: u16, now: Instant) {
        let Some(request) = self.register.take() else { return };
        match status {
            ..200 => self.register = Some(request),
            200..300 => self.events.push_back(Event::Registered),
            401 | 407 => match self.with_credentials(&request, answer) {
                Some(request) => {
                    self.register_cseq += 1;
                    self.send_register(request, now);
                }
                None => self.events.push_back(Event::RegistrationRefused { status }),
            },
            _ => self.events.push_back(Event::RegistrationRefused { status }),
        }
    }

    fn progress(&mut self, answer: &Message, status: u16, now: Instant) {
        let Some(mut call) = self.take_calling(answer) else { return };
        if let Stage::Calling { heard_of: false, giving_up } = call.stage {
            call.stage = Stage::Calling { heard_of: true, giving_up };
            if giving_up {
                self.cancel(&call, now);
            }
        }
        call.heard_session(answer);
        self.call = Some(call);
        self.events.push_back(Event::Progress { status });
    }

    fn invite_answered(&mut self, answer: &Message, status: u16, now: Instant) {
        let Some(mut call) = self.take_calling(answer) else { return };
        let giving_up = matches!(call.stage, Stage::Calling { giving_up: true, .. });
        if status < 300 {
            call.established(answer);
            let ack = self.with_via(call.request("ACK"));
            self.outbox.acknowledge(&ack, call.invite_number());
            if giving_up {
                self.leave(&mut call, now);
            } else {
                call.stage = Stage::Up;
                self.events.push_back(Event::Answered);
            }
            self.call = Some(call);
            return;
        }
        let ack = call.about_invite("ACK", answer.header("To").unwrap_or_default());
        self.outbox.acknowledge(&ack, call.invite_number());
        if matches!(status, 401 | 407)
            && !giving_up
            && let Some(invite) = self.with_credentials(&call.invite, answer)
        {
            let invite = self.send_request(invite, now);
            call.asked_again(invite);
            self.call = Some(call);
            return;
        }
        self.ended(Ending::Refused { status });
    }

    fn take_calling(&mut self, answer: &Message) -> Option<Call> {
        self.call.take_if(|call| {
            matches!(call.stage, Stage::Calling { .. }) && call.call_id == answer.call_id()
        })
    }

    fn nobody_reacted(&mut self, key: &str) {
        if self.register.as_ref().is_some_and(|request| request.branch() == key) {
            self.register = None;
            self.events.push_back(Event::RegistrationRefused { status: 408 });
        } else if self.call.as_ref().is_some_and(|call| {
            call.call_id == key || call.invite.branch() == key || call.stage == Stage::Leaving
        }) {
            self.ended(Ending::NoReply);
        }
    }

    fn ended(&mut self, ending: Ending) {
        if let Some(call) = self.call.take() {
            self.outbox.stop(call.invite.branch());
        }
        self.answer_due = None;
        self.events.push_back(Event::Ended(ending));
    }

    fn cancel(&mut self, call: &Call, now: Instant) {
        let to = call.invite.header("To").unwrap_or_default();
        self.outbox.ask(&call.about_invite("CANCEL", to), now);
    }

    fn leave(&mut self, call: &mut Call, now: Instant) {
        self.outbox.stop(&call.call_id);
        call.stage = Stage::Leaving;
        let bye = call.request("BYE");
        self.send_request(bye, now);
    }

    /// The same request once more, with the answer to the challenge; `None` when it is no use.
    fn with_credentials(&mut self, request: &Message, refusal: &Message) -> Option<Message> {
        self.tries += 1;
        let cnonce = self.word("n");
        let Profile { username, password, .. } = &self.profile;
        let try_again = |stale: bool| self.tries < MAX_TRIES || (self.tries == MAX_TRIES && stale);
        answered(request, refusal, (username, password), &cnonce, try_again)
    }

    fn send_register(&mut self, request: Message, now: Instant) {
        self.register = Some(self.send_request(request, now));
    }

    /// Sends with a new Via, and repeats until something comes back.
    fn send_request(&mut self, request: Message, now: Instant) -> Message {
        let request = self.with_via(request);
        self.outbox.ask(&request, now);
        request
    }

    fn reply(&mut self, request: &Message, status: u16, reason: &str) {
        let mut answer = Message::answer(request, status, reason).with("Allow", ALLOW);
        if let Some(to) = request.header("To").filter(|to| !to.contains(";tag=")) {
            let tagged = format!("{to};tag={}", self.word("t"));
            answer.replace("To", &tagged);
        }
        self.outbox.answer(&answer, request.method().unwrap_or_default());
    }

    fn contact(&self) -> String {
        format!("<sip:{}@{}>", self.profile.username, self.local)
    }

    fn with_via(&mut self, mut request: Message) -> Message {
        let branch = self.word("z9hG4bK");
        let via = format!("SIP/2.0/UDP {};rport;branch={branch}", self.local);
        request.headers.insert(0, ("Via".to_owned(), via));
        request
    }

    /// A word nobody else uses.
    fn word(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}{:x}-{}", self.seed, self.count)
    }
}
