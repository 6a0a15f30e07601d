//! What sound costs that is not simply passed on: `cargo bench --bench rooms`.
//!
//! Prints the CPU of the patchbay, without sockets, for rooms, for a clip that many hear and for
//! calls between codecs, as a share of one core at real time. The clock is wound: ten seconds of
//! sound take as long as they cost.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench speaks on stdout")]

use std::fs;
use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use naru::audio::clip::Clip;
use naru::audio::g722::G722Encoder;
use naru::audio::opus::{Effort, OpusEncoder};
use naru::audio::tone::sine;
use naru::clock;
use naru::leg::{LegId, PlayId, RoomId};
use naru::media::codec::Codec::{self, G722, Opus, Pcma, Pcmu};
use naru::media::codec::OpusTerms;
use naru::media::handle::Tuning;
use naru::media::packet::{LARGEST, Packet};
use naru::media::patchbay::Patchbay;
use naru::media::report::extended::ExtendedTerms;
use naru::media::run::SILENCE;
use naru::time::Moment;

const TICK: Duration = Duration::from_millis(20);
/// Frames of one run: ten seconds.
const FRAMES: u32 = 500;
const MIXED: [Codec; 4] = [Pcmu, Pcma, G722, Opus];

fn main() {
    println!("{:<46} {:>12} {:>14}", "work", "% of a core", "us a frame");
    room("a room of 64, 4 speak, four codecs", 64, 4, &MIXED);
    room("a room of 64, 4 speak, G.711", 64, 4, &[Pcmu, Pcma]);
    room("a room of 10, all speak, G.711", 10, 10, &[Pcmu, Pcma]);
    room("a room of 3, all speak, G.711", 3, 3, &[Pcmu, Pcma]);
    for codec in MIXED {
        clip(&format!("one clip to 100 callers, {codec:?}"), codec);
    }
    for (one, other) in [(Pcmu, Pcma), (Pcmu, G722), (Pcmu, Opus), (G722, Opus)] {
        calls(&format!("100 calls {one:?} to {other:?}, both ways"), 100, (one, other), 0);
    }
    for (count, lost) in [(10, 0), (10, 5), (10, 20), (100, 5), (100, 20)] {
        let work = format!("{count} calls Opus to G.711, {lost} % of Opus lost");
        calls(&work, count, (Opus, Pcmu), lost);
    }
}

/// A patchbay and the phones around it.
struct Bench {
    patchbay: Patchbay,
    now: Moment,
    phones: Vec<Phone>,
}

struct Phone {
    leg: LegId,
    address: SocketAddr,
    codec: Codec,
    /// A second of what it says, frame by frame; nobody's: it says nothing.
    says: Vec<Vec<u8>>,
    /// Percent of what it says that is lost.
    lost: u32,
}

impl Bench {
    fn new() -> Self {
        let now = clock::now();
        Self { patchbay: Patchbay::new([1; 32], SILENCE, now), now, phones: Vec::new() }
    }

    fn phone(&mut self, codec: Codec, hums: Option<f64>) -> LegId {
        let count = self.phones.len() as u64;
        let leg = LegId::arrived(count);
        let address: SocketAddr = format!("192.0.2.1:{}", 4_000 + 2 * count).parse().unwrap();
        self.patchbay.open(leg, self.now);
        self.patchbay.tune(leg, tuning(address, codec), self.now);
        self.phones.push(Phone { leg, address, codec, says: frames(codec, hums), lost: 0 });
        leg
    }

    /// Ten seconds, and what they cost.
    fn run(&mut self, work: &str) {
        self.frame(0);
        let spent = own_cpu();
        (1..=FRAMES).for_each(|count| self.frame(count));
        let nanos = (own_cpu() - spent) as f64;
        let (share, micros) = (nanos / (f64::from(FRAMES) * 20e6), nanos / f64::from(FRAMES) / 1e3);
        println!("{work:<46} {:>12.2} {micros:>14.0}", share * 100.0);
    }

