//! Does what the engine commands, by handing it on.

use crate::audio::g711::RATE;
use crate::audio::pipe::pipe;
use crate::clock;
use crate::engine::command::{
    Command, ConferenceCommand, KeepCommand, LegCommand, RecordCommand, RoomSoundCommand,
    SoundCommand,
};
use crate::history::call_record::CallRecord;
use crate::leg::{LegId, PlayId, RecordingId, Side};
use crate::media::handle::MediaCommand;
use crate::media::tape::tape;
use crate::office::announcement::Sound;
use crate::office::room_sound::Percent;
use crate::recording::handle::RecordingCommand;
use crate::recording::take::Limits;
use crate::sip::handle::SipRequest;
use crate::speaker::score::{Cue, CueId, Purpose, Sound as RoomSound, Volume};
use crate::switchboard::run::Switchboard;
use crate::switchboard::tagged::Tagged;

/// Octets of packets that recording may be behind: some seconds of any codec.
const TAPE: usize = 64 * 1024;
/// A second of speech that the speaker may be behind.
const PAGE_BACKLOG: usize = RATE as usize;

impl Switchboard {
    /// A ring goes on until it is stopped, everything else sounds once.
    fn sound_room(&mut self, play: PlayId, sound: &Sound, (purpose, volume): (Purpose, Percent)) {
        let clip = self.sounds.clip(sound);
        let sound = RoomSound::Clip { clip, repeat: purpose == Purpose::Ring };
        let volume = Volume::percent(volume.get());
        self.parts.speaker.start(Cue { id: CueId(play.0), purpose, sound, volume });
    }

    fn page_room(&self, leg: LegId, play: PlayId) {
        let (into, reader) = pipe(PAGE_BACKLOG);
        let sound = RoomSound::Live { reader, rate: RATE };
        let (id, purpose) = (CueId(play.0), Purpose::Page);
        self.parts.speaker.start(Cue { id, purpose, sound, volume: Volume::FULL });
        self.parts.media.send(MediaCommand::Page { leg, into });
    }

    fn record_leg(&self, recording: RecordingId, leg: LegId, side: Side) {
        let (writer, tape) = tape(TAPE, clock::now().ticks);
        self.parts.recording.send(RecordingCommand::Add { recording, leg, side, tape });
        self.parts.media.send(MediaCommand::Record { leg, tape: writer });
    }

    fn call_ended(&mut self, record: CallRecord) {
        let known = self.qualities.call_ended(&record);
        self.parts.store.call_ended(record);
        known.into_iter().for_each(|known| self.parts.store.leg_sounded(known));
    }

    pub(crate) fn perform(&mut self, command: Command) {
        match command {
            Command::Leg(leg) => self.perform_leg(leg),
            Command::Sound(sound) => self.perform_sound(sound),
            Command::Conference(conference) => self.perform_conference(conference),
            Command::Record(record) => self.perform_record(record),
            Command::RoomSound(sound) => self.perform_room_sound(sound),
            Command::Keep(keep) => self.perform_keep(keep),
            Command::Post(posting) => self.parts.webhook.send(*posting),
            Command::CountToday(targets) => self.count_today(targets),
            Command::Lamp { device, count } => {
                self.parts.sip.send(SipRequest::Lamp { device, count });
            }
            Command::Publish(update) => {
                // Nobody may be watching.
                drop(self.parts.updates.send(update));
            }
        }
    }

    fn perform_leg(&mut self, command: LegCommand) {
        if let LegCommand::HangUp { leg, .. } = command {
            self.stop_reading(leg);
        }
        self.parts.sip.send(match command {
            LegCommand::Ringing { leg } => SipRequest::Ringing { leg },
            LegCommand::EarlyMedia { leg, like } => SipRequest::EarlyMedia { leg, like },
            LegCommand::Answer { leg, like } => SipRequest::Answer { leg, like },
            LegCommand::Ring(request) => SipRequest::Ring(request),
            LegCommand::HangUp { leg, cause } => SipRequest::HangUp { leg, cause },
        });
    }

