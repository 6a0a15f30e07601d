//! A sound brought to another rate while it runs, for a sound card.

use std::f64::consts::PI;

/// Samples of the slower rate that one output sample is made of: images and aliases below -70 dB.
const TAPS: usize = 48;
/// Clips and cards have no stranger ratios than 11,025 to 48,000 (160 phases reduced to 640).
const MOST_PHASES: usize = 1_024;

/// Takes the sound sample by sample and gives it at the other rate.
#[derive(Debug)]
pub struct Resampler {
    /// One filter for each place of an output sample between two input samples.
    phases: Box<[Box<[f32]>]>,
    /// Input samples, in phases, between two output samples.
    step: usize,
    /// Where the next output sample lies after the newest input sample, in phases.
    at: usize,
    /// The newest samples, twice over, so that a window of them is always in one piece.
    recent: Box<[f32]>,
    newest: usize,
    /// Silence still to follow the end of the sound, so that its tail is heard.
    tail: usize,
}

impl Resampler {
    /// A ratio that needs too many phases is rounded to one that does not.
    #[must_use]
    pub fn new(from: u32, to: u32) -> Self {
        let (from, to) = (from.max(1) as usize, to.max(1) as usize);
        let divisor = gcd(from, to);
        let (mut step, mut count) = (from / divisor, to / divisor);
        if count > MOST_PHASES {
            step = (step * MOST_PHASES).div_ceil(count).max(1);
            count = MOST_PHASES;
        }
        let cutoff = if step > count { 0.94 * count as f64 / step as f64 } else { 0.94 };
        let taps = TAPS * step.div_ceil(count);
        let phases =
            (0..count).map(|phase| filter(taps, phase as f64 / count as f64, cutoff)).collect();
        let recent = vec![0.0; 2 * taps].into();
        // The first output sample asks for input first.
        Self { phases, step, at: count, recent, newest: 0, tail: taps / 2 }
    }

    /// Fills `out` from `next` and returns how much was filled: less than all once `next` has
    /// given `None` and the tail is out.
    pub fn fill(&mut self, out: &mut [f32], mut next: impl FnMut() -> Option<i16>) -> usize {
        let taps = self.recent.len() / 2;
        for (filled, sample) in out.iter_mut().enumerate() {
            while self.at >= self.phases.len() {
                let Some(input) = next().map(f32::from).or_else(|| self.tail()) else {
                    return filled;
                };
                self.push(input);
                self.at -= self.phases.len();
            }
            let window = &self.recent[self.newest..self.newest + taps];
            let filter = &self.phases[self.at];
            *sample =
                window.iter().zip(filter.iter()).map(|(sample, weight)| sample * weight).sum();
            self.at += self.step;
        }
        out.len()
    }

    fn tail(&mut self) -> Option<f32> {
        self.tail = self.tail.checked_sub(1)?;
        Some(0.0)
    }

    /// The window runs from the newest sample to the oldest.
    fn push(&mut self, sample: f32) {
        let taps = self.recent.len() / 2;
        self.newest = (self.newest + taps - 1) % taps;
        self.recent[self.newest] = sample;
        self.recent[self.newest + taps] = sample;
    }
}

/// Weights for an output sample that lies `fraction` of an input sample after the middle of the
/// window, newest first.
fn filter(taps: usize, fraction: f64, cutoff: f64) -> Box<[f32]> {
    let middle = (taps / 2) as f64;
    let weight = |at: usize| {
        let distance = middle - at as f64 - fraction;
        sinc(distance * cutoff) * window(distance / middle)
    };
    let sum: f64 = (0..taps).map(weight).sum();
    (0..taps).map(|at| (weight(at) / sum) as f32).collect()
}

/// Blackman's window.
fn window(place: f64) -> f64 {
    if place.abs() >= 1.0 {
        return 0.0;
    }
    0.42 + 0.5 * (PI * place).cos() + 0.08 * (2.0 * PI * place).cos()
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

fn gcd(one: usize, other: usize) -> usize {
    if other == 0 { one } else { gcd(other, one % other) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::detect::{level, loudness, share};
    use crate::audio::tone::sine;

    fn converted(from: u32, to: u32, hz: f64) -> Vec<i16> {
        let mut sound = sine(from, hz, -10.0, Duration::from_secs(1)).into_iter();
        let mut resampler = Resampler::new(from, to);
        let mut heard = Vec::new();
        let mut part = [0.0; 333];
        loop {
            let filled = resampler.fill(&mut part, || sound.next());
            heard.extend(part[..filled].iter().map(|&sample| sample.round() as i16));
            if filled < part.len() {
                return heard;
            }
        }
    }

    #[test]
    fn pitch_level_and_length_are_kept() {
        for from in [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000] {
            for to in [8_000, 16_000, 44_100, 48_000] {
                let heard = converted(from, to, 1_000.0);
                let lag = TAPS * (to as usize).div_ceil(from as usize);
                assert!(heard.len().abs_diff(to as usize) <= lag, "{from} {to} {}", heard.len());
                let middle = &heard[to as usize / 10..to as usize * 9 / 10];
                assert!(share(middle, to, 1_000.0) > 0.999_9, "{from} to {to}");
                assert!((level(middle, to, 1_000.0) + 10.0).abs() < 0.2, "{from} to {to}");
            }
        }
    }

    #[test]
    fn what_the_slower_rate_cannot_carry_is_gone() {
        let heard = converted(48_000, 8_000, 6_000.0);
        assert!(loudness(&heard[800..7_200]) < -60.0);
    }
}
