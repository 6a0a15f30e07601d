//! What a span of days comes to: calls, conversations and cases, each counted as its own unit.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::history::call_record::{Direction, Outcome};
use crate::history::figures::case_times::{CaseTimes, Leader};
use crate::history::figures::hours_filter::HoursFilter;
use crate::history::figures::inflow::Inflow;
use crate::history::figures::span::Span;
use crate::history::figures::week_hour::WeekHour;
use crate::history::missed_reason::MissedReason;
use crate::office::phone_number::PhoneNumber;
use crate::office::target::{IN_TIME, LONGEST_IN_TIME};
use crate::office::team::TeamName;

/// Answered within so long is in time, unless told otherwise (L152), in seconds.
pub const TARGET: u32 = IN_TIME;
/// The longest target (L152), in seconds.
pub const LONGEST_TARGET: u32 = LONGEST_IN_TIME;

/// Which calls are counted, and whether those before them too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiguresFilter {
    pub span: Span,
    /// The office's own number.
    pub number: Option<PhoneNumber>,
    /// Of the conversation that a call belongs to; calls among colleagues belong to none.
    pub team: Option<TeamName>,
    /// By when calls and conversations began and cases were closed.
    pub hours: Option<HoursFilter>,
    /// Missed calls of these reasons are not counted as missed (L152).
    pub without: BTreeSet<MissedReason>,
    /// Count the span before as well.
    pub compare: bool,
}

impl FiguresFilter {
    /// The number as it is written down.
    #[must_use]
    pub fn own_number(&self) -> Option<&str> {
        self.number.as_ref().map(PhoneNumber::as_str)
    }

    /// The team as it is written down.
    #[must_use]
    pub fn team_name(&self) -> Option<&str> {
        self.team.as_ref().map(|team| team.0.as_str())
    }

    /// All that is in the span.
    #[must_use]
    pub fn all(span: Span) -> Self {
        Self {
            span,
            number: None,
            team: None,
            hours: None,
            without: BTreeSet::new(),
            compare: false,
        }
    }
}

/// What is counted of one call that is over. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedCall {
    pub direction: Direction,
    pub outcome: Outcome,
    pub missed_reason: Option<MissedReason>,
    pub started: i64,
    pub first_waiting: Option<i64>,
    pub first_ring: Option<i64>,
    pub engaged: Option<i64>,
    pub ended: i64,
}

impl CountedCall {
    /// Whether the office could have answered it and has not (L81).
    #[must_use]
    pub fn is_missed(&self) -> bool {
        match self.outcome {
            Outcome::Missed | Outcome::Interrupted => {
                self.missed_reason.is_none_or(MissedReason::is_counted)
            }
            Outcome::NotEntered
            | Outcome::Answered
            | Outcome::NoAnswer
            | Outcome::Busy
            | Outcome::Cancelled
            | Outcome::Failed => false,
        }
    }

    /// When a customer has asked for the office with it; none: it is no customer's call, or nothing
    /// that the office could have answered.
    #[must_use]
    pub fn asked(&self) -> Option<i64> {
        let is_asked = match self.direction {
            Direction::Inbound => self.engaged.is_some() || self.is_missed(),
            Direction::Outbound | Direction::Internal => false,
        };
        is_asked.then_some(self.started)
    }
}

/// Calls, counted (L157, L165, S73).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CallFigures {
    /// From customers: answered and missed together.
    pub inbound: u64,
    pub answered: u64,
    pub missed: u64,
    /// From customers, but nothing that the office could have answered: a wrong number, a blocked
    /// customer, or over inside a menu (L81).
    pub uncounted: u64,
    /// To customers.
    pub outbound: u64,
    pub outbound_answered: u64,
    pub internal: u64,
    /// Answered within the target, counted from the beginning of the wait (L153, L155).
    pub in_time: u64,
    /// The same, counted from the first ring (L155).
    pub at_speed: u64,
    /// From the beginning of answered inbound calls to their answer, in milliseconds (L165).
    pub waited: i64,
    /// From the answer to the end, both directions, in milliseconds.
    pub talked: i64,
    /// Missed calls by what they count as.
    pub reasons: BTreeMap<MissedReason, u64>,
}

impl CallFigures {
    pub fn count(&mut self, call: &CountedCall, target: u32) {
        let talked = call.engaged.map_or(0, |engaged| (call.ended - engaged).max(0));
        match call.direction {
            Direction::Internal => self.internal += 1,
            Direction::Outbound => {
                self.outbound += 1;
                if call.engaged.is_some() {
                    self.outbound_answered += 1;
                    self.talked += talked;
                }
            }
            Direction::Inbound => self.count_inbound(call, talked, target),
        }
    }

    fn count_inbound(&mut self, call: &CountedCall, talked: i64, target: u32) {
        if let Some(engaged) = call.engaged {
            let within = |since: Option<i64>| {
                engaged - since.unwrap_or(call.started) <= i64::from(target) * 1_000
            };
            self.inbound += 1;
            self.answered += 1;
            self.in_time += u64::from(within(call.first_waiting));
            self.at_speed += u64::from(within(call.first_ring));
            self.waited += (engaged - call.started).max(0);
            self.talked += talked;
            return;
        }
        if !call.is_missed() {
            self.uncounted += 1;
            return;
        }
        self.inbound += 1;
        self.missed += 1;
        if let Some(reason) = call.missed_reason {
            *self.reasons.entry(reason.coarse()).or_default() += 1;
        }
    }

    /// Percent of inbound calls that were answered; none without a call (L166).
    #[must_use]
    pub fn answer_rate(&self) -> Option<f64> {
        percent(self.answered, self.inbound)
    }

