//! A conversation that changes its team, or loses its agent, finds the next one by its team's rule
//! (L134).

use std::sync::Arc;

use crate::engine::agent::assignment::choose;
use crate::engine::call::standing::{agent_before, standings};
use crate::engine::call_engine::CallEngine;
use crate::engine::routing::customer_way;
use crate::history::conversation::conversation::{Conversation, State};
use crate::history::conversation::log::ByTurn;
use crate::history::conversation_id::ConversationId;
use crate::office::agent::Agent;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::team::{Team, TeamName};
use crate::time::Moment;

impl CallEngine {
    /// Somebody says whose the conversation is. An agent who is named has it, whatever they take
    /// (L135); with a team alone the rule of that team says who.
    pub(crate) fn reassign(
        &mut self,
        id: ConversationId,
        asked: (Option<Extension>, Option<TeamName>),
        who: &str,
        now: Moment,
    ) {
        let (agent, team) = asked;
        let turn = match (&agent, &team) {
            (None, Some(team)) => self.next_owner(id, team, now),
            (Some(_), _) | (None, None) => None,
        };
        let (agent, because) = match turn {
            Some((agent, because)) => (agent, Some(because)),
            None => (agent, None),
        };
        if let (Some(agent), Some(ByTurn::Chosen(_))) = (&agent, because) {
            self.ledger.given(agent, now);
        }
        self.commands.extend(self.mailbox.assigned(id, agent.as_ref(), team.as_ref()));
        self.conversations.assigned(id, (agent, team.clone()), because, who, now);
        if let Some(team) = &team {
            self.waiting_call_moves(id, team, who, now);
        }
    }

    /// Who is next in the team; none: that is not for the team's rule to say.
    fn next_owner(
        &mut self,
        id: ConversationId,
        team: &TeamName,
        now: Moment,
    ) -> Option<(Option<Extension>, ByTurn)> {
        // While a call is up, the call finds its agent (L117, L121).
        let one = self.conversations.file(id).filter(|_| !self.conversations.has_call(id))?;
        match one.state {
            State::Opened | State::Snoozed { .. } | State::Missed { .. } => {}
            State::Initial | State::Queued | State::Closed { .. } => return None,
        }
        let office = Arc::clone(&self.office);
        let team = office.teams.get(team)?;
        if one.team.as_ref() != Some(&team.name)
            && let Some(agent) = one.assignee.clone().filter(|agent| team.members.contains(agent))
        {
            return Some((Some(agent), ByTurn::Kept));
        }
        if !team.assignment.is_automatic() {
            return None;
        }
        let members = team.members.iter().filter_map(|member| office.agents.get(member));
        Some(self.by_turn(&one, team, members, now))
    }

    /// L133: among those who might be given a call just now.
    fn by_turn<'a>(
        &mut self,
        one: &Conversation,
        team: &Team,
        members: impl Iterator<Item = &'a Agent>,
        now: Moment,
    ) -> (Option<Extension>, ByTurn) {
        let desk = self.desk(now);
        let free = members.filter(|agent| customer_way(agent, desk.presence).is_ok());
        let standings = standings(free, Some(one.id), &desk);
        let customer = one.customer.as_ref().map(PhoneNumber::as_str).unwrap_or_default();
        let known = agent_before(customer, &desk);
        match choose(team.assignment, &standings, known, now.unix_millis()) {
            Some((agent, because)) => (Some(agent), ByTurn::Chosen(because)),
            None => (None, ByTurn::NobodyFree),
        }
    }

    /// A customer who waits for one team waits for the other from here on.
    fn waiting_call_moves(&mut self, id: ConversationId, team: &TeamName, who: &str, now: Moment) {
        let waiting = self.queues.in_order().into_iter().find(|ticket| {
            ticket.team != *team
                && self.conversations.of_call(ticket.call).is_some_and(|one| one.id == id)
        });
        let Some(ticket) = waiting.filter(|_| self.office.teams.contains_key(team)) else { return };
        self.call_told(ticket.call, now, |call, desk| call.moved_by_hand(team, who, desk));
    }
}
