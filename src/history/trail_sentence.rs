//! The decisions of a call as sentences, in the reader's language.

use crate::history::trail::{Decision, Skip};
use crate::history::{trail_english, trail_korean};
use crate::office::language::Language;

impl Decision {
    /// One sentence for people who know no telecom words: Korean for [`Language::Ko`], else English.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::Ko => trail_korean::sentence(self),
            Language::En | Language::Ja | Language::Zh | Language::Es => {
                trail_english::sentence(self)
            }
        }
    }
}

impl Skip {
    /// Korean for [`Language::Ko`], else English.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        match language {
            Language::Ko => trail_korean::skip(self),
            Language::En | Language::Ja | Language::Zh | Language::Es => trail_english::skip(self),
        }
    }
}
