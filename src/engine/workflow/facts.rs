//! What a workflow may know of a call and of the office while it decides.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::office::calling_code::calling_code;
use crate::office::hours::hours::HoursName;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::team::TeamName;
use crate::office::workflow::chore::Chore;
use crate::office::workflow::condition::{Condition, Test};
use crate::office::workflow::workflow::{Run, Workflow};
use crate::time::Moment;

/// Collected anew for every step, so that a caller who has waited meets the office as it is.
#[derive(Clone, Debug)]
pub struct Facts {
    pub now: Moment,
    /// The office's number that was dialled, or that calls out.
    pub number: Option<PhoneNumber>,
    /// The customer's number.
    pub customer: Option<PhoneNumber>,
    pub language: Language,
    /// Whether the customer has a profile.
    pub known: bool,
    pub customer_tags: BTreeSet<String>,
    pub tags: BTreeSet<String>,
    /// The office's named hours that are open.
    pub open: BTreeSet<HoursName>,
    /// Callers who wait, by team.
    pub queues: BTreeMap<TeamName, usize>,
    /// How long a wait may be, by team; without those of which nobody can tell.
    pub waits: BTreeMap<TeamName, Duration>,
    /// What the caller has typed into forms so far.
    pub fields: BTreeMap<String, String>,
}

impl Facts {
    /// Whether the workflow may run for this call at this time (L204).
    #[must_use]
    pub fn fit(&self, workflow: &Workflow) -> bool {
        let runs = match &workflow.run {
            Run::Always => true,
            Run::InHours(name) => self.open.contains(name),
            Run::OutsideHours(name) => !self.open.contains(name),
        };
        workflow.active && runs && self.hold(&workflow.only, &self.fields)
    }

    /// `fields` is what the caller has typed into forms.
    #[must_use]
    pub fn hold(&self, condition: &Condition, fields: &BTreeMap<String, String>) -> bool {
        condition.0.iter().all(|test| self.holds(test, fields))
    }

    /// As the facts are when a workflow has done this.
    pub(crate) fn after(&mut self, chore: &Chore) {
        match chore {
            Chore::Tag(more) => self.tags.extend(more.iter().cloned()),
            Chore::Untag(fewer) => self.tags.retain(|tag| !fewer.contains(tag)),
            Chore::TagCustomer(more) => self.customer_tags.extend(more.iter().cloned()),
            Chore::Language(language) => self.language = *language,
            Chore::Assign(_)
            | Chore::Clear(_)
            | Chore::Urgency(_)
            | Chore::Follow(_)
            | Chore::Note(_)
            | Chore::Describe(_)
            | Chore::Conversation(_) => {}
        }
    }

    fn holds(&self, test: &Test, fields: &BTreeMap<String, String>) -> bool {
        match test {
            Test::Open(name) => self.open.contains(name),
            Test::Closed(name) => !self.open.contains(name),
            Test::Number(numbers) => {
                self.number.as_ref().is_some_and(|number| numbers.contains(number))
            }
            Test::Caller(prefixes) => self.customer.as_ref().is_some_and(|customer| {
                prefixes.iter().any(|prefix| customer.as_str().starts_with(prefix))
            }),
            Test::Country(codes) => self
                .customer
                .as_ref()
                .is_some_and(|customer| codes.contains(calling_code(customer))),
            Test::Language(languages) => languages.contains(&self.language),
            Test::Known(known) => self.known == *known,
            Test::CustomerTags(tags) => !self.customer_tags.is_disjoint(tags),
            Test::Tags(tags) => !self.tags.is_disjoint(tags),
            Test::Time { from, to, timezone } => self.clock(timezone).is_some_and(|clock| {
                let minute = Time::new(clock.hour(), clock.minute(), 0, 0).unwrap_or_default();
                is_between(minute, from.time(), to.time())
            }),
            Test::Weekday { days, timezone } => {
                self.clock(timezone).is_some_and(|clock| days.contains(clock.weekday()))
            }
            Test::Queue { team, at_least } => {
                let waiting = self.queues.get(team).copied().unwrap_or_default();
                waiting >= usize::try_from(*at_least).unwrap_or(usize::MAX)
            }
            Test::Wait { team, at_least } => {
                self.waits.get(team).is_some_and(|wait| wait >= at_least)
            }
            Test::Field { name, values } => {
                fields.get(name).is_some_and(|value| values.contains(value))
            }
        }
    }

    fn clock(&self, timezone: &str) -> Option<Zoned> {
        let wall = Timestamp::from_millisecond(self.now.unix_millis()).ok()?;
        Some(wall.to_zoned(TimeZone::get(timezone).ok()?))
    }
}

/// From the first minute until before the last; a range that ends first crosses midnight.
fn is_between(minute: Time, from: Time, to: Time) -> bool {
    if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
}
