//! Whom the office tells that a customer was missed (L17), or waits for an answer (L16).

use std::collections::BTreeMap;

use crate::engine::call_engine::CallEngine;
use crate::engine::command::Command;
use crate::history::conversation::conversation::Conversation;
use crate::history::conversation_id::ConversationId;
use crate::live::{Alert, AlertKind, Unanswered, Update};
use crate::office::agent::Agent;
use crate::office::extension::Extension;
use crate::time::Moment;

impl CallEngine {
    /// L17: a call was missed; those are told whose it was and who want to know.
    pub(crate) fn alert_missed(&mut self, one: &Conversation) {
        let agents = self.told(one, |agent| agent.missed_alerts);
        self.alert(AlertKind::Missed, vec![one.into()], agents);
    }

    /// L16: nobody has answered these for long; told to those who have the alert for calls that are
    /// nobody's.
    pub(crate) fn remind(&mut self, now: Moment) {
        let mut by_agents: BTreeMap<Vec<Extension>, Vec<Unanswered>> = BTreeMap::new();
        for id in self.conversations.take_unanswered(now) {
            let Some(one) = self.conversations.file(id) else { continue };
            let agents = self.told(&one, |agent| agent.phone_calls && agent.unassigned_calls);
            self.conversations.reminded(id, &agents, now);
            by_agents.entry(agents).or_default().push((&one).into());
        }
        for (agents, unanswered) in by_agents {
            self.alert(AlertKind::Unanswered, unanswered, agents);
        }
    }

    fn alert(&mut self, kind: AlertKind, customers: Vec<Unanswered>, agents: Vec<Extension>) {
        if !agents.is_empty() {
            let alert = Box::new(Alert { kind, customers, agents });
            self.commands.push_back(Command::Publish(Update::Alert { alert }));
        }
    }

    /// Whose the conversation is: its agent's, else its team's, else of whoever takes what is
    /// nobody's.
    fn told(&self, one: &Conversation, wants: impl Fn(&Agent) -> bool) -> Vec<Extension> {
        let team = one.team.as_ref().and_then(|team| self.office.teams.get(team));
        let is_theirs = |agent: &&Agent| match (&one.assignee, team) {
            (Some(assignee), _) => agent.extension == *assignee,
            (None, Some(team)) => team.members.contains(&agent.extension),
            (None, None) => agent.unassigned_calls,
        };
        let theirs = self.office.agents.values().filter(is_theirs);
        theirs.filter(|agent| wants(agent)).map(|agent| agent.extension.clone()).collect()
    }

    /// What a call has left of its conversation is told, if that is news.
    pub(crate) fn alert_if_missed(&mut self, id: Option<ConversationId>) {
        let one = id.and_then(|id| self.conversations.file(id));
        if let Some(one) = one.filter(|one| one.state.is_missed()) {
            self.alert_missed(&one);
        }
    }
}
