//! Clips played to a leg.

use std::sync::Arc;
use std::time::Duration;

use naru::audio::builtin;
use naru::audio::clip::Clip;
use naru::audio::detect::{level, share};
use naru::audio::g711::Law;
use naru::audio::tone::sine;
use naru::leg::PlayId;
use naru::media::codec::Codec::{self, Pcma, Pcmu};
use naru::media::handle::{MediaEvent, Tuning};

use crate::bench::{ALICE, BOB, Bench, TICK, leg, spoken, tuning};
use crate::relay::assert_continuous;

fn tone(hz: f64, duration: Duration) -> Arc<Clip> {
    Arc::new(Clip::new(8_000, sine(8_000, hz, -13.0, duration)))
}

fn ended(bench: &Bench) -> Vec<PlayId> {
    let play = |event: &MediaEvent| match *event {
        MediaEvent::PlayEnded { play, .. } => Some(play),
        MediaEvent::Silent { .. }
        | MediaEvent::Trouble { .. }
        | MediaEvent::Digit { .. }
        | MediaEvent::Quality { .. } => None,
    };
    bench.events.iter().filter_map(play).collect()
}

fn playing(codec: Codec, clip: Arc<Clip>, repeat: bool) -> Bench {
    let mut bench = Bench::new();
    bench.tuned(ALICE, codec);
    bench.patchbay.play(leg(ALICE), PlayId(1), (clip, repeat), bench.now);
    bench
}

#[test]
fn a_kilohertz_is_a_kilohertz_in_either_law() {
    for (codec, law) in [(Pcmu, Law::Mu), (Pcma, Law::A)] {
        let mut bench = playing(codec, tone(1_000.0, Duration::from_secs(2)), false);
        bench.wait(Duration::from_secs(3));
        let heard = bench.heard(ALICE, law);
        assert_eq!(heard.len(), 16_000);
        assert!(share(&heard, 8_000, 1_000.0) > 0.99);
        assert!((level(&heard, 8_000, 1_000.0) + 13.0).abs() < 0.5);
        assert_eq!(bench.got(ALICE)[0].payload_type, codec.payload_type());
    }
}

#[test]
fn packets_leave_every_twenty_milliseconds_and_the_end_is_told_once() {
    let mut bench = playing(Pcmu, tone(440.0, Duration::from_millis(1_010)), false);
    bench.wait(Duration::from_secs(10));
    let got = bench.got(ALICE);
    assert_eq!(got.len(), 51);
    assert_continuous(got);
    assert!(got[0].marker && got[1..].iter().all(|got| !got.marker));
    assert!(got.windows(2).all(|pair| pair[1].at - pair[0].at == TICK));
    assert!(got[0].at <= TICK);
    assert!(got[50].payload[80..].iter().all(|&code| code == Law::Mu.silence()));
    assert_eq!(bench.events, [MediaEvent::PlayEnded { leg: leg(ALICE), play: PlayId(1) }]);
}

#[test]
fn the_length_of_a_packet_is_what_the_leg_wants() {
    for ptime in [10_u8, 30, 60] {
        let mut bench = Bench::new();
        bench.tuned(ALICE, Pcma);
        bench.patchbay.tune(leg(ALICE), Tuning { ptime, ..tuning(ALICE, Pcma) }, bench.now);
        let clip = tone(1_000.0, Duration::from_millis(600));
        bench.patchbay.play(leg(ALICE), PlayId(1), (clip, false), bench.now);
        bench.wait(Duration::from_secs(1));
        let got = bench.got(ALICE);
        assert_eq!(got.len(), 600 / usize::from(ptime));
        assert!(got.iter().all(|got| got.payload.len() == usize::from(ptime) * 8));
        assert!(share(&bench.heard(ALICE, Law::A), 8_000, 1_000.0) > 0.99);
        assert_eq!(ended(&bench), [PlayId(1)]);
    }
}

#[test]
fn a_repeated_clip_goes_round_without_a_gap() {
    // A period of 1 kHz fits 1,010 ms a whole number of times: any gap would break the sine.
    let mut bench = playing(Pcmu, tone(1_000.0, Duration::from_millis(1_010)), true);
    bench.wait(Duration::from_secs(20));
    let heard = bench.heard(ALICE, Law::Mu);
    assert!(heard.len() >= 159_000);
    assert!(share(&heard, 8_000, 1_000.0) > 0.99);
    assert_continuous(bench.got(ALICE));
    assert_eq!(ended(&bench), []);
}

