//! Which tones a sound holds, by Goertzel's recurrence.

use std::f64::consts::{SQRT_2, TAU};

/// Level of the component at `hz`, in dB below a sine of full scale (which has 0 dB).
#[must_use]
pub fn level(samples: &[i16], rate: u32, hz: f64) -> f64 {
    let amplitude = (2.0 * power(samples, rate, hz)).sqrt() * SQRT_2;
    20.0 * (amplitude / f64::from(i16::MAX)).max(1e-9).log10()
}

/// Which part of the whole energy lies at `hz`: 0 to about 1.
#[must_use]
pub fn share(samples: &[i16], rate: u32, hz: f64) -> f64 {
    let whole = energy(samples);
    if whole <= 0.0 { 0.0 } else { 2.0 * power(samples, rate, hz) / whole }
}

/// Level of the whole sound, in dB below a sine of full scale; -180 for digital silence.
#[must_use]
pub fn loudness(samples: &[i16]) -> f64 {
    let amplitude = energy(samples).sqrt() * SQRT_2;
    20.0 * (amplitude / f64::from(i16::MAX)).max(1e-9).log10()
}

/// The one of `candidates` that dominates (more than half the energy), if the sound is not silent.
#[must_use]
pub fn dominant(samples: &[i16], rate: u32, candidates: &[f64]) -> Option<f64> {
    const AUDIBLE: f64 = -45.0;
    if loudness(samples) < AUDIBLE {
        return None;
    }
    candidates.iter().copied().find(|&hz| share(samples, rate, hz) > 0.5)
}

/// Mean power of the component at `hz`, counted on one side of the spectrum.
fn power(samples: &[i16], rate: u32, hz: f64) -> f64 {
    let turn = TAU * hz / f64::from(rate.max(1));
    let (coefficient, mut last, mut before) = (2.0 * turn.cos(), 0.0, 0.0);
    for &sample in samples {
        (last, before) = (f64::from(sample) + coefficient * last - before, last);
    }
    let magnitude = last * last + before * before - coefficient * last * before;
    let count = samples.len().max(1) as f64;
    magnitude / (count * count)
}

fn energy(samples: &[i16]) -> f64 {
    let sum: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    sum / samples.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::tone::sine;

    #[test]
    fn a_tone_is_found_at_its_level_and_nowhere_else() {
        let heard = sine(8_000, 1_000.0, -13.0, Duration::from_millis(200));
        assert!((level(&heard, 8_000, 1_000.0) + 13.0).abs() < 0.1);
        assert!((loudness(&heard) + 13.0).abs() < 0.1);
        assert!(share(&heard, 8_000, 1_000.0) > 0.99);
        assert!(share(&heard, 8_000, 440.0) < 0.01);
        assert_eq!(dominant(&heard, 8_000, &[440.0, 1_000.0]), Some(1_000.0));
        assert_eq!(dominant(&heard, 8_000, &[440.0]), None);
    }

    #[test]
    fn silence_holds_no_tone() {
        assert_eq!(dominant(&[0; 800], 8_000, &[440.0]), None);
        assert!(share(&[], 8_000, 440.0).abs() < f64::EPSILON);
    }
}
