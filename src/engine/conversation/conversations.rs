//! The conversations of the office that calls may still join, and where each stands.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::engine::command::{Command, KeepCommand};
use crate::engine::conversation::shelf::Shelf;
use crate::engine::conversation::stage::{Bound, Work};
use crate::history::call_id::CallId;
use crate::history::conversation::conversation::{
    Case, Conversation, HeldConversation, Memory, Shelved, State,
};
use crate::history::conversation::log::{Happening, LogEntry};
use crate::history::conversation_id::ConversationId;
use crate::history::missed_reason::MissedReason;
use crate::live::Update;
use crate::office::extension::Extension;
use crate::time::Moment;

/// The wall clock may be set: a snooze is looked at no less often.
const LOOK: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub struct Conversations {
    pub(crate) next: ConversationId,
    /// Those that are not closed, and those that a call to the outside may open.
    pub(crate) held: BTreeMap<ConversationId, HeldConversation>,
    pub(crate) shelf: Shelf,
    pub(crate) calls: BTreeMap<CallId, Bound>,
    /// Calls that are over, and who still works on them.
    pub(crate) work: BTreeMap<CallId, Work>,
    due: Option<Instant>,
    /// When to look for customers whom nobody has answered.
    pub(crate) reminder: Option<Instant>,
    /// No reminder before this.
    pub(crate) quiet_until: Option<Instant>,
    commands: VecDeque<Command>,
}

impl Default for Conversations {
    fn default() -> Self {
        Self {
            next: ConversationId(1),
            held: BTreeMap::new(),
            shelf: Shelf::default(),
            calls: BTreeMap::new(),
            work: BTreeMap::new(),
            due: None,
            reminder: None,
            quiet_until: None,
            commands: VecDeque::new(),
        }
    }
}

impl Conversations {
    /// Takes the place of whatever was known, but for what calls are up in.
    pub(crate) fn remember(&mut self, memory: Memory, now: Moment) {
        let busy: Vec<HeldConversation> =
            self.calls.values().filter_map(|call| self.held.get(&call.id)).cloned().collect();
        self.next = self.next.max(memory.next);
        let whole =
            |conversation: Conversation| (conversation.id, HeldConversation::whole(conversation));
        self.held = memory.open.into_iter().map(whole).collect();
        self.shelf.clear();
        for one in memory.shelved {
            self.shelf.put(&one);
        }
        for kept in busy {
            self.held.insert(kept.conversation.id, kept.clone());
            self.commands.push_back(Command::Keep(KeepCommand::Conversation(Box::new(kept))));
        }
        for id in memory.cut {
            // The customer was never answered: somebody must call back.
            self.missed(id, MissedReason::NoFallbackClient, now);
        }
        for id in memory.speaking {
            self.missed(id, MissedReason::WfVoiceMail, now);
        }
        self.plan(now);
    }

    pub(crate) fn take_commands(&mut self) -> impl Iterator<Item = Command> {
        self.commands.drain(..)
    }

    /// When [`Self::handle_timeout`] wants to be called.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    /// Snoozed ones whose time is over are open again (L25).
    pub(crate) fn handle_timeout(&mut self, now: Moment) {
        if self.due.is_none_or(|due| due > now.ticks) {
            return;
        }
        let at = now.unix_millis();
        let over: Vec<ConversationId> = self
            .held
            .iter()
            .filter(|(_, kept)| until(&kept.conversation).is_some_and(|until| until <= at))
            .map(|(id, _)| *id)
            .collect();
        for id in over {
            self.opened(id, now);
            self.log(id, None, Happening::Woke, now);
            self.keep(id);
        }
        self.plan(now);
    }

    pub(crate) fn plan(&mut self, now: Moment) {
        let at = now.unix_millis();
        let tick = |until: i64| {
            let wait = u64::try_from(until.saturating_sub(at)).unwrap_or_default();
            now.ticks + Duration::from_millis(wait).clamp(Duration::from_millis(1), LOOK)
        };
        let snoozed = self.held.values().filter_map(|kept| until(&kept.conversation));
        let wakes = snoozed.min().map(tick);
        let reminder = self.unanswered().into_iter().map(|(due, _)| due).min().map(tick);
        self.reminder = reminder.map(|due| self.quiet_until.map_or(due, |quiet| quiet.max(due)));
        self.due = wakes.into_iter().chain(self.reminder).min();
    }

    /// Who has an open one, once for each, but for `but`.
    pub(crate) fn owners_of_open(
        &self,
        but: Option<ConversationId>,
    ) -> impl Iterator<Item = &Extension> {
        let all = self.held.values().map(|held| &held.conversation);
        all.filter(move |one| one.state == State::Opened && Some(one.id) != but)
            .filter_map(|one| one.assignee.as_ref())
    }

