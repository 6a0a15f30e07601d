//! A customer's call inside a workflow.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use crate::engine::agent::assigned::Assigned;
use crate::engine::call::background::is_direct;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::expected_wait::expected_waits;
use crate::engine::call::phase::{Inbound, Phase, Purpose, Walking};
use crate::engine::call::posting::Teller;
use crate::engine::command::{Command, SoundCommand};
use crate::engine::opening::{hours_of, opening};
use crate::engine::voices::{language_of, spoken_by};
use crate::engine::workflow::command::{WalkCommand, WalkInput};
use crate::engine::workflow::facts::Facts;
use crate::engine::workflow::phrases::Known;
use crate::engine::workflow::walk::Walk;
use crate::history::trail::trail::Decision;
use crate::history::trail::workflow::WorkflowStory;
use crate::history::walk_record::WalkEnd;
use crate::leg::PlayId;
use crate::office::customer::Customer;
use crate::office::hours::hours::HoursName;
use crate::office::language::Language;
use crate::office::number::Number;
use crate::office::phone_number::PhoneNumber;
use crate::office::route::Route;
use crate::office::web_address::WebAddress;
use crate::office::workflow::chore::Chore;
use crate::office::workflow::name::WorkflowName;
use crate::office::workflow::speech::Speech;
use crate::office::workflow::workflow::{Kind, Trigger, Workflow};
use crate::time::Moment;

impl Call {
    /// The first who meets a customer: a workflow (S89, S94), or nobody before the agents (S82).
    pub(crate) fn meet(&mut self, inbound: &Arc<Inbound>, desk: &mut Desk<'_>) -> Vec<Command> {
        let facts = self.facts(inbound, desk);
        let found = match &inbound.number.route {
            Route::Agent(_) | Route::Team(_) => None,
            Route::Workflow(name) => {
                let found = desk.office.workflow(name).filter(|workflow| facts.fit(workflow));
                if found.is_none() {
                    self.tell(WorkflowStory::DoesNotFit(name.clone()), desk.now);
                }
                found.map(|workflow| (workflow, WorkflowStory::Connected(name.clone())))
            }
            Route::Off => topmost(desk, &facts)
                .map(|workflow| (workflow, WorkflowStory::Topmost(workflow.name.clone()))),
        };
        let Some((workflow, story)) = found else {
            if is_direct(inbound, desk.office) {
                return self.greet(inbound, desk);
            }
            let mut commands = self.customer_called(&facts, desk);
            commands.extend(self.greet_anew(desk));
            return commands;
        };
        let workflow = Arc::clone(workflow);
        self.tell(story, desk.now);
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        let walk = Walk::start(&workflow, desk.office, &facts);
        let walking = Walking { walk, play: None, post: None, step: String::new() };
        self.enter(Phase::Walking(Box::new(walking)), desk.now);
        // L203: the one that speaks goes first, the others when it waits or has ended.
        commands.extend(self.walk_until_it_waits(desk));
        commands
    }

    fn walk_until_it_waits(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let mut commands = self.walk_on(desk);
        if let (Phase::Walking(_), Purpose::Inbound(inbound)) = (&self.phase, self.purpose.clone())
        {
            let facts = self.facts(&inbound, desk);
            commands.extend(self.customer_called(&facts, desk));
        }
        commands
    }

    /// To whom a workflow in the background may have given the call.
    fn greet_anew(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let inbound = if self.assigned == Assigned::default() {
            match &self.purpose {
                Purpose::Inbound(inbound) => Some(Arc::clone(inbound)),
                Purpose::Outgoing { .. } | Purpose::Refused(_) => None,
            }
        } else {
            self.follow_assignment()
        };
        inbound.map(|inbound| self.greet(&inbound, desk)).unwrap_or_default()
    }

    pub(crate) fn tell(&mut self, story: WorkflowStory, now: Moment) {
        self.draft.note(Decision::Workflow { story }, now);
    }

    pub(crate) fn walk_told(&mut self, input: WalkInput, desk: &mut Desk<'_>) -> Vec<Command> {
        let Purpose::Inbound(inbound) = self.purpose.clone() else { return Vec::new() };
        let facts = self.facts(&inbound, desk);
        let Some(walking) = self.walking() else { return Vec::new() };
        walking.walk.handle(input, &facts);
        self.walk_on(desk)
    }

    /// The workflow that speaks with the caller, before the agents or while they wait for one.
    pub(crate) fn walking(&mut self) -> Option<&mut Walking> {
        match &mut self.phase {
            Phase::Walking(walking) | Phase::Queued { walking: Some(walking), .. } => Some(walking),
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { walking: None, .. }
            | Phase::Summoning(_)
            | Phase::Ringing(_)
            | Phase::Talking { .. }
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => None,
        }
    }

