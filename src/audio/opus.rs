//! Opus, mono: speech at any of five rates over one RTP clock (RFC 6716, RFC 7587).

use std::fmt;

use opus::{Application, Bitrate, Channels, Decoder, Encoder, ErrorCode, Signal};

/// The longest packet holds 120 ms (RFC 6716 2.1.4).
const LONGEST_MILLIS: usize = 120;

/// How the encoder shall work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Bits a second.
    pub bitrate: u32,
    /// 0 to 10.
    pub complexity: u8,
    /// Loss in percent that the far end has told; from 1 on packets carry repair of the one before.
    pub loss: u8,
    /// Whether silence may be left out.
    pub dtx: bool,
}

pub struct OpusEncoder {
    encoder: Encoder,
    effort: Option<Effort>,
}

pub struct OpusDecoder {
    decoder: Decoder,
    rate: u32,
}

/// The library has no memory left, or the rate is none of its five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Opus cannot be set up: {0:?}")]
pub struct OpusUnavailable(ErrorCode);

impl OpusEncoder {
    /// # Errors
    /// When the library refuses.
    pub fn new(rate: u32) -> Result<Self, OpusUnavailable> {
        Self::with_channels(rate, 1)
    }

    /// One channel, or two whose samples come in turn.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_channels(rate: u32, channels: u8) -> Result<Self, OpusUnavailable> {
        let channels = if channels == 2 { Channels::Stereo } else { Channels::Mono };
        let encoder = Encoder::new(rate, channels, Application::Voip);
        let mut encoder = encoder.map_err(|error| OpusUnavailable(error.code()))?;
        let voice = encoder.set_signal(Signal::Voice);
        voice.map_err(|error| OpusUnavailable(error.code()))?;
        Ok(Self { encoder, effort: None })
    }

    /// Works differently from the next packet on.
    pub fn set(&mut self, effort: Effort) {
        if self.effort == Some(effort) {
            return;
        }
        self.effort = Some(effort);
        let encoder = &mut self.encoder;
        let set = encoder
            .set_bitrate(Bitrate::Bits(effort.bitrate.min(510_000) as i32))
            .and_then(|()| encoder.set_complexity(effort.complexity.min(10).into()))
            .and_then(|()| encoder.set_inband_fec(effort.loss > 0))
            .and_then(|()| encoder.set_packet_loss_perc(effort.loss.min(100).into()))
            .and_then(|()| encoder.set_dtx(effort.dtx));
        debug_assert!(set.is_ok(), "every value is in its range");
    }

    /// Codes one packet's worth of sound and returns its length; 0 if that is no Opus duration.
    /// One or two octets say that the packet need not be sent.
    pub fn encode(&mut self, samples: &[i16], octets: &mut [u8]) -> usize {
        self.encoder.encode(samples, octets).unwrap_or(0)
    }
}

impl OpusDecoder {
    /// # Errors
    /// When the library refuses.
    pub fn new(rate: u32) -> Result<Self, OpusUnavailable> {
        let decoder = Decoder::new(rate, Channels::Mono);
        let decoder = decoder.map_err(|error| OpusUnavailable(error.code()))?;
        Ok(Self { decoder, rate })
    }

    /// How many samples a packet holds; `None` if it is no Opus.
    #[must_use]
    pub fn length(&self, packet: &[u8]) -> Option<usize> {
        let samples = opus::packet::get_nb_samples(packet, self.rate).ok()?;
        (1..=self.rate as usize * LONGEST_MILLIS / 1_000).contains(&samples).then_some(samples)
    }

    /// Appends the sound of a packet; what is no Opus appends nothing.
    pub fn decode(&mut self, packet: &[u8], samples: &mut Vec<i16>) {
        if let Some(length) = self.length(packet) {
            self.run(packet, length, false, samples);
        }
    }

    /// Appends `length` samples for a packet that never came, out of the one after it.
    pub fn repair(&mut self, next: &[u8], length: usize, samples: &mut Vec<i16>) {
        self.run(next, length, true, samples);
    }

    /// Appends `length` samples in the manner of what was heard before.
    pub fn conceal(&mut self, length: usize, samples: &mut Vec<i16>) {
        self.run(&[], length, false, samples);
    }

    fn run(&mut self, packet: &[u8], length: usize, fec: bool, samples: &mut Vec<i16>) {
        let start = samples.len();
        samples.resize(start + length, 0);
        let decoded = self.decoder.decode(packet, &mut samples[start..], fec).unwrap_or(0);
        if packet.is_empty() || fec {
            // Time must go on, even if the library could not fill it.
            return;
        }
        samples.truncate(start + decoded);
    }
}

impl fmt::Debug for OpusEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpusEncoder({:?})", self.effort)
    }
}

impl fmt::Debug for OpusDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpusDecoder({})", self.rate)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::detect::{level, share};
    use crate::audio::tone::sine;

    const EFFORT: Effort = Effort { bitrate: 24_000, complexity: 5, loss: 0, dtx: false };

    #[test]
    fn a_tone_comes_back_at_every_rate() {
        for (from, to) in [(8_000, 48_000), (16_000, 8_000), (48_000, 16_000)] {
            let said = sine(from, 1_000.0, -13.0, Duration::from_secs(1));
            let mut encoder = OpusEncoder::new(from).unwrap();
            encoder.set(EFFORT);
            let mut decoder = OpusDecoder::new(to).unwrap();
            let (mut packet, mut heard) = ([0; 400], Vec::new());
            for frame in said.chunks_exact(from as usize / 50) {
                let length = encoder.encode(frame, &mut packet);
                decoder.decode(&packet[..length], &mut heard);
            }
            assert_eq!(heard.len(), to as usize);
            let settled = &heard[to as usize / 4..];
            assert!(share(settled, to, 1_000.0) > 0.95, "{from} {to}");
            assert!((level(settled, to, 1_000.0) + 13.0).abs() < 1.5, "{from} {to}");
        }
    }

    #[test]
    fn no_bytes_are_too_strange() {
        let mut decoder = OpusDecoder::new(16_000).unwrap();
        let mut heard = Vec::new();
        for length in 0..64_u8 {
            let packet: Vec<u8> = (0..length).map(|at| at.wrapping_mul(89) ^ length).collect();
            decoder.decode(&packet, &mut heard);
            decoder.repair(&packet, 320, &mut heard);
            decoder.conceal(320, &mut heard);
            assert!(heard.len() <= 5_760 / 3 + 640);
            heard.clear();
        }
    }
}
