//! Filling the place of a packet that never came with what the voice was doing (after the idea of
//! G.711 Appendix I, but without its delay).

use crate::audio::bridge;
use crate::audio::pitch::{pitch, reach};

/// Concealed this long the voice is still as loud as before, then it fades to nothing.
const LOUD: f32 = 0.020;
const FADED: f32 = 0.120;
/// From here on two, then three periods are repeated in turn: one alone would buzz.
const TWO_PERIODS: f32 = 0.010;
const THREE_PERIODS: f32 = 0.020;
/// Blending back into true sound: at least, and at most after a long gap.
const SHORT_BLEND: f32 = 0.004;
const LONG_BLEND: f32 = 0.010;

/// Conceals the gaps of one stream of samples.
#[derive(Debug)]
pub struct Concealer {
    rate: u32,
    /// The newest true sound, as much as a repetition needs.
    past: Vec<i16>,
    gap: Option<Gap>,
    /// Room to work in, kept so that a lost packet costs no allocation.
    turns: Vec<f32>,
    onward: Vec<f32>,
    period: Vec<f32>,
}

#[derive(Debug)]
struct Gap {
    lag: usize,
    /// The last periods before the gap, their end shaped to meet their beginning.
    turns: Vec<f32>,
    turn: usize,
    at: usize,
    concealed: usize,
    /// What the first sample would jump by, and fades.
    step: f32,
}

impl Concealer {
    #[must_use]
    pub fn new(rate: u32) -> Self {
        Self {
            rate,
            past: vec![0; keep(rate)],
            gap: None,
            turns: Vec::new(),
            onward: Vec::new(),
            period: Vec::new(),
        }
    }

    /// True sound has come: after a gap its beginning is blended with what filled the gap.
    pub fn heard(&mut self, sound: &mut [i16]) {
        if let Some(mut gap) = self.gap.take() {
            let seconds = gap.concealed as f32 / self.rate as f32;
            let blend = (SHORT_BLEND + 0.2 * seconds).min(LONG_BLEND) * self.rate as f32;
            let blend = (blend as usize).min(sound.len());
            for (at, sample) in sound[..blend].iter_mut().enumerate() {
                let share = (at + 1) as f32 / (blend + 1) as f32;
                let before = gap.next(self.rate);
                *sample = (before * (1.0 - share) + f32::from(*sample) * share).round() as i16;
            }
            self.turns = gap.turns;
        }
        remember(&mut self.past, sound);
    }

    /// Appends `length` samples in the manner of what was heard before.
    pub fn conceal(&mut self, length: usize, sound: &mut Vec<i16>) {
        let past = &self.past;
        let rate = self.rate;
        let turns = &mut self.turns;
        let gap = self.gap.get_or_insert_with(|| Gap::begin(past, rate, std::mem::take(turns)));
        let start = sound.len();
        sound.extend((0..length).map(|_| gap.next(rate).round() as i16));
        remember(&mut self.past, &sound[start..]);
    }

    /// Appends `length` samples that lead from what was heard before to what is known to come
    /// `after` them: better than [`Self::conceal`], which has to guess where the voice goes.
    pub fn bridge(&mut self, length: usize, after: &[i16], sound: &mut Vec<i16>) {
        if !bridge::can_meet(after, self.rate) {
            return self.conceal(length, sound);
        }
        let (past, rate) = (&self.past, self.rate);
        let turns = &mut self.turns;
        let begin = || Gap::begin(past, rate, std::mem::take(turns));
        let mut gap = self.gap.take().unwrap_or_else(begin);
        self.onward.clear();
        self.onward.extend((0..bridge::reach(length, rate)).map(|_| gap.next(rate)));
        let start = sound.len();
        bridge::lead_over(&self.onward, after, length, (rate, &mut self.period), sound);
        self.turns = gap.turns;
        remember(&mut self.past, &sound[start..]);
    }
}

impl Gap {
    fn begin(past: &[i16], rate: u32, mut turns: Vec<f32>) -> Self {
        let lag = pitch(past, rate).map_or(rate as usize / 100, |pitch| pitch.lag);
        let most = (3 * lag).min(past.len() - lag / 4);
        turns.clear();
        turns.extend(past[past.len() - most..].iter().map(|&sample| f32::from(sample)));
        let last = turns.last().copied().unwrap_or_default();
        // The end of the last period is led over to what comes before a period begins.
        let quarter = lag / 4;
        for at in 0..quarter {
            let share = (at + 1) as f32 / (quarter + 1) as f32;
            let end = turns.len() - quarter + at;
            let lead = f32::from(past[past.len() - lag - quarter + at]);
            turns[end] = turns[end] * (1.0 - share) + lead * share;
        }
        let step = last - turns.last().copied().unwrap_or_default();
        Self { lag, turns, turn: 1, at: 0, concealed: 0, step }
    }

