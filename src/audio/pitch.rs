//! How fast a voice swings: the lag at which a sound repeats itself.

/// Shortest and longest lag: 400 Hz and 62.5 Hz, in microseconds.
const SHORTEST: u32 = 2_500;
const LONGEST: u32 = 16_000;
/// How much of the end is compared with what came before it.
const WINDOW: u32 = 16_000;

/// A lag in samples, and how alike the sound is to itself there: 1 is a perfect repetition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pitch {
    pub lag: usize,
    pub likeness: f32,
}

/// Samples that [`pitch`] looks at.
#[must_use]
pub fn reach(rate: u32) -> usize {
    samples(rate, LONGEST) + samples(rate, WINDOW)
}

/// The lag by which the end of `sound` repeats what came before; `None` if it is too short.
#[must_use]
pub fn pitch(sound: &[i16], rate: u32) -> Option<Pitch> {
    let (shortest, longest) = (samples(rate, SHORTEST), samples(rate, LONGEST));
    let window = samples(rate, WINDOW);
    if sound.len() < longest + window {
        return None;
    }
    // At 8 kHz first: a voice's pitch is found there as well, for a sixth of the work.
    let stride = (rate as usize / 8_000).max(1);
    let tail = &sound[sound.len() - window..];
    let at = |lag: usize, stride: usize| {
        let start = sound.len() - window - lag;
        likeness(tail, &sound[start..start + window], stride)
    };
    let mut best = Pitch { lag: shortest, likeness: f32::MIN };
    for lag in (shortest..=longest).step_by(stride) {
        // A little reluctance towards long lags: each multiple of a period repeats as well.
        let likeness = at(lag, stride) - 0.02 * lag as f32 / longest as f32;
        if likeness > best.likeness {
            best = Pitch { lag, likeness };
        }
    }
    let near =
        best.lag.saturating_sub(stride - 1).max(shortest)..=(best.lag + stride - 1).min(longest);
    best.likeness = f32::MIN;
    for lag in near {
        let likeness = at(lag, 1);
        if likeness > best.likeness {
            best = Pitch { lag, likeness };
        }
    }
    Some(best)
}

/// Normalised correlation of two stretches of one length.
fn likeness(one: &[i16], other: &[i16], stride: usize) -> f32 {
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (&a, &b) in one.iter().zip(other).step_by(stride) {
        let (a, b) = (f32::from(a), f32::from(b));
        both += a * b;
        first += a * a;
        second += b * b;
    }
    // Silence is like itself.
    if first < 1.0 && second < 1.0 { 1.0 } else { both / (first * second).sqrt().max(1.0) }
}

fn samples(rate: u32, micros: u32) -> usize {
    (u64::from(rate) * u64::from(micros) / 1_000_000) as usize
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::tone::sine;

    #[test]
    fn the_lag_of_a_tone_is_a_whole_number_of_its_periods() {
        for rate in [8_000, 16_000, 48_000] {
            let sound = sine(rate, 125.0, -10.0, Duration::from_millis(40));
            let found = pitch(&sound, rate).unwrap();
            assert_eq!(found.lag, rate as usize / 125);
            assert!(found.likeness > 0.99);
        }
        assert_eq!(pitch(&[0; 100], 8_000), None);
    }
}
