//! The room hears a leg.

use std::time::Duration;

use naru::audio::detect::share;
use naru::audio::g711::{Law, RATE};
use naru::audio::pipe::{Reader, pipe};
use naru::audio::tone::sine;
use naru::media::codec::Codec::{self, Opus, Pcma, Pcmu};
use naru::media::packet::Packet;

use crate::bench::{ALICE, BOB, Bench, TICK, leg, spoken};
use crate::network;

fn heard(reader: &mut Reader) -> Vec<i16> {
    std::iter::from_fn(|| reader.read()).collect()
}

#[test]
fn what_the_leg_says_comes_out_of_the_pipe_until_it_is_gone() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    let (writer, mut reader) = pipe(8_000);
    bench.patchbay.page(leg(ALICE), writer);
    for count in 0..10 {
        bench.say(ALICE, &spoken(Pcmu, count, &[Law::Mu.encode(4_000); 160]));
        bench.say(BOB, &spoken(Pcma, count, &[Law::A.encode(-4_000); 160]));
        bench.wait(TICK);
    }
    let digit = Packet { payload_type: 101, ..spoken(Pcmu, 10, &[5, 10, 3, 32]) };
    bench.say(ALICE, &digit);
    assert_eq!(heard(&mut reader), [Law::Mu.decode(Law::Mu.encode(4_000)); 1_600]);
    assert_eq!(bench.got(BOB).len(), 0, "the partner of before hears nothing");
    assert!(!reader.is_over());
    bench.patchbay.close(leg(ALICE), bench.now);
    assert!(reader.is_over());
}

#[test]
fn a_room_that_does_not_listen_costs_the_leg_nothing() {
    let mut bench = Bench::joined(Pcma, Pcma);
    let (writer, mut reader) = pipe(256);
    bench.patchbay.page(leg(ALICE), writer);
    for count in 0..100 {
        bench.say(ALICE, &spoken(Pcma, count, &[Law::A.encode(count as i16 * 100); 160]));
        bench.wait(TICK);
    }
    assert_eq!(heard(&mut reader).len(), 256);
    bench.patchbay.join(leg(ALICE), leg(BOB));
    assert!(reader.is_over(), "who is joined pages no more");
}

/// Whatever the phone speaks, the room hears the same tone.
#[test]
fn a_tone_is_that_tone_for_the_room_in_every_codec() {
    for codec in Codec::ALL {
        let mut bench = Bench::joined(codec, Pcmu);
        let (writer, mut reader) = pipe(16_000);
        bench.patchbay.page(leg(ALICE), writer);
        let rate = if codec == Opus { 16_000 } else { codec.rate() };
        let sound = sine(rate, 1_000.0, -12.0, Duration::from_secs(1));
        for (count, payload) in (0..).zip(network::spoken(codec, 0.0, &sound)) {
            bench.say(ALICE, &spoken(codec, count, &payload));
            bench.wait(TICK);
        }
        let heard = heard(&mut reader);
        assert!(heard.len().abs_diff(8_000) <= 160, "{codec:?}: {}", heard.len());
        assert!(share(&heard[800..7_200], RATE, 1_000.0) > 0.95, "{codec:?}");
    }
}
