//! A caller who leaves word: prompt, tone, message, thanks (L98).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::audio::builtin::Prompt;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Ending;
use crate::engine::call::inbound::LONGEST_CLIP;
use crate::engine::call::leaving_word::{Message, Step, Take, Without};
use crate::engine::call::phase::{Inbound, Phase, Purpose};
use crate::engine::command::{Command, RecordCommand, SoundCommand};
use crate::engine::voices::spoken_by;
use crate::engine::workflow::phrases::Known;
use crate::history::missed_reason::MissedReason;
use crate::history::recording_name::{Kept, RecordingName};
use crate::history::trail::trail::Decision;
use crate::history::trail::voicemail::MessageStory;
use crate::history::voice_message::VoiceMessage;
use crate::leg::{HangupCause, LegId, PlayId, RecordingEnd, RecordingId, Side};
use crate::office::announcement::Sound;
use crate::office::route::Route;
use crate::office::workflow::action::Voicemail;
use crate::office::workflow::speech::Speech;
use crate::time::Moment;

/// Less than this until the last word is a caller who had nothing to say.
const SHORTEST: Duration = Duration::from_secs(2);
/// How often a caller is asked who says nothing.
const TRIES: u8 = 2;
/// Recording says when a message is over; this only guards against a word that was lost.
const GRACE: Duration = Duration::from_secs(10);
/// How long a call that has ended waits for what was recorded of it.
const SETTLES: Duration = Duration::from_secs(2);

impl Call {
    fn message(&self) -> Option<&Message> {
        if let Phase::Message(message) = &self.phase { Some(message) } else { None }
    }

    /// A workflow lets the caller leave word.
    pub(crate) fn leave_word(
        &mut self,
        voicemail: &Voicemail,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let without = if self.has_entered() { Without::Left } else { Without::NotEntered };
        self.ask_for_word(voicemail.clone(), without, desk)
    }

    /// Nobody answers, and the number has a voicemail of its own: the caller has been told why, or
    /// is being told by `told`.
    pub(crate) fn leave_word_instead(
        &mut self,
        reason: MissedReason,
        told: Option<PlayId>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let (voicemail, without) = (Voicemail::default(), Without::Unanswered(reason));
        let Some(play) = told else {
            self.note_message(MessageStory::Asked, desk.now);
            return self.ask_for_word(voicemail, without, desk);
        };
        let step = Step::Told { play, until: desk.now.ticks + LONGEST_CLIP };
        let message = Message { voicemail, step, tries: 1, without };
        self.enter(Phase::Message(Box::new(message)), desk.now);
        Vec::new()
    }

    /// Asks the caller to speak after the tone; why they may is told already.
    fn ask_for_word(
        &mut self,
        voicemail: Voicemail,
        without: Without,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        let (play, said) = self.speak_to_caller(&voicemail.say, desk);
        commands.extend(said);
        let step = Step::Asked { play, until: desk.now.ticks + LONGEST_CLIP };
        let message = Message { voicemail, step, tries: 1, without };
        self.enter(Phase::Message(Box::new(message)), desk.now);
        commands
    }

    /// Now they know why.
    fn message_told(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some(message) = self.message() else { return Vec::new() };
        let (voicemail, without) = (message.voicemail.clone(), message.without);
        self.note_message(MessageStory::Asked, desk.now);
        self.ask_for_word(voicemail, without, desk)
    }

    pub(crate) fn message_spoken(&mut self, played: PlayId, desk: &mut Desk<'_>) -> Vec<Command> {
        let Phase::Message(message) = &self.phase else { return Vec::new() };
        match message.step {
            Step::Told { play, .. } if play == played => self.message_told(desk),
            Step::Asked { play, .. } if play == played => self.message_tone(desk),
            Step::Tone { play, .. } if play == played => self.message_begins(desk),
            Step::Told { .. }
            | Step::Asked { .. }
            | Step::Tone { .. }
            | Step::Speaking { .. }
            | Step::Settling { .. } => Vec::new(),
        }
    }

    /// A key passes over the prompt; `#` ends the message.
    pub(crate) fn message_digit(&mut self, key: char, desk: &mut Desk<'_>) -> Vec<Command> {
        let Phase::Message(message) = &self.phase else { return Vec::new() };
        match message.step {
            Step::Told { .. } => self.message_told(desk),
            Step::Asked { .. } => self.message_tone(desk),
            Step::Speaking { .. } if key == '#' => self.message_over(None, desk.now),
            Step::Tone { .. } | Step::Speaking { .. } | Step::Settling { .. } => Vec::new(),
        }
    }

    pub(crate) fn message_due(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Phase::Message(message) = &self.phase else { return Vec::new() };
        match message.step {
            Step::Told { .. } => self.message_told(desk),
            Step::Asked { .. } => self.message_tone(desk),
            Step::Tone { .. } => self.message_begins(desk),
            Step::Speaking { .. } => self.message_over(None, desk.now),
            // Recording has not answered: what is known of the message is how long it took.
            Step::Settling { take, .. } => {
                let spoken = desk.now.ticks.saturating_duration_since(take.began.ticks) - SETTLES;
                self.message_recorded(take.recording, (RecordingEnd::Asked, spoken), desk)
            }
        }
    }

