//! Over a gap whose both ends are known: the voice from before goes on, the one that comes is told
//! backwards, and the first is led over into the other.

/// So much of what comes is compared with what goes on.
const MEETING_MICROS: u32 = 8_000;
/// Below this likeness there is no step to keep.
const IN_STEP: f32 = 0.4;
/// The voice that goes on may be hurried or held back by this part of the gap, to come in step.
const MOST_HURRY: usize = 12;
/// Shortest and longest period looked for in what comes: 400 Hz and 83 Hz.
const SHORTEST_MICROS: u32 = 2_500;
const LONGEST_MICROS: u32 = 12_000;
/// How much of what comes is compared with itself to find its period.
const WINDOW_MICROS: u32 = 5_000;
/// No louder than this at the meeting, as a factor.
const LOUDER: f32 = 2.0;

/// Whether there is enough of what comes to meet it.
pub(crate) fn can_meet(after: &[i16], rate: u32) -> bool {
    after.len() >= samples(rate, LONGEST_MICROS + WINDOW_MICROS)
}

/// Samples of the voice that goes on which [`lead_over`] needs for a gap of `length`.
pub(crate) fn reach(length: usize, rate: u32) -> usize {
    length + length / MOST_HURRY + samples(rate, MEETING_MICROS) + 1
}

/// Appends `length` samples that begin as `onward` does and end where `after` begins. Wants
/// [`reach`] samples of `onward`, and an `after` that it [`can_meet`]. `period` is room to work in.
pub(crate) fn lead_over(
    onward: &[f32],
    after: &[i16],
    length: usize,
    (rate, period): (u32, &mut Vec<f32>),
    sound: &mut Vec<i16>,
) {
    let meeting = Meeting::find(onward, length, &after[..samples(rate, MEETING_MICROS)]);
    find_period(after, rate, period);
    let pace = meeting.place as f32 / length as f32;
    sound.extend((0..length).map(|at| {
        let share = (at + 1) as f32 / (length + 1) as f32;
        let place = at as f32 * pace;
        let (whole, part) = (place as usize, place.fract());
        let before = onward[whole] * (1.0 - part) + onward[whole + 1] * part;
        let before = before * (1.0 + (meeting.gain - 1.0) * share);
        let behind = period[period.len() - 1 - (length - at - 1) % period.len()];
        (before * (1.0 - share) + behind * share).clamp(-32_767.0, 32_767.0).round() as i16
    }));
}

/// Where the voice that goes on meets the one that comes, and how much louder that one is.
struct Meeting {
    place: usize,
    gain: f32,
}

impl Meeting {
    fn find(onward: &[f32], length: usize, after: &[i16]) -> Self {
        let most = length / MOST_HURRY;
        let here = |place: usize| &onward[place..place + after.len()];
        let mut best = (length, IN_STEP);
        for place in length - most..=length + most {
            let likeness = likeness(here(place).iter().copied(), after);
            if likeness > best.1 {
                best = (place, likeness);
            }
        }
        let there = power(after.iter().map(|&sample| f32::from(sample)));
        let gain = there / power(here(best.0).iter().copied()).max(1.0);
        Self { place: best.0, gain: gain.min(LOUDER) }
    }
}

/// The first period of `sound`, its beginning shaped to follow its end: told again and again it is
/// the voice before the sound.
fn find_period(sound: &[i16], rate: u32, period: &mut Vec<f32>) {
    let (shortest, window) = (samples(rate, SHORTEST_MICROS), samples(rate, WINDOW_MICROS));
    let longest = samples(rate, LONGEST_MICROS);
    let mut best = (longest, f32::MIN);
    for lag in shortest..=longest {
        let later = sound[lag..lag + window].iter().map(|&sample| f32::from(sample));
        // As in `pitch`: each multiple of a period repeats as well.
        let likeness = likeness(later, &sound[..window]) - 0.02 * lag as f32 / longest as f32;
        if likeness > best.1 {
            best = (lag, likeness);
        }
    }
    let lag = best.0;
    let quarter = lag / 4;
    period.clear();
    period.extend(sound[..lag].iter().map(|&sample| f32::from(sample)));
    for (at, sample) in period[..quarter].iter_mut().enumerate() {
        let share = (at + 1) as f32 / (quarter + 1) as f32;
        *sample = f32::from(sound[lag + at]) * (1.0 - share) + *sample * share;
    }
}

/// Normalised correlation: 1 is the same shape.
fn likeness(one: impl Iterator<Item = f32>, other: &[i16]) -> f32 {
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (a, &b) in one.zip(other) {
        let b = f32::from(b);
        both += a * b;
        first += a * a;
        second += b * b;
    }
    both / (first * second).sqrt().max(1.0)
}

fn power(sound: impl Iterator<Item = f32>) -> f32 {
    sound.map(|sample| sample * sample).sum::<f32>().sqrt()
}

fn samples(rate: u32, micros: u32) -> usize {
    (u64::from(rate) * u64::from(micros) / 1_000_000) as usize
}
