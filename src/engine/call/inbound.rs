//! A customer's call: greeting, ringing, and what is said when nobody can answer.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::{Draft, Ending, shortened};
use crate::engine::call::phase::{Inbound, Line, Phase, Purpose};
use crate::engine::call::recording_state::Recording;
use crate::engine::command::{Command, SoundCommand};
use crate::engine::opening::{hours_of, opening, told};
use crate::engine::voices::{language_of, recording_notice, said};
use crate::history::call_id::CallId;
use crate::history::call_record::Direction;
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::Decision;
use crate::leg::{Arrival, HangupCause, PlayId};
use crate::office::announcement::Situation;
use crate::office::customer::Customer;
use crate::office::number::Number;
use crate::office::phone_number::PhoneNumber;
use crate::office::trunk::TrunkName;
use crate::time::Moment;

/// Longer than any announcement. Media says when a clip is over; this only guards against a caller
/// who would wait for ever because that word was lost.
pub(crate) const LONGEST_CLIP: Duration = Duration::from_secs(120);

impl Call {
    /// A call that came in by a trunk. Whatever was dialled, it can only lead to a number of the
    /// office: a trunk never reaches a trunk (S8).
    pub(crate) fn from_trunk(
        id: CallId,
        arrival: &Arrival,
        trunk: &TrunkName,
        desk: &Desk<'_>,
    ) -> Self {
        let home = &desk.office.dial_out.home;
        let form = desk.office.trunks.get(trunk).map(|trunk| trunk.number_form.clone());
        let form = form.unwrap_or_default();
        let caller = form.read(&arrival.caller_number, home).ok();
        let dialled = form.read(&arrival.dialled, home).ok();
        let mut draft = Draft::new(id, Direction::Inbound, desk.now);
        draft.leg_added(arrival.leg, trunk.to_string(), None, desk.now);
        let record = draft.record_mut();
        record.from = caller
            .as_ref()
            .map_or_else(|| shortened(&arrival.caller_number), PhoneNumber::to_string);
        record.from_name = shortened(&arrival.caller_name);
        record.to =
            dialled.as_ref().map_or_else(|| shortened(&arrival.dialled), PhoneNumber::to_string);
        let (from, to) = (record.from.clone(), record.to.clone());
        let came =
            Decision::CameByTrunk { trunk: trunk.clone(), caller: from, dialled: to.clone() };
        draft.note(came, desk.now);

        let number = dialled.as_ref().and_then(|dialled| desk.office.numbers.get(dialled));
        let unsaid = if number.is_none() { unsaid(&arrival.dialled, trunk, desk) } else { None };
        let purpose = if let Some(number) = number.or(unsaid) {
            let found = number.number.clone();
            draft.record_mut().number = Some(found.clone());
            draft.note(
                match unsaid {
                    Some(_) => Decision::NumberUnsaid { trunk: trunk.clone(), number: found },
                    None => Decision::NumberFound { number: found },
                },
                desk.now,
            );
            let customer = caller.as_ref().and_then(|caller| desk.office.customer(caller));
            recognise(customer, &mut draft, desk.now);
            if customer.is_some_and(|customer| customer.blocked) {
                draft.note(Decision::CustomerBlocked, desk.now);
                let reason = MissedReason::BlockedUser;
                Purpose::Refused(Ending::missed(reason, HangupCause::Declined))
            } else {
                let (language, because) = language_of(caller.as_ref(), customer, home);
                draft.note(because, desk.now);
                let before_answer =
                    desk.office.trunks.get(trunk).map(|trunk| trunk.ringback).unwrap_or_default();
                let number = number.clone();
                Purpose::Inbound(Arc::new(Inbound { number, language, before_answer }))
            }
        } else {
            let (decision, reason) = not_ours(dialled.as_ref(), to, desk);
            draft.note(decision, desk.now);
            Purpose::Refused(Ending::missed(reason, HangupCause::NotFound))
        };
        Self::new(draft, Line::Waiting(arrival.leg), purpose)
    }

