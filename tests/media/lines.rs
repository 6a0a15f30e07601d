//! Speech through bad networks, decoded, mended and coded anew.

use std::time::Duration;

use naru::audio::builtin::{self, Prompt};
use naru::audio::detect::{level, share};
use naru::audio::resample::resample;
use naru::audio::tone::sine;
use naru::media::codec::Codec::{self, G722, Opus, Pcma, Pcmu};

use crate::network::{CLEAN, Network, Outcome, by_codecs_alone, heard, through};

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

/// Tone in, tone out: the codecs have their own noise, and naru adds none.
#[test]
fn on_a_clean_line_only_the_codecs_are_heard() {
    for from in Codec::ALL {
        for to in Codec::ALL {
            let said = tone(from);
            let outcome = through(CLEAN, (from, to), &said);
            let alone = by_codecs_alone((from, to), &said);
            let end = outcome.sound.len().min(alone.len());
            assert!(alone.len() - end <= to.rate() as usize / 50, "{from:?} {to:?}: {end}");
            let power = |sound: &mut dyn Iterator<Item = i32>| -> f64 {
                sound.map(|sample| f64::from(sample).powi(2)).sum()
            };
            let pairs = outcome.sound[..end].iter().zip(&alone[..end]);
            let added = power(&mut pairs.map(|(&one, &other)| i32::from(one) - i32::from(other)));
            let tone = power(&mut alone[..end].iter().map(|&sample| i32::from(sample)));
            assert!(
                added < tone * 1e-6,
                "{from:?} {to:?}: {:.1} dB",
                10.0 * (added / tone).log10()
            );
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

/// 0 to 120 ms of jitter, 0 to 30 % of loss, one by one and in bursts.
#[test]
fn the_wait_is_the_jitter_and_little_more_and_only_what_is_lost_is_concealed() {
    let pairs = [(Pcmu, G722), (Opus, Pcma), (G722, Pcmu)].into_iter().cycle();
    let losses = [(0.0, 1.0), (0.05, 1.0), (0.1, 2.5), (0.2, 1.0), (0.3, 1.0), (0.3, 2.5)];
    let networks = losses.iter().flat_map(|loss| [0, 20, 60, 120].map(|millis| (*loss, millis)));
    for (seed, (((loss, burst), millis), pair)) in (1..).zip(networks.zip(pairs)) {
        let jitter = Duration::from_millis(millis);
        let network = Network { loss, burst, jitter, seed, ..CLEAN };
        let outcome = through(network, pair, &tone(pair.0)[..rate(pair.0) as usize * 5]);
        let (decoded, lost) = (outcome.quality.decoded, outcome.quality.heard.lost);
        let what = format!("{network:?} {pair:?}: {decoded:?}, lost {lost}");
        // What mends a gap, or is led up to, comes with the packet after the one that is lost.
        let repair = if pair.0 != G722 && (loss > 0.0 || decoded.late > 0) { 20 } else { 0 };
        let delay = outcome.quality.delay;
        assert!(delay <= Duration::from_millis(millis + 25 + repair), "{what}, {delay:?}");
        // The first packets of a line never heard before may find nobody waiting for them.
        assert!((lost..=lost + 2 + millis / 10).contains(&decoded.concealed), "{what}");
        let expected = (5 * 50) as f64 * loss;
        assert!((lost as f64 - expected).abs() <= 12.0 + expected / 2.0, "{what}");
    }
}

#[test]
fn packets_that_were_overtaken_are_put_in_their_place() {
    for pair in [(Pcmu, G722), (Opus, Pcma), (G722, Opus)] {
        let outcome = through(Network { overtaken: 0.1, ..CLEAN }, pair, &tone(pair.0));
        let (decoded, heard) = (outcome.quality.decoded, outcome.quality.heard);
        assert_eq!((heard.lost, decoded.late), (0, 0), "{pair:?}");
        assert!(decoded.concealed <= 1, "only the first is not expected: {pair:?} {decoded:?}");
        assert!(outcome.quality.delay <= Duration::from_millis(35), "{pair:?}");
        let rest = 1.0 - share(settled(&outcome, pair.1), pair.1.rate(), 1_000.0);
        let most = if pair.0 == Opus || pair.1 == Opus { 0.03 } else { 5e-4 };
        assert!(rest < most, "{pair:?}: {rest}");
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
        let rest = 1.0 - share(heard, 16_000, 1_000.0);
        assert!(rest < 2e-4, "{drift}: {rest}");
        let decoded = outcome.quality.decoded;
        assert!(decoded.concealed <= 1, "{drift}: {decoded:?}");
        assert!(outcome.quality.delay <= Duration::from_millis(60), "{:?}", outcome.quality.delay);
    }
}
