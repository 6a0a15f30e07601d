//! One end of a lossy wire, its clock, and what it has put out.

use std::time::{Duration, Instant};

use bytes::Bytes;
use naru::clock;
use naru::office::transport::Transport;
use naru::sip::flow::{ConnectionId, Flow};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request};
use naru::sip::syntax::method::Method;
use naru::sip::syntax::token::Tokens;
use naru::sip::transaction::event::{Failure, Output, TransactionEvent};
use naru::sip::transaction::key::{ClientKey, ServerKey};
use naru::sip::transaction::timer::TimerConfig;
use naru::sip::transaction::transactions::Transactions;

/// Our side, its clock and what it has put out.
pub(crate) struct Side {
    pub(crate) transactions: Transactions,
    pub(crate) start: Instant,
    pub(crate) now: Instant,
    /// Milliseconds since the start and the bytes.
    pub(crate) sent: Vec<(u128, Flow, String)>,
    pub(crate) events: Vec<(u128, TransactionEvent)>,
}

impl Side {
    pub(crate) fn new() -> Self {
        Self::with_capacity(1000)
    }

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        let tokens = Tokens::new([7; 32]);
        let transactions = Transactions::with_capacity(TimerConfig::default(), tokens, capacity);
        let start = clock::now().ticks;
        Self { transactions, start, now: start, sent: Vec::new(), events: Vec::new() }
    }

    pub(crate) fn drain(&mut self) {
        let at = (self.now - self.start).as_millis();
        while let Some(output) = self.transactions.poll_output() {
            match output {
                Output::Event(event) => self.events.push((at, event)),
                Output::Transmit { flow, bytes } => {
                    self.sent.push((at, flow, String::from_utf8(bytes.to_vec()).unwrap()));
                }
            }
        }
    }

    pub(crate) fn feed_by(&mut self, flow: Flow, text: &str) {
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        self.transactions.handle_bytes(&bytes, flow, self.now);
        self.drain();
    }

    pub(crate) fn feed(&mut self, text: &str) {
        self.feed_by(udp(), text);
    }

    /// Lets time pass, waking whenever asked for.
    pub(crate) fn wind(&mut self, millis: u64) {
        let end = self.now + Duration::from_millis(millis);
        while let Some((at, _)) = self.transactions.poll_timeout().filter(|(at, _)| *at <= end) {
            self.now = self.now.max(at);
            self.transactions.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    /// When messages that start with `start` were sent.
    pub(crate) fn times(&self, start: &str) -> Vec<u128> {
        self.sent.iter().filter(|(_, _, text)| text.starts_with(start)).map(|sent| sent.0).collect()
    }

    pub(crate) fn last_sent(&self) -> &str {
        &self.sent.last().unwrap().2
    }

    /// The key and text of the last request told.
    pub(crate) fn request(&self) -> (ServerKey, Request) {
        self.events
            .iter()
            .rev()
            .find_map(|(_, event)| match event {
                TransactionEvent::Request { key, request, .. } => Some((*key, request.clone())),
                _ => None,
            })
            .unwrap()
    }

    pub(crate) fn respond(&mut self, status: u16) {
        let (key, request) = self.request();
        self.transactions.respond(&key, &request.tagged_response(status, "ours"), self.now);
        self.drain();
    }

    pub(crate) fn send(&mut self, method: &Method, flow: Flow) -> ClientKey {
        let mut request = Request::new(method.clone(), "sip:bob@192.0.2.9");
        request.headers.push(Name::Route, "<sip:192.0.2.9;lr>");
        request.headers.push(Name::From, "\"A \\\" B\" <sip:a@h_1>;tag=1");
        request.headers.push(Name::To, "<sip:bob@192.0.2.9>");
        request.headers.push(Name::CallId, "call-1");
        request.headers.push(Name::CSeq, format!("7 {method}"));
        request.body = Bytes::from_static(b"body");
        let key = self.transactions.send_request(request, flow, self.now);
        self.drain();
        key
    }

    pub(crate) fn failures(&self) -> Vec<(u128, Failure)> {
        let failed = |(at, event): &(u128, TransactionEvent)| match event {
            TransactionEvent::Failed { failure, .. } => Some((*at, *failure)),
            _ => None,
        };
        self.events.iter().filter_map(failed).collect()
    }

    pub(crate) fn delivered(&self) -> Vec<u16> {
        let status = |(_, event): &(u128, TransactionEvent)| match event {
            TransactionEvent::Response { response, .. } => Some(response.status),
            _ => None,
        };
        self.events.iter().filter_map(status).collect()
    }
}

pub(crate) fn udp() -> Flow {
    Flow {
        transport: Transport::Udp,
        local: "192.0.2.1:5060".parse().unwrap(),
        remote: "192.0.2.9:5070".parse().unwrap(),
        connection: None,
    }
}

pub(crate) fn tcp() -> Flow {
    Flow { transport: Transport::Tcp, connection: Some(ConnectionId(1)), ..udp() }
}

pub(crate) fn request(method: &str, branch: &str, more: &str) -> String {
    format!(
        "{method} sip:101@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch={branch}\r\n\
         From: <sip:bob@192.0.2.9>;tag=9\r\nTo: <sip:101@192.0.2.1>\r\nCall-ID: c1\r\n\
         CSeq: 1 {method}\r\n{more}Content-Length: 0\r\n\r\n"
    )
}

/// What the far end answers to a request of ours.
pub(crate) fn answer(sent: &str, status: u16, tag: &str) -> String {
    let Message::Request(request) =
        Message::parse(&Bytes::copy_from_slice(sent.as_bytes())).unwrap()
    else {
        panic!("a request")
    };
    String::from_utf8(request.tagged_response(status, tag).to_bytes().to_vec()).unwrap()
}

pub(crate) fn header(text: &str, name: &str) -> Option<String> {
    let message = Message::parse(&Bytes::copy_from_slice(text.as_bytes())).unwrap();
    message.headers().get(&Name::parse(name)).map(str::to_owned)
}

pub(crate) const B1: &str = "z9hG4bK1";
