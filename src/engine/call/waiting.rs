//! A caller who waits in the queue, and the workflows that come round to them (L74).

use std::sync::Arc;
use std::time::Instant;

use crate::engine::agent::assigned::Assigned;
use crate::engine::call::background::is_direct;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::{Inbound, Phase, Purpose, Walking};
use crate::engine::call::walking::lets_through;
use crate::engine::command::{Command, SoundCommand};
use crate::engine::queue::turns::Turn;
use crate::engine::workflow::command::Leaving;
use crate::engine::workflow::walk::Walk;
use crate::history::trail::trail::Decision;
use crate::history::trail::workflow::WorkflowStory;
use crate::history::walk_record::WalkEnd;
use crate::office::announcement::Sound;
use crate::office::number::Number;
use crate::office::workflow::workflow::{Kind, Workflow};
use crate::time::Moment;

impl Call {
    /// What will come round. S82: nothing to the callers of a number that leads straight to agents.
    pub(crate) fn plan_turns(&mut self, inbound: &Inbound, desk: &Desk<'_>) {
        let now = desk.now.ticks;
        match &mut self.search.turns {
            Some(turns) => turns.iter_mut().for_each(|turn| turn.begins_anew(now)),
            None if is_direct(inbound, desk.office) => self.search.turns = Some(Vec::new()),
            None => {
                let all = desk.office.workflows.iter();
                let turns = all.filter_map(|workflow| Turn::of(workflow, now)).collect();
                self.search.turns = Some(turns);
            }
        }
    }

    /// The next thing that happens to a caller who waits.
    pub(crate) fn queue_due(&self) -> Option<Instant> {
        let Phase::Queued { until, look, walking, .. } = &self.phase else { return None };
        let next = match walking {
            Some(walking) => walking.poll_timeout(),
            None => self.search.turns.iter().flatten().filter_map(Turn::due).min(),
        };
        [Some(*until), *look, next].into_iter().flatten().min()
    }

    /// Does what is due in the queue.
    pub(crate) fn queue_told(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Phase::Queued { until, look, walking, .. } = &self.phase else { return Vec::new() };
        let now = desk.now.ticks;
        if *until <= now {
            return self.queue_time_over(desk);
        }
        let is_due = |at: &Instant| *at <= now;
        let looks = look.as_ref().is_some_and(is_due);
        let speaks = walking.as_ref().and_then(|walking| walking.poll_timeout());
        let speaks = speaks.as_ref().is_some_and(is_due);
        let mut commands = if looks { self.look_at_hours(desk) } else { Vec::new() };
        if speaks {
            commands.extend(self.walk_due(desk));
        }
        commands.extend(self.take_turns(desk));
        commands
    }

    /// L203: of those that speak the topmost, and all that work in the background. The others have
    /// missed their turn.
    fn take_turns(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let (Phase::Queued { walking: None, .. }, Purpose::Inbound(inbound)) =
            (&self.phase, self.purpose.clone())
        else {
            return Vec::new();
        };
        let facts = self.facts(&inbound, desk);
        let now = desk.now.ticks;
        let (mut speaker, mut workers): (_, Vec<Arc<Workflow>>) = (None, Vec::new());
        for turn in self.search.turns.iter_mut().flatten().filter(|turn| turn.is_due(now)) {
            let fits = facts.fit(&turn.workflow);
            match turn.workflow.kind() {
                Kind::OnlyOne if fits && speaker.is_none() => {
                    speaker = Some(Arc::clone(&turn.workflow));
                    turn.speaks();
                    continue;
                }
                Kind::Always if fits => workers.push(Arc::clone(&turn.workflow)),
                Kind::OnlyOne | Kind::Always => {}
            }
            turn.passes(now);
        }
        let mut commands = Vec::new();
        if let Some(workflow) = speaker {
            self.tell(WorkflowStory::WhileWaiting(workflow.name.clone()), desk.now);
            let walk = Walk::start(&workflow, desk.office, &facts);
            if let Phase::Queued { walking, .. } = &mut self.phase {
                let step = String::new();
                *walking = Some(Box::new(Walking { walk, play: None, post: None, step }));
            }
            commands.extend(self.walk_on(desk));
        }
        for workflow in workers {
            commands.extend(self.run_one(&workflow, &facts, desk));
        }
        commands.extend(self.follow_in_queue(desk));
        commands
    }

    /// The workflow is over, and the caller waits on. One who presses nothing keeps their place.
    pub(crate) fn waits_on(&mut self, leaving: Leaving, desk: &mut Desk<'_>) -> Vec<Command> {
        let end = match leaving {
            Leaving::End | Leaving::Said | Leaving::HangUp(_) | Leaving::Voicemail(_) => {
                WalkEnd::Finished
            }
            Leaving::NoInput => WalkEnd::NoInput,
            Leaving::Lost(missing) => {
                self.tell(WorkflowStory::Failed { missing }, desk.now);
                WalkEnd::Failed
            }
        };
        self.tell(WorkflowStory::WaitsOn, desk.now);
        let mut commands = self.end_walk(end, desk.now);
        for turn in self.search.turns.iter_mut().flatten() {
            turn.goes_on(desk.now.ticks);
        }
        commands.extend(self.follow_in_queue(desk));
        if let Phase::Queued { .. } = self.phase {
            commands.extend(self.play_waiting(desk));
            commands.extend(self.take_turns(desk));
        }
        commands
    }

    /// What is heard between the words.
    pub(crate) fn play_waiting(&self, desk: &mut Desk<'_>) -> Option<Command> {
        let (leg, sound) = (self.line.leg()?, Sound::LoopingRingback);
        Some(Command::Sound(SoundCommand::Play { leg, play: desk.ids.play(), sound, repeat: true }))
    }

    /// L95: a workflow has given the call to somebody else. Who cannot take it is not tried, and
    /// the caller keeps their place.
    fn follow_in_queue(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let (Phase::Queued { walking: None, .. }, Purpose::Inbound(inbound)) =
            (&self.phase, self.purpose.clone())
        else {
            return Vec::new();
        };
        let route = self.assigned.route();
        if route == self.search.route {
            return Vec::new();
        }
        let number = Number { route, ..inbound.number.clone() };
        let connects = self.can_connect(&number.route, desk);
        if connects.is_ok() && lets_through(&number, desk) {
            let mut commands = self.leave_queue(WalkEnd::Connected, desk.now);
            self.search.handed_on = true;
            if let Some(inbound) = self.follow_assignment() {
                commands.extend(self.ring_route(&inbound, desk));
            }
            return commands;
        }
        self.draft.notes(connects.err().unwrap_or_default(), desk.now);
        self.tell(WorkflowStory::Unavailable, desk.now);
        self.assigned = Assigned::of(&self.search.route);
        Vec::new()
    }

    pub(crate) fn leave_queue(&mut self, end: WalkEnd, now: Moment) -> Vec<Command> {
        let seconds = self.stage_seconds(now);
        self.draft.note(Decision::LeftQueue { seconds }, now);
        self.end_walk(end, now)
    }
}
