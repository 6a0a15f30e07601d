//! A text that is spoken to callers (S107).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::office::language::Language;
use crate::office::recording::SoundHash;

/// What is said, and with which voice of the engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spoken {
    pub text: SpokenText,
    pub voice: String,
}

impl Spoken {
    /// The sound of one text in one voice and language is made once.
    #[must_use]
    pub fn sha256(&self, language: Language) -> SoundHash {
        let key = format!("spoken\n{language}\n{}\n{}", self.voice, self.text);
        SoundHash::of(key.as_bytes())
    }
}

/// 1 to 1,000 characters, none of them a control character but the end of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SpokenText(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text to speak has 1 to 1,000 characters and no control characters")]
pub struct NotASpokenText;

impl SpokenText {
    /// # Errors
    /// Nothing to say, too much, or a control character.
    pub fn parse(text: &str) -> Result<Self, NotASpokenText> {
        let text = text.trim();
        let fits = (1..=1_000).contains(&text.chars().count())
            && !text.chars().any(|letter| letter.is_control() && letter != '\n');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotASpokenText) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SpokenText {
    type Error = NotASpokenText;

    fn try_from(text: String) -> Result<Self, NotASpokenText> {
        Self::parse(&text)
    }
}

impl From<SpokenText> for String {
    fn from(text: SpokenText) -> Self {
        text.0
    }
}

impl fmt::Display for SpokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
