//! Legs that arrive: answered, refused, taken back.

use std::time::Duration;

use bytes::Bytes;
use naru::leg::{HangupCause, LegEvent};
use naru::media::codec::Codec;
use naru::sip::handle::SipRequest;
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request};
use naru::sip::syntax::method::Method;

use crate::bench::{Bench, SDP};

fn say(bench: &mut Bench, request: &Request) {
    bench.say(7000, &Message::Request(request.clone()));
}

#[test]
fn a_call_arrives_rings_is_answered_and_ended_by_the_caller() {
    let mut bench = Bench::usual();
    let invite = bench.invite(7000, SDP);
    say(&mut bench, &invite);
    let LegEvent::Arrived(arrival) = bench.event() else { panic!("no arrival") };
    assert_eq!(arrival.dialled, "+827012345678");
    assert_eq!(arrival.caller_number, "+8225551234");
    let leg = arrival.leg;
    bench.ask(SipRequest::Ringing { leg });
    let ringing = bench.response(7000, 180);
    bench.ask(SipRequest::Answer { leg, like: None });
    let ok = bench.response(7000, 200);
    assert_eq!(ringing.to().tag(), ok.to().tag());
    let text = String::from_utf8(ok.body.to_vec()).unwrap();
    assert!(text.contains("c=IN IP4 127.0.0.1") && text.contains("RTP/AVP 8 101"), "{text}");
    let ack = bench.within(7000, (&invite, &ok), &Method::Ack, 1);
    say(&mut bench, &ack);
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    let tuning = bench.tuning(leg).unwrap();
    assert_eq!((tuning.codec, tuning.telephone_event), (Codec::Pcma, Some(101)));
    assert_eq!(tuning.remote, "127.0.0.1:40000".parse().unwrap());
    // Defect 7: gaps in CSeq are legal.
    let bye = bench.within(7000, (&invite, &ok), &Method::Bye, 3);
    say(&mut bench, &bye);
    bench.response(7000, 200);
    assert_eq!(bench.ended(), (leg, HangupCause::Normal));
    assert_eq!(bench.sides[0].endpoint.legs(), 0);
    // A BYE of a call that has just ended is still answered 200, any other request 481.
    let again = bench.within(7000, (&invite, &ok), &Method::Bye, 4);
    say(&mut bench, &again);
    bench.response(7000, 200);
    let info = bench.within(7000, (&invite, &ok), &Method::Info, 5);
    say(&mut bench, &info);
    bench.response(7000, 481);
}

#[test]
fn an_invite_without_an_offer_gets_ours_and_answers_in_the_ack() {
    let mut bench = Bench::usual();
    let invite = bench.invite(7000, "");
    let (ok, leg) = bench.call_up(&invite);
    let text = String::from_utf8(ok.body.to_vec()).unwrap();
    assert!(text.contains("RTP/AVP 0 8 9 111 101 110"), "{text}");
    assert_eq!(bench.tuning(leg).unwrap().codec, Codec::Pcma);
}

#[test]
fn an_ack_without_the_answer_we_need_ends_the_call() {
    let mut bench = Bench::usual();
    let invite = bench.invite(7000, "");
    say(&mut bench, &invite);
    let leg = bench.arrival();
    bench.ask(SipRequest::Answer { leg, like: None });
    let ok = bench.response(7000, 200);
    let ack = bench.within(7000, (&invite, &ok), &Method::Ack, 1);
    say(&mut bench, &ack);
    bench.request(7000, &Method::Bye);
    assert_eq!(bench.ended(), (leg, HangupCause::NotAcceptable));
}

#[test]
fn an_answer_that_is_never_acknowledged_ends_with_bye() {
    let mut bench = Bench::usual();
    let invite = bench.invite(7000, SDP);
    say(&mut bench, &invite);
    let leg = bench.arrival();
    bench.ask(SipRequest::Answer { leg, like: None });
    let start = bench.now.ticks;
    bench.response(7000, 200);
    let bye = bench.request_within(7000, &Method::Bye, 40);
    let waited = bench.now.ticks - start;
    assert!((31..=35).contains(&waited.as_secs()), "{waited:?}");
    assert!(bye.headers.get(&Name::Reason).unwrap().contains("ACK"));
    assert_eq!(bench.ended(), (leg, HangupCause::AckMissing));
}

#[test]
fn hanging_up_before_the_ack_waits_for_it_with_the_bye() {
    let mut bench = Bench::usual();
    let invite = bench.invite(7000, SDP);
    say(&mut bench, &invite);
    let leg = bench.arrival();
    bench.ask(SipRequest::Answer { leg, like: None });
    let ok = bench.response(7000, 200);
    bench.ask(SipRequest::HangUp { leg, cause: HangupCause::Normal });
    assert_eq!(bench.ended(), (leg, HangupCause::Normal));
    let is_bye =
        |message: &Message| matches!(message, Message::Request(r) if r.method == Method::Bye);
    assert_eq!(bench.count(7000, Duration::from_millis(400), is_bye), 0);
    let ack = bench.within(7000, (&invite, &ok), &Method::Ack, 1);
    say(&mut bench, &ack);
    let bye = bench.request(7000, &Method::Bye);
    assert_eq!(bye.headers.get(&Name::CSeq), Some("1 BYE"));
}

