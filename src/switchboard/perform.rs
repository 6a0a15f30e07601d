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
        self.stop_reading(&command);
        let parts = &self.parts;
        let media = |command| parts.media.send(command);
        match command {
            Command::Leg(LegCommand::Ringing { leg }) => {
                parts.sip.send(SipRequest::Ringing { leg })
            }
            Command::Leg(LegCommand::EarlyMedia { leg, like }) => {
                parts.sip.send(SipRequest::EarlyMedia { leg, like });
            }
            Command::Leg(LegCommand::Answer { leg, like }) => {
                parts.sip.send(SipRequest::Answer { leg, like })
            }
            Command::Leg(LegCommand::Ring(request)) => parts.sip.send(SipRequest::Ring(request)),
            Command::Leg(LegCommand::HangUp { leg, cause }) => {
                parts.sip.send(SipRequest::HangUp { leg, cause })
            }
            Command::Sound(SoundCommand::Join { one, other }) => {
                media(MediaCommand::Join { one, other })
            }
            Command::Conference(ConferenceCommand::Open { room, keys_to }) => {
                media(MediaCommand::OpenRoom { room, keys_to });
            }
            Command::Conference(ConferenceCommand::Close { room }) => {
                media(MediaCommand::CloseRoom { room })
            }
            Command::Conference(ConferenceCommand::Join { room, leg, announced }) => {
                media(MediaCommand::JoinRoom { room, leg, announced });
            }
            Command::Conference(ConferenceCommand::Mute { leg, muted }) => {
                media(MediaCommand::MuteInRoom { leg, muted });
            }
            Command::Sound(SoundCommand::HoldBackStar { leg }) => {
                media(MediaCommand::HoldBackStar { leg })
            }
            Command::Sound(SoundCommand::PassKeys { leg, forget }) => {
                media(MediaCommand::PassKeys { leg, forget })
            }
            Command::Sound(SoundCommand::Part { leg }) => media(MediaCommand::Part { leg }),
            Command::Sound(SoundCommand::Echo { leg }) => media(MediaCommand::Echo { leg }),
            Command::Sound(SoundCommand::Play { leg, play, sound, repeat }) => {
                let clip = self.sounds.clip(&sound);
                parts.media.send(MediaCommand::Play { leg, play, clip, repeat });
            }
            Command::Sound(SoundCommand::PlayMessage { leg, play, name }) => {
                self.read_message(leg, play, name)
            }
            Command::Keep(KeepCommand::Callback(callback)) => parts.store.callback_kept(*callback),
            Command::Keep(KeepCommand::CallbackOver(call)) => parts.store.callback_over(call),
            Command::Keep(KeepCommand::Message(message)) => parts.store.message_kept(*message),
            Command::Keep(KeepCommand::MessageDeleted(name)) => self.delete_message(name),
            Command::Record(RecordCommand::Begin { recording, call, kept, length, silence }) => {
                let (limits, at) = (Limits { length, silence }, clock::now().ticks);
                parts.recording.send(RecordingCommand::Begin { recording, call, kept, limits, at });
            }
            Command::Record(RecordCommand::AddLeg { recording, leg, side }) => {
                self.record_leg(recording, leg, side)
            }
            Command::Record(RecordCommand::Pause { recording }) => {
                let at = clock::now().ticks;
                parts.recording.send(RecordingCommand::Pause { recording, at });
            }
            Command::Record(RecordCommand::Resume { recording }) => {
                let at = clock::now().ticks;
                parts.recording.send(RecordingCommand::Resume { recording, at });
            }
            Command::Record(RecordCommand::End { recording }) => {
                let at = clock::now().ticks;
                parts.recording.send(RecordingCommand::End { recording, at });
            }
            Command::RoomSound(RoomSoundCommand::Ring { play, sound, volume }) => {
                self.sound_room(play, &sound, (Purpose::Ring, volume));
            }
            Command::RoomSound(RoomSoundCommand::Play { play, sound, volume }) => {
                self.sound_room(play, &sound, (Purpose::Announce, volume));
            }
            Command::RoomSound(RoomSoundCommand::Page { leg, play }) => self.page_room(leg, play),
            Command::RoomSound(RoomSoundCommand::Stop { play }) => {
                parts.speaker.stop(CueId(play.0))
            }
            Command::Keep(KeepCommand::Conversation(kept)) => {
                parts.store.conversation_changed(*kept)
            }
            Command::Keep(KeepCommand::ConversationLogged(entry)) => {
                parts.store.conversation_logged(*entry)
            }
            Command::Keep(KeepCommand::FollowUpPlanned(one)) => parts.store.follow_up_planned(*one),
            Command::Keep(KeepCommand::FollowUpDue(one)) => self.follow_up(&one),
            Command::Keep(KeepCommand::FollowUpDone(id)) => parts.store.follow_up_done(id),
            Command::Keep(KeepCommand::TrailAdded { call, entries }) => {
                parts.store.trail_added(call, entries)
            }
            Command::Keep(KeepCommand::TagCustomer { number, name, tags, who }) => {
                self.tag_customer(Tagged { number, name, tags, who });
            }
            Command::Keep(KeepCommand::LeadMet(lead)) => parts.store.lead_met(lead),
            Command::Keep(KeepCommand::CallStarted(record)) => parts.store.call_started(*record),
            Command::Keep(KeepCommand::CallEnded(record)) => self.call_ended(*record),
            Command::Keep(KeepCommand::Duty(duty)) => parts.store.duty_changed(*duty),
            Command::Keep(KeepCommand::WalkEnded(walk)) => parts.store.walk_ended(*walk),
            Command::Keep(KeepCommand::HoursSwitched(switch)) => parts.store.hours_switched(switch),
            Command::Publish(update) => {
                // Nobody may be watching.
                drop(parts.updates.send(update));
            }
        }
    }
}
