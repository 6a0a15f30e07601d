//! Trunks that we register at: their names, their challenges, their calls.

use std::time::Duration;

use naru::leg::{HangupCause, LegEvent, LegId};
use naru::office::transport::Transport;
use naru::office::trunk::{Trunk, TrunkAccount};
use naru::sip::flow::Flow;
use naru::sip::handle::SipRequest;
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request};
use naru::sip::syntax::method::Method;

use crate::bench::{Bench, SDP, account, address, answered, office, ring_trunk, trunk};

pub(crate) fn carrier(account: TrunkAccount) -> Trunk {
    Trunk { peer: None, register: Some(account), ..trunk("peer", 7000) }
}

pub(crate) fn registered() -> (Bench, Request) {
    let mut bench = Bench::new();
    bench.add_peer(7000);
    bench.add_side(5060, office(vec![carrier(account(7000))]), Vec::new());
    bench.ask(SipRequest::OfficeChanged(office(vec![carrier(account(7000))])));
    let first = bench.request(7000, &Method::Register);
    let challenge = answered(7000, &first, 401, "x", "")
        .with(Name::WwwAuthenticate, "Digest realm=\"c\", nonce=\"n\", qop=\"auth\"");
    bench.say(7000, &Message::Response(challenge));
    let second = bench.request(7000, &Method::Register);
    assert!(second.headers.get(&Name::Authorization).is_some());
    let contact = second.headers.get(&Name::Contact).unwrap().to_owned();
    let mut ok = second.tagged_response(200, "x");
    ok.headers.push(Name::Contact, format!("{contact};expires=600"));
    bench.say(7000, &Message::Response(ok));
    (bench, second)
}

#[test]
fn we_register_are_called_and_say_farewell() {
    let (mut bench, register) = registered();
    let contact = register.headers.get(&Name::Contact).unwrap().trim_matches(['<', '>']).to_owned();
    let mut invite = bench.invite(7000, SDP);
    invite.uri = contact;
    bench.say(7000, &Message::Request(invite));
    let LegEvent::Arrived(arrival) = bench.event() else { panic!("no arrival") };
    assert_eq!(arrival.dialled, "+827012345678", "the number stands in To");
    bench.ask(SipRequest::HangUp { leg: arrival.leg, cause: HangupCause::NotFound });
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(ring_trunk(leg)));
    let placed = bench.request(7000, &Method::Invite);
    assert_eq!(placed.uri, "sip:+8225551234@127.0.0.1:7000");
    bench.answer(7000, &placed, 486, "x", "");
    bench.ask(SipRequest::Stop);
    let farewell = bench.request(7000, &Method::Register);
    assert_eq!(farewell.headers.get(&Name::Expires), Some("0"));
    assert!(!bench.sides[0].endpoint.is_quiet());
    bench.answer(7000, &farewell, 200, "x", "");
    bench.pass_seconds(1);
    assert!(bench.sides[0].endpoint.is_quiet());
}

#[test]
fn a_name_is_looked_up_in_the_background_and_calls_wait_for_nobody() {
    let named = TrunkAccount { server: "sip.carrier.example:7000".to_owned(), ..account(7000) };
    let mut bench = Bench::new();
    bench.add_peer(7000);
    bench.add_side(5060, office(vec![carrier(named)]), Vec::new());
    let server = bench.sides[0].lookups.pop_front().unwrap();
    assert_eq!(server.server, "sip.carrier.example:7000");
    assert!(bench.sides[0].lookups.is_empty());
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(ring_trunk(leg)));
    assert_eq!(bench.ended(), (leg, HangupCause::Unreachable));
    bench.looked_up(&server, &[]);
    bench.pass_seconds(20);
    assert!(bench.sides[0].lookups.pop_front().is_some(), "it is tried again");
    bench.looked_up(&server, &[address(7000)]);
    assert_eq!(bench.request(7000, &Method::Register).uri, "sip:sip.carrier.example:7000");
    let leg = LegId::placed(2);
    bench.ask(SipRequest::Ring(ring_trunk(leg)));
    bench.request(7000, &Method::Invite);
    // And its calls are known by that address.
    let invite = bench.invite(7000, SDP);
    bench.say(7000, &Message::Request(invite));
    bench.arrival();
}

