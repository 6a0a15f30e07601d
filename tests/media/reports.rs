//! RTCP of the legs.

use std::time::Duration;

use naru::media::codec::Codec::Pcmu;

use crate::bench::{ALICE, BOB, Bench, TICK, leg, phone, spoken};

#[test]
fn a_leg_is_told_every_five_seconds_how_it_is_heard() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    for count in 0..1_000 {
        if count % 10 != 9 {
            bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
        }
        bench.wait(TICK);
    }
    let reports = &bench.reports[&leg(ALICE)];
    assert!((3..=5).contains(&reports.len()), "{}", reports.len());
    let (to, data) = reports.last().unwrap();
    assert_eq!((to.ip(), to.port()), (phone(ALICE).ip(), 4_001));
    assert_eq!(data[1], 201, "nothing was sent to her, so it is a receiver report");
    assert_eq!(data[8..12], 0xa11ce_u32.to_be_bytes());
    assert!((23..=28).contains(&data[12]), "a tenth of 256: {}", data[12]);
    let quality = bench.patchbay.quality(leg(ALICE)).unwrap();
    assert_eq!((quality.heard.packets, quality.heard.lost), (900, 99));
    assert!(quality.heard.jitter < Duration::from_millis(3));
    assert_eq!(bench.reports[&leg(BOB)].last().unwrap().1[1], 200, "he was sent sound");

    let before = bench.reports[&leg(BOB)].len();
    for name in [ALICE, BOB] {
        bench.patchbay.close(leg(name), bench.now);
    }
    bench.drain();
    let goodbyes = &bench.reports[&leg(BOB)][before..];
    assert_eq!(goodbyes.len(), 1);
    assert_eq!(goodbyes[0].1[goodbyes[0].1.len() - 7], 203);
}
