//! Call-progress tones of the countries, and the sines they are made of.
//!
//! Each country of the table names its source. `E180` is ITU-T E.180 Supplement 2 (various tones
//! used in national networks, with the later notices of the administrations); the call-waiting
//! tones of the same list, Q.35 as it was called before.

use std::f64::consts::{FRAC_PI_2, TAU};
use std::time::Duration;

use crate::audio::clip::Clip;
use crate::audio::g711::RATE;

/// Level of a whole tone in dB below a sine of full scale: about -13 dBm0 (ITU-T E.180 clause 4).
const LEVEL: f64 = -16.0;
/// Long enough that no edge clicks.
const RAMP: Duration = Duration::from_millis(5);
/// Depth of a modulated tone: E.180 allows 0.8 to 1.
const DEPTH: f64 = 0.85;

/// What a tone tells the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Dial,
    Ringback,
    Busy,
    Congestion,
    /// Another call comes in while one is talking; heard over the talk.
    CallWaiting,
}

impl Signal {
    pub const ALL: [Self; 5] =
        [Self::Dial, Self::Ringback, Self::Busy, Self::Congestion, Self::CallWaiting];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sounding {
    One(u16),
    /// Two frequencies at the same level.
    Two(u16, u16),
    /// A carrier whose level another frequency moves.
    Modulated {
        carrier: u16,
        by: u16,
    },
}

/// Sound and rhythm of one signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tone {
    pub sounding: Sounding,
    /// Milliseconds on, off, on, off ...; empty sounds without a pause.
    pub cadence: &'static [u16],
}

/// Where a country's row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// ITU-T E.180 Supplement 2.
    E180,
    /// E.180 Supplement 2, but its call-waiting tone is what E.180 recommends: the country's own is
    /// not known to us.
    E180WithoutWaiting,
    /// The country is in no list known to us: what E.180 recommends.
    Recommended,
}

/// The signals of one country.
#[derive(Debug)]
pub struct Country {
    /// ISO 3166 two letters.
    pub code: &'static str,
    /// Calling code without the plus.
    pub calling_code: &'static str,
    dial: Tone,
    ringback: Tone,
    busy: Tone,
    congestion: Tone,
    waiting: Tone,
    pub source: Source,
}

/// The country whose numbers begin with this calling code, with or without its plus; a country
/// that is not in the table sounds as E.180 recommends.
#[must_use]
pub fn by_calling_code(calling_code: &str) -> &'static Country {
    let code = calling_code.trim_start_matches('+');
    COUNTRIES.iter().find(|country| country.calling_code == code).unwrap_or(&RECOMMENDED)
}

impl Country {
    #[must_use]
    pub fn tone(&self, signal: Signal) -> Tone {
        match signal {
            Signal::Dial => self.dial,
            Signal::Ringback => self.ringback,
            Signal::Busy => self.busy,
            Signal::Congestion => self.congestion,
            Signal::CallWaiting => self.waiting,
        }
    }

    #[must_use]
    pub fn all() -> &'static [Self] {
        COUNTRIES
    }
}

impl Tone {
    /// One period of the rhythm at 8 kHz; repeated without a gap, it goes on for ever.
    #[must_use]
    pub fn clip(&self) -> Clip {
        let mut samples = Vec::new();
        if self.cadence.is_empty() {
            // Whole hertz fit into a second, so its end meets its beginning.
            samples = self.sound(Duration::from_secs(1), false);
        }
        for (at, &millis) in self.cadence.iter().enumerate() {
            let part = Duration::from_millis(millis.into());
            if at % 2 == 0 {
                samples.extend(self.sound(part, true));
            } else {
                samples.resize(samples.len() + count(RATE, part), 0);
            }
        }
        Clip::new(RATE, samples)
    }

    fn sound(&self, duration: Duration, ramped: bool) -> Vec<i16> {
        let length = count(RATE, duration);
        let ramp = count(RATE, RAMP) as f64;
        let edge = |at: usize| {
            let near = at.min(length - 1 - at) as f64;
            if ramped && near < ramp { (FRAC_PI_2 * near / ramp).sin().powi(2) } else { 1.0 }
        };
        let value =
            |at: usize| amplitude(LEVEL) * edge(at) * self.wave(at as f64 / f64::from(RATE));
        (0..length).map(|at| value(at).round() as i16).collect()
    }

