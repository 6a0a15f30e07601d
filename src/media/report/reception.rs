//! How well a leg's stream reaches us: loss and jitter as RFC 3550 A.3 and A.8 count them.

use std::time::{Duration, Instant};

use crate::media::packet::Packet;
use crate::media::report::bursts::{Bursts, Density};

/// RFC 3550 A.1: a sequence number this far ahead is a restart, not a loss.
const MAX_DROPOUT: u16 = 3_000;

/// A line is lossy from one packet in thirty on, and clean again when hardly any is missing;
/// both are judged over some two and a half seconds.
const LOSSY: f32 = 0.03;
const CLEAN_AGAIN: f32 = 0.003;
const NOTICE: f32 = 1.0 / 128.0;

#[derive(Debug)]
pub struct Reception {
    /// Timestamp ticks a second.
    clock: u32,
    stream: Option<Received>,
    /// Which part of the packets is missing lately, late ones too.
    missing: f32,
    is_lossy: bool,
    /// Sums of streams that ended before this one, by change of SSRC or a restart.
    earlier: (u64, u64),
    bursts: Bursts,
}

#[derive(Clone, Copy, Debug)]
struct Received {
    ssrc: u32,
    first: u32,
    /// Sequence number with its cycles above.
    highest: u32,
    packets: u32,
    /// Expected and received when the last report was made.
    reported: (u32, u32),
    /// In units of 1/16 timestamp tick, as RFC 3550 A.8 keeps it.
    jitter: u32,
    last: (Instant, u32),
    /// Ticks between two packets that follow each other.
    span: u32,
}

/// One report's worth of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub ssrc: u32,
    /// In 1/256 since the last account.
    pub fraction_lost: u8,
    /// Since the beginning, as 24 bits of two's complement.
    pub cumulative_lost: u32,
    pub highest: u32,
    /// In timestamp ticks.
    pub jitter: u32,
}

/// How the leg has been heard so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub packets: u64,
    pub lost: u64,
    pub jitter: Duration,
}

impl Default for Reception {
    fn default() -> Self {
        Self {
            clock: 8_000,
            stream: None,
            missing: 0.0,
            is_lossy: false,
            earlier: (0, 0),
            bursts: Bursts::default(),
        }
    }
}

impl Reception {
    /// The far end's timestamps count `clock` ticks a second from now on.
    pub fn tuned(&mut self, clock: u32) {
        if clock != self.clock {
            let heard = self.heard();
            *self = Self { clock, earlier: (heard.packets, heard.lost), ..Self::default() };
        }
    }

    /// A packet of the leg's own has come in.
    pub fn packet(&mut self, packet: &Packet<'_>, now: Instant) {
        let followed = self.stream.filter(|stream| stream.ssrc == packet.ssrc);
        let Some(mut stream) = followed.filter(|stream| stream.is_near(packet.sequence)) else {
            let heard = self.heard();
            self.earlier = (heard.packets, heard.lost);
            self.stream = Some(Received::begin(packet, now));
            return;
        };
        let before = stream.highest;
        stream.packet(packet, now, self.clock);
        self.notice(stream.highest.wrapping_sub(before));
        self.stream = Some(stream);
    }

    /// Whether so much is missing that it should be mended before it is sent on.
    #[must_use]
    pub fn is_lossy(&self) -> bool {
        self.is_lossy
    }

    /// How the losses lie together, and how many milliseconds a packet has.
    #[must_use]
    pub fn bursts(&self) -> (Density, u32) {
        let ticks = self.stream.map_or(0, |stream| stream.span);
        (self.bursts.density(), ticks * 1_000 / self.clock)
    }

    /// The newest packet is this far ahead of the one before.
    fn notice(&mut self, ahead: u32) {
        if ahead > 0 {
            (1..ahead).for_each(|_| self.bursts.lost());
            self.bursts.received();
        }
        for count in 0..ahead.min(8) {
            let lost = if count == 0 { 0.0 } else { 1.0 };
            self.missing += (lost - self.missing) * NOTICE;
        }
        let limit = if self.is_lossy { CLEAN_AGAIN } else { LOSSY };
        self.is_lossy = self.missing > limit;
    }

    #[must_use]
    pub fn heard(&self) -> Heard {
        let (packets, lost) = self.earlier;
        let Some(stream) = self.stream else {
            return Heard { packets, lost, jitter: Duration::ZERO };
        };
        let missing = stream.expected().saturating_sub(stream.packets);
        Heard {
            packets: packets + u64::from(stream.packets),
            lost: lost + u64::from(missing),
            jitter: Duration::from_micros(
                u64::from(stream.jitter >> 4) * 1_000_000 / u64::from(self.clock),
            ),
        }
    }

