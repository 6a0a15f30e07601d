//! The day's figures, kept from the records of its calls.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::history::call_record::{CallId, CallRecord, Direction, Outcome};

/// Answered within so long counts for the service level, in milliseconds.
pub(crate) const SERVICE_LEVEL: i64 = 20_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Its first moment, in milliseconds since 1970.
    pub start: i64,
    pub inbound: u64,
    pub answered: u64,
    pub missed: u64,
    pub outbound: u64,
    pub internal: u64,
    /// Of those answered, how many within the service level.
    pub in_time: u64,
    waited: i64,
    talked: i64,
    /// Inbound calls by the hour they came in.
    pub hours: [u64; 24],
    /// Missed calls by hour.
    pub missed_hours: [u64; 24],
    counted: BTreeSet<CallId>,
}

impl Day {
    #[must_use]
    pub fn starting(start: i64) -> Self {
        Self { start, ..Self::default() }
    }

    /// Counts a finished call of this day once.
    pub fn count(&mut self, call: &CallRecord, zone: &TimeZone) {
        if call.ended.is_none() || call.started < self.start || !self.counted.insert(call.id) {
            return;
        }
        match call.direction {
            Direction::Outbound => self.outbound += 1,
            Direction::Internal => self.internal += 1,
            Direction::Inbound => self.count_inbound(call, zone),
        }
    }

    fn count_inbound(&mut self, call: &CallRecord, zone: &TimeZone) {
        let hour = hour_of(call.started, zone);
        self.inbound += 1;
        self.hours[hour] += 1;
        match (call.outcome, call.engaged) {
            (Some(Outcome::Answered), Some(engaged)) => {
                // Waiting begins when the phones ring: what is said before is the office's choice.
                let waited = engaged - call.first_ring.unwrap_or(call.started);
                self.answered += 1;
                self.waited += waited.max(0);
                self.talked += (call.ended.unwrap_or(engaged) - engaged).max(0);
                if waited <= SERVICE_LEVEL {
                    self.in_time += 1;
                }
            }
            (Some(Outcome::Missed), _) => {
                self.missed += 1;
                self.missed_hours[hour] += 1;
            }
            _ => {}
        }
    }

    /// Per cent of the calls that were answered or missed.
    #[must_use]
    pub fn answer_rate(&self) -> Option<u64> {
        percent(self.answered, self.answered + self.missed)
    }

    /// Per cent of the answered and missed calls that were answered in time.
    #[must_use]
    pub fn service_level(&self) -> Option<u64> {
        percent(self.in_time, self.answered + self.missed)
    }

    /// Milliseconds from the first ring to the answer.
    #[must_use]
    pub fn mean_wait(&self) -> Option<i64> {
        i64::try_from(self.answered).ok().and_then(|calls| self.waited.checked_div(calls))
    }

    #[must_use]
    pub fn mean_talk(&self) -> Option<i64> {
        i64::try_from(self.answered).ok().and_then(|calls| self.talked.checked_div(calls))
    }
}

fn percent(part: u64, whole: u64) -> Option<u64> {
    (part * 100 + whole / 2).checked_div(whole)
}

fn hour_of(millis: i64, zone: &TimeZone) -> usize {
    let hour = Timestamp::from_millisecond(millis)
        .map_or(0, |moment| moment.to_zoned(zone.clone()).hour());
    usize::from(hour.unsigned_abs()).min(23)
}

/// The first moment of the day that `now` is in.
#[must_use]
pub fn start_of_day(now: i64, zone: &TimeZone) -> i64 {
    Timestamp::from_millisecond(now)
        .and_then(|moment| moment.to_zoned(zone.clone()).start_of_day())
        .map_or(now, |start| start.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: u64, outcome: Outcome, waited: i64) -> CallRecord {
        CallRecord {
            id: CallId(id),
            direction: Direction::Inbound,
            from: String::new(),
            from_name: String::new(),
            to: String::new(),
            number: None,
            presented: None,
            conversation: None,
            started: 1_000,
            first_waiting: None,
            first_ring: Some(2_000),
            engaged: (outcome == Outcome::Answered).then_some(2_000 + waited),
            ended: Some(200_000),
            outcome: Some(outcome),
            missed_reason: None,
            cause: None,
            agent: None,
            clocks: crate::history::call_record::Clocks::default(),
            legs: Vec::new(),
            trail: Vec::new(),
        }
    }

    #[test]
    fn figures_add_up_and_count_each_call_once() {
        let mut day = Day::starting(0);
        assert_eq!((day.answer_rate(), day.mean_wait()), (None, None));
        for call in [
            call(1, Outcome::Answered, 10_000),
            call(1, Outcome::Answered, 10_000),
            call(2, Outcome::Answered, 30_000),
            call(3, Outcome::Missed, 0),
        ] {
            day.count(&call, &TimeZone::UTC);
        }
        assert_eq!((day.inbound, day.answered, day.missed), (3, 2, 1));
        assert_eq!((day.answer_rate(), day.service_level()), (Some(67), Some(33)));
        assert_eq!(day.mean_wait(), Some(20_000));
        assert_eq!((day.hours[0], day.missed_hours[0]), (3, 1));
    }
}
