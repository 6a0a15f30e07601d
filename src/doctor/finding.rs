//! One thing that was looked at, and how it is.

use serde::Serialize;

use crate::words::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Good,
    /// Works, but may hurt one day.
    Doubtful,
    /// Calls or records suffer.
    Bad,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub state: State,
    pub what: Words,
    /// What to do about it; none when there is nothing to do.
    pub fix: Option<Words>,
}

impl Finding {
    pub(crate) fn good(what: Words) -> Self {
        Self { state: State::Good, what, fix: None }
    }

    pub(crate) fn doubtful(what: Words, fix: Words) -> Self {
        Self { state: State::Doubtful, what, fix: Some(fix) }
    }

    pub(crate) fn bad(what: Words, fix: Words) -> Self {
        Self { state: State::Bad, what, fix: Some(fix) }
    }
}