    /// Plays the greeting, if the number has one (S96); else the phones ring at once.
    pub(crate) fn greet(&mut self, inbound: &Arc<Inbound>, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some((play, commands)) = self.say(Situation::Greeting, inbound, desk) else {
            return self.reach_agents(inbound, desk);
        };
        let until = desk.now.ticks + LONGEST_CLIP;
        self.enter(Phase::Greeting { play, until }, desk.now);
        commands
    }

    pub(crate) fn greeting_ended(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        match &self.purpose {
            Purpose::Inbound(inbound) => {
                let inbound = Arc::clone(inbound);
                match self.recording {
                    // That was the notice, after the greeting and the hours.
                    Recording::Told => self.ring_agents(&inbound, desk),
                    Recording::Off
                    | Recording::Announced { .. }
                    | Recording::Running { .. }
                    | Recording::Paused { .. } => self.reach_agents(&inbound, desk),
                }
            }
            Purpose::Outgoing { .. } | Purpose::Refused(_) => Vec::new(),
        }
    }

    pub(crate) fn greeting_never_ended(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        self.draft.note(Decision::SoundNeverEnded { seconds: LONGEST_CLIP.as_secs() }, desk.now);
        self.greeting_ended(desk)
    }

    pub(crate) fn farewell_never_ended(&mut self, ending: Ending, now: Moment) -> Vec<Command> {
        self.draft.note(Decision::SoundNeverEnded { seconds: LONGEST_CLIP.as_secs() }, now);
        self.finish(ending, HangupCause::Normal, HangupCause::Normal, now)
    }

    /// Whoever will be recorded is told before the phones ring.
    fn tell_and_ring(&mut self, inbound: &Arc<Inbound>, desk: &mut Desk<'_>) -> Vec<Command> {
        let (Recording::Off, true) = (self.recording, self.shall_be_recorded(desk)) else {
            return self.ring_agents(inbound, desk);
        };
        let Some(leg) = self.line.leg() else { return Vec::new() };
        self.recording = Recording::Told;
        let (sound, language) = recording_notice(Some(&inbound.number), inbound.language);
        self.draft.note(Decision::Said { situation: Situation::Recording, language }, desk.now);
        let play = desk.ids.play();
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        commands.push(Command::Sound(SoundCommand::Play { leg, play, sound, repeat: false }));
        let until = desk.now.ticks + LONGEST_CLIP;
        self.enter(Phase::Greeting { play, until }, desk.now);
        commands
    }

    /// Towards the number's agents, unless its hours are over (S99).
    pub(crate) fn ring_route(
        &mut self,
        inbound: &Arc<Inbound>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if let Some((hours, team)) = hours_of(&inbound.number, desk.office) {
            let opening = opening(hours, desk.switches, desk.now.wall);
            let is_open = opening.is_open;
            let told = told(hours, team, opening, desk.now.wall);
            self.draft.note(Decision::HoursLookedAt(told), desk.now);
            if !is_open {
                return self.say_closed(inbound, desk);
            }
        }
        self.tell_and_ring(inbound, desk)
    }

    fn ring_agents(&mut self, inbound: &Arc<Inbound>, desk: &mut Desk<'_>) -> Vec<Command> {
        self.connect(inbound, inbound.number.route.clone(), desk)
    }

    /// Every phone is gone, or ring time is over (S31, S32, S97).
    pub(crate) fn nobody_answered(
        &mut self,
        inbound: &Arc<Inbound>,
        cause: HangupCause,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let (reason, refusal) = match cause {
            HangupCause::Busy | HangupCause::Declined => {
                self.draft.note(Decision::EverybodyDeclined, desk.now);
                (MissedReason::RejectedByOperator, HangupCause::Busy)
            }
            HangupCause::NoAnswer
            | HangupCause::Normal
            | HangupCause::Cancelled
            | HangupCause::AnsweredElsewhere => (MissedReason::RingTimeOver, HangupCause::NoAnswer),
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
            | HangupCause::Failed { .. } => {
                self.draft.note(Decision::NoPhoneReached, desk.now);
                (MissedReason::NoOperator, HangupCause::NoAnswer)
            }
        };
        self.say_all_busy(inbound, reason, refusal, desk)
    }