    fn next(&mut self, rate: u32) -> f32 {
        let seconds = self.concealed as f32 / rate as f32;
        let length = self.lag * self.turn;
        if self.at >= length {
            self.at = 0;
            let wanted = match seconds {
                short if short < TWO_PERIODS => 1,
                longer if longer < THREE_PERIODS => 2,
                _ => 3,
            };
            self.turn = wanted.min(self.turns.len() / self.lag).max(1);
        }
        let start = self.turns.len() - self.lag * self.turn;
        let sample = self.turns[start + self.at];
        self.at += 1;
        self.concealed += 1;
        // Over a millisecond.
        self.step *= 1.0 - 1_500.0 / rate as f32;
        let fade = 1.0 - ((seconds - LOUD) / (FADED - LOUD)).clamp(0.0, 1.0);
        (sample + self.step).clamp(-32_767.0, 32_767.0) * fade
    }
}

/// Three of the longest periods, and what finding them looks at.
fn keep(rate: u32) -> usize {
    reach(rate) + rate as usize * 24 / 1_000
}

fn remember(past: &mut [i16], sound: &[i16]) {
    let (length, new) = (past.len(), sound.len().min(past.len()));
    past.copy_within(new.., 0);
    past[length - new..].copy_from_slice(&sound[sound.len() - new..]);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::detect::loudness;
    use crate::audio::tone::sine;

    fn jump(sound: &[i16]) -> u32 {
        sound.windows(2).map(|pair| i32::from(pair[0]).abs_diff(pair[1].into())).max().unwrap()
    }

    #[test]
    fn a_vowel_goes_on_through_the_gap_and_meets_what_follows() {
        for rate in [8_000_u32, 16_000] {
            let frame = rate as usize / 50;
            let said = sine(rate, 200.0, -10.0, Duration::from_millis(400));
            let mut concealer = Concealer::new(rate);
            let mut heard = Vec::new();
            for (count, part) in said.chunks_exact(frame).enumerate() {
                if count == 10 {
                    concealer.conceal(frame, &mut heard);
                } else {
                    let mut part = part.to_vec();
                    concealer.heard(&mut part);
                    heard.extend(part);
                }
            }
            let gap = &heard[10 * frame..11 * frame];
            assert!((loudness(gap) + 10.0).abs() < 1.0, "{}", loudness(gap));
            assert!(jump(&heard) < jump(&said) * 3 / 2, "{rate}: {} {}", jump(&heard), jump(&said));
        }
    }

    #[test]
    fn what_comes_after_the_gap_is_led_up_to() {
        let loud = sine(8_000, 200.0, -10.0, Duration::from_millis(200));
        let soft = sine(8_000, 200.0, -30.0, Duration::from_millis(200));
        let after = &soft[..160];
        let (mut guessed, mut bridged) = (Vec::new(), Vec::new());
        for (sound, known) in [(&mut guessed, None), (&mut bridged, Some(after))] {
            let mut concealer = Concealer::new(8_000);
            concealer.heard(&mut loud.clone());
            match known {
                Some(after) => concealer.bridge(160, after, sound),
                None => concealer.conceal(160, sound),
            }
            assert_eq!(sound.len(), 160);
            let mut after = after.to_vec();
            concealer.heard(&mut after);
            sound.extend(after);
        }
        assert!(loudness(&guessed[120..160]) > -14.0);
        assert!(loudness(&bridged[120..160]) < -20.0, "{}", loudness(&bridged[120..160]));
        assert!(jump(&bridged[100..]) < jump(&loud), "no click where they meet");
    }

    #[test]
    fn a_long_gap_fades_to_silence() {
        let mut concealer = Concealer::new(8_000);
        concealer.heard(&mut sine(8_000, 200.0, -10.0, Duration::from_millis(100)));
        let mut heard = Vec::new();
        for _ in 0..10 {
            concealer.conceal(160, &mut heard);
        }
        assert!(heard[1_200..].iter().all(|&sample| sample == 0));
        let mut fresh = Concealer::new(8_000);
        let mut nothing = Vec::new();
        fresh.conceal(160, &mut nothing);
        assert_eq!(nothing, [0; 160]);
    }
}
