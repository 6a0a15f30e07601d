//! The tones of a keypad: made, and recognised in what is heard (ITU-T Q.23, Q.24).

use std::f64::consts::TAU;

use crate::audio::g711::{Law, RATE};

const LOW: [u16; 4] = [697, 770, 852, 941];
const HIGH: [u16; 4] = [1_209, 1_336, 1_477, 1_633];
const KEYS: [[u8; 4]; 4] = [*b"123A", *b"456B", *b"789C", *b"*0#D"];

/// Samples a look: short enough for two looks into a press of 40 ms, long enough to part 697 Hz
/// from 770 Hz.
const LOOK: usize = 102;
/// Each tone at least so strong: -45 dB below a sine of full scale.
const FAINTEST: f32 = 184.0;
/// Q.24: the high tone may be 4 dB stronger or 8 dB weaker than the low one; lines add some.
const HIGH_STRONGER: f32 = 5.0;
const HIGH_WEAKER: f32 = 10.0;
/// The other tones of either group must be this much weaker (power; 8 dB).
const ALONE: f32 = 6.3;
/// The two tones must hold this part of all the power: speech does not.
const PURE: f32 = 0.62;
/// Level of each tone we make, below full scale: -9 dBm0 (Q.24 asks for 0 to -25).
const AMPLITUDE: f64 = 8_000.0;

/// Finds presses in sound of 8 kHz.
#[derive(Debug, Default)]
pub struct Detector {
    look: Look,
    last: Option<char>,
    pressed: Option<char>,
}

/// One look's worth of the eight filters.
#[derive(Debug, Default)]
struct Look {
    filters: [(f32, f32); 8],
    power: f32,
    samples: usize,
}

impl Detector {
    /// Hears more; returns the key whose press has begun in it, if one has.
    pub fn hear(&mut self, sound: &[i16]) -> Option<char> {
        let mut begun = None;
        for &sample in sound {
            self.look.sample(f32::from(sample));
            if self.look.samples < LOOK {
                continue;
            }
            let key = self.look.key();
            self.look = Look::default();
            if key == self.last {
                // Two looks agree.
                if let Some(key) = key.filter(|_| key != self.pressed) {
                    begun = Some(key);
                }
                self.pressed = key;
            }
            self.last = key;
        }
        begun
    }

    /// The same for G.711 as it comes.
    pub fn hear_coded(&mut self, law: Law, codes: &[u8]) -> Option<char> {
        let mut begun = None;
        for part in codes.chunks(LOOK) {
            let mut sound = [0; LOOK];
            for (sample, &code) in sound.iter_mut().zip(part) {
                *sample = law.decode(code);
            }
            begun = self.hear(&sound[..part.len()]).or(begun);
        }
        begun
    }

    /// Whether a key is down now.
    #[must_use]
    pub fn is_pressed(&self) -> bool {
        self.pressed.is_some()
    }
}

impl Look {
    fn sample(&mut self, sample: f32) {
        for (filter, coefficient) in self.filters.iter_mut().zip(&COEFFICIENTS) {
            *filter = (sample + coefficient * filter.0 - filter.1, filter.0);
        }
        self.power += sample * sample;
        self.samples += 1;
    }

    fn key(&self) -> Option<char> {
        let mut powers = [0.0; 8];
        for ((power, (last, before)), coefficient) in
            powers.iter_mut().zip(self.filters).zip(COEFFICIENTS)
        {
            *power = last * last + before * before - coefficient * last * before;
        }
        let (low, high) = powers.split_at(4);
        let (row, column) = (strongest(low)?, strongest(high)?);
        let (low, high) = (low[row], high[column]);
        // A filter's power of a sine with amplitude a is (a · LOOK / 2)².
        let faintest = (FAINTEST * LOOK as f32 / 2.0).powi(2);
        let even = high < low * HIGH_STRONGER && low < high * HIGH_WEAKER;
        let pure = (low + high) * 2.0 > PURE * self.power * LOOK as f32;
        let heard = low > faintest && high > faintest && even && pure;
        heard.then(|| char::from(KEYS[row][column]))
    }
}

/// The strongest of a group, if it stands out from the others.
fn strongest(group: &[f32]) -> Option<usize> {
    let (at, most) = group.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1))?;
    let alone = group.iter().enumerate().all(|(other, power)| other == at || power * ALONE < *most);
    alone.then_some(at)
}

