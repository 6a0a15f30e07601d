//! Calls whose sound is encrypted: what is offered, what is taken, what is refused (RFC 4568).

use naru::leg::{HangupCause, LegEvent, LegId};
use naru::media::srtp::keys::Suite;
use naru::office::srtp::SrtpPolicy::{self, Off, Optional, Required};
use naru::office::trunk::Trunk;
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request, Response};
use naru::sip::syntax::method::Method;
use naru::sip::syntax::sdp::Sdp;

use crate::bench::{Bench, office, trunk};

const KEY: &str = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
const OTHER: &str = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

fn bench(srtp: SrtpPolicy) -> Bench {
    let mut bench = Bench::new();
    let trunk = Trunk { srtp, ..trunk("peer", 7000) };
    bench.add_side(5060, office(vec![trunk]), Vec::new());
    bench.add_peer(7000);
    bench
}

fn description(profile: &str, crypto: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio 4000 {profile} 8\r\n{crypto}"
    )
}

fn line(tag: u32, key: &str) -> String {
    format!("a=crypto:{tag} AES_CM_128_HMAC_SHA1_80 inline:{key}\r\n")
}

fn text(body: &[u8]) -> &str {
    std::str::from_utf8(body).unwrap()
}

/// An answered call whose INVITE brought `offer`; what naru answered with.
fn answered(bench: &mut Bench, offer: &str) -> (LegId, Request, Response) {
    let invite = bench.invite(7000, offer);
    let (response, leg) = bench.call_up(&invite);
    (leg, invite, response)
}

#[test]
fn keys_that_are_offered_are_taken_under_either_profile() {
    for profile in ["RTP/SAVP", "RTP/AVP"] {
        let mut bench = bench(Optional);
        let (leg, _, response) = answered(&mut bench, &description(profile, &line(3, KEY)));
        let body = text(&response.body);
        assert!(body.contains(&format!(" {profile} 8\r\n")), "{body}");
        assert!(body.contains("a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:"), "{body}");
        assert!(!body.contains(KEY), "our own key, not theirs");
        assert_eq!(bench.event(), LegEvent::Encrypted { leg, encrypted: true });
        let terms = bench.tuning(leg).unwrap().srtp.unwrap();
        assert_eq!((terms.suite, terms.mki), (Suite::Sha1Of80, 0));
        assert_ne!(terms.ours, terms.theirs);
    }
}

#[test]
fn what_an_account_wants_is_held_against_what_is_offered() {
    for (srtp, profile, crypto, status) in [
        (Off, "RTP/SAVP", line(1, KEY), 488),
        (Required, "RTP/AVP", String::new(), 488),
        (Required, "RTP/SAVP", "a=crypto:1 F8_128_HMAC_SHA1_80 inline:x\r\n".to_owned(), 488),
        (Optional, "RTP/SAVP", String::new(), 488),
        (Optional, "UDP/TLS/RTP/SAVP", "a=fingerprint:sha-256 00\r\n".to_owned(), 488),
    ] {
        let mut bench = bench(srtp);
        let invite = bench.invite(7000, &description(profile, &crypto));
        bench.say(7000, &Message::Request(invite));
        bench.response(7000, status);
    }
    // Keys under the plain profile may be left.
    let mut bench = bench(Off);
    let (leg, _, response) = answered(&mut bench, &description("RTP/AVP", &line(1, KEY)));
    assert!(!text(&response.body).contains("crypto"));
    assert_eq!(bench.tuning(leg).unwrap().srtp, None);
}

#[test]
fn a_new_offer_keeps_the_keys_or_brings_another() {
    let mut bench = bench(Optional);
    let offer = description("RTP/SAVP", &line(1, KEY));
    let (leg, invite, response) = answered(&mut bench, &offer);
    bench.event();
    let first = bench.tuning(leg).unwrap().srtp.unwrap();
    let mut ask = |cseq: u32, offer: &str| {
        let mut again = bench.within(7000, (&invite, &response), &Method::Invite, cseq);
        again.headers.push(Name::ContentType, "application/sdp");
        again.body = offer.to_owned().into();
        bench.say(7000, &Message::Request(again));
        bench.response(7000, 200);
        let ack = bench.within(7000, (&invite, &response), &Method::Ack, cseq);
        bench.say(7000, &Message::Request(ack));
        bench.pass_seconds(1);
        bench.tuning(leg).unwrap().srtp
    };
    assert_eq!(ask(2, &offer), Some(first), "the same keys go on");
    let rekeyed = ask(3, &description("RTP/SAVP", &line(1, OTHER))).unwrap();
    assert_eq!(rekeyed.ours, first.ours);
    assert_ne!(rekeyed.theirs, first.theirs);
    assert_eq!(ask(4, &description("RTP/AVP", "")), None);
    let later = ask(5, &offer).unwrap();
    assert_ne!(later.ours, first.ours, "a key that was laid aside is not taken up again");
    for encrypted in [false, true] {
        assert_eq!(bench.event(), LegEvent::Encrypted { leg, encrypted });
    }
}

#[test]
fn a_placed_call_offers_keys_and_takes_what_comes() {
    let mut bench = bench(Optional);
    let (leg, placed) = bench.ring_peer(1);
    let offer = Sdp::parse(&placed.body, Optional).unwrap();
    assert_eq!(offer.media[0].protocol, "RTP/AVP");
    let suites: Vec<Suite> = offer.audio.crypto.iter().map(|line| line.suite).collect();
    assert_eq!(suites, Suite::ALL, "the seal of 80 bits first");
    bench.answer(7000, &placed, 200, "x", &description("RTP/AVP", &line(1, KEY)));
    assert_eq!(bench.event(), LegEvent::Answered { leg });
    assert_eq!(bench.event(), LegEvent::Encrypted { leg, encrypted: true });
    let terms = bench.tuning(leg).unwrap().srtp.unwrap();
    assert_eq!(terms.ours, offer.audio.crypto[0].key);
}

#[test]
fn a_far_end_that_refuses_keys_is_asked_without_them() {
    let mut bench = bench(Optional);
    let (leg, first) = bench.ring_peer(1);
    bench.answer(7000, &first, 488, "x", "");
    let second = bench.request(7000, &Method::Invite);
    assert_eq!(second.cseq(), Some(2));
    assert!(!text(&second.body).contains("crypto"));
    bench.answer(7000, &second, 488, "x", "");
    assert_eq!(bench.event(), LegEvent::Ended { leg, cause: HangupCause::NotAcceptable });
}

#[test]
fn no_call_goes_out_in_clear_where_encryption_is_required() {
    let mut bench = bench(Required);
    let (leg, placed) = bench.ring_peer(1);
    assert!(text(&placed.body).contains(" RTP/SAVP "));
    bench.answer(7000, &placed, 200, "x", &description("RTP/AVP", ""));
    assert_eq!(bench.event(), LegEvent::Ended { leg, cause: HangupCause::NotAcceptable });
    let (other, placed) = bench.ring_peer(2);
    bench.answer(7000, &placed, 488, "x", "");
    assert_eq!(bench.event(), LegEvent::Ended { leg: other, cause: HangupCause::NotAcceptable });
}
