//! The messages that callers have left, and whose they are.

use std::collections::BTreeMap;

use crate::engine::command::{Command, KeepCommand};
use crate::history::conversation_id::ConversationId;
use crate::history::recording_name::RecordingName;
use crate::history::voice_message::{Heard, MessageWish, VoiceMessage};
use crate::office::agent::Agent;
use crate::office::extension::Extension;
use crate::office::snapshot::Office;
use crate::office::team::TeamName;
use crate::time::Moment;

/// Messages that are known at once: years of a small office. The oldest stay on the disk alone.
const MOST: usize = 20_000;

#[derive(Clone, Debug, Default)]
pub struct Mailbox {
    messages: BTreeMap<RecordingName, VoiceMessage>,
}

impl Mailbox {
    /// Takes the place of whatever was known, but for what is being spoken just now.
    pub(crate) fn remember(&mut self, messages: Vec<VoiceMessage>) {
        self.messages.retain(|_, message| message.seconds.is_none());
        for message in messages {
            // One without an end was cut off by a crash; whatever is there can be heard.
            let seconds = Some(message.seconds.unwrap_or_default());
            let message = VoiceMessage { seconds, ..message };
            self.messages.entry(message.name).or_insert(message);
        }
    }

    /// Every message, the oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &VoiceMessage> {
        self.messages.values()
    }

    #[must_use]
    pub(crate) fn get(&self, name: &RecordingName) -> Option<&VoiceMessage> {
        self.messages.get(name)
    }

    /// Keeps a message as it is now.
    pub(crate) fn keep(&mut self, message: VoiceMessage) -> Command {
        self.messages.insert(message.name, message.clone());
        if self.messages.len() > MOST {
            self.messages.pop_first();
        }
        Command::Keep(KeepCommand::Message(Box::new(message)))
    }

    /// Somebody does something to a message; nothing if it is not there or that is no news.
    pub(crate) fn wished(
        &mut self,
        name: &RecordingName,
        wish: MessageWish,
        who: &str,
        now: Moment,
    ) -> Option<Command> {
        let mut message = self.messages.get(name)?.clone();
        match wish {
            MessageWish::Heard if message.heard.is_some() => return None,
            MessageWish::Heard => {
                message.heard = Some(Heard { at: now.unix_millis(), who: who.to_owned() });
            }
            MessageWish::Unheard => message.heard = None,
            MessageWish::Delete => return self.forget(name),
        }
        Some(self.keep(message))
    }

    /// The message and its sound.
    pub(crate) fn forget(&mut self, name: &RecordingName) -> Option<Command> {
        self.messages
            .remove(name)
            .map(|message| Command::Keep(KeepCommand::MessageDeleted(message.name)))
    }

    /// The conversation is somebody else's now, and its messages with it.
    pub(crate) fn assigned(
        &mut self,
        conversation: ConversationId,
        agent: Option<&Extension>,
        team: Option<&TeamName>,
    ) -> Vec<Command> {
        let theirs = self.messages.values().filter(|one| one.conversation == Some(conversation));
        let theirs: Vec<VoiceMessage> = theirs.cloned().collect();
        let moved = theirs.into_iter().map(|message| {
            self.keep(VoiceMessage { agent: agent.cloned(), team: team.cloned(), ..message })
        });
        moved.collect()
    }

    /// What the agent has not heard yet, the oldest first.
    pub(crate) fn new_of(&self, agent: &Agent, office: &Office) -> Vec<RecordingName> {
        let new = self.all().filter(|one| one.heard.is_none() && one.seconds.is_some());
        let mut theirs: Vec<&VoiceMessage> = new.filter(|one| is_of(one, agent, office)).collect();
        theirs.sort_by_key(|one| (one.at, one.name));
        theirs.into_iter().map(|one| one.name).collect()
    }
}

/// Theirs, or their team's; one that nobody was meant by is of all who take unassigned calls.
pub(crate) fn is_of(message: &VoiceMessage, agent: &Agent, office: &Office) -> bool {
    let team = message.team.as_ref().and_then(|team| office.teams.get(team));
    let in_team = team.is_some_and(|team| team.members.contains(&agent.extension));
    let own = message.agent.as_ref() == Some(&agent.extension);
    let nobodys = message.agent.is_none() && team.is_none();
    own || in_team || (nobodys && agent.unassigned_calls)
}
