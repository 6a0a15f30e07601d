//! The sounds that naru ships: the built-in voice in five languages, and the looping ringback.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::audio::clip::{Clip, MASTER_RATE};
use crate::audio::container;
use crate::audio::g711::RATE;
use crate::audio::pieces::Pieces;
use crate::audio::tone::{chime, sine};

macro_rules! prompts {
    ($($prompt:ident = $name:literal,)*) => {
        /// A sentence that the built-in voice speaks (S96-S99, S106); see `assets/prompts/texts.toml`.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Prompt {
            $($prompt,)*
        }

        impl Prompt {
            pub const ALL: &[Self] = &[$(Self::$prompt,)*];

            /// The name of its file and its word in documents and in the API.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$prompt => $name,)*
                }
            }
        }
    };
}

prompts! {
    Greeting = "greeting",
    AllBusy = "all_busy",
    Closed = "closed",
    QueueWait = "queue_wait",
    QueueNext = "queue_next",
    QueueStill = "queue_still",
    QueueCallback = "queue_callback",
    CallbackSet = "callback_set",
    Recording = "recording",
    RecordingOn = "recording_on",
    RecordingOff = "recording_off",
    Voicemail = "voicemail",
    VoicemailSaved = "voicemail_saved",
    VoicemailShort = "voicemail_short",
    VoicemailFull = "voicemail_full",
    VoicemailNone = "voicemail_none",
    VoicemailMenu = "voicemail_menu",
    VoicemailDeleted = "voicemail_deleted",
    VoicemailEnd = "voicemail_end",
    Password = "password",
    PasswordWrong = "password_wrong",
    MenuInvalid = "menu_invalid",
    MenuNothing = "menu_nothing",
    MenuEnd = "menu_end",
    EnterNumber = "enter_number",
    Echo = "echo",
    Goodbye = "goodbye",
    Hold = "hold",
    Transfer = "transfer",
    Unavailable = "unavailable",
    NoNumber = "no_number",
    NotAllowed = "not_allowed",
    ConferenceJoined = "conference_joined",
    ConferenceAlone = "conference_alone",
    ConferenceLocked = "conference_locked",
    Parked = "parked",
    TurnedOn = "turned_on",
    TurnedOff = "turned_off",
}

impl FromStr for Prompt {
    type Err = UnknownPrompt;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|prompt| prompt.name() == name);
        found.copied().ok_or_else(|| UnknownPrompt(name.to_owned()))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a built-in prompt, such as greeting, all_busy and closed")]
pub struct UnknownPrompt(String);

/// One language's pieces by name, each decoded when first asked for.
type Voice = LazyLock<BTreeMap<String, Piece>>;

#[derive(Debug)]
struct Piece {
    file: &'static [u8],
    clip: OnceLock<Arc<Clip>>,
}

macro_rules! voice {
    ($language:literal) => {
        LazyLock::new(|| {
            unpacked(include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/assets/prompts/",
                $language,
                ".tar"
            )))
        })
    };
}

static KO: Voice = voice!("ko");
static EN: Voice = voice!("en");
static JA: Voice = voice!("ja");
static ZH: Voice = voice!("zh");
static ES: Voice = voice!("es");
static BEEP: LazyLock<Arc<Clip>> = LazyLock::new(|| Arc::new(one_note()));
static ROOM_CHIME: LazyLock<Arc<Clip>> = LazyLock::new(|| Arc::new(two_falling_notes()));
static LOOPING_RINGBACK: LazyLock<Arc<Clip>> = LazyLock::new(|| Arc::new(loop_of_four()));

/// The prompt in the language of this code; a language without a voice hears English (S103).
#[must_use]
pub fn prompt(prompt: Prompt, language: &str) -> Arc<Clip> {
    let there = piece(prompt.name(), language).or_else(|| piece(prompt.name(), "en"));
    // The files are part of the build and a test reads each; nothing a user does gets here.
    there.unwrap_or_else(|| Arc::new(Clip::new(MASTER_RATE, Vec::new())))
}

