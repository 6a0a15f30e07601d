//! Whoever speaks may change in the middle of a call, or fall silent and go on: what the other leg
//! gets stays one stream that keeps time.

use std::time::Duration;

use naru::audio::detect::share;
use naru::audio::g722::G722Decoder;
use naru::audio::tone::sine;
use naru::media::codec::Codec::{G722, Pcmu};
use naru::media::packet::Packet;

use crate::bench::{ALICE, BOB, Bench, Got, TICK};
use crate::network::spoken;

/// Says packets of a tone, the first of them `count`-th of the tone, under the numbers given.
fn say(bench: &mut Bench, packets: &[Vec<u8>], (ssrc, sequence, timestamp): (u32, u16, u32)) {
    for (count, payload) in packets.iter().enumerate() {
        bench.say(
            ALICE,
            &Packet {
                marker: count == 0,
                payload_type: 0,
                sequence: sequence.wrapping_add(count as u16),
                timestamp: timestamp.wrapping_add(count as u32 * 160),
                ssrc,
                payload,
            },
        );
        bench.wait(TICK);
    }
}

fn tone(packets: u32) -> Vec<Vec<u8>> {
    spoken(Pcmu, 0.0, &sine(8_000, 1_000.0, -10.0, Duration::from_millis(20) * packets))
}

/// One stream whose packets are at the time that their timestamps say.
fn assert_keeps_time(got: &[Got], what: &str) {
    let first = &got[0];
    for pair in got.windows(2) {
        assert_eq!(pair[1].ssrc, first.ssrc, "{what}");
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1), "{what}");
        let claimed =
            Duration::from_micros(u64::from(pair[1].timestamp.wrapping_sub(first.timestamp)) * 125);
        let passed = pair[1].at - first.at;
        assert!(
            claimed.abs_diff(passed) <= Duration::from_millis(25),
            "{what}: {claimed:?} {passed:?}"
        );
    }
}

fn assert_tone(got: &[Got], what: &str) {
    let (mut decoder, mut sound) = (G722Decoder::default(), Vec::new());
    got.iter().for_each(|got| decoder.decode(&got.payload, &mut sound));
    let settled = &sound[3_200..sound.len() - sound.len() % 1_600];
    assert!(share(settled, 16_000, 1_000.0) > 0.999, "{what}");
}

#[test]
fn another_source_is_heard_at_once_wherever_its_clock_stands() {
    let end = 50_000 + 100 * 160;
    for off in [-9 * 8_000, -4_000, -160, 0, 800, 8 * 8_000, 1 << 30] {
        let what = format!("{off} ticks on");
        let mut bench = Bench::joined(Pcmu, G722);
        say(&mut bench, &tone(100), (7, 1_000, 50_000));
        let before = bench.got(BOB).len();
        let changed = bench.got(BOB)[before - 1].at;
        say(
            &mut bench,
            &tone(150),
            (8, 40_000, 50_000_u32.wrapping_add_signed(end - 50_000 + off)),
        );
        let after = &bench.got(BOB)[before..];
        let pause = after.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap();
        assert!(pause <= Duration::from_millis(120), "{what}: {pause:?}");
        assert!(after[0].at - changed <= Duration::from_millis(120), "{what}");
        assert!(after.len() >= 144, "{what}: {}", after.len());
        assert_keeps_time(bench.got(BOB), &what);
        assert_tone(&after[20..], &what);
    }
}

#[test]
fn a_source_that_sets_its_clock_is_followed() {
    for off in [-5 * 8_000, 3 * 8_000] {
        let what = format!("{off} ticks on");
        let mut bench = Bench::joined(Pcmu, G722);
        say(&mut bench, &tone(100), (7, 1_000, 100_000));
        let before = bench.got(BOB).len();
        let start = 100_000_u32.wrapping_add_signed(100 * 160 + off);
        say(&mut bench, &tone(150), (7, 1_100, start));
        let after = &bench.got(BOB)[before..];
        assert!(after.len() >= 140, "{what}: {}", after.len());
        assert_keeps_time(bench.got(BOB), &what);
        assert_tone(&after[20..], &what);
    }
}

#[test]
fn after_a_pause_speech_has_the_time_at_which_it_is_said() {
    let mut bench = Bench::joined(Pcmu, G722);
    say(&mut bench, &tone(100), (7, 1_000, 50_000));
    bench.wait(Duration::from_secs(5));
    let before = bench.got(BOB).len();
    assert!(before <= 130, "silence is not filled for ever: {before}");
    say(&mut bench, &tone(100), (7, 1_100, 50_000 + 100 * 160 + 40_000));
    let got = bench.got(BOB);
    assert!(got[before].marker, "a talkspurt begins");
    assert_keeps_time(got, "after a pause");
    assert_tone(&got[before + 10..], "after a pause");
}
