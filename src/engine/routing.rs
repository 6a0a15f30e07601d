//! Whose phones a call may ring.

use crate::engine::presence::Presence;
use crate::history::trail::{Decision, Person, Skip};
use crate::leg::LegId;
use crate::live::AgentState;
use crate::office::agent::Agent;
use crate::office::device::Username;
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
    pub(crate) trail: Vec<Decision>,
}

impl Candidates {
    /// Whether somebody would ring if they were not on a call.
    pub(crate) fn is_busy(&self) -> bool {
        let busy = |decision: &Decision| {
            matches!(decision, Decision::Skipped { because: Skip::Ringing | Skip::Talking, .. })
        };
        self.trail.iter().any(busy)
    }

    fn consider(&mut self, agent: &Agent, presence: &Presence) {
        match phones_of(agent, presence, None) {
            Ok(phones) => self.phones.extend(phones),
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
        Some(AgentState::Offline | AgentState::Waiting) | None => {}
    }
    reachable_phones_of(agent, presence)
}

/// The phones of one agent whatever the agent does just now: a call that may wait.
pub(crate) fn reachable_phones_of(agent: &Agent, presence: &Presence) -> Result<Vec<Phone>, Skip> {
    let phones: Vec<Phone> = presence
        .phones(agent)
        .map(|device| Phone { agent: Person::from(agent), device: device.username.clone() })
        .collect();
    if phones.is_empty() { Err(Skip::NoPhone) } else { Ok(phones) }
}
