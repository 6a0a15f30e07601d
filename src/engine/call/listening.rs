//! An agent who listens to the messages that are theirs: `*97`.

use std::time::Duration;

use crate::audio::builtin::Prompt;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Ending;
use crate::engine::call::inbound::LONGEST_CLIP;
use crate::engine::call::listener::{Hears, Listening};
use crate::engine::call::phase::Phase;
use crate::engine::command::{Command, SoundCommand};
use crate::history::recording_name::RecordingName;
use crate::history::trail::trail::{Decision, Person};
use crate::history::trail::voicemail::MessageStory;
use crate::history::voice_message::MessageWish;
use crate::leg::{HangupCause, PlayId};
use crate::office::announcement::Sound;
use crate::office::feature_code::Feature;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::saying::Saying;

/// How long a key is waited for after the menu; then the next message follows.
const KEY: Duration = Duration::from_secs(10);
/// A message is read from the disk first.
const GRACE: Duration = Duration::from_secs(30);

impl Call {
    /// In the agent's own language: how many messages there are, then one after the other.
    pub(crate) fn listen(&mut self, agent: &Person, desk: &mut Desk<'_>) -> Vec<Command> {
        let found = desk.office.agents.get(&agent.extension);
        let language = found.map_or(Language::En, |agent| agent.language);
        let new = found.map(|agent| desk.mailbox.new_of(agent, desk.office)).unwrap_or_default();
        let story = MessageStory::Collected { new: new.len() };
        if new.is_empty() {
            let none = Sound::Prompt { prompt: Prompt::VoicemailNone, language };
            let commands = self.tell_caller(Feature::Voicemail, none, desk);
            self.draft.note(Decision::Voicemail { story }, desk.now);
            return commands;
        }
        let dialled = Decision::FeatureDialled { feature: Feature::Voicemail };
        self.draft.note(dialled, desk.now);
        self.draft.note(Decision::Voicemail { story }, desk.now);
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        self.draft.record_mut().engaged = Some(desk.now.unix_millis());
        let count = u32::try_from(new.len()).unwrap_or(u32::MAX);
        let (play, until) = (desk.ids.play(), desk.now.ticks + LONGEST_CLIP);
        let sayings = vec![Saying::NewMessages(count)];
        commands.extend(self.plays(play, Sound::Said { sayings, language }));
        let agent = agent.extension.clone();
        let (left, hears) = (new.into(), Hears::Count(play));
        let listening = Listening { agent, language, left, hears, until };
        self.enter(Phase::Listening(Box::new(listening)), desk.now);
        commands
    }

    pub(crate) fn listening_heard(&mut self, played: PlayId, desk: &mut Desk<'_>) -> Vec<Command> {
        let Phase::Listening(listening) = &self.phase else { return Vec::new() };
        match listening.hears {
            Hears::Count(play) | Hears::Deleted(play) if play == played => self.next_message(desk),
            Hears::Envelope(play) if play == played => self.message_itself(desk),
            Hears::Message(play) if play == played => {
                let mut commands = self.mark_heard(desk);
                commands.extend(self.message_menu(desk));
                commands
            }
            Hears::Menu(play) if play == played => {
                self.hears(Hears::Silence, KEY, desk);
                Vec::new()
            }
            Hears::Count(_)
            | Hears::Envelope(_)
            | Hears::Message(_)
            | Hears::Menu(_)
            | Hears::Silence
            | Hears::Deleted(_) => Vec::new(),
        }
    }

    /// 1 again, 2 or # on, 3 or 7 away with it; any other passes over when and from where it came.
    pub(crate) fn listening_digit(&mut self, key: char, desk: &mut Desk<'_>) -> Vec<Command> {
        let Phase::Listening(listening) = &self.phase else { return Vec::new() };
        match listening.hears {
            Hears::Count(_) | Hears::Deleted(_) => return self.next_message(desk),
            Hears::Envelope(_) | Hears::Message(_) | Hears::Menu(_) | Hears::Silence => {}
        }
        let over_envelope = matches!(listening.hears, Hears::Envelope(_));
        match key {
            '1' => self.message_envelope(desk),
            '2' | '#' => {
                let mut commands = self.mark_heard(desk);
                self.drop_message();
                commands.extend(self.next_message(desk));
                commands
            }
            '3' | '7' => self.delete_message(desk),
            _ if over_envelope => self.message_itself(desk),
            _ => Vec::new(),
        }
    }

