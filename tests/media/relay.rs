//! Two legs that hear each other.

use std::time::Duration;

use naru::audio::g711::Law;
use naru::media::codec::Codec::{Pcma, Pcmu};
use naru::media::handle::{MediaEvent, Tuning};
use naru::media::packet::Packet;

use crate::bench::{ALICE, BOB, Bench, Got, SILENCE, TICK, leg, phone, spoken, tuning};

/// Sequence numbers rise by one and timestamps by a packet, in one stream.
pub(crate) fn assert_continuous(got: &[Got]) {
    for pair in got.windows(2) {
        assert_eq!(pair[1].ssrc, pair[0].ssrc);
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        assert_eq!(pair[1].timestamp, pair[0].timestamp.wrapping_add(160));
    }
}

#[test]
fn sound_goes_both_ways_in_our_own_streams() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    for count in 0..50 {
        bench.say(ALICE, &spoken(Pcmu, count, &[count as u8; 160]));
        bench.say(BOB, &spoken(Pcmu, count, &[0x55; 160]));
        bench.wait(TICK);
    }
    for (name, first) in [(ALICE, 0x55), (BOB, 0)] {
        let got = bench.got(name);
        assert_eq!(got.len(), 50);
        assert!(got.iter().all(|got| got.to == phone(name) && got.payload_type == 0));
        assert_eq!(got[0].payload[0], first);
        assert_ne!(got[0].ssrc, 0xa11ce);
        assert!(got[0].marker && !got[1].marker);
        assert_continuous(got);
    }
    assert_ne!(bench.got(ALICE)[0].ssrc, bench.got(BOB)[0].ssrc);
}

#[test]
fn sound_leaves_at_the_moment_it_comes() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    bench.wait(Duration::from_millis(1_007));
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    assert_eq!(bench.got(BOB)[0].at, Duration::from_millis(1_007));
}

#[test]
fn the_law_of_each_side_is_kept() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    let codes: Vec<u8> = (0..=255).collect();
    bench.say(ALICE, &spoken(Pcmu, 0, &codes));
    bench.say(BOB, &spoken(Pcma, 0, &codes));
    for (name, theirs, ours, payload_type) in
        [(BOB, Law::Mu, Law::A, 8), (ALICE, Law::A, Law::Mu, 0)]
    {
        let got = &bench.got(name)[0];
        assert_eq!(got.payload_type, payload_type);
        for (said, heard) in codes.iter().zip(&got.payload) {
            let (said, heard) = (theirs.decode(*said), ours.decode(*heard));
            assert!(said.abs_diff(heard) <= said.unsigned_abs() / 16 + 8, "{said} {heard}");
        }
    }
}

#[test]
fn a_phone_may_use_the_other_codec_of_the_answer() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    bench.say(ALICE, &spoken(Pcma, 0, &[Law::A.encode(8_000); 160]));
    let got = &bench.got(BOB)[0];
    let said = Law::A.decode(Law::A.encode(8_000));
    assert_eq!((got.payload_type, got.payload[0]), (0, Law::Mu.encode(said)));
}

#[test]
fn digits_pass_under_the_number_that_each_side_agreed() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    for count in 1..6_u16 {
        let event = Packet {
            payload_type: 101,
            marker: count == 1,
            timestamp: 50_160,
            ..spoken(Pcmu, count, &[5, 10, 3, 32])
        };
        bench.wait(TICK);
        bench.say(ALICE, &event);
    }
    bench.wait(TICK);
    bench.say(ALICE, &spoken(Pcmu, 6, &[0xff; 160]));
    let got = bench.got(BOB);
    assert!(got[1..6].iter().all(|got| got.payload_type == 102 && got.payload == [5, 10, 3, 32]));
    assert!(got[1..6].iter().all(|event| event.timestamp == got[1].timestamp));
    assert!(got[1].marker && !got[2].marker);
    assert_eq!(got[6].timestamp, got[0].timestamp.wrapping_add(6 * 160));
    assert!(got.windows(2).all(|pair| pair[1].sequence == pair[0].sequence.wrapping_add(1)));
}

#[test]
fn a_side_without_events_gets_none_and_sees_no_loss() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    let deaf = Tuning { telephone_event: None, ..tuning(BOB, Pcmu) };
    bench.patchbay.tune(leg(BOB), deaf, bench.now);
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    // No key: flash.
    bench.say(ALICE, &Packet { payload_type: 101, ..spoken(Pcmu, 1, &[16, 10, 3, 32]) });
    bench.say(ALICE, &spoken(Pcmu, 2, &[0xff; 160]));
    let got = bench.got(BOB);
    assert_eq!(got.len(), 2);
    assert_eq!(got[1].sequence, got[0].sequence.wrapping_add(1));
}

