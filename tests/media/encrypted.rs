//! Legs whose sound is encrypted, beside some whose is not.

use std::sync::Arc;
use std::time::Duration;

use naru::audio::clip::Clip;
use naru::audio::detect::level;
use naru::audio::g711::Law;
use naru::audio::tone::sine;
use naru::leg::{PlayId, RoomId};
use naru::media::codec::Codec::{Pcma, Pcmu};
use naru::media::handle::Tuning;
use naru::media::packet::{HEADER, LARGEST, Packet};
use naru::media::srtp::keys::{MASTER, MasterKey, SrtpTerms, Suite};
use naru::media::srtp::srtp::Srtp;

use crate::bench::{ALICE, BOB, Bench, Got, TICK, leg, phone, spoken, tuning};

/// What naru is told of a leg's keys.
fn terms(name: u64, suite: Suite) -> SrtpTerms {
    let (ours, theirs) = (name as u8, name as u8 + 100);
    SrtpTerms {
        suite,
        ours: MasterKey::new([ours; MASTER]),
        theirs: MasterKey::new([theirs; MASTER]),
        mki: 0,
    }
}

/// The phone's end of them.
fn far(name: u64, suite: Suite) -> Srtp {
    let SrtpTerms { ours, theirs, .. } = terms(name, suite);
    Srtp::new(SrtpTerms { suite, ours: theirs, theirs: ours, mki: 0 })
}

fn encrypt(bench: &mut Bench, name: u64, suite: Suite) {
    let tuned = Tuning { srtp: Some(terms(name, suite)), ..tuning(name, Pcmu) };
    bench.patchbay.tune(leg(name), tuned, bench.now);
}

fn sealed(phone: &mut Srtp, packet: &Packet<'_>) -> Vec<u8> {
    let mut datagram = [0; LARGEST];
    let length = packet.write(&mut datagram);
    let length = phone.seal_sound(&mut datagram, length);
    datagram[..length].to_vec()
}

fn send(bench: &mut Bench, name: u64, datagram: &[u8]) {
    bench.patchbay.handle_rtp(leg(name), phone(name), datagram, bench.now);
    bench.drain();
}

/// The payload of a packet that naru has sent, opened by the phone it was for.
fn opened(phone: &mut Srtp, got: &Got) -> Vec<u8> {
    let packet = Packet {
        marker: got.marker,
        payload_type: got.payload_type,
        sequence: got.sequence,
        timestamp: got.timestamp,
        ssrc: got.ssrc,
        payload: &got.payload,
    };
    let mut datagram = [0; LARGEST];
    let length = packet.write(&mut datagram);
    let mut clear = Vec::new();
    phone.open_sound(&datagram[..length], &mut clear).unwrap();
    clear.split_off(HEADER)
}

#[test]
fn an_encrypted_leg_and_one_in_clear_hear_each_other() {
    for suite in Suite::ALL {
        let mut bench = Bench::joined(Pcmu, Pcmu);
        encrypt(&mut bench, ALICE, suite);
        let mut alice = far(ALICE, suite);
        for count in 0..20 {
            let datagram = sealed(&mut alice, &spoken(Pcmu, count, &[count as u8; 160]));
            send(&mut bench, ALICE, &datagram);
            bench.say(BOB, &spoken(Pcmu, count, &[0x55; 160]));
            bench.wait(TICK);
        }
        let heard: Vec<u8> = bench.got(BOB).iter().map(|got| got.payload[0]).collect();
        assert_eq!(heard, (0..20).collect::<Vec<u8>>());
        assert!(bench.got(BOB).iter().all(|got| got.payload.len() == 160), "in clear");
        let got = bench.got(ALICE).to_vec();
        assert_eq!(got.len(), 20);
        for got in &got {
            assert_eq!(got.payload.len(), 160 + suite.seal());
            assert_ne!(got.payload[..160], [0x55; 160]);
            assert_eq!(opened(&mut alice, got), [0x55; 160]);
        }
        assert_eq!(bench.patchbay.quality(leg(ALICE)).unwrap().heard.packets, 20);
    }
}

#[test]
fn two_encrypted_legs_hear_each_other_each_under_keys_of_its_own() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    encrypt(&mut bench, ALICE, Suite::Sha1Of80);
    let secure = Tuning { srtp: Some(terms(BOB, Suite::Sha1Of32)), ..tuning(BOB, Pcma) };
    bench.patchbay.tune(leg(BOB), secure, bench.now);
    let (mut alice, mut bob) = (far(ALICE, Suite::Sha1Of80), far(BOB, Suite::Sha1Of32));
    let codes: Vec<u8> = (0..160).collect();
    send(&mut bench, ALICE, &sealed(&mut alice, &spoken(Pcmu, 0, &codes)));
    send(&mut bench, BOB, &sealed(&mut bob, &spoken(Pcma, 0, &codes)));
    let to_bob = opened(&mut bob, &bench.got(BOB)[0].clone());
    let to_alice = opened(&mut alice, &bench.got(ALICE)[0].clone());
    for (code, heard) in codes.iter().zip(&to_bob) {
        assert!((Law::Mu.decode(*code) - Law::A.decode(*heard)).abs() <= 520);
    }
    assert_eq!(to_alice.len(), 160);
}