    /// The wave of this sounding with the power of one sine of amplitude 1.
    fn wave(&self, seconds: f64) -> f64 {
        let sine = |hz: u16| (TAU * f64::from(hz) * seconds).sin();
        match self.sounding {
            Sounding::One(hz) => sine(hz),
            Sounding::Two(low, high) => (sine(low) + sine(high)) * 0.5_f64.sqrt(),
            Sounding::Modulated { carrier, by } => {
                sine(carrier) * (1.0 + DEPTH * sine(by)) / (1.0 + DEPTH * DEPTH / 2.0).sqrt()
            }
        }
    }
}

/// A sine, `level` in dB below full scale.
#[must_use]
pub fn sine(rate: u32, hz: f64, level: f64, duration: Duration) -> Vec<i16> {
    let value = |at: usize| amplitude(level) * (TAU * hz * at as f64 / f64::from(rate)).sin();
    (0..count(rate, duration)).map(|at| value(at).round() as i16).collect()
}

/// A struck note that dies away, with a soft octave above it.
#[must_use]
pub fn chime(rate: u32, hz: f64, duration: Duration) -> Vec<i16> {
    const ATTACK: f64 = 0.008;
    let value = |at: usize| {
        let seconds = at as f64 / f64::from(rate);
        let swell = (seconds / ATTACK).min(1.0);
        let decay = (-seconds / (duration.as_secs_f64() * 0.55)).exp();
        let turn = TAU * hz * seconds;
        amplitude(-13.0) * swell * decay * (turn.sin() + 0.25 * (2.0 * turn).sin())
    };
    (0..count(rate, duration)).map(|at| value(at).round() as i16).collect()
}

fn amplitude(level: f64) -> f64 {
    f64::from(i16::MAX) * 10.0_f64.powf(level / 20.0)
}

fn count(rate: u32, duration: Duration) -> usize {
    (u128::from(rate) * duration.as_micros() / 1_000_000) as usize
}

const fn one(hz: u16, cadence: &'static [u16]) -> Tone {
    Tone { sounding: Sounding::One(hz), cadence }
}

const fn two(low: u16, high: u16, cadence: &'static [u16]) -> Tone {
    Tone { sounding: Sounding::Two(low, high), cadence }
}

const fn modulated(carrier: u16, by: u16, cadence: &'static [u16]) -> Tone {
    Tone { sounding: Sounding::Modulated { carrier, by }, cadence }
}

/// ITU-T E.180 clauses 5 to 9: what a country without a custom of its own should use.
static RECOMMENDED: Country = Country {
    code: "",
    calling_code: "",
    dial: one(425, &[]),
    ringback: one(425, &[1_000, 4_000]),
    busy: one(425, &[500, 500]),
    congestion: one(425, &[250, 250]),
    waiting: one(425, &[400, 8_000]),
    source: Source::Recommended,
};

