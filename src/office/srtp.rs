//! Whether the sound of a phone or a trunk is encrypted.

use serde::{Deserialize, Serialize};

/// What is wanted of the other side (RFC 4568).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SrtpPolicy {
    /// Never: it is neither offered nor taken.
    Off,
    /// Whenever the other side can; sound in clear is taken too.
    #[default]
    Optional,
    /// No call without it.
    Required,
}

impl SrtpPolicy {
    pub const ALL: [Self; 3] = [Self::Off, Self::Optional, Self::Required];

    /// Its word in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}