#[test]
fn a_cancel_takes_the_call_back() {
    let mut bench = Bench::usual();
    let invite = bench.invite(7000, SDP);
    say(&mut bench, &invite);
    let leg = bench.arrival();
    bench.ask(SipRequest::Ringing { leg });
    bench.response(7000, 180);
    let mut cancel = Request::new(Method::Cancel, invite.uri.clone());
    for name in [Name::Via, Name::From, Name::To, Name::CallId] {
        cancel.headers.push(name.clone(), invite.headers.get(&name).unwrap());
    }
    cancel.headers.push(Name::CSeq, "1 CANCEL");
    say(&mut bench, &cancel);
    bench.response(7000, 200);
    bench.response(7000, 487);
    assert_eq!(bench.ended(), (leg, HangupCause::Cancelled));
    // An answer that comes too late does nothing.
    bench.ask(SipRequest::Answer { leg, like: None });
    let is_ok = |message: &Message| matches!(message, Message::Response(r) if r.status == 200);
    assert_eq!(bench.count(7000, Duration::from_secs(1), is_ok), 0);
}

#[test]
fn each_cause_is_told_to_the_caller() {
    for (cause, status) in [
        (HangupCause::Busy, 486),
        (HangupCause::NoAnswer, 480),
        (HangupCause::NotFound, 404),
        (HangupCause::Forbidden, 403),
        (HangupCause::Declined, 603),
        (HangupCause::Stopping, 503),
    ] {
        let mut bench = Bench::usual();
        let invite = bench.invite(7000, SDP);
        say(&mut bench, &invite);
        let leg = bench.arrival();
        bench.ask(SipRequest::HangUp { leg, cause });
        let response = bench.response(7000, status);
        assert_eq!(response.headers.get(&Name::RetryAfter).is_some(), status == 503);
        assert_eq!(bench.ended(), (leg, cause));
    }
}

#[test]
fn what_cannot_be_a_call_is_refused_at_once() {
    let video = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=video 4000 RTP/AVP 96\r\n";
    let secure = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/SAVP 0\r\n";
    type Change = fn(&mut Request);
    let cases: [(&str, Change, u16); 8] = [
        (video, |_| {}, 488),
        (secure, |_| {}, 488),
        ("nonsense", |_| {}, 400),
        (SDP, |invite| invite.headers.set(Name::ContentType, "text/plain"), 415),
        (SDP, |invite| invite.headers.set(Name::MaxForwards, "0"), 483),
        (SDP, |invite| invite.headers.set(Name::Require, "x-magic"), 420),
        (SDP, |invite| invite.uri = "http://example".to_owned(), 416),
        (
            SDP,
            |invite| {
                invite.headers.set(Name::Supported, "timer");
                invite.headers.set(Name::SessionExpires, "60");
            },
            422,
        ),
    ];
    for (sdp, change, status) in cases {
        let mut bench = Bench::usual();
        let mut invite = bench.invite(7000, sdp);
        change(&mut invite);
        say(&mut bench, &invite);
        let response = bench.response(7000, status);
        assert!(response.to().tag().is_some(), "{status} without a tag");
        if status == 422 {
            assert_eq!(response.headers.get(&Name::MinSe), Some("90"));
        }
        assert_eq!(bench.sides[0].endpoint.legs(), 0);
    }
}

#[test]
fn strange_names_come_back_as_they_were_written() {
    // Defects 8 to 10 and 22 of other stacks.
    let mut bench = Bench::usual();
    let mut invite = bench.invite(7000, SDP);
    invite.uri = "sip:*97%23@h_x:5060".to_owned();
    let from = "\"\" <sip:u@h_1:5070;transport=tcp>;TAG=9;x=\"a b\"";
    invite.headers.set(Name::From, from);
    invite.headers.set(Name::To, "\"a \\\" b\" <sip:*97#1@h_x>");
    say(&mut bench, &invite);
    let LegEvent::Arrived(arrival) = bench.event() else { panic!("no arrival") };
    assert_eq!(arrival.dialled, "*97#");
    bench.ask(SipRequest::Ringing { leg: arrival.leg });
    let ringing = bench.response(7000, 180);
    assert_eq!(ringing.headers.get(&Name::From), Some(from));
    let to = ringing.headers.get(&Name::To).unwrap();
    assert!(to.starts_with("\"a \\\" b\" <sip:*97#1@h_x>;tag="), "{to}");
    let mut tel = bench.invite(7000, SDP);
    tel.uri = "tel:+82-2-555-1234".to_owned();
    say(&mut bench, &tel);
    let LegEvent::Arrived(arrival) = bench.event() else { panic!("no arrival") };
    assert_eq!(arrival.dialled, "+82-2-555-1234");
}

