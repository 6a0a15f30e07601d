//! How the agents of a team stand when one of them is to be given a call.

use std::collections::BTreeMap;

use crate::engine::agent::assignment::Standing;
use crate::engine::call::desk::Desk;
use crate::history::conversation_id::ConversationId;
use crate::office::agent::Agent;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;

/// L126: what an agent has in progress is the calls and the open conversations that are theirs. The
/// one that is about to be given away is nobody's.
pub(crate) fn standings<'a>(
    agents: impl Iterator<Item = &'a Agent>,
    but: Option<ConversationId>,
    desk: &Desk<'_>,
) -> Vec<Standing> {
    let mut open: BTreeMap<&Extension, usize> = BTreeMap::new();
    for agent in desk.conversations.owners_of_open(but) {
        *open.entry(agent).or_default() += 1;
    }
    agents
        .map(|agent| Standing {
            agent: agent.extension.clone(),
            in_progress: desk.presence.calls_of(&agent.extension)
                + open.get(&agent.extension).copied().unwrap_or_default(),
            given: desk.ledger.last_given(&agent.extension),
        })
        .collect()
}

/// The one agent who has talked with this customer, by whichever of their numbers (L127, S46).
pub(crate) fn agent_before<'a>(customer: &str, desk: &'a Desk<'_>) -> Option<&'a Extension> {
    let known = PhoneNumber::parse(customer).ok();
    match known.and_then(|number| desk.office.customer(&number)) {
        Some(known) => desk.ledger.agent_of(known.numbers().map(PhoneNumber::as_str)),
        None => desk.ledger.agent_of([customer]),
    }
}
