//! A patchbay with far ends around it and a clock that the test winds.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use naru::audio::g711::Law;
use naru::clock;
use naru::leg::{LegId, SoundTrouble};
use naru::media::codec::{Codec, OpusTerms};
use naru::media::handle::{MediaEvent, Tuning};
use naru::media::outbox::Channel;
use naru::media::packet::{LARGEST, Packet};
use naru::media::patchbay::Patchbay;
use naru::media::report::extended::ExtendedTerms;
use naru::time::Moment;

pub(crate) const TICK: Duration = Duration::from_millis(20);
pub(crate) const SILENCE: Duration = Duration::from_secs(45);
pub(crate) const ALICE: u64 = 1;
pub(crate) const BOB: u64 = 2;

/// One RTP packet that naru has sent, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) at: Duration,
    pub(crate) to: SocketAddr,
    pub(crate) marker: bool,
    pub(crate) payload_type: u8,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) ssrc: u32,
    pub(crate) payload: Vec<u8>,
}

pub(crate) struct Bench {
    pub(crate) patchbay: Patchbay,
    pub(crate) now: Moment,
    start: Moment,
    pub(crate) got: BTreeMap<LegId, Vec<Got>>,
    pub(crate) reports: BTreeMap<LegId, Vec<(SocketAddr, Vec<u8>)>>,
    /// Without troubles.
    pub(crate) events: Vec<MediaEvent>,
    pub(crate) troubles: Vec<(LegId, SoundTrouble)>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let now = clock::now();
        Self {
            patchbay: Patchbay::new([7; 32], SILENCE, now),
            now,
            start: now,
            got: BTreeMap::new(),
            reports: BTreeMap::new(),
            events: Vec::new(),
            troubles: Vec::new(),
        }
    }

    /// Two tuned legs that hear each other.
    pub(crate) fn joined(alice: Codec, bob: Codec) -> Self {
        let mut bench = Self::new();
        bench.tuned(ALICE, alice);
        bench.tuned(BOB, bob);
        bench.patchbay.join(leg(ALICE), leg(BOB));
        bench
    }

    pub(crate) fn tuned(&mut self, name: u64, codec: Codec) {
        self.patchbay.open(leg(name), self.now);
        self.patchbay.tune(leg(name), tuning(name, codec), self.now);
    }

    /// A packet from the leg's own address.
    pub(crate) fn say(&mut self, name: u64, packet: &Packet<'_>) {
        self.say_from(name, phone(name), packet);
    }

    pub(crate) fn say_from(&mut self, name: u64, from: SocketAddr, packet: &Packet<'_>) {
        let mut datagram = [0; LARGEST];
        let length = packet.write(&mut datagram);
        self.patchbay.handle_rtp(leg(name), from, &datagram[..length], self.now);
        self.drain();
    }

    /// Lets time pass, waking the patchbay exactly when it asks.
    pub(crate) fn wait(&mut self, wait: Duration) {
        let end = self.now.after(wait);
        while let Some(due) = self.patchbay.poll_timeout().filter(|due| *due <= end.ticks) {
            let ahead = due.saturating_duration_since(self.now.ticks);
            self.now = self.now.after(ahead);
            self.patchbay.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    /// Lets time pass without waking it: the machine is too busy.
    pub(crate) fn oversleep(&mut self, wait: Duration) {
        self.now = self.now.after(wait);
        self.patchbay.handle_timeout(self.now);
        self.drain();
    }

    pub(crate) fn got(&self, name: u64) -> &[Got] {
        self.got.get(&leg(name)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn heard(&self, name: u64, law: Law) -> Vec<i16> {
        self.got(name).iter().flat_map(|got| &got.payload).map(|&code| law.decode(code)).collect()
    }

    pub(crate) fn drain(&mut self) {
        let at = self.now.ticks - self.start.ticks;
        while let Some(transmit) = self.patchbay.poll_transmit() {
            if transmit.channel == Channel::Rtcp {
                let reports = self.reports.entry(transmit.leg).or_default();
                reports.push((transmit.to, transmit.data.to_vec()));
                continue;
            }
            let packet = Packet::parse(transmit.data).unwrap();
            self.got.entry(transmit.leg).or_default().push(Got {
                at,
                to: transmit.to,
                marker: packet.marker,
                payload_type: packet.payload_type,
                sequence: packet.sequence,
                timestamp: packet.timestamp,
                ssrc: packet.ssrc,
                payload: packet.payload.to_vec(),
            });
        }
        while let Some(event) = self.patchbay.poll_event() {
            if let MediaEvent::Trouble { leg, trouble } = event {
                self.troubles.push((leg, trouble));
            } else {
                self.events.push(event);
            }
        }
    }
}

pub(crate) fn leg(name: u64) -> LegId {
    LegId::arrived(name)
}

pub(crate) fn phone(name: u64) -> SocketAddr {
    format!("192.0.2.{name}:4000").parse().unwrap()
}

pub(crate) fn tuning(name: u64, codec: Codec) -> Tuning {
    Tuning {
        signalling: IpAddr::from([192, 0, 2, name as u8]),
        answered: true,
        remote: phone(name),
        remote_rtcp: None,
        codec,
        payload_type: codec.payload_type(),
        opus: OpusTerms::default(),
        event_clock: codec.clock(),
        telephone_event: Some(100 + name as u8),
        ptime: 20,
        send: true,
        receive: true,
        extended: ExtendedTerms::default(),
        srtp: None,
    }
}

/// The `count`-th packet of a phone that started at 1,000 and 50,000.
pub(crate) fn spoken(codec: Codec, count: u16, payload: &[u8]) -> Packet<'_> {
    Packet {
        marker: count == 0,
        payload_type: codec.payload_type(),
        sequence: 1_000_u16.wrapping_add(count),
        timestamp: 50_000 + 160 * u32::from(count),
        ssrc: 0xa11ce,
        payload,
    }
}
