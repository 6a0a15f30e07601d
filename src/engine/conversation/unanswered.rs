//! Customers who are nobody's and have been waiting for an answer for too long (L16).

use std::collections::BTreeSet;
use std::time::Duration;

use crate::engine::conversation::conversations::Conversations;
use crate::history::conversation::conversation::{Conversation, State};
use crate::history::conversation::log::Happening;
use crate::history::conversation_id::ConversationId;
use crate::office::extension::Extension;
use crate::time::Moment;

/// L16
const PATIENCE_MS: i64 = 10 * 60_000;
/// Between two reminders: many that are due together are told together.
const APART: Duration = Duration::from_secs(60);
/// Of one reminder; the rest is told in the next.
const MOST: usize = 100;

impl Conversations {
    /// Those whose time has come, the longest waiting first; the next look is not before a while.
    pub(crate) fn take_unanswered(&mut self, now: Moment) -> Vec<ConversationId> {
        if self.reminder.is_none_or(|due| due > now.ticks) {
            return Vec::new();
        }
        let at = now.unix_millis();
        let mut due = self.unanswered();
        due.retain(|(due, _)| *due <= at);
        due.sort();
        due.truncate(MOST);
        if !due.is_empty() {
            self.quiet_until = Some(now.ticks + APART);
        }
        due.into_iter().map(|(_, id)| id).collect()
    }

    /// When to remind of whom. While a call is up there, the customer is being looked after.
    pub(crate) fn unanswered(&self) -> Vec<(i64, ConversationId)> {
        let busy: BTreeSet<ConversationId> = self.calls.values().map(|bound| bound.id).collect();
        let idle = self.held.iter().filter(|(id, _)| !busy.contains(id));
        idle.filter_map(|(id, held)| Some((remind_at(&held.conversation)?, *id))).collect()
    }

    /// It is told once for each miss, also when nobody wants to know.
    pub(crate) fn reminded(&mut self, id: ConversationId, agents: &[Extension], now: Moment) {
        self.change(id, |one| one.reminded = Some(now.unix_millis()));
        if !agents.is_empty() {
            let agents = agents.iter().cloned().collect();
            self.log(id, None, Happening::Reminded { agents }, now);
        }
        self.keep(id);
        self.plan(now);
    }
}

/// When the office is to be reminded of it; none: somebody answers for it, or it was told already.
fn remind_at(one: &Conversation) -> Option<i64> {
    let since = match one.state {
        State::Missed { since, .. } => since,
        State::Opened => one.active(),
        State::Initial | State::Queued | State::Snoozed { .. } | State::Closed { .. } => {
            return None;
        }
    };
    let is_nobodys = one.assignee.is_none() && one.handled.is_none();
    let is_told = one.reminded.is_some_and(|told| told >= since);
    (is_nobodys && !is_told).then_some(since.saturating_add(PATIENCE_MS))
}