    pub(crate) fn walk_due(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        self.walk_told(WalkInput::Due, desk)
    }

    pub(crate) fn walk_digit(&mut self, digit: char, desk: &mut Desk<'_>) -> Vec<Command> {
        self.walk_told(WalkInput::Digit(digit), desk)
    }

    pub(crate) fn walk_spoken(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        if let Some(walking) = self.walking() {
            walking.play = None;
        }
        self.walk_told(WalkInput::Spoken, desk)
    }

    /// Does what the walk wants until it waits for something or lets go of the call.
    pub(crate) fn walk_on(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let mut commands = Vec::new();
        while let Some(command) = self.walking().and_then(|walking| walking.walk.poll_command()) {
            commands.extend(self.walk_does(command, desk));
        }
        commands
    }

    fn walk_does(&mut self, command: WalkCommand, desk: &mut Desk<'_>) -> Vec<Command> {
        let Purpose::Inbound(inbound) = self.purpose.clone() else { return Vec::new() };
        match command {
            WalkCommand::Enter { step } => {
                if let Some(walking) = self.walking() {
                    walking.step.clone_from(&step);
                }
                self.tell(WorkflowStory::Step(step), desk.now);
                Vec::new()
            }
            WalkCommand::Pressed(key) => {
                let Some(walking) = self.walking() else { return Vec::new() };
                let step = walking.step.clone();
                self.tell(WorkflowStory::Pressed { key, step }, desk.now);
                Vec::new()
            }
            WalkCommand::Say(words) => self.walk_says(&words, &inbound, desk),
            WalkCommand::Hush => {
                if let Some(walking) = self.walking() {
                    walking.play = None;
                }
                self.line
                    .leg()
                    .map(|leg| Command::Sound(SoundCommand::Part { leg }))
                    .into_iter()
                    .collect()
            }
            WalkCommand::Do(chore) => {
                let Some(walking) = self.walking() else { return Vec::new() };
                let workflow = walking.walk.name().clone();
                self.chore(chore, &workflow, desk.now);
                Vec::new()
            }
            WalkCommand::Keep { field, digits } => {
                self.fields.insert(field.clone(), digits.clone());
                self.tell(WorkflowStory::Kept { field, digits }, desk.now);
                Vec::new()
            }
            WalkCommand::Connect => self.walk_connects(&inbound, desk),
            WalkCommand::CallBack { typed, callback } => {
                self.walk_calls_back(typed.as_deref(), &callback, &inbound, desk)
            }
            WalkCommand::Post { step, url, waits } => self.walk_posts((&step, &url), waits, desk),
            WalkCommand::Leave(leaving) => self.walk_leaves(leaving, &inbound, desk),
        }
    }

    fn walk_posts(
        &mut self,
        (step, url): (&str, &WebAddress),
        waits: bool,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Some(workflow) = self.walking().map(|walking| Arc::clone(walking.walk.workflow()))
        else {
            return Vec::new();
        };
        let (id, command) = self.post(Teller { workflow: &workflow, step, url, waits }, desk);
        if let Some(walking) = self.walking() {
            walking.post = waits.then_some(id);
        }
        vec![command]
    }

    fn walk_says(
        &mut self,
        words: &Speech,
        inbound: &Inbound,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Some(leg) = self.line.leg() else { return Vec::new() };
        let place = self.standing();
        let fields = self.walking().map(|walking| walking.walk.fields().clone());
        let fields = fields.unwrap_or_default();
        let known = Known { now: desk.now, place: place.as_ref(), fields: &fields };
        let Some(sound) = spoken_by(words, inbound.language, known) else {
            // Nothing to say is soon said.
            let facts = self.facts(inbound, desk);
            if let Some(walking) = self.walking() {
                walking.walk.handle(WalkInput::Spoken, &facts);
            }
            return Vec::new();
        };
        let play = desk.ids.play();
        if let Some(walking) = self.walking() {
            walking.play = Some(play);
        }
        vec![Command::Sound(SoundCommand::Play { leg, play, sound, repeat: false })]
    }

    /// What needs no caller. The conversation learns of it when the call next tells it where it
    /// stands; to whom a customer's call is given, when it comes to them.
    pub(crate) fn chore(&mut self, chore: Chore, workflow: &WorkflowName, now: Moment) {
        let is_inbound = matches!(self.purpose, Purpose::Inbound(_));
        match &chore {
            Chore::Assign(target) => self.assigned.assign(target),
            Chore::Clear(cleared) => self.assigned.clear(*cleared),
            Chore::Language(language) => self.speak(*language),
            Chore::Urgency(urgency) => self.search.priority = Some(urgency.priority()),
            Chore::Tag(_)
            | Chore::Untag(_)
            | Chore::TagCustomer(_)
            | Chore::Follow(_)
            | Chore::Note(_)
            | Chore::Describe(_)
            | Chore::Conversation(_) => {}
        }
        match &chore {
            Chore::Assign(_) | Chore::Clear(_) if is_inbound => {
                self.search.assigned_by = Some(workflow.clone());
            }
            Chore::Assign(_)
            | Chore::Clear(_)
            | Chore::Language(_)
            | Chore::Urgency(_)
            | Chore::Tag(_)
            | Chore::Untag(_)
            | Chore::TagCustomer(_)
            | Chore::Follow(_)
            | Chore::Note(_)
            | Chore::Describe(_)
            | Chore::Conversation(_) => self.errands.push((workflow.clone(), chore.clone())),
        }
        self.tell(WorkflowStory::Did(chore), now);
    }

