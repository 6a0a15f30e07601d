//! What workflows do after the end of a call (L76, S71).

use std::collections::BTreeSet;
use std::sync::Arc;

use tracing::warn;

use crate::engine::call::background::is_direct;
use crate::engine::call::call::Call;
use crate::engine::call::expected_wait::expected_waits;
use crate::engine::call::phase::Purpose;
use crate::engine::call::posting::Teller;
use crate::engine::call::walking::{open_hours, tags_of};
use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, KeepCommand};
use crate::engine::conversation::wishes::Done;
use crate::engine::voices::language_of;
use crate::engine::workflow::command::{Leaving, WalkCommand};
use crate::engine::workflow::facts::Facts;
use crate::engine::workflow::walk::Walk;
use crate::history::call_record::{CallRecord, Outcome};
use crate::history::conversation::conversation::Conversation;
use crate::history::conversation::log::workflow_author;
use crate::history::conversation_id::ConversationId;
use crate::history::follow_up::{FollowUp, FollowUpId};
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::{Decision, TrailEntry};
use crate::history::trail::workflow::WorkflowStory;
use crate::history::walk_record::WalkEnd;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::tag::Tag;
use crate::office::team::TeamName;
use crate::office::workflow::chore::{Chore, Cleared, Conversing, Target};
use crate::office::workflow::workflow::{Missed, Scope, Trigger, Workflow};
use crate::time::Moment;

impl CallEngine {
    /// The call is over: what shall run after it is planned. S82: nothing after a customer's call
    /// to a number that leads straight to agents.
    pub(crate) fn plan_follow_ups(&mut self, call: &Call, now: Moment) {
        let record = call.record();
        let Some(conversation) = record.conversation else { return };
        let (customer, language) = match &call.purpose {
            Purpose::Inbound(inbound) if is_direct(inbound, &self.office) => return,
            Purpose::Inbound(inbound) => {
                (PhoneNumber::parse(&record.from).ok(), Some(inbound.language))
            }
            Purpose::Outgoing { .. } => (PhoneNumber::parse(&record.to).ok(), None),
            Purpose::Refused(_) => return,
        };
        let language = language.unwrap_or_else(|| self.spoken_with(customer.as_ref()));
        let office = Arc::clone(&self.office);
        for workflow in office.workflows.iter().filter(|workflow| workflow.active) {
            let Trigger::CallEnded { delay, scope, missed } = &workflow.trigger else { continue };
            if !is_meant(record, *scope, missed) {
                continue;
            }
            let due = now.after(*delay);
            let one = FollowUp {
                call: record.id,
                workflow: workflow.name.clone(),
                due: due.unix_millis(),
                conversation,
                customer: customer.clone(),
                number: record.number.clone(),
                language,
                fields: call.fields.clone(),
                outcome: record.outcome,
                missed_reason: record.missed_reason,
            };
            if self.follow_ups.plan(one.clone(), due.ticks) {
                self.commands.push_back(Command::Keep(KeepCommand::FollowUpPlanned(Box::new(one))));
            }
        }
    }

    fn spoken_with(&self, customer: Option<&PhoneNumber>) -> Language {
        let profile = customer.and_then(|number| self.office.customer(number));
        language_of(customer, profile, &self.office.dial_out.home).0
    }

    /// Their conversations may be closed, and then only the store has them.
    pub(crate) fn follow_ups_due(&mut self, now: Moment) {
        while let Some(one) = self.follow_ups.due(now) {
            self.commands.push_back(Command::Keep(KeepCommand::FollowUpDue(Box::new(one))));
        }
    }

    pub(crate) fn follow_up_found(
        &mut self,
        id: &FollowUpId,
        file: Option<Box<Conversation>>,
        now: Moment,
    ) {
        let Some(one) = self.follow_ups.found(id) else { return };
        let conversation = one.conversation;
        match file {
            Some(file) => self.conversations.hold(*file),
            None if self.conversations.state(conversation).is_some() => {}
            None => {
                if !self.follow_ups.postpone(one, now) {
                    warn!(call = %id.call, workflow = %id.workflow, "the conversation of work after a call is not there");
                    self.commands.push_back(Command::Keep(KeepCommand::FollowUpDone(id.clone())));
                }
                return;
            }
        }
        // The office may be another by now.
        let found = self.office.workflow(&one.workflow).filter(|workflow| is_for_ended(workflow));
        if let Some(workflow) = found.map(Arc::clone) {
            self.follow_up(&one, &workflow, now);
        }
        self.conversations.release(conversation);
        // First what it did: if the power fails between, it runs twice rather than never.
        self.commands.extend(self.conversations.take_commands());
        self.commands.push_back(Command::Keep(KeepCommand::FollowUpDone(id.clone())));
    }

