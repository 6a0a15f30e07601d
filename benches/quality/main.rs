//! What speech is worth after a bad network and naru: `cargo bench --bench quality`.
//!
//! Prints PESQ (P.862 with the mapping of P.862.1 for narrow band, P.862.2 for wide band, without
//! Corrigendum 2) of speech that a phone of one codec sends through a simulated network and a
//! running daemon to a phone of another, then through the patchbay alone on a wound clock, mean of
//! several seeds. An Opus phone sends 24 kbit/s with repair, and knows of the loss. `NARU_SPEECH=FILE` takes other speech, of a WAV
//! or raw G.722 file, than the built-in announcements; the wide-band rows need some at 16 kHz.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench speaks on stdout"
)]

mod daemon;
#[path = "../../tests/phones/network.rs"]
#[expect(dead_code, reason = "the tests of phones use more of it")]
mod network;
#[path = "../../tests/phones/office.rs"]
#[expect(dead_code, reason = "the tests of phones use more of it")]
mod office;
#[path = "../../tests/media/network.rs"]
mod simulated;
#[path = "../../tests/phones/site.rs"]
#[expect(dead_code, reason = "the tests of phones use more of it")]
mod site;
#[path = "../../tests/phones/waiting.rs"]
mod waiting;
mod worth;

use std::time::Duration;
use std::{env, fs};

use naru::audio::builtin::{self, Prompt};
use naru::audio::converter::Converter;
use naru::audio::g722::G722Decoder;
use naru::audio::wav;
use naru::media::codec::Codec;
use simulated::{CLEAN, Network, by_codecs_alone, heard, through};
use worth::worth;

/// A line of ten percent differs by two tenths from seed to seed: fewer say little.
const SEEDS: u64 = 8;
const LOSSES: [f64; 5] = [0.0, 0.03, 0.05, 0.10, 0.20];

fn main() {
    let (rate, speech) = speech();
    println!(
        "{:.1} s of speech at {rate} Hz; mean of {SEEDS} seeds",
        speech.len() as f64 / f64::from(rate)
    );
    let narrow = at_rate(&speech, rate, 8_000);
    let wide = (rate >= 16_000).then(|| at_rate(&speech, rate, 16_000));
    codecs_row(&narrow, (Codec::Pcmu, Codec::Pcmu));
    if let Some(wide) = &wide {
        codecs_row(wide, (Codec::Opus, Codec::G722));
    }
    daemon::table(&narrow, wide.as_deref());
    println!("the patchbay alone:");
    println!(
        "G.711 to G.711, P.862.1 LQO     loss 0%    3%    5%   10%   20%   added ms   own estimates"
    );
    for (name, jitter, burst) in [
        ("no jitter", 0, 1.0),
        ("jitter 30 ms", 30, 1.0),
        ("jitter 60 ms", 60, 1.0),
        ("jitter 60 ms, bursts of 2.5", 60, 2.5),
        ("jitter 120 ms", 120, 1.0),
    ] {
        row(name, (jitter, burst), &narrow, (Codec::Pcmu, Codec::Pcmu));
    }
    let Some(wide) = wide else {
        return println!("no wide-band speech given: the wide-band rows are left out");
    };
    heard_row(&wide);
    println!("Opus with repair to G.722, P.862.2");
    for (name, jitter, burst) in
        [("no jitter", 0, 1.0), ("jitter 60 ms", 60, 1.0), ("jitter 60 ms, bursts of 2.5", 60, 2.5)]
    {
        row(name, (jitter, burst), &wide, (Codec::Opus, Codec::G722));
    }
}

/// What the codecs make of it where nothing stands between them: a clean line can be no better.
fn codecs_row(speech: &[i16], codecs: (Codec, Codec)) {
    let (from, to) = codecs;
    let score = worth(speech, &by_codecs_alone(codecs, speech), to).unwrap_or(f64::NAN);
    println!("{:34} {score:6.2}", format!("{from:?} to {to:?}, the codecs alone"));
}

fn row(name: &str, (jitter, burst): (u64, f64), speech: &[i16], codecs: (Codec, Codec)) {
    let mut cells = String::new();
    let mut delay = Duration::ZERO;
    let mut estimates = String::new();
    for loss in LOSSES {
        let mut sum = 0.0;
        let mut estimate = None;
        for seed in 1..=SEEDS {
            let jitter = Duration::from_millis(jitter);
            let network = Network { loss, burst, jitter, seed, ..CLEAN };
            let outcome = through(network, codecs, speech);
            delay = delay.max(outcome.added(codecs.1.rate()).0);
            assert!(outcome.sent.len() > 100, "speech came through");
            sum += worth(speech, &outcome.sound, codecs.1).unwrap_or(f64::NAN);
            estimate = outcome.quality.mos;
        }
        estimates.push_str(&estimate.map_or("    -".to_owned(), |mos| format!(" {mos}")));
        cells.push_str(&format!("{:6.2}", sum / SEEDS as f64));
    }
    println!("{name:30} {cells}   {:>6}   {estimates}", delay.as_millis());
}

/// What the jitter buffer hands on, before it is coded for the other leg.
fn heard_row(speech: &[i16]) {
    let score = |loss: f64| {
        let jitter = Duration::from_millis(60);
        let sum: f64 = (1..=SEEDS)
            .map(|seed| {
                heard(Network { loss, jitter, seed, ..CLEAN }, (Codec::Opus, 16_000), speech)
            })
            .map(|sound| worth(speech, &sound, Codec::Opus).unwrap_or(f64::NAN))
            .sum();
        format!("{:6.2}", sum / SEEDS as f64)
    };
    let cells: String = LOSSES.into_iter().map(score).collect();
    println!("Opus with repair as it is heard, P.862.2\n{:30} {cells}", "jitter 60 ms");
}

fn speech() -> (u32, Vec<i16>) {
    let clip = |file: &[u8]| {
        let clip = wav::read(file).unwrap();
        (clip.rate(), clip.samples().to_vec())
    };
    match env::var_os("NARU_SPEECH") {
        Some(path) if path.to_string_lossy().ends_with(".g722") => {
            let mut speech = Vec::new();
            G722Decoder::default().decode(&fs::read(path).unwrap(), &mut speech);
            (16_000, speech)
        }
        Some(path) => clip(&fs::read(path).unwrap()),
        None => builtin_speech(),
    }
}

fn builtin_speech() -> (u32, Vec<i16>) {
    let mut speech = Vec::new();
    for language in ["en", "ko", "es"] {
        for prompt in [Prompt::AllBusy, Prompt::Greeting] {
            speech.extend_from_slice(builtin::prompt(prompt, language).samples());
        }
    }
    (16_000, speech)
}

fn at_rate(sound: &[i16], from: u32, to: u32) -> Vec<i16> {
    let mut converted = Vec::new();
    match Converter::new(from, to) {
        Some(mut converter) => converter.convert(&sound[..sound.len() / 6 * 6], &mut converted),
        None => converted.extend_from_slice(sound),
    }
    converted
}
