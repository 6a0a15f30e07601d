//! Edits of the office that a screen has asked for and waits to hear of.

use crate::api::schema::comparison::OfficeComparison;
use crate::console::action::{Action, Request};
use crate::console::edit::{Edit, Step, Target};
use crate::console::report::{Report, outcome};
use crate::console::screens::form::comparing::unknown;
use crate::console::setup::{SetupReport, SetupRequest};
use crate::console::ticket;
use crate::words::Words;

#[derive(Debug, Default)]
pub struct Saving {
    ticket: Option<u64>,
    compared: Option<Compared>,
}

/// What is compared with yesterday before anybody is asked.
#[derive(Debug)]
struct Compared {
    ticket: u64,
    edits: Vec<Edit>,
    question: Words,
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

    /// Looks how many of yesterday's calls would have gone elsewhere, then asks the person.
    #[must_use]
    pub fn compare(&mut self, edits: Vec<Edit>, question: Words) -> Action {
        let ticket = ticket::next();
        self.compared = Some(Compared { ticket, edits: edits.clone(), question });
        Action::Ask(Request::Setup(SetupRequest::Compare { edits, ticket }))
    }

    /// None: this report is of something else.
    #[must_use]
    pub fn asked(&mut self, report: &Report) -> Option<Action> {
        let Report::Setup(SetupReport::Compared { ticket, told }) = report else { return None };
        let Compared { edits, question, .. } =
            self.compared.take_if(|compared| compared.ticket == *ticket)?;
        let told = told.as_ref().map_or_else(unknown, OfficeComparison::words);
        let question = Words::joined(&[question, told], " ");
        Some(Action::Confirm { question, request: self.of(edits) })
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
        if let Some(action) = self.asked(report) {
            return action;
        }
        self.heard(report).map_or(Action::Ignored, Action::Say)
    }
}
