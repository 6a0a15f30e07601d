//! Clips that are coded once for all who hear them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use naru::audio::builtin::{Prompt, prompt};
use naru::audio::clip::Clip;
use naru::audio::detect::share;
use naru::audio::g722::G722Decoder;
use naru::audio::opus::OpusDecoder;
use naru::audio::tone::sine;
use naru::leg::PlayId;
use naru::media::codec::Codec::{self, G722, Opus};
use naru::media::codec::OpusTerms;
use naru::media::handle::{MediaEvent, Tuning};

use crate::bench::{ALICE, BOB, Bench, Got, TICK, leg, tuning};

const RATE: u32 = 16_000;
/// The first and the last of a coder's sound are never whole.
const SETTLED: usize = RATE as usize / 5;

fn tone(hz: f64, duration: Duration) -> Arc<Clip> {
    Arc::new(Clip::new(RATE, sine(RATE, hz, -13.0, duration)))
}

fn tuned(bench: &mut Bench, name: u64, (codec, ptime): (Codec, u8)) {
    bench.patchbay.open(leg(name), bench.now);
    let tuning = Tuning { ptime, ..tuning(name, codec) };
    bench.patchbay.tune(leg(name), tuning, bench.now);
}

fn play(bench: &mut Bench, name: u64, clip: &Arc<Clip>, repeat: bool) {
    bench.patchbay.play(leg(name), PlayId(name), (Arc::clone(clip), repeat), bench.now);
}

fn heard(codec: Codec, got: &[Got]) -> Vec<i16> {
    let (mut wide, mut opus) = (G722Decoder::default(), OpusDecoder::new(RATE).unwrap());
    let mut sound = Vec::new();
    for got in got {
        match codec {
            Opus => opus.decode(&got.payload, &mut sound),
            G722 => wide.decode(&got.payload, &mut sound),
            Codec::Pcmu | Codec::Pcma => {
                assert!(got.payload.is_empty());
            }
        }
    }
    sound
}

/// The least share that a tone has of any 40 ms: a click takes it down, wherever it is.
fn purest(sound: &[i16], hz: f64) -> f64 {
    let window = RATE as usize / 25;
    let windows = sound.windows(window).step_by(window / 4);
    windows.map(|window| share(window, RATE, hz)).fold(1.0, f64::min)
}

fn assert_continuous(got: &[Got], ticks: u32) {
    for pair in got.windows(2) {
        assert_eq!(pair[1].ssrc, pair[0].ssrc);
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        assert_eq!(pair[1].timestamp, pair[0].timestamp.wrapping_add(ticks));
        assert!(!pair[1].marker);
    }
}

#[test]
fn all_hear_the_same_packets_each_at_their_own_time_and_in_their_own_stream() {
    for (codec, ptime) in [(Opus, 10), (Opus, 20), (Opus, 40), (Opus, 60), (G722, 30), (G722, 50)] {
        let clip = tone(1_000.0, Duration::from_millis(1_530));
        let mut bench = Bench::new();
        for name in [ALICE, BOB] {
            tuned(&mut bench, name, (codec, ptime));
            play(&mut bench, name, &clip, false);
            bench.wait(Duration::from_millis(700));
        }
        bench.wait(Duration::from_secs(2));
        let payloads =
            |name| bench.got(name).iter().map(|got| got.payload.clone()).collect::<Vec<_>>();
        assert_eq!(payloads(ALICE), payloads(BOB), "{codec:?} {ptime}");
        assert_eq!(payloads(ALICE).len(), 1_530_usize.div_ceil(ptime.into()));
        assert_ne!(bench.got(ALICE)[0].ssrc, bench.got(BOB)[0].ssrc);
        for name in [ALICE, BOB] {
            let got = bench.got(name);
            assert_continuous(got, codec.clock() / 1_000 * u32::from(ptime));
            let spaced = |pair: &[Got]| pair[1].at - pair[0].at;
            assert!(got.windows(2).all(|pair| spaced(pair).as_millis() == u128::from(ptime)));
            let sound = heard(codec, got);
            assert!(purest(&sound[SETTLED..22_000], 1_000.0) > 0.99, "{codec:?} {ptime}");
        }
        let ended = |name| MediaEvent::PlayEnded { leg: leg(name), play: PlayId(name) };
        assert_eq!(bench.events, [ended(ALICE), ended(BOB)]);
    }
}

#[test]
fn a_repeated_clip_goes_round_without_a_seam() {
    // Whole periods; of packets of 20 ms two laps make 101, of 40 ms four.
    let clip = tone(1_000.0, Duration::from_millis(1_010));
    for (codec, ptime) in [(Opus, 20), (Opus, 40), (G722, 20), (G722, 60)] {
        let mut bench = Bench::new();
        tuned(&mut bench, ALICE, (codec, ptime));
        play(&mut bench, ALICE, &clip, true);
        bench.wait(Duration::from_secs(20));
        let got = bench.got(ALICE);
        assert_continuous(got, codec.clock() / 1_000 * u32::from(ptime));
        let sound = heard(codec, got);
        assert!(sound.len() > 19 * RATE as usize);
        let purest = purest(&sound[SETTLED..], 1_000.0);
        assert!(purest > 0.99, "{codec:?} {ptime}: {purest}");
    }
}