    fn follow_up(&mut self, one: &FollowUp, workflow: &Arc<Workflow>, now: Moment) {
        let facts = self.facts_after(one, now);
        if !facts.fit(workflow) {
            return;
        }
        let mut told = vec![WorkflowStory::AfterCall(workflow.name.clone())];
        let mut walk = Walk::start(workflow, &self.office, &facts);
        let mut end = WalkEnd::Finished;
        while let Some(command) = walk.poll_command() {
            match command {
                WalkCommand::Do(chore) => {
                    told.push(WorkflowStory::Did(chore.clone()));
                    told.extend(self.chore_after(one, &chore, now));
                }
                WalkCommand::Post { step, url, waits } => {
                    let teller = Teller { workflow, step: &step, url: &url, waits };
                    told.push(self.post_after(one, teller, now));
                }
                WalkCommand::Leave(Leaving::Lost(missing)) => {
                    warn!(call = %one.call, missing, "a workflow cannot go on");
                    told.push(WorkflowStory::Failed { missing });
                    end = WalkEnd::Failed;
                    break;
                }
                WalkCommand::Leave(
                    Leaving::End
                    | Leaving::Said
                    | Leaving::HangUp(_)
                    | Leaving::NoInput
                    | Leaving::Voicemail(_),
                ) => break,
                // Nobody listens; the document has seen to it that nothing is said.
                WalkCommand::Enter { .. }
                | WalkCommand::Pressed(_)
                | WalkCommand::Say(_)
                | WalkCommand::Hush
                | WalkCommand::Keep { .. }
                | WalkCommand::CallBack { .. }
                | WalkCommand::Connect => {}
            }
        }
        let at = now.unix_millis();
        let entry = |story| TrailEntry { at, decision: Decision::Workflow { story } };
        let entries = told.into_iter().map(entry).collect();
        self.commands.push_back(Command::Keep(KeepCommand::TrailAdded { call: one.call, entries }));
        self.commands.push_back(Command::Keep(KeepCommand::WalkEnded(Box::new(walk.record(end)))));
    }

    /// What is to be told beside that it was done.
    fn chore_after(&mut self, one: &FollowUp, chore: &Chore, now: Moment) -> Option<WorkflowStory> {
        let (id, who) = (one.conversation, workflow_author(&one.workflow));
        if let Some(team) = self.left_to_rule(id, chore) {
            self.reassign(id, (None, Some(team)), &who, now);
            return None;
        }
        let done = self.conversations.chore(id, chore, &who, now);
        match chore {
            Chore::TagCustomer(tags) => self.tag_customer(one.customer.clone(), tags, &who, id),
            Chore::Conversation(Conversing::Close | Conversing::Snooze(_)) => {
                self.work_is_done(id, now);
            }
            Chore::Conversation(Conversing::Open)
            | Chore::Assign(_)
            | Chore::Clear(_)
            | Chore::Tag(_)
            | Chore::Untag(_)
            | Chore::Urgency(_)
            | Chore::Follow(_)
            | Chore::Note(_)
            | Chore::Describe(_)
            | Chore::Language(_) => {}
        }
        match done {
            Done::Well => None,
            Done::Full => Some(WorkflowStory::TagsFull),
            Done::Busy => Some(WorkflowStory::ConversationBusy),
        }
    }

