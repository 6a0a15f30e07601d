//! What happens inside a call: hold, changes, strangers, glare, the end.

use std::time::Duration;

use bytes::Bytes;
use naru::leg::{HangupCause, LegEvent, LegId};
use naru::media::codec::Codec;
use naru::sip::handle::SipRequest;
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request, Response};
use naru::sip::syntax::method::Method;

use crate::bench::{Bench, SDP, bound, office, ring_device};

/// A call from the peer, up.
struct Call {
    bench: Bench,
    invite: Request,
    ok: Response,
    leg: LegId,
}

fn call() -> Call {
    let mut bench = Bench::usual();
    let invite = bench.invite(7000, SDP);
    let (ok, leg) = bench.call_up(&invite);
    bench.tuning(leg);
    Call { bench, invite, ok, leg }
}

impl Call {
    fn request(&mut self, method: &Method, cseq: u32, sdp: &str) -> Request {
        let mut request = self.bench.within(7000, (&self.invite, &self.ok), method, cseq);
        request.headers.push(Name::Contact, "<sip:peer@127.0.0.1:7000>");
        if !sdp.is_empty() {
            request.headers.push(Name::ContentType, "application/sdp");
            request.body = Bytes::copy_from_slice(sdp.as_bytes());
        }
        request
    }

    fn say(&mut self, method: &Method, cseq: u32, sdp: &str) -> Request {
        let request = self.request(method, cseq, sdp);
        self.bench.say(7000, &Message::Request(request.clone()));
        request
    }

    /// A re-INVITE with its ACK; gives our answer.
    fn reinvite(&mut self, cseq: u32, sdp: &str) -> Response {
        self.say(&Method::Invite, cseq, sdp);
        let ok = self.bench.response(7000, 200);
        self.say(&Method::Ack, cseq, "");
        ok
    }
}

#[test]
fn hold_and_resume_in_all_their_forms() {
    for hold in [
        format!("{SDP}a=sendonly\r\n"),
        format!("{SDP}a=inactive\r\n"),
        SDP.replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0"),
    ] {
        let mut call = call();
        let leg = call.leg;
        let held = call.reinvite(2, &hold);
        assert_eq!(call.bench.event(), LegEvent::Held { leg });
        assert!(!call.bench.tuning(leg).unwrap().send, "{hold}");
        let resumed = call.reinvite(3, SDP);
        assert_eq!(call.bench.event(), LegEvent::Resumed { leg });
        assert!(call.bench.tuning(leg).unwrap().send);
        assert!(String::from_utf8(resumed.body.to_vec()).unwrap().contains("a=sendrecv"));
        assert_eq!(held.to().tag(), call.ok.to().tag());
    }
}

#[test]
fn a_call_may_change_codec_and_address_and_a_bad_offer_changes_nothing() {
    let mut call = call();
    let leg = call.leg;
    let moved = SDP.replace("40000 RTP/AVP 8 0 101", "41000 RTP/AVP 0");
    call.reinvite(2, &moved);
    let tuning = call.bench.tuning(leg).unwrap();
    assert_eq!((tuning.codec, tuning.remote.port()), (Codec::Pcmu, 41000));
    call.say(&Method::Invite, 3, &SDP.replace("RTP/AVP 8 0 101", "RTP/AVP 18"));
    call.bench.response(7000, 488);
    call.say(&Method::Update, 4, &SDP.replace("40000", "42000"));
    let answer = call.bench.response(7000, 200);
    assert!(!answer.body.is_empty());
    assert_eq!(call.bench.tuning(leg).unwrap().remote.port(), 42000);
}

#[test]
fn a_reinvite_without_an_offer_gets_ours() {
    let mut call = call();
    let leg = call.leg;
    call.say(&Method::Invite, 2, "");
    let offer = call.bench.response(7000, 200);
    assert!(String::from_utf8(offer.body.to_vec()).unwrap().contains("RTP/AVP 8 0 "));
    call.say(&Method::Ack, 2, &SDP.replace("40000", "43000"));
    call.bench.pass_seconds(1);
    assert_eq!(call.bench.tuning(leg).unwrap().remote.port(), 43000);
}

#[test]
fn everyday_requests_inside_a_call_are_answered() {
    // Defect 14 of other stacks: 404 to UPDATE, INFO, OPTIONS and REFER.
    for (method, status) in [
        ("UPDATE", 200),
        ("INFO", 200),
        ("OPTIONS", 200),
        ("REFER", 405),
        ("MESSAGE", 405),
        ("SUBSCRIBE", 489),
        ("FLY", 501),
    ] {
        let mut call = call();
        call.say(&Method::parse(method), 2, "");
        call.bench.response(7000, status);
        call.say(&Method::Bye, 3, "");
        call.bench.response(7000, 200);
        assert_eq!(call.bench.ended().1, HangupCause::Normal, "{method}");
    }
}

#[test]
fn a_request_out_of_order_is_refused_and_a_bye_far_ahead_is_taken() {
    let mut call = call();
    call.say(&Method::Info, 7, "");
    call.bench.response(7000, 200);
    call.say(&Method::Info, 6, "");
    call.bench.response(7000, 500);
    call.say(&Method::Bye, 4000, "");
    call.bench.response(7000, 200);
    assert_eq!(call.bench.ended().1, HangupCause::Normal);
}

#[test]
fn a_second_reinvite_before_the_ack_of_the_first_is_asked_to_wait() {
    let mut call = call();
    call.say(&Method::Invite, 2, SDP);
    call.bench.response(7000, 200);
    call.say(&Method::Invite, 3, SDP);
    call.bench.response(7000, 491);
    // BYE is not kept waiting by a missing ACK (defect 20).
    call.say(&Method::Bye, 4, "");
    call.bench.response(7000, 200);
    assert_eq!(call.bench.ended().1, HangupCause::Normal);
}

