//! Keys that an agent presses while they talk: codes of the office's, or meant for the other side.

use std::time::Instant;

use crate::engine::call::Call;
use crate::engine::command::{Command, SoundCommand};
use crate::engine::desk::Desk;
use crate::engine::typed::{Meaning, Typed, meaning};
use crate::leg::{LegId, RecordingWish};
use crate::time::Moment;

impl Call {
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