    fn speak(&mut self, language: Language) {
        if let Purpose::Inbound(inbound) = &self.purpose {
            let (number, before_answer) = (inbound.number.clone(), inbound.before_answer);
            self.purpose = Purpose::Inbound(Arc::new(Inbound { number, language, before_answer }));
        }
    }

    /// L106–L108: looks before it rings.
    fn walk_connects(&mut self, inbound: &Arc<Inbound>, desk: &mut Desk<'_>) -> Vec<Command> {
        self.tell(WorkflowStory::TriesToConnect, desk.now);
        let route = self.assigned.route();
        let number = Number { route: route.clone(), ..inbound.number.clone() };
        let connects = self.can_connect(&route, desk);
        if lets_through(&number, desk) && connects.is_ok() {
            let mut commands = self.end_walk(WalkEnd::Connected, desk.now);
            commands.extend(self.go_to_agents(desk));
            return commands;
        }
        self.draft.notes(connects.err().unwrap_or_default(), desk.now);
        self.tell(WorkflowStory::Unavailable, desk.now);
        let facts = self.facts(inbound, desk);
        if let Some(walking) = self.walking() {
            walking.walk.handle(WalkInput::Unavailable, &facts);
        }
        Vec::new()
    }

    pub(crate) fn facts(&self, inbound: &Inbound, desk: &Desk<'_>) -> Facts {
        self.facts_of(Some(inbound), desk)
    }

    /// `inbound` is missing of a call that an agent makes.
    pub(crate) fn facts_of(&self, inbound: Option<&Inbound>, desk: &Desk<'_>) -> Facts {
        let record = self.record();
        let customer = match inbound {
            Some(_) => &record.from,
            None => &record.to,
        };
        let customer = PhoneNumber::parse(customer).ok();
        let profile = customer.as_ref().and_then(|number| desk.office.customer(number));
        let language = match inbound {
            Some(inbound) => inbound.language,
            None => language_of(customer.as_ref(), profile, &desk.office.dial_out.home).0,
        };
        let of_call = desk.conversations.of_call(record.id).into_iter();
        let tags = of_call.flat_map(|one| &one.tags).map(ToString::to_string).collect();
        let mut facts = Facts {
            now: desk.now,
            number: record.number.clone(),
            customer,
            language,
            known: profile.is_some(),
            customer_tags: profile.map(tags_of).unwrap_or_default(),
            tags,
            open: open_hours(desk),
            queues: desk.queues.lengths(),
            waits: expected_waits(desk, self.standing().as_ref()),
            fields: self.fields.clone(),
        };
        // What workflows have done in this very call, and the conversation does not know yet.
        self.errands.iter().for_each(|(_, chore)| facts.after(chore));
        facts
    }
}

pub(crate) fn open_hours(desk: &Desk<'_>) -> BTreeSet<HoursName> {
    let all = desk.office.hours.values();
    let open = all.filter(|hours| opening(hours, desk.switches, desk.now.wall).is_open);
    open.map(|hours| hours.name.clone()).collect()
}

/// Whether the hours that decide for the number let calls through.
pub(crate) fn lets_through(number: &Number, desk: &Desk<'_>) -> bool {
    hours_of(number, desk.office)
        .is_none_or(|(hours, _)| opening(hours, desk.switches, desk.now.wall).is_open)
}

/// L84: the first in the list that speaks with customers and fits.
fn topmost<'a>(desk: &Desk<'a>, facts: &Facts) -> Option<&'a Arc<Workflow>> {
    let workflows = desk.office.workflows.iter();
    workflows
        .filter(|workflow| workflow.kind() == Kind::OnlyOne)
        .find(|workflow| workflow.trigger == Trigger::CustomerCalled && facts.fit(workflow))
}

impl Walking {
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.walk.poll_timeout()
    }

    pub(crate) fn plays(&self, play: PlayId) -> bool {
        self.play == Some(play)
    }
}

pub(crate) fn tags_of(customer: &Customer) -> BTreeSet<String> {
    customer.tags.iter().map(ToString::to_string).collect()
}
