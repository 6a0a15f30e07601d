//! Trunks that we register at: their names, their challenges, their calls.

use naru::leg::{HangupCause, LegEvent, LegId};
use naru::office::trunk::{Trunk, TrunkAccount};
use naru::sip::handle::SipRequest;
use naru::sip::header::Name;
use naru::sip::message::{Message, Request};
use naru::sip::method::Method;

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
    assert_eq!(server, "sip.carrier.example:7000");
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