    /// The caller hung up, or cannot be heard any more.
    pub(crate) fn message_left(&mut self, cause: HangupCause, desk: &Desk<'_>) -> Vec<Command> {
        let Phase::Message(message) = &mut self.phase else { return Vec::new() };
        match &mut message.step {
            Step::Told { .. } | Step::Asked { .. } | Step::Tone { .. } => {
                let ending = self.ending_without_message(cause);
                self.finish(ending, cause, HangupCause::Cancelled, desk.now)
            }
            Step::Speaking { .. } => self.message_over(Some(cause), desk.now),
            Step::Settling { gone, .. } => {
                *gone = Some(cause);
                Vec::new()
            }
        }
    }

    /// The daemon stops, or somebody ends the call: what was said until now is kept.
    pub(crate) fn message_cut(
        &mut self,
        cause: HangupCause,
        desk: &mut Desk<'_>,
    ) -> (Vec<Command>, Ending) {
        let take = self.message().and_then(Message::take);
        let without = self.ending_without_message(cause);
        let Some(take) = take else { return (Vec::new(), without) };
        let spoken = desk.now.ticks.saturating_duration_since(take.began.ticks);
        let mut commands = self.message_over(None, desk.now);
        let Some(kept) = self.keep_message(take, spoken, desk) else {
            commands.extend(take.name.and_then(|name| desk.mailbox.forget(&name)));
            return (commands, without);
        };
        commands.push(kept);
        (commands, self.ending_with_message(cause))
    }

    /// How a call ends whose caller has left nothing.
    pub(crate) fn ending_without_message(&self, cause: HangupCause) -> Ending {
        match self.message().map(|message| message.without) {
            Some(Without::Unanswered(reason)) => Ending::missed(reason, cause),
            Some(Without::Left) => Ending::missed(MissedReason::UserLeft, cause),
            Some(Without::NotEntered) | None => {
                Ending::not_entered(Some(self.left_in_workflow()), cause)
            }
        }
    }

    /// How a call ends whose caller has left a message: it is the workflow's doing, or the number
    /// says why nobody answered.
    fn ending_with_message(&self, cause: HangupCause) -> Ending {
        match self.message().map(|message| message.without) {
            Some(Without::Unanswered(reason)) => Ending::missed(reason, cause),
            Some(Without::Left | Without::NotEntered) | None => {
                Ending::missed(MissedReason::WfVoiceMail, cause)
            }
        }
    }

    /// A recording of this call that is a message is being written.
    pub(crate) fn message_began(
        &mut self,
        recording: RecordingId,
        name: RecordingName,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Phase::Message(message) = &mut self.phase else { return Vec::new() };
        let take = match &mut message.step {
            Step::Told { .. } | Step::Asked { .. } | Step::Tone { .. } => return Vec::new(),
            Step::Speaking { take, .. } | Step::Settling { take, .. } => take,
        };
        if take.recording != recording {
            return Vec::new();
        }
        take.name = Some(name);
        let began = take.began;
        // Known before its end, so that a crash cannot hide it.
        vec![desk.mailbox.keep(self.message_of(name, began, None))]
    }

    /// What was recorded, and until when somebody spoke.
    pub(crate) fn message_recorded(
        &mut self,
        recording: RecordingId,
        (end, spoken): (RecordingEnd, Duration),
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Phase::Message(message) = &self.phase else { return Vec::new() };
        let Some(take) = message.take().filter(|take| take.recording == recording) else {
            return Vec::new();
        };
        let gone = match message.step {
            Step::Settling { gone, .. } => gone,
            Step::Told { .. } | Step::Asked { .. } | Step::Tone { .. } | Step::Speaking { .. } => {
                None
            }
        };
        let (tries, thanks) = (message.tries, message.voicemail.thanks.clone());
        let normal = HangupCause::Normal;
        if end == RecordingEnd::NoDisk && spoken < SHORTEST {
            self.note_message(MessageStory::NoRoom, desk.now);
            let commands = take.name.and_then(|name| desk.mailbox.forget(&name));
            let commands = commands.into_iter().collect();
            return self.message_goodbye(commands, gone, None, &full(), desk);
        }
        if let Some(kept) = self.keep_message(take, spoken, desk) {
            let ending = self.ending_with_message(gone.unwrap_or(normal));
            return self.message_goodbye(vec![kept], gone, Some(ending), &thanks, desk);
        }
        self.note_message(MessageStory::TooShort, desk.now);
        let thrown = take.name.and_then(|name| desk.mailbox.forget(&name));
        let mut commands: Vec<Command> = thrown.into_iter().collect();
        if gone.is_some() || tries >= TRIES {
            return self.message_goodbye(commands, gone, None, &too_short(), desk);
        }
        let (play, said) = self.speak_to_caller(&too_short(), desk);
        commands.extend(said);
        let until = desk.now.ticks + LONGEST_CLIP;
        if let Phase::Message(message) = &mut self.phase {
            message.tries += 1;
            message.step = Step::Asked { play, until };
        }
        commands
    }

