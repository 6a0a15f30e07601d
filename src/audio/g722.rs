//! G.722 at 64 kbit/s: 16 kHz speech, one octet for two samples.

use std::fmt;

use ezk_g722::libg722::Bitrate;
use ezk_g722::libg722::decoder::Decoder;
use ezk_g722::libg722::encoder::Encoder;

/// Samples a second of every G.722 stream.
pub const RATE: u32 = 16_000;

pub struct G722Encoder(Encoder);

pub struct G722Decoder(Decoder);

impl Default for G722Encoder {
    fn default() -> Self {
        Self(Encoder::new(Bitrate::Mode1_64000, false, false))
    }
}

impl Default for G722Decoder {
    fn default() -> Self {
        Self(Decoder::new(Bitrate::Mode1_64000, false, false))
    }
}

impl G722Encoder {
    /// Fills `octets` with the code of twice as many samples and returns how many were written.
    pub fn encode(&mut self, samples: &[i16], octets: &mut [u8]) -> usize {
        let coded = self.0.encode(&samples[..samples.len() & !1]);
        let length = coded.len().min(octets.len());
        octets[..length].copy_from_slice(&coded[..length]);
        length
    }
}

impl G722Decoder {
    /// Appends two samples for each octet.
    pub fn decode(&mut self, octets: &[u8], samples: &mut Vec<i16>) {
        samples.extend_from_slice(&self.0.decode(octets));
    }
}

impl fmt::Debug for G722Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("G722Encoder")
    }
}

impl fmt::Debug for G722Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("G722Decoder")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::detect::{level, share};
    use crate::audio::tone::sine;

    #[test]
    fn tones_of_both_bands_come_back() {
        for hz in [1_000.0, 5_500.0] {
            let said = sine(RATE, hz, -13.0, Duration::from_secs(1));
            let mut octets = [0; 160];
            let (mut encoder, mut decoder) = (G722Encoder::default(), G722Decoder::default());
            let mut heard = Vec::new();
            for frame in said.chunks_exact(320) {
                assert_eq!(encoder.encode(frame, &mut octets), 160);
                decoder.decode(&octets, &mut heard);
            }
            assert_eq!(heard.len(), said.len());
            assert!(share(&heard[1_600..], RATE, hz) > 0.97, "{hz}");
            assert!((level(&heard[1_600..], RATE, hz) + 13.0).abs() < 0.5, "{hz}");
        }
    }
}
