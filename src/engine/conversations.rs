//! Which conversation a call joins, and where each conversation stands.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use crate::engine::command::{Command, KeepCommand};
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Direction, Outcome};
use crate::history::conversation::{Case, Conversation, HeldConversation, Memory, Shelved, State};
use crate::history::conversation_id::ConversationId;
use crate::history::conversation_log::{Happening, LogEntry, workflow_author};
use crate::history::missed_reason::MissedReason;
use crate::live::Update;
use crate::office::continuation::Continuation;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::workflow_name::WorkflowName;
use crate::time::Moment;

/// The wall clock may be set: a snooze is looked at no less often.
const LOOK: Duration = Duration::from_secs(60);

/// The newest closed one of a customer.
#[derive(Clone, Copy, Debug)]
struct Shelf {
    id: ConversationId,
    closed: i64,
    active: i64,
    cases: u32,
}

/// A call that is up, and what it does to its conversation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) id: ConversationId,
    stage: Stage,
}

/// What a call has left to its agent (S19).
#[derive(Clone, Debug)]
struct Work {
    agent: Extension,
    id: ConversationId,
}

/// How far the call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Before,
    Entered,
    Talks,
}

#[derive(Clone, Debug)]
pub struct Conversations {
    next: ConversationId,
    /// Those that are not closed, and those that a call to the outside may open.
    pub(crate) held: BTreeMap<ConversationId, HeldConversation>,
    /// By the digits of the customer's number, to keep many of them small.
    shelved: BTreeMap<u64, Shelf>,
    pub(crate) calls: BTreeMap<CallId, Bound>,
    /// Calls that are over, and who still works on them.
    work: BTreeMap<CallId, Work>,
    due: Option<Instant>,
    commands: VecDeque<Command>,
}

