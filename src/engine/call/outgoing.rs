//! An agent's call: from a phone, or asked for elsewhere and then from the phone they pick up.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::{Draft, Ending, shortened};
use crate::engine::call::internal::COLLEAGUE_RINGS;
use crate::engine::call::phase::{Line, Phase, Purpose};
use crate::engine::call::ringing::Ringing;
use crate::engine::command::Command;
use crate::engine::dialling::{Meant, WantedSound, meant};
use crate::engine::outbound::{Named, Passage, emergency_passage, passage};
use crate::engine::routing::{own_phones_of, refusal};
use crate::history::call_id::CallId;
use crate::history::call_record::Direction;
use crate::history::trail::trail::{Decision, Person, Skip};
use crate::leg::{Arrival, HangupCause, LegId, Target};
use crate::office::device::Username;
use crate::office::extension::Extension;

/// How long a far end outside may ring; as long as the longest ring time of a number (S33).
const OUTSIDE_RINGS: Duration = Duration::from_secs(120);

impl Call {
    pub(crate) fn from_device(
        id: CallId,
        arrival: &Arrival,
        device: &Username,
        desk: &Desk<'_>,
    ) -> Self {
        let line = Line::Waiting(arrival.leg);
        let dialled = shortened(&arrival.dialled);
        let Some((agent, _)) = desk.office.device(device) else {
            let mut draft = Draft::new(id, Direction::Internal, desk.now);
            draft.leg_added(arrival.leg, device.to_string(), None, desk.now);
            draft.record_mut().from = device.to_string();
            draft.record_mut().to.clone_from(&dialled);
            let unknown = Decision::CameFromUnknownPhone { device: device.clone(), dialled };
            draft.note(unknown, desk.now);
            let refused = Purpose::Refused(Ending::failed(HangupCause::Forbidden));
            return Self::new(draft, line, refused);
        };
        let agent = Person::from(agent);
        let meant = meant(&arrival.dialled, desk.office);
        let mut draft = Draft::new(id, direction(&meant), desk.now);
        let extension = Some(agent.extension.clone());
        draft.leg_added(arrival.leg, device.to_string(), extension, desk.now);
        let record = draft.record_mut();
        record.from = agent.extension.to_string();
        record.from_name.clone_from(&agent.name);
        record.to = called(&meant, &dialled);
        let came =
            Decision::CameFromPhone { device: device.clone(), agent: agent.clone(), dialled };
        draft.note(came, desk.now);
        Self::new(draft, line, Purpose::Outgoing { agent, meant })
    }

    /// A call asked for at the API: the agent's own phones ring first.
    pub(crate) fn asked_for(id: CallId, agent: &Extension, dialled: &str, desk: &Desk<'_>) -> Self {
        let meant = meant(dialled, desk.office);
        let mut draft = Draft::new(id, direction(&meant), desk.now);
        let record = draft.record_mut();
        record.from = agent.to_string();
        record.to = called(&meant, &shortened(dialled));
        let asked = Decision::AskedFor { agent: agent.clone(), dialled: shortened(dialled) };
        draft.note(asked, desk.now);
        let purpose = if let Some(agent) = desk.office.agents.get(agent) {
            draft.record_mut().from_name.clone_from(&agent.name);
            Purpose::Outgoing { agent: Person::from(agent), meant }
        } else {
            draft.note(Decision::AgentUnknown { agent: agent.clone() }, desk.now);
            Purpose::Refused(Ending::failed(HangupCause::NotFound))
        };
        Self::new(draft, Line::Absent, purpose)
    }

    /// A sound asked for at the API: it is heard on the agent's own phone.
    pub(crate) fn asked_to_hear(
        id: CallId,
        agent: &Extension,
        listening: WantedSound,
        desk: &Desk<'_>,
    ) -> Self {
        let mut draft = Draft::new(id, Direction::Internal, desk.now);
        let name = shortened(&listening.name);
        draft.record_mut().from = agent.to_string();
        draft.record_mut().to.clone_from(&name);
        draft.note(Decision::SoundAskedFor { agent: agent.clone(), name }, desk.now);
        let purpose = if let Some(agent) = desk.office.agents.get(agent) {
            draft.record_mut().from_name.clone_from(&agent.name);
            Purpose::Outgoing {
                agent: Person::from(agent),
                meant: Meant::Sound(Box::new(listening)),
            }
        } else {
            draft.note(Decision::AgentUnknown { agent: agent.clone() }, desk.now);
            Purpose::Refused(Ending::failed(HangupCause::NotFound))
        };
        Self::new(draft, Line::Absent, purpose)
    }

