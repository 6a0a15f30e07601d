//! What agents may dial outside.

use std::collections::BTreeSet;

use crate::office::phone_number::PhoneNumber;

/// Default deny: only the countries named, and emergency numbers always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialOut {
    /// Calling code of the office's own country, such as `82`; what national numbers belong to.
    pub home: String,
    /// Calling codes that may be dialled, with `+`.
    pub countries: BTreeSet<String>,
    /// Short numbers that go out before any other rule.
    pub emergency: BTreeSet<String>,
}

impl Default for DialOut {
    fn default() -> Self {
        Self {
            home: "82".to_owned(),
            countries: BTreeSet::from(["+82".to_owned()]),
            emergency: BTreeSet::from(["112".to_owned(), "119".to_owned()]),
        }
    }
}

impl DialOut {
    #[must_use]
    pub fn is_emergency(&self, dialled: &str) -> bool {
        self.emergency.contains(dialled)
    }

    #[must_use]
    pub fn may_dial(&self, number: &PhoneNumber) -> bool {
        self.countries.iter().any(|code| number.as_str().starts_with(code.as_str()))
    }
}