    /// The report block of now; the next counts from here.
    pub fn account(&mut self) -> Option<Account> {
        let stream = self.stream.as_mut()?;
        let expected = stream.expected();
        let (expected_before, received_before) = stream.reported;
        stream.reported = (expected, stream.packets);
        let expected_since = expected.wrapping_sub(expected_before);
        let received_since = stream.packets.wrapping_sub(received_before);
        let lost_since = expected_since.saturating_sub(received_since);
        let fraction = (u64::from(lost_since) << 8).checked_div(expected_since.into()).unwrap_or(0);
        let lost = i64::from(expected) - i64::from(stream.packets);
        Some(Account {
            ssrc: stream.ssrc,
            fraction_lost: fraction.min(255) as u8,
            cumulative_lost: lost.clamp(-0x80_0000, 0x7f_ffff) as u32 & 0xff_ffff,
            highest: stream.highest,
            jitter: stream.jitter >> 4,
        })
    }
}

impl Received {
    fn begin(packet: &Packet<'_>, now: Instant) -> Self {
        let sequence = u32::from(packet.sequence);
        Self {
            ssrc: packet.ssrc,
            first: sequence,
            highest: sequence,
            packets: 1,
            reported: (0, 0),
            jitter: 0,
            last: (now, packet.timestamp),
            span: 0,
        }
    }

    fn is_near(&self, sequence: u16) -> bool {
        let ahead = sequence.wrapping_sub(self.highest as u16);
        ahead <= MAX_DROPOUT || ahead.wrapping_neg() <= MAX_DROPOUT
    }

    fn packet(&mut self, packet: &Packet<'_>, now: Instant, clock: u32) {
        self.packets = self.packets.wrapping_add(1);
        let ahead = packet.sequence.wrapping_sub(self.highest as u16);
        if ahead > MAX_DROPOUT || ahead == 0 {
            return;
        }
        self.highest = self.highest.wrapping_add(ahead.into());
        let (at, timestamp) = self.last;
        // The packets of one event share a timestamp and say nothing about the network.
        if packet.timestamp == timestamp {
            return;
        }
        self.last = (now, packet.timestamp);
        let passed = now.saturating_duration_since(at).as_micros() * u128::from(clock) / 1_000_000;
        let claimed = packet.timestamp.wrapping_sub(timestamp);
        if ahead == 1 && claimed <= clock {
            self.span = claimed;
        }
        let transit = (passed as u32).wrapping_sub(claimed);
        let distance = transit.min(transit.wrapping_neg()).min(10 * clock);
        self.jitter = self.jitter + distance - ((self.jitter + 8) >> 4);
    }

    fn expected(&self) -> u32 {
        self.highest.wrapping_sub(self.first).wrapping_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    fn packet(sequence: u16, timestamp: u32) -> Packet<'static> {
        Packet { marker: false, payload_type: 0, sequence, timestamp, ssrc: 5, payload: &[] }
    }

    #[test]
    fn losses_and_jitter_are_counted_round_the_wrap() {
        let start = clock::now().ticks;
        let mut reception = Reception::default();
        for at in 0..200_u16 {
            if at % 10 == 9 {
                continue;
            }
            let late = Duration::from_millis(if at % 2 == 0 { 0 } else { 5 });
            let now = start + Duration::from_millis(20) * at.into() + late;
            reception.packet(&packet(65_500_u16.wrapping_add(at), u32::from(at) * 160), now);
        }
        let account = reception.account().unwrap();
        assert_eq!(account.cumulative_lost, 19);
        assert_eq!(account.highest, 65_500 + 198);
        assert_eq!(account.fraction_lost, (19 * 256 / 199) as u8);
        let heard = reception.heard();
        assert_eq!((heard.packets, heard.lost), (180, 19));
        assert!((3..=5).contains(&heard.jitter.as_millis()), "{:?}", heard.jitter);
        assert_eq!(reception.account().unwrap().fraction_lost, 0);
    }

    #[test]
    fn a_lossy_line_is_noticed_and_a_lost_packet_is_none() {
        let now = clock::now().ticks;
        let mut reception = Reception::default();
        let mut run = |from: u16, lost: fn(u16) -> bool| {
            for at in (from..from + 1_000).filter(|at| !lost(*at)) {
                reception.packet(&packet(at, u32::from(at) * 160), now);
            }
            reception.is_lossy()
        };
        assert!(!run(0, |at| at % 200 == 100));
        assert!(run(1_000, |at| at % 20 == 10));
        assert!(!run(2_000, |at| at < 2_010 && at % 2 == 0));
    }

    #[test]
    fn a_restart_is_no_loss() {
        let now = clock::now().ticks;
        let mut reception = Reception::default();
        reception.packet(&packet(1, 0), now);
        reception.packet(&packet(30_000, 0), now);
        reception.packet(&packet(30_000, 0), now);
        assert_eq!((reception.heard().packets, reception.heard().lost), (3, 0));
    }
}
