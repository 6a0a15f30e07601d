//! Workflows that work in the background of a call: all that fit, in the order of the list.

use std::sync::Arc;

use tracing::warn;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::{Background, Inbound, Purpose};
use crate::engine::call::posting::Teller;
use crate::engine::command::{Command, KeepCommand};
use crate::engine::workflow::command::{Leaving, WalkCommand};
use crate::engine::workflow::facts::Facts;
use crate::engine::workflow::walk::Walk;
use crate::history::trail::workflow::WorkflowStory;
use crate::history::walk_record::WalkEnd;
use crate::office::number::Number;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::workflow::workflow::{Kind, Trigger, Workflow};

impl Call {
    /// L203: the last assignment wins.
    pub(crate) fn run_background(
        &mut self,
        trigger: &Trigger,
        facts: &Facts,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let is_meant = |workflow: &&Arc<Workflow>| {
            workflow.trigger == *trigger && workflow.kind() == Kind::Always && facts.fit(workflow)
        };
        let meant: Vec<Arc<Workflow>> =
            desk.office.workflows.iter().filter(is_meant).map(Arc::clone).collect();
        meant.iter().flat_map(|workflow| self.run_one(workflow, facts, desk)).collect()
    }

    pub(crate) fn run_one(
        &mut self,
        workflow: &Arc<Workflow>,
        facts: &Facts,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        self.tell(WorkflowStory::Background(workflow.name.clone()), desk.now);
        let mut walk = Walk::start(workflow, desk.office, facts);
        let mut commands = Vec::new();
        while let Some(command) = walk.poll_command() {
            match command {
                WalkCommand::Do(chore) => self.chore(chore, &workflow.name, desk.now),
                WalkCommand::Post { step, url, waits } => {
                    let teller = Teller { workflow, step: &step, url: &url, waits };
                    commands.push(self.post(teller, desk).1);
                }
                WalkCommand::Leave(Leaving::Lost(missing)) => {
                    warn!(call = %self.record().id, missing, "a workflow cannot go on");
                    self.tell(WorkflowStory::Failed { missing }, desk.now);
                    commands.push(Command::Keep(KeepCommand::WalkEnded(Box::new(
                        walk.record(WalkEnd::Failed),
                    ))));
                    return commands;
                }
                WalkCommand::Leave(
                    Leaving::End
                    | Leaving::Said
                    | Leaving::HangUp(_)
                    | Leaving::Voicemail(_)
                    | Leaving::NoInput,
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
        commands
            .push(Command::Keep(KeepCommand::WalkEnded(Box::new(walk.record(WalkEnd::Finished)))));
        commands
    }

    /// L73: the call comes to the agents. S82: not that of a number that leads straight to them.
    pub(crate) fn reach_agents(
        &mut self,
        inbound: &Arc<Inbound>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if is_direct(inbound, desk.office) {
            return self.ring_route(inbound, desk);
        }
        let facts = self.facts(inbound, desk);
        let before = self.assigned.clone();
        let mut commands = self.run_background(&Trigger::CallEntered, &facts, desk);
        // A workflow may have chosen another language.
        let inbound = match &self.purpose {
            Purpose::Inbound(inbound) => Arc::clone(inbound),
            Purpose::Outgoing { .. } | Purpose::Refused(_) => return commands,
        };
        let moved = (self.assigned != before).then(|| self.follow_assignment()).flatten();
        commands.extend(self.ring_route(&moved.unwrap_or(inbound), desk));
        commands
    }

    /// L75: an agent calls out.
    pub(crate) fn agent_called(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let facts = self.facts_of(None, desk);
        self.run_background(&Trigger::AgentCalled, &facts, desk)
    }

    /// The number's route gives way to whom the call was assigned to.
    pub(crate) fn follow_assignment(&mut self) -> Option<Arc<Inbound>> {
        let Purpose::Inbound(inbound) = &self.purpose else { return None };
        let number = Number { route: self.assigned.route(), ..inbound.number.clone() };
        let inbound = Arc::new(Inbound {
            number,
            language: inbound.language,
            before_answer: inbound.before_answer,
        });
        self.purpose = Purpose::Inbound(Arc::clone(&inbound));
        Some(inbound)
    }

    /// Once a call.
    pub(crate) fn customer_called(&mut self, facts: &Facts, desk: &mut Desk<'_>) -> Vec<Command> {
        match std::mem::replace(&mut self.background, Background::Done) {
            Background::Due => self.run_background(&Trigger::CustomerCalled, facts, desk),
            Background::Done => Vec::new(),
        }
    }
}

/// Whether the number, as the admins have set it up, leads to an agent or team without a workflow.
pub(crate) fn is_direct(inbound: &Inbound, office: &Office) -> bool {
    let number = office.numbers.get(&inbound.number.number);
    number.is_some_and(|number| match number.route {
        Route::Agent(_) | Route::Team(_) => true,
        Route::Workflow(_) | Route::Off => false,
    })
}
