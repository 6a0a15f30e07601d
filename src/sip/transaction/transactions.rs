//! The transaction layer: bytes in, events and bytes out.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use bytes::Bytes;
use tracing::{debug, error, trace, warn};

use crate::sip::flow::Flow;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Message, ParseError, Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::prescan::{Scan, Start};
use crate::sip::syntax::token::Tokens;
use crate::sip::syntax::via::Via;
use crate::sip::transaction::check::is_sound;
use crate::sip::transaction::client::{ClientStep, ClientTimeout, ClientTransaction, Owner};
use crate::sip::transaction::event::{Failure, Output, TransactionEvent};
use crate::sip::transaction::key::{ClientKey, Keys, ServerKey, TransactionId};
use crate::sip::transaction::refuse::refusal;
use crate::sip::transaction::server::{AckMeaning, ServerStep, ServerTransaction};
use crate::sip::transaction::table::{Side, Table};
use crate::sip::transaction::timer::TimerConfig;

/// How many server transactions are kept: 32 s of 1,000 answered requests a second, some 30 MB.
const CAPACITY: usize = 32_768;

/// RFC 3261 8.1.1.6.
const MAX_FORWARDS: &str = "70";

/// All transactions. After each input, take outputs until there are none.
pub struct Transactions {
    config: TimerConfig,
    capacity: usize,
    tokens: Tokens,
    keys: Keys,
    table: Table,
    outputs: VecDeque<Output>,
    /// INVITEs to be answered 100 once the owner has seen them.
    trying: VecDeque<(TransactionId, Bytes)>,
}

impl Transactions {
    #[must_use]
    pub fn new(config: TimerConfig, tokens: Tokens) -> Self {
        Self::with_capacity(config, tokens, CAPACITY)
    }

    /// Keeps at most `capacity` server transactions, and a quarter more for requests of running
    /// dialogs. When all of them are unanswered, new requests get 503.
    #[must_use]
    pub fn with_capacity(config: TimerConfig, mut tokens: Tokens, capacity: usize) -> Self {
        let keys = Keys::new(tokens.next_token());
        Self {
            config,
            capacity,
            tokens,
            keys,
            table: Table::default(),
            outputs: VecDeque::new(),
            trying: VecDeque::new(),
        }
    }

    /// One datagram or framed message. A malformed request is answered 400 (505 for another
    /// version) if enough of it can be read, anything else is dropped.
    pub fn handle_bytes(&mut self, bytes: &Bytes, flow: Flow, now: Instant) {
        if bytes.iter().all(|b| matches!(b, b'\r' | b'\n' | b'\0' | b' ')) {
            return;
        }
        let Some(scan) = Scan::of(bytes) else { return self.refuse_malformed(bytes, flow) };
        match scan.start {
            Start::Status(status) => self.response_bytes_came(&scan, status, bytes, flow, now),
            Start::Request(b"ACK") => self.ack_came(&scan, bytes, flow, now),
            Start::Request(method) => {
                let id = self.keys.server(&scan, method);
                if let Some(server) = self.table.server(id) {
                    let (flow, answer) = (server.flow, server.answer_to_copy());
                    trace!(?flow, answered = answer.is_some(), "a request came again");
                    return self.transmit_all(flow, answer);
                }
                let cancelled = (method == b"CANCEL").then(|| self.keys.server(&scan, b"INVITE"));
                if !self.has_room(scan.has_to_tag || cancelled.is_some()) {
                    debug!(source = %flow.remote, "no room for another transaction");
                    return self.refuse(bytes, flow, 503);
                }
                self.request_came(id, cancelled, bytes, flow, now);
            }
        }
    }

