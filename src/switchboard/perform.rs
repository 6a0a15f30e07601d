//! Does what the engine commands, by handing it on.

use crate::audio::g711::RATE;
use crate::audio::pipe::pipe;
use crate::clock;
use crate::engine::command::Command;
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
            Command::Ringing { leg } => parts.sip.send(SipRequest::Ringing { leg }),
            Command::EarlyMedia { leg, like } => {
                parts.sip.send(SipRequest::EarlyMedia { leg, like });
            }
            Command::Answer { leg, like } => parts.sip.send(SipRequest::Answer { leg, like }),
            Command::Ring(request) => parts.sip.send(SipRequest::Ring(request)),
            Command::HangUp { leg, cause } => parts.sip.send(SipRequest::HangUp { leg, cause }),
            Command::Join { one, other } => media(MediaCommand::Join { one, other }),
            Command::OpenConference { room, keys_to } => {
                media(MediaCommand::OpenRoom { room, keys_to });
            }
            Command::CloseConference { room } => media(MediaCommand::CloseRoom { room }),
            Command::JoinConference { room, leg, announced } => {
                media(MediaCommand::JoinRoom { room, leg, announced });
            }
            Command::MuteInConference { leg, muted } => {
                media(MediaCommand::MuteInRoom { leg, muted });
            }
            Command::HoldBackStar { leg } => media(MediaCommand::HoldBackStar { leg }),
            Command::PassKeys { leg, forget } => media(MediaCommand::PassKeys { leg, forget }),
            Command::Part { leg } => media(MediaCommand::Part { leg }),
            Command::Echo { leg } => media(MediaCommand::Echo { leg }),
            Command::Play { leg, play, sound, repeat } => {
                let clip = self.sounds.clip(&sound);
                parts.media.send(MediaCommand::Play { leg, play, clip, repeat });
            }
            Command::PlayMessage { leg, play, name } => self.read_message(leg, play, name),
            Command::KeepCallback(callback) => parts.store.callback_kept(*callback),
            Command::CallbackOver(call) => parts.store.callback_over(call),
            Command::KeepMessage(message) => parts.store.message_kept(*message),
            Command::DeleteMessage(name) => self.delete_message(name),
            Command::Record { recording, call, kept, length, silence } => {
                let (limits, at) = (Limits { length, silence }, clock::now().ticks);
                parts.recording.send(RecordingCommand::Begin { recording, call, kept, limits, at });
            }
            Command::RecordLeg { recording, leg, side } => self.record_leg(recording, leg, side),
            Command::PauseRecording { recording } => {
                let at = clock::now().ticks;
                parts.recording.send(RecordingCommand::Pause { recording, at });
            }
            Command::ResumeRecording { recording } => {
                let at = clock::now().ticks;
                parts.recording.send(RecordingCommand::Resume { recording, at });
            }
            Command::EndRecording { recording } => {
                let at = clock::now().ticks;
                parts.recording.send(RecordingCommand::End { recording, at });
            }
            Command::RingRoom { play, sound, volume } => {
                self.sound_room(play, &sound, (Purpose::Ring, volume));
            }
            Command::SoundRoom { play, sound, volume } => {
                self.sound_room(play, &sound, (Purpose::Announce, volume));
            }
            Command::PageRoom { leg, play } => self.page_room(leg, play),
            Command::StopRoom { play } => parts.speaker.stop(CueId(play.0)),
            Command::Conversation(kept) => parts.store.conversation_changed(*kept),
            Command::ConversationLogged(entry) => parts.store.conversation_logged(*entry),
            Command::FollowUpPlanned(one) => parts.store.follow_up_planned(*one),
            Command::FollowUpDue(one) => self.follow_up(&one),
            Command::FollowUpDone(id) => parts.store.follow_up_done(id),
            Command::Post(posting) => parts.webhook.send(*posting),
            Command::TrailAdded { call, entries } => parts.store.trail_added(call, entries),
            Command::TagCustomer { number, name, tags, who } => {
                self.tag_customer(Tagged { number, name, tags, who });
            }
            Command::LeadMet(lead) => parts.store.lead_met(lead),
            Command::CallStarted(record) => parts.store.call_started(*record),
            Command::CallEnded(record) => self.call_ended(*record),
            Command::KeepDuty(duty) => parts.store.duty_changed(*duty),
            Command::WalkEnded(walk) => parts.store.walk_ended(*walk),
            Command::HoursSwitched(switch) => parts.store.hours_switched(switch),
            Command::Publish(update) => {
                // Nobody may be watching.
                drop(parts.updates.send(update));
            }
        }
    }
}
