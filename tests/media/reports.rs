//! RTCP of the legs.

use std::net::SocketAddr;
use std::time::Duration;

use naru::media::codec::Codec::{G722, Pcmu};
use naru::media::handle::Tuning;
use naru::media::report::extended::{self, ExtendedTerms};

use crate::bench::{ALICE, BOB, Bench, TICK, leg, phone, spoken, tuning};

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

/// The part of a datagram that is an extended report.
fn extended_part(datagram: &[u8]) -> Option<&[u8]> {
    let mut rest = datagram;
    while let Some(&[_, kind, high, low]) = rest.first_chunk() {
        let (part, after) = rest.split_at((usize::from(u16::from_be_bytes([high, low])) + 1) * 4);
        if kind == 207 {
            return Some(part);
        }
        rest = after;
    }
    None
}

#[test]
fn whoever_asks_is_told_how_it_sounds_and_how_long_its_time_was_kept() {
    let mut bench = Bench::joined(Pcmu, G722);
    let extended = ExtendedTerms { round_trip: true, speech: true };
    bench.patchbay.tune(leg(ALICE), Tuning { extended, ..tuning(ALICE, Pcmu) }, bench.now);
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    while !bench.reports.contains_key(&leg(ALICE)) {
        bench.wait(TICK);
    }
    let told_at = bench.now;
    bench.wait(Duration::from_secs(6));
    let first = bench.reports[&leg(ALICE)][0].1.clone();
    let (_, told) = extended::read(extended_part(&first).unwrap(), 0xa11ce).unwrap();
    assert!(told.reference.is_some() && told.delay.is_none(), "{told:?}");
    assert_eq!(extended_part(&bench.reports[&leg(BOB)][0].1), None, "he has not asked");

    for count in 1..500 {
        // Two losses in a row every second, each a burst of its own.
        if count % 50 > 1 {
            bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
        }
        bench.wait(TICK);
        if count == 480 {
            let kept = bench.now.ticks - told_at.ticks;
            say_time(&mut bench, &first, kept);
        }
    }
    bench.wait(Duration::from_secs(5));
    let last = &bench.reports[&leg(ALICE)].last().unwrap().1;
    let part = extended_part(last).unwrap();
    let (_, told) = extended::read(part, 0xa11ce).unwrap();
    let (reference, kept) = told.delay.unwrap();
    assert_eq!(reference, 0x0304_0506);
    assert!((65_536..12 * 65_536).contains(&kept), "{kept}");
    let speech = &part[part.len() - 36..];
    assert_eq!((speech[0], &speech[4..8]), (7, [0, 0x0a, 0x11, 0xce].as_slice()));
    let (lost, in_bursts, in_gaps) = (speech[8], speech[10], speech[11]);
    assert!((8..=12).contains(&lost), "a twenty-fifth of 256: {lost}");
    assert!(in_bursts > 200 && in_gaps < 3, "{in_bursts} {in_gaps}");
    let burst = u16::from_be_bytes([speech[12], speech[13]]);
    assert!((20..=60).contains(&burst), "two packets of 20 ms: {burst}");
    assert!((35..=43).contains(&speech[26]), "MOS times ten: {}", speech[26]);
    let trip = bench.patchbay.quality(leg(ALICE)).unwrap().told.round_trip.unwrap();
    assert!(trip < Duration::from_secs(1), "she kept our time for as long as she said: {trip:?}");
}

/// She tells her time, and for how long she has `kept` ours.
fn say_time(bench: &mut Bench, heard: &[u8], kept: Duration) {
    let (ours, told) = extended::read(extended_part(heard).unwrap(), 0).unwrap();
    let units = ((kept.as_micros() << 16) / 1_000_000) as u32;
    let delay = Some((ours, told.reference.unwrap(), units));
    let terms = ExtendedTerms { round_trip: true, speech: false };
    let mut datagram = [0; 200];
    datagram[..8].copy_from_slice(&[0x80, 201, 0, 1, 0, 0x0a, 0x11, 0xce]);
    let time = (0xa11ce, 0x0102_0304_0506_0708);
    let length = 8 + extended::write(terms, time, delay, None, &mut datagram[8..]);
    let from = SocketAddr::new(phone(ALICE).ip(), 4_001);
    bench.patchbay.handle_rtcp(leg(ALICE), from, &datagram[..length], bench.now);
}