    /// Rings the agent's own phones, unless it is clear already that the call can go nowhere.
    pub(crate) fn summon(
        &mut self,
        agent: &Person,
        meant: &Meant,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if let Err((trail, cause)) = possible(agent, meant, desk) {
            self.draft.notes(trail, desk.now);
            return self.refuse(Ending::failed(cause), desk.now);
        }
        let found = match desk.office.agents.get(&agent.extension) {
            Some(agent) => own_phones_of(agent, desk.presence),
            None => Err(Skip::NoPhone),
        };
        let phones = match found {
            Ok(phones) => phones,
            Err(because) => {
                self.draft.note(Decision::Skipped { agent: agent.clone(), because }, desk.now);
                return self.refuse(Ending::failed(refusal(because)), desk.now);
            }
        };
        let to = self.record().to.clone();
        // A sound has no number that a phone could show.
        let shown = match meant {
            Meant::Sound(_) => (agent.extension.as_str(), to.as_str()),
            Meant::Emergency(_)
            | Meant::Colleague(_)
            | Meant::Feature(_)
            | Meant::Pickup(_)
            | Meant::Outside(_)
            | Meant::Nothing => (to.as_str(), ""),
        };
        let (ringing, commands) = self.ring_phones(phones, shown, COLLEAGUE_RINGS, desk);
        self.enter(Phase::Summoning(ringing), desk.now);
        commands
    }

    /// The agent picked up one of their phones; now the call they asked for begins.
    pub(crate) fn caller_came(
        &mut self,
        leg: LegId,
        others: &[LegId],
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Purpose::Outgoing { agent, meant } = self.purpose.clone() else { return Vec::new() };
        self.draft.leg_answered(leg, desk.now);
        let party = self.draft.party(leg);
        self.draft.note(Decision::Answered { party, agent: Some(agent.clone()) }, desk.now);
        self.line = Line::Open(leg);
        let mut commands = self.hang_up_all(others, HangupCause::AnsweredElsewhere, desk.now);
        commands.extend(self.place(&agent, &meant, desk));
        commands
    }

    pub(crate) fn place(
        &mut self,
        agent: &Person,
        meant: &Meant,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let passage = match meant {
            Meant::Colleague(extension) => return self.ring_colleague(agent, extension, desk),
            Meant::Feature(feature) => return self.use_feature(agent, *feature, desk),
            Meant::Pickup(_) => return self.nothing_to_pick_up(agent, desk),
            Meant::Sound(listening) => return self.let_hear(listening, desk),
            Meant::Nothing => {
                let dialled = self.record().to.clone();
                self.draft.note(Decision::NothingBehind { dialled }, desk.now);
                return self.refuse(Ending::failed(HangupCause::NotFound), desk.now);
            }
            Meant::Emergency(dialled) => {
                let emergency = Decision::EmergencyDialled { dialled: dialled.clone() };
                self.draft.note(emergency, desk.now);
                emergency_passage(dialled, &agent.extension, desk.office)
            }
            Meant::Outside(number) => {
                let by_customer = self.back.as_ref().and_then(|file| file.number.as_ref());
                let duty = desk.presence.duties.of(&agent.extension);
                let named = Named { by_customer, by_agent: duty.shown.as_ref() };
                in_seat(agent, desk)
                    .and_then(|()| passage(number, &agent.extension, named, desk.office))
            }
        };
        match passage {
            Ok(passage) => self.ring_trunk(passage, desk),
            Err(trail) => {
                self.draft.notes(trail, desk.now);
                self.refuse(Ending::failed(HangupCause::Forbidden), desk.now)
            }
        }
    }

    fn ring_trunk(&mut self, passage: Passage, desk: &mut Desk<'_>) -> Vec<Command> {
        self.draft.notes(passage.trail, desk.now);
        self.draft.record_mut().number = passage.number;
        self.draft.record_mut().presented = passage.presented;
        let mut commands = self.agent_called(desk);
        let party = (passage.trunk.to_string(), None);
        let target = Target::Trunk { trunk: passage.trunk, dialled: passage.dialled };
        let (leg, ring) = self.ring_leg(target, party, (&passage.caller_number, ""), desk);
        let ringing = Ringing::start(BTreeSet::from([leg]), OUTSIDE_RINGS, desk.now);
        commands.push(ring);
        commands.extend(self.ringback_from_home(desk));
        self.enter(Phase::Ringing(ringing), desk.now);
        commands
    }

