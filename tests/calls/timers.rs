//! Session timers in both roles, over hours of wound clock (RFC 4028).

use bytes::Bytes;
use naru::leg::{HangupCause, LegEvent, LegId};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request};
use naru::sip::syntax::method::Method;

use crate::bench::{Bench, SDP, answered};

/// A placed leg that was answered with these lines in the 200.
fn placed(lines: &[(Name, &str)]) -> (Bench, LegId, Request) {
    let mut bench = Bench::usual();
    let (leg, invite) = bench.ring_peer(1);
    let mut ok = answered(7000, &invite, 200, "x", SDP);
    for (name, value) in lines {
        ok.headers.push(name.clone(), *value);
    }
    bench.say(7000, &Message::Response(ok));
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    bench.request(7000, &Method::Ack);
    (bench, leg, invite)
}

#[test]
fn an_hour_with_us_as_refresher_by_update() {
    let (mut bench, _, _) =
        placed(&[(Name::SessionExpires, "1800;refresher=uac"), (Name::Allow, "BYE, UPDATE")]);
    for round in 0..4 {
        let update = bench.request_within(7000, &Method::Update, 905);
        assert!(update.body.is_empty());
        assert_eq!(update.headers.get(&Name::SessionExpires), Some("1800;refresher=uac"));
        let ok =
            answered(7000, &update, 200, "x", "").with(Name::SessionExpires, "1800;refresher=uac");
        bench.say(7000, &Message::Response(ok));
        assert!(bench.sides[0].ended.is_empty(), "round {round}");
    }
    assert_eq!(bench.sides[0].endpoint.legs(), 1);
}

#[test]
fn an_hour_with_us_as_refresher_by_reinvite_repeats_the_same_description() {
    // Defect 19 of other stacks: a refresh without description.
    let (mut bench, _, invite) = placed(&[]);
    for _ in 0..4 {
        let refresh = bench.request_within(7000, &Method::Invite, 905);
        assert_eq!(refresh.body, invite.body);
        let ok = answered(7000, &refresh, 200, "x", SDP);
        bench.say(7000, &Message::Response(ok.clone()));
        let ack = bench.request(7000, &Method::Ack);
        assert_eq!(ack.cseq(), refresh.cseq());
        // A lost ACK: the 200 comes again and so does the ACK.
        bench.say(7000, &Message::Response(ok));
        bench.request(7000, &Method::Ack);
    }
    assert!(bench.sides[0].ended.is_empty());
}

#[test]
fn an_hour_with_them_as_refresher_and_the_end_when_they_fall_silent() {
    let (mut bench, leg, invite) = placed(&[(Name::SessionExpires, "600;refresher=uas")]);
    for _ in 0..6 {
        bench.pass_seconds(550);
        let mut update = bench.back(7000, &invite, "x", &Method::Update);
        update.headers.push(Name::Supported, "timer");
        update.headers.push(Name::SessionExpires, "600;refresher=uac");
        bench.say(7000, &Message::Request(update));
        let ok = bench.response(7000, 200);
        assert_eq!(ok.headers.get(&Name::SessionExpires), Some("600;refresher=uac"));
        assert_eq!(ok.headers.get(&Name::Require), Some("timer"));
    }
    assert!(bench.sides[0].ended.is_empty());
    let start = bench.now.ticks;
    bench.request_within(7000, &Method::Bye, 610);
    let waited = (bench.now.ticks - start).as_secs();
    assert!((560..=600).contains(&waited), "{waited}");
    assert_eq!(bench.ended(), (leg, HangupCause::SessionExpired));
}

#[test]
fn one_failed_refresh_is_tried_again_and_two_end_the_call() {
    let lines = [(Name::SessionExpires, "1800;refresher=uac"), (Name::Allow, "UPDATE")];
    let (mut bench, leg, _) = placed(&lines);
    let first = bench.request_within(7000, &Method::Update, 905);
    bench.answer(7000, &first, 408, "x", "");
    let second = bench.request_within(7000, &Method::Update, 5);
    bench.answer(7000, &second, 200, "x", "");
    bench.pass_seconds(100);
    assert!(bench.sides[0].ended.is_empty());
    // Now nobody answers: timer F twice.
    let start = bench.now.ticks;
    bench.request_within(7000, &Method::Bye, 1000);
    let waited = (bench.now.ticks - start).as_secs();
    assert!((800..=870).contains(&waited), "{waited}");
    assert_eq!(bench.ended(), (leg, HangupCause::SessionExpired));
}

#[test]
fn a_peer_without_update_or_call_is_understood() {
    let lines = [(Name::Allow, "UPDATE")];
    let (mut bench, leg, _) = placed(&lines);
    let update = bench.request_within(7000, &Method::Update, 905);
    bench.answer(7000, &update, 405, "x", "");
    let refresh = bench.request(7000, &Method::Invite);
    bench.answer(7000, &refresh, 422, "x", "");
    bench.request(7000, &Method::Ack);
    bench.pass_seconds(60);
    assert!(bench.sides[0].ended.is_empty(), "who refuses is alive");
    let refresh = bench.request_within(7000, &Method::Invite, 905);
    bench.answer(7000, &refresh, 481, "x", "");
    assert_eq!(bench.ended(), (leg, HangupCause::SessionExpired));
}

#[test]
fn a_refresh_that_meets_theirs_waits_and_is_sent_again() {
    let (mut bench, leg, invite) = placed(&[]);
    let ours = bench.request_within(7000, &Method::Invite, 905);
    let mut theirs = bench.back(7000, &invite, "x", &Method::Invite);
    theirs.headers.push(Name::ContentType, "application/sdp");
    theirs.body = Bytes::from_static(SDP.as_bytes());
    bench.say(7000, &Message::Request(theirs));
    bench.response(7000, 491);
    bench.answer(7000, &ours, 491, "x", "");
    let start = bench.now.ticks;
    let again = bench.request(7000, &Method::Ack);
    assert_eq!(again.cseq(), ours.cseq());
    let again = bench.request_within(7000, &Method::Invite, 5);
    let waited = (bench.now.ticks - start).as_millis();
    assert!((2100..=4000).contains(&waited), "{waited}");
    assert_eq!(again.cseq(), ours.cseq().map(|number| number + 1));
    let ok = answered(7000, &again, 200, "x", SDP);
    bench.say(7000, &Message::Response(ok));
    bench.request(7000, &Method::Ack);
    assert!(bench.sides[0].ended.iter().all(|(ended, _)| *ended != leg));
}

#[test]
fn a_caller_that_knows_the_timer_is_answered_with_it() {
    let mut bench = Bench::usual();
    let mut invite = bench.invite(7000, SDP);
    invite.headers.push(Name::Supported, "timer");
    invite.headers.push(Name::SessionExpires, "300;refresher=uac");
    let (ok, leg) = bench.call_up(&invite);
    assert_eq!(ok.headers.get(&Name::SessionExpires), Some("300;refresher=uac"));
    // A dead caller is noticed.
    bench.request_within(7000, &Method::Bye, 310);
    assert_eq!(bench.ended(), (leg, HangupCause::SessionExpired));
}
