//! Legs that are placed: forks, winners, refusals, early sound.

use std::time::Duration;

use naru::leg::{HangupCause, LegEvent, LegId};
use naru::media::codec::Codec;
use naru::media::handle::MediaCommand;
use naru::office::srtp::SrtpPolicy;
use naru::sip::handle::SipRequest;
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request};
use naru::sip::syntax::method::Method;
use naru::sip::syntax::sdp::Sdp;

use crate::bench::{Bench, SDP, account, answered, bound, office, ring_device, ring_trunk, trunk};

const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";

/// Device 101 with phones at 6001 to 6003, all ringing.
fn ringing_phones() -> (Bench, LegId, Vec<Request>) {
    let mut bench = Bench::new();
    let bindings = [6001, 6002, 6003].map(|port| bound("101", port, bench.now)).to_vec();
    bench.add_side(5060, office(Vec::new()), bindings);
    for port in 6001..=6003 {
        bench.add_peer(port);
    }
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(ring_device(leg, "101")));
    let invites: Vec<Request> =
        (6001..=6003).map(|port| bench.request(port, &Method::Invite)).collect();
    for (invite, port) in invites.iter().zip(6001..) {
        bench.answer(port, invite, 180, &format!("p{port}"), "");
    }
    assert_eq!(bench.event(), LegEvent::Ringing { leg });
    bench.pass_seconds(1);
    (bench, leg, invites)
}

#[test]
fn the_first_phone_to_answer_wins_and_the_others_hear_why() {
    let (mut bench, leg, invites) = ringing_phones();
    bench.answer(6002, &invites[1], 200, "p6002", SDP);
    let ack = bench.request(6002, &Method::Ack);
    assert_eq!(ack.headers.get(&Name::CSeq), Some("1 ACK"));
    assert_eq!(ack.uri, "sip:p6002@127.0.0.1:6002");
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    for port in [6001, 6003] {
        let cancel = bench.request(port, &Method::Cancel);
        assert_eq!(cancel.headers.get(&Name::Reason), Some(ELSEWHERE));
        // Defect 6 of other stacks: same branch as the INVITE, no To tag.
        let invite = &invites[usize::from(port - 6001)];
        assert_eq!(cancel.headers.get(&Name::Via), invite.headers.get(&Name::Via));
        assert_eq!(cancel.to().tag(), None);
        bench.answer(port, &cancel, 200, "c", "");
        bench.answer(port, invite, 487, &format!("p{port}"), "");
        bench.request(port, &Method::Ack);
    }
    bench.ask(SipRequest::HangUp { leg, cause: HangupCause::Normal });
    bench.request(6002, &Method::Bye);
    assert_eq!(bench.ended(), (leg, HangupCause::Normal));
    let call_ids: std::collections::BTreeSet<_> =
        invites.iter().map(|invite| invite.call_id().to_owned()).collect();
    assert_eq!(call_ids.len(), 3, "phones behind one proxy must not see a merged request");
}

#[test]
fn an_answer_that_crosses_the_cancel_is_ended_with_the_same_reason() {
    let (mut bench, _, invites) = ringing_phones();
    bench.answer(6001, &invites[0], 200, "p6001", SDP);
    bench.answer(6002, &invites[1], 200, "p6002", SDP);
    bench.request(6002, &Method::Ack);
    let bye = bench.request(6002, &Method::Bye);
    assert_eq!(bye.headers.get(&Name::Reason), Some(ELSEWHERE));
    assert_eq!(bye.to().tag(), Some("p6002"));
    let is_bye =
        |message: &Message| matches!(message, Message::Request(r) if r.method == Method::Bye);
    assert_eq!(bench.count(6001, Duration::from_secs(2), is_bye), 0);
}

#[test]
fn a_repeated_answer_gets_the_ack_again_and_another_fork_gets_bye() {
    let mut bench = Bench::usual();
    let (leg, invite) = bench.ring_peer(1);
    bench.answer(7000, &invite, 200, "one", SDP);
    bench.request(7000, &Method::Ack);
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    bench.answer(7000, &invite, 200, "one", SDP);
    assert_eq!(bench.request(7000, &Method::Ack).to().tag(), Some("one"));
    bench.answer(7000, &invite, 200, "two", SDP);
    assert_eq!(bench.request(7000, &Method::Ack).to().tag(), Some("two"));
    let bye = bench.request(7000, &Method::Bye);
    assert_eq!((bye.to().tag(), bye.headers.get(&Name::CSeq)), (Some("two"), Some("2 BYE")));
    assert_eq!(bench.sides[0].endpoint.legs(), 1);
}