/// `2·cos(2π·f/8000)` for the eight tones.
static COEFFICIENTS: [f32; 8] = [
    1.707_737_8,
    1.645_281,
    1.568_686_9,
    1.478_204_6,
    1.164_104,
    0.996_370_25,
    0.798_618_4,
    0.568_532_7,
];

/// Makes a key's tones at any rate, as long as it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Tones {
    turns: (f64, f64),
    at: u64,
    rate: u32,
}

impl Tones {
    /// `None` if there is no such key.
    #[must_use]
    pub fn of(key: char, rate: u32) -> Option<Self> {
        let (row, column) = (0..4)
            .flat_map(|row| (0..4).map(move |column| (row, column)))
            .find(|&(row, column)| char::from(KEYS[row][column]) == key.to_ascii_uppercase())?;
        let turns = (f64::from(LOW[row]), f64::from(HIGH[column]));
        Some(Self { turns, at: 0, rate })
    }

    /// Appends `length` samples.
    pub fn sound(&mut self, length: usize, sound: &mut Vec<i16>) {
        // 5 ms of rise: a click would tell more than the key.
        let rise = f64::from(self.rate) / 200.0;
        sound.extend((0..length).map(|_| {
            let seconds = self.at as f64 / f64::from(self.rate);
            let swell = (self.at as f64 / rise).min(1.0);
            self.at += 1;
            let wave = (TAU * self.turns.0 * seconds).sin() + (TAU * self.turns.1 * seconds).sin();
            (AMPLITUDE * swell * wave).round() as i16
        }));
    }
}

/// Whether a keypad has such a key.
#[must_use]
pub fn is_key(key: char) -> bool {
    Tones::of(key, RATE).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::builtin::{Prompt, prompt};
    use crate::audio::noise::Noise;
    use crate::audio::resample::resample;

    fn pressed(key: char, millis: usize) -> Vec<i16> {
        let mut sound = vec![0; 400];
        Tones::of(key, RATE).unwrap().sound(millis * 8, &mut sound);
        sound.extend([0; 400]);
        sound
    }

    fn heard(sound: &[i16]) -> String {
        let mut detector = Detector::default();
        sound.chunks(160).filter_map(|frame| detector.hear(frame)).collect()
    }

    #[test]
    fn the_filters_stand_at_their_tones() {
        for (hz, coefficient) in LOW.iter().chain(&HIGH).zip(COEFFICIENTS) {
            let right = 2.0 * (TAU * f64::from(*hz) / f64::from(RATE)).cos();
            assert!((f64::from(coefficient) - right).abs() < 1e-5, "{hz}: {right}");
        }
    }

    #[test]
    fn every_key_is_heard_once_however_short_long_faint_or_coded() {
        for key in "0123456789*#ABCD".chars() {
            for millis in [45, 50, 100, 1_000] {
                let sound = pressed(key, millis);
                assert_eq!(heard(&sound), key.to_string(), "{millis} ms");
                let faint: Vec<i16> = sound.iter().map(|sample| sample / 20).collect();
                assert_eq!(heard(&faint), key.to_string(), "faint, {millis} ms");
                let coded: Vec<i16> =
                    sound.iter().map(|&s| Law::A.decode(Law::A.encode(s))).collect();
                assert_eq!(heard(&coded), key.to_string(), "coded, {millis} ms");
            }
        }
    }

    #[test]
    fn the_same_key_twice_is_two_presses() {
        let sound = [pressed('7', 60), pressed('7', 60), pressed('8', 60)].concat();
        assert_eq!(heard(&sound), "778");
    }

    #[test]
    fn fifteen_decibels_of_noise_do_not_hide_it() {
        let mut noise = Vec::new();
        let mut found = 0;
        for key in "0123456789*#".chars() {
            let mut sound = pressed(key, 80);
            noise.clear();
            Noise::new(30).fill(sound.len(), &mut noise);
            sound.iter_mut().zip(&noise).for_each(|(sample, noise)| *sample += noise);
            found += usize::from(heard(&sound) == key.to_string());
        }
        assert_eq!(found, 12);
    }

    #[test]
    fn speech_is_no_key() {
        for language in ["ko", "en", "ja", "zh", "es"] {
            for &name in Prompt::ALL {
                let clip = prompt(name, language);
                let sound = resample(clip.samples(), clip.rate(), RATE);
                assert_eq!(heard(&sound), "", "{language} {name:?}");
            }
        }
    }
}
