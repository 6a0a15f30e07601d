//! The transaction layer on a wound clock: RFC 3261 17, RFC 6026, and what other stacks got wrong.

use std::time::{Duration, Instant};

use bytes::Bytes;
use naru::binding::Transport;
use naru::clock;
use naru::sip::flow::{ConnectionId, Flow};
use naru::sip::header::Name;
use naru::sip::message::{Message, Request, Response};
use naru::sip::method::Method;
use naru::sip::token::Tokens;
use naru::sip::transaction::event::{Failure, Output, TransactionEvent};
use naru::sip::transaction::key::{ClientKey, ServerKey};
use naru::sip::transaction::timer::TimerConfig;
use naru::sip::transaction::transactions::Transactions;

/// Our side, its clock and what it has put out.
struct Side {
    transactions: Transactions,
    start: Instant,
    now: Instant,
    /// Milliseconds since the start and the bytes.
    sent: Vec<(u128, Flow, String)>,
    events: Vec<(u128, TransactionEvent)>,
}

impl Side {
    fn new() -> Self {
        Self::with_capacity(1000)
    }

    fn with_capacity(capacity: usize) -> Self {
        let tokens = Tokens::new([7; 32]);
        let transactions = Transactions::with_capacity(TimerConfig::default(), tokens, capacity);
        let start = clock::now().ticks;
        Self { transactions, start, now: start, sent: Vec::new(), events: Vec::new() }
    }