    /// Whoever was rung did not take the call.
    pub(crate) fn nobody_took(&mut self, cause: HangupCause, desk: &mut Desk<'_>) -> Vec<Command> {
        match (self.purpose.clone(), &self.phase) {
            (Purpose::Inbound(inbound), _) => self.nobody_answered(&inbound, cause, desk),
            (_, Phase::Summoning(_)) => {
                self.finish(caller_never_came(cause), cause, cause, desk.now)
            }
            (Purpose::Outgoing { .. } | Purpose::Refused(_), _) => {
                self.finish(Ending::failed(cause), to_caller(cause), cause, desk.now)
            }
        }
    }
}

fn direction(meant: &Meant) -> Direction {
    match meant {
        Meant::Emergency(_) | Meant::Outside(_) => Direction::Outbound,
        Meant::Colleague(_)
        | Meant::Feature(_)
        | Meant::Pickup(_)
        | Meant::Sound(_)
        | Meant::Nothing => Direction::Internal,
    }
}

fn called(meant: &Meant, dialled: &str) -> String {
    match meant {
        Meant::Outside(number) => number.to_string(),
        Meant::Colleague(extension) => extension.to_string(),
        Meant::Emergency(_)
        | Meant::Feature(_)
        | Meant::Pickup(_)
        | Meant::Sound(_)
        | Meant::Nothing => dialled.to_owned(),
    }
}

/// Whether the call could go anywhere, asked before a phone rings for nothing.
fn possible(
    agent: &Person,
    meant: &Meant,
    desk: &Desk<'_>,
) -> Result<(), (Vec<Decision>, HangupCause)> {
    let way = match meant {
        // Only the phone that takes a call can say so: nothing else of it is dialled.
        Meant::Nothing | Meant::Pickup(_) => return Err((Vec::new(), HangupCause::NotFound)),
        Meant::Colleague(_) | Meant::Feature(_) | Meant::Sound(_) => return Ok(()),
        Meant::Emergency(dialled) => emergency_passage(dialled, &agent.extension, desk.office),
        Meant::Outside(number) => in_seat(agent, desk)
            .and_then(|()| passage(number, &agent.extension, Named::default(), desk.office)),
    };
    way.map(|_| ()).map_err(|trail| (trail, HangupCause::Forbidden))
}

/// L45: customers are called by those who hold a seat.
fn in_seat(agent: &Person, desk: &Desk<'_>) -> Result<(), Vec<Decision>> {
    if desk.presence.duties.of(&agent.extension).seat {
        return Ok(());
    }
    Err(vec![Decision::NoSeatToCall { agent: agent.clone() }])
}

/// The one for whom the call was asked for did not pick up their own phone.
fn caller_never_came(cause: HangupCause) -> Ending {
    let ending = Ending::failed(cause);
    match cause {
        HangupCause::NoAnswer | HangupCause::Declined | HangupCause::Busy => {
            Ending::cancelled(cause)
        }
        HangupCause::Normal
        | HangupCause::Cancelled
        | HangupCause::NotFound
        | HangupCause::Unreachable
        | HangupCause::Forbidden
        | HangupCause::NotAcceptable
        | HangupCause::Overloaded
        | HangupCause::AnsweredElsewhere
        | HangupCause::MediaLost
        | HangupCause::SessionExpired
        | HangupCause::AckMissing
        | HangupCause::Stopping
        | HangupCause::Interrupted
        | HangupCause::Failed { .. } => ending,
    }
}

/// What the caller is told. Answers that speak about one hop only, such as a challenge or a
/// redirection, would mislead the phone.
fn to_caller(cause: HangupCause) -> HangupCause {
    match cause {
        HangupCause::Failed { status } => match status {
            410 | 413 | 415 | 500..=699 => cause,
            _ => HangupCause::Failed { status: 500 },
        },
        HangupCause::Normal | HangupCause::Cancelled | HangupCause::AnsweredElsewhere => {
            HangupCause::NoAnswer
        }
        HangupCause::Busy
        | HangupCause::NoAnswer
        | HangupCause::Declined
        | HangupCause::NotFound
        | HangupCause::Unreachable
        | HangupCause::Forbidden
        | HangupCause::NotAcceptable
        | HangupCause::Overloaded
        | HangupCause::MediaLost
        | HangupCause::SessionExpired
        | HangupCause::AckMissing
        | HangupCause::Stopping
        | HangupCause::Interrupted => cause,
    }
}
