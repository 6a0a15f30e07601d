//! Many legs in one room.

use std::time::Duration;

use naru::audio::converter::Converter;
use naru::audio::detect::{level, loudness};
use naru::audio::g711::Law;
use naru::audio::g722::{G722Decoder, G722Encoder};
use naru::audio::opus::{Effort, OpusDecoder, OpusEncoder};
use naru::audio::tone::sine;
use naru::leg::RoomId;
use naru::media::codec::Codec::{self, G722, Opus, Pcma, Pcmu};
use naru::media::packet::Packet;

use crate::bench::{Bench, TICK, leg};
use crate::relay::assert_continuous;

const ROOM: RoomId = RoomId(1);

/// A phone in the room that hums one tone, or listens.
struct Phone {
    name: u64,
    codec: Codec,
    hums: Option<f64>,
    g722: G722Encoder,
    opus: OpusEncoder,
}

impl Phone {
    fn new(name: u64, codec: Codec, hums: Option<f64>) -> Self {
        let mut opus = OpusEncoder::new(16_000).unwrap();
        opus.set(Effort { bitrate: 32_000, complexity: 5, loss: 0, dtx: false });
        Self { name, codec, hums, g722: G722Encoder::default(), opus }
    }

    fn payload(&mut self, count: u16) -> Vec<u8> {
        let rate = if self.codec.law().is_some() { 8_000 } else { 16_000 };
        // Every tone here is a multiple of 50 Hz: each frame holds whole periods.
        let sound = match self.hums {
            Some(hz) => sine(rate, hz, -20.0, TICK),
            None => vec![0; rate as usize / 50],
        };
        let mut payload = vec![0; 400];
        let length = match (self.codec, self.codec.law()) {
            (_, Some(law)) => return sound.iter().map(|&s| law.encode(s)).collect(),
            (G722, None) => self.g722.encode(&sound, &mut payload),
            (_, None) => self.opus.encode(&sound, &mut payload),
        };
        assert!(length > 0, "{count}");
        payload.truncate(length);
        payload
    }

    /// What the phone has heard, at 8 kHz.
    fn heard(&self, bench: &Bench) -> Vec<i16> {
        let mut sound = Vec::new();
        let (mut g722, mut opus) = (G722Decoder::default(), OpusDecoder::new(8_000).unwrap());
        for got in bench.got(self.name) {
            match self.codec {
                Pcmu => sound.extend(got.payload.iter().map(|&code| Law::Mu.decode(code))),
                Pcma => sound.extend(got.payload.iter().map(|&code| Law::A.decode(code))),
                G722 => g722.decode(&got.payload, &mut sound),
                Opus => opus.decode(&got.payload, &mut sound),
            }
        }
        if self.codec != G722 {
            return sound;
        }
        let mut narrow = Vec::new();
        Converter::new(16_000, 8_000).unwrap().convert(&sound, &mut narrow);
        narrow
    }
}

fn room(phones: &[Phone], announced: bool) -> Bench {
    let mut bench = Bench::new();
    bench.patchbay.open_room(ROOM);
    for phone in phones {
        bench.tuned(phone.name, phone.codec);
        bench.patchbay.join_room(ROOM, leg(phone.name), announced, bench.now);
    }
    bench
}

fn talk(bench: &mut Bench, phones: &mut [Phone], from: u16, packets: u16) {
    for count in from..from + packets {
        for phone in &mut *phones {
            let payload = phone.payload(count);
            let packet = Packet {
                marker: count == 0,
                payload_type: phone.codec.payload_type(),
                sequence: count,
                timestamp: u32::from(count) * (phone.codec.clock() / 50),
                ssrc: phone.name as u32,
                payload: &payload,
            };
            bench.say(phone.name, &packet);
        }
        bench.wait(TICK);
    }
}

/// The last second of what was heard.
fn last(sound: &[i16]) -> &[i16] {
    &sound[sound.len() - 8_000..]
}

