//! Keys pressed on a phone: told once, and sent on in the form the other phone understands.

use std::time::Duration;

use naru::audio::dtmf::{Detector, Tones};
use naru::audio::g711::Law;
use naru::media::codec::Codec::{self, G722, Pcma, Pcmu};
use naru::media::handle::{MediaEvent, Tuning};
use naru::media::packet::Packet;
use naru::media::telephone_event::TelephoneEvent;

use crate::bench::{ALICE, BOB, Bench, Got, TICK, leg, spoken, tuning};

fn told(bench: &Bench) -> String {
    let digit = |event: &MediaEvent| match *event {
        MediaEvent::Digit { leg: from, digit } => {
            assert_eq!(from, leg(ALICE));
            Some(digit)
        }
        MediaEvent::PlayEnded { .. }
        | MediaEvent::Trouble { .. }
        | MediaEvent::Silent { .. }
        | MediaEvent::Quality { .. } => None,
    };
    bench.events.iter().filter_map(digit).collect()
}

/// A press of 100 ms as a phone sends it after `count` packets; those in `lost` never come.
fn press(bench: &mut Bench, count: u16, key: char, lost: &[u16]) {
    let timestamp = 50_000 + 160 * u32::from(count);
    for at in 0..8_u16 {
        let duration = 160 * (at + 1).min(6);
        let event = TelephoneEvent { key, end: at >= 5, duration }.write().unwrap();
        let packet = Packet {
            payload_type: 101,
            marker: at == 0,
            timestamp,
            ..spoken(Pcmu, count + at, &event)
        };
        if !lost.contains(&at) {
            bench.say(ALICE, &packet);
        }
        if at < 6 {
            bench.wait(TICK);
        }
    }
}

fn without_events(bench: &mut Bench, name: u64, codec: Codec) {
    let plain = Tuning { telephone_event: None, ..tuning(name, codec) };
    bench.patchbay.tune(leg(name), plain, bench.now);
}

fn keys_in(sound: &[i16]) -> String {
    let mut detector = Detector::default();
    sound.chunks(160).filter_map(|frame| detector.hear(frame)).collect()
}

/// The events in what a phone got: each press with the ticks it lasted, by its timestamp.
fn events(got: &[Got], payload_type: u8) -> Vec<(char, u16)> {
    let mut presses: Vec<(u32, char, u16)> = Vec::new();
    for packet in got.iter().filter(|got| got.payload_type == payload_type) {
        let event = TelephoneEvent::read(&packet.payload).unwrap();
        match presses.last_mut().filter(|(timestamp, ..)| *timestamp == packet.timestamp) {
            Some((_, key, duration)) => {
                assert_eq!(*key, event.key);
                *duration = (*duration).max(event.duration);
            }
            None => presses.push((packet.timestamp, event.key, event.duration)),
        }
    }
    presses.into_iter().map(|(_, key, duration)| (key, duration)).collect()
}

#[test]
fn a_press_is_told_once_whatever_of_it_is_lost() {
    for lost in [&[][..], &[0, 1], &[5, 6, 7], &[0, 1, 2, 3, 4], &[1, 2, 3, 4, 5, 6, 7]] {
        let mut bench = Bench::joined(Pcmu, Pcmu);
        bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
        press(&mut bench, 1, '5', lost);
        bench.wait(TICK * 10);
        press(&mut bench, 20, '5', lost);
        bench.wait(TICK * 10);
        assert_eq!(told(&bench), "55", "{lost:?}");
    }
}

#[test]
fn between_phones_that_agree_events_pass_as_they_came() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    press(&mut bench, 1, '#', &[]);
    assert_eq!(bench.got(BOB).len(), 9);
    assert_eq!(events(bench.got(BOB), 102), [('#', 960)]);
}