    /// One that is not closed.
    pub(crate) fn file(&self, id: ConversationId) -> Option<Conversation> {
        self.held.get(&id).map(|held| held.conversation.clone())
    }

    /// None: it is closed, or not known.
    pub(crate) fn state(&self, id: ConversationId) -> Option<State> {
        self.held.get(&id).map(|held| held.conversation.state)
    }

    pub(crate) fn missed(&mut self, id: ConversationId, reason: MissedReason, now: Moment) {
        self.opened(id, now);
        let Some(held) = self.held.get_mut(&id) else { return };
        let conversation = &mut held.conversation;
        conversation.state = State::Missed { since: now.unix_millis(), reason };
        conversation.handled = None;
        conversation.case.missed += 1;
        self.log(id, None, Happening::Missed { reason }, now);
        self.keep(id);
        self.plan(now);
    }

    /// Whatever it was, it is open now; out of a close begins a new case (L177).
    pub(crate) fn opened(&mut self, id: ConversationId, now: Moment) {
        self.opened_by(id, None, now);
    }

    pub(crate) fn opened_by(&mut self, id: ConversationId, who: Option<&str>, now: Moment) {
        let Some(held) = self.held.get_mut(&id) else { return };
        let at = now.unix_millis();
        let conversation = &mut held.conversation;
        let what = match conversation.state {
            State::Opened => return,
            State::Initial | State::Queued | State::Missed { .. } => Happening::Opened,
            State::Snoozed { since, .. } => {
                conversation.case.snoozed_ms += at.saturating_sub(since).max(0);
                Happening::Opened
            }
            State::Closed { .. } => {
                let seq = conversation.case.seq + 1;
                // A call routes it anew (S50); a hand leaves it with whoever has it.
                let first_assignee = who.and_then(|_| conversation.assignee.clone());
                conversation.case = Case { seq, opened: at, first_assignee, ..Case::default() };
                conversation.handled = None;
                Happening::Reopened
            }
        };
        conversation.state = State::Opened;
        self.log(id, who, what, now);
        self.plan(now);
    }

    /// Nothing is left to do.
    pub(crate) fn close(&mut self, id: ConversationId, who: Option<&str>, now: Moment) {
        let Some(held) = self.held.get_mut(&id) else { return };
        if held.conversation.state.is_closed() {
            return;
        }
        let at = now.unix_millis();
        let conversation = &mut held.conversation;
        match conversation.state {
            State::Snoozed { since, .. } => {
                conversation.case.snoozed_ms += at.saturating_sub(since).max(0);
            }
            State::Initial | State::Queued | State::Opened | State::Missed { .. } => {}
            State::Closed { .. } => return,
        }
        let reason = conversation.state.missed_reason();
        conversation.state = State::Closed { at, reason };
        conversation.case.closed = Some(at);
        self.log(id, who, Happening::Closed, now);
        self.keep(id);
        self.plan(now);
    }

    /// The conversation that a call belongs to, while both are there.
    #[must_use]
    pub fn of_call(&self, call: CallId) -> Option<&Conversation> {
        let id = self.calls.get(&call)?.id;
        self.held.get(&id).map(|held| &held.conversation)
    }

    pub(crate) fn change(&mut self, id: ConversationId, change: impl FnOnce(&mut Conversation)) {
        if let Some(held) = self.held.get_mut(&id) {
            change(&mut held.conversation);
        }
    }

    pub(crate) fn log(
        &mut self,
        id: ConversationId,
        who: Option<&str>,
        what: Happening,
        now: Moment,
    ) {
        let who = who.map(str::to_owned);
        let entry = LogEntry { conversation: id, at: now.unix_millis(), who, what };
        self.commands.push_back(Command::Keep(KeepCommand::ConversationLogged(Box::new(entry))));
    }

    /// Hands the conversation to the store and to whoever watches; a closed one goes on the shelf.
    pub(crate) fn keep(&mut self, id: ConversationId) {
        let Some(kept) = self.held.get(&id).cloned() else { return };
        let conversation = Box::new(kept.conversation.clone());
        self.commands.push_back(Command::Keep(KeepCommand::Conversation(Box::new(kept))));
        self.commands.push_back(Command::Publish(Update::Conversation {
            conversation: conversation.clone(),
        }));
        let State::Closed { at, .. } = conversation.state else { return };
        if !self.calls.values().any(|bound| bound.id == id) {
            self.held.remove(&id);
        }
        if let Some(customer) = conversation.customer.clone() {
            let (closed, active, cases) = (at, conversation.active(), conversation.case.seq);
            self.shelf.put(&Shelved { customer, id, closed, active, cases });
        }
    }
}

fn until(conversation: &Conversation) -> Option<i64> {
    match conversation.state {
        State::Snoozed { until, .. } => Some(until),
        State::Initial
        | State::Queued
        | State::Opened
        | State::Missed { .. }
        | State::Closed { .. } => None,
    }
}
