//! Strangers, damage and scarcity: nothing of it may cost more than itself.

use std::time::Duration;

use bytes::Bytes;
use naru::leg::{HangupCause, LegEvent, LegId};
use naru::office::device::DigestAlgorithm;
use naru::sip::handle::SipRequest;
use naru::sip::registrar::digest::{HexHash, ha1};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request, Response};
use naru::sip::syntax::method::Method;
use naru::sip::syntax::text::parameter;

use crate::bench::{Bench, SDP, answered, bound, office, ring_device, trunk};

/// The answer of phone 101 to a challenge.
fn credentials(challenge: &Response, method: &str, uri: &str) -> String {
    let line = challenge.headers.get(&Name::WwwAuthenticate).unwrap();
    let fields = line.trim_start_matches("Digest ").replace(", ", ";");
    let value = |name: &str| parameter(&fields, name).unwrap().to_owned();
    let (realm, nonce) = (value("realm"), value("nonce"));
    let md5 = DigestAlgorithm::Md5;
    let one = ha1(md5, "101", &realm, "secret-101");
    let two = HexHash::of(md5, &[method.as_bytes(), uri.as_bytes()]);
    let response =
        HexHash::of(md5, &[one.as_bytes(), nonce.as_bytes(), b"00000001:cn:auth", two.as_bytes()]);
    let response = std::str::from_utf8(response.as_bytes()).unwrap();
    format!(
        "Digest username=\"101\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
         response=\"{response}\", qop=auth, nc=00000001, cnonce=\"cn\", algorithm=MD5"
    )
}

#[test]
fn a_phone_that_has_moved_shows_who_it_is_and_is_followed() {
    let mut bench = Bench::new();
    let binding = bound("101", 6001, bench.now);
    bench.add_side(5060, office(Vec::new()), vec![binding]);
    bench.add_peer(6001);
    bench.add_peer(6009);
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(ring_device(leg, "101")));
    let invite = bench.request(6001, &Method::Invite);
    bench.answer(6001, &invite, 200, "x", SDP);
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    let mut update = bench.back(6009, &invite, "x", &Method::Update);
    update.headers.push(Name::Contact, "<sip:101@127.0.0.1:6009>");
    bench.say(6009, &Message::Request(update.clone()));
    let challenge = bench.response(6009, 401);
    let answer = credentials(&challenge, "UPDATE", &update.uri);
    let mut again = bench.back(6009, &invite, "x", &Method::Update);
    again.headers.push(Name::Contact, "<sip:101@127.0.0.1:6009>");
    again.headers.push(Name::Authorization, answer);
    bench.say(6009, &Message::Request(again));
    bench.response(6009, 200);
    bench.ask(SipRequest::HangUp { leg, cause: HangupCause::Normal });
    assert_eq!(bench.request(6009, &Method::Bye).uri, "sip:101@127.0.0.1:6009");
}

#[test]
fn a_phone_cannot_act_in_a_colleagues_call() {
    let mut bench = Bench::usual();
    bench.add_peer(6009);
    let invite = bench.invite(7000, SDP);
    let (ok, _) = bench.call_up(&invite);
    let bye = |bench: &mut Bench| bench.within(6009, (&invite, &ok), &Method::Bye, 9);
    let first = bye(&mut bench);
    bench.say(6009, &Message::Request(first.clone()));
    let challenge = bench.response(6009, 401);
    let mut second = bye(&mut bench);
    second.headers.push(Name::Authorization, credentials(&challenge, "BYE", &first.uri));
    bench.say(6009, &Message::Request(second));
    bench.response(6009, 403);
    assert_eq!(bench.sides[0].endpoint.legs(), 1);
}

#[test]
fn a_call_comes_in_from_a_phone_with_the_right_digest() {
    let mut bench = Bench::usual();
    bench.add_peer(6001);
    let mut invite = bench.invite(6001, SDP);
    invite.headers.set(Name::From, "<sip:101@127.0.0.1>;tag=p");
    bench.say(6001, &Message::Request(invite.clone()));
    let challenge = bench.response(6001, 401);
    let mut again = bench.invite(6001, SDP);
    again.headers.set(Name::From, "<sip:101@127.0.0.1>;tag=p");
    again.headers.push(Name::Authorization, credentials(&challenge, "INVITE", &invite.uri));
    bench.say(6001, &Message::Request(again));
    bench.arrival();
}

