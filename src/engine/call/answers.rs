//! What a call does when a far end rings, sounds or answers.

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::{Line, Phase, Purpose};
use crate::engine::command::{Command, LegCommand, SoundCommand};
use crate::engine::dialling::Meant;
use crate::history::trail::trail::{Decision, Person};
use crate::leg::{HangupCause, LegId};
use crate::time::Moment;

impl Call {
    pub(crate) fn leg_rang(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        let now = desk.now;
        if !self.draft.leg_rang(leg, now) {
            return Vec::new();
        }
        self.draft.note(Decision::PartyRang { party: self.draft.party(leg) }, now);
        match &mut self.phase {
            Phase::Ringing(ringing) => {
                ringing.leg_rang(now);
                self.alert_caller(desk)
            }
            Phase::Summoning(ringing) => {
                ringing.leg_rang(now);
                Vec::new()
            }
            Phase::Talking { .. } => {
                self.guest_rang(leg, now);
                Vec::new()
            }
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => Vec::new(),
        }
    }

    /// Only the sound of the one far end of an outside call is passed on; a phone that sends some
    /// merely rings.
    pub(crate) fn leg_sounds(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        if self.draft.live_leg(leg).is_none() || !self.goes_outside() {
            return self.leg_rang(leg, desk);
        }
        let now = desk.now;
        let Phase::Ringing(ringing) = &mut self.phase else { return Vec::new() };
        let Some(caller) = self.line.leg() else { return Vec::new() };
        if !ringing.leg_sounds(now) {
            return Vec::new();
        }
        self.draft.leg_rang(leg, now);
        self.draft.note(Decision::EarlySound { party: self.draft.party(leg) }, now);
        let mut commands = Vec::new();
        match self.line {
            Line::Waiting(_) | Line::Alerted(_) => {
                self.line = Line::Early(caller);
                commands
                    .push(Command::Leg(LegCommand::EarlyMedia { leg: caller, like: Some(leg) }));
            }
            Line::Absent | Line::Early(_) | Line::Open(_) => {}
        }
        commands.push(Command::Sound(SoundCommand::Join { one: caller, other: leg }));
        commands
    }

    pub(crate) fn leg_answered(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        if self.draft.live_leg(leg).is_none() || self.line.leg() == Some(leg) {
            return Vec::new();
        }
        match &self.phase {
            Phase::Ringing(ringing) => {
                let losers: Vec<LegId> = ringing.legs().filter(|other| *other != leg).collect();
                self.join_winner(leg, &losers, desk)
            }
            Phase::Summoning(ringing) => {
                let losers: Vec<LegId> = ringing.legs().filter(|other| *other != leg).collect();
                self.caller_came(leg, &losers, desk)
            }
            Phase::Talking { .. } => self.guest_came(leg, desk),
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => Vec::new(),
        }
    }

    /// The first to answer has the call; the others stop only when the two hear each other.
    pub(crate) fn join_winner(
        &mut self,
        winner: LegId,
        losers: &[LegId],
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Some(caller) = self.line.leg() else { return Vec::new() };
        self.draft.leg_answered(winner, desk.now);
        let answering = self.draft.agent(winner).and_then(|agent| desk.office.agents.get(agent));
        let who = answering.map(Person::from).or_else(|| self.calling_agent(winner));
        if let (Some(agent), Purpose::Inbound(_)) = (&who, &self.purpose) {
            desk.ledger.talked(&self.draft.record().from, &agent.extension);
        }
        self.draft.engaged(who, winner, desk.now);
        let mut commands: Vec<Command> =
            self.open_caller(Some(winner), desk.now).into_iter().collect();
        commands.push(Command::Sound(SoundCommand::Join { one: caller, other: winner }));
        commands.extend(self.hang_up_all(losers, HangupCause::AnsweredElsewhere, desk.now));
        self.enter(Phase::Talking { other: winner }, desk.now);
        let agents = [caller, winner].into_iter().filter(|leg| self.draft.agent(*leg).is_some());
        commands.extend(agents.map(|leg| Command::Sound(SoundCommand::HoldBackStar { leg })));
        commands.extend(self.record_talk(desk));
        commands
    }

    pub(crate) fn leg_encrypted(
        &mut self,
        leg: LegId,
        encrypted: bool,
        now: Moment,
    ) -> Vec<Command> {
        let party = self.draft.party(leg);
        let said =
            if encrypted { Decision::Encrypted { party } } else { Decision::InClear { party } };
        self.draft.note(said, now);
        Vec::new()
    }

    fn goes_outside(&self) -> bool {
        match &self.purpose {
            Purpose::Outgoing { meant: Meant::Emergency(_) | Meant::Outside(_), .. } => {
                !matches!(self.phase, Phase::Summoning(_))
            }
            Purpose::Outgoing {
                meant:
                    Meant::Colleague(_)
                    | Meant::Feature(_)
                    | Meant::Pickup(_)
                    | Meant::Sound(_)
                    | Meant::Nothing,
                ..
            }
            | Purpose::Inbound(_)
            | Purpose::Refused(_) => false,
        }
    }

    /// Who talks when a far end answers a call to the outside.
    fn calling_agent(&self, winner: LegId) -> Option<Person> {
        match &self.purpose {
            Purpose::Outgoing { agent, .. } if self.draft.agent(winner).is_none() => {
                Some(agent.clone())
            }
            Purpose::Outgoing { .. } | Purpose::Inbound(_) | Purpose::Refused(_) => None,
        }
    }
}