#[test]
fn a_leg_that_was_answered_elsewhere_tells_all_its_phones() {
    let (mut bench, leg, _) = ringing_phones();
    bench.ask(SipRequest::HangUp { leg, cause: HangupCause::AnsweredElsewhere });
    assert_eq!(bench.ended(), (leg, HangupCause::AnsweredElsewhere));
    for port in 6001..=6003 {
        let cancel = bench.request(port, &Method::Cancel);
        assert_eq!(cancel.headers.get(&Name::Reason), Some(ELSEWHERE));
    }
}

#[test]
fn a_cancel_waits_for_the_first_sign_of_the_callee() {
    let mut bench = Bench::usual();
    let (leg, invite) = bench.ring_peer(1);
    bench.ask(SipRequest::HangUp { leg, cause: HangupCause::Cancelled });
    assert_eq!(bench.ended(), (leg, HangupCause::Cancelled));
    let is_cancel =
        |message: &Message| matches!(message, Message::Request(r) if r.method == Method::Cancel);
    assert_eq!(bench.count(7000, Duration::from_millis(400), is_cancel), 0);
    bench.answer(7000, &invite, 180, "x", "");
    bench.request(7000, &Method::Cancel);
}

#[test]
fn the_failure_that_says_most_is_told_when_all_phones_have_failed() {
    let (mut bench, leg, invites) = ringing_phones();
    bench.answer(6001, &invites[0], 480, "p6001", "");
    bench.answer(6002, &invites[1], 486, "p6002", "");
    bench.answer(6003, &invites[2], 500, "p6003", "");
    assert_eq!(bench.ended(), (leg, HangupCause::Busy));
    let closed = bench.sides[0]
        .media
        .try_iter()
        .any(|command| matches!(command, MediaCommand::Close { leg: closed } if closed == leg));
    assert!(closed);
}

#[test]
fn a_decline_speaks_for_all_phones_of_the_device() {
    let (mut bench, leg, invites) = ringing_phones();
    bench.answer(6001, &invites[0], 603, "p6001", "");
    assert_eq!(bench.ended(), (leg, HangupCause::Declined));
    bench.request(6002, &Method::Cancel);
    bench.request(6003, &Method::Cancel);
}

#[test]
fn a_phone_that_is_not_registered_cannot_be_reached() {
    let mut bench = Bench::usual();
    let leg = LegId::placed(1);
    bench.ask(SipRequest::Ring(ring_device(leg, "102")));
    assert_eq!(bench.ended(), (leg, HangupCause::Unreachable));
}

#[test]
fn a_dead_trunk_is_known_within_six_seconds_and_a_redirect_is_a_failure() {
    let mut bench = Bench::usual();
    let (leg, _) = bench.ring_peer(1);
    let start = bench.now.ticks;
    assert_eq!(bench.ended(), (leg, HangupCause::Unreachable));
    assert!(bench.now.ticks - start <= Duration::from_secs(6));
    bench.count(7000, Duration::from_secs(60), |_| true);
    let (leg, invite) = bench.ring_peer(2);
    bench.answer(7000, &invite, 302, "x", "");
    assert_eq!(bench.ended(), (leg, HangupCause::Failed { status: 302 }));
}

#[test]
fn early_sound_is_told_once_and_reliably() {
    let mut bench = Bench::usual();
    let (leg, invite) = bench.ring_peer(1);
    assert!(invite.headers.get(&Name::Supported).unwrap().contains("100rel"));
    let mut progress = answered(7000, &invite, 183, "x", SDP);
    progress.headers.push(Name::Require, "100rel");
    progress.headers.push(Name::RSeq, "17");
    bench.say(7000, &Message::Response(progress.clone()));
    let prack = bench.request(7000, &Method::Prack);
    assert_eq!(prack.headers.get(&Name::RAck), Some("17 1 INVITE"));
    assert_eq!(bench.event(), LegEvent::EarlyMedia { leg });
    bench.say(7000, &Message::Response(progress));
    bench.answer(7000, &prack, 200, "x", "");
    // The answer was in the 183; the 200 need not say it again, and CSeq goes on behind PRACK.
    bench.answer(7000, &invite, 200, "x", "");
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    assert_eq!(bench.request(7000, &Method::Ack).headers.get(&Name::CSeq), Some("1 ACK"));
    bench.ask(SipRequest::HangUp { leg, cause: HangupCause::Normal });
    assert_eq!(bench.request(7000, &Method::Bye).headers.get(&Name::CSeq), Some("3 BYE"));
}

