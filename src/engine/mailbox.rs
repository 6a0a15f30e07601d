//! The messages that callers have left, and whose they are.

use std::collections::BTreeMap;

use crate::engine::command::{Command, KeepCommand};
use crate::history::conversation_id::ConversationId;
use crate::history::recording_name::RecordingName;
use crate::history::voice_message::{Heard, MessageWish, VoiceMessage};
use crate::leg::MessageCount;
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
    /// Somebody's box is not as it was, or no longer theirs.
    is_changed: bool,
}

impl Mailbox {
    /// Takes the place of whatever was known, but for what is being spoken just now.
    pub(crate) fn remember(&mut self, messages: Vec<VoiceMessage>) {
        self.is_changed = true;
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
        self.is_changed = true;
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
        self.is_changed = true;
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

    /// Boxes may be others' now.
    pub(crate) fn office_changed(&mut self) {
        self.is_changed = true;
    }

    /// Whether anything has changed since this was last asked.
    pub(crate) fn take_change(&mut self) -> bool {
        std::mem::take(&mut self.is_changed)
    }

    /// How many messages every agent has who has any, in one go over all of them.
    pub(crate) fn counts(&self, office: &Office) -> BTreeMap<Extension, MessageCount> {
        let everybodys: Vec<&Extension> = office
            .agents
            .values()
            .filter(|agent| agent.unassigned_calls)
            .map(|agent| &agent.extension)
            .collect();
        let mut counts: BTreeMap<Extension, MessageCount> = BTreeMap::new();
        for message in self.all().filter(|message| message.seconds.is_some()) {
            let team = message.team.as_ref().and_then(|team| office.teams.get(team));
            let nobodys = message.agent.is_none() && team.is_none();
            let others = if nobodys { everybodys.as_slice() } else { &[] };
            let members = team.into_iter().flat_map(|team| &team.members);
            let mut theirs: Vec<&Extension> =
                others.iter().copied().chain(members).chain(&message.agent).collect();
            theirs.sort();
            theirs.dedup();
            for agent in theirs {
                let count = counts.entry(agent.clone()).or_default();
                match message.heard {
                    Some(_) => count.old += 1,
                    None => count.new += 1,
                }
            }
        }
        counts
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