#[test]
fn everybody_hears_all_others_and_not_himself_whatever_the_codec() {
    let tones = [(1, Pcmu, 300.0), (2, Pcma, 500.0), (3, G722, 700.0), (4, Opus, 900.0)];
    let mut phones: Vec<Phone> =
        tones.map(|(name, codec, hz)| Phone::new(name, codec, Some(hz))).into();
    phones.push(Phone::new(5, G722, None));
    let mut bench = room(&phones, false);
    talk(&mut bench, &mut phones, 0, 150);
    for phone in &phones {
        let heard = phone.heard(&bench);
        for (name, _, hz) in tones {
            let strength = level(last(&heard), 8_000, hz);
            let who = format!("{} hears {name} at {strength:.1} dB", phone.name);
            if phone.hums == Some(hz) {
                assert!(strength < -65.0, "{who}");
            } else {
                assert!((strength + 20.0).abs() < 2.0, "{who}");
            }
        }
    }
}

#[test]
fn a_room_gives_fifty_packets_a_second_and_one_stream() {
    let mut phones = [Phone::new(1, Pcmu, Some(400.0)), Phone::new(2, Pcmu, None)];
    let mut bench = room(&phones, false);
    talk(&mut bench, &mut phones, 0, 100);
    // One falls silent altogether.
    talk(&mut bench, &mut phones[1..], 100, 50);
    for name in [1, 2] {
        let got = bench.got(name);
        assert!((149..=151).contains(&got.len()), "{}", got.len());
        assert_continuous(got);
    }
}

#[test]
fn who_is_muted_is_not_heard_but_hears() {
    let mut phones = [Phone::new(1, Pcmu, Some(400.0)), Phone::new(2, Pcmu, Some(600.0))];
    let mut bench = room(&phones, false);
    bench.patchbay.mute(leg(1), true);
    talk(&mut bench, &mut phones, 0, 100);
    assert!(loudness(last(&phones[1].heard(&bench))) < -60.0);
    assert!((level(last(&phones[0].heard(&bench)), 8_000, 600.0) + 20.0).abs() < 1.0);
    bench.patchbay.mute(leg(1), false);
    talk(&mut bench, &mut phones, 100, 75);
    assert!((level(last(&phones[1].heard(&bench)), 8_000, 400.0) + 20.0).abs() < 1.0);
}

#[test]
fn coming_and_going_are_heard_where_they_shall_be() {
    for announced in [false, true] {
        let mut phones = [Phone::new(1, Pcmu, None), Phone::new(2, Pcma, None)];
        let mut bench = room(&phones, announced);
        talk(&mut bench, &mut phones, 0, 50);
        let came = loudness(&phones[0].heard(&bench)[..4_000]);
        bench.patchbay.leave_room(leg(2));
        let before = bench.got(1).len();
        talk(&mut bench, &mut phones, 50, 50);
        let went = loudness(&phones[0].heard(&bench)[before * 160..]);
        assert_eq!((came > -40.0, went > -40.0), (announced, announced), "{came} {went}");
        assert!(bench.got(2).len() <= 51, "who has left hears nothing");
    }
}

#[test]
fn sixty_four_listen_to_four_who_speak_with_one_encoding_for_all() {
    let codecs = [Pcmu, Pcma, G722, Opus];
    let hums = |name: u64| (name <= 4).then_some(200.0 + 100.0 * name as f64);
    let mut phones: Vec<Phone> =
        (1..=64).map(|name| Phone::new(name, codecs[name as usize % 4], hums(name))).collect();
    let mut bench = room(&phones, false);
    talk(&mut bench, &mut phones, 0, 100);
    for name in [8, 12, 60] {
        let (one, other) = (bench.got(name), bench.got(64));
        assert_eq!(one.len(), other.len());
        let same = one.iter().zip(other).all(|(one, other)| one.payload == other.payload);
        assert!(same, "{name} hears what 64 hears, bit for bit");
    }
    let heard = phones[63].heard(&bench);
    for name in 1..=4 {
        let strength = level(last(&heard), 8_000, hums(name).unwrap());
        assert!((strength + 20.0).abs() < 2.0, "{name}: {strength}");
    }
}

#[test]
fn a_room_that_closes_lets_its_legs_go() {
    let mut phones = [Phone::new(1, Pcmu, Some(400.0)), Phone::new(2, Opus, None)];
    let mut bench = room(&phones, false);
    talk(&mut bench, &mut phones, 0, 20);
    bench.patchbay.close_room(ROOM);
    let before = bench.got(2).len();
    bench.wait(Duration::from_secs(1));
    assert_eq!(bench.got(2).len(), before);
    bench.patchbay.join(leg(1), leg(2));
    talk(&mut bench, &mut phones, 20, 30);
    assert!(bench.got(2).len() > before + 25, "and they can be joined");
}
