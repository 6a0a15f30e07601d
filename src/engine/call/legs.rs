//! What a call does to its legs: rings, opens and ends them, and keeps the record in step.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Ending;
use crate::engine::call::phase::{Line, Phase, Purpose};
use crate::engine::call::ringing::Ringing;
use crate::engine::command::{Command, LegCommand, SoundCommand};
use crate::engine::routing::Phone;
use crate::engine::voices::ringback;
use crate::history::trail::trail::{Decision, Person};
use crate::history::walk_record::WalkEnd;
use crate::leg::{HangupCause, LegId, RingRequest, Target};
use crate::office::extension::Extension;
use crate::office::trunk::BeforeAnswer;
use crate::time::Moment;

impl Call {
    /// Rings every phone at once; the clock of `limit` starts when the first of them rings.
    pub(crate) fn ring_phones(
        &mut self,
        phones: Vec<Phone>,
        shown: (&str, &str),
        limit: Duration,
        desk: &mut Desk<'_>,
    ) -> (Ringing, Vec<Command>) {
        let mut agents: Vec<Person> = phones.iter().map(|phone| phone.agent.clone()).collect();
        agents.dedup();
        let rings = Decision::Rings { agents, phones: phones.len(), seconds: limit.as_secs() };
        self.draft.note(rings, desk.now);
        let (mut legs, mut commands) = (BTreeSet::new(), Vec::new());
        for Phone { agent, device } in phones {
            let party = (device.to_string(), Some(agent.extension));
            let (leg, ring) = self.ring_leg(Target::Device(device), party, shown, desk);
            legs.insert(leg);
            commands.push(ring);
        }
        (Ringing::start(legs, limit, desk.now), commands)
    }

    pub(crate) fn ring_leg(
        &mut self,
        target: Target,
        (party, agent): (String, Option<Extension>),
        (caller_number, caller_name): (&str, &str),
        desk: &mut Desk<'_>,
    ) -> (LegId, Command) {
        let leg = desk.ids.leg();
        self.draft.leg_added(leg, party, agent, desk.now);
        let request = RingRequest {
            leg,
            target,
            caller_number: caller_number.to_owned(),
            caller_name: caller_name.to_owned(),
            like: self.line.leg(),
        };
        (leg, Command::Leg(LegCommand::Ring(request)))
    }

    /// The first phone rings: a customer hears from here on what was chosen (S36), if the trunk lets
    /// them, and everybody else is told by signalling.
    pub(crate) fn alert_caller(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let leg = match self.line {
            Line::Waiting(leg) => leg,
            Line::Absent | Line::Alerted(_) | Line::Early(_) | Line::Open(_) => return Vec::new(),
        };
        let told = Command::Leg(LegCommand::Ringing { leg });
        let (way, sound) = match &self.purpose {
            Purpose::Inbound(inbound) => (inbound.before_answer, ringback(&inbound.number)),
            Purpose::Outgoing { .. } | Purpose::Refused(_) => {
                self.line = Line::Alerted(leg);
                return vec![told];
            }
        };
        let play =
            Command::Sound(SoundCommand::Play { leg, play: desk.ids.play(), sound, repeat: true });
        match way {
            BeforeAnswer::Early => {
                self.line = Line::Early(leg);
                vec![told, Command::Leg(LegCommand::EarlyMedia { leg, like: None }), play]
            }
            BeforeAnswer::Answered => {
                self.open_caller(None, desk.now).into_iter().chain([play]).collect()
            }
            BeforeAnswer::Provider => {
                self.line = Line::Alerted(leg);
                vec![told]
            }
        }
    }

    pub(crate) fn open_caller(&mut self, like: Option<LegId>, now: Moment) -> Option<Command> {
        match self.line {
            Line::Waiting(leg) | Line::Alerted(leg) | Line::Early(leg) => {
                self.line = Line::Open(leg);
                self.draft.leg_answered(leg, now);
                Some(Command::Leg(LegCommand::Answer { leg, like }))
            }
            Line::Absent | Line::Open(_) => None,
        }
    }

    pub(crate) fn hang_up_all(
        &mut self,
        legs: &[LegId],
        cause: HangupCause,
        now: Moment,
    ) -> Vec<Command> {
        legs.iter().filter_map(|leg| self.hang_up(*leg, cause, now)).collect()
    }

    /// Each leg is told once; one that is gone already is not told at all.
    fn hang_up(&mut self, leg: LegId, cause: HangupCause, now: Moment) -> Option<Command> {
        self.draft
            .leg_ended(leg, cause, now)
            .then_some(Command::Leg(LegCommand::HangUp { leg, cause }))
    }

    /// Does not put the call through.
    pub(crate) fn refuse(&mut self, ending: Ending, now: Moment) -> Vec<Command> {
        self.draft.note(Decision::Refused { cause: ending.cause }, now);
        self.finish(ending, ending.cause, HangupCause::Cancelled, now)
    }

    /// Ends whatever leg is left and closes the record.
    pub(crate) fn finish(
        &mut self,
        ending: Ending,
        caller: HangupCause,
        others: HangupCause,
        now: Moment,
    ) -> Vec<Command> {
        let mut commands = self.end_walk(WalkEnd::CallerLeft, now);
        commands.extend(self.end_recording());
        commands.extend(self.disperse());
        for leg in self.draft.live_legs() {
            let cause = if self.line.leg() == Some(leg) { caller } else { others };
            commands.extend(self.hang_up(leg, cause, now));
        }
        self.draft.close(ending, now);
        self.enter(Phase::Over, now);
        commands
    }
}
