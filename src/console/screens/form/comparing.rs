//! What a form knows of yesterday's calls that its change would send elsewhere.

use crate::api::schema::comparison::OfficeComparison;
use crate::console::ticket;
use crate::words::Words;

#[derive(Debug, Default)]
pub struct Comparing {
    state: State,
    /// Somebody has pressed Enter before it was known.
    is_awaited: bool,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Unknown,
    Asked {
        ticket: u64,
        /// More was changed in the meantime.
        is_stale: bool,
    },
    /// It is seen beneath the form.
    Told,
}

/// What follows from an answer.
#[derive(Debug)]
pub enum Heard {
    /// It is of something else.
    Nothing,
    /// The change is another by now.
    AskAgain,
    /// To be seen before it is saved; `is_awaited`: somebody has pressed Enter already.
    Seen { words: Words, is_awaited: bool },
    /// No call would have gone elsewhere, and somebody waits to have it saved.
    Save,
}

impl Comparing {
    /// The change is another now.
    pub fn changed(&mut self) {
        self.is_awaited = false;
        self.state = match self.state {
            State::Asked { ticket, .. } => State::Asked { ticket, is_stale: true },
            State::Unknown | State::Told => State::Unknown,
        };
    }

    /// The ticket of a question to ask; one at a time, however fast somebody writes.
    pub fn ask(&mut self) -> Option<u64> {
        if matches!(self.state, State::Asked { .. }) {
            return None;
        }
        let ticket = ticket::next();
        self.state = State::Asked { ticket, is_stale: false };
        Some(ticket)
    }

    /// Whether it may be saved at once; else the answer is waited for.
    pub fn may_save(&mut self) -> bool {
        self.is_awaited = !matches!(self.state, State::Told);
        !self.is_awaited
    }

    /// Nobody waits any more: there is nothing to save as it is.
    pub fn give_up(&mut self) -> bool {
        std::mem::take(&mut self.is_awaited)
    }

    pub fn hear(&mut self, answered: u64, told: Option<&OfficeComparison>) -> Heard {
        let State::Asked { ticket, is_stale } = self.state else { return Heard::Nothing };
        if ticket != answered {
            return Heard::Nothing;
        }
        if is_stale {
            self.state = State::Unknown;
            return Heard::AskAgain;
        }
        self.state = State::Told;
        let is_awaited = std::mem::take(&mut self.is_awaited);
        match told {
            Some(told) if told.elsewhere == 0 && is_awaited => Heard::Save,
            Some(told) => Heard::Seen { words: told.words(), is_awaited },
            None => Heard::Seen { words: unknown(), is_awaited },
        }
    }
}

/// It was not known soon enough.
#[must_use]
pub fn unknown() -> Words {
    Words::new(
        "어제 전화 가운데 몇 건이 다른 곳으로 갔을지 제때 알아내지 못했습니다",
        "how many of yesterday's calls would have gone elsewhere could not be said in time",
    )
}
