//! Two who talk, a third who comes and goes, and one stream for each of them all the while.

use naru::audio::detect::level;
use naru::audio::g711::Law;
use naru::audio::tone::sine;
use naru::leg::{LegId, RoomId};
use naru::media::codec::Codec::{Pcma, Pcmu};
use naru::media::packet::Packet;
use naru::media::tape::tape;
use naru::media::telephone_event::TelephoneEvent;

use crate::bench::{ALICE, BOB, Bench, TICK, leg, spoken};
use crate::relay::assert_continuous;

const CAROL: u64 = 3;
const ROOM: RoomId = RoomId(1);

/// Everybody hums a tone of their own for `packets` packets from the `from`-th on.
fn hum(bench: &mut Bench, names: &[u64], from: u16, packets: u16) {
    for count in from..from + packets {
        for &name in names {
            let law = if name == BOB { Law::A } else { Law::Mu };
            let codec = if name == BOB { Pcma } else { Pcmu };
            let sound = sine(8_000, 200.0 + 200.0 * name as f64, -20.0, TICK);
            let codes: Vec<u8> = sound.iter().map(|&sample| law.encode(sample)).collect();
            bench.say(name, &spoken(codec, count, &codes));
        }
        bench.wait(TICK);
    }
}

/// How strong somebody's tone is in the last half second that another has heard.
fn strength(bench: &Bench, at: u64, of: u64) -> f64 {
    let law = if at == BOB { Law::A } else { Law::Mu };
    let heard = bench.heard(at, law);
    level(&heard[heard.len() - 4_000..], 8_000, 200.0 + 200.0 * of as f64)
}

fn hears(bench: &Bench, at: u64, of: &[u64]) {
    for name in [ALICE, BOB, CAROL] {
        let strength = strength(bench, at, name);
        let is_heard = of.contains(&name);
        assert_eq!(strength > -25.0, is_heard, "{at} hears {name} at {strength:.0} dB");
        assert!(is_heard || strength < -60.0, "{at} hears {name} at {strength:.0} dB");
    }
}

fn into_room(bench: &mut Bench, names: &[u64]) {
    for &name in names {
        bench.patchbay.join_room(ROOM, leg(name), false, bench.now);
    }
}

/// L32: no stream is rebuilt: SSRC, numbers and timestamps go on from relay to room and back.
#[test]
fn a_relay_becomes_a_room_and_a_relay_again_in_one_stream() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    hum(&mut bench, &[ALICE, BOB], 0, 50);
    hears(&bench, ALICE, &[BOB]);
    bench.tuned(CAROL, Pcmu);
    bench.patchbay.open_room(ROOM);
    into_room(&mut bench, &[ALICE, BOB, CAROL]);
    hum(&mut bench, &[ALICE, BOB, CAROL], 50, 100);
    hears(&bench, ALICE, &[BOB, CAROL]);
    hears(&bench, BOB, &[ALICE, CAROL]);
    hears(&bench, CAROL, &[ALICE, BOB]);
    bench.patchbay.leave_room(leg(CAROL));
    bench.patchbay.close_room(ROOM);
    bench.patchbay.join(leg(ALICE), leg(BOB));
    hum(&mut bench, &[ALICE, BOB], 150, 50);
    hears(&bench, ALICE, &[BOB]);
    hears(&bench, BOB, &[ALICE]);
    for name in [ALICE, BOB] {
        let got = bench.got(name);
        assert_continuous_but_for_turns(got);
        assert!(got.len() >= 195, "{}", got.len());
    }
    assert_continuous(&bench.got(CAROL)[5..]);
}

/// One stream whose numbers never jump; where the way changes, time may skip some packets ahead.
fn assert_continuous_but_for_turns(got: &[crate::bench::Got]) {
    let mut skips = 0;
    for pair in got.windows(2) {
        assert_eq!(pair[1].ssrc, pair[0].ssrc);
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        let ahead = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!((80..=1_600).contains(&ahead), "{ahead}");
        skips += u32::from(ahead != 160);
    }
    assert!(skips <= 2, "{skips}");
}

/// A press as a phone sends it: begin, end, and the end twice more.
fn press(bench: &mut Bench, count: u16, key: char) {
    for at in 0..4_u16 {
        let event = TelephoneEvent { key, end: at > 0, duration: 160 * (at + 1) };
        let event = event.write().unwrap();
        let packet = Packet {
            payload_type: 101,
            marker: at == 0,
            timestamp: 50_000 + 160 * u32::from(count),
            ..spoken(Pcmu, count + at, &event)
        };
        bench.say(ALICE, &packet);
        bench.wait(TICK);
    }
}

fn keys_at(bench: &Bench, name: u64, payload_type: u8) -> String {
    let mut presses: Vec<(u32, char)> = Vec::new();
    for got in bench.got(name).iter().filter(|got| got.payload_type == payload_type) {
        let key = TelephoneEvent::read(&got.payload).unwrap().key;
        if presses.last() != Some(&(got.timestamp, key)) {
            presses.push((got.timestamp, key));
        }
    }
    presses.into_iter().map(|(_, key)| key).collect()
}

