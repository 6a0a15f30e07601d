//! What callers are told, by situation and language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::audio::builtin::Prompt;
use crate::office::language::Language;
use crate::office::recording::{Recording, SoundHash};
use crate::office::saying::Saying;
use crate::office::spoken::Spoken;

/// The situations of a number that have words (S96–S99).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    Greeting,
    AllBusy,
    Closed,
    /// Before a recording begins.
    Recording,
}

/// Where the words come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    /// The recording that naru ships (S106).
    BuiltIn,
    /// A recording of the office's own (S108).
    File(Recording),
    /// A text that the engine speaks (S107).
    Text(Spoken),
}

/// One situation's voices by language. Empty: nothing is said.
pub type Voices = BTreeMap<Language, Voice>;

/// A sound as the engine names it; `switchboard/sounds` finds its samples.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Sound {
    /// A number's announcement in the language chosen for the caller, spoken by the built-in voice.
    BuiltIn { situation: Situation, language: Language },
    /// A sound file of the office's own (S41, S108), or a text of its own as it is spoken (S107).
    Recorded(SoundHash),
    /// The looping ringback, made by us (S37).
    LoopingRingback,
    /// The ringing tone of the country with this calling code (S38).
    NationalRingback { country: String },
    /// Two falling notes: a bell in the room.
    Chime,
    /// After it a caller speaks.
    Beep,
    /// A sentence of the built-in voice.
    Prompt { prompt: Prompt, language: Language },
    /// What is put together from pieces, one after the other.
    Said { sayings: Vec<Saying>, language: Language },
    /// The time of the day at this moment, in milliseconds since 1970, by the clock of the box.
    Time { at: i64, language: Language },
}
