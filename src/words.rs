//! A sentence in the two languages of those who run an office.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The same sentence in Korean and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Words {
    pub ko: String,
    pub en: String,
}

impl Words {
    pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ko: ko.into(), en: en.into() }
    }

    /// A name, a number: the same in both.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { ko: text.clone(), en: text }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ko.is_empty() && self.en.is_empty()
    }

    /// One after another; empty ones are left out.
    #[must_use]
    pub fn joined(parts: &[Self], between: &str) -> Self {
        let said = |of: fn(&Self) -> &str| {
            let parts: Vec<&str> = parts.iter().filter(|part| !part.is_empty()).map(of).collect();
            parts.join(between)
        };
        Self::new(said(|part| &part.ko), said(|part| &part.en))
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}
