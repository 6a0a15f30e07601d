//! What a workflow says.

use serde::{Deserialize, Serialize};

use crate::audio::builtin::Prompt;
use crate::office::announcement::{Situation, Voice, Voices};
use crate::office::language::Language;
use crate::office::workflow::phrase::Phrase;

/// Words for a caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speech {
    /// What naru ships for a situation, in the caller's language.
    BuiltIn(Situation),
    /// A sentence of the built-in voice that no number has for itself.
    Prompt(Prompt),
    /// Put together when it is said.
    Phrases(Vec<Phrase>),
    /// The office's own, by language.
    Own(Voices),
}

impl Speech {
    /// The office's own voices in it, by language.
    pub fn spoken(&self) -> impl Iterator<Item = (&Language, &Voice)> {
        match self {
            Self::BuiltIn(_) | Self::Prompt(_) | Self::Phrases(_) => None,
            Self::Own(voices) => Some(voices.iter()),
        }
        .into_iter()
        .flatten()
    }

    /// What of it is put together when it is said.
    #[must_use]
    pub fn phrases(&self) -> &[Phrase] {
        match self {
            Self::Phrases(phrases) => phrases,
            Self::BuiltIn(_) | Self::Prompt(_) | Self::Own(_) => &[],
        }
    }

    pub fn voices(&self) -> impl Iterator<Item = &Voice> {
        self.spoken().map(|(_, voice)| voice)
    }

    pub fn voices_mut(&mut self) -> impl Iterator<Item = &mut Voice> {
        match self {
            Self::BuiltIn(_) | Self::Prompt(_) | Self::Phrases(_) => None,
            Self::Own(voices) => Some(voices.values_mut()),
        }
        .into_iter()
        .flatten()
    }
}