#[test]
fn the_codec_of_the_other_leg_is_offered_first_and_taken() {
    let mut bench = Bench::usual();
    let invite = bench.invite(7000, SDP);
    bench.say(7000, &Message::Request(invite));
    let caller = bench.arrival();
    let leg = LegId::placed(1);
    let request = naru::leg::RingRequest { like: Some(caller), ..ring_trunk(leg) };
    bench.ask(SipRequest::Ring(request));
    let placed = bench.request(7000, &Method::Invite);
    let offer = Sdp::parse(&placed.body, SrtpPolicy::Off).unwrap();
    assert_eq!(offer.audio.codecs[0].0, Codec::Pcma);
    let law = SDP.replace("RTP/AVP 8 0 101", "RTP/AVP 0 101");
    bench.answer(7000, &placed, 200, "x", &law);
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    bench.ask(SipRequest::Answer { leg: caller, like: Some(leg) });
    let answer = Sdp::parse(&bench.response(7000, 200).body, SrtpPolicy::Off).unwrap();
    assert_eq!(answer.audio.codecs[0].0, Codec::Pcmu);
}

#[test]
fn an_answer_without_a_common_codec_ends_both_ways() {
    let mut bench = Bench::usual();
    let (leg, invite) = bench.ring_peer(1);
    let other = SDP.replace("RTP/AVP 8 0 101", "RTP/AVP 18");
    bench.answer(7000, &invite, 200, "x", &other);
    bench.request(7000, &Method::Ack);
    bench.request(7000, &Method::Bye);
    assert_eq!(bench.ended(), (leg, HangupCause::NotAcceptable));
}

#[test]
fn a_trunks_challenge_is_met_once() {
    let mut bench = Bench::new();
    let mut carrier = trunk("peer", 7000);
    carrier.register = Some(account(7000));
    bench.add_side(5060, office(vec![carrier]), Vec::new());
    bench.add_peer(7000);
    let (leg, invite) = bench.ring_peer(1);
    let challenge = answered(7000, &invite, 407, "x", "")
        .with(Name::ProxyAuthenticate, "Digest realm=\"c\", nonce=\"n\", qop=\"auth\"");
    bench.say(7000, &Message::Response(challenge.clone()));
    bench.request(7000, &Method::Ack);
    let again = bench.request(7000, &Method::Invite);
    assert_eq!(again.headers.get(&Name::CSeq), Some("2 INVITE"));
    assert!(again.headers.get(&Name::ProxyAuthorization).unwrap().contains("username=\"u\""));
    // Field 2.1: the address is the same in every description.
    assert_eq!(again.body, invite.body);
    let challenge = answered(7000, &again, 407, "x", "")
        .with(Name::ProxyAuthenticate, "Digest realm=\"c\", nonce=\"m\", qop=\"auth\"");
    bench.say(7000, &Message::Response(challenge));
    assert_eq!(bench.ended(), (leg, HangupCause::Failed { status: 407 }));
}

#[test]
fn a_longer_session_interval_is_granted() {
    let mut bench = Bench::usual();
    let (leg, invite) = bench.ring_peer(1);
    assert_eq!(invite.headers.get(&Name::SessionExpires), Some("1800"));
    let refused = answered(7000, &invite, 422, "x", "").with(Name::MinSe, "3600");
    bench.say(7000, &Message::Response(refused));
    let again = bench.request(7000, &Method::Invite);
    assert_eq!(again.headers.get(&Name::SessionExpires), Some("3600"));
    bench.answer(7000, &again, 200, "x", SDP);
    assert_eq!(bench.event(), LegEvent::Answered { leg });
}

#[test]
fn a_bye_that_overtakes_the_lost_answer_leaves_no_ghost() {
    let mut bench = Bench::usual();
    let (leg, invite) = bench.ring_peer(1);
    bench.answer(7000, &invite, 180, "x", "");
    assert_eq!(bench.event(), LegEvent::Ringing { leg });
    let bye = bench.back(7000, &invite, "x", &Method::Bye);
    bench.say(7000, &Message::Request(bye));
    bench.response(7000, 200);
    assert_eq!(bench.ended(), (leg, HangupCause::Declined));
    bench.answer(7000, &invite, 200, "x", SDP);
    bench.request(7000, &Method::Ack);
    bench.request(7000, &Method::Bye);
    assert_eq!(bench.sides[0].endpoint.legs(), 0);
}

#[test]
fn a_hidden_caller_stays_hidden() {
    let mut bench = Bench::usual();
    let leg = LegId::placed(1);
    let hidden = naru::leg::RingRequest { caller_number: String::new(), ..ring_trunk(leg) };
    bench.ask(SipRequest::Ring(hidden));
    let invite = bench.request(7000, &Method::Invite);
    assert!(invite.from().uri.contains("anonymous"));
    assert_eq!(invite.headers.get(&Name::PAssertedIdentity), None);
    let (_, shown) = bench.ring_peer(2);
    assert!(shown.headers.get(&Name::PAssertedIdentity).unwrap().contains("+827012345678"));
}
