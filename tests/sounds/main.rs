//! Sound files of every kind that offices have: 1 kHz stays 1 kHz, whatever the container claims
//! (S42, S44, S110-S113).

use std::fs;
use std::time::Duration;

use codec_core::codecs::amr::AmrCodec;
use codec_core::types::{CodecConfig, VariableRateCodec};
use naru::audio::clip::{Clip, MASTER_RATE};
use naru::audio::detect::{level, loudness, share};
use naru::audio::import::import;
use naru::audio::import_error::ImportError;
use naru::audio::tone::sine;

/// Of the files that `make.py` has written.
const LENGTH: Duration = Duration::from_millis(500);

#[test]
fn every_kind_of_file_keeps_pitch_length_and_level() {
    let mut kinds = 0;
    for entry in fs::read_dir("tests/sounds/files").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let imported = import(&fs::read(&path).unwrap());
        if name == "44k-5.1.m4a" {
            // The one kind that no decoder of ours follows, and says so.
            assert!(matches!(imported, Err(ImportError::Unsupported(_))), "{imported:?}");
            continue;
        }
        let clip = imported.unwrap_or_else(|error| panic!("{name}: {error}"));
        holds_the_tone(&name, &clip, LENGTH);
        kinds += 1;
    }
    assert_eq!(kinds, 23);
}

/// AAC and MP3 may keep some silence of their own before and after.
fn holds_the_tone(name: &str, clip: &Clip, length: Duration) {
    assert_eq!(clip.rate(), MASTER_RATE, "{name}");
    let long = clip.duration().abs_diff(length);
    assert!(long < Duration::from_millis(80), "{name}: {:?}", clip.duration());
    let middle = &clip.samples()[clip.samples().len() / 4..clip.samples().len() * 3 / 4];
    let purity = share(middle, MASTER_RATE, 1_000.0);
    assert!(purity > 0.98, "{name}: {purity}");
    let loud = loudness(middle);
    assert!((loud + 17.0).abs() < 1.5, "{name}: {loud} dB");
    let heard = pitch(middle);
    assert!((heard - 1_000.0).abs() < 0.5, "{name}: {heard} Hz");
}

/// The frequency by the turn of the phase between two halves.
fn pitch(samples: &[i16]) -> f64 {
    let half = samples.len() / 2 / 16 * 16;
    let phase = |part: &[i16]| {
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (at, &sample) in part.iter().enumerate() {
            let turn = std::f64::consts::TAU * 1_000.0 * at as f64 / f64::from(MASTER_RATE);
            real += f64::from(sample) * turn.cos();
            imaginary -= f64::from(sample) * turn.sin();
        }
        imaginary.atan2(real)
    };
    let (first, second) = (phase(&samples[..half]), phase(&samples[half..2 * half]));
    let turned = (second - first + 3.0 * std::f64::consts::PI) % std::f64::consts::TAU
        - std::f64::consts::PI;
    1_000.0 + turned / std::f64::consts::TAU * f64::from(MASTER_RATE) / half as f64
}

#[test]
fn amr_of_both_bands_and_its_pauses_keep_their_length() {
    for (config, rate, magic) in [
        (CodecConfig::amr_nb(), 8_000, b"#!AMR\n".as_slice()),
        (CodecConfig::amr_wb(), 16_000, b"#!AMR-WB\n".as_slice()),
    ] {
        let mut coder = AmrCodec::new(&config).unwrap();
        let mut file = magic.to_vec();
        for frame in sine(rate, 1_000.0, -12.0, LENGTH).chunks(rate as usize / 50) {
            let coded = coder.encode_frame(frame).unwrap();
            file.push(coded.mode << 3 | 4);
            file.extend(coded.data);
        }
        holds_the_tone(&format!("AMR at {rate}"), &import(&file).unwrap(), LENGTH);
        // Half a second in which the phone sent nothing still takes half a second.
        file.extend([15 << 3 | 4; 25]);
        let paused = import(&file).unwrap();
        assert_eq!(paused.duration(), LENGTH * 2, "{rate}");
    }
}

#[test]
fn a_cut_file_gives_what_is_there_and_nothing_panics() {
    for entry in fs::read_dir("tests/sounds/files").unwrap() {
        let file = fs::read(entry.unwrap().path()).unwrap();
        for part in 1..10 {
            if let Ok(clip) = import(&file[..file.len() * part / 10]) {
                assert!(clip.duration() < LENGTH * 2);
            }
        }
    }
    let wav = fs::read("tests/sounds/files/8k-16bit.wav").unwrap();
    let half = import(&wav[..4_044]).unwrap();
    assert_eq!(half.duration(), Duration::from_millis(250));
    assert!(level(half.samples(), MASTER_RATE, 1_000.0) > -20.0);
}

#[test]
fn a_header_that_lies_about_the_rate_is_refused() {
    let mut wav = fs::read("tests/sounds/files/8k-16bit.wav").unwrap();
    wav[24..28].copy_from_slice(&0_u32.to_le_bytes());
    assert!(import(&wav).is_err());
    let silent = vec![0; wav.len() - 44];
    let mut wav = fs::read("tests/sounds/files/8k-16bit.wav").unwrap();
    wav.splice(44.., silent);
    assert_eq!(import(&wav), Err(ImportError::Silent));
}
