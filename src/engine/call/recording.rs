//! The recording of a call: who is told, when it begins, pauses and ends.

use std::time::Duration;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::{Phase, Purpose};
use crate::engine::call::recording_state::Recording;
use crate::engine::command::{Command, RecordCommand, SoundCommand};
use crate::engine::dialling::Meant;
use crate::engine::voices::{language_of, recording_notice, spoken_in};
use crate::history::recording_name::{Kept, RecordingName};
use crate::history::trail::trail::Decision;
use crate::leg::{LegId, PlayId, RecordingEnd, RecordingId, RecordingWish, Side};
use crate::office::announcement::Situation;
use crate::office::language::Language;

/// Longer than any notice; see `LONGEST_CLIP` of a customer's call.
const LONGEST_NOTICE: Duration = Duration::from_secs(60);

impl Call {
    /// Whether the number that the call concerns records its calls (L51). An emergency call is
    /// never kept waiting by a notice.
    pub(crate) fn shall_be_recorded(&self, desk: &Desk<'_>) -> bool {
        let outside = match &self.purpose {
            Purpose::Inbound(_) => true,
            Purpose::Outgoing { meant, .. } => matches!(meant, Meant::Outside(_)),
            Purpose::Refused(_) => false,
        };
        let numbers = &desk.office.recording.numbers;
        outside && self.record().number.as_ref().is_some_and(|number| numbers.contains(number))
    }

    /// Two people begin to talk.
    pub(crate) fn record_talk(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        match self.recording {
            Recording::Told => self.begin_recording(desk),
            Recording::Off if self.shall_be_recorded(desk) => self.announce_recording(desk),
            Recording::Off
            | Recording::Announced { .. }
            | Recording::Running { .. }
            | Recording::Paused { .. } => Vec::new(),
        }
    }

    pub(crate) fn recording_wished(
        &mut self,
        wish: RecordingWish,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        match (wish, self.recording) {
            (RecordingWish::Begin | RecordingWish::Next, Recording::Off | Recording::Told) => {
                self.announce_recording(desk)
            }
            (RecordingWish::Pause | RecordingWish::Next, Recording::Running { id }) => {
                self.recording = Recording::Paused { id };
                self.draft.note(Decision::RecordingPaused, desk.now);
                vec![Command::Record(RecordCommand::Pause { recording: id })]
            }
            (
                RecordingWish::Begin | RecordingWish::Resume | RecordingWish::Next,
                Recording::Paused { id },
            ) => {
                self.recording = Recording::Running { id };
                self.draft.note(Decision::RecordingResumed, desk.now);
                vec![Command::Record(RecordCommand::Resume { recording: id })]
            }
            (RecordingWish::End, _) => self.end_recording(),
            (RecordingWish::Begin | RecordingWish::Next, Recording::Announced { .. })
            | (RecordingWish::Begin, Recording::Running { .. })
            | (
                RecordingWish::Pause,
                Recording::Off
                | Recording::Told
                | Recording::Announced { .. }
                | Recording::Paused { .. },
            )
            | (
                RecordingWish::Resume,
                Recording::Off
                | Recording::Told
                | Recording::Announced { .. }
                | Recording::Running { .. },
            ) => Vec::new(),
        }
    }

    /// The notice has been heard, or should have been by now.
    pub(crate) fn notice_ended(
        &mut self,
        leg: LegId,
        played: PlayId,
        desk: &mut Desk<'_>,
    ) -> Option<Vec<Command>> {
        match self.recording {
            Recording::Announced { leg: told, play, .. } if (told, play) == (leg, played) => {
                Some(self.notice_over(desk))
            }
            Recording::Off
            | Recording::Told
            | Recording::Announced { .. }
            | Recording::Running { .. }
            | Recording::Paused { .. } => None,
        }
    }

    pub(crate) fn notice_over(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let told = match self.recording {
            Recording::Announced { leg, .. } if !self.talkers().is_empty() => leg,
            Recording::Off
            | Recording::Told
            | Recording::Announced { .. }
            | Recording::Running { .. }
            | Recording::Paused { .. } => {
                self.recording = Recording::Off;
                return Vec::new();
            }
        };
        self.recording = Recording::Off;
        let mut commands = self.let_back(told, desk);
        commands.extend(self.begin_recording(desk));
        commands
    }

