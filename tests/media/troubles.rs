//! Sound that comes from nowhere, or moves: named once a leg.

use std::net::SocketAddr;
use std::time::Duration;

use naru::leg::SoundTrouble;
use naru::media::codec::Codec::Pcmu;
use naru::media::handle::Tuning;

use crate::bench::{ALICE, BOB, Bench, TICK, leg, phone, spoken, tuning};

const SECOND: Duration = Duration::from_secs(1);

/// Alice speaks so many packets from an address.
fn speaks(bench: &mut Bench, from: SocketAddr, packets: std::ops::Range<u16>) {
    for count in packets {
        bench.say_from(ALICE, from, &spoken(Pcmu, count, &[0xff; 160]));
        bench.say(BOB, &spoken(Pcmu, count, &[0xff; 160]));
        bench.wait(TICK);
    }
}

fn unheard(stranger: Option<SocketAddr>) -> SoundTrouble {
    SoundTrouble::Unheard { described: phone(ALICE), stranger, seconds: 5 }
}

#[test]
fn whoever_is_not_heard_after_the_answer_is_named_once() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    bench.say(BOB, &spoken(Pcmu, 0, &[0xff; 160]));
    bench.wait(SECOND * 5 - TICK);
    assert_eq!(bench.troubles, []);
    bench.wait(TICK);
    assert_eq!(bench.troubles, [(leg(ALICE), unheard(None))]);
    // Held and taken back, silent as before: it has been said.
    bench.patchbay.tune(leg(ALICE), Tuning { send: false, ..tuning(ALICE, Pcmu) }, bench.now);
    bench.patchbay.tune(leg(ALICE), tuning(ALICE, Pcmu), bench.now);
    bench.wait(SECOND * 60);
    assert_eq!(bench.troubles.len(), 1);
}

#[test]
fn a_stranger_who_is_not_believed_is_named_with_it() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    let stranger = "198.51.100.66:4000".parse().unwrap();
    speaks(&mut bench, stranger, 0..251);
    assert_eq!(bench.troubles, [(leg(ALICE), unheard(Some(stranger)))]);
}

#[test]
fn a_phone_behind_a_nat_is_nothing_to_tell_and_a_move_is_told_once() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    let behind = SocketAddr::new(phone(ALICE).ip(), 31_000);
    speaks(&mut bench, behind, 0..400);
    assert_eq!(bench.troubles, [], "its NAT is no news, at any of its calls");
    bench.wait(SECOND * 2);
    let moved = SocketAddr::new(phone(ALICE).ip(), 32_000);
    speaks(&mut bench, moved, 400..600);
    let told = SoundTrouble::Moved { before: behind, from: moved };
    assert_eq!(bench.troubles, [(leg(ALICE), told)]);
    bench.wait(SECOND * 2);
    speaks(&mut bench, behind, 600..800);
    assert_eq!(bench.troubles.len(), 1, "it may go on and on");
}

#[test]
fn whoever_need_not_speak_yet_is_not_blamed() {
    let mut bench = Bench::new();
    bench.patchbay.open(leg(ALICE), bench.now);
    let unanswered = Tuning { answered: false, ..tuning(ALICE, Pcmu) };
    bench.patchbay.tune(leg(ALICE), unanswered, bench.now);
    bench.wait(SECOND * 20);
    bench.patchbay.tune(leg(ALICE), tuning(ALICE, Pcmu), bench.now);
    bench.wait(SECOND * 4);
    // The machine stood still.
    bench.patchbay.handle_stall(bench.now);
    bench.wait(SECOND * 4);
    assert_eq!(bench.troubles, []);
    bench.wait(SECOND);
    assert_eq!(bench.troubles, [(leg(ALICE), unheard(None))]);

    let mut well = Bench::joined(Pcmu, Pcmu);
    speaks(&mut well, phone(ALICE), 0..600);
    well.wait(SECOND * 30);
    assert_eq!(well.troubles, [], "it was heard once; later silence is not this");
}
