//! How long a caller may have to wait for a team, as its latest calls tell.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::duty::Activity;
use crate::engine::agent::presence::Presence;
use crate::engine::call::desk::Desk;
use crate::engine::routing::{Way, customer_way};
use crate::live::{AgentState, LiveQueue};
use crate::office::extension::Extension;
use crate::office::snapshot::Office;
use crate::office::team::{Team, TeamName};

/// By team; `own` is where the caller stands already. A team is missing while nobody can tell: it
/// has had no call, or nobody is there.
pub(crate) fn expected_waits(
    desk: &Desk<'_>,
    own: Option<&LiveQueue>,
) -> BTreeMap<TeamName, Duration> {
    let seconds = |team: &Team| match own.filter(|own| own.team == team.name) {
        Some(own) => own.expected_seconds,
        None => for_a_new_caller(team, desk),
    };
    let teams = desk.office.teams.values();
    teams
        .filter_map(|team| Some((team.name.clone(), Duration::from_secs(seconds(team)?))))
        .collect()
}

/// Nobody waits behind a free agent.
fn for_a_new_caller(team: &Team, desk: &Desk<'_>) -> Option<u64> {
    let waiting = desk.queues.length(&team.name);
    let members = team.members.iter().filter_map(|member| desk.office.agents.get(member));
    let is_free = |way| matches!(way, Ok(Way::Phones(_)));
    if waiting == 0 && members.into_iter().any(|agent| is_free(customer_way(agent, desk.presence)))
    {
        return Some(0);
    }
    let on_duty = on_duty(&team.name, desk.office, desk.presence);
    desk.queues.expected(&team.name, waiting + 1, on_duty)
}

/// How many of a team take customers' calls just now or when their present one is over.
pub(crate) fn on_duty(team: &TeamName, office: &Office, presence: &Presence) -> usize {
    let Some(team) = office.teams.get(team) else { return 0 };
    let takes_calls = |extension: &&Extension| {
        let Some(agent) = office.agents.get(extension) else { return false };
        let duty = presence.duties.of(extension);
        let is_there = duty.seat && duty.activity == Activity::Available;
        agent.phone_calls && is_there && presence.state(agent) != AgentState::Offline
    };
    team.members.iter().filter(takes_calls).count()
}