    pub(crate) fn recording_began(
        &mut self,
        recording: RecordingId,
        name: &RecordingName,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if matches!(self.phase, Phase::Message(_)) {
            return self.message_began(recording, *name, desk);
        }
        if self.recording.id() == Some(recording) {
            self.draft.note(Decision::RecordingBegan { name: name.to_string() }, desk.now);
        }
        Vec::new()
    }

    /// It ended by itself, or could not begin.
    pub(crate) fn recording_ended(
        &mut self,
        recording: RecordingId,
        end: RecordingEnd,
        (length, spoken): (Duration, Duration),
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if matches!(self.phase, Phase::Message(_)) {
            return self.message_recorded(recording, (end, spoken), desk);
        }
        if self.recording.id() == Some(recording) {
            self.recording = Recording::Off;
            let seconds = length.as_secs();
            self.draft.note(Decision::RecordingEnded { end, seconds }, desk.now);
        }
        Vec::new()
    }

    /// What it is now ends with the talk.
    pub(crate) fn end_recording(&mut self) -> Vec<Command> {
        let ended = std::mem::take(&mut self.recording).id();
        ended
            .map(|recording| Command::Record(RecordCommand::End { recording }))
            .into_iter()
            .collect()
    }

    /// Tells the other side, which hears nothing else meanwhile.
    fn announce_recording(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some((leg, _)) = self.sides() else { return Vec::new() };
        let wanted = self.spoken_to(desk);
        let number = self.record().number.as_ref();
        let number = number.and_then(|number| desk.office.numbers.get(number));
        let (sound, language) = recording_notice(number, wanted);
        let situation = Situation::Recording;
        self.draft.note(Decision::Said { situation, language }, desk.now);
        let play = desk.ids.play();
        self.recording = Recording::Announced { leg, play, until: desk.now.ticks + LONGEST_NOTICE };
        vec![Command::Sound(SoundCommand::Play { leg, play, sound, repeat: false })]
    }

    fn begin_recording(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some((customer, _)) = self.sides() else { return Vec::new() };
        let recording = desk.ids.recording();
        self.recording = Recording::Running { id: recording };
        let length = desk.office.recording.rules.limit;
        let (call, kept, silence) = (self.record().id, Kept::Conversation, None);
        let begin =
            Command::Record(RecordCommand::Begin { recording, call, kept, length, silence });
        let record = |leg: LegId| {
            let side = if leg == customer { Side::Customer } else { Side::Office };
            Command::Record(RecordCommand::AddLeg { recording, leg, side })
        };
        let mut talkers = self.talkers();
        talkers.sort_by_key(|leg| *leg != customer);
        [begin].into_iter().chain(talkers.into_iter().map(record)).collect()
    }

    /// Somebody more talks while it is being recorded.
    pub(crate) fn record_guest(&self, leg: LegId) -> Option<Command> {
        let recording = self.recording.id()?;
        Some(Command::Record(RecordCommand::AddLeg { recording, leg, side: Side::Office }))
    }

    /// The leg outside, or the one called inside, and the agent's.
    fn sides(&self) -> Option<(LegId, LegId)> {
        let (Phase::Talking { other }, Some(caller)) = (&self.phase, self.line.leg()) else {
            return None;
        };
        Some(match &self.purpose {
            Purpose::Inbound(_) => (caller, *other),
            Purpose::Outgoing { .. } | Purpose::Refused(_) => (*other, caller),
        })
    }

    fn spoken_to(&self, desk: &Desk<'_>) -> Language {
        let home = &desk.office.dial_out.home;
        match &self.purpose {
            Purpose::Inbound(inbound) => inbound.language,
            Purpose::Outgoing { meant: Meant::Outside(number), .. } => {
                language_of(Some(number), desk.office.customer(number), home).0
            }
            Purpose::Outgoing {
                meant:
                    Meant::Emergency(_)
                    | Meant::Colleague(_)
                    | Meant::Feature(_)
                    | Meant::Pickup(_)
                    | Meant::Sound(_)
                    | Meant::Nothing,
                ..
            }
            | Purpose::Refused(_) => spoken_in(home),
        }
    }
}
