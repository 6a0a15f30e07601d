//! Another sample rate for sound that flows: by whole factors, frame after frame without a seam.

use std::f64::consts::PI;

/// Taps at the slower rate: 2 ms of delay, alias below -60 dB.
const TAPS: usize = 32;
/// Shape of the Kaiser window for that.
const BETA: f64 = 6.2;

/// Converts one stream between two rates of which one divides the other.
#[derive(Debug)]
pub struct Converter {
    direction: Direction,
    /// Taps of the low-pass at the faster rate.
    filter: Vec<f32>,
    /// The newest samples of the source, oldest first.
    past: Vec<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up(usize),
    Down(usize),
}

impl Converter {
    /// `None` if the rates are equal, or neither divides the other.
    #[must_use]
    pub fn new(from: u32, to: u32) -> Option<Self> {
        if from == 0 || to == 0 || from == to {
            return None;
        }
        let (direction, factor) = if to > from && to.is_multiple_of(from) {
            (Direction::Up((to / from) as usize), (to / from) as usize)
        } else if from > to && from.is_multiple_of(to) {
            (Direction::Down((from / to) as usize), (from / to) as usize)
        } else {
            return None;
        };
        let gain = match direction {
            Direction::Up(factor) => factor as f64,
            Direction::Down(_) => 1.0,
        };
        let filter = low_pass(factor, gain);
        let past = match direction {
            Direction::Up(_) => vec![0.0; TAPS - 1],
            Direction::Down(_) => vec![0.0; filter.len() - 1],
        };
        Some(Self { direction, filter, past })
    }

    /// Appends the converted sound. Downwards the length must be a multiple of the factor.
    pub fn convert(&mut self, sound: &[i16], converted: &mut Vec<i16>) {
        let kept = self.past.len();
        self.past.extend(sound.iter().map(|&sample| f32::from(sample)));
        match self.direction {
            Direction::Up(factor) => {
                for window in self.past.windows(TAPS) {
                    for phase in 0..factor {
                        let taps = self.filter[phase..].iter().step_by(factor);
                        converted.push(rounded(window.iter().rev().zip(taps)));
                    }
                }
            }
            Direction::Down(factor) => {
                for window in self.past.windows(self.filter.len()).step_by(factor) {
                    converted.push(rounded(window.iter().rev().zip(&self.filter)));
                }
            }
        }
        self.past.drain(..self.past.len() - kept);
    }
}

fn rounded<'a>(products: impl Iterator<Item = (&'a f32, &'a f32)>) -> i16 {
    let sum: f32 = products.map(|(sample, tap)| sample * tap).sum();
    sum.round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

/// A windowed sinc that cuts at half the slower rate.
fn low_pass(factor: usize, gain: f64) -> Vec<f32> {
    let length = TAPS * factor;
    let middle = (length - 1) as f64 / 2.0;
    let shape = |at: usize| {
        let distance = (at as f64 - middle) / factor as f64;
        let sinc =
            if distance.abs() < 1e-9 { 1.0 } else { (PI * distance).sin() / (PI * distance) };
        let along = (at as f64 - middle) / (middle + 0.5);
        sinc * bessel(BETA * (1.0 - along * along).max(0.0).sqrt())
    };
    let taps: Vec<f64> = (0..length).map(shape).collect();
    let sum: f64 = taps.iter().sum();
    taps.iter().map(|tap| (tap * gain / sum) as f32).collect()
}

/// Modified Bessel function of the first kind and order zero, by its series.
fn bessel(x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    for count in 1..40 {
        term *= (x / (2.0 * f64::from(count))).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::detect::{level, share};
    use crate::audio::tone::sine;

    fn converted(from: u32, to: u32, hz: f64) -> Vec<i16> {
        let said = sine(from, hz, -10.0, Duration::from_secs(1));
        let mut converter = Converter::new(from, to).unwrap();
        let mut heard = Vec::new();
        for frame in said.chunks(from as usize / 50) {
            converter.convert(frame, &mut heard);
        }
        assert_eq!(heard.len(), to as usize);
        heard
    }

    #[test]
    fn a_tone_keeps_its_pitch_and_level_and_gets_no_company() {
        for (from, to) in [(8_000, 16_000), (8_000, 48_000), (16_000, 48_000)] {
            for (from, to) in [(from, to), (to, from)] {
                for hz in [300.0, 1_000.0, 3_000.0] {
                    let heard = converted(from, to, hz);
                    let settled = &heard[to as usize / 10..];
                    let settled = &settled[..settled.len() - settled.len() % (to as usize / 100)];
                    assert!(1.0 - share(settled, to, hz) < 1e-5, "{from} {to} {hz}");
                    assert!((level(settled, to, hz) + 10.0).abs() < 0.2, "{from} {to} {hz}");
                }
            }
        }
    }

    #[test]
    fn what_the_slower_rate_cannot_carry_is_gone() {
        for (hz, alias) in [(5_000.0, 3_000.0), (7_000.0, 1_000.0)] {
            let heard = converted(16_000, 8_000, hz);
            assert!(level(&heard[800..], 8_000, alias) < -68.0, "{hz}");
        }
    }
}
