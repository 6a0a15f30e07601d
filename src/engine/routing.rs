//! Whose phones a call may ring.

use crate::duty::Activity;
use crate::engine::agent::presence::Presence;
use crate::history::trail::trail::{Decision, Person, Skip};
use crate::leg::{HangupCause, LegId};
use crate::live::AgentState;
use crate::office::agent::Agent;
use crate::office::device::{Device, Username};
use crate::office::route::Route;
use crate::office::snapshot::Office;

/// One phone to ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    pub(crate) agent: Person,
    pub(crate) device: Username,
}

/// Where a route leads right now, and how that was found.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    pub(crate) phones: Vec<Phone>,
    /// Those who could be rung if they did not keep their phones silent.
    pub(crate) silent: Vec<Person>,
    pub(crate) trail: Vec<Decision>,
}

/// How a customer's call comes to an agent who may be given one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Phones(Vec<Phone>),
    Silent,
}

impl Candidates {
    /// Whether somebody would ring if they were not on a call.
    pub(crate) fn is_busy(&self) -> bool {
        let busy = |decision: &Decision| {
            let Decision::Skipped { because, .. } = decision else { return false };
            because.is_busy()
        };
        self.trail.iter().any(busy)
    }

    fn consider(&mut self, agent: &Agent, presence: &Presence) {
        match customer_way(agent, presence) {
            Ok(Way::Phones(phones)) => self.phones.extend(phones),
            Ok(Way::Silent) => self.silent.push(Person::from(agent)),
            Err(because) => {
                self.trail.push(Decision::Skipped { agent: Person::from(agent), because });
            }
        }
    }
}

/// Everybody who shall be rung for a number with this route (S81, S92, L9, L13).
pub(crate) fn candidates(route: &Route, office: &Office, presence: &Presence) -> Candidates {
    let mut found = Candidates::default();
    match route {
        Route::Agent(extension) => {
            found.trail.push(Decision::RoutedToAgent { agent: extension.clone() });
            match office.agents.get(extension) {
                Some(agent) => found.consider(agent, presence),
                None => found.trail.push(Decision::RouteLeadsNowhere),
            }
        }
        Route::Team(name) => {
            found.trail.push(Decision::RoutedToTeam { team: name.clone() });
            match office.teams.get(name) {
                Some(team) => {
                    for agent in team.members.iter().filter_map(|member| office.agents.get(member))
                    {
                        found.consider(agent, presence);
                    }
                }
                None => found.trail.push(Decision::RouteLeadsNowhere),
            }
        }
        // P24: a workflow that has given the call to nobody leaves it to those.
        Route::Off | Route::Workflow(_) => {
            found.trail.push(Decision::RouteOff);
            for agent in office.agents.values().filter(|agent| agent.unassigned_calls) {
                found.consider(agent, presence);
            }
        }
    }
    found
}

/// How a customer's call may come to the agent, or why it may not (L12): seat, activity and kind of
/// calls, one call at a time (L9, L13), no work left from the last one (S19, C3).
pub(crate) fn customer_way(agent: &Agent, presence: &Presence) -> Result<Way, Skip> {
    if !agent.phone_calls {
        return Err(Skip::NoPhoneCalls);
    }
    way_by_hand(agent, presence)
}

/// The same when somebody gives them the call by hand: whatever kind of calls they take (L135).
pub(crate) fn way_by_hand(agent: &Agent, presence: &Presence) -> Result<Way, Skip> {
    let duty = presence.duties.of(&agent.extension);
    if !duty.seat {
        return Err(Skip::SeatEmpty);
    }
    match duty.activity {
        Activity::Available => {}
        Activity::Eat
        | Activity::Rest
        | Activity::InMeeting
        | Activity::Education
        | Activity::OtherWork
        | Activity::Off
        | Activity::Vacation => return Err(Skip::Away),
    }
    if duty.wrap_up.is_some() {
        return Err(Skip::WrappingUp);
    }
    // L3, L6, L12, C12: the call may be theirs, but nothing rings.
    let way = match phones_of(agent, presence, None) {
        Ok(_) if duty.do_not_disturb => Way::Silent,
        Ok(phones) => Way::Phones(phones),
        Err(Skip::PhonesOff) => Way::Silent,
        Err(because) => return Err(because),
    };
    if presence.has_silent_call(&agent.extension) {
        return Err(Skip::Ringing);
    }
    Ok(way)
}

/// Why no colleague's call rings there: nothing does in wrap-up (S19) or while the agent does not
/// want to be disturbed.
pub(crate) fn undisturbed(agent: &Agent, presence: &Presence) -> Result<(), Skip> {
    let duty = presence.duties.of(&agent.extension);
    if duty.wrap_up.is_some() {
        return Err(Skip::WrappingUp);
    }
    if duty.do_not_disturb { Err(Skip::DoNotDisturb) } else { Ok(()) }
}

/// What a colleague hears.
pub(crate) fn refusal(because: Skip) -> HangupCause {
    match because {
        Skip::NoPhone => HangupCause::Unreachable,
        Skip::Ringing
        | Skip::Talking
        | Skip::WrappingUp
        | Skip::NoPhoneCalls
        | Skip::SeatEmpty
        | Skip::Away
        | Skip::DoNotDisturb
        | Skip::PhonesOff
        | Skip::DidNotTake => HangupCause::Busy,
    }
}

/// The phones of one agent, or why none may ring. `calling` is the agent's own leg when they call
/// themselves.
pub(crate) fn phones_of(
    agent: &Agent,
    presence: &Presence,
    calling: Option<LegId>,
) -> Result<Vec<Phone>, Skip> {
    match presence.busy(&agent.extension, calling) {
        Some(AgentState::Ringing) => return Err(Skip::Ringing),
        Some(AgentState::Talking) => return Err(Skip::Talking),
        Some(
            AgentState::Offline
            | AgentState::Waiting
            | AgentState::WrappingUp
            | AgentState::Away
            | AgentState::OffDuty
            | AgentState::SeatEmpty,
        )
        | None => {}
    }
    reachable_phones_of(agent, presence)
}

/// The phones of one agent whatever the agent does just now: a call that may wait.
pub(crate) fn reachable_phones_of(agent: &Agent, presence: &Presence) -> Result<Vec<Phone>, Skip> {
    let phones: Vec<Phone> = presence.phones(agent).map(|device| phone(agent, device)).collect();
    if !phones.is_empty() {
        return Ok(phones);
    }
    let is_silent = agent.rings_nowhere() && presence.connected(agent).next().is_some();
    Err(if is_silent { Skip::PhonesOff } else { Skip::NoPhone })
}

/// The phones that ring for what the agent has asked for: those that ring, else any of theirs.
pub(crate) fn own_phones_of(agent: &Agent, presence: &Presence) -> Result<Vec<Phone>, Skip> {
    match phones_of(agent, presence, None) {
        Err(Skip::PhonesOff) => {
            Ok(presence.connected(agent).map(|device| phone(agent, device)).collect())
        }
        found => found,
    }
}

fn phone(agent: &Agent, device: &Device) -> Phone {
    Phone { agent: Person::from(agent), device: device.username.clone() }
}