    /// L134: a workflow gives the conversation to a team, or takes its agent away.
    fn left_to_rule(&self, id: ConversationId, chore: &Chore) -> Option<TeamName> {
        match chore {
            Chore::Assign(Target::Team(team)) => Some(team.clone()),
            Chore::Clear(Cleared::Agent) => self.conversations.file(id)?.team,
            Chore::Assign(Target::Agent(_))
            | Chore::Clear(Cleared::Team | Cleared::Both)
            | Chore::Conversation(_)
            | Chore::Tag(_)
            | Chore::TagCustomer(_)
            | Chore::Untag(_)
            | Chore::Urgency(_)
            | Chore::Follow(_)
            | Chore::Note(_)
            | Chore::Describe(_)
            | Chore::Language(_) => None,
        }
    }

    /// L101: a withheld number is nobody's profile.
    pub(crate) fn tag_customer(
        &mut self,
        customer: Option<PhoneNumber>,
        tags: &BTreeSet<String>,
        who: &str,
        conversation: ConversationId,
    ) {
        let Some(number) = customer else { return };
        let tags: BTreeSet<Tag> = tags.iter().filter_map(|text| Tag::parse(text).ok()).collect();
        let profile = self.office.customer(&number);
        if profile.is_some_and(|profile| tags.is_subset(&profile.tags)) {
            return;
        }
        let name = self.conversations.name(conversation);
        self.commands.push_back(Command::Keep(KeepCommand::TagCustomer {
            number,
            name,
            tags,
            who: who.to_owned(),
        }));
    }

    pub(crate) fn facts_after(&mut self, one: &FollowUp, now: Moment) -> Facts {
        let tags = self.conversations.tags(one.conversation);
        let desk = self.desk(now);
        let profile = one.customer.as_ref().and_then(|number| desk.office.customer(number));
        Facts {
            now,
            number: one.number.clone(),
            customer: one.customer.clone(),
            language: one.language,
            known: profile.is_some(),
            customer_tags: profile.map(tags_of).unwrap_or_default(),
            tags,
            open: open_hours(&desk),
            queues: desk.queues.lengths(),
            waits: expected_waits(&desk, None),
            fields: one.fields.clone(),
        }
    }
}

fn is_for_ended(workflow: &Workflow) -> bool {
    workflow.active && matches!(workflow.trigger, Trigger::CallEnded { .. })
}

/// L76: of this scope, and missed for one of these reasons if some are told.
fn is_meant(record: &CallRecord, scope: Scope, missed: &BTreeSet<Missed>) -> bool {
    let entered = record.first_waiting.is_some()
        || match record.outcome {
            Some(Outcome::NotEntered) => false,
            Some(
                Outcome::Answered
                | Outcome::Missed
                | Outcome::NoAnswer
                | Outcome::Busy
                | Outcome::Cancelled
                | Outcome::Failed
                | Outcome::Interrupted,
            )
            | None => true,
        };
    let is_in_scope = match scope {
        Scope::All => true,
        Scope::Entered => entered,
        Scope::NotEntered => !entered,
    };
    let is_for_that = || record.missed_reason.and_then(folded).is_some_and(|r| missed.contains(&r));
    is_in_scope && (missed.is_empty() || is_for_that())
}

/// As offices tell them apart.
fn folded(reason: MissedReason) -> Option<Missed> {
    match reason.coarse() {
        MissedReason::NotInOperation => Some(Missed::NotInOperation),
        MissedReason::UserLeft => Some(Missed::UserLeft),
        MissedReason::RingTimeOver => Some(Missed::RingTimeOver),
        MissedReason::NoOperator => Some(Missed::NoOperator),
        MissedReason::ExceededQueue => Some(Missed::ExceededQueue),
        MissedReason::AbandonedInQueue => Some(Missed::AbandonedInQueue),
        MissedReason::Workflow => Some(Missed::Workflow),
        MissedReason::UserLeftInGreeting
        | MissedReason::UserLeftInIvr
        | MissedReason::UserLeftInIvrWithoutInput
        | MissedReason::UserLeftInQueued
        | MissedReason::UserLeftInWaitingManager
        | MissedReason::RejectedByOperator
        | MissedReason::ManagerLeft
        | MissedReason::NoFallbackClient
        | MissedReason::WfInputTimeout
        | MissedReason::WfEndCall
        | MissedReason::WfVoiceMail
        | MissedReason::PreservedNumber
        | MissedReason::UnregisteredNumber
        | MissedReason::InboundRateLimit
        | MissedReason::ConcurrencyLimit
        | MissedReason::BlockedUser => None,
    }
}