    /// The last word, unless nobody is there to hear it.
    fn message_goodbye(
        &mut self,
        mut commands: Vec<Command>,
        gone: Option<HangupCause>,
        ending: Option<Ending>,
        words: &Speech,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let normal = HangupCause::Normal;
        let ending = ending.unwrap_or_else(|| self.ending_without_message(gone.unwrap_or(normal)));
        if let Some(cause) = gone {
            commands.extend(self.finish(ending, cause, normal, desk.now));
            return commands;
        }
        let (play, said) = self.speak_to_caller(words, desk);
        commands.extend(said);
        let until = desk.now.ticks + LONGEST_CLIP;
        self.enter(Phase::Farewell { play, until, ending }, desk.now);
        commands
    }

    fn message_tone(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some(leg) = self.line.leg() else { return Vec::new() };
        let (play, until) = (desk.ids.play(), desk.now.ticks + LONGEST_CLIP);
        if let Phase::Message(message) = &mut self.phase {
            message.step = Step::Tone { play, until };
        }
        vec![Command::Sound(SoundCommand::Play { leg, play, sound: Sound::Beep, repeat: false })]
    }

    fn message_begins(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some(leg) = self.line.leg() else { return Vec::new() };
        let call = self.record().id;
        let Phase::Message(message) = &mut self.phase else { return Vec::new() };
        let Voicemail { limit, silence, .. } = message.voicemail;
        let recording = desk.ids.recording();
        let take = Take { recording, name: None, began: desk.now };
        message.step = Step::Speaking { take, until: desk.now.ticks + limit + GRACE };
        self.note_message(MessageStory::Speaks { seconds: limit.as_secs() }, desk.now);
        let (kept, silence) = (Kept::Message, Some(silence));
        vec![
            Command::Record(RecordCommand::Begin { recording, call, kept, length: limit, silence }),
            Command::Record(RecordCommand::AddLeg { recording, leg, side: Side::Customer }),
        ]
    }

    /// Nothing more is said; `gone` if the caller is.
    fn message_over(&mut self, gone: Option<HangupCause>, now: Moment) -> Vec<Command> {
        let Phase::Message(message) = &mut self.phase else { return Vec::new() };
        let Step::Speaking { take, .. } = message.step else { return Vec::new() };
        message.step = Step::Settling { take, until: now.ticks + SETTLES, gone };
        vec![Command::Record(RecordCommand::End { recording: take.recording })]
    }

    /// Nothing when it is too short or was never written.
    fn keep_message(
        &mut self,
        take: Take,
        spoken: Duration,
        desk: &mut Desk<'_>,
    ) -> Option<Command> {
        let name = take.name.filter(|_| spoken >= SHORTEST)?;
        let seconds = spoken.as_secs();
        let story = MessageStory::Kept { name: name.to_string(), seconds };
        self.note_message(story, desk.now);
        self.draft.record_mut().voicemail = true;
        Some(desk.mailbox.keep(self.message_of(name, take.began, Some(seconds))))
    }

    fn message_of(&self, name: RecordingName, began: Moment, seconds: Option<u64>) -> VoiceMessage {
        let record = self.record();
        let (agent, team) = match &self.purpose {
            Purpose::Inbound(inbound) => match &inbound.number.route {
                Route::Agent(agent) => (Some(agent.clone()), None),
                Route::Team(team) => (None, Some(team.clone())),
                Route::Workflow(_) | Route::Off => (None, None),
            },
            Purpose::Outgoing { .. } | Purpose::Refused(_) => (None, None),
        };
        VoiceMessage {
            name,
            conversation: record.conversation,
            from: record.from.clone(),
            from_name: record.from_name.clone(),
            number: record.number.clone(),
            team,
            agent,
            at: began.unix_millis(),
            seconds,
            heard: None,
        }
    }

    fn note_message(&mut self, story: MessageStory, now: Moment) {
        self.draft.note(Decision::Voicemail { story }, now);
    }

    /// In the caller's language; a tone where the words are missing.
    pub(crate) fn speak_to_caller(
        &self,
        words: &Speech,
        desk: &mut Desk<'_>,
    ) -> (PlayId, Vec<Command>) {
        let play = desk.ids.play();
        let inbound: Option<Arc<Inbound>> = match &self.purpose {
            Purpose::Inbound(inbound) => Some(Arc::clone(inbound)),
            Purpose::Outgoing { .. } | Purpose::Refused(_) => None,
        };
        let said = |leg: LegId| {
            let fields = BTreeMap::new();
            let known = Known { now: desk.now, place: None, fields: &fields };
            let sound = inbound.and_then(|inbound| spoken_by(words, inbound.language, known));
            let sound = sound.unwrap_or(Sound::Beep);
            Command::Sound(SoundCommand::Play { leg, play, sound, repeat: false })
        };
        (play, self.line.leg().map(said).into_iter().collect())
    }
}

fn too_short() -> Speech {
    Speech::Prompt(Prompt::VoicemailShort)
}

fn full() -> Speech {
    Speech::Prompt(Prompt::VoicemailFull)
}
