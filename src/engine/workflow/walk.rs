//! One caller's way through one workflow, told step by step what happened and what to do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::workflow::command::{Leaving, WalkCommand, WalkInput};
use crate::engine::workflow::facts::Facts;
use crate::engine::workflow::path::{Arrived, Path};
use crate::history::walk_record::{WalkEnd, WalkRecord};
use crate::office::snapshot::Office;
use crate::office::workflow::action::{Action, Digits, Menu, Star};
use crate::office::workflow::chore::Chore;
use crate::office::workflow::name::{Next, StepName, WorkflowName};
use crate::office::workflow::speech::Speech;
use crate::office::workflow::webhook::Webhook;
use crate::office::workflow::workflow::{Step, Trigger, Workflow};

/// Longer than any message. Media says when a clip is over; this only guards against a caller who
/// would wait for ever because that word was lost.
const LONGEST_CLIP: Duration = Duration::from_secs(120);

#[derive(Clone, Debug)]
enum State {
    /// Between two steps.
    Moving,
    Saying {
        next: Option<Next>,
        until: Instant,
    },
    Asking {
        menu: Box<Menu>,
        tries: u8,
        ear: Ear,
    },
    Typing {
        form: Box<Digits>,
        next: Option<Next>,
        typed: String,
        tries: u8,
        ear: Ear,
    },
    Connecting {
        unavailable: Next,
    },
    /// For the answer of another system.
    Posting {
        next: Option<Next>,
        failed: Next,
        until: Instant,
    },
    Over,
}

/// What a caller who is asked hears just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ear {
    Question {
        until: Instant,
    },
    /// That the key leads nowhere; the question follows.
    Mistake {
        until: Instant,
    },
    Silence {
        until: Instant,
    },
}

