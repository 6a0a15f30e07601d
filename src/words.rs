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
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}
