//! How loud a sound is, and the same sound as loud as all others.

/// Mean level of what is heard, in dB below full scale: that of the built-in voice.
const TARGET: f64 = -20.0;
/// No peak comes nearer to full scale, in dB.
const PEAK: f64 = -1.0;
/// A sound whose loudest moment is below has nothing to hear, in dB.
const SILENCE: f64 = -60.0;
/// More would bring up the noise of the room, in dB.
const MOST_GAIN: f64 = 30.0;
/// Blocks of EBU R 128 (ITU-R BS.1770-4): 400 ms, every 100 ms.
const BLOCK_MILLIS: usize = 400;
const STEP_MILLIS: usize = 100;
/// The gates of BS.1770-4: absolute, and below the mean of what passed it, in dB.
const ABSOLUTE_GATE: f64 = -70.0;
const RELATIVE_GATE: f64 = 10.0;

/// Brings the sound to the common level, as 16-bit samples; `None` when it is silent.
///
/// The level is the gated mean power of EBU R 128 without its frequency weighting, which is flat
/// over what a telephone carries. Peaks win over the mean: nothing is clipped.
pub(crate) fn levelled(samples: &[f32], rate: u32) -> Option<Vec<i16>> {
    let peak = samples.iter().fold(0.0_f64, |peak, sample| peak.max(f64::from(sample.abs())));
    if decibels(peak * peak) < SILENCE {
        return None;
    }
    let wanted = TARGET - decibels(gated_power(samples, rate));
    let allowed = PEAK - decibels(peak * peak);
    let gain = 10_f64.powf(wanted.min(allowed).min(MOST_GAIN) / 20.0);
    let scale = gain * f64::from(i16::MAX);
    Some(samples.iter().map(|&sample| (f64::from(sample) * scale).round() as i16).collect())
}

/// Mean square of the blocks that are no pause.
fn gated_power(samples: &[f32], rate: u32) -> f64 {
    let block = (rate as usize * BLOCK_MILLIS / 1_000).clamp(1, samples.len().max(1));
    let step = (rate as usize * STEP_MILLIS / 1_000).max(1);
    let powers: Vec<f64> = samples.windows(block).step_by(step).map(power).collect();
    let mean_above = |gate: f64| {
        let heard: Vec<f64> =
            powers.iter().copied().filter(|power| decibels(*power) > gate).collect();
        if heard.is_empty() {
            power(samples)
        } else {
            heard.iter().sum::<f64>() / heard.len() as f64
        }
    };
    mean_above(decibels(mean_above(ABSOLUTE_GATE)) - RELATIVE_GATE)
}

fn power(samples: &[f32]) -> f64 {
    let sum: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    sum / samples.len().max(1) as f64
}

fn decibels(power: f64) -> f64 {
    10.0 * power.max(1e-12).log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(level: f32, seconds: usize) -> Vec<f32> {
        let turn = std::f32::consts::TAU * 440.0 / 16_000.0;
        (0..seconds * 16_000).map(|at| level * (at as f32 * turn).sin()).collect()
    }

    fn level_of(samples: &[i16]) -> f64 {
        let scaled: Vec<f32> = samples.iter().map(|&s| f32::from(s) / 32_767.0).collect();
        decibels(gated_power(&scaled, 16_000))
    }

    #[test]
    fn quiet_and_loud_files_come_to_one_level() {
        for level in [0.02, 0.1, 0.5, 0.99] {
            let heard = levelled(&tone(level, 2), 16_000).unwrap();
            assert!((level_of(&heard) - TARGET).abs() < 0.2, "{level}");
        }
    }

    #[test]
    fn pauses_do_not_count() {
        let mut spoken = tone(0.3, 1);
        spoken.extend(vec![0.0; 160_000]);
        let heard = levelled(&spoken, 16_000).unwrap();
        assert!((level_of(&heard[..16_000]) - TARGET).abs() < 1.0);
    }

    #[test]
    fn peaks_are_never_clipped_and_silence_is_told() {
        let mut clicks = tone(0.001, 2);
        clicks[5_000] = 0.9;
        let heard = levelled(&clicks, 16_000).unwrap();
        assert!(heard.iter().all(|sample| sample.unsigned_abs() < 29_300));
        assert_eq!(levelled(&tone(0.000_5, 1), 16_000), None);
        assert_eq!(levelled(&[], 16_000), None);
    }
}