impl Ear {
    fn until(self) -> Instant {
        match self {
            Self::Question { until } | Self::Mistake { until } | Self::Silence { until } => until,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Walk {
    path: Path,
    state: State,
    fields: BTreeMap<String, String>,
    /// What it has done so far that later steps may ask about.
    own: Vec<Chore>,
    commands: VecDeque<WalkCommand>,
}

impl Walk {
    /// Begins at once; ask for commands.
    #[must_use]
    pub fn start(workflow: &Arc<Workflow>, office: &Office, facts: &Facts) -> Self {
        let mut walk = Self {
            path: Path::new(workflow, office, facts.now),
            state: State::Moving,
            fields: facts.fields.clone(),
            own: Vec::new(),
            commands: VecDeque::new(),
        };
        let first = walk.path.start();
        walk.arrived(first, facts);
        walk
    }

    #[must_use]
    pub fn name(&self) -> &WorkflowName {
        &self.path.workflow().name
    }

    pub(crate) fn workflow(&self) -> &Arc<Workflow> {
        self.path.workflow()
    }

    /// What the caller has typed into forms.
    pub(crate) fn fields(&self) -> &BTreeMap<String, String> {
        &self.fields
    }

    pub fn poll_command(&mut self) -> Option<WalkCommand> {
        self.commands.pop_front()
    }

    /// When `Due` wants to be told.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        match &self.state {
            State::Saying { until, .. } | State::Posting { until, .. } => Some(*until),
            State::Asking { ear, .. } | State::Typing { ear, .. } => Some(ear.until()),
            State::Moving | State::Connecting { .. } | State::Over => None,
        }
    }

    /// What is counted of it, once it is over.
    pub fn record(&mut self, end: WalkEnd) -> WalkRecord {
        self.state = State::Over;
        self.path.record(end)
    }

    pub fn handle(&mut self, input: WalkInput, facts: &Facts) {
        match (input, std::mem::replace(&mut self.state, State::Moving)) {
            (WalkInput::Spoken, State::Saying { next, .. }) => self.said(next, facts),
            (WalkInput::Due, State::Saying { next, until }) if until <= facts.now.ticks => {
                self.said(next, facts);
            }
            (WalkInput::Unavailable, State::Connecting { unavailable }) => {
                self.go(&unavailable, facts);
            }
            (WalkInput::Digit(key), State::Asking { menu, tries, ear }) => {
                self.key(key, menu, (tries, ear), facts);
            }
            (WalkInput::Spoken, State::Asking { menu, tries, ear }) => {
                self.asked(menu, tries, ear, facts);
            }
            (WalkInput::Due, State::Asking { menu, tries, ear })
                if ear.until() <= facts.now.ticks =>
            {
                self.asked(menu, tries, ear, facts);
            }
            (WalkInput::Digit(key), State::Typing { form, next, typed, tries, ear }) => {
                self.typed(key, (form, next, typed), (tries, ear), facts);
            }
            (WalkInput::Spoken, State::Typing { form, next, typed, tries, ear }) => {
                self.waited((form, next, typed), tries, ear, facts);
            }
            (WalkInput::Due, State::Typing { form, next, typed, tries, ear })
                if ear.until() <= facts.now.ticks =>
            {
                self.waited((form, next, typed), tries, ear, facts);
            }
            (WalkInput::Answered { well: true }, State::Posting { next, .. }) => {
                let further = self.onward(next.as_ref());
                self.arrived(further, facts);
            }
            (WalkInput::Answered { well: false }, State::Posting { failed, .. }) => {
                self.go(&failed, facts);
            }
            (WalkInput::Due, State::Posting { failed, until, .. }) if until <= facts.now.ticks => {
                self.go(&failed, facts);
            }
            // Inputs race: what does not fit is late.
            (
                WalkInput::Spoken
                | WalkInput::Digit(_)
                | WalkInput::Unavailable
                | WalkInput::Answered { .. }
                | WalkInput::Due,
                state,
            ) => self.state = state,
        }
    }

    fn go(&mut self, next: &Next, facts: &Facts) {
        let arrived = self.path.go(next);
        self.arrived(arrived, facts);
    }

    /// Takes steps until one of them waits for something; `workflow_check` has seen that one does.
    fn arrived(&mut self, arrived: Arrived, facts: &Facts) {
        let mut arrived = arrived;
        loop {
            let step = match arrived {
                Arrived::At(step) => *step,
                Arrived::Out => return self.leave(Leaving::End),
                Arrived::TooFar => return self.leave(Leaving::NoInput),
                Arrived::Lost(name) => return self.leave(Leaving::Lost(name)),
            };
            self.commands.push_back(WalkCommand::Enter { step: step.name.to_string() });
            match self.take(step, facts) {
                Some(further) => arrived = further,
                None => return,
            }
        }
    }

    /// One step: where it leads at once, or nothing when it waits or ends.
    fn take(&mut self, step: Step, facts: &Facts) -> Option<Arrived> {
        match step.action {
            Action::Say(words) => {
                self.say(words);
                self.state = State::Saying { next: step.next, until: clip_end(facts) };
                None
            }
            Action::Menu(menu) => {
                self.ask(Box::new(menu), 1, facts);
                None
            }
            Action::Digits(form) => {
                self.ask_digits(Box::new(form), step.next, 1, facts);
                None
            }
            Action::Branch { arms, otherwise } => {
                let facts = self.seen(facts);
                let arm = arms.iter().find(|arm| facts.hold(&arm.when, &self.fields));
                Some(self.path.go(arm.map_or(&otherwise, |arm| &arm.to)))
            }
            Action::Quick(quick) => {
                let facts = self.seen(facts);
                for one in quick {
                    if facts.hold(&one.when, &self.fields) {
                        self.does(one.chore);
                    }
                }
                Some(self.onward(step.next.as_ref()))
            }
            Action::Do(chore) => {
                self.does(chore);
                Some(self.onward(step.next.as_ref()))
            }
            Action::Connect { unavailable } => {
                if !self.path.tries() {
                    return Some(self.path.go(&unavailable));
                }
                self.commands.push_back(WalkCommand::Connect);
                self.state = State::Connecting { unavailable };
                None
            }
            Action::Callback(callback) => {
                let unavailable = callback.unavailable.clone();
                let field = callback.number_of.as_ref();
                let typed = field.map(|name| self.fields.get(name).cloned().unwrap_or_default());
                let callback = Box::new(callback);
                self.commands.push_back(WalkCommand::CallBack { typed, callback });
                self.state = State::Connecting { unavailable };
                None
            }
            Action::Webhook(webhook) => self.post((step.name, webhook), step.next, facts),
            Action::Voicemail(voicemail) => {
                self.leave(Leaving::Voicemail(Box::new(voicemail)));
                None
            }
            Action::HangUp(leave) => {
                self.leave(Leaving::HangUp(leave));
                None
            }
            Action::Module(name) => {
                Some(self.path.enter(&name, step.next.as_ref().unwrap_or(&Next::End)))
            }
        }
    }

    /// Without `wait` nobody waits for the answer.
    fn post(
        &mut self,
        (name, webhook): (StepName, Webhook),
        next: Option<Next>,
        facts: &Facts,
    ) -> Option<Arrived> {
        let Webhook { url, wait } = webhook;
        let (step, waits) = (name.0, wait.is_some());
        self.commands.push_back(WalkCommand::Post { step, url, waits });
        let Some(wait) = wait else { return Some(self.onward(next.as_ref())) };
        let until = facts.now.ticks + wait.limit;
        self.state = State::Posting { next, failed: wait.failed, until };
        None
    }

    fn does(&mut self, chore: Chore) {
        self.own.push(chore.clone());
        self.commands.push_back(WalkCommand::Do(chore));
    }

    /// The facts, with what this very way has done to them since they were collected.
    fn seen(&self, facts: &Facts) -> Facts {
        let mut facts = facts.clone();
        self.own.iter().for_each(|chore| facts.after(chore));
        facts
    }

    fn onward(&mut self, next: Option<&Next>) -> Arrived {
        self.path.go(next.unwrap_or(&Next::End))
    }

    fn leave(&mut self, leaving: Leaving) {
        self.state = State::Over;
        self.commands.push_back(WalkCommand::Leave(leaving));
    }

    fn say(&mut self, words: Speech) {
        self.commands.push_back(WalkCommand::Say(words));
    }

    fn said(&mut self, next: Option<Next>, facts: &Facts) {
        match next {
            Some(next) => self.go(&next, facts),
            None if self.path.workflow().trigger == Trigger::CustomerCalled => {
                self.leave(Leaving::Said);
            }
            None => self.leave(Leaving::End),
        }
    }

    fn ask(&mut self, menu: Box<Menu>, tries: u8, facts: &Facts) {
        if !self.path.may_go_on() {
            return self.leave(Leaving::NoInput);
        }
        self.say(menu.say.clone());
        self.state = State::Asking { menu, tries, ear: Ear::Question { until: clip_end(facts) } };
    }

    /// What was said is over, or no key came for as long as one is waited for.
    fn asked(&mut self, menu: Box<Menu>, tries: u8, ear: Ear, facts: &Facts) {
        match ear {
            Ear::Question { .. } => {
                let ear = Ear::Silence { until: facts.now.ticks + menu.wait };
                self.state = State::Asking { menu, tries, ear };
            }
            Ear::Mistake { .. } => self.ask(menu, tries, facts),
            Ear::Silence { .. } if tries < menu.tries => self.ask(menu, tries + 1, facts),
            Ear::Silence { .. } => self.silent(menu.silent.as_ref(), facts),
        }
    }

    /// L83: hangs up unless the step says what else.
    fn silent(&mut self, next: Option<&Next>, facts: &Facts) {
        match next {
            Some(next) => self.go(next, facts),
            None => self.leave(Leaving::NoInput),
        }
    }

    fn hush(&mut self, ear: Ear) {
        match ear {
            Ear::Question { .. } | Ear::Mistake { .. } => {
                self.commands.push_back(WalkCommand::Hush);
            }
            Ear::Silence { .. } => {}
        }
    }

    fn key(&mut self, key: char, menu: Box<Menu>, (tries, ear): (u8, Ear), facts: &Facts) {
        let early = matches!(ear, Ear::Question { .. }) && !menu.barge_in;
        let dead = key == '*' && menu.star == Star::Inactive;
        if early || dead {
            self.state = State::Asking { menu, tries, ear };
            return;
        }
        self.path.pressed(key);
        self.commands.push_back(WalkCommand::Pressed(key));
        self.hush(ear);
        if let Some(next) = menu.keys.get(&key) {
            return self.go(&next.clone(), facts);
        }
        match (key, menu.star) {
            ('*', Star::Repeat) => self.ask(menu, tries, facts),
            ('*', Star::Start) => {
                let first = self.path.start();
                self.arrived(first, facts);
            }
            ('*', Star::Wait) => self.leave(Leaving::End),
            (_, Star::Repeat | Star::Start | Star::Wait | Star::Inactive) => {
                self.wrong_key(menu, tries, facts);
            }
        }
    }

    fn wrong_key(&mut self, menu: Box<Menu>, tries: u8, facts: &Facts) {
        if tries >= menu.tries {
            return self.silent(menu.silent.as_ref(), facts);
        }
        match menu.invalid.clone() {
            Some(words) => {
                self.say(words);
                let ear = Ear::Mistake { until: clip_end(facts) };
                self.state = State::Asking { menu, tries: tries + 1, ear };
            }
            None => self.ask(menu, tries + 1, facts),
        }
    }

    fn ask_digits(&mut self, form: Box<Digits>, next: Option<Next>, tries: u8, facts: &Facts) {
        if !self.path.may_go_on() {
            return self.leave(Leaving::NoInput);
        }
        self.say(form.say.clone());
        let ear = Ear::Question { until: clip_end(facts) };
        self.state = State::Typing { form, next, typed: String::new(), tries, ear };
    }

    /// What was said is over, or the caller has stopped typing: L99, it is said again.
    fn waited(
        &mut self,
        (form, next, typed): (Box<Digits>, Option<Next>, String),
        tries: u8,
        ear: Ear,
        facts: &Facts,
    ) {
        match ear {
            Ear::Question { .. } | Ear::Mistake { .. } => {
                let ear = Ear::Silence { until: facts.now.ticks + form.wait };
                self.state = State::Typing { form, next, typed, tries, ear };
            }
            Ear::Silence { .. } if tries < form.tries => {
                self.ask_digits(form, next, tries + 1, facts);
            }
            Ear::Silence { .. } => self.silent(form.silent.as_ref(), facts),
        }
    }

    /// `#` hands in, `*` begins anew (L99).
    fn typed(
        &mut self,
        key: char,
        (form, next, mut typed): (Box<Digits>, Option<Next>, String),
        (tries, ear): (u8, Ear),
        facts: &Facts,
    ) {
        self.hush(ear);
        if !self.path.may_go_on() {
            return self.leave(Leaving::NoInput);
        }
        match key {
            '#' => return self.hand_in((form, next, typed), tries, facts),
            '*' => typed.clear(),
            _ if typed.len() < usize::from(form.most) => typed.push(key),
            _ => {}
        }
        let ear = Ear::Silence { until: facts.now.ticks + form.wait };
        self.state = State::Typing { form, next, typed, tries, ear };
    }

    fn hand_in(
        &mut self,
        (form, next, typed): (Box<Digits>, Option<Next>, String),
        tries: u8,
        facts: &Facts,
    ) {
        let enough = typed.len() >= usize::from(form.least);
        if !enough {
            // Nothing is kept of it; that it was handed in is part of the way.
            self.commands.push_back(WalkCommand::Pressed('#'));
        }
        if !enough && (form.required || !typed.is_empty()) {
            if tries < form.tries {
                return self.ask_digits(form, next, tries + 1, facts);
            }
            return self.silent(form.silent.as_ref(), facts);
        }
        if enough {
            self.fields.insert(form.field.clone(), typed.clone());
            let field = form.field.clone();
            self.commands.push_back(WalkCommand::Keep { field, digits: typed });
        }
        let further = self.onward(next.as_ref());
        self.arrived(further, facts);
    }
}

fn clip_end(facts: &Facts) -> Instant {
    facts.now.ticks + LONGEST_CLIP
}