static COUNTRIES: &[Country] = &[
    Country {
        code: "KR",
        calling_code: "82",
        dial: two(350, 440, &[]),
        ringback: two(440, 480, &[1_000, 2_000]),
        busy: two(480, 620, &[500, 500]),
        congestion: two(480, 620, &[300, 200]),
        waiting: two(350, 440, &[250, 250, 250, 3_250]),
        source: Source::E180,
    },
    Country {
        code: "JP",
        calling_code: "81",
        dial: one(400, &[]),
        ringback: modulated(400, 16, &[1_000, 2_000]),
        busy: one(400, &[500, 500]),
        congestion: one(400, &[500, 500]),
        waiting: modulated(400, 16, &[500, 8_000]),
        source: Source::E180,
    },
    Country {
        code: "US",
        calling_code: "1",
        dial: two(350, 440, &[]),
        ringback: two(440, 480, &[2_000, 4_000]),
        busy: two(480, 620, &[500, 500]),
        congestion: two(480, 620, &[250, 250]),
        waiting: one(440, &[300, 10_000]),
        source: Source::E180,
    },
    Country {
        code: "CN",
        calling_code: "86",
        dial: one(450, &[]),
        ringback: one(450, &[1_000, 4_000]),
        busy: one(450, &[350, 350]),
        congestion: one(450, &[700, 700]),
        waiting: one(450, &[400, 4_000]),
        source: Source::E180,
    },
    Country {
        code: "TW",
        calling_code: "886",
        dial: two(350, 440, &[]),
        ringback: two(440, 480, &[1_000, 2_000]),
        busy: two(480, 620, &[500, 500]),
        congestion: two(480, 620, &[250, 250]),
        waiting: two(350, 440, &[250, 250, 250, 3_250]),
        source: Source::E180,
    },
    Country {
        code: "HK",
        calling_code: "852",
        dial: two(350, 440, &[]),
        ringback: two(440, 480, &[400, 200, 400, 3_000]),
        busy: two(480, 620, &[500, 500]),
        congestion: two(480, 620, &[250, 250]),
        waiting: one(425, &[400, 8_000]),
        source: Source::E180WithoutWaiting,
    },
    Country {
        code: "SG",
        calling_code: "65",
        dial: one(425, &[]),
        ringback: modulated(425, 24, &[400, 200, 400, 2_000]),
        busy: one(425, &[750, 750]),
        congestion: one(425, &[250, 250]),
        waiting: modulated(425, 24, &[300, 200, 300, 3_200]),
        source: Source::E180,
    },
    Country {
        code: "GB",
        calling_code: "44",
        dial: two(350, 440, &[]),
        ringback: two(400, 450, &[400, 200, 400, 2_000]),
        busy: one(400, &[375, 375]),
        congestion: one(400, &[400, 350, 225, 525]),
        waiting: one(400, &[100, 4_000]),
        source: Source::E180,
    },
    Country {
        code: "DE",
        calling_code: "49",
        dial: one(425, &[]),
        ringback: one(425, &[1_000, 4_000]),
        busy: one(425, &[480, 480]),
        congestion: one(425, &[240, 240]),
        waiting: one(425, &[200, 200, 200, 5_000]),
        source: Source::E180,
    },
    Country {
        code: "FR",
        calling_code: "33",
        dial: one(440, &[]),
        ringback: one(440, &[1_500, 3_500]),
        busy: one(440, &[500, 500]),
        congestion: one(440, &[250, 250]),
        waiting: one(440, &[300, 10_000]),
        source: Source::E180,
    },
    Country {
        code: "ES",
        calling_code: "34",
        dial: one(425, &[]),
        ringback: one(425, &[1_500, 3_000]),
        busy: one(425, &[200, 200]),
        congestion: one(425, &[200, 200, 200, 200, 200, 600]),
        waiting: one(425, &[175, 175, 175, 3_500]),
        source: Source::E180,
    },
    Country {
        code: "TH",
        calling_code: "66",
        dial: one(400, &[]),
        ringback: one(400, &[1_000, 4_000]),
        busy: one(400, &[500, 500]),
        congestion: one(400, &[300, 300]),
        waiting: one(425, &[400, 8_000]),
        source: Source::E180WithoutWaiting,
    },
    Country {
        code: "VN",
        calling_code: "84",
        dial: one(425, &[]),
        ringback: one(425, &[1_000, 4_000]),
        busy: one(425, &[500, 500]),
        congestion: one(425, &[250, 250]),
        waiting: one(425, &[400, 8_000]),
        source: Source::Recommended,
    },
    Country {
        code: "MX",
        calling_code: "52",
        dial: one(425, &[]),
        ringback: one(425, &[1_000, 4_000]),
        busy: one(425, &[250, 250]),
        congestion: one(425, &[250, 250]),
        waiting: one(425, &[200, 600, 200, 10_000]),
        source: Source::E180,
    },
    Country {
        code: "AU",
        calling_code: "61",
        dial: two(413, 438, &[]),
        ringback: two(413, 438, &[400, 200, 400, 2_000]),
        busy: one(425, &[375, 375]),
        congestion: one(425, &[375, 375]),
        waiting: one(425, &[200, 200, 200, 4_400]),
        source: Source::E180,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::detect::{level, loudness};

    #[test]
    fn korea_rings_one_second_in_three() {
        let clip = by_calling_code("+82").tone(Signal::Ringback).clip();
        assert_eq!(clip.duration(), Duration::from_secs(3));
        let (on, off) = clip.samples().split_at(8_000);
        for hz in [440.0, 480.0] {
            assert!((level(&on[400..7_600], RATE, hz) - (LEVEL - 3.0)).abs() < 0.5, "{hz}");
        }
        assert!(off.iter().all(|&sample| sample == 0));
    }

    #[test]
    fn japan_modulates_its_carrier() {
        let clip = by_calling_code("81").tone(Signal::Ringback).clip();
        let on = &clip.samples()[400..7_600];
        assert!(level(on, RATE, 400.0) > LEVEL - 3.0);
        for side in [384.0, 416.0] {
            assert!(level(&clip.samples()[..8_000], RATE, side) > LEVEL - 11.0, "{side}");
        }
    }

    #[test]
    fn every_tone_has_its_level_and_clicks_nowhere() {
        for country in Country::all().iter().chain([&RECOMMENDED]) {
            for signal in Signal::ALL {
                let clip = country.tone(signal).clip();
                let heard = loudness(&clip.samples()[..800]);
                assert!((heard - LEVEL).abs() < 1.5, "{} {signal:?}: {heard} dB", country.code);
                let around = clip.samples().iter().zip(clip.samples().iter().cycle().skip(1));
                let jump = around.map(|(&a, &b)| i32::from(a).abs_diff(b.into())).max().unwrap();
                assert!(jump < 4_000, "{} {signal:?} jumps by {jump}", country.code);
            }
        }
    }

    /// Every frequency of the table is in the sound, no other is, and the rhythm is to the
    /// millisecond.
    #[test]
    fn every_tone_has_its_frequencies_and_its_cadence() {
        let named = "KR JP US CN TW HK SG VN TH ES MX GB DE FR AU";
        assert!(named.split(' ').all(|code| Country::all().iter().any(|it| it.code == code)));
        for country in Country::all().iter().chain([&RECOMMENDED]) {
            for signal in Signal::ALL {
                let tone = country.tone(signal);
                let clip = tone.clip();
                let what = format!("{} {signal:?}", country.code);
                assert_eq!(measured_cadence(clip.samples()), tone.cadence, "{what}");
                let first = tone.cadence.first().map_or(8_000, |&on| usize::from(on) * 8);
                let on = &clip.samples()[..first];
                let expected = match tone.sounding {
                    Sounding::One(hz) => vec![hz],
                    Sounding::Two(low, high) => vec![low, high],
                    Sounding::Modulated { carrier, .. } => vec![carrier],
                };
                for &hz in &expected {
                    let found = strongest(on, f64::from(hz));
                    assert!((found - f64::from(hz)).abs() <= 2.0, "{what}: {found} for {hz}");
                }
                for other in [300.0, 540.0, 700.0, 941.0, 1_336.0] {
                    assert!(level(on, RATE, other) < LEVEL - 15.0, "{what} holds {other}");
                }
            }
        }
    }

    /// Milliseconds on, off, ... of one period; none for a sound without a pause.
    fn measured_cadence(samples: &[i16]) -> Vec<u16> {
        let loud: Vec<bool> =
            samples.chunks(8).map(|part| part.iter().any(|&sample| sample != 0)).collect();
        let mut runs: Vec<(bool, u16)> = Vec::new();
        for is_loud in loud {
            match runs.last_mut() {
                Some((last, count)) if *last == is_loud => *count += 1,
                Some(_) | None => runs.push((is_loud, 1)),
            }
        }
        if runs.len() == 1 { Vec::new() } else { runs.into_iter().map(|(_, ms)| ms).collect() }
    }

    /// The hertz around `near` at which the sound is strongest.
    fn strongest(samples: &[i16], near: f64) -> f64 {
        let candidates = (-12..=12).map(|off| near + f64::from(off));
        candidates
            .max_by(|a, b| level(samples, RATE, *a).total_cmp(&level(samples, RATE, *b)))
            .unwrap()
    }

    #[test]
    fn an_unknown_country_sounds_as_recommended() {
        assert_eq!(by_calling_code("999").tone(Signal::Busy), one(425, &[500, 500]));
    }
}