/// A provider whose name has these addresses, where all that can be is registered.
fn with_addresses(ports: &[u16]) -> Bench {
    let named = TrunkAccount { server: "sip.carrier.example".to_owned(), ..account(7000) };
    let mut bench = Bench::new();
    for port in ports {
        bench.add_peer(*port);
    }
    bench.add_side(5060, office(vec![carrier(named)]), Vec::new());
    let server = bench.sides[0].lookups.pop_front().unwrap();
    let addresses: Vec<_> = ports.iter().map(|port| address(*port)).collect();
    bench.looked_up(&server, &addresses);
    bench
}

/// R12
#[test]
fn a_call_goes_to_the_next_address_when_one_is_silent_and_the_next_call_begins_there() {
    let mut bench = with_addresses(&[7000, 7001]);
    let begun = bench.now.ticks;
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(ring_trunk(leg)));
    let first = bench.request(7000, &Method::Invite);
    let second = bench.request_within(7001, &Method::Invite, 6);
    assert!(bench.now.ticks - begun < Duration::from_secs(3));
    assert_eq!((first.call_id(), first.cseq()), (second.call_id(), second.cseq()));
    assert_ne!(first.headers.get(&Name::Via), second.headers.get(&Name::Via));
    bench.answer(7001, &second, 200, "b", SDP);
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    // The first wakes up after all: it is acknowledged and hung up on, and the call goes on.
    bench.answer(7000, &first, 200, "a", SDP);
    assert_eq!(bench.request(7000, &Method::Bye).to().tag(), Some("a"));
    let leg = LegId::placed(2);
    bench.ask(SipRequest::Ring(ring_trunk(leg)));
    bench.request(7001, &Method::Invite);
}

#[test]
fn a_server_that_is_too_busy_is_not_the_only_one_and_all_silent_ones_take_six_seconds() {
    let mut bench = with_addresses(&[7000, 7001, 7002, 7003]);
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(ring_trunk(leg)));
    let first = bench.request(7000, &Method::Invite);
    bench.answer(7000, &first, 503, "a", "");
    let second = bench.request(7001, &Method::Invite);
    bench.answer(7001, &second, 486, "b", "");
    assert_eq!(bench.ended(), (leg, HangupCause::Busy), "a busy party is busy everywhere");
    let (leg, begun) = (LegId::placed(2), bench.now.ticks);
    bench.ask(SipRequest::Ring(ring_trunk(leg)));
    assert_eq!(bench.ended(), (leg, HangupCause::Unreachable));
    assert!(bench.now.ticks - begun <= Duration::from_secs(6));
}

#[test]
fn a_registration_goes_to_the_next_address_when_one_is_too_busy() {
    let mut bench = with_addresses(&[7000, 7001]);
    let first = bench.request(7000, &Method::Register);
    bench.answer(7000, &first, 503, "a", "");
    bench.request_within(7001, &Method::Register, 60);
}

/// A trunk over TCP says so in what it sends, and registers anew when its connection is gone, but
/// no more often than every half a minute.
#[test]
fn a_trunk_over_tcp_registers_again_when_its_connection_ends() {
    let mut bench = Bench::new();
    bench.add_peer(7000);
    let trunk = Trunk { transport: Transport::Tcp, ..carrier(account(7000)) };
    bench.add_side(5060, office(vec![trunk.clone()]), Vec::new());
    bench.ask(SipRequest::OfficeChanged(office(vec![trunk])));
    let register = bench.request(7000, &Method::Register);
    let via = register.headers.get(&Name::Via).unwrap();
    assert!(via.starts_with("SIP/2.0/TCP "), "{via}");
    let contact = register.headers.get(&Name::Contact).unwrap();
    assert!(contact.contains(";transport=tcp"), "{contact}");
    let contact = format!("{contact};expires=600");
    let mut ok = register.tagged_response(200, "x");
    ok.headers.push(Name::Contact, contact);
    bench.say(7000, &Message::Response(ok));
    bench.pass_seconds(10);
    let flow = Flow {
        transport: Transport::Tcp,
        local: address(5060),
        remote: address(7000),
        connection: None,
    };
    let now = bench.now;
    bench.sides[0].endpoint.connection_lost(&flow, None, now);
    let again = bench.request_within(7000, &Method::Register, 25);
    assert!(again.cseq() > register.cseq());
    assert!(bench.now.ticks - now.ticks >= Duration::from_secs(18));
}