/// What a star begins is for us or for the other side, and until that is known nobody hears it.
#[test]
fn a_code_is_not_heard_by_the_other_side_and_other_keys_are() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    bench.patchbay.hold_back_star(leg(ALICE));
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    press(&mut bench, 1, '5');
    press(&mut bench, 10, '*');
    press(&mut bench, 20, '1');
    bench.patchbay.pass_keys(leg(ALICE), true, bench.now);
    press(&mut bench, 30, '7');
    assert_eq!(keys_at(&bench, BOB, 102), "57");
    press(&mut bench, 40, '*');
    press(&mut bench, 50, '9');
    assert_eq!(keys_at(&bench, BOB, 102), "57");
    bench.patchbay.pass_keys(leg(ALICE), false, bench.now);
    bench.wait(TICK * 80);
    assert_eq!(keys_at(&bench, BOB, 102), "57*9");
    bench.patchbay.digit(leg(ALICE), '*', bench.now);
    bench.patchbay.digit(leg(ALICE), '3', bench.now);
    bench.wait(TICK * 40);
    assert_eq!(keys_at(&bench, BOB, 102), "57*9", "nor what signalling tells");
    bench.patchbay.pass_keys(leg(ALICE), true, bench.now);
}

/// What is held back leaves no hole in the stream of the other side.
#[test]
fn speech_around_a_code_has_no_hole() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    bench.patchbay.hold_back_star(leg(ALICE));
    let speak = |bench: &mut Bench, count: u16| {
        bench.say(ALICE, &spoken(Pcmu, count, &[0xff; 160]));
        bench.wait(TICK);
    };
    (0..10).for_each(|count| speak(&mut bench, count));
    press(&mut bench, 10, '*');
    press(&mut bench, 14, '1');
    bench.patchbay.pass_keys(leg(ALICE), true, bench.now);
    (18..30).for_each(|count| speak(&mut bench, count));
    let got = bench.got(BOB);
    assert_eq!(got.len(), 22);
    assert!(got.windows(2).all(|pair| pair[1].sequence == pair[0].sequence.wrapping_add(1)));
    assert_eq!(got[21].timestamp, got[0].timestamp.wrapping_add(29 * 160));
}

/// The rest of the press that decided comes after the decision.
#[test]
fn the_end_of_a_code_is_not_heard_either() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    bench.patchbay.hold_back_star(leg(ALICE));
    bench.say(ALICE, &spoken(Pcmu, 0, &[0xff; 160]));
    press(&mut bench, 10, '*');
    let begin = TelephoneEvent { key: '1', end: false, duration: 160 }.write().unwrap();
    let packet = Packet { payload_type: 101, marker: true, ..spoken(Pcmu, 20, &begin) };
    bench.say(ALICE, &packet);
    bench.patchbay.pass_keys(leg(ALICE), true, bench.now);
    for at in 1..4 {
        let end = TelephoneEvent { key: '1', end: true, duration: 480 }.write().unwrap();
        let packet = Packet {
            payload_type: 101,
            timestamp: 50_000 + 160 * 20,
            ..spoken(Pcmu, 20 + at, &end)
        };
        bench.say(ALICE, &packet);
        bench.wait(TICK);
    }
    assert_eq!(keys_at(&bench, BOB, 102), "");
}

/// A machine at the customer's side waits for the agents' keys also while several listen.
#[test]
fn keys_in_a_room_go_to_the_customer_alone() {
    let mut bench = Bench::new();
    for (name, codec) in [(ALICE, Pcmu), (BOB, Pcma), (CAROL, Pcmu)] {
        bench.tuned(name, codec);
    }
    bench.patchbay.open_room(ROOM);
    bench.patchbay.send_keys_to(ROOM, leg(BOB));
    into_room(&mut bench, &[ALICE, BOB, CAROL]);
    bench.patchbay.hold_back_star(leg(ALICE));
    hum(&mut bench, &[BOB, CAROL], 0, 10);
    press(&mut bench, 1, '4');
    press(&mut bench, 10, '*');
    press(&mut bench, 20, '1');
    bench.patchbay.pass_keys(leg(ALICE), true, bench.now);
    hum(&mut bench, &[BOB, CAROL], 10, 30);
    assert_eq!(keys_at(&bench, BOB, 102), "4");
    assert_eq!(keys_at(&bench, CAROL, 103), "");
}

/// What nobody hears is not on the tape.
#[test]
fn who_is_muted_is_not_recorded() {
    let mut bench = Bench::new();
    for (name, codec) in [(ALICE, Pcmu), (BOB, Pcma)] {
        bench.tuned(name, codec);
    }
    bench.patchbay.open_room(ROOM);
    into_room(&mut bench, &[ALICE, BOB]);
    let (writer, mut reader) = tape(64 * 1024, bench.now.ticks);
    bench.patchbay.record(leg(ALICE), writer);
    let mut read = |bench: &mut Bench, from| {
        hum(bench, &[ALICE, BOB], from, 10);
        let mut payload = Vec::new();
        let mut packets = 0;
        while reader.read(&mut payload).is_some() {
            packets += 1;
        }
        packets
    };
    assert_eq!(read(&mut bench, 0), 10);
    bench.patchbay.mute(leg(ALICE), true);
    assert_eq!(read(&mut bench, 10), 0);
    bench.patchbay.mute(leg(ALICE), false);
    assert_eq!(read(&mut bench, 20), 10);
}

#[test]
fn keys_of_a_leg_that_is_gone_go_nowhere() {
    let mut bench = Bench::joined(Pcmu, Pcma);
    let gone: LegId = leg(77);
    bench.patchbay.hold_back_star(gone);
    bench.patchbay.pass_keys(gone, false, bench.now);
    bench.patchbay.send_keys_to(RoomId(9), gone);
    bench.wait(TICK * 5);
    assert!(bench.got.is_empty());
}
