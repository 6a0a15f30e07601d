//! What a workflow says that is known only when it is said: places, waits, times, numbers.

use serde::{Deserialize, Serialize};

use crate::audio::builtin::Prompt;

/// One thing to be said after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phrase {
    Prompt(Prompt),
    /// Where the caller stands in the queue.
    Place,
    /// How long it may take until an agent is free; nothing while that cannot be told.
    Wait,
    /// The time of the day.
    Time,
    /// The day of the year.
    Date,
    /// Digit by digit.
    Digits(Figure),
    /// As a quantity.
    Number(Figure),
}

/// Where the digits come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    Written(String),
    /// What the caller has typed into a form.
    Field(String),
}

impl Phrase {
    /// Whether it makes sense only while the caller waits in a queue.
    #[must_use]
    pub fn needs_queue(&self) -> bool {
        match self {
            Self::Place | Self::Wait => true,
            Self::Prompt(_) | Self::Time | Self::Date | Self::Digits(_) | Self::Number(_) => false,
        }
    }

    /// The form that must have been filled in before.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Digits(Figure::Field(name)) | Self::Number(Figure::Field(name)) => Some(name),
            Self::Digits(Figure::Written(_))
            | Self::Number(Figure::Written(_))
            | Self::Prompt(_)
            | Self::Place
            | Self::Wait
            | Self::Time
            | Self::Date => None,
        }
    }
}
