//! Customers who are to be called when their turn comes: each keeps the place in the queue of the call
//! in which it was promised, and one call at a time tries to reach them.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::engine::agent::assignment::{Standing, choose};
use crate::engine::call::call::Call;
use crate::engine::call::customers::outer_number;
use crate::engine::call::standing::{agent_before, standings};
use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, KeepCommand};
use crate::engine::opening::{hours_of, opening};
use crate::engine::queue::promises::Promise;
use crate::engine::routing::{Way, customer_way};
use crate::history::call_id::CallId;
use crate::history::callback::Callback;
use crate::history::conversation::conversation::State;
use crate::history::conversation::log::Happening;
use crate::history::conversation_id::ConversationId;
use crate::history::trail::workflow::WorkflowStory;
use crate::leg::HangupCause;
use crate::live::LiveCallback;
use crate::office::extension::Extension;
use crate::office::number::Number;
use crate::office::phone_number::PhoneNumber;
use crate::office::route::Route;
use crate::time::Moment;

/// How soon a closed office, or a customer who is on the line, is looked at again.
const LOOK: Duration = Duration::from_secs(30);
/// Whom nobody has reached by then is left on the missed list.
const LONGEST_PROMISE_MS: i64 = 24 * 3_600_000;

impl CallEngine {
    pub(crate) fn callbacks_remembered(&mut self, mut tickets: Vec<Callback>, now: Moment) {
        for call in self.callbacks.promises.keys().copied().collect::<Vec<_>>() {
            self.queues.waits(call, None);
        }
        self.callbacks.promises.clear();
        // Who has waited longest comes first again.
        tickets.sort_by_key(|ticket| (ticket.since, ticket.call));
        for ticket in tickets {
            self.queues.waits(ticket.call, Some((&ticket.team, (ticket.priority, ticket.since))));
            let wait = ticket.next.map(|next| next.saturating_sub(now.unix_millis()).max(0));
            let wait = wait.map(|wait| Duration::from_millis(wait.unsigned_abs()));
            let due = wait.map(|wait| now.ticks + wait);
            let (calling, tried) = (None, BTreeSet::new());
            self.callbacks.promises.insert(ticket.call, Promise { ticket, due, calling, tried });
        }
    }

    pub(crate) fn callbacks_due(&mut self, now: Moment) {
        for call in self.callbacks.due(now) {
            self.callback_turn(call, now);
        }
    }

    /// Calls the customer, if their turn has come: an agent is free for whom nobody waits longer.
    pub(crate) fn callback_turn(&mut self, call: CallId, now: Moment) {
        let Some(promise) = self.callbacks.promises.get(&call) else { return };
        if promise.calling.is_some() || promise.due.is_some_and(|due| due > now.ticks) {
            return;
        }
        let (ticket, tried) = (promise.ticket.clone(), promise.tried.clone());
        let is_old = now.unix_millis().saturating_sub(ticket.promised) > LONGEST_PROMISE_MS;
        if is_old || self.is_settled(ticket.conversation) {
            return self.callback_over(call, !is_old, now);
        }
        if !self.may_call_now(&ticket, now) {
            return self.callbacks.again_at(call, now.ticks + LOOK);
        }
        match self.agent_for(&ticket, &tried, now) {
            Free::Nobody => {
                if let Some(promise) = self.callbacks.promises.get_mut(&call) {
                    promise.due = None;
                }
            }
            Free::OnlyTried => {
                if let Some(promise) = self.callbacks.promises.get_mut(&call) {
                    promise.tried.clear();
                    promise.due = Some(now.ticks + Duration::from_secs(ticket.pause));
                }
            }
            Free::Agent(agent) => self.place_callback(&ticket, &agent, now),
        }
    }

    /// Rings the agent first, then the customer, who sees the number they had dialled.
    fn place_callback(&mut self, ticket: &Callback, agent: &Extension, now: Moment) {
        let Some(file) = self.conversations.file(ticket.conversation) else { return };
        let mut file = Box::new(file);
        file.number = Some(ticket.shown.clone());
        self.ledger.given(agent, now);
        let id = self.next_call_id();
        let mut call = Call::asked_for(id, agent, ticket.number.as_str(), &self.desk(now));
        let story = WorkflowStory::CallbackTurn { call: ticket.call, left: ticket.left };
        call.tell(story, now);
        self.conversations.bind_to(&file, call.record(), now);
        call.draft.record_mut().conversation = Some(file.id);
        call.back = Some(file);
        call.callback = Some(ticket.call);
        if let Some(promise) = self.callbacks.promises.get_mut(&ticket.call) {
            promise.calling = Some(id);
            promise.due = None;
        }
        self.begin(call, false, now);
    }

    /// A call that tried to reach somebody is over.
    pub(crate) fn callback_ended(&mut self, call: &Call, now: Moment) {
        let Some(promised) = call.callback else { return };
        let Some(promise) = self.callbacks.promises.get_mut(&promised) else { return };
        let record = call.record();
        promise.calling = None;
        if record.cause == Some(HangupCause::Stopping) {
            return;
        }
        let picked_up = record.legs.iter().any(|leg| leg.agent.is_some() && leg.answered.is_some());
        let rang = record.legs.iter().any(|leg| leg.agent.is_some());
        if rang && !picked_up {
            // The customer was not called: another agent may.
            promise.tried.extend(Extension::parse(&record.from));
            return;
        }
        promise.tried.clear();
        promise.ticket.left = promise.ticket.left.saturating_sub(1);
        if promise.ticket.left == 0 {
            return self.callback_over(promised, false, now);
        }
        let pause = promise.ticket.pause;
        let wait = i64::try_from(pause).unwrap_or(i64::MAX).saturating_mul(1_000);
        promise.ticket.next = Some(now.unix_millis().saturating_add(wait));
        promise.due = Some(now.ticks + Duration::from_secs(pause));
        let kept = Command::Keep(KeepCommand::Callback(Box::new(promise.ticket.clone())));
        self.commands.push_back(kept);
    }

