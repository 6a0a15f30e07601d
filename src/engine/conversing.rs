//! Ties calls, and the work after them, to conversations.

use crate::duty::DutyWish;
use crate::engine::call::call::Call;
use crate::engine::call::customers::outer_number;
use crate::engine::call::phase::Purpose;
use crate::engine::call_engine::CallEngine;
use crate::engine::conversation::wishes::Done;
use crate::history::call_id::CallId;
use crate::history::call_record::Direction;
use crate::history::conversation::conversation::{Conversation, Memory, State};
use crate::history::conversation::log::workflow_author;
use crate::history::conversation::wish::ConversationWish;
use crate::history::conversation_id::ConversationId;
use crate::history::trail::workflow::WorkflowStory;
use crate::office::extension::Extension;
use crate::office::workflow::chore::Chore;
use crate::time::Moment;

impl CallEngine {
    pub(crate) fn conversations_remembered(&mut self, memory: Memory, now: Moment) {
        self.conversations.remember(memory, now);
        for (agent, call) in self.presence.duties.wrapping() {
            self.conversations.resume_work(agent, call);
        }
    }

    /// The customer is called from their conversation.
    pub(crate) fn call_back(&mut self, file: Box<Conversation>, agent: &Extension, now: Moment) {
        let Some(customer) = file.customer.clone() else { return };
        let id = self.next_call_id();
        let mut call = Call::asked_for(id, agent, customer.as_str(), &self.desk(now));
        self.conversations.bind_to(&file, call.record(), now);
        call.draft.record_mut().conversation = Some(file.id);
        call.back = Some(file);
        self.begin(call, false, now);
    }

    /// A customer's call joins a conversation before it is written down.
    pub(crate) fn joins_conversation(&mut self, call: &mut Call, now: Moment) {
        match call.purpose {
            Purpose::Inbound(_) => {}
            Purpose::Outgoing { .. } | Purpose::Refused(_) => return,
        }
        let customer = outer_number(call);
        let id = self.conversations.bind(call.record(), customer, &self.office, now);
        call.draft.record_mut().conversation = Some(id);
    }

    /// Tells the call's conversation how far the call has come.
    pub(crate) fn follow(&mut self, call: &mut Call, now: Moment) {
        let id = call.record().id;
        // A call to the outside joins when it is clear by which number it leaves.
        if call.record().conversation.is_none()
            && call.record().direction == Direction::Outbound
            && call.record().number.is_some()
            && let Some(customer) = outer_number(call)
        {
            let office = &self.office;
            let joined = self.conversations.bind(call.record(), Some(customer), office, now);
            call.draft.record_mut().conversation = Some(joined);
        }
        self.run_errands(call, now);
        if let (true, Purpose::Inbound(inbound)) = (call.has_entered(), &call.purpose) {
            let by = call.search.assigned_by.as_ref();
            self.conversations.entered(id, &inbound.number.route, by, now);
            self.conversations.waits(id, call.waits_for().is_some(), now);
            if std::mem::take(&mut call.search.handed_on)
                && let Some(conversation) = self.conversations.quiet(id)
            {
                self.conversations.given(conversation, &inbound.number.route, by, now);
            }
        }
        let record = call.record();
        if record.engaged.is_some() {
            self.conversations.answered(id, record.agent.as_ref(), now);
            self.callbacks_kept(call, now);
        }
    }

    /// What workflows have done to the conversation while the call decided.
    fn run_errands(&mut self, call: &mut Call, now: Moment) {
        let Some(id) = call.record().conversation else { return };
        for (workflow, chore) in std::mem::take(&mut call.errands) {
            let who = workflow_author(&workflow);
            match self.conversations.chore(id, &chore, &who, now) {
                Done::Full => call.tell(WorkflowStory::TagsFull, now),
                Done::Busy => call.tell(WorkflowStory::ConversationBusy, now),
                Done::Well => {}
            }
            if let Chore::TagCustomer(tags) = &chore {
                self.tag_customer(outer_number(call), tags, &who, id);
            }
        }
    }

    /// The call is over; its conversation too, unless somebody still works on it (S20, S26).
    pub(crate) fn conversation_goes_on(&mut self, call: &Call, now: Moment) {
        let record = call.record();
        let others = record.legs.iter().filter_map(|leg| leg.agent.as_ref());
        let mut agents = record.agent.iter().chain(others);
        let worker = agents.find(|agent| self.wraps_up(agent, record.id));
        self.conversations.call_ended(record, worker, now);
        self.conversations.plan(now);
        self.alert_if_missed(record.conversation.filter(|_| record.missed_reason.is_some()));
    }

    fn wraps_up(&self, agent: &Extension, call: CallId) -> bool {
        self.presence.duties.of(agent).wrap_up.is_some_and(|wrap_up| wrap_up.call == call)
    }

    /// Who closes or puts away a conversation has done the work after its call (S20).
    pub(crate) fn conversation_wished(
        &mut self,
        file: Conversation,
        wish: ConversationWish,
        who: &str,
        now: Moment,
    ) {
        let id = file.id;
        if let ConversationWish::Assign { agent, team } = wish {
            self.conversations.hold(file);
            return self.reassign(id, (agent, team), who, now);
        }
        if wish == ConversationWish::CancelCallback && !self.callbacks_cancelled(id) {
            return;
        }
        self.conversations.wished(file, wish, who, now);
        self.callbacks_closed(id, now);
        self.work_is_done(id, now);
    }

    /// If the conversation is closed or put away.
    pub(crate) fn work_is_done(&mut self, id: ConversationId, now: Moment) {
        let is_done = match self.conversations.state(id) {
            None | Some(State::Closed { .. } | State::Snoozed { .. }) => true,
            Some(State::Initial | State::Queued | State::Opened | State::Missed { .. }) => false,
        };
        let workers = self.conversations.workers_on(id);
        for (agent, call) in workers.into_iter().filter(|_| is_done) {
            if self.wraps_up(&agent, call) {
                self.presence.duties.set(&agent, DutyWish::EndWrapUp, now);
                self.presence.touch(agent);
            }
        }
    }

    /// Work that is done, or out of time, closes its conversation (S21, S23).
    pub(crate) fn wrap_ups_end(&mut self, now: Moment) {
        for (agent, call) in self.conversations.workers() {
            if !self.wraps_up(&agent, call) {
                self.conversations.work_ended(call, now);
            }
        }
    }
}
