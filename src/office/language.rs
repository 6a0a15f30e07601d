//! The languages an office speaks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// Korean is the first base language; a caller of any other tongue hears English (S103).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ko,
    En,
    Ja,
    Zh,
    Es,
}

impl Language {
    pub const ALL: [Self; 5] = [Self::Ko, Self::En, Self::Ja, Self::Zh, Self::Es];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
            Self::Ja => "ja",
            Self::Zh => "zh",
            Self::Es => "es",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Self::Ko => Words::new("한국어", "Korean"),
            Self::En => Words::new("영어", "English"),
            Self::Ja => Words::new("일본어", "Japanese"),
            Self::Zh => Words::new("중국어", "Chinese"),
            Self::Es => Words::new("스페인어", "Spanish"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not one of `ko en ja zh es`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not one of the languages ko, en, ja, zh, es")]
pub struct UnknownLanguage(String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
            .ok_or_else(|| UnknownLanguage(code.to_owned()))
    }
}
