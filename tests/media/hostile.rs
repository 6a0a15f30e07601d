//! Strangers and broken packets.

use std::time::Duration;

use naru::media::codec::Codec::Pcmu;
use naru::media::packet::Packet;
use proptest::prelude::*;

use crate::bench::{ALICE, BOB, Bench, TICK, leg, phone, spoken};

const STRANGER: &str = "198.51.100.66:4000";

#[test]
fn a_stranger_neither_hears_nor_is_heard() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    let stranger = STRANGER.parse().unwrap();
    for count in 0..150 {
        bench.say_from(ALICE, stranger, &Packet { ssrc: 6, ..spoken(Pcmu, count, &[0; 160]) });
        bench.wait(TICK);
    }
    assert!(bench.got(BOB).is_empty());
    for count in 0..150 {
        bench.say_from(ALICE, stranger, &spoken(Pcmu, count, &[0; 160]));
        bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
        bench.say(BOB, &spoken(Pcmu, count, &[0xff; 160]));
        bench.wait(TICK);
    }
    assert_eq!(bench.got(BOB).len(), 150);
    assert!(bench.got(BOB).iter().all(|got| got.payload[0] == 0xff));
    assert!(bench.got(ALICE).iter().all(|got| got.to == phone(ALICE)));
    assert_eq!(bench.patchbay.quality(leg(ALICE)).unwrap().strangers, 300);
}

#[test]
fn the_phones_address_with_a_strange_ssrc_is_not_believed_while_it_speaks() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    for count in 0..200 {
        bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
        bench.say(ALICE, &Packet { ssrc: 6, ..spoken(Pcmu, count, &[0; 160]) });
        bench.wait(TICK);
    }
    assert_eq!(bench.got(BOB).len(), 200);
    assert!(bench.got(BOB).iter().all(|got| got.payload[0] == 0xff));
}

#[test]
fn reports_of_strangers_are_not_followed() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    let report = [0x80, 201, 0, 1, 0, 0xa, 0x11, 0xce];
    let stranger = STRANGER.parse().unwrap();
    bench.patchbay.handle_rtcp(leg(ALICE), stranger, &report, bench.now);
    bench.wait(Duration::from_secs(30));
    assert!(bench.reports[&leg(ALICE)].iter().all(|(to, _)| to.ip() == phone(ALICE).ip()));
}

proptest! {
    #[test]
    fn no_datagram_does_harm(
        datagrams in proptest::collection::vec(
            (proptest::collection::vec(any::<u8>(), 0..64), any::<bool>(), any::<bool>()), 1..40),
    ) {
        let mut bench = Bench::joined(Pcmu, Pcmu);
        for (mut data, whole, report) in datagrams {
            if whole && let Some(first) = data.first_mut() {
                *first = 0x80 | *first & 0x3f;
            }
            if report {
                bench.patchbay.handle_rtcp(leg(ALICE), phone(ALICE), &data, bench.now);
            } else {
                bench.patchbay.handle_rtp(leg(ALICE), phone(ALICE), &data, bench.now);
            }
            bench.wait(Duration::from_millis(7));
        }
        // The next good call works: the phone's own voice is found again.
        bench.got.clear();
        bench.wait(Duration::from_secs(1));
        for count in 0..20 {
            bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
            bench.wait(TICK);
        }
        prop_assert!(bench.got(BOB).len() >= 18, "{}", bench.got(BOB).len());
    }
}
