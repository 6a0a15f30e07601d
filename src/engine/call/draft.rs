//! The record of a call while it is being written.

use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Clocks, Direction, LegRecord, Outcome};
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::{Decision, Person, TrailEntry};
use crate::leg::{HangupCause, LegId};
use crate::office::extension::Extension;
use crate::time::Moment;

/// No call makes more decisions than this unless somebody plays with it; memory stays bounded.
const LONGEST_TRAIL: usize = 1_000;

/// Longest text from the wire that a record keeps, in characters.
const LONGEST_TEXT: usize = 64;

#[derive(Clone, Debug)]
pub struct Draft {
    record: CallRecord,
}

impl Draft {
    pub(crate) fn new(id: CallId, direction: Direction, now: Moment) -> Self {
        let record = CallRecord {
            id,
            direction,
            from: String::new(),
            from_name: String::new(),
            to: String::new(),
            number: None,
            conversation: None,
            presented: None,
            started: now.unix_millis(),
            first_waiting: None,
            first_ring: None,
            engaged: None,
            ended: None,
            outcome: None,
            missed_reason: None,
            voicemail: false,
            cause: None,
            agent: None,
            clocks: Clocks::default(),
            legs: Vec::new(),
            trail: Vec::new(),
        };
        Self { record }
    }

    pub(crate) fn record(&self) -> &CallRecord {
        &self.record
    }

    pub(crate) fn record_mut(&mut self) -> &mut CallRecord {
        &mut self.record
    }

    pub(crate) fn note(&mut self, decision: Decision, now: Moment) {
        if self.record.trail.len() < LONGEST_TRAIL {
            self.record.trail.push(TrailEntry { at: now.unix_millis(), decision });
        }
    }

    pub(crate) fn notes(&mut self, decisions: Vec<Decision>, now: Moment) {
        for decision in decisions {
            self.note(decision, now);
        }
    }

    pub(crate) fn leg_added(
        &mut self,
        leg: LegId,
        party: String,
        agent: Option<Extension>,
        now: Moment,
    ) {
        self.record.legs.push(LegRecord {
            leg,
            party,
            agent,
            started: now.unix_millis(),
            ringing: None,
            answered: None,
            ended: None,
            cause: None,
            quality: None,
        });
    }

    /// The leg, as long as it has neither ended nor been told to.
    pub(crate) fn live_leg(&self, leg: LegId) -> Option<&LegRecord> {
        self.record.legs.iter().find(|record| record.leg == leg && record.ended.is_none())
    }

    fn live_leg_mut(&mut self, leg: LegId) -> Option<&mut LegRecord> {
        self.record.legs.iter_mut().find(|record| record.leg == leg && record.ended.is_none())
    }

    pub(crate) fn live_legs(&self) -> Vec<LegId> {
        let live = self.record.legs.iter().filter(|leg| leg.ended.is_none());
        live.map(|leg| leg.leg).collect()
    }

    /// Whose leg it is, in the words of the record.
    pub(crate) fn party(&self, leg: LegId) -> String {
        let found = self.record.legs.iter().find(|record| record.leg == leg);
        found.map(|record| record.party.clone()).unwrap_or_default()
    }

    /// Who speaks on the leg: an agent's phone by its user name, a customer by their number.
    pub(crate) fn speaker(&self, leg: LegId) -> String {
        let outside = match self.record.direction {
            Direction::Inbound => self.record.from.as_str(),
            Direction::Outbound => self.record.to.as_str(),
            Direction::Internal => "",
        };
        match self.agent(leg) {
            None if !outside.is_empty() => outside.to_owned(),
            Some(_) | None => self.party(leg),
        }
    }

    pub(crate) fn agent(&self, leg: LegId) -> Option<&Extension> {
        self.record.legs.iter().find(|record| record.leg == leg)?.agent.as_ref()
    }

    /// Returns whether the leg had not rung before.
    pub(crate) fn leg_rang(&mut self, leg: LegId, now: Moment) -> bool {
        let Some(record) = self.live_leg_mut(leg) else { return false };
        if record.ringing.is_some() {
            return false;
        }
        record.ringing = Some(now.unix_millis());
        self.record.first_ring.get_or_insert(now.unix_millis());
        true
    }

    pub(crate) fn leg_answered(&mut self, leg: LegId, now: Moment) {
        if let Some(record) = self.live_leg_mut(leg) {
            record.answered.get_or_insert(now.unix_millis());
        }
    }

    /// A person on `leg` took the call.
    pub(crate) fn engaged(&mut self, agent: Option<Person>, leg: LegId, now: Moment) {
        let party = self.party(leg);
        self.record.engaged.get_or_insert(now.unix_millis());
        if let Some(agent) = &agent {
            self.record.agent = Some(agent.extension.clone());
        }
        // Whoever dialled talks now, but it was the other side that answered.
        let agent = agent.filter(|_| self.agent(leg).is_some());
        self.note(Decision::Answered { party, agent }, now);
    }

    /// Returns whether the leg was live until now.
    pub(crate) fn leg_ended(&mut self, leg: LegId, cause: HangupCause, now: Moment) -> bool {
        let Some(record) = self.live_leg_mut(leg) else { return false };
        record.ended = Some(now.unix_millis());
        record.cause = Some(cause);
        true
    }

    pub(crate) fn close(&mut self, ending: Ending, now: Moment) {
        self.record.ended = Some(now.unix_millis());
        self.record.outcome = Some(ending.outcome);
        self.record.missed_reason = ending.missed;
        self.record.cause = Some(ending.cause);
    }
}

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) outcome: Outcome,
    pub(crate) missed: Option<MissedReason>,
    pub(crate) cause: HangupCause,
}

impl Ending {
    pub(crate) fn answered(cause: HangupCause) -> Self {
        Self { outcome: Outcome::Answered, missed: None, cause }
    }

    pub(crate) fn missed(reason: MissedReason, cause: HangupCause) -> Self {
        Self { outcome: Outcome::Missed, missed: Some(reason), cause }
    }

    /// L81: over inside a workflow.
    pub(crate) fn not_entered(reason: Option<MissedReason>, cause: HangupCause) -> Self {
        Self { outcome: Outcome::NotEntered, missed: reason, cause }
    }

    pub(crate) fn cancelled(cause: HangupCause) -> Self {
        Self { outcome: Outcome::Cancelled, missed: None, cause }
    }

    /// Of a call from inside that was not put through.
    pub(crate) fn failed(cause: HangupCause) -> Self {
        let outcome = match cause {
            HangupCause::Busy => Outcome::Busy,
            HangupCause::NoAnswer
            | HangupCause::Declined
            | HangupCause::Normal
            | HangupCause::Cancelled
            | HangupCause::AnsweredElsewhere => Outcome::NoAnswer,
            HangupCause::NotFound
            | HangupCause::Unreachable
            | HangupCause::Forbidden
            | HangupCause::NotAcceptable
            | HangupCause::Overloaded
            | HangupCause::MediaLost
            | HangupCause::SessionExpired
            | HangupCause::AckMissing
            | HangupCause::Stopping
            | HangupCause::Interrupted
            | HangupCause::Failed { .. } => Outcome::Failed,
        };
        Self { outcome, missed: None, cause }
    }
}

/// Text from the wire as a record keeps it.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect()
}
