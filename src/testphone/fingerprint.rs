//! Whether a clip is in a recording, by normalised cross-correlation at 8 kHz.
//!
//! The clip is cut into pieces of half a second. The loudest are looked for everywhere, on a coarse
//! grid first, until one is found; the others where they must then be, give or take a little, as a jitter buffer may
//! add or drop samples. Level, companding and silence before and after do not matter.

use crate::audio::clip::Clip;
use crate::audio::g711::RATE;
use crate::audio::resample::resample;

/// Half a second: long enough to be unlike any other, short against the drift of two clocks.
const PIECE: usize = RATE as usize / 2;
/// The coarse grid: every fourth sample of a low-passed recording.
const COARSE: usize = 4;
/// How far around a coarse hit the exact place is looked for.
const FINE: usize = 2 * COARSE;
/// How far a piece may have moved against the one found: 60 ms.
const DRIFT: usize = RATE as usize * 60 / 1000;
/// So many pieces, the loudest first, are looked for everywhere before the clip counts as unheard.
const ANCHORS: usize = 4;
/// Two pieces are the same from this correlation on. Unlike speech stays below 0.4 over half a
/// second; G.711 and a resampler of another make cost less than 0.1.
const SAME: f64 = 0.7;
/// A piece quieter than this (root mean square) says nothing.
const QUIET: f64 = 50.0;

/// The part of the clip's sounding pieces that the recording holds, in their order: 0 to 1.
#[must_use]
pub fn share_heard(recording: &[i16], clip: &Clip) -> f64 {
    let clip = floats(&resample(clip.samples(), clip.rate(), RATE));
    let recording = floats(recording);
    let pieces: Vec<(usize, &[f32])> = clip
        .chunks(PIECE)
        .enumerate()
        .map(|(count, piece)| (count * PIECE, piece))
        .filter(|(_, piece)| piece.len() >= PIECE / 2 && loudness(piece) >= QUIET)
        .collect();
    let mut loudest_first = pieces.clone();
    loudest_first.sort_by(|(_, a), (_, b)| loudness(b).total_cmp(&loudness(a)));
    let found = loudest_first
        .iter()
        .take(ANCHORS)
        .find_map(|(at, piece)| Some((*at, find_anywhere(&recording, piece)?)));
    let Some((anchor_at, found)) = found else { return 0.0 };
    let heard = pieces
        .iter()
        .filter(|(at, piece)| {
            let expected = (found + at).checked_sub(anchor_at);
            expected.is_some_and(|place| is_near(&recording, piece, place))
        })
        .count();
    heard as f64 / pieces.len() as f64
}

/// Where `piece` lies in the recording, if it does.
fn find_anywhere(recording: &[f32], piece: &[f32]) -> Option<usize> {
    let coarse = thinned(recording);
    let coarse_piece = thinned(piece);
    let mut places: Vec<(f64, usize)> = coarse
        .windows(coarse_piece.len())
        .enumerate()
        .map(|(place, window)| (correlation(window, &coarse_piece), place * COARSE))
        .collect();
    // The best few: a coarse grid can rank a near miss above the hit.
    places.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    places
        .iter()
        .take(16)
        .filter_map(|(_, place)| best_near(recording, piece, *place, FINE))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .filter(|(score, _)| *score >= SAME)
        .map(|(_, place)| place)
}

fn is_near(recording: &[f32], piece: &[f32], place: usize) -> bool {
    best_near(recording, piece, place, DRIFT).is_some_and(|(score, _)| score >= SAME)
}

/// The best correlation within `reach` samples of `place`, and where.
fn best_near(recording: &[f32], piece: &[f32], place: usize, reach: usize) -> Option<(f64, usize)> {
    (place.saturating_sub(reach)..=place + reach)
        .filter_map(|at| {
            let window = recording.get(at..at + piece.len())?;
            Some((correlation(window, piece), at))
        })
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
}

/// -1 to 1; 0 when either is silent.
fn correlation(one: &[f32], other: &[f32]) -> f64 {
    let mut sums = [0.0_f32; 3];
    for (a, b) in one.iter().zip(other) {
        sums[0] += a * b;
        sums[1] += a * a;
        sums[2] += b * b;
    }
    let [both, first, second] = sums.map(f64::from);
    if first < 1.0 || second < 1.0 { 0.0 } else { both / (first * second).sqrt() }
}

/// Every [`COARSE`]th sample of the running mean.
fn thinned(samples: &[f32]) -> Vec<f32> {
    let width = 2 * COARSE;
    samples
        .windows(width)
        .step_by(COARSE)
        .map(|window| window.iter().sum::<f32>() / width as f32)
        .collect()
}

fn floats(samples: &[i16]) -> Vec<f32> {
    samples.iter().map(|sample| f32::from(*sample)).collect()
}

fn loudness(samples: &[f32]) -> f64 {
    let energy: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    (energy / samples.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::g711::Law;

    /// Something as uneven as speech: a few wandering tones under a slow envelope.
    fn speech(seed: u32, rate: u32, seconds: usize) -> Clip {
        let mut state = seed;
        let mut step = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1 << 24)
        };
        let mut phases = [0.0_f64; 4];
        let mut tones = [200.0, 450.0, 900.0, 1600.0];
        let samples = (0..rate as usize * seconds)
            .map(|at| {
                if at % (rate as usize / 10) == 0 {
                    tones.iter_mut().for_each(|hertz| *hertz *= 0.7 + 0.6 * step());
                    tones.iter_mut().for_each(|hertz| *hertz = hertz.clamp(150.0, 2500.0));
                }
                let sum: f64 = phases
                    .iter_mut()
                    .zip(&tones)
                    .map(|(phase, hertz)| {
                        *phase += std::f64::consts::TAU * hertz / f64::from(rate);
                        phase.sin()
                    })
                    .sum();
                (sum * 3_000.0) as i16
            })
            .collect();
        Clip::new(rate, samples)
    }

    fn through_g711(clip: &Clip, before: usize) -> Vec<i16> {
        let quiet = std::iter::repeat_n(0, before);
        let played = resample(clip.samples(), clip.rate(), RATE).into_iter().map(|s| s / 2);
        quiet.chain(played).map(|sample| Law::A.decode(Law::A.encode(sample))).collect()
    }

    #[test]
    fn a_clip_is_found_after_silence_at_half_its_level() {
        for rate in [8_000, 16_000, 48_000] {
            let clip = speech(1, rate, 3);
            let heard = share_heard(&through_g711(&clip, 7_777), &clip);
            assert!(heard > 0.95, "{heard} at {rate}");
        }
    }

    #[test]
    fn half_of_a_clip_counts_as_half() {
        let clip = speech(2, 8_000, 4);
        let mut heard = through_g711(&clip, 3_000);
        heard.truncate(3_000 + 2 * RATE as usize);
        let share = share_heard(&heard, &clip);
        assert!((0.4..=0.6).contains(&share), "{share}");
    }

    #[test]
    fn other_speech_silence_and_nothing_do_not_match() {
        let clip = speech(3, 8_000, 3);
        assert!(share_heard(&through_g711(&speech(4, 8_000, 5), 100), &clip) < 0.2);
        assert!(share_heard(&vec![0; 40_000], &clip) < 0.01);
        assert!(share_heard(&[], &clip) < 0.01);
        assert!(share_heard(&[1; 9_000], &Clip::new(8_000, Vec::new())) < 0.01);
    }
}