/// A piece of speech by its name, as `say.rs` gives them.
#[must_use]
pub fn piece(name: &str, language: &str) -> Option<Arc<Clip>> {
    let voice = match language {
        "ko" => &KO,
        "ja" => &JA,
        "zh" => &ZH,
        "es" => &ES,
        _ => &EN,
    };
    let Piece { file, clip } = voice.get(name)?;
    Some(Arc::clone(clip.get_or_init(|| Arc::new(decoded(file)))))
}

/// Pieces one after the other; nothing when one of them is not spoken in the language.
#[must_use]
pub fn phrase(names: &[String], language: &str) -> Option<Clip> {
    let mut samples = Vec::new();
    for name in names {
        samples.extend_from_slice(piece(name, language)?.samples());
    }
    Some(Clip::new(MASTER_RATE, samples))
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

/// After it a caller speaks.
#[must_use]
pub fn beep() -> Arc<Clip> {
    Arc::clone(&BEEP)
}

fn unpacked(archive: &'static [u8]) -> BTreeMap<String, Piece> {
    let mut pieces = BTreeMap::new();
    let mut archive_of_files = tar::Archive::new(archive);
    let entries = archive_of_files.entries().into_iter().flatten().flatten();
    for entry in entries {
        let start = usize::try_from(entry.raw_file_position()).unwrap_or_default();
        let end = start.saturating_add(usize::try_from(entry.size()).unwrap_or_default());
        let path = entry.path_bytes();
        let name = String::from_utf8_lossy(&path);
        let Some((name, file)) = name.strip_suffix(".opus").zip(archive.get(start..end)) else {
            continue;
        };
        pieces.insert(name.to_owned(), Piece { file, clip: OnceLock::new() });
    }
    pieces
}

fn decoded(file: &[u8]) -> Clip {
    const LONGEST: Duration = Duration::from_secs(60);
    let mut pieces = Pieces::new(MASTER_RATE, LONGEST);
    // What cannot be decoded is silent; a test reads every file.
    drop(container::decode(file, &mut pieces));
    let scale = f32::from(i16::MAX);
    let samples = pieces.finish().into_iter().map(|sample| (sample * scale).round() as i16);
    Clip::new(MASTER_RATE, samples.collect())
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

/// Half a second; its pitch is neither a keypad's nor a network's.
fn one_note() -> Clip {
    Clip::new(RATE, sine(RATE, 1_000.0, -16.0, Duration::from_millis(500)))
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
    use crate::audio::say;

    #[test]
    fn every_language_has_every_prompt() {
        for language in ["ko", "en", "ja", "zh", "es"] {
            for &name in Prompt::ALL {
                let clip = piece(name.name(), language).unwrap_or_else(|| {
                    panic!("{language} {name:?} is missing: run assets/prompts/make.py")
                });
                let seconds = clip.duration().as_secs_f64();
                assert!((0.3..15.0).contains(&seconds), "{language} {name:?}: {seconds} s");
                let level = loudness(clip.samples());
                assert!((-32.0..-12.0).contains(&level), "{language} {name:?}: {level} dB");
            }
        }
    }

    #[test]
    fn every_number_time_and_date_can_be_said_in_every_language() {
        for language in ["ko", "en", "ja", "zh", "es"] {
            let said = |names: Vec<String>| {
                let clip = phrase(&names, language);
                assert!(
                    clip.is_some_and(|clip| !clip.samples().is_empty()),
                    "{language} {names:?}"
                );
            };
            (0..10_000).step_by(7).for_each(|count| said(say::number(count, language)));
            said(say::digits("+0123456789", language));
            (1..=200).for_each(|place| said(say::place_in_queue(place, language)));
            (1..=90).for_each(|minutes| said(say::wait_in_queue(minutes, language)));
            (0..1_440).step_by(11).for_each(|at| said(say::time(at / 60, at % 60, language)));
            (0..=99).for_each(|count| said(say::new_messages(count, language)));
            said(say::number_is("+0123456789", language));
            (1..=31).for_each(|day| said(say::date(day % 12 + 1, day, day % 7 + 1, language)));
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
