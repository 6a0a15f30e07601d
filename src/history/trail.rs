//! The decisions of one call, in the order they were made, in plain words.

use serde::{Deserialize, Serialize};

use crate::leg::HangupCause;
use crate::office::extension::Extension;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;

/// One decision and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// Milliseconds since 1970.
    pub at: i64,
    pub decision: Decision,
}

/// What the engine decided or learnt; the words are made when it is read, in either language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Placeholder {
        number: PhoneNumber,
        extension: Extension,
        language: Language,
        cause: HangupCause,
    },
}
