//! Making sound a little longer or shorter without a change of pitch: one period more or less.

use crate::audio::pitch::{Pitch, pitch, reach};

/// Below this the place is no good for it, unless it must be.
const ALIKE: f32 = 0.6;
/// A sound this quiet may be cut anywhere (amplitude).
const QUIET: u16 = 60;
/// Blending at the seam.
const BLEND_MICROS: usize = 6_000;

/// Whether the sound must be changed even where it will be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Wish,
    Must,
}

/// Repeats the period before `sound` begins. `before` is what was heard last. Returns how many
/// samples longer it is now: 0 if this was no place for it.
pub fn lengthen(before: &[i16], sound: &mut Vec<i16>, rate: u32, need: Need) -> usize {
    let Some(Pitch { lag, .. }) = place(before, rate, need) else { return 0 };
    let blend = (rate as usize * BLEND_MICROS / 1_000_000).min(lag).min(sound.len());
    let repeated = &before[before.len() - lag..];
    let mut head = Vec::with_capacity(lag);
    for at in 0..blend {
        head.push(blended(sound[at], repeated[at], at, blend));
    }
    head.extend_from_slice(&repeated[blend..]);
    sound.splice(0..0, head);
    lag
}

/// Leaves out a period at the beginning of `sound`, which must be at least 25 ms long. Returns how
/// many samples shorter it is now.
pub fn shorten(before: &[i16], sound: &mut Vec<i16>, rate: u32, need: Need) -> usize {
    let known: Vec<i16> = before.iter().chain(sound.iter()).copied().collect();
    let Some(Pitch { lag, .. }) = place(&known, rate, need) else { return 0 };
    let blend = (rate as usize * BLEND_MICROS / 1_000_000).min(lag);
    if sound.len() < lag + blend {
        return 0;
    }
    for at in 0..blend {
        sound[lag + at] = blended(sound[at], sound[lag + at], at, blend);
    }
    sound.drain(..lag);
    lag
}

fn place(known: &[i16], rate: u32, need: Need) -> Option<Pitch> {
    let found = pitch(known, rate)?;
    let end = &known[known.len() - reach(rate).min(known.len())..];
    let quiet = end.iter().all(|sample| sample.unsigned_abs() < QUIET);
    (quiet || found.likeness > ALIKE || need == Need::Must).then_some(found)
}

fn blended(from: i16, to: i16, at: usize, length: usize) -> i16 {
    let share = (at + 1) as f32 / (length + 1) as f32;
    (f32::from(from) * (1.0 - share) + f32::from(to) * share).round() as i16
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::audio::detect::share;
    use crate::audio::noise::Noise;
    use crate::audio::tone::sine;

    #[test]
    fn a_tone_stays_a_tone() {
        for rate in [8_000_u32, 16_000, 48_000] {
            let said = sine(rate, 200.0, -10.0, Duration::from_millis(400));
            let middle = rate as usize / 5;
            let (before, after) = said.split_at(middle);
            for change in [lengthen, shorten] {
                let mut sound = after.to_vec();
                let moved = change(before, &mut sound, rate, Need::Wish);
                assert!(moved > 0 && sound.len().abs_diff(after.len()) == moved);
                let heard: Vec<i16> = before.iter().chain(&sound).copied().collect();
                let whole = heard.len() - heard.len() % (rate as usize / 200);
                assert!(share(&heard[..whole], rate, 200.0) > 0.998, "{rate}");
            }
        }
    }

    #[test]
    fn noise_is_left_alone_unless_it_must_be_changed() {
        let mut noise = Vec::new();
        Noise::new(20).fill(2_000, &mut noise);
        let (before, after) = noise.split_at(1_000);
        assert_eq!(lengthen(before, &mut after.to_vec(), 8_000, Need::Wish), 0);
        assert!(lengthen(before, &mut after.to_vec(), 8_000, Need::Must) > 0);
    }
}