#[test]
fn a_stranger_cannot_end_or_turn_a_call() {
    let mut call = call();
    call.bench.add_peer(9000);
    for method in [Method::Bye, Method::Invite, Method::Update] {
        let request = call.request(&method, 5, SDP);
        call.bench.say(9000, &Message::Request(request));
        call.bench.response(9000, 401);
    }
    // Right source, wrong names: another dialog's.
    let mut foreign = call.request(&Method::Bye, 6, "");
    foreign.headers.set(Name::CallId, "guessed");
    call.bench.say(7000, &Message::Request(foreign));
    call.bench.pass_seconds(1);
    assert_eq!(call.bench.sides[0].endpoint.legs(), 1);
    assert_eq!(call.bench.tuning(call.leg), None);
    call.say(&Method::Bye, 7, "");
    assert_eq!(call.bench.ended().1, HangupCause::Normal);
}

#[test]
fn crossed_byes_are_both_answered() {
    let mut call = call();
    let leg = call.leg;
    call.bench.ask(SipRequest::HangUp { leg, cause: HangupCause::Normal });
    call.say(&Method::Bye, 2, "");
    let bye = call.bench.request(7000, &Method::Bye);
    call.bench.response(7000, 200);
    call.bench.answer(7000, &bye, 481, "x", "");
    assert_eq!(call.bench.ended(), (leg, HangupCause::Normal));
    call.bench.pass(Duration::from_millis(10));
    assert!(call.bench.sides[0].endpoint.is_quiet());
}

#[test]
fn other_media_are_refused_in_their_place() {
    // Defect 23 of other stacks.
    let mut bench = Bench::usual();
    let offer =
        format!("{SDP}m=image 4500 udptl t38\r\na=T38FaxVersion:0\r\n").replace("s=-\r\n", "");
    let invite = bench.invite(7000, &offer);
    let (ok, _) = bench.call_up(&invite);
    let text = String::from_utf8(ok.body.to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("m=")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1], "m=image 0 udptl t38");
}

#[test]
fn stopping_ends_every_leg_in_its_own_way() {
    let mut call = call();
    let leg = call.leg;
    let ringing = call.bench.invite(7000, SDP);
    call.bench.say(7000, &Message::Request(ringing));
    let second = call.bench.arrival();
    let (third, placed) = call.bench.ring_peer(1);
    call.bench.answer(7000, &placed, 180, "x", "");
    assert_eq!(call.bench.event(), LegEvent::Ringing { leg: third });
    call.bench.ask(SipRequest::Stop);
    let ended: Vec<LegId> = (0..3).map(|_| call.bench.ended().0).collect();
    assert!([leg, second, third].iter().all(|leg| ended.contains(leg)));
    assert!(!call.bench.sides[0].endpoint.is_quiet());
    call.bench.pass(Duration::from_millis(10));
    let inbox: Vec<Message> =
        call.bench.peers.values_mut().flat_map(|peer| peer.inbox.drain(..)).collect();
    assert!(inbox.iter().any(|message| matches!(message, Message::Response(r) if r.status == 503)));
    for message in inbox {
        if let Message::Request(request) = message
            && matches!(request.method, Method::Bye | Method::Cancel)
        {
            let status = if request.method == Method::Bye { 200 } else { 487 };
            let of = if request.method == Method::Bye { &request } else { &placed };
            call.bench.answer(7000, of, status, "x", "");
        }
    }
    call.bench.pass(Duration::from_millis(10));
    assert!(call.bench.sides[0].endpoint.is_quiet());
    let late = call.bench.invite(7000, SDP);
    call.bench.say(7000, &Message::Request(late));
    call.bench.response(7000, 503);
}

#[test]
fn a_route_set_is_followed_and_the_target_moves() {
    let mut bench = Bench::usual();
    let mut invite = bench.invite(7000, SDP);
    invite.headers.push(Name::RecordRoute, "<sip:127.0.0.1:7000;lr>, <sip:far.example;lr>");
    let (ok, leg) = bench.call_up(&invite);
    assert_eq!(
        ok.headers.get(&Name::RecordRoute),
        Some("<sip:127.0.0.1:7000;lr>, <sip:far.example;lr>")
    );
    let mut update = bench.within(7000, (&invite, &ok), &Method::Update, 2);
    update.headers.push(Name::Contact, "<sip:moved@far.example:5099>");
    bench.say(7000, &Message::Request(update));
    bench.response(7000, 200);
    bench.ask(SipRequest::HangUp { leg, cause: HangupCause::Normal });
    let bye = bench.request(7000, &Method::Bye);
    assert_eq!(bye.uri, "sip:moved@far.example:5099");
    let routes: Vec<&str> = bye.headers.all(&Name::Route).collect();
    assert_eq!(routes, ["<sip:127.0.0.1:7000;lr>", "<sip:far.example;lr>"]);
}

#[test]
fn a_phone_is_reached_at_its_contact_and_hangs_up() {
    let mut bench = Bench::new();
    let binding = bound("101", 6001, bench.now);
    bench.add_side(5060, office(Vec::new()), vec![binding]);
    bench.add_peer(6001);
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(ring_device(leg, "101")));
    let invite = bench.request(6001, &Method::Invite);
    assert_eq!(invite.uri, "sip:101@127.0.0.1:6001");
    bench.answer(6001, &invite, 200, "x", SDP);
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    let bye = bench.back(6001, &invite, "x", &Method::Bye);
    bench.say(6001, &Message::Request(bye));
    bench.response(6001, 200);
    assert_eq!(bench.ended(), (leg, HangupCause::Normal));
}
