//! Opus, mono: speech at any of five rates over one RTP clock (RFC 6716, RFC 7587).

use std::fmt;

use opus::{Application, Bitrate, Channels, Encoder, Error, Signal};

use crate::audio::libopus::RawDecoder;

/// The longest packet holds 120 ms (RFC 6716 2.1.4).
const LONGEST_MILLIS: usize = 120;
/// What a decoder may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// No neurons: what is missing goes on as it was and fades.
    Plain,
    /// What is missing is made up by neurons; what comes costs as little as without.
    Concealing,
    /// What comes is mended by neurons, too. Repair is coded more coarsely than what it stands for,
    /// and so is all that is sent beside it; on a line where packets are missing it pays to mend it.
    Mending,
}

impl Means {
    /// The complexity of libopus' decoder that stands for it.
    fn complexity(self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::Concealing => 5,
            Self::Mending => 7,
        }
    }
}

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
    decoder: RawDecoder,
    rate: u32,
    means: Means,
    /// Losses concealed by neurons since somebody last asked.
    made_up: u16,
}

/// The library has no memory left, or the rate is none of its five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Opus cannot be set up: error {0} of libopus")]
pub struct OpusUnavailable(i32);

impl From<Error> for OpusUnavailable {
    fn from(error: Error) -> Self {
        Self(error.code() as i32)
    }
}

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
        let mut encoder = Encoder::new(rate, channels, Application::Voip)?;
        encoder.set_signal(Signal::Voice)?;
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
        let mut decoder = RawDecoder::new(rate).map_err(OpusUnavailable)?;
        let means = Means::Concealing;
        decoder.set_complexity(means.complexity());
        Ok(Self { decoder, rate, means, made_up: 0 })
    }

    /// Works differently from the next packet on.
    pub fn set_means(&mut self, means: Means) {
        if self.means != means {
            self.means = means;
            self.decoder.set_complexity(means.complexity());
        }
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
            self.run(Some(packet), length, false, samples);
        }
    }

    /// Appends `length` samples for a packet that never came, out of the one after it.
    pub fn repair(&mut self, next: &[u8], length: usize, samples: &mut Vec<i16>) {
        self.run(Some(next), length, true, samples);
    }

    /// Appends `length` samples in the manner of what was heard before.
    pub fn conceal(&mut self, length: usize, samples: &mut Vec<i16>) {
        self.made_up = self.made_up.saturating_add((self.means != Means::Plain).into());
        self.run(None, length, false, samples);
    }

    /// How many losses have been concealed by neurons since this was last asked.
    pub fn take_made_up(&mut self) -> u16 {
        std::mem::take(&mut self.made_up)
    }

    fn run(&mut self, packet: Option<&[u8]>, length: usize, fec: bool, samples: &mut Vec<i16>) {
        let start = samples.len();
        samples.resize(start + length, 0);
        let decoded = self.decoder.decode(packet, fec, &mut samples[start..]).unwrap_or(0);
        if packet.is_none() || fec {
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
    use crate::audio::builtin::{self, Prompt};
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

    /// Speech as a phone sends it at 24 kbit/s with repair.
    fn spoken() -> (Vec<i16>, Vec<Vec<u8>>) {
        let said = builtin::prompt(Prompt::AllBusy, "en").samples().to_vec();
        let mut encoder = OpusEncoder::new(16_000).unwrap();
        encoder.set(Effort { loss: 20, complexity: 9, ..EFFORT });
        let packet = |frame: &[i16]| {
            let mut packet = vec![0; 400];
            let length = encoder.encode(frame, &mut packet);
            packet.truncate(length);
            packet
        };
        let packets = said.chunks_exact(320).map(packet).collect();
        (said, packets)
    }

    #[test]
    fn a_lossy_line_is_mended_by_neurons_and_a_clean_one_is_left_alone() {
        let (said, packets) = spoken();
        let hear = |decode: &mut dyn FnMut(usize, &mut Vec<i16>)| {
            let mut heard = Vec::new();
            (0..packets.len()).for_each(|at| decode(at, &mut heard));
            pesq::pesq_wb(&said, &heard).unwrap()
        };
        let score = |means: Means, lost: fn(usize) -> bool| {
            let mut decoder = RawDecoder::new(16_000).unwrap();
            decoder.set_complexity(means.complexity());
            hear(&mut |at, heard| {
                let (packet, fec) = match (lost(at), lost(at + 1)) {
                    (false, _) => (Some(at), false),
                    (true, false) => (Some(at + 1), true),
                    (true, true) => (None, false),
                };
                let packet = packet.and_then(|at| packets.get(at)).map(Vec::as_slice);
                let start = heard.len();
                heard.resize(start + 320, 0);
                decoder.decode(packet, fec, &mut heard[start..]).unwrap();
            })
        };
        let lost = |at: usize| matches!(at % 15, 3 | 4 | 9);
        let (plain, concealed) = (score(Means::Plain, lost), score(Means::Concealing, lost));
        assert!(concealed > plain + 0.3, "{plain} {concealed}");
        let (coded, mended) =
            (score(Means::Concealing, |_| false), score(Means::Mending, |_| false));
        // The built-in voice has nothing that wants mending; it must lose nothing either.
        assert!(mended > coded - 0.1, "{coded} {mended}");

        let mut plain = RawDecoder::new(16_000).unwrap();
        let mut ours = OpusDecoder::new(16_000).unwrap();
        let (mut one, mut other) = (vec![0; 320], Vec::new());
        for packet in &packets {
            plain.decode(Some(packet), false, &mut one).unwrap();
            other.clear();
            ours.decode(packet, &mut other);
            assert_eq!(one, other);
        }
    }

    #[test]
    fn no_bytes_are_too_strange() {
        let mut decoder = OpusDecoder::new(16_000).unwrap();
        let mut heard = Vec::new();
        for length in 0..64_u8 {
            let packet: Vec<u8> = (0..length).map(|at| at.wrapping_mul(89) ^ length).collect();
            let means = [Means::Plain, Means::Concealing, Means::Mending];
            decoder.set_means(means[usize::from(length % 3)]);
            decoder.decode(&packet, &mut heard);
            decoder.repair(&packet, 320, &mut heard);
            decoder.conceal(320, &mut heard);
            assert!(heard.len() <= 5_760 / 3 + 640);
            heard.clear();
        }
    }
}