    fn frame(&mut self, count: u32) {
        let mut datagram = [0; LARGEST];
        for phone in &self.phones {
            let Some(payload) = phone.says.get(count as usize % 50) else { continue };
            if thrown(count, phone.leg.get() as u32) < phone.lost {
                continue;
            }
            let packet = Packet {
                marker: count == 0,
                payload_type: phone.codec.payload_type(),
                sequence: count as u16,
                timestamp: count.wrapping_mul(phone.codec.clock() / 50),
                ssrc: phone.leg.get() as u32,
                payload,
            };
            let length = packet.write(&mut datagram);
            self.patchbay.handle_rtp(phone.leg, phone.address, &datagram[..length], self.now);
            while let Some(transmit) = self.patchbay.poll_transmit() {
                black_box(transmit.data);
            }
        }
        let end = self.now.after(TICK);
        while let Some(due) = self.patchbay.poll_timeout().filter(|due| *due <= end.ticks) {
            self.now = self.now.after(due.saturating_duration_since(self.now.ticks));
            self.patchbay.handle_timeout(self.now);
            while let Some(transmit) = self.patchbay.poll_transmit() {
                black_box(transmit.data);
            }
        }
        self.now = end;
    }
}

fn room(work: &str, members: usize, speakers: usize, codecs: &[Codec]) {
    let mut bench = Bench::new();
    bench.patchbay.open_room(RoomId(1));
    for at in 0..members {
        let hums = (at < speakers).then_some(200.0 + 50.0 * at as f64);
        let leg = bench.phone(codecs[at % codecs.len()], hums);
        bench.patchbay.join_room(RoomId(1), leg, false, bench.now);
    }
    bench.run(work);
}

fn clip(work: &str, codec: Codec) {
    let clip = Arc::new(Clip::new(16_000, sine(16_000, 440.0, -12.0, Duration::from_secs(5))));
    clip.prepare();
    let mut bench = Bench::new();
    for at in 0..100 {
        let leg = bench.phone(codec, None);
        bench.phones[at].says.clear();
        bench.patchbay.play(leg, PlayId(at as u64), (Arc::clone(&clip), true), bench.now);
    }
    bench.run(work);
}

/// `lost`: percent of what the first of them says.
fn calls(work: &str, count: usize, (one, other): (Codec, Codec), lost: u32) {
    let mut bench = Bench::new();
    for at in 0..count {
        let (one, other) = (bench.phone(one, Some(300.0)), bench.phone(other, Some(500.0)));
        bench.patchbay.join(one, other);
        bench.phones[2 * at].lost = lost;
    }
    bench.run(work);
}

/// A number below 100 for a packet of a phone, as if by dice (the finalizer of SplitMix64).
fn thrown(count: u32, phone: u32) -> u32 {
    let mut bits = (u64::from(phone) << 32 | u64::from(count)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((bits ^ bits >> 31) % 100) as u32
}

/// A second of a hum, or of silence, as a phone sends it.
fn frames(codec: Codec, hums: Option<f64>) -> Vec<Vec<u8>> {
    let rate = if codec.law().is_some() { 8_000 } else { 16_000 };
    let second = Duration::from_secs(1);
    let sound = match hums {
        Some(hz) => sine(rate, hz, -20.0, second),
        None => vec![0; rate as usize],
    };
    let mut wide = G722Encoder::default();
    let mut opus = OpusEncoder::new(16_000).unwrap();
    opus.set(Effort { bitrate: 24_000, complexity: 5, loss: 0, dtx: false });
    let code = |frame: &[i16]| {
        if let Some(law) = codec.law() {
            return frame.iter().map(|&sample| law.encode(sample)).collect();
        }
        let mut payload = vec![0; 400];
        let length = if codec == G722 {
            wide.encode(frame, &mut payload)
        } else {
            opus.encode(frame, &mut payload)
        };
        payload.truncate(length);
        payload
    };
    sound.chunks_exact(rate as usize / 50).map(code).collect()
}

fn tuning(remote: SocketAddr, codec: Codec) -> Tuning {
    Tuning {
        signalling: remote.ip(),
        answered: true,
        remote,
        remote_rtcp: None,
        codec,
        payload_type: codec.payload_type(),
        opus: OpusTerms::default(),
        event_clock: codec.clock(),
        telephone_event: None,
        ptime: 20,
        send: true,
        receive: true,
        extended: ExtendedTerms::default(),
        srtp: None,
    }
}

/// Nanoseconds that this thread has run.
fn own_cpu() -> u64 {
    let figures = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    figures.split(' ').next().unwrap().parse().unwrap()
}
