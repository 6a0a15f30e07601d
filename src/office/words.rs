//! A sentence in both languages of the office's admins.

use serde::{Deserialize, Serialize};

use crate::office::language::Language;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub ko: String,
    pub en: String,
}

impl Words {
    #[must_use]
    pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ko: ko.into(), en: en.into() }
    }

    /// Korean for [`Language::Ko`], else English.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Ko => &self.ko,
            Language::En | Language::Ja | Language::Zh | Language::Es => &self.en,
        }
    }
}