#[test]
fn a_required_180_is_repeated_until_its_prack_comes() {
    let mut bench = Bench::usual();
    let mut invite = bench.invite(7000, SDP);
    invite.headers.push(Name::Require, "100rel");
    say(&mut bench, &invite);
    let leg = bench.arrival();
    bench.ask(SipRequest::EarlyMedia { leg, like: None });
    let first = bench.response(7000, 183);
    let again = bench.response(7000, 183);
    assert_eq!(first.headers.get(&Name::RSeq), again.headers.get(&Name::RSeq));
    assert!(!first.body.is_empty());
    // RFC 3262 3: the 200 waits for the PRACK of a description; BYE or CANCEL would not.
    bench.ask(SipRequest::Answer { leg, like: None });
    let is_ok = |message: &Message| matches!(message, Message::Response(r) if r.status == 200);
    assert_eq!(bench.count(7000, Duration::from_millis(100), is_ok), 0);
    let mut wrong = bench.within(7000, (&invite, &first), &Method::Prack, 2);
    wrong.headers.push(Name::RAck, "99 1 INVITE");
    say(&mut bench, &wrong);
    bench.response(7000, 481);
    let mut prack = bench.within(7000, (&invite, &first), &Method::Prack, 3);
    prack.headers.push(Name::RAck, format!("{} 1 INVITE", first.headers.get(&Name::RSeq).unwrap()));
    say(&mut bench, &prack);
    let to_prack = bench.response(7000, 200);
    let to_invite = bench.response(7000, 200);
    assert_eq!(to_prack.cseq().unwrap().1, Method::Prack);
    assert_eq!(to_invite.cseq().unwrap().1, Method::Invite);
    assert_eq!(to_invite.body, first.body);
}

#[test]
fn without_a_prack_the_call_is_refused() {
    let mut bench = Bench::usual();
    let mut invite = bench.invite(7000, SDP);
    invite.headers.push(Name::Require, "100rel");
    say(&mut bench, &invite);
    let leg = bench.arrival();
    bench.ask(SipRequest::Ringing { leg });
    bench.pass_seconds(40);
    bench.response(7000, 504);
    assert_eq!(bench.ended(), (leg, HangupCause::Failed { status: 504 }));
}

#[test]
fn an_offerless_call_with_100rel_settles_before_the_answer() {
    let mut bench = Bench::usual();
    let mut invite = bench.invite(7000, "");
    invite.headers.push(Name::Require, "100rel");
    say(&mut bench, &invite);
    let leg = bench.arrival();
    bench.ask(SipRequest::Ringing { leg });
    let ringing = bench.response(7000, 180);
    assert!(!ringing.body.is_empty());
    let mut prack = bench.within(7000, (&invite, &ringing), &Method::Prack, 2);
    prack.headers.push(Name::RAck, "1 1 INVITE");
    prack.headers.push(Name::ContentType, "application/sdp");
    prack.body = Bytes::from_static(SDP.as_bytes());
    say(&mut bench, &prack);
    bench.response(7000, 200);
    assert_eq!(bench.tuning(leg).unwrap().codec, Codec::Pcma);
    bench.ask(SipRequest::Answer { leg, like: None });
    assert!(bench.response(7000, 200).body.is_empty());
}

#[test]
fn requests_out_of_any_call_get_honest_answers() {
    for (method, status) in [
        ("OPTIONS", 200),
        ("BYE", 481),
        ("INFO", 481),
        ("REFER", 405),
        ("MESSAGE", 405),
        ("SUBSCRIBE", 489),
        ("FLY", 501),
    ] {
        let mut bench = Bench::usual();
        let mut request = bench.invite(7000, "");
        request.method = Method::parse(method);
        request.headers.set(Name::CSeq, format!("1 {method}"));
        say(&mut bench, &request);
        let response = bench.response(7000, status);
        let says_what_we_can = matches!(status, 200 | 405 | 489 | 501);
        assert_eq!(response.headers.get(&Name::Allow).is_some(), says_what_we_can, "{method}");
    }
}

#[test]
fn a_full_house_above_refuses_new_calls_and_keeps_the_old() {
    let mut bench = Bench::usual();
    let first = bench.invite(7000, SDP);
    let (ok, leg) = bench.call_up(&first);
    bench.sides[0].endpoint.set_room(false);
    let second = bench.invite(7000, SDP);
    say(&mut bench, &second);
    assert!(bench.response(7000, 503).headers.get(&Name::RetryAfter).is_some());
    let bye = bench.within(7000, (&first, &ok), &Method::Bye, 2);
    say(&mut bench, &bye);
    assert_eq!(bench.ended(), (leg, HangupCause::Normal));
}

#[test]
fn a_stranger_is_challenged_and_rings_nobody() {
    let mut bench = Bench::usual();
    bench.add_peer(9000);
    let invite = bench.invite(9000, SDP);
    bench.say(9000, &Message::Request(invite));
    bench.response(9000, 401);
    bench.pass_seconds(40);
    assert!(bench.sides[0].events.is_empty());
}
