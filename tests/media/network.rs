//! A simulated network between a phone that speaks and a patchbay that hears it for another phone.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use naru::audio::g711::Law;
use naru::audio::g722::{G722Decoder, G722Encoder};
use naru::audio::opus::{Effort, OpusDecoder, OpusEncoder};
use naru::clock;
use naru::leg::LegId;
use naru::media::codec::{Codec, OpusTerms};
use naru::media::decoder::Decoder;
use naru::media::ear::Ear;
use naru::media::handle::Tuning;
use naru::media::jitter::{Arrival, Content};
use naru::media::neurons::Neurons;
use naru::media::outbox::Channel;
use naru::media::packet::{LARGEST, Packet};
use naru::media::patchbay::Patchbay;
use naru::media::report::extended::ExtendedTerms;
use naru::media::report::quality::Quality;
use naru::media::voice::{Form, PAYLOAD, Voice};
use naru::time::Moment;

const TICK: Duration = Duration::from_millis(20);
const SILENCE: Duration = Duration::from_secs(45);

/// What the network does to the speaking phone's packets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    /// Part of the packets that is lost.
    pub(crate) loss: f64,
    /// How many are lost in a row, on average.
    pub(crate) burst: f64,
    /// The longest delay; each packet has its own, evenly spread.
    pub(crate) jitter: Duration,
    /// Part of the packets that comes twice.
    pub(crate) copies: f64,
    /// Part of the packets that the next one overtakes.
    pub(crate) overtaken: f64,
    /// How much faster the phone's clock runs, in parts of a million.
    pub(crate) drift: f64,
    pub(crate) seed: u64,
}

pub(crate) const CLEAN: Network = Network {
    loss: 0.0,
    burst: 1.0,
    jitter: Duration::ZERO,
    copies: 0.0,
    overtaken: 0.0,
    drift: 0.0,
    seed: 1,
};

/// Behind the packet that was sent after it.
const OVERTAKEN: Duration = Duration::from_millis(25);

/// What the hearing phone got.
pub(crate) struct Outcome {
    /// At the rate of its codec, Opus at 48 kHz; what was not sent is silence.
    pub(crate) sound: Vec<i16>,
    /// When each packet was sent to it, from the start, and how many of its samples stood before it.
    pub(crate) sent: Vec<(Duration, usize)>,
    pub(crate) quality: Quality,
}

impl Outcome {
    /// As [`added`].
    pub(crate) fn added(&self, rate: u32) -> (Duration, Duration) {
        added(&self.sent, rate)
    }
}

/// How much later than it was spoken sound was sent on, beyond the 20 ms of a packet: mean and
/// most.
pub(crate) fn added(sent: &[(Duration, usize)], rate: u32) -> (Duration, Duration) {
    let waits = sent.iter().map(|(at, place)| {
        let spoken = Duration::from_secs_f64(*place as f64 / f64::from(rate));
        at.saturating_sub(spoken + TICK)
    });
    let most = waits.clone().max().unwrap_or_default();
    (waits.sum::<Duration>() / sent.len().max(1) as u32, most)
}

struct Dice(u64);

