//! A sound held in memory, shared by everyone who plays it.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use crate::audio::g711::{Law, RATE};
use crate::audio::resample::resample;

/// Samples a second of an imported sound: all that a wideband telephone carries.
pub const MASTER_RATE: u32 = 16_000;

/// Mono 16-bit samples. Its telephone forms are made once, so that playing costs a copy.
#[derive(Clone)]
pub struct Clip {
    rate: u32,
    samples: Vec<i16>,
    mu: OnceLock<Box<[u8]>>,
    a: OnceLock<Box<[u8]>>,
    wide: OnceLock<Box<[i16]>>,
}

impl Clip {
    /// `rate` in samples a second.
    #[must_use]
    pub fn new(rate: u32, samples: Vec<i16>) -> Self {
        Self { rate, samples, mu: OnceLock::new(), a: OnceLock::new(), wide: OnceLock::new() }
    }

    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    #[must_use]
    pub fn samples(&self) -> &[i16] {
        &self.samples
    }

    #[must_use]
    pub fn duration(&self) -> Duration {
        let micros = (self.samples.len() as u64).saturating_mul(1_000_000);
        Duration::from_micros(micros / u64::from(self.rate.max(1)))
    }

    /// The sound at 8 kHz in `law`, a code a sample; the first call makes it.
    #[must_use]
    pub fn coded(&self, law: Law) -> &[u8] {
        let form = match law {
            Law::Mu => &self.mu,
            Law::A => &self.a,
        };
        form.get_or_init(|| {
            let encode = |samples: &[i16]| samples.iter().map(|&s| law.encode(s)).collect();
            if self.rate == RATE {
                encode(&self.samples)
            } else {
                encode(&resample(&self.samples, self.rate, RATE))
            }
        })
    }

    /// The sound for codecs that are not G.711, with its rate: 8 kHz as it is, or 16 kHz; the first
    /// call makes it.
    #[must_use]
    pub fn linear(&self) -> (u32, &[i16]) {
        if self.rate == RATE || self.rate == MASTER_RATE {
            return (self.rate, &self.samples);
        }
        let rate = if self.rate < MASTER_RATE { RATE } else { MASTER_RATE };
        (rate, self.wide.get_or_init(|| resample(&self.samples, self.rate, rate).into()))
    }

    /// Makes the telephone forms now, so that no media thread ever has to.
    pub fn prepare(&self) {
        let _: (&[u8], &[u8]) = (self.coded(Law::Mu), self.coded(Law::A));
        let (_rate, _samples) = self.linear();
    }
}

impl fmt::Debug for Clip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clip({:?} at {} Hz)", self.duration(), self.rate)
    }
}

impl PartialEq for Clip {
    fn eq(&self, other: &Self) -> bool {
        (self.rate, &self.samples) == (other.rate, &other.samples)
    }
}

impl Eq for Clip {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::detect::share;
    use crate::audio::tone::sine;

    #[test]
    fn a_clip_of_any_rate_keeps_pitch_and_length_on_the_line() {
        for rate in [8_000, 16_000, 22_050, 24_000, 44_100, 48_000, 11_025] {
            let clip = Clip::new(rate, sine(rate, 1_000.0, -13.0, Duration::from_secs(1)));
            for law in [Law::Mu, Law::A] {
                let heard: Vec<i16> = clip.coded(law).iter().map(|&c| law.decode(c)).collect();
                assert!(heard.len().abs_diff(8_000) <= 1, "{rate}: {}", heard.len());
                assert!(share(&heard[400..7_600], RATE, 1_000.0) > 0.99, "{rate} {law:?}");
            }
            assert_eq!(clip.duration(), Duration::from_secs(1));
        }
    }
}
