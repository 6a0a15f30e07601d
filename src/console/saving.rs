//! Edits of the office that a screen has asked for and waits to hear of.

use crate::console::action::{Action, Request};
use crate::console::edit::{Edit, Step, Target};
use crate::console::report::{Report, outcome};
use crate::console::ticket;
use crate::words::Words;

#[derive(Debug, Default)]
pub struct Saving {
    ticket: Option<u64>,
}

impl Saving {
    /// What the daemon is to be asked.
    #[must_use]
    pub fn of(&mut self, edits: Vec<Edit>) -> Request {
        let ticket = ticket::next();
        self.ticket = Some(ticket);
        Request::Save { edits, ticket }
    }

    /// Asks the person, then takes an item out of the office.
    #[must_use]
    pub fn remove(&mut self, target: Target, question: Words) -> Action {
        let request = self.of(vec![Edit { target, steps: vec![Step::Remove] }]);
        Action::Confirm { question, request }
    }

    /// What is to be said once it is known; none: this report is of something else.
    #[must_use]
    pub fn heard(&mut self, report: &Report) -> Option<Words> {
        let verdict = report.saved(self.ticket)?;
        self.ticket = None;
        Some(outcome(verdict))
    }

    /// As the answer of a screen.
    #[must_use]
    pub fn told(&mut self, report: &Report) -> Action {
        self.heard(report).map_or(Action::Ignored, Action::Say)
    }
}
