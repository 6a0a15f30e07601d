//! Another number of samples a second for the same sound; whole clips, off the call path.

use std::f64::consts::PI;

/// Zero crossings of the sinc on either side: alias below -60 dB, which 8-bit codes hide.
const CROSSINGS: f64 = 16.0;
/// Filters that are made beforehand; two rates of more have odd ratios and are worked out sample by
/// sample.
const MOST_PHASES: u64 = 4_096;

/// A sample of any width.
pub trait Sample: Copy {
    fn value(self) -> f64;
    fn of(value: f64) -> Self;
}

impl Sample for i16 {
    fn value(self) -> f64 {
        f64::from(self)
    }

    fn of(value: f64) -> Self {
        value.round().clamp(f64::from(Self::MIN), f64::from(Self::MAX)) as Self
    }
}

impl Sample for f32 {
    fn value(self) -> f64 {
        f64::from(self)
    }

    fn of(value: f64) -> Self {
        value as Self
    }
}

/// `samples` at `from` a second, as they are at `to` a second. A rate of zero gives nothing.
#[must_use]
pub fn resample<S: Sample>(samples: &[S], from: u32, to: u32) -> Vec<S> {
    if from == to || from == 0 || to == 0 {
        return if from == to { samples.to_vec() } else { Vec::new() };
    }
    let divisor = gcd(from, to);
    let (up, down) = (u64::from(to / divisor), u64::from(from / divisor));
    let filter = Filter::new(f64::from(from) / f64::from(to));
    let ready: Vec<Vec<f64>> = if up <= MOST_PHASES {
        (0..up).map(|phase| filter.weights(phase as f64 / up as f64)).collect()
    } else {
        Vec::new()
    };
    let length = (samples.len() as u64 * up).div_ceil(down);
    let at = |index: u64| {
        let (whole, phase) = (index * down / up, index * down % up);
        let made;
        let weights = if let Some(weights) = ready.get(phase as usize) {
            weights
        } else {
            made = filter.weights(phase as f64 / up as f64);
            &made
        };
        S::of(filter.sum(samples, whole as usize, weights))
    };
    (0..length).map(at).collect()
}

/// A windowed sinc that lets pass what the slower rate can carry.
struct Filter {
    cutoff: f64,
    reach: f64,
    side: usize,
}

impl Filter {
    fn new(step: f64) -> Self {
        // A little below the half of the slower rate, so that the slope falls before it.
        let cutoff = if step > 1.0 { 0.94 / step } else { 1.0 };
        let reach = CROSSINGS / cutoff;
        Self { cutoff, reach, side: reach.ceil() as usize }
    }

    /// The shares of the samples from `side` before a place to `side` after it, which lies
    /// `fraction` behind a sample.
    fn weights(&self, fraction: f64) -> Vec<f64> {
        let share = |at: usize| {
            let distance = fraction + self.side as f64 - at as f64;
            if distance.abs() > self.reach {
                return 0.0;
            }
            let window = 0.5 + 0.5 * (PI * distance / self.reach).cos();
            sinc(distance * self.cutoff) * window
        };
        (0..=2 * self.side).map(share).collect()
    }

    fn sum<S: Sample>(&self, samples: &[S], at: usize, weights: &[f64]) -> f64 {
        let before = at.min(self.side);
        let heard = &samples[at - before..(at + self.side + 1).min(samples.len())];
        let weights = &weights[self.side - before..][..heard.len()];
        let mut sum = 0.0;
        let mut weight = 0.0;
        for (sample, share) in heard.iter().zip(weights) {
            sum += sample.value() * share;
            weight += share;
        }
        // Near the ends the filter is cut off; dividing by its weight keeps the level.
        if weight.abs() < f64::EPSILON { 0.0 } else { sum / weight }
    }
}

fn gcd(one: u32, other: u32) -> u32 {
    if other == 0 { one } else { gcd(other, one % other) }
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::detect::{level, share};
    use crate::audio::tone::sine;

    #[test]
    fn what_the_slower_rate_cannot_carry_is_gone() {
        let high = sine(48_000, 7_000.0, -10.0, Duration::from_millis(500));
        let heard = resample(&high, 48_000, 8_000);
        assert!(level(&heard[200..3_800], 8_000, 1_000.0) < -60.0);
    }

    #[test]
    fn upwards_too() {
        let low = sine(8_000, 1_000.0, -10.0, Duration::from_millis(500));
        let heard = resample(&low, 8_000, 48_000);
        assert_eq!(heard.len(), 24_000);
        assert!(share(&heard[1_200..22_800], 48_000, 1_000.0) > 0.999);
    }

    #[test]
    fn nothing_stays_nothing() {
        assert!(resample::<i16>(&[], 44_100, 8_000).is_empty());
        assert!(resample::<i16>(&[1, 2], 0, 8_000).is_empty());
    }
}