    /// Somebody talks with the customer: nobody needs to call them any more.
    pub(crate) fn callbacks_kept(&mut self, call: &Call, now: Moment) {
        let (conversation, number) = (call.record().conversation, outer_number(call));
        let is_meant = |ticket: &Callback| {
            Some(ticket.conversation) == conversation || Some(&ticket.number) == number.as_ref()
        };
        self.end_callbacks(is_meant, now);
    }

    /// Somebody has taken the customer off the list; one call that rings for them goes on. False:
    /// nothing was promised.
    pub(crate) fn callbacks_cancelled(&mut self, conversation: ConversationId) -> bool {
        let meant: Vec<CallId> = self.promised_in(conversation).collect();
        for call in &meant {
            self.callbacks.promises.remove(call);
            self.queues.waits(*call, None);
            self.commands.push_back(Command::Keep(KeepCommand::CallbackOver(*call)));
        }
        !meant.is_empty()
    }

    fn promised_in(&self, conversation: ConversationId) -> impl Iterator<Item = CallId> {
        let promises = self.callbacks.promises.values().map(|promise| &promise.ticket);
        promises.filter(move |ticket| ticket.conversation == conversation).map(|ticket| ticket.call)
    }

    /// Whether the customer of a conversation is to be called in turn.
    #[must_use]
    pub fn is_promised(&self, conversation: ConversationId) -> bool {
        self.promised_in(conversation).next().is_some()
    }

    /// Somebody has closed the conversation.
    pub(crate) fn callbacks_closed(&mut self, conversation: ConversationId, now: Moment) {
        if self.is_settled(conversation) {
            self.end_callbacks(|ticket| ticket.conversation == conversation, now);
        }
    }

    fn end_callbacks(&mut self, is_meant: impl Fn(&Callback) -> bool, now: Moment) {
        let promises = self.callbacks.promises.values().map(|promise| &promise.ticket);
        let meant: Vec<CallId> =
            promises.filter(|ticket| is_meant(ticket)).map(|ticket| ticket.call).collect();
        for call in meant {
            self.callback_over(call, true, now);
        }
    }

    fn callback_over(&mut self, call: CallId, answered: bool, now: Moment) {
        let Some(promise) = self.callbacks.promises.remove(&call) else { return };
        self.queues.waits(call, None);
        self.commands.push_back(Command::Keep(KeepCommand::CallbackOver(call)));
        let what = Happening::CallbackEnded { answered };
        self.conversations.log(promise.ticket.conversation, None, what, now);
    }

    fn is_settled(&self, conversation: ConversationId) -> bool {
        match self.conversations.state(conversation) {
            None | Some(State::Closed { .. }) => true,
            Some(
                State::Initial
                | State::Queued
                | State::Opened
                | State::Snoozed { .. }
                | State::Missed { .. },
            ) => false,
        }
    }

    /// The team's hours, and nobody is on the line with them already.
    fn may_call_now(&self, ticket: &Callback, now: Moment) -> bool {
        let on_the_line = |call: &Call| {
            let number: Option<PhoneNumber> = outer_number(call);
            number.as_ref() == Some(&ticket.number)
        };
        if self.calls.values().any(on_the_line) {
            return false;
        }
        let Some(number) = self.office.numbers.get(&ticket.shown) else { return true };
        let number = Number { route: Route::Team(ticket.team.clone()), ..number.clone() };
        hours_of(&number, &self.office)
            .is_none_or(|(hours, _)| opening(hours, &self.switches, now.wall).is_open)
    }

    fn agent_for(&mut self, ticket: &Callback, tried: &BTreeSet<Extension>, now: Moment) -> Free {
        let desk = self.desk(now);
        let Some(team) = desk.office.teams.get(&ticket.team) else { return Free::Nobody };
        let members = team.members.iter().filter_map(|member| desk.office.agents.get(member));
        let is_free = |way| matches!(way, Ok(Way::Phones(_)));
        let free = members.filter(|agent| is_free(customer_way(agent, desk.presence)));
        let free = standings(free, Some(ticket.conversation), &desk);
        if free.is_empty() {
            return Free::Nobody;
        }
        let fresh: Vec<Standing> =
            free.into_iter().filter(|one| !tried.contains(&one.agent)).collect();
        let known = agent_before(ticket.number.as_str(), &desk);
        match choose(team.assignment, &fresh, known, now.unix_millis()) {
            Some((agent, _)) => Free::Agent(agent),
            // A team that gives its calls to all at once now: the first who is free.
            None => fresh.into_iter().next().map_or(Free::OnlyTried, |one| Free::Agent(one.agent)),
        }
    }

    /// In the order in which they are served.
    pub(crate) fn live_callbacks(&self) -> Vec<LiveCallback> {
        let places = self.queues.places(|_| 0);
        let mut live: Vec<LiveCallback> = self
            .callbacks
            .promises
            .values()
            .map(|Promise { ticket, calling, .. }| LiveCallback {
                call: ticket.call,
                conversation: ticket.conversation,
                number: ticket.number.clone(),
                team: ticket.team.clone(),
                position: places.get(&ticket.call).map_or(0, |place| place.position),
                promised: ticket.promised,
                left: ticket.left,
                next: ticket.next,
                calling: *calling,
            })
            .collect();
        live.sort_by_key(|one| (one.position, one.call));
        live
    }
}

/// Who of a team could call a customer.
enum Free {
    Nobody,
    /// All who are free have not picked up before.
    OnlyTried,
    Agent(Extension),
}
