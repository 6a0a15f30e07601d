//! Keys that an agent presses while they talk: codes of the office's, or meant for the other side.

use std::time::{Duration, Instant};

use crate::engine::call::Call;
use crate::engine::command::Command;
use crate::engine::desk::Desk;
use crate::leg::{LegId, RecordingWish};
use crate::office::extension::Extension;
use crate::time::Moment;

/// Between the star and the key that tells what is wanted.
const KEYS_TOGETHER: Duration = Duration::from_secs(2);
/// Between the digits of an extension.
const DIGITS_TOGETHER: Duration = Duration::from_secs(5);

/// What somebody has typed so far that may be for us.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    keys: String,
    until: Instant,
}

/// What keys from a star on mean.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    /// It is not clear before the next key.
    Open(Duration),
    /// `*1`: record, then pause and go on in turn.
    Record,
    /// `*3`, an extension and `#`: bring a colleague in.
    Invite(Extension),
    /// They are for the other side.
    Other,
}

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
                commands.push(Command::PassKeys { leg, forget: true });
                commands.extend(self.recording_wished(RecordingWish::Next, desk));
            }
            Meaning::Invite(extension) => {
                commands.push(Command::PassKeys { leg, forget: true });
                let by = self.person_on(leg, desk.office);
                commands.extend(self.invite(&extension, by, desk));
            }
            Meaning::Other => commands.push(Command::PassKeys { leg, forget: false }),
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
        over.into_iter().map(|leg| Command::PassKeys { leg, forget: false }).collect()
    }
}

fn meaning(keys: &str) -> Meaning {
    match keys {
        "*" => return Meaning::Open(KEYS_TOGETHER),
        "*1" => return Meaning::Record,
        _ => {}
    }
    let Some(typed) = keys.strip_prefix("*3") else { return Meaning::Other };
    if let Some(extension) = typed.strip_suffix('#') {
        return Extension::parse(extension).map_or(Meaning::Other, Meaning::Invite);
    }
    let may_go_on = typed.len() <= 6 && typed.bytes().all(|key| key.is_ascii_digit());
    if may_go_on { Meaning::Open(DIGITS_TOGETHER) } else { Meaning::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ours_only_as_the_codes_say() {
        let extension = |text| Extension::parse(text).unwrap();
        for (keys, meant) in [
            ("*", Meaning::Open(KEYS_TOGETHER)),
            ("*1", Meaning::Record),
            ("*3", Meaning::Open(DIGITS_TOGETHER)),
            ("*310", Meaning::Open(DIGITS_TOGETHER)),
            ("*3102#", Meaning::Invite(extension("102"))),
            ("*3123456#", Meaning::Invite(extension("123456"))),
            ("*31234567", Meaning::Other),
            ("*3#", Meaning::Other),
            ("*3*", Meaning::Other),
            ("*9", Meaning::Other),
            ("**", Meaning::Other),
            ("*#", Meaning::Other),
        ] {
            assert_eq!(meaning(keys), meant, "{keys}");
        }
    }
}
