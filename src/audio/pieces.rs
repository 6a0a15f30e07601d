//! Decoded sound as it comes out of a decoder, gathered at one rate.

use std::time::Duration;

use crate::audio::import_error::ImportError;
use crate::audio::resample::resample;

/// Rates that a sound file can have; a header may claim anything.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=384_000;
/// What may wait in memory before it is resampled: ten minutes at 48 kHz.
const WAITING: usize = 28_800_000;

/// Takes pieces of any rate and channel count, gives one channel at one rate.
#[derive(Debug)]
pub(crate) struct Pieces {
    rate: u32,
    longest: usize,
    done: Vec<f32>,
    waiting: Vec<f32>,
    waiting_rate: u32,
}

impl Pieces {
    pub(crate) fn new(rate: u32, longest: Duration) -> Self {
        let longest = (u64::from(rate) * longest.as_millis() as u64 / 1_000) as usize;
        Self { rate, longest, done: Vec::new(), waiting: Vec::new(), waiting_rate: rate }
    }

    /// Interleaved samples, 1.0 is full scale.
    ///
    /// # Errors
    /// When the rate is none, or the whole grows too long.
    pub(crate) fn push(
        &mut self,
        rate: u32,
        channels: usize,
        samples: &[f32],
    ) -> Result<(), ImportError> {
        if !RATES.contains(&rate) || channels == 0 {
            return Err(ImportError::Damaged(format!("{rate} Hz with {channels} channels")));
        }
        if rate != self.waiting_rate {
            self.settle();
            self.waiting_rate = rate;
        }
        let share = 1.0 / channels as f32;
        let mixed = samples.chunks_exact(channels).map(|frame| {
            let sum: f32 = frame.iter().sum();
            if sum.is_finite() { sum * share } else { 0.0 }
        });
        self.waiting.extend(mixed);
        let coming = self.waiting.len() as u64 * u64::from(self.rate) / u64::from(rate);
        if self.done.len() as u64 + coming > self.longest as u64 || self.waiting.len() > WAITING {
            return Err(ImportError::TooLong);
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.done.is_empty() && self.waiting.is_empty()
    }

    pub(crate) fn finish(mut self) -> Vec<f32> {
        self.settle();
        self.done
    }

    fn settle(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.done.extend(resample(&waiting, self.waiting_rate, self.rate));
    }
}