    fn drain(&mut self) {
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

    fn feed_by(&mut self, flow: Flow, text: &str) {
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        self.transactions.handle_bytes(&bytes, flow, self.now);
        self.drain();
    }

    fn feed(&mut self, text: &str) {
        self.feed_by(udp(), text);
    }

    /// Lets time pass, waking whenever asked for.
    fn wind(&mut self, millis: u64) {
        let end = self.now + Duration::from_millis(millis);
        while let Some((at, _)) = self.transactions.poll_timeout().filter(|(at, _)| *at <= end) {
            self.now = self.now.max(at);
            self.transactions.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    /// When messages that start with `start` were sent.
    fn times(&self, start: &str) -> Vec<u128> {
        self.sent.iter().filter(|(_, _, text)| text.starts_with(start)).map(|sent| sent.0).collect()
    }

    fn last_sent(&self) -> &str {
        &self.sent.last().unwrap().2
    }

    /// The key and text of the last request told.
    fn request(&self) -> (ServerKey, Request) {
        self.events
            .iter()
            .rev()
            .find_map(|(_, event)| match event {
                TransactionEvent::Request { key, request, .. } => Some((*key, request.clone())),
                _ => None,
            })
            .unwrap()
    }

    fn respond(&mut self, status: u16) {
        let (key, request) = self.request();
        self.transactions.respond(&key, &request.tagged_response(status, "ours"), self.now);
        self.drain();
    }

    fn send(&mut self, method: Method, flow: Flow) -> ClientKey {
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

    fn failures(&self) -> Vec<(u128, Failure)> {
        let failed = |(at, event): &(u128, TransactionEvent)| match event {
            TransactionEvent::Failed { failure, .. } => Some((*at, *failure)),
            _ => None,
        };
        self.events.iter().filter_map(failed).collect()
    }

    fn delivered(&self) -> Vec<u16> {
        let status = |(_, event): &(u128, TransactionEvent)| match event {
            TransactionEvent::Response { response, .. } => Some(response.status),
            _ => None,
        };
        self.events.iter().filter_map(status).collect()
    }
}

fn udp() -> Flow {
    Flow {
        transport: Transport::Udp,
        local: "192.0.2.1:5060".parse().unwrap(),
        remote: "192.0.2.9:5070".parse().unwrap(),
        connection: None,
    }
}

fn tcp() -> Flow {
    Flow { transport: Transport::Tcp, connection: Some(ConnectionId(1)), ..udp() }
}

fn request(method: &str, branch: &str, more: &str) -> String {
    format!(
        "{method} sip:101@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch={branch}\r\n\
         From: <sip:bob@192.0.2.9>;tag=9\r\nTo: <sip:101@192.0.2.1>\r\nCall-ID: c1\r\n\
         CSeq: 1 {method}\r\n{more}Content-Length: 0\r\n\r\n"
    )
}

/// What the far end answers to a request of ours.
fn answer(sent: &str, status: u16, tag: &str) -> String {
    let Message::Request(request) =
        Message::parse(&Bytes::copy_from_slice(sent.as_bytes())).unwrap()
    else {
        panic!("a request")
    };
    String::from_utf8(request.tagged_response(status, tag).to_bytes().to_vec()).unwrap()
}

fn header(text: &str, name: &str) -> Option<String> {
    let message = Message::parse(&Bytes::copy_from_slice(text.as_bytes())).unwrap();
    message.headers().get(&Name::parse(name)).map(str::to_owned)
}

const B1: &str = "z9hG4bK1";

// The client's timers.

#[test]
fn an_unanswered_invite_is_repeated_by_timer_a_and_given_up_by_timer_b() {
    let mut side = Side::new();
    side.send(Method::Invite, udp());
    side.wind(60_000);
    assert_eq!(side.times("INVITE"), [0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    assert_eq!(side.failures(), [(32_000, Failure::TimedOut)]);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn an_unanswered_request_is_repeated_by_timer_e_and_given_up_by_timer_f() {
    let mut side = Side::new();
    side.send(Method::Options, udp());
    side.wind(60_000);
    let expected = [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
    assert_eq!(side.times("OPTIONS"), expected);
    assert_eq!(side.failures(), [(32_000, Failure::TimedOut)]);
}

#[test]
fn nothing_is_repeated_over_tcp_but_patience_ends_too() {
    for (method, name) in [(Method::Invite, "INVITE"), (Method::Bye, "BYE")] {
        let mut side = Side::new();
        side.send(method, tcp());
        side.wind(60_000);
        assert_eq!(side.times(name), [0]);
        assert_eq!(side.failures(), [(32_000, Failure::TimedOut)]);
    }
}

#[test]
fn a_provisional_answer_stops_timer_a_and_slows_timer_e() {
    let mut side = Side::new();
    side.send(Method::Invite, udp());
    let text = answer(side.last_sent(), 100, "x");
    side.feed(&text);
    side.wind(60_000);
    assert_eq!(side.times("INVITE"), [0]);
    assert_eq!(side.delivered(), [] as [u16; 0]);

    let mut side = Side::new();
    side.send(Method::Options, udp());
    let text = answer(side.last_sent(), 100, "x");
    side.feed(&text);
    side.wind(60_000);
    assert_eq!(side.times("OPTIONS"), [0, 4000, 8000, 12_000, 16_000, 20_000, 24_000, 28_000]);
    assert_eq!(side.failures(), [(32_000, Failure::TimedOut)]);
}

#[test]
fn timer_c_cancels_what_rings_for_three_minutes_and_each_180_starts_it_again() {
    let mut side = Side::new();
    side.send(Method::Invite, udp());
    let text = answer(side.last_sent(), 180, "x");
    side.feed(&text);
    side.wind(100_000);
    side.feed(&text);
    side.wind(400_000);
    assert_eq!(side.times("CANCEL").first(), Some(&281_000));
    assert_eq!(side.failures(), [(281_000 + 32_000, Failure::TimedOut)]);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn a_refusal_is_acknowledged_on_the_same_branch_until_timer_d() {
    let mut side = Side::new();
    side.send(Method::Invite, udp());
    let invite = side.last_sent().to_owned();
    let refusal = answer(&invite, 486, "x");
    side.feed(&refusal);
    let ack = side.last_sent().to_owned();
    assert!(ack.starts_with("ACK sip:bob@192.0.2.9 SIP/2.0\r\n"));
    for name in ["Via", "Route", "From", "Call-ID"] {
        assert_eq!(header(&ack, name), header(&invite, name), "{name}");
    }
    assert_eq!(header(&ack, "To").unwrap(), "<sip:bob@192.0.2.9>;tag=x");
    assert_eq!(header(&ack, "CSeq").unwrap(), "7 ACK");
    side.wind(31_000);
    side.feed(&refusal);
    assert_eq!(side.times("ACK"), [0, 31_000]);
    side.wind(1001);
    side.feed(&refusal);
    assert_eq!(side.times("ACK").len(), 2);
    assert_eq!(side.delivered(), [486]);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn over_tcp_timers_d_and_k_are_zero() {
    for (method, status) in [(Method::Invite, 486), (Method::Options, 200)] {
        let mut side = Side::new();
        side.send(method, tcp());
        let text = answer(side.last_sent(), status, "x");
        side.feed_by(tcp(), &text);
        assert_eq!(side.delivered(), [status]);
        assert_eq!(side.transactions.count(), (0, 0));
    }
}

#[test]
fn a_final_answer_is_told_once_and_its_copies_are_absorbed_until_timer_k() {
    let mut side = Side::new();
    side.send(Method::Bye, udp());
    let text = answer(side.last_sent(), 200, "x");
    side.feed(&text);
    side.feed(&text);
    side.wind(4999);
    assert_eq!(side.transactions.count(), (0, 1));
    side.wind(1);
    assert_eq!(side.transactions.count(), (0, 0));
    assert_eq!(side.delivered(), [200]);
    assert_eq!(side.times("BYE"), [0]);
}

#[test]
fn every_2xx_reaches_the_dialog_until_timer_m() {
    let mut side = Side::new();
    side.send(Method::Invite, udp());
    let invite = side.last_sent().to_owned();
    side.feed(&answer(&invite, 200, "fork-1"));
    side.feed(&answer(&invite, 200, "fork-1"));
    side.feed(&answer(&invite, 180, "fork-2"));
    side.wind(31_000);
    side.feed(&answer(&invite, 200, "fork-2"));
    side.feed(&answer(&invite, 486, "fork-3"));
    assert_eq!(side.delivered(), [200, 200, 200]);
    side.wind(1000);
    side.feed(&answer(&invite, 200, "fork-4"));
    assert_eq!(side.delivered().len(), 3);
    assert_eq!(side.times("ACK"), [] as [u128; 0]);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn the_ack_of_a_2xx_has_a_branch_of_its_own() {
    let mut side = Side::new();
    side.send(Method::Invite, udp());
    let invite = header(side.last_sent(), "Via");
    let mut ack = Request::new(Method::Ack, "sip:bob@192.0.2.9");
    ack.headers.push(Name::CSeq, "7 ACK");
    side.transactions.send_ack(ack, udp());
    side.drain();
    assert!(side.last_sent().starts_with("ACK "));
    assert_ne!(header(side.last_sent(), "Via"), invite);
    assert_eq!(side.transactions.count(), (0, 1));
}

// CANCEL (stack defect 6).

#[test]
fn a_cancel_waits_for_the_first_answer_and_goes_by_the_invites_branch() {
    let mut side = Side::new();
    let key = side.send(Method::Invite, udp());
    let invite = side.last_sent().to_owned();
    let reason = "SIP;cause=200;text=\"Call completed elsewhere\"";
    side.transactions.cancel(&key, Some(reason), side.now);
    side.drain();
    side.wind(1000);
    assert_eq!(side.times("CANCEL"), [] as [u128; 0]);
    assert_eq!(side.times("INVITE"), [0, 500]);
    side.feed(&answer(&invite, 100, "x"));
    let cancel = side.last_sent().to_owned();
    assert!(cancel.starts_with("CANCEL sip:bob@192.0.2.9 SIP/2.0\r\n"));
    for name in ["Via", "Route", "From", "To", "Call-ID"] {
        assert_eq!(header(&cancel, name), header(&invite, name), "{name}");
    }
    assert_eq!(header(&cancel, "CSeq").unwrap(), "7 CANCEL");
    assert_eq!(header(&cancel, "Reason").unwrap(), reason);
    // Its own retransmissions, then its 200 which nobody is told, then the INVITE's 487.
    side.wind(500);
    assert_eq!(side.times("CANCEL"), [1000, 1500]);
    side.feed(&answer(&cancel, 200, "x"));
    side.feed(&answer(&invite, 487, "x"));
    side.wind(60_000);
    assert_eq!(side.delivered(), [487]);
    assert_eq!(side.times("CANCEL").len(), 2);
    assert_eq!(side.failures(), []);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn a_cancelled_invite_that_never_ends_is_given_up() {
    let mut side = Side::new();
    let key = side.send(Method::Invite, udp());
    let ringing = answer(side.last_sent(), 180, "x");
    side.feed(&ringing);
    side.wind(10_000);
    side.transactions.cancel(&key, None, side.now);
    side.transactions.cancel(&key, None, side.now);
    side.drain();
    side.wind(60_000);
    assert_eq!(side.times("CANCEL").first(), Some(&10_000));
    assert_eq!(side.failures(), [(42_000, Failure::TimedOut)]);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn a_2xx_that_crosses_the_cancel_is_told() {
    let mut side = Side::new();
    let key = side.send(Method::Invite, udp());
    let invite = side.last_sent().to_owned();
    side.transactions.cancel(&key, None, side.now);
    side.feed(&answer(&invite, 200, "x"));
    assert_eq!(side.delivered(), [200]);
    assert_eq!(side.times("CANCEL"), [] as [u128; 0]);
}

#[test]
fn a_broken_flow_fails_what_waits_on_it_once() {
    let mut side = Side::new();
    side.send(Method::Invite, tcp());
    side.send(Method::Options, Flow { connection: None, ..tcp() });
    side.send(Method::Options, Flow { connection: Some(ConnectionId(2)), ..tcp() });
    side.send(Method::Options, udp());
    side.transactions.handle_flow_failure(tcp());
    side.drain();
    assert_eq!(side.failures(), [(0, Failure::Unreachable); 2]);
    side.transactions.handle_flow_failure(tcp());
    side.drain();
    assert_eq!(side.failures().len(), 2);
    assert_eq!(side.transactions.count(), (0, 2));
}

#[test]
fn stray_and_foreign_responses_are_dropped() {
    let mut side = Side::new();
    side.send(Method::Options, udp());
    let good = answer(side.last_sent(), 200, "x");
    side.feed(&good.replace("z9hG4bK", "z9hG4bKx"));
    side.feed(&good.replace("7 OPTIONS", "7 INVITE"));
    side.feed(&good.replace("Content-Length: 0", "Content-Length: 18446744073709551614"));
    assert_eq!(side.delivered(), [] as [u16; 0]);
    assert_eq!(side.sent.len(), 1);
    side.feed(&good);
    assert_eq!(side.delivered(), [200]);
}

// The server's timers.

#[test]
fn a_request_is_told_once_and_its_copies_get_the_answer_until_timer_j() {
    let mut side = Side::new();
    let options = request("OPTIONS", B1, "");
    side.feed(&options);
    side.feed(&options);
    assert_eq!((side.events.len(), side.sent.len()), (1, 0));
    side.respond(200);
    side.wind(31_999);
    side.feed(&options);
    assert_eq!(side.times("SIP/2.0 200"), [0, 31_999]);
    side.respond(500);
    assert_eq!(side.sent.len(), 2);
    side.wind(1);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn over_tcp_timers_j_and_i_are_zero() {
    let mut side = Side::new();
    side.feed_by(tcp(), &request("OPTIONS", B1, ""));
    side.respond(200);
    assert_eq!(side.transactions.count(), (0, 0));
    side.feed_by(tcp(), &request("INVITE", "z9hG4bK2", ""));
    side.respond(486);
    side.wind(10_000);
    assert_eq!(side.times("SIP/2.0 486"), [0]);
    side.feed_by(tcp(), &request("ACK", "z9hG4bK2", ""));
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn a_request_nobody_answers_is_forgotten() {
    let mut side = Side::new();
    side.feed(&request("OPTIONS", B1, ""));
    side.wind(32_000);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn an_invite_gets_100_at_once_and_its_copies_the_last_provisional_answer() {
    let mut side = Side::new();
    let invite = request("INVITE", B1, "Timestamp: 54\r\n");
    side.feed(&invite);
    assert!(side.last_sent().starts_with("SIP/2.0 100 Trying\r\n"));
    assert_eq!(header(side.last_sent(), "Timestamp").unwrap(), "54");
    assert_eq!(header(side.last_sent(), "To").unwrap(), "<sip:101@192.0.2.1>");
    side.feed(&invite);
    assert_eq!(side.times("SIP/2.0 100").len(), 2);
    side.respond(180);
    side.feed(&invite);
    assert_eq!(side.times("SIP/2.0 180").len(), 2);
    assert_eq!(side.events.len(), 1);
}

#[test]
fn a_ringing_answer_is_repeated_each_minute() {
    let mut side = Side::new();
    side.feed(&request("INVITE", B1, ""));
    side.wind(200_000);
    side.respond(180);
    side.wind(130_000);
    assert_eq!(side.times("SIP/2.0 180"), [200_000, 260_000, 320_000]);
}

#[test]
fn a_refusal_of_an_invite_is_repeated_by_timer_g_until_its_ack() {
    let mut side = Side::new();
    let invite = request("INVITE", B1, "");
    side.feed(&invite);
    side.respond(486);
    side.wind(2000);
    side.feed(&invite);
    assert_eq!(side.times("SIP/2.0 486"), [0, 500, 1500, 2000]);
    side.feed(&request("ACK", B1, ""));
    side.feed(&request("ACK", B1, ""));
    side.feed(&invite);
    side.wind(4999);
    assert_eq!(side.times("SIP/2.0 486").len(), 4);
    assert_eq!(side.transactions.count(), (1, 0));
    side.wind(1);
    assert_eq!(side.transactions.count(), (0, 0));
    assert_eq!(side.events.len(), 1);
}

#[test]
fn a_refusal_nobody_acknowledges_is_given_up_by_timer_h() {
    let mut side = Side::new();
    side.feed(&request("INVITE", B1, ""));
    side.respond(603);
    side.wind(60_000);
    let expected = [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
    assert_eq!(side.times("SIP/2.0 603"), expected);
    assert_eq!(side.transactions.count(), (0, 0));
    assert_eq!(side.events.len(), 1);
}

#[test]
fn an_answered_invite_is_repeated_until_acknowledged_and_then_absorbs_copies() {
    for flow in [udp(), tcp()] {
        let mut side = Side::new();
        let invite = request("INVITE", B1, "");
        side.feed_by(flow, &invite);
        side.respond(200);
        side.wind(1600);
        assert_eq!(side.times("SIP/2.0 200"), [0, 500, 1500]);
        side.feed_by(flow, &invite);
        side.feed_by(flow, &request("ACK", "z9hG4bKack", ""));
        assert!(matches!(side.events.last().unwrap().1, TransactionEvent::Ack { .. }));
        let (key, _) = side.request();
        side.transactions.acknowledge(&key);
        side.feed_by(flow, &invite);
        side.wind(30_399);
        side.feed_by(flow, &invite);
        assert_eq!(side.times("SIP/2.0 200").len(), 3);
        assert_eq!(side.events.len(), 2);
        side.wind(1);
        assert_eq!(side.transactions.count(), (0, 0));
    }
}

#[test]
fn an_answer_nobody_acknowledges_is_told_after_32_seconds() {
    let mut side = Side::new();
    side.feed(&request("INVITE", B1, ""));
    side.respond(200);
    side.wind(60_000);
    let expected = [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
    assert_eq!(side.times("SIP/2.0 200"), expected);
    let (at, event) = side.events.last().unwrap();
    assert_eq!(*at, 32_000);
    assert!(matches!(event, TransactionEvent::AckMissing { .. }));
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn a_machine_that_slept_sends_no_burst() {
    let mut side = Side::new();
    side.send(Method::Options, udp());
    side.now += Duration::from_secs(12);
    side.transactions.handle_timeout(side.now);
    side.drain();
    assert_eq!(side.sent.len(), 2);
}

#[test]
fn a_cancel_is_answered_and_told_while_the_invite_is_open() {
    let mut side = Side::new();
    side.feed(&request("INVITE", B1, ""));
    side.respond(180);
    let cancel = request("CANCEL", B1, "Reason: SIP;cause=200\r\n");
    side.feed(&cancel);
    side.feed(&cancel);
    assert_eq!(side.times("SIP/2.0 200").len(), 2);
    assert_eq!(header(side.last_sent(), "To").unwrap(), "<sip:101@192.0.2.1>;tag=ours");
    let (key, _) = side.request();
    let TransactionEvent::Cancelled { key: cancelled, cancel: told } = &side.events[1].1 else {
        panic!("cancelled")
    };
    assert_eq!(*cancelled, key);
    assert_eq!(told.headers.get(&Name::Reason), Some("SIP;cause=200"));
    assert_eq!(side.events.len(), 2);
    side.respond(487);
    side.feed(&request("CANCEL", "z9hG4bKnone", ""));
    assert!(side.last_sent().starts_with("SIP/2.0 481"));
}

#[test]
fn a_cancel_from_elsewhere_or_too_late_stops_nothing() {
    let mut side = Side::new();
    side.feed(&request("INVITE", B1, ""));
    let stranger = Flow { remote: "198.51.100.66:5060".parse().unwrap(), ..udp() };
    side.feed_by(stranger, &request("CANCEL", B1, ""));
    assert!(side.last_sent().starts_with("SIP/2.0 481"));
    side.respond(200);
    side.feed(&request("CANCEL", B1, ""));
    assert!(side.last_sent().starts_with("SIP/2.0 200"));
    assert_eq!(header(side.last_sent(), "CSeq").unwrap(), "1 CANCEL");
    assert_eq!(side.events.len(), 1);
}

#[test]
fn a_merged_request_gets_482_even_after_the_answer() {
    let mut side = Side::new();
    side.feed(&request("INVITE", B1, ""));
    side.feed(&request("INVITE", "z9hG4bKother", ""));
    assert!(side.last_sent().starts_with("SIP/2.0 482"));
    side.respond(200);
    side.feed(&request("INVITE", "z9hG4bKthird", ""));
    assert!(side.last_sent().starts_with("SIP/2.0 482"));
    assert_eq!(side.events.len(), 1);
    // In a dialog it is no merged request, whatever its number.
    let inside = request("INVITE", "z9hG4bKin", "")
        .replace("192.0.2.1>\r\nCall", "192.0.2.1>;tag=ours\r\nCall");
    side.feed(&inside);
    assert_eq!(side.events.len(), 2);
    side.wind(33_000);
}

#[test]
fn a_peer_of_rfc_2543_without_branches_is_matched_too() {
    let mut side = Side::new();
    let old = |method: &str| request(method, "x", "").replace(";branch=x", "");
    side.feed(&old("INVITE"));
    side.feed(&old("INVITE"));
    side.respond(486);
    side.feed(&old("ACK"));
    side.wind(3000);
    assert_eq!(side.times("SIP/2.0 486"), [0]);
    assert_eq!(side.events.len(), 1);
    // Its ACK of a 2xx cannot be told from others but by state; the dialog gets it.
    side.feed(&old("INVITE").replace("CSeq: 1", "CSeq: 2"));
    side.respond(200);
    side.feed(&old("ACK").replace("CSeq: 1", "CSeq: 2"));
    assert!(matches!(side.events.last().unwrap().1, TransactionEvent::Ack { .. }));
}

#[test]
fn a_stateless_answer_leaves_nothing_behind_and_saves_the_100() {
    let mut side = Side::new();
    let bytes = Bytes::from(request("INVITE", B1, ""));
    side.transactions.handle_bytes(&bytes, udp(), side.now);
    let Some(Output::Event(TransactionEvent::Request { request: asked, flow, .. })) =
        side.transactions.poll_output()
    else {
        panic!("a request")
    };
    let challenge = asked.tagged_response(401, "t");
    side.transactions.respond_stateless(&asked, flow, &challenge);
    side.drain();
    assert_eq!(side.sent.len(), 1);
    assert!(side.last_sent().starts_with("SIP/2.0 401"));
    assert_eq!(side.transactions.count(), (0, 0));
    assert_eq!(side.transactions.poll_timeout(), None);
    side.feed(&request("INVITE", "z9hG4bK2", ""));
    assert!(side.last_sent().starts_with("SIP/2.0 100"));
}

// What other stacks got wrong (the numbers are those of the defect list).

#[test]
fn no_length_or_via_kills_or_deafens() {
    let mut side = Side::new();
    let good = request("OPTIONS", B1, "");
    // 1
    side.feed(&good.replace("Length: 0", "Length: 18446744073709551614"));
    assert!(side.last_sent().starts_with("SIP/2.0 400"));
    assert!(header(side.last_sent(), "To").unwrap().contains(";tag="));
    // 3
    for via in ["", "SIP", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=z9hG4bK1", "\u{e9}"] {
        side.feed(&good.replace("SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1", via));
    }
    side.feed(&good.replace("Via:", "X:"));
    assert_eq!((side.sent.len(), side.events.len()), (1, 0));
    side.feed(&good);
    assert_eq!(side.events.len(), 1);
}

#[test]
fn odd_text_is_answered_with_itself() {
    // 8, 9, 10, 22
    let mut side = Side::new();
    let text = "OPTIONS sip:*97#1@h_x SIP/2.0\r\nVia: SIP/2.0/UDP my_host:5070;rport;BRANCH=z9hG4bKq\r\n\
                Via: SIP/2.0/UDP other;branch=1\r\n\
                From: \"A \\\" B\" <sip:u@h:5070;transport=tcp>;TAG=1;x=\"q;\"\r\n\
                To: <tel:+82-70-1234>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n\r\n";
    side.feed(text);
    side.respond(200);
    let sent = side.last_sent().to_owned();
    let vias: Vec<_> = sent.lines().filter(|line| line.starts_with("Via: ")).collect();
    let first = "Via: SIP/2.0/UDP my_host:5070;rport=5070;BRANCH=z9hG4bKq;received=192.0.2.9";
    assert_eq!(vias, [first, "Via: SIP/2.0/UDP other;branch=1"]);
    let from = "\"A \\\" B\" <sip:u@h:5070;transport=tcp>;TAG=1;x=\"q;\"";
    assert_eq!(header(&sent, "From").unwrap(), from);
    assert_eq!(header(&sent, "To").unwrap(), "<tel:+82-70-1234>;tag=ours");
}

#[test]
fn latin_1_in_a_display_name_is_read() {
    let mut side = Side::new();
    let mut bytes = request("OPTIONS", B1, "").into_bytes();
    let at = bytes.windows(6).position(|word| word == b"<sip:b").unwrap();
    bytes.splice(at..at, *b"\"Jos\xe9\" ");
    side.transactions.handle_bytes(&Bytes::from(bytes), udp(), side.now);
    side.drain();
    assert_eq!(side.request().1.from().display_name(), "Jos\u{e9}");
}

#[test]
fn answers_never_go_where_maddr_points() {
    // 15
    let mut side = Side::new();
    side.feed(&request("OPTIONS", "z9hG4bK1;maddr=198.51.100.1;received=198.51.100.1", ""));
    side.respond(200);
    assert_eq!(side.sent[0].1.remote, udp().remote);
}

#[test]
fn a_finished_transaction_is_small_and_there_are_only_so_many() {
    // 17, 18
    let mut side = Side::with_capacity(100);
    for count in 0..300 {
        side.feed(&request("OPTIONS", &format!("z9hG4bK{count}"), ""));
        side.respond(200);
    }
    assert_eq!(side.transactions.count(), (100, 0));
    assert_eq!(side.times("SIP/2.0 200").len(), 300);
    // Unanswered ones are not thrown away: new ones get 503, but not those of a dialog.
    for count in 0..200 {
        side.feed(&request("MESSAGE", &format!("z9hG4bKm{count}"), ""));
    }
    assert_eq!(side.transactions.count(), (100, 0));
    assert_eq!(side.times("SIP/2.0 503").len(), 100);
    assert_eq!(header(side.last_sent(), "Retry-After").unwrap(), "5");
    side.feed(&request("BYE", B1, "").replace("192.0.2.1>\r\nCall", "192.0.2.1>;tag=ours\r\nCall"));
    assert_eq!(side.transactions.count(), (101, 0));
    side.wind(33_000);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn unsound_requests_are_answered_400_and_acks_never() {
    let mut side = Side::new();
    let good = request("OPTIONS", B1, "");
    let broken = [
        good.replace("CSeq: 1 OPTIONS", "CSeq: 1 INVITE"),
        good.replace("CSeq: 1 OPTIONS", "CSeq: 2147483648 OPTIONS"),
        good.replace("CSeq: 1 OPTIONS", "CSeq: x"),
        good.replace("Call-ID: c1\r\n", ""),
        good.replace("Call-ID: c1\r\n", "Call-ID: c1\r\nCall-ID: c2\r\n"),
        good.replace("sip:101@192.0.2.1 SIP", "<sip:101@192.0.2.1> SIP"),
        good.replace("Content-Length: 0", "Content-Length: 0\r\nContent-Length: 1"),
        good.replace("<sip:bob@192.0.2.9>", "\"Bob <sip:bob@192.0.2.9>"),
        good.replace("From:", "No colon\r\nFrom:"),
    ];
    for (count, text) in broken.iter().enumerate() {
        side.feed(text);
        assert_eq!(side.times("SIP/2.0 400").len(), count + 1, "{text}");
        side.feed(&text.replace("OPTIONS", "ACK"));
    }
    side.feed(&good.replace("SIP/2.0\r\nVia", "SIP/7.0\r\nVia"));
    assert!(side.last_sent().starts_with("SIP/2.0 505"));
    assert_eq!(
        side.events
            .iter()
            .filter(|(_, event)| matches!(event, TransactionEvent::Request { .. }))
            .count(),
        0
    );
}

// Both ends over a lossy wire (goal R11).

/// A cheap repeatable coin.
struct Dice(u64);

impl Dice {
    fn lost(&mut self, percent: u64) -> bool {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 100 < percent
    }
}

/// One call: INVITE, 180, 200, ACK, BYE, 200 with loss each way; `true` if both ends agree.
fn lossy_call(seed: u64, percent: u64) -> bool {
    let (mut caller, mut callee) = (Side::new(), Side::new());
    callee.transactions = Transactions::new(TimerConfig::default(), Tokens::new([8; 32]));
    callee.start = caller.start;
    callee.now = caller.now;
    let mut dice = Dice(seed);
    let (mut seen_caller, mut seen_callee, mut told_caller, mut told_callee) = (0, 0, 0, 0);
    let (mut answered, mut ended, mut invites) = (false, false, 0);
    let mut answered_key = None;
    caller.send(Method::Invite, udp());
    for _ in 0..4000 {
        for (_, _, text) in caller.sent[seen_caller..].to_vec() {
            if !dice.lost(percent) {
                callee.feed(&text);
            }
        }
        seen_caller = caller.sent.len();
        for (_, event) in callee.events[told_callee..].to_vec() {
            match event {
                TransactionEvent::Request { key, request, .. } => {
                    let invite = request.method == Method::Invite;
                    invites += usize::from(invite);
                    if invite {
                        answered_key = Some(key);
                        callee.transactions.respond(
                            &key,
                            &request.tagged_response(180, "b"),
                            callee.now,
                        );
                    }
                    callee.transactions.respond(
                        &key,
                        &request.tagged_response(200, "b"),
                        callee.now,
                    );
                }
                TransactionEvent::Ack { .. } => {
                    callee.transactions.acknowledge(&answered_key.unwrap());
                }
                TransactionEvent::AckMissing { .. } => return false,
                _ => {}
            }
        }
        told_callee = callee.events.len();
        callee.drain();
        for (_, _, text) in callee.sent[seen_callee..].to_vec() {
            if !dice.lost(percent) {
                caller.feed(&text);
            }
        }
        seen_callee = callee.sent.len();
        for (_, event) in caller.events[told_caller..].to_vec() {
            match event {
                TransactionEvent::Response { response, .. } if response.status == 200 => {
                    let (_, method) = response.cseq().unwrap();
                    if method == Method::Invite {
                        caller.transactions.send_ack(ack_of(&response), udp());
                        if !answered {
                            answered = true;
                            caller.send(Method::Bye, udp());
                        }
                    } else {
                        ended = true;
                    }
                }
                TransactionEvent::Failed { .. } => return false,
                _ => {}
            }
        }
        told_caller = caller.events.len();
        caller.drain();
        caller.wind(20);
        callee.wind(20);
    }
    answered
        && ended
        && invites == 1
        && callee.transactions.count() == (0, 0)
        && caller.transactions.count() == (0, 0)
}

fn ack_of(response: &Response) -> Request {
    let mut ack = Request::new(Method::Ack, "sip:bob@192.0.2.9");
    for name in [Name::From, Name::To, Name::CallId] {
        ack.headers.push(name.clone(), response.headers.get(&name).unwrap());
    }
    ack.headers.push(Name::CSeq, "7 ACK");
    ack
}

#[test]
fn one_fifth_of_the_datagrams_lost_each_way_costs_no_call() {
    let ended = (0..200).filter(|seed| lossy_call(*seed, 20)).count();
    assert_eq!(ended, 200);
}