    /// S99, S100: the caller is told, then the call ends as missed.
    pub(crate) fn say_closed(
        &mut self,
        inbound: &Arc<Inbound>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let reason = MissedReason::NotInOperation;
        self.say_farewell(inbound, Situation::Closed, reason, HangupCause::NoAnswer, desk)
    }

    /// S31, S97, S98: the caller is told, then the call ends as missed. A number with nothing to
    /// say refuses a caller who was not answered yet with `refusal`.
    pub(crate) fn say_all_busy(
        &mut self,
        inbound: &Arc<Inbound>,
        reason: MissedReason,
        refusal: HangupCause,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        self.say_farewell(inbound, Situation::AllBusy, reason, refusal, desk)
    }

    fn say_farewell(
        &mut self,
        inbound: &Arc<Inbound>,
        situation: Situation,
        reason: MissedReason,
        refusal: HangupCause,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let ending = Ending::missed(reason, HangupCause::NoAnswer);
        let said = self.say(situation, inbound, desk);
        if inbound.number.voicemail && self.line.leg().is_some() {
            let (play, mut commands) =
                said.map_or((None, Vec::new()), |(play, said)| (Some(play), said));
            commands.extend(self.leave_word_instead(reason, play, desk));
            return commands;
        }
        if let Some((play, commands)) = said {
            let until = desk.now.ticks + LONGEST_CLIP;
            self.enter(Phase::Farewell { play, until, ending }, desk.now);
            return commands;
        }
        let cause = match self.line {
            Line::Open(_) => HangupCause::Normal,
            Line::Absent | Line::Waiting(_) | Line::Alerted(_) | Line::Early(_) => refusal,
        };
        self.finish(ending, cause, HangupCause::NoAnswer, desk.now)
    }

    /// Answers, unless that is done, and plays; `None` when the number has nothing to say.
    fn say(
        &mut self,
        situation: Situation,
        inbound: &Inbound,
        desk: &mut Desk<'_>,
    ) -> Option<(PlayId, Vec<Command>)> {
        let leg = self.line.leg()?;
        let Some((sound, language)) = said(&inbound.number, situation, inbound.language) else {
            self.draft.note(Decision::NothingToSay { situation }, desk.now);
            return None;
        };
        self.draft.note(Decision::Said { situation, language }, desk.now);
        let play = desk.ids.play();
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        commands.push(Command::Sound(SoundCommand::Play { leg, play, sound, repeat: false }));
        Some((play, commands))
    }
}

/// A customer is called by the name that the office has given (L1, L21).
fn recognise(customer: Option<&Customer>, draft: &mut Draft, now: Moment) {
    let Some(customer) = customer.filter(|customer| !customer.name.is_empty()) else { return };
    draft.record_mut().from_name.clone_from(&customer.name);
    draft.note(Decision::CustomerKnown { name: customer.name.clone() }, now);
}

/// Some providers call their customer's account and say no number. Then it is the trunk's only one
/// in use, or the default among several.
fn unsaid<'a>(dialled: &str, trunk: &TrunkName, desk: &'a Desk<'_>) -> Option<&'a Number> {
    let trunk = desk.office.trunks.get(trunk)?;
    let is_account = trunk.register.as_ref().is_some_and(|account| account.username == dialled);
    if !is_account && dialled.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let brought = || desk.office.numbers.values().filter(|number| trunk.brings(&number.number));
    let default = || brought().find(|number| number.is_default);
    if brought().count() == 1 { brought().next() } else { default() }
}

/// A number that a trunk of ours brings but nobody has taken, one never heard of (P3), or
/// one that the office has given back (C8).
fn not_ours(
    dialled: Option<&PhoneNumber>,
    text: String,
    desk: &Desk<'_>,
) -> (Decision, MissedReason) {
    if dialled.is_some_and(|number| desk.released.contains(number)) {
        return (Decision::NumberReleased { dialled: text }, MissedReason::PreservedNumber);
    }
    let brought =
        dialled.and_then(|number| desk.office.trunks.values().find(|trunk| trunk.brings(number)));
    let decision = match brought {
        Some(trunk) => Decision::NumberNotInUse { dialled: text, trunk: trunk.name.clone() },
        None => Decision::NumberUnknown { dialled: text },
    };
    (decision, MissedReason::UnregisteredNumber)
}