    fn perform_sound(&mut self, command: SoundCommand) {
        let command = match command {
            SoundCommand::Join { one, other } => {
                self.stop_reading(one);
                self.stop_reading(other);
                MediaCommand::Join { one, other }
            }
            SoundCommand::Part { leg } => {
                self.stop_reading(leg);
                MediaCommand::Part { leg }
            }
            SoundCommand::Echo { leg } => {
                self.stop_reading(leg);
                MediaCommand::Echo { leg }
            }
            SoundCommand::Play { leg, play, sound, repeat } => {
                self.stop_reading(leg);
                MediaCommand::Play { leg, play, clip: self.sounds.clip(&sound), repeat }
            }
            SoundCommand::PlayMessage { leg, play, name } => {
                return self.read_message(leg, play, name);
            }
            SoundCommand::HoldBackStar { leg } => MediaCommand::HoldBackStar { leg },
            SoundCommand::PassKeys { leg, forget } => MediaCommand::PassKeys { leg, forget },
        };
        self.parts.media.send(command);
    }

    fn perform_conference(&self, command: ConferenceCommand) {
        self.parts.media.send(match command {
            ConferenceCommand::Open { room, keys_to } => MediaCommand::OpenRoom { room, keys_to },
            ConferenceCommand::Close { room } => MediaCommand::CloseRoom { room },
            ConferenceCommand::Join { room, leg, announced } => {
                MediaCommand::JoinRoom { room, leg, announced }
            }
            ConferenceCommand::Mute { leg, muted } => MediaCommand::MuteInRoom { leg, muted },
        });
    }

    fn perform_record(&self, command: RecordCommand) {
        let at = clock::now().ticks;
        self.parts.recording.send(match command {
            RecordCommand::Begin { recording, call, kept, length, silence } => {
                let limits = Limits { length, silence };
                RecordingCommand::Begin { recording, call, kept, limits, at }
            }
            RecordCommand::AddLeg { recording, leg, side } => {
                return self.record_leg(recording, leg, side);
            }
            RecordCommand::Pause { recording } => RecordingCommand::Pause { recording, at },
            RecordCommand::Resume { recording } => RecordingCommand::Resume { recording, at },
            RecordCommand::End { recording } => RecordingCommand::End { recording, at },
        });
    }

    fn perform_room_sound(&mut self, command: RoomSoundCommand) {
        match command {
            RoomSoundCommand::Ring { play, sound, volume } => {
                self.sound_room(play, &sound, (Purpose::Ring, volume));
            }
            RoomSoundCommand::Play { play, sound, volume } => {
                self.sound_room(play, &sound, (Purpose::Announce, volume));
            }
            RoomSoundCommand::Page { leg, play } => self.page_room(leg, play),
            RoomSoundCommand::Stop { play } => self.parts.speaker.stop(CueId(play.0)),
        }
    }

    fn perform_keep(&mut self, command: KeepCommand) {
        let store = &self.parts.store;
        match command {
            KeepCommand::Conversation(kept) => store.conversation_changed(*kept),
            KeepCommand::ConversationLogged(entry) => store.conversation_logged(*entry),
            KeepCommand::FollowUpPlanned(one) => store.follow_up_planned(*one),
            KeepCommand::FollowUpDue(one) => self.follow_up(&one),
            KeepCommand::FollowUpDone(id) => store.follow_up_done(id),
            KeepCommand::TrailAdded { call, entries } => store.trail_added(call, entries),
            KeepCommand::TagCustomer { number, name, tags, who } => {
                self.tag_customer(Tagged { number, name, tags, who });
            }
            KeepCommand::LeadMet(lead) => store.lead_met(lead),
            KeepCommand::CallStarted(record) => store.call_started(*record),
            KeepCommand::CallEnded(record) => self.call_ended(*record),
            KeepCommand::Duty(duty) => store.duty_changed(*duty),
            KeepCommand::Alarm(alarm) => store.alarm_changed(*alarm),
            KeepCommand::AgentLog(entry) => store.agent_logged(*entry),
            KeepCommand::WalkEnded(walk) => store.walk_ended(*walk),
            KeepCommand::Callback(callback) => store.callback_kept(*callback),
            KeepCommand::CallbackOver(call) => store.callback_over(call),
            KeepCommand::Message(message) => store.message_kept(*message),
            KeepCommand::MessageDeleted(name) => self.delete_message(name),
            KeepCommand::HoursSwitched(switch) => store.hours_switched(switch),
        }
    }
}
