//! What we ask: timers A to F, K and M, CANCEL and broken flows.

use naru::sip::flow::{ConnectionId, Flow};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::Request;
use naru::sip::syntax::method::Method;
use naru::sip::transaction::event::Failure;

use crate::side::{Side, answer, header, tcp, udp};

#[test]
fn an_unanswered_invite_is_repeated_by_timer_a_and_given_up_by_timer_b() {
    let mut side = Side::new();
    side.send(&Method::Invite, udp());
    side.wind(60_000);
    assert_eq!(side.times("INVITE"), [0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    assert_eq!(side.failures(), [(32_000, Failure::TimedOut)]);
    assert_eq!(side.transactions.count(), (0, 0));
}

#[test]
fn an_unanswered_request_is_repeated_by_timer_e_and_given_up_by_timer_f() {
    let mut side = Side::new();
    side.send(&Method::Options, udp());
    side.wind(60_000);
    let expected = [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
    assert_eq!(side.times("OPTIONS"), expected);
    assert_eq!(side.failures(), [(32_000, Failure::TimedOut)]);
}

#[test]
fn nothing_is_repeated_over_tcp_but_patience_ends_too() {
    for (method, name) in [(Method::Invite, "INVITE"), (Method::Bye, "BYE")] {
        let mut side = Side::new();
        side.send(&method, tcp());
        side.wind(60_000);
        assert_eq!(side.times(name), [0]);
        assert_eq!(side.failures(), [(32_000, Failure::TimedOut)]);
    }
}

#[test]
fn a_provisional_answer_stops_timer_a_and_slows_timer_e() {
    let mut side = Side::new();
    side.send(&Method::Invite, udp());
    let text = answer(side.last_sent(), 100, "x");
    side.feed(&text);
    side.wind(60_000);
    assert_eq!(side.times("INVITE"), [0]);
    assert_eq!(side.delivered(), [] as [u16; 0]);

    let mut side = Side::new();
    side.send(&Method::Options, udp());
    let text = answer(side.last_sent(), 100, "x");
    side.feed(&text);
    side.wind(60_000);
    assert_eq!(side.times("OPTIONS"), [0, 4000, 8000, 12_000, 16_000, 20_000, 24_000, 28_000]);
    assert_eq!(side.failures(), [(32_000, Failure::TimedOut)]);
}

#[test]
fn timer_c_cancels_what_rings_for_three_minutes_and_each_180_starts_it_again() {
    let mut side = Side::new();
    side.send(&Method::Invite, udp());
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
    side.send(&Method::Invite, udp());
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
        side.send(&method, tcp());
        let text = answer(side.last_sent(), status, "x");
        side.feed_by(tcp(), &text);
        assert_eq!(side.delivered(), [status]);
        assert_eq!(side.transactions.count(), (0, 0));
    }
}

#[test]
fn a_final_answer_is_told_once_and_its_copies_are_absorbed_until_timer_k() {
    let mut side = Side::new();
    side.send(&Method::Bye, udp());
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
    side.send(&Method::Invite, udp());
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
    side.send(&Method::Invite, udp());
    let invite = header(side.last_sent(), "Via");
    let mut ack = Request::new(Method::Ack, "sip:bob@192.0.2.9");
    ack.headers.push(Name::CSeq, "7 ACK");
    side.transactions.send_ack(ack, udp());
    side.drain();
    assert!(side.last_sent().starts_with("ACK "));
    assert_ne!(header(side.last_sent(), "Via"), invite);
    assert_eq!(side.transactions.count(), (0, 1));
}

#[test]
fn a_cancel_waits_for_the_first_answer_and_goes_by_the_invites_branch() {
    let mut side = Side::new();
    let key = side.send(&Method::Invite, udp());
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
    let key = side.send(&Method::Invite, udp());
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
    let key = side.send(&Method::Invite, udp());
    let invite = side.last_sent().to_owned();
    side.transactions.cancel(&key, None, side.now);
    side.feed(&answer(&invite, 200, "x"));
    assert_eq!(side.delivered(), [200]);
    assert_eq!(side.times("CANCEL"), [] as [u128; 0]);
}

#[test]
fn a_broken_flow_fails_what_waits_on_it_once() {
    let mut side = Side::new();
    side.send(&Method::Invite, tcp());
    side.send(&Method::Options, Flow { connection: None, ..tcp() });
    side.send(&Method::Options, Flow { connection: Some(ConnectionId(2)), ..tcp() });
    side.send(&Method::Options, udp());
    side.transactions.handle_flow_failure(tcp());
    side.drain();
    assert_eq!(side.failures(), [(0, Failure::Unreachable); 2]);
    side.transactions.handle_flow_failure(tcp());
    side.drain();
    assert_eq!(side.failures().len(), 2);
    assert_eq!(side.transactions.count(), (0, 2));
}

#[test]
fn an_unreachable_phone_is_asked_twice_before_it_is_believed_to_be_gone() {
    // The first word may be about a datagram of before, when the phone was still starting.
    let mut side = Side::new();
    side.send(&Method::Invite, udp());
    side.transactions.handle_flow_failure(udp());
    side.drain();
    assert_eq!(side.failures(), []);
    side.wind(500);
    side.transactions.handle_flow_failure(udp());
    side.drain();
    assert_eq!(side.failures(), [(500, Failure::Unreachable)]);
}

#[test]
fn stray_and_foreign_responses_are_dropped() {
    let mut side = Side::new();
    side.send(&Method::Options, udp());
    let good = answer(side.last_sent(), 200, "x");
    side.feed(&good.replace("z9hG4bK", "z9hG4bKx"));
    side.feed(&good.replace("7 OPTIONS", "7 INVITE"));
    side.feed(&good.replace("Content-Length: 0", "Content-Length: 18446744073709551614"));
    assert_eq!(side.delivered(), [] as [u16; 0]);
    assert_eq!(side.sent.len(), 1);
    side.feed(&good);
    assert_eq!(side.delivered(), [200]);
}
