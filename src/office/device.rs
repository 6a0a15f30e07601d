//! A phone: its account at our registrar.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::office::srtp::SrtpPolicy;

/// The name a phone registers with: 1 to 64 of `A-Z a-z 0-9 . _ -`. Unique in the office.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

/// The text is no user name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a user name for a phone; use 1 to 64 letters, digits, '.', '_' or '-'")]
pub struct NotAUsername(String);

impl Username {
    /// # Errors
    /// When a character or the length is not allowed.
    pub fn parse(text: &str) -> Result<Self, NotAUsername> {
        let ok = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        if ok { Ok(Self(text.to_owned())) } else { Err(NotAUsername(text.to_owned())) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Username {
    type Error = NotAUsername;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Username> for String {
    fn from(username: Username) -> Self {
        username.0
    }
}

/// A password. Has no `Debug` of its content and is compared only by the digest check.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The plain text; for the digest check, the store and `export --secrets` only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The hash of the one challenge a phone gets. MD5 is what every phone speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DigestAlgorithm {
    #[default]
    Md5,
    Sha256,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub username: Username,
    pub password: Secret,
    pub digest: DigestAlgorithm,
    pub srtp: SrtpPolicy,
    /// Rings for calls to its agent (L6); without it, it still registers, calls out and has lamps.
    pub rings: bool,
}
