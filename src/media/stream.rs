//! What we send to one leg: a single RTP stream, whoever feeds it (RFC 3550 5.1).
//!
//! One SSRC, and sequence numbers and timestamps that go on without a break when the leg is moved
//! from a clip to a partner to the echo. Losses of a relayed source stay visible as gaps.

use std::time::{Duration, Instant};

use crate::media::packet::Packet;

/// RFC 3550 A.1: a sequence number this far ahead is a restart, not a loss.
const MAX_DROPOUT: u16 = 3_000;
/// RFC 3550 A.1: how late a packet may come and still be of use.
const MAX_MISORDER: u16 = 100;
/// A source whose timestamps leave its own clock by more seconds has started a new one.
const MAX_DRIFT: u32 = 2;
/// Ticks a second of every codec but Opus.
const NARROW: u32 = 8_000;

#[derive(Debug)]
pub struct Stream {
    clock: u32,
    ssrc: u32,
    sequence: u16,
    /// Timestamp of the newest sound, when it was sent and how many samples it had.
    timestamp: u32,
    sent: Option<Instant>,
    span: u32,
    feeding: Feeding,
    packets: u32,
    octets: u32,
}

#[derive(Clone, Copy, Debug)]
enum Feeding {
    /// The next packet begins anew: marker, and a timestamp by the clock.
    Fresh,
    /// Our own sound, packet by packet.
    Own,
    Relay(Followed),
}

/// The source that is relayed, and how far its numbers lie from ours.
#[derive(Clone, Copy, Debug)]
struct Followed {
    ssrc: u32,
    highest: u16,
    timestamp: u32,
    at: Instant,
    sequence_offset: u16,
    timestamp_offset: u32,
    /// Bit n stands for the packet n below the highest: set while it is missing. Numbers from
    /// before this source was followed are not missed.
    missing: u128,
}

/// The numbers of one packet to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
}

/// What a leg's stream has carried, for its reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    pub ssrc: u32,
    /// The timestamp that sound of this instant would have.
    pub timestamp: u32,
    pub packets: u32,
    pub octets: u32,
}

impl Stream {
    /// Starts at numbers that nobody can guess.
    #[must_use]
    pub fn new(ssrc: u32, sequence: u16, timestamp: u32) -> Self {
        Self {
            clock: NARROW,
            ssrc,
            sequence,
            timestamp,
            sent: None,
            span: 0,
            feeding: Feeding::Fresh,
            packets: 0,
            octets: 0,
        }
    }

    /// Timestamps count `clock` ticks a second from now on.
    pub fn tuned(&mut self, clock: u32) {
        if clock != self.clock {
            self.clock = clock;
            self.begin();
        }
    }

    /// Whoever feeds the leg from now on is someone else, or it has been quiet.
    pub fn begin(&mut self) {
        self.feeding = Feeding::Fresh;
    }

    /// The next packet of our own sound: `samples` long, `skipped` packets' time after the last.
    pub fn produce(&mut self, samples: u32, skipped: u32, now: Instant) -> Stamp {
        let (marker, timestamp) = match self.feeding {
            Feeding::Own => {
                let passed = self.span.wrapping_add(samples.wrapping_mul(skipped));
                (skipped > 0, self.timestamp.wrapping_add(passed))
            }
            Feeding::Fresh | Feeding::Relay(_) => (true, self.resumed(now)),
        };
        self.feeding = Feeding::Own;
        self.sequence = self.sequence.wrapping_add(1);
        self.sound(timestamp, samples, now);
        self.stamp(marker, self.sequence, timestamp)
    }

    /// The next packet of a key's press; the first takes the timestamp at which the press began,
    /// the others keep it (RFC 4733 2.5.1.2).
    pub fn press(&mut self, first: bool, now: Instant) -> Stamp {
        if first {
            let timestamp = self.resumed(now);
            self.sound(timestamp, 0, now);
        }
        self.feeding = Feeding::Fresh;
        self.sequence = self.sequence.wrapping_add(1);
        self.stamp(first, self.sequence, self.timestamp)
    }

    /// The numbers under which a source's packet goes on, or `None` when it is a copy or too late.
    pub fn relay(&mut self, packet: &Packet<'_>, now: Instant) -> Option<Stamp> {
        let Feeding::Relay(mut followed) = self.feeding else {
            return Some(self.follow(packet, now));
        };
        let ahead = packet.sequence.wrapping_sub(followed.highest);
        let behind = ahead.wrapping_neg();
        if followed.ssrc == packet.ssrc && behind <= MAX_MISORDER {
            let missed = followed.missing & (1 << behind);
            followed.missing &= !missed;
            self.feeding = Feeding::Relay(followed);
            return (missed != 0).then(|| self.moved(&followed, packet));
        }
        if followed.ssrc != packet.ssrc
            || ahead > MAX_DROPOUT
            || followed.drifted(packet, now, self.clock)
        {
            return Some(self.follow(packet, now));
        }
        followed.reach(packet, ahead, now);
        self.feeding = Feeding::Relay(followed);
        let stamp = self.moved(&followed, packet);
        self.sequence = stamp.sequence;
        // The packets of one telephone event share a timestamp (RFC 4733 2.5.1.2).
        if stamp.timestamp != self.timestamp {
            self.sound(stamp.timestamp, samples(packet, self.clock), now);
        }
        Some(stamp)
    }

