//! The room hears a leg.

use naru::audio::g711::Law;
use naru::audio::pipe::{Reader, pipe};
use naru::media::codec::Codec::{Pcma, Pcmu};
use naru::media::packet::Packet;

use crate::bench::{ALICE, BOB, Bench, TICK, leg, spoken};

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
