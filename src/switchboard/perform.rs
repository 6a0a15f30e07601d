//! Does what the engine commands, by handing it on.

use crate::audio::g711::RATE;
use crate::audio::pipe::pipe;
use crate::engine::command::Command;
use crate::leg::PlayId;
use crate::media::handle::MediaCommand;
use crate::office::announcement::Sound;
use crate::office::room_sound::Percent;
use crate::sip::handle::SipRequest;
use crate::speaker::score::{Cue, CueId, Purpose, Sound as RoomSound, Volume};
use crate::switchboard::run::Switchboard;

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

    pub(crate) fn perform(&mut self, command: Command) {
        let parts = &self.parts;
        match command {
            Command::Ringing { leg } => parts.sip.send(SipRequest::Ringing { leg }),
            Command::EarlyMedia { leg, like } => {
                parts.sip.send(SipRequest::EarlyMedia { leg, like });
            }
            Command::Answer { leg, like } => parts.sip.send(SipRequest::Answer { leg, like }),
            Command::Ring(request) => parts.sip.send(SipRequest::Ring(request)),
            Command::HangUp { leg, cause } => parts.sip.send(SipRequest::HangUp { leg, cause }),
            Command::Join { one, other } => parts.media.send(MediaCommand::Join { one, other }),
            Command::Part { leg } => parts.media.send(MediaCommand::Part { leg }),
            Command::Echo { leg } => parts.media.send(MediaCommand::Echo { leg }),
            Command::Play { leg, play, sound, repeat } => {
                let clip = self.sounds.clip(&sound);
                parts.media.send(MediaCommand::Play { leg, play, clip, repeat });
            }
            Command::RingRoom { play, sound, volume } => {
                self.sound_room(play, &sound, (Purpose::Ring, volume));
            }
            Command::SoundRoom { play, sound, volume } => {
                self.sound_room(play, &sound, (Purpose::Announce, volume));
            }
            Command::PageRoom { leg, play } => {
                let (into, reader) = pipe(PAGE_BACKLOG);
                let sound = RoomSound::Live { reader, rate: RATE };
                let (id, purpose) = (CueId(play.0), Purpose::Page);
                parts.speaker.start(Cue { id, purpose, sound, volume: Volume::FULL });
                parts.media.send(MediaCommand::Page { leg, into });
            }
            Command::StopRoom { play } => parts.speaker.stop(CueId(play.0)),
            Command::LeadMet(lead) => parts.store.lead_met(lead),
            Command::CallStarted(record) => parts.store.call_started(*record),
            Command::CallEnded(record) => parts.store.call_ended(*record),
            Command::Publish(update) => {
                // Nobody may be watching.
                drop(parts.updates.send(update));
            }
        }
    }
}