#[test]
fn a_phone_without_events_hears_tones() {
    for lost in [&[][..], &[5, 6, 7]] {
        let mut bench = Bench::joined(Pcmu, Pcma);
        without_events(&mut bench, BOB, Pcma);
        bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
        for (at, key) in (0..).zip("159".chars()) {
            press(&mut bench, 1 + 20 * at, key, lost);
            bench.wait(TICK * 14);
        }
        bench.say(ALICE, &spoken(Pcmu, 70, &[0xff; 160]));
        let heard = bench.heard(BOB, Law::A);
        assert_eq!(keys_in(&heard), "159", "{lost:?}");
        // Three presses of some 120 ms, or 150 ms more where the end never came.
        assert!(heard.len() < 3 * 8 * 320, "{}", heard.len());
        assert_eq!(told(&bench), "159");
    }
}

#[test]
fn between_clocks_a_press_is_pressed_anew() {
    let mut bench = Bench::joined(Pcmu, G722);
    let wide = Tuning { event_clock: 48_000, ..tuning(BOB, G722) };
    bench.patchbay.tune(leg(BOB), wide, bench.now);
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    press(&mut bench, 1, '7', &[3]);
    bench.wait(TICK * 10);
    let got = events(bench.got(BOB), 102);
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].0, '7');
    assert!((4_800..=7_200).contains(&got[0].1), "{got:?}");
    let ends = bench.got(BOB).iter().filter(|got| got.payload_type == 102);
    let ends = ends.filter(|got| TelephoneEvent::read(&got.payload).unwrap().end);
    assert_eq!(ends.count(), 3);
}

#[test]
fn messages_events_and_tones_at_once_are_one_press_each() {
    let mut bench = Bench::new();
    bench.tuned(ALICE, Pcmu);
    let mut tones = Vec::new();
    let mut count = 0;
    for key in "1123".chars() {
        let mut press = Tones::of(key, 8_000).unwrap();
        tones.clear();
        press.sound(800, &mut tones);
        tones.extend([0; 800]);
        for (at, frame) in tones.chunks(160).enumerate() {
            let codes: Vec<u8> = frame.iter().map(|&sample| Law::Mu.encode(sample)).collect();
            bench.say(ALICE, &spoken(Pcmu, count, &codes));
            if at == 0 {
                let event = TelephoneEvent { key, end: true, duration: 800 }.write().unwrap();
                let packet = Packet { payload_type: 101, ..spoken(Pcmu, count, &event) };
                bench.say(ALICE, &Packet { sequence: packet.sequence + 1, ..packet });
            }
            if at == 9 {
                bench.patchbay.digit(leg(ALICE), key, bench.now);
                bench.drain();
            }
            count += 2;
            bench.wait(TICK);
        }
    }
    assert_eq!(told(&bench), "1123");
}

#[test]
fn a_message_and_our_own_dialling_are_pressed_towards_the_other() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    bench.patchbay.digit(leg(ALICE), '4', bench.now);
    bench.patchbay.dial(leg(BOB), "2*x", bench.now);
    bench.wait(Duration::from_secs(2));
    let got: Vec<char> = events(bench.got(BOB), 102).iter().map(|(key, _)| *key).collect();
    assert_eq!(got, ['4', '2', '*']);
    assert_eq!(told(&bench), "4");
    assert!(events(bench.got(ALICE), 101).is_empty());
}

#[test]
fn speech_goes_on_after_a_press_in_one_stream() {
    let mut bench = Bench::joined(Pcmu, Pcmu);
    for count in 0..100 {
        if count == 20 {
            bench.patchbay.dial(leg(BOB), "9", bench.now);
        }
        bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
        bench.wait(TICK);
    }
    let got = bench.got(BOB);
    for pair in got.windows(2) {
        assert_eq!(pair[1].ssrc, pair[0].ssrc);
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        let ahead = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!(ahead <= 8_000, "{pair:?}");
    }
    assert!(got.iter().filter(|got| got.payload_type == 0).count() >= 80);
}