    /// A packet of the relayed source that this leg cannot take leaves no gap.
    pub fn skip(&mut self, packet: &Packet<'_>, now: Instant) {
        if let Feeding::Relay(followed) = &mut self.feeding {
            let ahead = packet.sequence.wrapping_sub(followed.highest);
            if followed.ssrc == packet.ssrc && (1..=MAX_DROPOUT).contains(&ahead) {
                followed.reach(packet, ahead, now);
                followed.sequence_offset = followed.sequence_offset.wrapping_sub(1);
                followed.missing = 0;
            }
        }
    }

    /// A packet with these octets of payload has gone out.
    pub fn count(&mut self, octets: usize) {
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(octets as u32);
    }

    #[must_use]
    pub fn sent(&self, now: Instant) -> Sent {
        let timestamp =
            self.timestamp.wrapping_add(self.sent.map_or(0, |at| ticks(now, at, self.clock)));
        Sent { ssrc: self.ssrc, timestamp, packets: self.packets, octets: self.octets }
    }

    fn follow(&mut self, packet: &Packet<'_>, now: Instant) -> Stamp {
        let timestamp = self.resumed(now);
        self.sequence = self.sequence.wrapping_add(1);
        self.feeding = Feeding::Relay(Followed {
            ssrc: packet.ssrc,
            highest: packet.sequence,
            timestamp: packet.timestamp,
            at: now,
            sequence_offset: self.sequence.wrapping_sub(packet.sequence),
            timestamp_offset: timestamp.wrapping_sub(packet.timestamp),
            missing: 0,
        });
        self.sound(timestamp, samples(packet, self.clock), now);
        self.stamp(true, self.sequence, timestamp)
    }

    fn sound(&mut self, timestamp: u32, samples: u32, now: Instant) {
        (self.timestamp, self.sent, self.span) = (timestamp, Some(now), samples);
    }

    /// Where the timestamp stands by the clock, never inside the sound already sent.
    fn resumed(&self, now: Instant) -> u32 {
        let passed = self.sent.map_or(0, |at| ticks(now, at, self.clock).max(self.span));
        self.timestamp.wrapping_add(passed)
    }

    fn moved(&self, followed: &Followed, packet: &Packet<'_>) -> Stamp {
        let sequence = packet.sequence.wrapping_add(followed.sequence_offset);
        let timestamp = packet.timestamp.wrapping_add(followed.timestamp_offset);
        self.stamp(packet.marker, sequence, timestamp)
    }

    fn stamp(&self, marker: bool, sequence: u16, timestamp: u32) -> Stamp {
        Stamp { marker, sequence, timestamp, ssrc: self.ssrc }
    }
}

impl Followed {
    fn drifted(&self, packet: &Packet<'_>, now: Instant, clock: u32) -> bool {
        let claimed = packet.timestamp.wrapping_sub(self.timestamp);
        let drift = claimed.wrapping_sub(ticks(now, self.at, clock));
        drift.min(drift.wrapping_neg()) > MAX_DRIFT * clock
    }

    fn reach(&mut self, packet: &Packet<'_>, ahead: u16, now: Instant) {
        self.highest = packet.sequence;
        let between = 1_u128.checked_shl(ahead.into()).map_or(u128::MAX, |bit| bit - 1);
        let before = self.missing.checked_shl(ahead.into()).unwrap_or(0);
        self.missing = (before | between) & !1;
        // An event keeps its first timestamp while time passes.
        if packet.timestamp != self.timestamp {
            (self.timestamp, self.at) = (packet.timestamp, now);
        }
    }
}

/// One octet is one tick in either law and in G.722; an event's octets are not, but they follow
/// sound. Opus is taken to last 20 ms: only a stream that goes on at once is put off by it.
fn samples(packet: &Packet<'_>, clock: u32) -> u32 {
    if clock == NARROW { packet.payload.len() as u32 } else { clock / 50 }
}

