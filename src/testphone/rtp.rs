//! The sound of a test phone on the wire: RTP with G.711, 20 ms a packet (RFC 3550 5.1).

use std::f64::consts::TAU;

use crate::audio::g711::{Law, RATE};
use crate::testphone::session::{law_of, payload_type};

/// 20 ms at 8 kHz.
pub const PACKET_SAMPLES: usize = 160;
const HEADER_BYTES: usize = 12;
/// Half of full scale: loud, and far from clipping.
const TONE_PEAK: f64 = 16_384.0;

/// What a phone says: silence or a tone, cut into packets.
#[derive(Clone, Debug)]
pub struct Voice {
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    /// Hertz; `None` is silence.
    tone: Option<f64>,
    phase: f64,
}

impl Voice {
    #[must_use]
    pub fn new(ssrc: u32) -> Self {
        Self { ssrc, sequence: 0, timestamp: 0, tone: None, phase: 0.0 }
    }

    pub fn set_tone(&mut self, hertz: Option<f64>) {
        self.tone = hertz;
    }

    /// The next 20 ms.
    pub fn packet(&mut self, law: Law) -> Vec<u8> {
        let mut packet = vec![0x80, payload_type(law)];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(self.timestamp.to_be_bytes());
        packet.extend(self.ssrc.to_be_bytes());
        packet.extend((0..PACKET_SAMPLES).map(|_| law.encode(self.sample())));
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(PACKET_SAMPLES as u32);
        packet
    }

    fn sample(&mut self) -> i16 {
        let Some(hertz) = self.tone else { return 0 };
        let sample = TONE_PEAK * self.phase.sin();
        self.phase = (self.phase + TAU * hertz / f64::from(RATE)) % TAU;
        sample as i16
    }
}

/// What came in one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub ssrc: u32,
    pub timestamp: u32,
    pub samples: Vec<i16>,
}

impl Piece {
    /// `None` when the bytes are no RTP packet with G.711, among them RTCP.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let head = bytes.first_chunk::<HEADER_BYTES>()?;
        let (version, padded, extended) = (head[0] >> 6, head[0] & 0x20 != 0, head[0] & 0x10 != 0);
        let law = law_of(head[1] & 0x7f)?;
        if version != 2 {
            return None;
        }
        let mut from = HEADER_BYTES + usize::from(head[0] & 0x0f) * 4;
        if extended {
            let words = bytes.get(from + 2..from + 4)?;
            from += 4 + usize::from(u16::from_be_bytes([words[0], words[1]])) * 4;
        }
        let padding = if padded { usize::from(*bytes.last()?) } else { 0 };
        let codes = bytes.get(from..bytes.len().checked_sub(padding)?)?;
        Some(Self {
            ssrc: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
            timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
            samples: codes.iter().map(|code| law.decode(*code)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_voice_says_is_read_back() {
        let mut voice = Voice::new(7);
        voice.set_tone(Some(1000.0));
        let first = Piece::parse(&voice.packet(Law::A)).unwrap();
        let second = Piece::parse(&voice.packet(Law::Mu)).unwrap();
        assert_eq!((first.ssrc, first.timestamp, second.timestamp), (7, 0, 160));
        assert_eq!(first.samples.len(), PACKET_SAMPLES);
        assert!(first.samples.iter().any(|sample| *sample > 15_000));
    }

    #[test]
    fn crooked_packets_are_none() {
        let good = Voice::new(7).packet(Law::Mu);
        for cut in 0..HEADER_BYTES {
            assert_eq!(Piece::parse(&good[..cut]), None);
        }
        for (at, byte) in [(0, 0x00), (1, 200), (0, 0xb0)] {
            let mut bad = good.clone();
            bad[at] = byte;
            assert_eq!(Piece::parse(&bad), None, "byte {at} = {byte:#x}");
        }
    }
}