    /// Percent of inbound calls answered within the target (L153).
    #[must_use]
    pub fn service_level(&self) -> Option<f64> {
        percent(self.in_time, self.inbound)
    }

    #[must_use]
    pub fn speed_level(&self) -> Option<f64> {
        percent(self.at_speed, self.inbound)
    }

    #[must_use]
    pub fn outbound_rate(&self) -> Option<f64> {
        percent(self.outbound_answered, self.outbound)
    }

    /// Seconds that an answered caller waited on average.
    #[must_use]
    pub fn average_wait(&self) -> Option<i64> {
        average(self.waited, self.answered)
    }

    #[must_use]
    pub fn average_talk(&self) -> Option<i64> {
        average(self.talked, self.answered + self.outbound_answered)
    }
}

fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

fn average(millis: i64, count: u64) -> Option<i64> {
    let count = i64::try_from(count).ok().filter(|count| *count > 0)?;
    Some(millis / count / 1_000)
}

/// One span of days (S73–S75).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Figures {
    pub calls: CallFigures,
    /// By the office's own number.
    pub numbers: BTreeMap<String, CallFigures>,
    /// By the extension of the agent who talked.
    pub agents: BTreeMap<String, CallFigures>,
    /// By the hour of the day in which they began, `00` to `23`, of the office's time zone.
    pub hours: BTreeMap<String, CallFigures>,
    /// By the day on which they began, `2026-11-25`, of the office's time zone; days without calls
    /// are left out (L169).
    #[serde(default)]
    pub days: BTreeMap<String, CallFigures>,
    /// By the day of the week and the hour, from Monday on; hours without calls are left out (L183).
    #[serde(default)]
    pub week: Vec<WeekHour>,
    /// The last two hours of the span in steps of five minutes, also those before its first moment
    /// (L162).
    #[serde(default)]
    pub inflow: Vec<Inflow>,
    /// What it is compared with, if that was asked for.
    #[serde(default)]
    pub before: Option<Box<FiguresBefore>>,
    /// Conversations that were new in the span: however many calls, each is one (S74).
    pub conversations: u64,
    /// Cases that were closed in the span: a conversation opened again is another case (S75).
    pub cases: u64,
    /// How long customers waited and cases took (L174).
    #[serde(default)]
    pub case_times: CaseTimes,
    /// Who has closed most of them (L174).
    #[serde(default)]
    pub leaders: Vec<Leader>,
    /// After-call work that began in the span and is over, of calls of all numbers or of one team's;
    /// none of one number's (L165).
    #[serde(default)]
    pub after_calls: AfterCalls,
}

/// After-call work (L165).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AfterCalls {
    pub count: u64,
    /// All together, in milliseconds: each from the end of the call until the agent was free again.
    pub length: i64,
}

impl AfterCalls {
    pub fn add(&mut self, other: Self) {
        self.count += other.count;
        self.length += other.length;
    }

    /// Seconds; the rest is cut.
    #[must_use]
    pub fn average(self) -> Option<i64> {
        average(self.length, self.count)
    }
}

/// The span before, as long and with the same hours (L157, L166).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FiguresBefore {
    /// Milliseconds since 1970.
    pub from: i64,
    pub to: i64,
    pub calls: CallFigures,
    /// By the hour of the day, `00` to `23`.
    pub hours: BTreeMap<String, CallFigures>,
    #[serde(default)]
    pub after_calls: AfterCalls,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(outcome: Outcome, engaged: Option<i64>) -> CountedCall {
        CountedCall {
            direction: Direction::Inbound,
            outcome,
            missed_reason: None,
            started: 0,
            first_waiting: Some(10_000),
            first_ring: Some(25_000),
            engaged,
            ended: 90_000,
        }
    }

    /// L153: 80 of 90 answered in time and 10 missed make 80 %.
    #[test]
    fn the_service_level_is_of_all_who_wanted_to_be_answered() {
        let mut figures = CallFigures::default();
        for at in 0..90 {
            let engaged = if at < 80 { 30_000 } else { 30_001 };
            figures.count(&call(Outcome::Answered, Some(engaged)), TARGET);
        }
        let missed = CountedCall {
            missed_reason: Some(MissedReason::UserLeftInQueued),
            ..call(Outcome::Missed, None)
        };
        for _ in 0..10 {
            figures.count(&missed, TARGET);
        }
        assert_eq!((figures.inbound, figures.answered, figures.missed), (100, 90, 10));
        assert_eq!(figures.service_level(), Some(80.0));
        assert_eq!(figures.speed_level(), Some(90.0), "L155: from the first ring");
        assert_eq!(figures.answer_rate(), Some(90.0));
        assert_eq!(figures.average_wait(), Some(30));
        assert_eq!(figures.average_talk(), Some(59), "whole seconds, the rest is cut");
        assert_eq!(figures.reasons, [(MissedReason::UserLeft, 10)].into());
    }

    /// L81, L152: what the office could not have answered spoils no rate.
    #[test]
    fn wrong_numbers_and_menus_are_not_missed() {
        let mut figures = CallFigures::default();
        figures.count(&call(Outcome::NotEntered, None), TARGET);
        let wrong = CountedCall {
            missed_reason: Some(MissedReason::UnregisteredNumber),
            ..call(Outcome::Missed, None)
        };
        figures.count(&wrong, TARGET);
        assert_eq!((figures.inbound, figures.missed, figures.uncounted), (0, 0, 2));
        assert_eq!(figures.answer_rate(), None, "no data is not zero");
    }
}
