//! What is put together from pieces of speech when it is to be said.

use serde::{Deserialize, Serialize};

use crate::audio::builtin::Prompt;

/// One thing to be said; `audio/say.rs` knows the pieces of each language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Saying {
    Prompt(Prompt),
    /// As a quantity.
    Count(u32),
    /// Digit by digit, as telephone numbers are read.
    Digits(String),
    /// "The number is …".
    Caller(String),
    /// How many messages wait.
    NewMessages(u32),
    /// "You are number … in the queue".
    Place(u32),
    /// "The expected waiting time is about …".
    Wait {
        minutes: u32,
    },
    /// The time of the day at this moment, in milliseconds since 1970, by the clock of the box.
    Time {
        at: i64,
    },
    /// The day of the year, likewise.
    Date {
        at: i64,
    },
}