impl Dice {
    /// Evenly spread from 0 to 1 (xorshift64*).
    fn roll(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The arrivals of a phone that speaks: when, and what.
pub(crate) fn arrivals(network: Network, packets: &[Vec<u8>]) -> Vec<(Duration, usize)> {
    let mut dice = Dice(network.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut lost = false;
    let mut arrivals = Vec::new();
    for at in 0..packets.len() {
        // Two states (Gilbert): losing goes on as long as a burst is on average.
        let stays = 1.0 - 1.0 / network.burst;
        let begins = network.loss * (1.0 - stays) / (1.0 - network.loss).max(0.01);
        lost = if network.burst <= 1.0 {
            dice.roll() < network.loss
        } else {
            dice.roll() < if lost { stays } else { begins }
        };
        let sent = TICK.mul_f64((at as f64 + 1.0) * (1.0 - network.drift / 1e6));
        let mut delay = network.jitter.mul_f64(dice.roll());
        if network.overtaken > 0.0 && dice.roll() < network.overtaken {
            delay += OVERTAKEN;
        }
        if !lost {
            arrivals.push((sent + delay, at));
            if dice.roll() < network.copies {
                arrivals.push((sent + delay + Duration::from_millis(1), at));
            }
        }
    }
    arrivals.sort_unstable();
    arrivals
}

/// Speech, at the rate of `from` (Opus: 16 kHz), as a phone sends it.
pub(crate) fn spoken(from: Codec, loss: f64, speech: &[i16]) -> Vec<Vec<u8>> {
    let mut g722 = G722Encoder::default();
    let mut opus = OpusEncoder::new(16_000).unwrap();
    let loss = if loss > 0.0 { ((loss * 100.0) as u8).max(10) } else { 0 };
    opus.set(Effort { bitrate: 24_000, complexity: 9, loss, dtx: false });
    let frame = if from.law().is_some() { 160 } else { 320 };
    let frames = speech.chunks_exact(frame);
    let packet = |frame: &[i16]| {
        let mut payload = vec![0; 400];
        let length = match from {
            Codec::Pcmu | Codec::Pcma => {
                let law = from.law().unwrap();
                return frame.iter().map(|&sample| law.encode(sample)).collect();
            }
            Codec::G722 => g722.encode(frame, &mut payload),
            Codec::Opus => opus.encode(frame, &mut payload),
        };
        payload.truncate(length);
        payload
    };
    frames.map(packet).collect()
}

/// The `count`-th packet of the speaking phone.
pub(crate) fn packed(from: Codec, count: usize, payload: &[u8]) -> Packet<'_> {
    Packet {
        marker: count == 0,
        payload_type: from.payload_type(),
        sequence: count as u16,
        timestamp: count as u32 * (from.clock() / 50),
        ssrc: 0xa11ce,
        payload,
    }
}

/// What an ear of `rate` makes of `speech` that has come through `network`, before it is coded for
/// anybody.
pub(crate) fn heard(network: Network, (from, rate): (Codec, u32), speech: &[i16]) -> Vec<i16> {
    let packets = spoken(from, network.loss, speech);
    let start = clock::now();
    let mut ear = Ear::new(from, rate, start.ticks).unwrap();
    let (mut due, mut sound, mut frame) = (None, Vec::new(), Vec::new());
    let mut neurons = Neurons::default();
    let end = TICK * packets.len() as u32 + Duration::from_millis(300);
    let mut hear = |ear: &mut Ear, due: &mut Option<Instant>, until: Instant| {
        while let Some(at) = due.filter(|due| *due <= until) {
            ear.pull(at, &mut neurons, &mut frame);
            sound.extend_from_slice(&frame);
            *due = (!ear.is_idle()).then_some(at + TICK);
        }
    };
    for (at, count) in arrivals(network, &packets) {
        let now = start.after(at).ticks;
        hear(&mut ear, &mut due, now);
        let Packet { ssrc, sequence, timestamp, payload, .. } =
            packed(from, count, &packets[count]);
        let kind = Content::Speech;
        due = due.or(ear.put(Arrival { ssrc, sequence, timestamp, kind, payload }, now));
    }
    hear(&mut ear, &mut due, start.after(end).ticks);
    sound
}

/// What a phone of one codec hears of `speech` from a phone of another when nothing but the codecs
/// stands between them.
pub(crate) fn by_codecs_alone((from, to): (Codec, Codec), speech: &[i16]) -> Vec<i16> {
    let mut decoder = Decoder::new(from, from.rate().min(to.rate())).unwrap();
    let form = Form::of(&tuning(LegId::arrived(2), to));
    let mut voice = Voice::new(form, decoder.rate()).unwrap();
    let mut phone = Phone::new(to);
    let (mut sound, mut payload) = (Vec::new(), [0; PAYLOAD]);
    for (count, packet) in spoken(from, 0.0, speech).iter().enumerate() {
        let at = TICK * count as u32;
        if from == to {
            phone.hear(&packed(to, count, packet), at);
            continue;
        }
        sound.clear();
        decoder.decode(packet, &mut sound);
        voice.say(&sound);
        let spoken = voice.next(0, &mut payload).unwrap();
        phone.hear(&packed(to, count, &payload[..spoken.length]), at);
    }
    phone.sound
}

/// Sends `speech` from a phone of one codec through `network` and the patchbay to a phone of
/// another.
pub(crate) fn through(network: Network, (from, to): (Codec, Codec), speech: &[i16]) -> Outcome {
    let packets = spoken(from, network.loss, speech);
    let start = clock::now();
    let mut patchbay = Patchbay::new([network.seed as u8; 32], SILENCE, start);
    let (speaker, hearer) = (LegId::arrived(1), LegId::arrived(2));
    for (leg, codec) in [(speaker, from), (hearer, to)] {
        patchbay.open(leg, start);
        patchbay.tune(leg, tuning(leg, codec), start);
    }
    patchbay.join(speaker, hearer);
    let mut phone = Phone::new(to);
    for (at, count) in arrivals(network, &packets) {
        advance(&mut patchbay, start, at, &mut phone);
        let mut datagram = [0; LARGEST];
        let length = packed(from, count, &packets[count]).write(&mut datagram);
        patchbay.handle_rtp(speaker, phone_of(speaker), &datagram[..length], start.after(at));
        phone.take(&mut patchbay, at);
    }
    let end = TICK * packets.len() as u32 + Duration::from_millis(300);
    advance(&mut patchbay, start, end, &mut phone);
    let quality = patchbay.quality(speaker).unwrap();
    Outcome { sound: phone.sound, sent: phone.sent, quality }
}

fn advance(patchbay: &mut Patchbay, start: Moment, to: Duration, phone: &mut Phone) {
    while let Some(due) = patchbay.poll_timeout().filter(|due| *due <= start.ticks + to) {
        let at = due.saturating_duration_since(start.ticks);
        patchbay.handle_timeout(start.after(at));
        phone.take(patchbay, at);
    }
}

/// The phone that hears: its line is perfect.
pub(crate) struct Phone {
    codec: Codec,
    g722: G722Decoder,
    opus: OpusDecoder,
    first: Option<u32>,
    pub(crate) sound: Vec<i16>,
    pub(crate) sent: Vec<(Duration, usize)>,
}

impl Phone {
    pub(crate) fn new(codec: Codec) -> Self {
        let opus = OpusDecoder::new(48_000).unwrap();
        let (sound, sent) = (Vec::new(), Vec::new());
        Self { codec, g722: G722Decoder::default(), opus, first: None, sound, sent }
    }

    fn take(&mut self, patchbay: &mut Patchbay, at: Duration) {
        while let Some(transmit) = patchbay.poll_transmit() {
            if transmit.channel == Channel::Rtcp || transmit.leg != LegId::arrived(2) {
                continue;
            }
            self.hear(&Packet::parse(transmit.data).unwrap(), at);
        }
    }

    /// A packet has come to it.
    pub(crate) fn hear(&mut self, packet: &Packet<'_>, at: Duration) {
        let first = *self.first.get_or_insert(packet.timestamp);
        let ticks = packet.timestamp.wrapping_sub(first);
        let place = ticks as usize * (self.codec.rate() / self.codec.clock()) as usize;
        let relayed = self.codec.law().is_some();
        assert!(relayed || place >= self.sound.len(), "time goes on");
        self.sound.resize(place.max(self.sound.len()), 0);
        self.sent.push((at, place));
        match self.codec {
            Codec::Pcmu => self.law(Law::Mu, place, packet.payload),
            Codec::Pcma => self.law(Law::A, place, packet.payload),
            Codec::G722 => self.g722.decode(packet.payload, &mut self.sound),
            Codec::Opus => self.opus.decode(packet.payload, &mut self.sound),
        }
    }

    /// A relayed packet may come after those that follow it.
    fn law(&mut self, law: Law, place: usize, codes: &[u8]) {
        self.sound.resize(self.sound.len().max(place + codes.len()), 0);
        for (sample, &code) in self.sound[place..].iter_mut().zip(codes) {
            *sample = law.decode(code);
        }
    }
}

fn phone_of(leg: LegId) -> SocketAddr {
    SocketAddr::new(IpAddr::from([192, 0, 2, leg.get() as u8]), 4_000)
}

fn tuning(leg: LegId, codec: Codec) -> Tuning {
    Tuning {
        signalling: phone_of(leg).ip(),
        answered: true,
        remote: phone_of(leg),
        remote_rtcp: None,
        codec,
        payload_type: codec.payload_type(),
        opus: OpusTerms { fec: true, ..OpusTerms::default() },
        telephone_event: None,
        event_clock: codec.clock(),
        ptime: 20,
        send: true,
        receive: true,
        extended: ExtendedTerms::default(),
        srtp: None,
    }
}
