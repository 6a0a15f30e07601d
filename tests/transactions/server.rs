//! What we answer: timers G to J and L, CANCEL, merged requests and old peers.

use std::time::Duration;

use bytes::Bytes;
use naru::sip::flow::Flow;
use naru::sip::syntax::header::Name;
use naru::sip::syntax::method::Method;
use naru::sip::transaction::event::{Output, TransactionEvent};

use crate::side::{B1, Side, header, request, tcp, udp};

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
    side.wind(100_000);
    side.respond(180);
    side.wind(250_000);
    let expected = [100_000, 160_000, 220_000, 280_000, 340_000];
    assert_eq!(side.times("SIP/2.0 180"), expected);
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
    side.send(&Method::Options, udp());
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
