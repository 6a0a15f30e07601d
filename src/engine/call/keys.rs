//! Keys that are pressed in a call: a customer's, which it keeps, and an agent's while they talk,
//! which are codes of the office's or meant for the other side.

use std::time::Instant;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::{Phase, Purpose};
use crate::engine::call::typed::{Meaning, Typed, meaning};
use crate::engine::command::{Command, SoundCommand};
use crate::history::trail::trail::Decision;
use crate::history::trail::workflow::WorkflowStory;
use crate::leg::{LegId, RecordingWish};
use crate::time::Moment;

/// Keys that a call keeps to be looked at; the oldest give way.
const MOST_KEYS: usize = 64;
/// A display has room for a name and little more.
const MOST_SHOWN_KEYS: usize = 6;

impl Call {
    /// Only a customer's keys are kept, and only until somebody talks with them: what is typed
    /// later is meant for the other's ears alone.
    pub(crate) fn digit_pressed(
        &mut self,
        leg: LegId,
        digit: char,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if self.line.leg() == Some(leg) && matches!(self.purpose, Purpose::Inbound(_)) {
            self.keep_key(digit);
        }
        match &self.phase {
            Phase::Walking(_) | Phase::Queued { walking: Some(_), .. }
                if self.line.leg() == Some(leg) =>
            {
                self.walk_digit(digit, desk)
            }
            Phase::Message(_) if self.line.leg() == Some(leg) => self.message_digit(digit, desk),
            Phase::Listening(_) if self.line.leg() == Some(leg) => {
                self.listening_digit(digit, desk)
            }
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Summoning(_)
            | Phase::Ringing(_)
            | Phase::Talking { .. }
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => self.talk_key(leg, digit, desk),
        }
    }

    fn keep_key(&mut self, digit: char) {
        match &self.phase {
            Phase::Talking { .. } | Phase::Over => return,
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Summoning(_)
            | Phase::Ringing(_)
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. } => {}
        }
        if self.keys.len() >= MOST_KEYS {
            self.keys.remove(0);
        }
        self.keys.push(digit);
    }

    /// S70: on the ringing phone's display, too, what the customer has chosen in menus; a name is
    /// what phones of every make show. What was typed into forms is for the console alone.
    pub(crate) fn shown_name(&self) -> String {
        let record = self.record();
        let pressed = record.trail.iter().filter_map(|entry| {
            if let Decision::Workflow { story: WorkflowStory::Pressed { key, .. } } =
                &entry.decision
            {
                Some(*key)
            } else {
                None
            }
        });
        let keys: Vec<String> = pressed.map(String::from).collect();
        let last = keys.get(keys.len().saturating_sub(MOST_SHOWN_KEYS)..).unwrap_or_default();
        if last.is_empty() {
            return record.from_name.clone();
        }
        let name = if record.from_name.is_empty() { &record.from } else { &record.from_name };
        format!("{name} [{}]", last.join(" "))
    }

    pub(crate) fn has_pressed(&self) -> bool {
        !self.keys.is_empty()
    }

    pub(crate) fn talk_key(
        &mut self,
        leg: LegId,
        digit: char,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if self.draft.agent(leg).is_none() || !self.talkers().contains(&leg) {
            return Vec::new();
        }
        let mut commands = self.keys_due(desk.now);
        let mut keys = self.typing.remove(&leg).map(|typed| typed.keys).unwrap_or_default();
        if keys.is_empty() && digit != '*' {
            return commands;
        }
        keys.push(digit);
        match meaning(&keys) {
            Meaning::Open(wait) => {
                self.typing.insert(leg, Typed { keys, until: desk.now.ticks + wait });
            }
            Meaning::Record => {
                commands.push(Command::Sound(SoundCommand::PassKeys { leg, forget: true }));
                commands.extend(self.recording_wished(RecordingWish::Next, desk));
            }
            Meaning::Invite(extension) => {
                commands.push(Command::Sound(SoundCommand::PassKeys { leg, forget: true }));
                let by = self.person_on(leg, desk.office);
                let rings = self.invite(&extension, by, desk);
                let beep = if rings.is_empty() { self.beep(leg, desk) } else { None };
                commands.extend(rings.into_iter().chain(beep));
            }
            Meaning::Other => {
                commands.push(Command::Sound(SoundCommand::PassKeys { leg, forget: false }));
            }
        }
        commands
    }

    pub(crate) fn keys_timeout(&self) -> Option<Instant> {
        self.typing.values().map(|typed| typed.until).min()
    }

    /// Nothing more was pressed: what was begun is not for us.
    pub(crate) fn keys_due(&mut self, now: Moment) -> Vec<Command> {
        let is_over = |typed: &Typed| typed.until <= now.ticks;
        let over: Vec<LegId> =
            self.typing.iter().filter(|(_, typed)| is_over(typed)).map(|(leg, _)| *leg).collect();
        self.typing.retain(|_, typed| !is_over(typed));
        over.into_iter()
            .map(|leg| Command::Sound(SoundCommand::PassKeys { leg, forget: false }))
            .collect()
    }
}