#[test]
fn without_ports_new_calls_get_503_and_placed_ones_end() {
    let mut bench = Bench::new();
    bench.add_side_with_ports(5060, office(vec![trunk("peer", 7000)]), Vec::new(), 20001..=20001);
    bench.add_peer(7000);
    let invite = bench.invite(7000, SDP);
    bench.say(7000, &Message::Request(invite));
    bench.response(7000, 503);
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(crate::bench::ring_trunk(leg)));
    assert_eq!(bench.ended(), (leg, HangupCause::Overloaded));
}

#[test]
fn a_call_that_goes_in_circles_runs_out_of_hops() {
    let mut bench = Bench::usual();
    let mut invite = bench.invite(7000, SDP);
    invite.headers.set(Name::MaxForwards, "5");
    bench.say(7000, &Message::Request(invite));
    let caller = bench.arrival();
    let leg = LegId::placed(1);
    let ring = naru::leg::RingRequest { like: Some(caller), ..crate::bench::ring_trunk(leg) };
    bench.ask(SipRequest::Ring(ring));
    let placed = bench.request(7000, &Method::Invite);
    assert_eq!(placed.headers.get(&Name::MaxForwards), Some("4"));
}

/// A small generator; the same numbers each run.
struct Luck(u64);

impl Luck {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

fn damaged(message: &Message, luck: &mut Luck) -> Bytes {
    let mut bytes = message.to_bytes().to_vec();
    for _ in 0..=luck.below(4) {
        let at = luck.below(bytes.len());
        match luck.below(6) {
            0 => bytes[at] = u8::try_from(luck.below(256)).unwrap(),
            1 => {
                bytes.remove(at);
            }
            2 => bytes.insert(at, b"\r\n;,:<>\"@= \0\xff9"[luck.below(14)]),
            3 => bytes.truncate(at.max(1)),
            4 => {
                let end = (at + luck.below(60)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let digit = bytes.iter().skip(at).position(u8::is_ascii_digit);
                if let Some(found) = digit {
                    bytes.splice(at + found..at + found, *b"99999999999");
                }
            }
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    Bytes::from(bytes)
}

/// Everything a far end could say at that moment of a placed and an arrived call.
fn sayings(bench: &mut Bench) -> Vec<Message> {
    let invite = bench.invite(7000, SDP);
    let (ok, _) = bench.call_up(&invite);
    let (_, placed) = bench.ring_peer(1);
    let mut sayings = Vec::new();
    for status in [180, 183, 200, 401, 422, 486] {
        let mut response = answered(7000, &placed, status, "x", SDP);
        response.headers.push(Name::Require, "100rel");
        response.headers.push(Name::RSeq, "1");
        response.headers.push(Name::SessionExpires, "1800;refresher=uac");
        response.headers.push(Name::RecordRoute, "<sip:127.0.0.1;lr>");
        sayings.push(Message::Response(response));
    }
    let fresh = bench.invite(7000, SDP);
    sayings.push(Message::Request(fresh));
    for (method, cseq) in
        [(Method::Invite, 2), (Method::Ack, 2), (Method::Update, 3), (Method::Info, 4)]
    {
        let mut request: Request = bench.within(7000, (&invite, &ok), &method, cseq);
        request.headers.push(Name::Contact, "<sip:peer@127.0.0.1:7000>");
        request.headers.push(Name::Supported, "timer, 100rel");
        request.headers.push(Name::SessionExpires, "1800;refresher=uac");
        request.headers.push(Name::ContentType, "application/sdp");
        request.body = Bytes::from_static(SDP.as_bytes());
        sayings.push(Message::Request(request));
    }
    sayings
}

#[test]
fn damaged_messages_inside_calls_harm_nobody() {
    let mut luck = Luck(0x5eed);
    for round in 0..40 {
        let mut bench = Bench::usual();
        let sayings = sayings(&mut bench);
        for _ in 0..150 {
            let message = &sayings[luck.below(sayings.len())];
            let bytes = damaged(message, &mut luck);
            bench.say_bytes(7000, bytes);
            bench.pass(Duration::from_millis(5));
        }
        bench.ask(SipRequest::Stop);
        bench.pass_seconds(100);
        assert_eq!(bench.sides[0].endpoint.legs(), 0, "round {round}");
    }
}
