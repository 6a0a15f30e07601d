//! What a call does to its conversation from its first ring to its end.

use crate::engine::conversation::conversations::Conversations;
use crate::engine::conversation::stage::{Stage, Work};
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Direction, Outcome};
use crate::history::conversation::conversation::State;
use crate::history::conversation::log::{Happening, workflow_author};
use crate::history::conversation_id::ConversationId;
use crate::office::extension::Extension;
use crate::office::route::Route;
use crate::office::workflow::name::WorkflowName;
use crate::time::Moment;

impl Conversations {
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
            let assigned = Happening::Assigned { agent, team, because: None };
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
        let is_missed = record.outcome == Some(Outcome::Missed) && bound.stage != Stage::Before;
        if let Some(reason) = record.missed_reason.filter(|_| is_missed) {
            // S58: also while another call talks in it; whoever waited in vain is to be called.
            return self.missed(bound.id, reason, now);
        }
        let Some(id) = quiet else { return };
        let Some(state) = self.held.get(&id).map(|held| held.conversation.state) else { return };
        if bound.stage == Stage::Talks && state == State::Opened && !self.is_worked_on(id) {
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
}