#[test]
fn changed_copied_and_clear_packets_are_dropped_and_counted() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    encrypt(&mut bench, ALICE, Suite::Sha1Of80);
    let mut alice = far(ALICE, Suite::Sha1Of80);
    let first = sealed(&mut alice, &spoken(Pcmu, 0, &[1; 160]));
    let mut changed = first.clone();
    changed[50] ^= 0x40;
    send(&mut bench, ALICE, &changed);
    send(&mut bench, ALICE, &first);
    send(&mut bench, ALICE, &first);
    bench.say(ALICE, &spoken(Pcmu, 1, &[2; 160]));
    send(&mut bench, ALICE, &first[..9]);
    let quality = bench.patchbay.quality(leg(ALICE)).unwrap();
    assert_eq!((quality.forged, quality.replayed, quality.malformed), (2, 1, 1));
    assert_eq!(quality.heard.packets, 1);
    assert_eq!(bench.got(BOB).len(), 1);
}

#[test]
fn clips_and_reports_leave_encrypted_too() {
    let mut bench = Bench::new();
    bench.tuned(ALICE, Pcmu);
    encrypt(&mut bench, ALICE, Suite::Sha1Of80);
    let mut alice = far(ALICE, Suite::Sha1Of80);
    let clip = Arc::new(Clip::new(8_000, vec![1_000; 8_000]));
    bench.patchbay.play(leg(ALICE), PlayId(1), (clip, true), bench.now);
    for count in 0..400 {
        let datagram = sealed(&mut alice, &spoken(Pcmu, count, &[0xff; 160]));
        send(&mut bench, ALICE, &datagram);
        bench.wait(TICK);
    }
    let got = bench.got(ALICE).to_vec();
    assert!(got.len() >= 390);
    for got in &got {
        let heard = opened(&mut alice, got);
        assert!(heard.iter().all(|code| (Law::Mu.decode(*code) - 1_000).abs() < 40));
    }
    let reports = &bench.reports[&leg(ALICE)];
    let mut clear = Vec::new();
    for (_, report) in reports {
        alice.open_report(report, &mut clear).unwrap();
        assert_eq!((clear[0] >> 6, clear[1]), (2, 200), "a sender's report");
    }
    let mut report = [0; LARGEST];
    report[..8].copy_from_slice(&[0x80, 201, 0, 1, 0, 0x0a, 0x11, 0xce]);
    let length = alice.seal_report(&mut report, 8);
    let from = "192.0.2.1:4001".parse().unwrap();
    let before = bench.patchbay.quality(leg(ALICE)).unwrap();
    for _ in 0..2 {
        bench.patchbay.handle_rtcp(leg(ALICE), from, &report[..length], bench.now);
    }
    let after = bench.patchbay.quality(leg(ALICE)).unwrap();
    assert_eq!(after.strangers, before.strangers, "its own report is read");
    assert_eq!(after.replayed, before.replayed + 1);
}

#[test]
fn new_keys_in_the_middle_of_a_call_leave_no_gap() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    encrypt(&mut bench, ALICE, Suite::Sha1Of80);
    let mut alice = far(ALICE, Suite::Sha1Of80);
    send(&mut bench, ALICE, &sealed(&mut alice, &spoken(Pcmu, 0, &[1; 160])));
    let other = terms(77, Suite::Sha1Of80);
    let tuned = Tuning { srtp: Some(other), ..tuning(ALICE, Pcmu) };
    bench.patchbay.tune(leg(ALICE), tuned, bench.now);
    let mut anew = far(77, Suite::Sha1Of80);
    bench.wait(Duration::from_millis(20));
    send(&mut bench, ALICE, &sealed(&mut alice, &spoken(Pcmu, 1, &[2; 160])));
    send(&mut bench, ALICE, &sealed(&mut anew, &spoken(Pcmu, 1, &[3; 160])));
    bench.say(BOB, &spoken(Pcmu, 0, &[4; 160]));
    let heard: Vec<u8> = bench.got(BOB).iter().map(|got| got.payload[0]).collect();
    assert_eq!(heard, [1, 3]);
    assert_eq!(bench.got(BOB)[1].sequence, bench.got(BOB)[0].sequence.wrapping_add(1));
    assert_eq!(opened(&mut anew, &bench.got(ALICE)[0].clone()), [4; 160]);
}

/// Who encrypts sits in a room like anybody else: heard by all, hearing all.
#[test]
fn an_encrypted_leg_sits_in_a_room_with_others() {
    let mut bench = Bench::new();
    bench.patchbay.open_room(RoomId(1));
    for name in [ALICE, BOB, 3] {
        bench.tuned(name, Pcmu);
        bench.patchbay.join_room(RoomId(1), leg(name), false, bench.now);
    }
    encrypt(&mut bench, ALICE, Suite::Sha1Of80);
    let mut alice = far(ALICE, Suite::Sha1Of80);
    let tone = |hertz| -> Vec<u8> {
        sine(8_000, hertz, -20.0, TICK).iter().map(|&sample| Law::Mu.encode(sample)).collect()
    };
    let (low, high, quiet) = (tone(450.0), tone(700.0), vec![0xff; 160]);
    for count in 0..100 {
        send(&mut bench, ALICE, &sealed(&mut alice, &spoken(Pcmu, count, &low)));
        bench.say(BOB, &spoken(Pcmu, count, &high));
        bench.say(3, &spoken(Pcmu, count, &quiet));
        bench.wait(TICK);
    }
    let third = bench.heard(3, Law::Mu);
    assert!(level(&third, 8_000, 450.0) > -26.0 && level(&third, 8_000, 700.0) > -26.0);
    let got = bench.got(ALICE).to_vec();
    let codes: Vec<u8> = got.iter().flat_map(|got| opened(&mut alice, got)).collect();
    let heard: Vec<i16> = codes.iter().map(|&code| Law::Mu.decode(code)).collect();
    assert!(heard.len() > 8_000);
    assert!(level(&heard, 8_000, 700.0) > -26.0 && level(&heard, 8_000, 450.0) < -40.0);
}