    /// No key came, or the word that a sound was over was lost.
    pub(crate) fn listening_due(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Phase::Listening(listening) = &self.phase else { return Vec::new() };
        match listening.hears {
            Hears::Count(_) | Hears::Deleted(_) => self.next_message(desk),
            Hears::Envelope(_) => self.message_itself(desk),
            Hears::Message(_) | Hears::Menu(_) | Hears::Silence => {
                let mut commands = self.mark_heard(desk);
                self.drop_message();
                commands.extend(self.next_message(desk));
                commands
            }
        }
    }

    fn hears(&mut self, hears: Hears, longest: Duration, desk: &Desk<'_>) {
        if let Phase::Listening(listening) = &mut self.phase {
            listening.hears = hears;
            listening.until = desk.now.ticks + longest;
        }
    }

    fn drop_message(&mut self) {
        if let Phase::Listening(listening) = &mut self.phase {
            listening.left.pop_front();
        }
    }

    fn current(&self) -> Option<(RecordingName, Language)> {
        let Phase::Listening(listening) = &self.phase else { return None };
        Some((*listening.left.front()?, listening.language))
    }

    /// The first of what is left that nobody has deleted meanwhile.
    fn next_message(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        if let Phase::Listening(listening) = &mut self.phase {
            let mailbox = &desk.mailbox;
            listening.left.retain(|name| mailbox.get(name).is_some());
        }
        if self.current().is_some() {
            return self.message_envelope(desk);
        }
        let Phase::Listening(listening) = &self.phase else { return Vec::new() };
        let sound = Sound::Prompt { prompt: Prompt::VoicemailEnd, language: listening.language };
        let (play, until) = (desk.ids.play(), desk.now.ticks + LONGEST_CLIP);
        let commands = self.plays(play, sound);
        let ending = Ending::answered(HangupCause::Normal);
        self.enter(Phase::Farewell { play, until, ending }, desk.now);
        commands
    }

    fn message_envelope(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some((name, language)) = self.current() else { return Vec::new() };
        let Some(message) = desk.mailbox.get(&name) else { return self.next_message(desk) };
        let mut sayings = vec![Saying::Date { at: message.at }, Saying::Time { at: message.at }];
        if message.from.contains(|letter: char| letter.is_ascii_digit()) {
            let national = national(&message.from, &desk.office.dial_out.home);
            sayings.push(Saying::Caller(national));
        }
        let play = desk.ids.play();
        self.hears(Hears::Envelope(play), LONGEST_CLIP, desk);
        self.plays(play, Sound::Said { sayings, language })
    }

    fn message_itself(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let (Some((name, _)), Some(leg)) = (self.current(), self.line.leg()) else {
            return Vec::new();
        };
        let Some(message) = desk.mailbox.get(&name) else { return self.next_message(desk) };
        let longest = Duration::from_secs(message.seconds.unwrap_or_default()) + GRACE;
        let play = desk.ids.play();
        self.hears(Hears::Message(play), longest, desk);
        let story = MessageStory::Played { name: name.to_string() };
        self.draft.note(Decision::Voicemail { story }, desk.now);
        vec![Command::Sound(SoundCommand::PlayMessage { leg, play, name })]
    }

    fn message_menu(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some((_, language)) = self.current() else { return Vec::new() };
        let play = desk.ids.play();
        self.hears(Hears::Menu(play), LONGEST_CLIP, desk);
        self.plays(play, Sound::Prompt { prompt: Prompt::VoicemailMenu, language })
    }

    fn delete_message(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some((name, language)) = self.current() else { return Vec::new() };
        let story = MessageStory::Deleted { name: name.to_string() };
        self.draft.note(Decision::Voicemail { story }, desk.now);
        let mut commands: Vec<Command> = desk.mailbox.forget(&name).into_iter().collect();
        self.drop_message();
        let play = desk.ids.play();
        self.hears(Hears::Deleted(play), LONGEST_CLIP, desk);
        commands
            .extend(self.plays(play, Sound::Prompt { prompt: Prompt::VoicemailDeleted, language }));
        commands
    }

    fn mark_heard(&self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Phase::Listening(listening) = &self.phase else { return Vec::new() };
        let Some(name) = listening.left.front() else { return Vec::new() };
        let (who, now) = (listening.agent.as_str(), desk.now);
        desk.mailbox.wished(name, MessageWish::Heard, who, now).into_iter().collect()
    }

    fn plays(&self, play: PlayId, sound: Sound) -> Vec<Command> {
        let leg = self.line.leg();
        leg.map(|leg| Command::Sound(SoundCommand::Play { leg, play, sound, repeat: false }))
            .into_iter()
            .collect()
    }
}

/// As it is dialled at home: nobody there says the country code.
fn national(number: &str, home: &str) -> String {
    PhoneNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.national(home))
}
