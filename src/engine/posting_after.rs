//! What is told other systems of calls that are over, or may be by the time the answer comes (P18).

use crate::engine::call::posting::Teller;
use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, KeepCommand};
use crate::history::call_id::CallId;
use crate::history::follow_up::FollowUp;
use crate::history::trail::trail::{Decision, TrailEntry};
use crate::history::trail::workflow::WorkflowStory;
use crate::history::webhook::WebhookId;
use crate::history::webhook_end::WebhookEnd;
use crate::time::Moment;

impl CallEngine {
    /// The call that something was told of may be over by now.
    pub(crate) fn webhook_ended(
        &mut self,
        (id, call): (WebhookId, CallId),
        step: String,
        end: WebhookEnd,
        now: Moment,
    ) {
        if self.calls.contains_key(&call) {
            return self.call_told(call, now, |call, desk| call.posted(id, step, end, desk));
        }
        let story = WorkflowStory::Told { step, end };
        let entry = TrailEntry { at: now.unix_millis(), decision: Decision::Workflow { story } };
        self.commands
            .push_back(Command::Keep(KeepCommand::TrailAdded { call, entries: vec![entry] }));
    }

    /// After the end of a call its conversation says whose it is.
    pub(crate) fn post_after(
        &mut self,
        one: &FollowUp,
        teller: Teller<'_>,
        now: Moment,
    ) -> WorkflowStory {
        let facts = self.facts_after(one, now);
        let id = self.desk(now).ids.webhook();
        let mut told = teller.told(id, one.call, &facts, &self.office);
        told.conversation = Some(one.conversation);
        told.outcome = one.outcome;
        told.missed_reason = one.missed_reason;
        if let Some(file) = self.conversations.file(one.conversation) {
            told.team = file.team;
            told.agent = file.assignee;
        }
        self.commands.push_back(teller.posting(id, told));
        teller.story()
    }
}
