//! The sounds that naru ships: the built-in voice in five languages, and the looping ringback.

use std::str::FromStr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crate::audio::clip::Clip;
use crate::audio::g711::RATE;
use crate::audio::tone::chime;
use crate::audio::wav;

/// A text that the built-in voice speaks (S96-S99); see `assets/prompts/texts.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    Greeting,
    AllBusy,
    Closed,
    Recording,
}

impl Prompt {
    pub const ALL: [Self; 4] = [Self::Greeting, Self::AllBusy, Self::Closed, Self::Recording];

    /// The name of its file and its word in the office's documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::AllBusy => "all_busy",
            Self::Closed => "closed",
            Self::Recording => "recording",
        }
    }
}

impl FromStr for Prompt {
    type Err = UnknownPrompt;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|prompt| prompt.name() == name)
            .ok_or_else(|| UnknownPrompt(name.to_owned()))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a built-in prompt; there are greeting, all_busy, closed and recording")]
pub struct UnknownPrompt(String);

/// The prompts of one language, decoded when first asked for.
type Voice = [LazyLock<Arc<Clip>>; 4];

macro_rules! voice {
    ($language:literal) => {
        [
            LazyLock::new(|| shipped(include_bytes!(prompt_file!($language, "greeting")))),
            LazyLock::new(|| shipped(include_bytes!(prompt_file!($language, "all_busy")))),
            LazyLock::new(|| shipped(include_bytes!(prompt_file!($language, "closed")))),
            LazyLock::new(|| shipped(include_bytes!(prompt_file!($language, "recording")))),
        ]
    };
}

macro_rules! prompt_file {
    ($language:literal, $name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/assets/prompts/", $language, "/", $name, ".wav")
    };
}

static KO: Voice = voice!("ko");
static EN: Voice = voice!("en");
static JA: Voice = voice!("ja");
static ZH: Voice = voice!("zh");
static ES: Voice = voice!("es");
static ROOM_CHIME: LazyLock<Arc<Clip>> = LazyLock::new(|| Arc::new(two_falling_notes()));
static LOOPING_RINGBACK: LazyLock<Arc<Clip>> = LazyLock::new(|| Arc::new(loop_of_four()));

/// The prompt in the language of this code; a language without a voice hears English (S103).
#[must_use]
pub fn prompt(prompt: Prompt, language: &str) -> Arc<Clip> {
    let voice = match language {
        "ko" => &KO,
        "ja" => &JA,
        "zh" => &ZH,
        "es" => &ES,
        _ => &EN,
    };
    Arc::clone(&voice[prompt as usize])
}

/// The default ringback of every number (S37): one short note, two shorter, the last held, a pause.
#[must_use]
pub fn looping_ringback() -> Arc<Clip> {
    Arc::clone(&LOOPING_RINGBACK)
}

/// The bell of the room: two notes, falling.
#[must_use]
pub fn room_chime() -> Arc<Clip> {
    Arc::clone(&ROOM_CHIME)
}

fn shipped(file: &[u8]) -> Arc<Clip> {
    // The files are part of the build and a test reads each; nothing a user does gets here.
    Arc::new(wav::read(file).unwrap_or_else(|_| Clip::new(RATE, Vec::new())))
}

/// An arpeggio of C major, our own; none of its notes is a tone of a keypad.
fn loop_of_four() -> Clip {
    const NOTES: [(f64, u64, u64); 4] =
        [(523.25, 160, 40), (659.26, 120, 30), (783.99, 120, 30), (783.99, 700, 1_300)];
    let mut samples = Vec::new();
    for (hz, sounds, pause) in NOTES {
        samples.extend(chime(RATE, hz, Duration::from_millis(sounds)));
        samples.resize(samples.len() + (u64::from(RATE) * pause / 1_000) as usize, 0);
    }
    Clip::new(RATE, samples)
}

fn two_falling_notes() -> Clip {
    const ROOM: u32 = 48_000;
    let mut samples = chime(ROOM, 659.26, Duration::from_millis(600));
    samples.extend(chime(ROOM, 523.25, Duration::from_millis(1_400)));
    Clip::new(ROOM, samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::detect::loudness;

    #[test]
    fn every_language_has_every_prompt() {
        for language in ["ko", "en", "ja", "zh", "es"] {
            for name in Prompt::ALL {
                let clip = prompt(name, language);
                assert_eq!(clip.rate(), RATE, "{language} {name:?}");
                let seconds = clip.duration().as_secs_f64();
                assert!((1.0..12.0).contains(&seconds), "{language} {name:?}: {seconds} s");
                let level = loudness(clip.samples());
                assert!((-30.0..-12.0).contains(&level), "{language} {name:?}: {level} dB");
            }
        }
    }

    #[test]
    fn another_language_hears_english() {
        let english = prompt(Prompt::Closed, "en");
        assert!(Arc::ptr_eq(&prompt(Prompt::Closed, "fr"), &english));
        assert!(!Arc::ptr_eq(&prompt(Prompt::Closed, "ko"), &english));
        assert_eq!("all_busy".parse(), Ok(Prompt::AllBusy));
    }

    #[test]
    fn the_looping_ringback_is_two_and_a_half_seconds() {
        let clip = looping_ringback();
        assert_eq!(clip.duration(), Duration::from_millis(2_500));
        assert_eq!(loudness(&clip.samples()[9_700..]), loudness(&[0]));
        assert!(loudness(&clip.samples()[..9_600]) > -25.0);
    }
}