/// Time between two instants on the clock of the codec, wrapping as timestamps do.
fn ticks(now: Instant, then: Instant, clock: u32) -> u32 {
    let passed: Duration = now.saturating_duration_since(then);
    (passed.as_micros() * u128::from(clock) / 1_000_000) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock;

    const TICK: Duration = Duration::from_millis(20);

    fn packet(ssrc: u32, sequence: u16, timestamp: u32) -> Packet<'static> {
        Packet { marker: false, payload_type: 0, sequence, timestamp, ssrc, payload: &[0xff; 160] }
    }

    fn numbers(stamp: Option<Stamp>) -> (u16, u32, bool) {
        let stamp = stamp.unwrap();
        assert_eq!(stamp.ssrc, 7);
        (stamp.sequence, stamp.timestamp, stamp.marker)
    }

    #[test]
    fn numbers_go_on_from_clip_to_partner_to_clip() {
        let mut now = clock::now().ticks;
        let mut stream = Stream::new(7, u16::MAX, u32::MAX - 159);
        assert_eq!(numbers(Some(stream.produce(160, 0, now))), (0, u32::MAX - 159, true));
        now += TICK;
        assert_eq!(numbers(Some(stream.produce(160, 0, now))), (1, 0, false));
        now += TICK;
        assert_eq!(numbers(stream.relay(&packet(1, 9_000, 55), now)), (2, 160, true));
        now += TICK;
        assert_eq!(numbers(stream.relay(&packet(1, 9_002, 375), now)), (4, 480, false), "a loss");
        assert_eq!(numbers(stream.relay(&packet(1, 9_001, 215), now)), (3, 320, false), "late");
        assert_eq!(stream.relay(&packet(1, 9_002, 375), now), None, "a copy");
        assert_eq!(stream.relay(&packet(1, 8_999, 0), now), None, "from before the join");
        stream.begin();
        now += Duration::from_secs(1);
        assert_eq!(numbers(Some(stream.produce(160, 0, now))), (5, 480 + 8_000, true));
    }

    #[test]
    fn a_source_that_starts_over_is_followed_without_a_jump() {
        let mut now = clock::now().ticks;
        let mut stream = Stream::new(7, 0, 0);
        stream.relay(&packet(1, 10, 1_000), now);
        now += TICK;
        assert_eq!(numbers(stream.relay(&packet(2, 40_000, 77), now)), (2, 160, true), "SSRC");
        now += TICK;
        assert_eq!(numbers(stream.relay(&packet(2, 10, 237), now)), (3, 320, true), "sequence");
        now += TICK;
        assert_eq!(numbers(stream.relay(&packet(2, 11, 900_000), now)), (4, 480, true), "clock");
    }

    #[test]
    fn a_skipped_packet_leaves_no_gap() {
        let now = clock::now().ticks;
        let mut stream = Stream::new(7, 0, 0);
        stream.relay(&packet(1, 10, 0), now);
        stream.skip(&packet(1, 11, 160), now);
        assert_eq!(numbers(stream.relay(&packet(1, 12, 320), now)), (2, 320, false));
    }

    #[test]
    fn a_late_tick_moves_the_timestamp() {
        let now = clock::now().ticks;
        let mut stream = Stream::new(7, 0, 0);
        stream.produce(160, 0, now);
        let stamp = stream.produce(160, 5, now + TICK * 6);
        assert_eq!(numbers(Some(stamp)), (2, 160 * 6, true));
    }

    proptest! {
        /// Whatever the network does to a source's packets, each that comes goes out once,
        /// at its distance from the first.
        #[test]
        fn loss_and_disorder_are_passed_on_as_they_came(
            first: u16,
            start: u32,
            delays in proptest::collection::vec(0_u32..8, 300),
            lost in proptest::collection::vec(proptest::bool::weighted(0.2), 300),
        ) {
            let mut arrivals: Vec<(u32, u16)> = (0..300_u16)
                .filter(|at| *at == 0 || !lost[usize::from(*at)])
                .map(|at| (if at == 0 { 0 } else { u32::from(at) + delays[usize::from(at)] }, at))
                .collect();
            arrivals.sort_unstable();
            let begin = clock::now().ticks;
            let mut stream = Stream::new(7, 500, 900);
            let mut sent = std::collections::BTreeSet::new();
            for (tick, at) in arrivals {
                let source = packet(1, first.wrapping_add(at), start.wrapping_add(u32::from(at) * 160));
                for copy in [false, true] {
                    let stamp = stream.relay(&source, begin + TICK * tick);
                    prop_assert_eq!(stamp.is_none(), copy, "{} is sent once", at);
                    let Some(stamp) = stamp else { continue };
                    prop_assert_eq!(stamp.sequence, 501_u16.wrapping_add(at));
                    prop_assert_eq!(stamp.timestamp, 900 + u32::from(at) * 160);
                    prop_assert_eq!(stamp.marker, at == 0);
                    sent.insert(at);
                }
            }
            prop_assert_eq!(sent.len(), lost.iter().skip(1).filter(|lost| !**lost).count() + 1);
        }
    }
}