#[test]
fn a_clip_in_the_place_of_another_ends_alone() {
    let mut bench = playing(Pcmu, tone(440.0, Duration::from_secs(1)), false);
    bench.wait(Duration::from_millis(500));
    let clip = tone(1_000.0, Duration::from_secs(1));
    bench.patchbay.play(leg(ALICE), PlayId(2), (clip, false), bench.now);
    bench.wait(Duration::from_secs(3));
    assert_eq!(ended(&bench), [PlayId(2)]);
    assert_continuous(bench.got(ALICE));
    assert!(share(&bench.heard(ALICE, Law::Mu)[4_160..], 8_000, 1_000.0) > 0.99);
}

#[test]
fn a_join_ends_the_ringback_and_the_stream_goes_on() {
    let mut bench = playing(Pcma, builtin::looping_ringback(), true);
    bench.tuned(BOB, Pcma);
    bench.wait(TICK * 100);
    bench.patchbay.join(leg(ALICE), leg(BOB));
    let before = bench.got(ALICE).len();
    for count in 0..10 {
        bench.say(BOB, &spoken(Pcma, count, &[0xd5; 160]));
        bench.wait(TICK);
    }
    let got = bench.got(ALICE);
    assert_eq!(got.len(), before + 10);
    assert!(got[before].marker);
    assert_eq!(got[before].sequence, got[before - 1].sequence.wrapping_add(1));
    assert_continuous(&got[before..]);
    assert_eq!(ended(&bench), []);
}

#[test]
fn a_leg_that_is_not_tuned_yet_misses_no_word() {
    let mut bench = Bench::new();
    bench.patchbay.open(leg(ALICE), bench.now);
    let clip = tone(1_000.0, Duration::from_secs(1));
    bench.patchbay.play(leg(ALICE), PlayId(1), (clip, false), bench.now);
    bench.wait(Duration::from_secs(2));
    assert!(bench.got.is_empty() && bench.events.is_empty());
    bench.patchbay.tune(leg(ALICE), tuning(ALICE, Pcmu), bench.now);
    bench.wait(Duration::from_secs(2));
    assert_eq!(bench.got(ALICE).len(), 50);
    assert_eq!(ended(&bench), [PlayId(1)]);
}

#[test]
fn a_held_leg_hears_nothing_but_the_clip_ends_in_time() {
    let mut bench = playing(Pcmu, tone(1_000.0, Duration::from_secs(1)), false);
    bench.wait(TICK * 10);
    let before = bench.got(ALICE).len();
    let held = Tuning { send: false, ..tuning(ALICE, Pcmu) };
    bench.patchbay.tune(leg(ALICE), held, bench.now);
    bench.wait(Duration::from_secs(1));
    assert_eq!(bench.got(ALICE).len(), before);
    assert_eq!(ended(&bench), [PlayId(1)]);
}

#[test]
fn a_tick_a_little_late_is_made_up_for() {
    let mut bench = playing(Pcmu, tone(1_000.0, Duration::from_secs(1)), false);
    bench.wait(TICK * 10);
    bench.oversleep(Duration::from_millis(55));
    bench.wait(Duration::from_secs(2));
    assert_eq!(bench.got(ALICE).len(), 50);
    assert_continuous(bench.got(ALICE));
}

#[test]
fn after_standing_still_nothing_is_sent_in_a_burst() {
    let mut bench = playing(Pcmu, tone(1_000.0, Duration::from_secs(1)), false);
    bench.wait(TICK * 10);
    let before = bench.got(ALICE).len();
    bench.oversleep(Duration::from_secs(12));
    assert_eq!(bench.got(ALICE).len(), before + 1);
    bench.wait(Duration::from_secs(2));
    let got = bench.got(ALICE);
    assert_eq!(got.len(), 50, "not a word is lost");
    assert!(got[before].marker);
    let jump = got[before].timestamp.wrapping_sub(got[before - 1].timestamp);
    assert!((12 * 8_000 - 320..=12 * 8_000 + 320).contains(&jump), "{jump}");
    assert_continuous(&got[before..]);
    assert_eq!(ended(&bench), [PlayId(1)]);
}

#[test]
fn an_empty_clip_ends_and_repeated_is_silence() {
    let nothing = || Arc::new(Clip::new(8_000, Vec::new()));
    let mut bench = playing(Pcmu, nothing(), false);
    bench.wait(TICK * 2);
    assert_eq!(ended(&bench), [PlayId(1)]);
    let mut bench = playing(Pcmu, nothing(), true);
    bench.wait(TICK * 20);
    assert!(bench.heard(ALICE, Law::Mu).iter().all(|&sample| sample == 0));
}
