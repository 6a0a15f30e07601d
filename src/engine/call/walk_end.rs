//! How a customer's call leaves a workflow: to agents, to the voicemail, or not at all.

use std::sync::Arc;

use tracing::warn;

use crate::engine::agent::assigned::Assigned;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Ending;
use crate::engine::call::phase::{Inbound, Phase, Purpose};
use crate::engine::command::{Command, KeepCommand};
use crate::engine::workflow::command::Leaving;
use crate::history::missed_reason::MissedReason;
use crate::history::trail::workflow::WorkflowStory;
use crate::history::walk_record::WalkEnd;
use crate::leg::HangupCause;
use crate::office::workflow::action::{Leave, Voicemail};
use crate::time::Moment;

impl Call {
    pub(crate) fn walk_leaves(
        &mut self,
        leaving: Leaving,
        inbound: &Arc<Inbound>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if let (
            Phase::Queued { .. },
            Leaving::End | Leaving::Said | Leaving::NoInput | Leaving::Lost(_),
        ) = (&self.phase, &leaving)
        {
            return self.waits_on(leaving, desk);
        }
        let normal = HangupCause::Normal;
        let (story, end, ending) = match leaving {
            Leaving::End => {
                self.tell(WorkflowStory::Finished, desk.now);
                let mut commands = self.end_walk(WalkEnd::Finished, desk.now);
                commands.extend(self.go_to_agents(desk));
                return commands;
            }
            Leaving::Lost(missing) => return self.fall_open(missing, inbound, desk),
            Leaving::Voicemail(voicemail) => return self.walk_to_voicemail(&voicemail, desk),
            Leaving::Said => {
                (WorkflowStory::LastWord, WalkEnd::HungUp, Ending::not_entered(None, normal))
            }
            Leaving::NoInput => {
                let reason = Some(MissedReason::WfInputTimeout);
                (WorkflowStory::NoInput, WalkEnd::NoInput, Ending::not_entered(reason, normal))
            }
            Leaving::HangUp(Leave::Done) => {
                let story = WorkflowStory::HangsUp(Leave::Done);
                (story, WalkEnd::HungUp, Ending::not_entered(None, normal))
            }
            Leaving::HangUp(Leave::Missed) => {
                let story = WorkflowStory::HangsUp(Leave::Missed);
                (story, WalkEnd::HungUp, Ending::missed(MissedReason::WfEndCall, normal))
            }
        };
        self.tell(story, desk.now);
        let mut commands = self.end_walk(end, desk.now);
        commands.extend(self.finish(ending, normal, normal, desk.now));
        commands
    }

    /// L98: also out of the queue; the message is theirs to whom the call is assigned.
    fn walk_to_voicemail(&mut self, voicemail: &Voicemail, desk: &mut Desk<'_>) -> Vec<Command> {
        self.tell(WorkflowStory::Voicemail, desk.now);
        let was_waiting = matches!(self.phase, Phase::Queued { .. });
        let mut commands = if was_waiting {
            self.leave_queue(WalkEnd::Voicemail, desk.now)
        } else {
            self.end_walk(WalkEnd::Voicemail, desk.now)
        };
        self.follow_assignment();
        commands.extend(self.leave_word(voicemail, desk));
        commands
    }

    /// P24: what cannot go on is no reason to keep a customer from the agents.
    fn fall_open(
        &mut self,
        missing: String,
        inbound: &Arc<Inbound>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        warn!(call = %self.record().id, missing, "a workflow cannot go on; the call goes to the agents");
        self.tell(WorkflowStory::Failed { missing }, desk.now);
        self.assigned = Assigned::default();
        let mut commands = self.end_walk(WalkEnd::Failed, desk.now);
        commands.extend(self.greet(inbound, desk));
        commands
    }

    /// The walk is over; what it counted is handed on.
    pub(crate) fn end_walk(&mut self, end: WalkEnd, now: Moment) -> Vec<Command> {
        let Some(walking) = self.walking() else { return Vec::new() };
        let record = walking.walk.record(end);
        if let Phase::Queued { walking, .. } = &mut self.phase {
            *walking = None;
        } else {
            self.enter(Phase::Starting, now);
        }
        vec![Command::Keep(KeepCommand::WalkEnded(Box::new(record)))]
    }

    /// Out of the workflow, to whom it has given the call.
    pub(crate) fn go_to_agents(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Purpose::Inbound(inbound) = self.purpose.clone() else { return Vec::new() };
        let facts = self.facts(&inbound, desk);
        let mut commands = self.customer_called(&facts, desk);
        let inbound = self.follow_assignment();
        commands
            .extend(inbound.map(|inbound| self.reach_agents(&inbound, desk)).unwrap_or_default());
        commands
    }

    /// Why a caller's leaving ended the call inside a workflow.
    pub(crate) fn left_in_workflow(&self) -> MissedReason {
        if self.has_pressed() {
            MissedReason::UserLeftInIvr
        } else {
            MissedReason::UserLeftInIvrWithoutInput
        }
    }
}