#[test]
fn between_the_shared_copy_and_a_voice_of_its_own_nothing_is_to_be_heard() {
    for codec in [Opus, G722] {
        let clip = tone(1_000.0, Duration::from_secs(4));
        let (bench, back) = one_comes_back_ahead(codec, &clip);
        let sound = heard(codec, &bench.got(BOB)[back..]);
        let purest = purest(&sound[SETTLED..], 1_000.0);
        assert!(purest > 0.99, "{codec:?}: {purest}");
        assert_continuous(&bench.got(BOB)[back..], codec.clock() / 50);
    }
}

#[test]
fn who_is_where_nobody_has_been_is_spoken_to_alone_until_the_next_lap() {
    for codec in [Opus, G722] {
        let clip = prompt(Prompt::Greeting, "ko");
        let (bench, back) = one_comes_back_ahead(codec, &clip);
        let hers: BTreeSet<_> = bench.got(ALICE).iter().map(|got| &got.payload).collect();
        let his: Vec<_> = bench.got(BOB)[back..].iter().map(|got| &got.payload).collect();
        // What both coders make of a pause between two words is the same.
        let alone = his[..20].iter().filter(|payload| !hers.contains(*payload)).count();
        assert!(alone > 10, "{codec:?}: {alone}");
        assert!(his[his.len() - 50..].iter().all(|payload| hers.contains(payload)), "{codec:?}");
    }
}

/// Two hear a clip again and again; one holds, and comes back where nobody has been yet.
fn one_comes_back_ahead(codec: Codec, clip: &Arc<Clip>) -> (Bench, usize) {
    let mut bench = Bench::new();
    for name in [ALICE, BOB] {
        tuned(&mut bench, name, (codec, 20));
        play(&mut bench, name, clip, true);
        bench.wait(TICK * 5);
    }
    // On hold he is not asked for a new packet, and she is five packets ahead of him: he must
    // overtake her.
    hold(&mut bench, codec, true);
    bench.patchbay.play(leg(ALICE), PlayId(3), (Arc::clone(clip), true), bench.now);
    bench.wait(TICK * 40);
    hold(&mut bench, codec, false);
    let back = bench.got(BOB).len();
    // Longer than a lap, which may hold the clip several times.
    bench.wait(Duration::from_secs(30));
    (bench, back)
}

fn hold(bench: &mut Bench, codec: Codec, on: bool) {
    let tuning = Tuning { send: !on, ..tuning(BOB, codec) };
    bench.patchbay.tune(leg(BOB), tuning, bench.now);
}

#[test]
fn another_length_of_packets_in_the_midst_of_a_clip_is_not_to_be_heard() {
    for codec in [Opus, G722] {
        let clip = tone(1_000.0, Duration::from_secs(6));
        let mut bench = Bench::new();
        tuned(&mut bench, BOB, (codec, 20));
        play(&mut bench, BOB, &clip, false);
        bench.wait(TICK * 50);
        let before = bench.got(BOB).len();
        let longer = Tuning { ptime: 40, ..tuning(BOB, codec) };
        bench.patchbay.tune(leg(BOB), longer, bench.now);
        bench.wait(Duration::from_secs(2));
        let sound = heard(codec, bench.got(BOB));
        assert!(bench.got(BOB).len() >= before + 48);
        let purest = purest(&sound[SETTLED..], 1_000.0);
        assert!(purest > 0.99, "{codec:?}: {purest}");
    }
}

#[test]
fn whoever_wants_no_silence_is_sent_none() {
    let mut samples = sine(RATE, 1_000.0, -13.0, Duration::from_secs(1));
    samples.extend(vec![0; 3 * RATE as usize]);
    samples.extend(sine(RATE, 1_000.0, -13.0, Duration::from_secs(1)));
    let clip = Arc::new(Clip::new(RATE, samples));
    let mut bench = Bench::new();
    for name in [ALICE, BOB] {
        bench.patchbay.open(leg(name), bench.now);
        let opus = OpusTerms { dtx: true, ..OpusTerms::default() };
        bench.patchbay.tune(leg(name), Tuning { opus, ..tuning(name, Opus) }, bench.now);
        play(&mut bench, name, &clip, false);
        bench.wait(Duration::from_millis(500));
    }
    bench.wait(Duration::from_secs(6));
    for name in [ALICE, BOB] {
        let got = bench.got(name);
        assert!((100..200).contains(&got.len()), "{}", got.len());
        let span = got[got.len() - 1].timestamp.wrapping_sub(got[0].timestamp);
        assert_eq!(span, 249 * 960, "time goes on");
        let gap = |pair: &[Got]| pair[1].timestamp.wrapping_sub(pair[0].timestamp) > 960;
        let gaps: Vec<_> = got.windows(2).filter(|pair| gap(pair)).collect();
        assert!(!gaps.is_empty() && gaps.iter().all(|pair| pair[1].marker));
        assert!(got.windows(2).all(|p| p[1].sequence == p[0].sequence.wrapping_add(1)));
    }
}
