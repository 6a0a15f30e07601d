//! Speech through bad networks, decoded, mended and coded anew.

use std::time::Duration;

use naru::audio::builtin::{self, Prompt};
use naru::audio::detect::{level, share};
use naru::audio::resample::resample;
use naru::audio::tone::sine;
use naru::media::codec::Codec::{self, G722, Opus, Pcma, Pcmu};

use crate::network::{CLEAN, Network, Outcome, heard, through};

const SECONDS: u64 = 8;

fn rate(codec: Codec) -> u32 {
    if codec == Opus { 16_000 } else { codec.rate() }
}

fn tone(codec: Codec) -> Vec<i16> {
    sine(rate(codec), 1_000.0, -10.0, Duration::from_secs(SECONDS))
}

/// The part of the outcome in which everything has settled, in whole periods of 1 kHz.
fn settled(outcome: &Outcome, codec: Codec) -> &[i16] {
    let rate = codec.rate() as usize;
    let end = outcome.sound.len() - outcome.sound.len() % rate;
    &outcome.sound[rate * 2..end.min(rate * 7)]
}

fn longest_pause(outcome: &Outcome) -> Duration {
    let pauses = outcome.sent.windows(2).map(|pair| pair[1].0 - pair[0].0);
    pauses.max().unwrap()
}

#[test]
fn a_clean_line_loses_nothing_between_any_two_codecs() {
    for from in Codec::ALL {
        for to in Codec::ALL {
            let outcome = through(CLEAN, (from, to), &tone(from));
            let heard = settled(&outcome, to);
            let rest = 1.0 - share(heard, to.rate(), 1_000.0);
            // The codecs themselves are no better: G.711 38 dB, G.722 45 dB, Opus by ear only.
            let most = if from == Opus || to == Opus { 0.03 } else { 5e-4 };
            assert!(rest < most, "{from:?} {to:?}: {rest}");
            let strength = level(heard, to.rate(), 1_000.0);
            assert!((strength + 10.0).abs() < 0.5, "{from:?} {to:?}: {strength} dB");
            assert_eq!(outcome.quality.decoded.concealed, 0, "{from:?} {to:?}");
            assert_eq!((outcome.quality.heard.lost, outcome.quality.decoded.late), (0, 0));
            assert!(longest_pause(&outcome) <= Duration::from_millis(21));
        }
    }
}

#[test]
fn a_clean_line_costs_no_more_than_five_milliseconds_beside_the_packet() {
    for (from, to) in [(Pcma, G722), (Opus, Pcmu), (G722, Opus)] {
        let outcome = through(CLEAN, (from, to), &tone(from));
        let (_, longest) = outcome.added(to.rate());
        assert!(longest <= Duration::from_millis(25), "{from:?} {to:?}: {longest:?}");
    }
}

#[test]
fn nothing_is_said_twice_and_time_goes_on_whatever_the_network_does() {
    for seed in 0..6 {
        for (loss, burst) in [(0.0, 1.0), (0.1, 1.0), (0.3, 3.0)] {
            for jitter in [0, 30, 120] {
                let jitter = Duration::from_millis(jitter);
                let network = Network { loss, burst, jitter, copies: 0.05, seed, ..CLEAN };
                for pair in [(Pcmu, G722), (Opus, Pcma)] {
                    let outcome =
                        through(network, pair, &tone(pair.0)[..rate(pair.0) as usize * 4]);
                    let what = format!("{network:?} {pair:?}");
                    let frames = outcome.quality.decoded.frames;
                    assert!((195..=215).contains(&frames), "{what}: {frames}");
                    assert!(longest_pause(&outcome) <= Duration::from_millis(40), "{what}");
                    assert!(outcome.quality.delay <= Duration::from_millis(200), "{what}");
                }
            }
        }
    }
}

#[test]
fn the_wait_stays_bounded_at_sixty_milliseconds_of_jitter() {
    for loss in [0.0, 0.05, 0.2] {
        let network = Network { loss, jitter: Duration::from_millis(60), ..CLEAN };
        let outcome = through(network, (Pcma, G722), &tone(Pcma));
        let delay = outcome.quality.delay;
        assert!(delay <= Duration::from_millis(120), "{delay:?}");
    }
}

/// PESQ (P.862.1) of the built-in voice over G.711 at 60 ms of jitter; `benches/quality` says more.
#[test]
fn speech_survives_a_bad_line() {
    let mut speech = Vec::new();
    for prompt in [Prompt::AllBusy, Prompt::Greeting] {
        let clip = builtin::prompt(prompt, "en");
        speech.extend(resample(clip.samples(), clip.rate(), 8_000));
    }
    for (loss, least) in [(0.0, 3.5), (0.05, 3.1), (0.1, 2.75), (0.2, 2.4)] {
        let jitter = Duration::from_millis(60);
        let mut sum = 0.0;
        for seed in 1..=6 {
            let outcome = through(Network { loss, jitter, seed, ..CLEAN }, (Pcmu, Pcmu), &speech);
            sum += pesq::pesq_8k(&speech, &outcome.sound).unwrap() / 6.0;
            let (mean, _) = outcome.added(8_000);
            assert!(mean <= Duration::from_millis(120), "{mean:?}");
        }
        assert!(sum >= least, "{loss}: {sum}");
    }
}

/// PESQ (P.862.2) of the built-in voice as Opus with repair at 60 ms of jitter, before it is coded
/// for the other leg.
#[test]
fn opus_is_repaired_before_anybody_hears_it() {
    let clip = builtin::prompt(Prompt::AllBusy, "en");
    let speech = resample(clip.samples(), clip.rate(), 16_000);
    let jitter = Duration::from_millis(60);
    let worth = |loss: f64| {
        let score = |seed| {
            let network = Network { loss, jitter, seed, ..CLEAN };
            pesq::pesq_wb(&speech, &heard(network, (Opus, 16_000), &speech)).unwrap() / 4.0
        };
        (1..=4).map(score).sum::<f32>()
    };
    let scores = [0.0, 0.05, 0.1, 0.2].map(worth);
    let least = [3.8, 3.2, 2.6, 1.9];
    assert!(scores.iter().zip(least).all(|(score, least)| *score >= least), "{scores:?}");
}

#[test]
fn between_phones_that_agree_only_a_lossy_line_is_mended() {
    for (loss, mended) in [(0.0, false), (0.005, false), (0.1, true)] {
        let network = Network { loss, seed: 3, ..CLEAN };
        let outcome = through(network, (Pcmu, Pcma), &tone(Pcmu));
        assert_eq!(outcome.quality.decoded.frames > 0, mended, "{loss}");
        let heard = settled(&outcome, Pcma);
        let gaps = heard.windows(100).filter(|part| part.iter().all(|&sample| sample == 0));
        assert_eq!(gaps.count() == 0, loss == 0.0 || mended, "{loss}");
    }
}

#[test]
fn a_clock_that_runs_away_is_followed() {
    for drift in [-1_000.0, -100.0, 100.0, 1_000.0] {
        let network = Network { drift, ..CLEAN };
        let minute = sine(8_000, 1_000.0, -10.0, Duration::from_secs(60));
        let outcome = through(network, (Pcmu, G722), &minute);
        let heard = &outcome.sound[32_000..16_000 * 58];
        assert!(1.0 - share(heard, 16_000, 1_000.0) < 0.05, "{drift}");
        let decoded = outcome.quality.decoded;
        assert!(decoded.concealed <= 1, "{drift}: {decoded:?}");
        assert!(outcome.quality.delay <= Duration::from_millis(60), "{:?}", outcome.quality.delay);
    }
}