#[test]
fn a_new_partner_goes_on_where_the_old_one_stopped() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    let carol = 3;
    bench.tuned(carol, Pcma);
    for count in 0..10 {
        bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
        bench.wait(TICK);
    }
    bench.patchbay.join(leg(BOB), leg(carol));
    bench.say(ALICE, &spoken(Pcmu, 10, &[0xff; 160]));
    for count in 700..710 {
        bench.say(carol, &spoken(Pcma, count, &[0xd5; 160]));
        bench.say(BOB, &spoken(Pcmu, count, &[0xff; 160]));
        bench.wait(TICK);
    }
    assert_eq!(bench.got(BOB).len(), 20);
    assert!(bench.got(BOB)[10].marker);
    assert_continuous(bench.got(BOB));
    assert_eq!(bench.got(ALICE).len(), 0, "nobody speaks to her any more");
    assert_eq!(bench.got(carol).len(), 10);
}

#[test]
fn parted_legs_hear_nothing() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    bench.patchbay.part(leg(BOB));
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    bench.say(BOB, &spoken(Pcmu, 0, &[0xff; 160]));
    assert!(bench.got.is_empty());
}

#[test]
fn the_echo_returns_sound_but_no_digits() {
    let mut bench = Bench::new();
    bench.tuned(ALICE, Pcma);
    bench.patchbay.echo(leg(ALICE));
    bench.say(ALICE, &spoken(Pcma, 0, &[0x2a; 160]));
    bench.say(ALICE, &Packet { payload_type: 101, ..spoken(Pcma, 1, &[5, 10, 3, 32]) });
    bench.say(ALICE, &spoken(Pcma, 2, &[0x2b; 160]));
    let payloads: Vec<u8> = bench.got(ALICE).iter().map(|got| got.payload[0]).collect();
    assert_eq!(payloads, [0x2a, 0x2b]);
}

#[test]
fn a_leg_on_hold_is_sent_nothing_and_is_not_missed() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    let held = Tuning { send: false, ..tuning(BOB, Pcmu) };
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    bench.patchbay.tune(leg(BOB), held, bench.now);
    for count in 1..6_000 {
        bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
        bench.wait(TICK);
    }
    assert_eq!(bench.got(BOB).len(), 1);
    assert_eq!(bench.events, []);
    bench.patchbay.tune(leg(BOB), tuning(BOB, Pcmu), bench.now);
    bench.say(ALICE, &spoken(Pcmu, 6_000, &[0xff; 160]));
    let got = bench.got(BOB);
    assert!(got[1].marker);
    assert_eq!(got[1].sequence, got[0].sequence.wrapping_add(1));
    let passed = got[1].timestamp.wrapping_sub(got[0].timestamp);
    assert_eq!(passed, 5_999 * 160);
}

#[test]
fn nobody_listens_to_a_leg_that_shall_not_be_heard() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    let unheard = Tuning { receive: false, ..tuning(ALICE, Pcmu) };
    bench.patchbay.tune(leg(ALICE), unheard, bench.now);
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    bench.wait(SILENCE * 2);
    assert!(bench.got.is_empty());
    assert_eq!(bench.events, [MediaEvent::Silent { leg: leg(BOB) }], "he should have spoken");
}

#[test]
fn silence_is_told_once_until_the_leg_speaks_again() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    for count in 0..100 {
        bench.say(BOB, &spoken(Pcmu, count, &[0xff; 160]));
        bench.wait(TICK);
    }
    let told = |bench: &Bench, name| {
        bench.events.iter().filter(|event| **event == MediaEvent::Silent { leg: leg(name) }).count()
    };
    bench.wait(SILENCE - TICK * 101);
    assert_eq!((told(&bench, ALICE), told(&bench, BOB)), (0, 0));
    bench.wait(TICK);
    assert_eq!((told(&bench, ALICE), told(&bench, BOB)), (1, 0));
    bench.wait(SILENCE * 3);
    assert_eq!((told(&bench, ALICE), told(&bench, BOB)), (1, 1));
    bench.say(ALICE, &spoken(Pcmu, 100, &[0xff; 160]));
    bench.wait(SILENCE);
    assert_eq!((told(&bench, ALICE), told(&bench, BOB)), (2, 1));
}

#[test]
fn before_the_answer_nobody_must_speak() {
    let mut bench = Bench::new();
    bench.patchbay.open(leg(ALICE), bench.now);
    let ringing = Tuning { answered: false, ..tuning(ALICE, Pcmu) };
    bench.patchbay.tune(leg(ALICE), ringing, bench.now);
    bench.wait(SILENCE * 4);
    assert_eq!(bench.events, []);
    bench.patchbay.tune(leg(ALICE), tuning(ALICE, Pcmu), bench.now);
    bench.wait(SILENCE);
    assert_eq!(bench.events, [MediaEvent::Silent { leg: leg(ALICE) }]);
}

#[test]
fn after_standing_still_the_legs_get_their_time_again() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    bench.now = bench.now.after(SILENCE * 2);
    bench.patchbay.handle_stall(bench.now);
    bench.oversleep(Duration::ZERO);
    assert_eq!(bench.events, []);
}