    /// When [`Self::handle_timeout`] wants to be called, and why.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        self.table.next_alarm()
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some((side, id)) = self.table.due(now) {
            match side {
                Side::Server => self.server_timer(id, now),
                Side::Client => self.client_timer(id, now),
            }
        }
    }

    pub fn poll_output(&mut self) -> Option<Output> {
        if let Some(output) = self.outputs.pop_front() {
            return Some(output);
        }
        while let Some((id, bytes)) = self.trying.pop_front() {
            let untouched = self.table.server(id).filter(|server| server.is_untouched_invite());
            let Some(flow) = untouched.map(|server| server.flow) else { continue };
            self.table.update_server(id, |server| server.trying_sent(bytes.clone()));
            return Some(Output::Transmit { flow, bytes });
        }
        None
    }

    /// How many server and client transactions there are.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        (self.table.servers(), self.table.clients())
    }

    /// Sends through the server transaction, which repeats what must be repeated. A second final
    /// answer, and one for a transaction that is gone, is ignored.
    pub fn respond(&mut self, key: &ServerKey, response: &Response, now: Instant) {
        let (id, bytes) = (key.0, response.to_bytes());
        let config = self.config;
        let allowed = self.table.update_server(id, |server| {
            (server.respond(response, &bytes, &config, now), server.flow)
        });
        match allowed {
            Some((true, flow)) => {
                self.transmit(flow, bytes);
                // Timer J is zero over TCP.
                self.handle_timeout(now);
            }
            Some((false, _)) | None => {
                debug!(status = response.status, "answer to a finished transaction");
            }
        }
    }

    /// Answers `request`, which came by `flow`, and forgets its transaction.
    pub fn respond_stateless(&mut self, request: &Request, flow: Flow, response: &Response) {
        if let Some(id) = self.keys.of_request(request) {
            self.table.remove_server(id);
        }
        let via = request.headers.get(&Name::Via).and_then(Via::parse);
        let to = via.map_or(flow, |via| via.answer_flow(flow));
        self.transmit(to, response.to_bytes());
    }

    /// Forgets a request that gets no answer at all; its copies count as new.
    pub fn forget(&mut self, key: &ServerKey) {
        self.table.remove_server(key.0);
    }

    /// The dialog saw the ACK of this INVITE's 2xx.
    pub fn acknowledge(&mut self, key: &ServerKey) {
        self.table.update_server(key.0, ServerTransaction::acknowledged);
    }

    /// Sends `request`, which comes without Via, through a new client transaction.
    pub fn send_request(&mut self, mut request: Request, flow: Flow, now: Instant) -> ClientKey {
        let branch = self.put_via(&mut request, flow);
        let id = self.keys.client(&branch, request.method.as_str().as_bytes());
        self.start_client(id, request, flow, Owner::Dialog, now);
        ClientKey(id)
    }

    /// Sends the ACK of a 2xx, which comes without Via, once.
    pub fn send_ack(&mut self, mut ack: Request, flow: Flow) {
        self.put_via(&mut ack, flow);
        self.transmit(flow, ack.to_bytes());
    }

    /// Stops an INVITE: at once if it was answered provisionally, else as soon as it is (RFC 3261
    /// 9.1). `reason` is the value of the Reason header. Ignored after a final answer.
    pub fn cancel(&mut self, key: &ClientKey, reason: Option<&str>, now: Instant) {
        let config = self.config;
        let cancel = self
            .table
            .update_client(key.0, |client| (client.cancel(reason, &config, now), client.flow));
        if let Some((Some(cancel), flow)) = cancel {
            self.send_cancel(*cancel, flow, now);
        }
    }

    /// Nothing can be sent by `flow` any more, or nobody is at its other end.
    pub fn handle_flow_failure(&mut self, flow: Flow) {
        for id in self.table.fallen_with(flow) {
            self.client_failed(id, Failure::Unreachable);
        }
    }

    fn has_room(&mut self, in_dialog: bool) -> bool {
        let capacity = if in_dialog { self.capacity + self.capacity / 4 } else { self.capacity };
        self.table.servers() < capacity || self.table.forget_finished()
    }

    fn request_came(
        &mut self,
        id: TransactionId,
        cancelled: Option<TransactionId>,
        bytes: &Bytes,
        flow: Flow,
        now: Instant,
    ) {
        let mut request = match parsed(bytes) {
            Ok(Message::Request(request)) if is_sound(&request) => request,
            Ok(Message::Request(_) | Message::Response(_)) => return self.refuse(bytes, flow, 400),
            Err(error) => return self.refuse(bytes, flow, status_of(error)),
        };
        let top = request.headers.get(&Name::Via).unwrap_or_default();
        let Some(via) = Via::parse(top) else { return };
        let (to, top) = (via.answer_flow(flow), via.with_source(flow.remote));
        request.headers.set_first(&Name::Via, top);
        if self.keys.of_request(&request) != Some(id) {
            // The scan read another message than the parser; nobody could name it later.
            return self.refuse(bytes, flow, 400);
        }
        if let Some(invite) = cancelled {
            return self.cancel_came(id, invite, request, (to, flow), now);
        }
        let server = if request.method == Method::Invite {
            let merged = self.merged(&request);
            if merged.is_some_and(|merged| self.table.has_merged(merged)) {
                let answer = request.tagged_response(482, &self.tokens.next_token());
                return self.transmit(to, answer.to_bytes());
            }
            self.trying.push_back((id, trying(&request).to_bytes()));
            ServerTransaction::new_invite(to, merged, now)
        } else {
            ServerTransaction::new(to, now, &self.config)
        };
        self.table.insert_server(id, server);
        self.tell(TransactionEvent::Request { key: ServerKey(id), request, flow });
    }

    /// Only a request outside of a dialog can be a merged one (RFC 3261 8.2.2.2).
    fn merged(&self, request: &Request) -> Option<TransactionId> {
        request.to().tag().is_none().then(|| self.keys.merged(request)).flatten()
    }

    /// RFC 3261 9.2.
    fn cancel_came(
        &mut self,
        id: TransactionId,
        invite: TransactionId,
        cancel: Request,
        (to, flow): (Flow, Flow),
        now: Instant,
    ) {
        let tag = self.tokens.next_token();
        // Only who sent the INVITE may take it back.
        let found =
            self.table.server(invite).filter(|server| server.flow.remote.ip() == flow.remote.ip());
        let Some(server) = found else {
            let answer = cancel.tagged_response(481, &tag);
            return self.transmit(to, answer.to_bytes());
        };
        let stops = server.is_unanswered_invite();
        let answer = cancel.tagged_response(200, server.tag().unwrap_or(&tag));
        self.table.insert_server(id, ServerTransaction::new(to, now, &self.config));
        self.respond(&ServerKey(id), &answer, now);
        if stops {
            self.tell(TransactionEvent::Cancelled { key: ServerKey(invite), cancel });
        }
    }

    fn ack_came(&mut self, scan: &Scan<'_>, bytes: &Bytes, flow: Flow, now: Instant) {
        let (id, config) = (self.keys.server(scan, b"INVITE"), self.config);
        match self.table.update_server(id, |server| server.ack_came(&config, now)) {
            Some(AckMeaning::Absorbed) => return,
            Some(AckMeaning::End) => return self.table.remove_server(id),
            Some(AckMeaning::OfDialog) | None => {}
        }
        match parsed(bytes) {
            Ok(Message::Request(request)) if is_sound(&request) => {
                self.tell(TransactionEvent::Ack { request, flow });
            }
            Ok(_) | Err(_) => debug!(source = %flow.remote, "malformed ACK"),
        }
    }

    fn response_bytes_came(
        &mut self,
        scan: &Scan<'_>,
        status: u16,
        bytes: &Bytes,
        flow: Flow,
        now: Instant,
    ) {
        let Some(branch) = scan.via.branch() else { return };
        let id = self.keys.client(branch, scan.cseq_method);
        let Some(client) = self.table.client(id) else {
            return trace!(source = %flow.remote, status, "stray response");
        };
        match client.absorb(status) {
            Some(ClientStep::Send(ack)) => return self.transmit(client.flow, ack),
            Some(_) => return,
            None => {}
        }
        match parsed(bytes) {
            Ok(Message::Response(response)) => self.response_came(id, response, flow, now),
            Ok(Message::Request(_)) | Err(_) => {
                debug!(source = %flow.remote, status, "malformed response");
            }
        }
    }

    fn response_came(&mut self, id: TransactionId, response: Response, flow: Flow, now: Instant) {
        let config = self.config;
        let came = self.table.update_client(id, |client| {
            let step = client.response_came(&response, &config, now);
            (step, client.flow, client.owner)
        });
        let Some((step, to, owner)) = came else { return };
        match step {
            ClientStep::Absorb => return,
            ClientStep::Send(bytes) => return self.transmit(to, bytes),
            ClientStep::Deliver => {}
            ClientStep::DeliverAndAcknowledge(ack) => self.transmit(to, ack),
            ClientStep::DeliverAndCancel(cancel) => self.send_cancel(*cancel, to, now),
        }
        if owner == Owner::Dialog && response.status != 100 {
            self.tell(TransactionEvent::Response { key: ClientKey(id), response, flow });
        }
        // Timers D and K are zero over TCP.
        self.handle_timeout(now);
    }

    fn server_timer(&mut self, id: TransactionId, now: Instant) {
        let Some((step, flow)) =
            self.table.update_server(id, |server| (server.handle_timeout(now), server.flow))
        else {
            return;
        };
        match step {
            ServerStep::Nothing => {
                warn!("a server transaction woke for nothing");
                self.table.remove_server(id);
            }
            ServerStep::Send(bytes) => self.transmit(flow, bytes),
            ServerStep::End => self.table.remove_server(id),
            ServerStep::EndUnacknowledged => {
                self.table.remove_server(id);
                self.tell(TransactionEvent::AckMissing { key: ServerKey(id) });
            }
        }
    }

    fn client_timer(&mut self, id: TransactionId, now: Instant) {
        let config = self.config;
        let Some((step, flow)) = self
            .table
            .update_client(id, |client| (client.handle_timeout(&config, now), client.flow))
        else {
            return;
        };
        match step {
            ClientTimeout::Nothing => {
                warn!("a client transaction woke for nothing");
                self.table.remove_client(id);
            }
            ClientTimeout::Send(bytes) => self.transmit(flow, bytes),
            ClientTimeout::Cancel(cancel) => self.send_cancel(*cancel, flow, now),
            ClientTimeout::End => self.table.remove_client(id),
            ClientTimeout::Failed(failure) => self.client_failed(id, failure),
        }
    }

    fn client_failed(&mut self, id: TransactionId, failure: Failure) {
        let owner = self.table.client(id).map(|client| client.owner);
        self.table.remove_client(id);
        if owner == Some(Owner::Dialog) {
            self.tell(TransactionEvent::Failed { key: ClientKey(id), failure });
        }
    }

    fn send_cancel(&mut self, cancel: Request, flow: Flow, now: Instant) {
        let via = cancel.headers.get(&Name::Via).and_then(Via::parse);
        let branch = via.and_then(|via| via.branch()).unwrap_or_default();
        let id = self.keys.client(branch, b"CANCEL");
        self.start_client(id, cancel, flow, Owner::Layer, now);
    }

    fn start_client(
        &mut self,
        id: TransactionId,
        request: Request,
        flow: Flow,
        owner: Owner,
        now: Instant,
    ) {
        let bytes = request.to_bytes();
        let times = (&self.config, now);
        let client = ClientTransaction::new(request, bytes.clone(), flow, owner, times);
        self.table.insert_client(id, client);
        self.transmit(flow, bytes);
    }

    /// Puts our Via on top and gives its branch (RFC 3261 18.1.1, RFC 3581 3).
    fn put_via(&mut self, request: &mut Request, flow: Flow) -> String {
        let branch = self.tokens.branch();
        let transport = flow.transport.token();
        let via = format!("SIP/2.0/{transport} {};rport;branch={branch}", flow.local);
        request.headers.push_front(Name::Via, via);
        if request.headers.get(&Name::MaxForwards).is_none() {
            request.headers.push(Name::MaxForwards, MAX_FORWARDS);
        }
        branch
    }

    fn refuse_malformed(&mut self, bytes: &Bytes, flow: Flow) {
        let status = parsed(bytes).map_or_else(status_of, |_| 400);
        self.refuse(bytes, flow, status);
    }

    fn refuse(&mut self, bytes: &Bytes, flow: Flow, status: u16) {
        match refusal(bytes, flow, status, &mut self.tokens) {
            Some((flow, bytes)) => {
                debug!(source = %flow.remote, status, "refused unread");
                self.transmit(flow, bytes);
            }
            None => debug!(source = %flow.remote, length = bytes.len(), "dropped"),
        }
    }

    fn transmit_all(&mut self, flow: Flow, bytes: Option<Bytes>) {
        if let Some(bytes) = bytes {
            self.transmit(flow, bytes);
        }
    }

    fn transmit(&mut self, flow: Flow, bytes: Bytes) {
        self.outputs.push_back(Output::Transmit { flow, bytes });
    }

    fn tell(&mut self, event: TransactionEvent) {
        self.outputs.push_back(Output::Event(event));
    }
}

/// Parses where a panic would be caught: one message must never end the service.
fn parsed(bytes: &Bytes) -> Result<Message, ParseError> {
    catch_unwind(AssertUnwindSafe(|| Message::parse(bytes))).unwrap_or_else(|_| {
        error!(length = bytes.len(), "a message made the parser panic");
        Err(ParseError::FirstLine)
    })
}

fn status_of(error: ParseError) -> u16 {
    match error {
        ParseError::Version => 505,
        ParseError::TooManyHeaders => 513,
        ParseError::FirstLine
        | ParseError::HeaderLine
        | ParseError::NoEnd
        | ParseError::ContentLength => 400,
    }
}

/// RFC 3261 8.2.6.1: with the Timestamp, without a tag.
fn trying(request: &Request) -> Response {
    let timestamp = Name::parse("Timestamp");
    let mut response = request.response(100);
    if let Some(value) = request.headers.get(&timestamp) {
        response.headers.push(timestamp, value);
    }
    response
}