impl Default for Conversations {
    fn default() -> Self {
        Self {
            next: ConversationId(1),
            held: BTreeMap::new(),
            shelved: BTreeMap::new(),
            calls: BTreeMap::new(),
            work: BTreeMap::new(),
            due: None,
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
        self.shelved.clear();
        for one in memory.shelved {
            self.shelve(&one);
        }
        for kept in busy {
            self.held.insert(kept.conversation.id, kept.clone());
            self.commands.push_back(Command::Keep(KeepCommand::Conversation(Box::new(kept))));
        }
        for id in memory.cut {
            // The customer was never answered: somebody must call back.
            self.missed(id, MissedReason::NoFallbackClient, now);
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
        let first = self.held.values().filter_map(|kept| until(&kept.conversation)).min();
        self.due = first.map(|until| {
            let wait = u64::try_from(until.saturating_sub(at)).unwrap_or_default();
            now.ticks + Duration::from_millis(wait).clamp(Duration::from_millis(1), LOOK)
        });
    }

    /// The conversation that a call of this customer joins (S46, S49, S62), or a new one.
    pub(crate) fn bind(
        &mut self,
        record: &CallRecord,
        customer: Option<PhoneNumber>,
        office: &Office,
        now: Moment,
    ) -> ConversationId {
        let number = record.number.as_ref().and_then(|number| office.numbers.get(number));
        let rule = number.map(|number| number.continuation).unwrap_or_default();
        let known = customer.as_ref().and_then(|customer| office.customer(customer));
        let numbers: Vec<PhoneNumber> = match known {
            Some(known) => known.numbers().cloned().collect(),
            None => customer.iter().cloned().collect(),
        };
        let found = self.earlier(&numbers, rule, now);
        let id = found.unwrap_or_else(|| self.begin(record, now));
        if let Some(held) = self.held.get_mut(&id) {
            let conversation = &mut held.conversation;
            conversation.customer = customer.or_else(|| conversation.customer.take());
            if let Some(known) = known.filter(|known| !known.name.is_empty()) {
                conversation.name.clone_from(&known.name);
            }
        }
        self.join(id, record, now);
        id
    }

    /// A call that somebody makes from the conversation joins it, whatever the setting (S53, S54,
    /// S69).
    pub(crate) fn bind_to(&mut self, file: &Conversation, record: &CallRecord, now: Moment) {
        let kept = HeldConversation::whole(file.clone());
        self.held.entry(file.id).or_insert(kept);
        if let Some(agent) = record.agent.clone().or_else(|| Extension::parse(&record.from).ok()) {
            self.log(file.id, None, Happening::CalledBack { agent }, now);
            self.change(file.id, |conversation| conversation.case.called_back += 1);
        }
        self.join(file.id, record, now);
    }

    /// S46–S49: not closed before closed, and of several the one that was active last.
    fn earlier(
        &mut self,
        numbers: &[PhoneNumber],
        rule: Continuation,
        now: Moment,
    ) -> Option<ConversationId> {
        if rule == Continuation::Off {
            return None;
        }
        let is_theirs = |conversation: &Conversation| {
            conversation.customer.as_ref().is_some_and(|customer| numbers.contains(customer))
                && conversation.state != State::Initial
                && !conversation.state.is_closed()
        };
        let open = self.held.values().map(|kept| &kept.conversation).filter(|one| is_theirs(one));
        if let Some(open) = open.max_by_key(|open| (open.active(), open.id)) {
            return Some(open.id);
        }
        let shelves =
            numbers.iter().filter_map(|number| Some((number, self.shelved.get(&key(number)?)?)));
        let (number, shelf) = shelves.max_by_key(|(_, shelf)| shelf.active)?;
        let since = now.unix_millis().saturating_sub(shelf.closed);
        let since = Duration::from_millis(u64::try_from(since).unwrap_or_default());
        if !rule.reaches(since) {
            return None;
        }
        let conversation = unshelved(number.clone(), *shelf);
        let id = conversation.id;
        self.held.entry(id).or_insert(HeldConversation::by_id(conversation));
        Some(id)
    }

    fn begin(&mut self, record: &CallRecord, now: Moment) -> ConversationId {
        let id = self.next;
        self.next = ConversationId(id.0 + 1);
        let at = now.unix_millis();
        let conversation = Conversation {
            id,
            customer: None,
            name: match record.direction {
                Direction::Inbound => record.from_name.clone(),
                Direction::Outbound | Direction::Internal => String::new(),
            },
            number: None,
            direction: record.direction,
            created: at,
            state: State::Initial,
            team: None,
            assignee: None,
            followers: BTreeSet::new(),
            tags: BTreeSet::new(),
            description: String::new(),
            priority: Priority::default(),
            last_call: at,
            last_note: None,
            handled: None,
            case: Case { seq: 1, opened: at, ..Case::default() },
        };
        self.held.insert(id, HeldConversation::whole(conversation));
        id
    }

    fn join(&mut self, id: ConversationId, record: &CallRecord, now: Moment) {
        self.calls.insert(record.id, Bound { id, stage: Stage::Before });
        let (call, direction) = (record.id, record.direction);
        self.log(id, None, Happening::Called { call, direction }, now);
        if let Some(held) = self.held.get_mut(&id) {
            held.conversation.last_call = record.started;
            if record.number.is_some() {
                held.conversation.number.clone_from(&record.number);
            }
        }
        self.keep(id);
    }

    /// The call has come in and phones ring for it (S50, S51, S57).
    pub(crate) fn entered(
        &mut self,
        call: CallId,
        route: &Route,
        workflow: Option<&WorkflowName>,
        now: Moment,
    ) {
        if !self.comes_to(call, Stage::Entered) {
            return;
        }
        let Some(id) = self.quiet(call) else { return };
        self.opened(id, now);
        self.given(id, route, workflow, now);
    }

    /// By the number's own route, or by that of a workflow.
    pub(crate) fn given(
        &mut self,
        id: ConversationId,
        route: &Route,
        workflow: Option<&WorkflowName>,
        now: Moment,
    ) {
        let (agent, team) = match route {
            Route::Agent(agent) => (Some(agent.clone()), None),
            Route::Team(team) => (None, Some(team.clone())),
            Route::Off | Route::Workflow(_) => (None, None),
        };
        self.change(id, |conversation| {
            conversation.assign(agent.clone());
            conversation.team.clone_from(&team);
        });
        if let Some(name) = workflow {
            let assigned = Happening::Assigned { agent, team };
            self.log(id, Some(&workflow_author(name)), assigned, now);
        }
        self.keep(id);
    }

    /// Whether the customer waits for a free agent (L24).
    pub(crate) fn waits(&mut self, call: CallId, waits: bool, now: Moment) {
        let Some(id) = self.quiet(call) else { return };
        let Some(held) = self.held.get(&id) else { return };
        match (held.conversation.state, waits) {
            (State::Queued, true) => {}
            (State::Queued, false) => {
                self.opened(id, now);
                self.keep(id);
            }
            (
                State::Initial
                | State::Opened
                | State::Snoozed { .. }
                | State::Missed { .. }
                | State::Closed { .. },
                true,
            ) => {
                self.opened(id, now);
                self.change(id, |conversation| {
                    conversation.state = State::Queued;
                    conversation.case.queued.get_or_insert(now.unix_millis());
                });
                self.log(id, None, Happening::Queued, now);
                self.keep(id);
            }
            (
                State::Initial
                | State::Opened
                | State::Snoozed { .. }
                | State::Missed { .. }
                | State::Closed { .. },
                false,
            ) => {}
        }
    }

    /// Whether that is news.
    fn comes_to(&mut self, call: CallId, stage: Stage) -> bool {
        let Some(bound) = self.calls.get_mut(&call) else { return false };
        let is_news = match (bound.stage, stage) {
            (Stage::Before, Stage::Entered | Stage::Talks) | (Stage::Entered, Stage::Talks) => true,
            (_, Stage::Before) | (Stage::Entered | Stage::Talks, Stage::Entered) => false,
            (Stage::Talks, Stage::Talks) => false,
        };
        if is_news {
            bound.stage = stage;
        }
        is_news
    }

    /// The conversation of a call, unless another call talks in it.
    pub(crate) fn quiet(&self, call: CallId) -> Option<ConversationId> {
        let id = self.calls.get(&call)?.id;
        let mut others = self.calls.iter().filter(|(other, _)| **other != call);
        (!others.any(|(_, bound)| bound.id == id && bound.stage == Stage::Talks)).then_some(id)
    }

    /// An agent talks with the customer, and is responsible from here on.
    pub(crate) fn answered(&mut self, call: CallId, agent: Option<&Extension>, now: Moment) {
        if !self.comes_to(call, Stage::Talks) {
            return;
        }
        let Some(id) = self.calls.get(&call).map(|bound| bound.id) else { return };
        self.opened(id, now);
        let Some(held) = self.held.get_mut(&id) else { return };
        let conversation = &mut held.conversation;
        if conversation.case.missed > 0 {
            conversation.handled = Some(now.unix_millis());
        }
        conversation.case.answered.get_or_insert(now.unix_millis());
        if let Some(agent) = agent {
            conversation.assign(Some(agent.clone()));
            self.log(id, None, Happening::Answered { call, agent: agent.clone() }, now);
        }
        self.keep(id);
    }

    /// The call is over. `worker`: who still works on it and will close it (S20).
    pub(crate) fn call_ended(
        &mut self,
        record: &CallRecord,
        worker: Option<&Extension>,
        now: Moment,
    ) {
        let quiet = self.quiet(record.id);
        let Some(bound) = self.calls.remove(&record.id) else { return };
        if let Some(agent) = worker.cloned() {
            self.work.insert(record.id, Work { agent, id: bound.id });
        }
        let Some(id) = quiet else { return };
        let Some(state) = self.held.get(&id).map(|held| held.conversation.state) else { return };
        let is_missed = record.outcome == Some(Outcome::Missed) && bound.stage != Stage::Before;
        if let Some(reason) = record.missed_reason.filter(|_| is_missed) {
            self.missed(id, reason, now);
        } else if bound.stage == Stage::Talks && state == State::Opened && !self.is_worked_on(id) {
            // S26: nothing is left to do.
            self.close(id, None, now);
        } else if state == State::Queued {
            // L97: a workflow has ended the call, and nothing is left to do.
            self.close(id, None, now);
        } else if state == State::Initial && record.direction == Direction::Outbound {
            // It began with a call that nobody answered; one that was there before stays as it was.
            self.close(id, None, now);
        } else if state == State::Initial || state.is_closed() {
            // A customer who left the menu has not come in (L81).
            self.held.remove(&id);
        }
    }

    fn is_worked_on(&self, id: ConversationId) -> bool {
        self.work.values().any(|work| work.id == id)
    }

    /// Who works on which call that is over.
    pub(crate) fn workers(&self) -> Vec<(Extension, CallId)> {
        self.work.iter().map(|(call, work)| (work.agent.clone(), *call)).collect()
    }

    pub(crate) fn workers_on(&self, id: ConversationId) -> Vec<(Extension, CallId)> {
        let on_it = self.work.iter().filter(|(_, work)| work.id == id);
        on_it.map(|(call, work)| (work.agent.clone(), *call)).collect()
    }

    /// After a restart: the work is that of the newest call which the agent has answered.
    pub(crate) fn resume_work(&mut self, agent: Extension, call: CallId) {
        let all = self.held.values().map(|held| &held.conversation);
        let theirs =
            all.filter(|one| one.assignee.as_ref() == Some(&agent) && one.state == State::Opened);
        if let Some(id) = theirs.max_by_key(|one| one.last_call).map(|one| one.id) {
            self.work.entry(call).or_insert(Work { agent, id });
        }
    }

    /// One that is not closed.
    pub(crate) fn file(&self, id: ConversationId) -> Option<Conversation> {
        self.held.get(&id).map(|held| held.conversation.clone())
    }

    /// None: it is closed, or not known.
    pub(crate) fn state(&self, id: ConversationId) -> Option<State> {
        self.held.get(&id).map(|held| held.conversation.state)
    }

    /// The work after a call is done; a conversation that is still open is closed with it.
    pub(crate) fn work_ended(&mut self, call: CallId, now: Moment) {
        let Some(work) = self.work.remove(&call) else { return };
        let has_call = self.calls.values().any(|bound| bound.id == work.id);
        let is_open = self.state(work.id) == Some(State::Opened);
        if is_open && !has_call && !self.is_worked_on(work.id) {
            self.close(work.id, None, now);
        }
    }

    fn missed(&mut self, id: ConversationId, reason: MissedReason, now: Moment) {
        self.opened(id, now);
        let Some(held) = self.held.get_mut(&id) else { return };
        let conversation = &mut held.conversation;
        conversation.state = State::Missed { since: now.unix_millis(), reason };
        conversation.handled = None;
        conversation.case.missed += 1;
        self.log(id, None, Happening::Missed { reason }, now);
        self.keep(id);
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
                conversation.case = Case { seq, opened: at, ..Case::default() };
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
        conversation.state = State::Closed { at };
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
        let State::Closed { at } = conversation.state else { return };
        if !self.calls.values().any(|bound| bound.id == id) {
            self.held.remove(&id);
        }
        if let Some(customer) = conversation.customer.clone() {
            let (closed, active, cases) = (at, conversation.active(), conversation.case.seq);
            self.shelve(&Shelved { customer, id, closed, active, cases });
        }
    }

    fn shelve(&mut self, one: &Shelved) {
        let Some(key) = key(&one.customer) else { return };
        let Shelved { id, closed, active, cases, .. } = *one;
        let newest = self.shelved.get(&key).is_none_or(|old| old.id == id || old.active <= active);
        if newest {
            self.shelved.insert(key, Shelf { id, closed, active, cases });
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

/// What the shelf knows of it; the store completes the rest.
fn unshelved(customer: PhoneNumber, shelf: Shelf) -> Conversation {
    Conversation {
        id: shelf.id,
        customer: Some(customer),
        name: String::new(),
        number: None,
        direction: Direction::Inbound,
        created: shelf.closed,
        state: State::Closed { at: shelf.closed },
        team: None,
        assignee: None,
        followers: BTreeSet::new(),
        tags: BTreeSet::new(),
        description: String::new(),
        priority: Priority::default(),
        last_call: shelf.active,
        last_note: None,
        handled: None,
        case: Case {
            seq: shelf.cases,
            opened: shelf.closed,
            closed: Some(shelf.closed),
            ..Case::default()
        },
    }
}

/// E.164 has at most 15 digits.
fn key(number: &PhoneNumber) -> Option<u64> {
    number.digits().parse().ok()
}
