//! The digits colleagues dial.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Two to six digits, the first not 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Extension(String);

/// The text is no extension.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an extension; use 2 to 6 digits, not starting with 0")]
pub struct NotAnExtension(String);

impl Extension {
    /// # Errors
    /// When `text` is not two to six digits or starts with 0.
    pub fn parse(text: &str) -> Result<Self, NotAnExtension> {
        let ok = (2..=6).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit())
            && !text.starts_with('0');
        if ok { Ok(Self(text.to_owned())) } else { Err(NotAnExtension(text.to_owned())) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Extension {
    type Error = NotAnExtension;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Extension> for String {
    fn from(extension: Extension) -> Self {
        extension.0
    }
}
