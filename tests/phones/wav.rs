//! Recordings that baresip made, and the tones in them.

use std::f64::consts::TAU;
use std::path::Path;

/// Samples of a 16-bit mono WAV, whether or not its writer has finished the header.
pub(crate) struct Recording {
    rate: u32,
    samples: Vec<i16>,
}

impl Recording {
    pub(crate) fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(&bytes[..4], b"RIFF", "{}", path.display());
        assert_eq!(bytes[22..24], [1, 0], "mono");
        let data = bytes.windows(4).position(|four| four == b"data").unwrap() + 8;
        let samples = bytes[data..]
            .chunks_exact(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        Self { rate: word(24), samples }
    }

    /// The two channels of a file of ours.
    pub(crate) fn sides(file: &[u8]) -> [Self; 2] {
        assert_eq!((&file[..4], file[22]), (b"RIFF".as_slice(), 2), "a WAV of two channels");
        let rate = u32::from_le_bytes(file[24..28].try_into().unwrap());
        [0, 2].map(|at| {
            let pairs = file[44..].chunks_exact(4);
            let samples = pairs.map(|four| i16::from_le_bytes([four[at], four[at + 1]])).collect();
            Self { rate, samples }
        })
    }

    /// Its last so many seconds.
    pub(crate) fn last(&self, seconds: f64) -> Self {
        let length = (seconds * f64::from(self.rate)) as usize;
        let samples = self.samples[self.samples.len().saturating_sub(length)..].to_vec();
        Self { rate: self.rate, samples }
    }

    /// The part of its energy at one frequency.
    pub(crate) fn share_of(&self, hertz: f64) -> f64 {
        let block = self.rate as usize / 50;
        let blocks = self.samples.chunks_exact(block);
        let count = blocks.len().max(1) as f64;
        blocks.map(|block| share(block, self.rate, hertz)).sum::<f64>() / count
    }

    /// Its mean amplitude, of 32,767.
    pub(crate) fn loudness(&self) -> f64 {
        let sum: f64 = self.samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        (sum / self.samples.len().max(1) as f64).sqrt()
    }

    /// How many seconds of a tone it holds, looked for in pieces of 20 ms.
    pub(crate) fn seconds_of(&self, hertz: f64) -> f64 {
        let block = self.rate as usize / 50;
        let blocks = self.samples.chunks_exact(block);
        blocks.filter(|block| share(block, self.rate, hertz) > 0.8).count() as f64 / 50.0
    }
}

/// The part of the energy at one frequency, by Goertzel; silence has none.
fn share(samples: &[i16], rate: u32, hertz: f64) -> f64 {
    let turn = 2.0 * (TAU * hertz / f64::from(rate)).cos();
    let (mut last, mut before, mut energy) = (0.0, 0.0, 0.0);
    for sample in samples.iter().map(|sample| f64::from(*sample)) {
        (last, before) = (sample + turn * last - before, last);
        energy += sample * sample;
    }
    if energy < samples.len() as f64 * 10_000.0 {
        return 0.0;
    }
    2.0 * (last * last + before * before - turn * last * before) / samples.len() as f64 / energy
}
