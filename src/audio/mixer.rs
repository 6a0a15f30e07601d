//! Many voices in one sum, and for each who speaks the sum without its own.

/// No sample of the sum is louder than this.
const CEILING: f32 = 30_000.0;
/// The gain comes back over half a second of 20 ms frames: nobody hears it move.
const RECOVERY: f32 = 0.04;

/// Sums frames of one rate and length.
#[derive(Debug, Default)]
pub struct Mixer {
    sum: Vec<i32>,
    limiter: Limiter,
}

/// Keeps the sum below the ceiling by its gain, so that nothing is clipped.
#[derive(Clone, Copy, Debug)]
struct Limiter {
    /// At the end of the last frame and of this one: it moves evenly between them.
    from: f32,
    to: f32,
}

impl Default for Limiter {
    fn default() -> Self {
        Self { from: 1.0, to: 1.0 }
    }
}

impl Mixer {
    /// Begins a frame of `length` samples.
    pub fn begin(&mut self, length: usize) {
        self.sum.clear();
        self.sum.resize(length, 0);
    }

    pub fn add(&mut self, frame: &[i16]) {
        for (sum, &sample) in self.sum.iter_mut().zip(frame) {
            *sum += i32::from(sample);
        }
    }

    /// All voices are in: decides how loud the frame may be.
    pub fn level(&mut self) {
        let peak = self.sum.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or_default();
        let fits = (CEILING / peak.max(1) as f32).min(1.0);
        let Limiter { to, .. } = self.limiter;
        // Down at once, for the whole frame; up slowly.
        self.limiter = if fits < to {
            Limiter { from: fits, to: fits }
        } else {
            Limiter { from: to, to: (to + RECOVERY).min(fits) }
        };
    }

    /// What everybody hears who does not speak.
    pub fn whole(&self, frame: &mut Vec<i16>) {
        frame.clear();
        let shares = self.shares();
        frame.extend(self.sum.iter().zip(shares).map(|(&sum, share)| scaled(sum, share)));
    }

    /// What the one hears whose own voice in it is `own`.
    pub fn without(&self, own: &[i16], frame: &mut Vec<i16>) {
        frame.clear();
        let others = self.sum.iter().zip(own).map(|(&sum, &own)| sum - i32::from(own));
        frame.extend(others.zip(self.shares()).map(|(sum, share)| scaled(sum, share)));
    }

    fn shares(&self) -> impl Iterator<Item = f32> {
        let Limiter { from, to } = self.limiter;
        let length = self.sum.len().max(1) as f32;
        (0..self.sum.len()).map(move |at| from + (to - from) * at as f32 / length)
    }
}

fn scaled(sum: i32, share: f32) -> i16 {
    (sum as f32 * share).round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::detect::share;
    use crate::audio::tone::sine;

    #[test]
    fn nobody_hears_himself() {
        let (one, other) = ([100, -200, 300], [7, 8, 9]);
        let (mut mixer, mut frame) = (Mixer::default(), Vec::new());
        mixer.begin(3);
        mixer.add(&one);
        mixer.add(&other);
        mixer.level();
        mixer.without(&one, &mut frame);
        assert_eq!(frame, other);
        mixer.whole(&mut frame);
        assert_eq!(frame, [107, -192, 309]);
    }

    #[test]
    fn four_who_shout_are_not_clipped() {
        let shouts: Vec<Vec<i16>> = [400.0, 500.0, 600.0, 700.0]
            .map(|hz| sine(8_000, hz, -3.0, Duration::from_secs(1)))
            .into();
        let (mut mixer, mut frame, mut heard) = (Mixer::default(), Vec::new(), Vec::new());
        for at in (0..8_000).step_by(160) {
            mixer.begin(160);
            shouts.iter().for_each(|shout| mixer.add(&shout[at..at + 160]));
            mixer.level();
            mixer.whole(&mut frame);
            heard.extend_from_slice(&frame);
        }
        assert!(heard.iter().all(|sample| sample.unsigned_abs() <= 30_000));
        let tones: f64 =
            [400.0, 500.0, 600.0, 700.0].map(|hz| share(&heard, 8_000, hz)).iter().sum();
        assert!(tones > 0.995, "{tones}");
    }
}
