//! Another number of samples a second for the same sound; whole clips, off the call path.

use std::f64::consts::PI;

/// Zero crossings of the sinc on either side: alias below -60 dB, which 8-bit codes hide.
const CROSSINGS: f64 = 16.0;

/// `samples` at `from` a second, as they are at `to` a second. A rate of zero gives nothing.
#[must_use]
pub fn resample(samples: &[i16], from: u32, to: u32) -> Vec<i16> {
    if from == to || from == 0 || to == 0 {
        return if from == to { samples.to_vec() } else { Vec::new() };
    }
    let length = (samples.len() as u64 * u64::from(to)).div_ceil(u64::from(from));
    let step = f64::from(from) / f64::from(to);
    (0..length).map(|at| interpolated(samples, at as f64 * step, step)).collect()
}

/// The sound at `position` between samples, free of what the slower rate cannot carry.
fn interpolated(samples: &[i16], position: f64, step: f64) -> i16 {
    // A little below the half of the slower rate, so that the slope of the filter falls before it.
    let cutoff = if step > 1.0 { 0.94 / step } else { 1.0 };
    let reach = CROSSINGS / cutoff;
    let first = (position - reach).ceil().max(0.0) as usize;
    let last = ((position + reach).floor() as usize).min(samples.len().saturating_sub(1));
    let (mut sum, mut weight) = (0.0, 0.0);
    for (at, &sample) in samples.iter().enumerate().take(last + 1).skip(first) {
        let distance = position - at as f64;
        let window = 0.5 + 0.5 * (PI * distance / reach).cos();
        let share = sinc(distance * cutoff) * window;
        sum += share * f64::from(sample);
        weight += share;
    }
    // Near the ends the filter is cut off; dividing by its weight keeps the level.
    let value = if weight.abs() < f64::EPSILON { 0.0 } else { sum / weight };
    value.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
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
        assert!(resample(&[], 44_100, 8_000).is_empty());
        assert!(resample(&[1, 2], 0, 8_000).is_empty());
    }
}
