//! What sounds in the office's room: bells, words, and the ring of a call.

use crate::engine::call::room::RoomCue;
use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, RoomSoundCommand};
use crate::engine::input::RoomWish;
use crate::engine::voices::{room_sound, spoken_in};
use crate::office::announcement::Sound;
use crate::office::room_sound::Percent;
use crate::time::Moment;

impl CallEngine {
    pub(crate) fn ring_bells(&mut self, now: Moment) {
        if self.bells.poll_timeout().is_some_and(|due| due > now.ticks) {
            return;
        }
        for bell in self.bells.ring(&self.office.speaker.bells, now) {
            let sound = room_sound(bell.sound, &self.office.dial_out.home);
            let play = self.ids.play();
            self.commands.push_back(Command::RoomSound(RoomSoundCommand::Play {
                play,
                sound,
                volume: bell.volume,
            }));
        }
    }

    pub(crate) fn sound_room(&mut self, wish: RoomWish, volume: Percent) {
        let home = &self.office.dial_out.home;
        let sound = match wish {
            RoomWish::Sound(sound) => room_sound(sound, home),
            RoomWish::Words { situation, language } => {
                let language = language.unwrap_or_else(|| spoken_in(home));
                Sound::BuiltIn { situation, language }
            }
        };
        let play = self.ids.play();
        self.commands.push_back(Command::RoomSound(RoomSoundCommand::Play { play, sound, volume }));
    }

    /// The room rings for a call exactly as long as phones do.
    pub(crate) fn room_told(&mut self, before: Option<&RoomCue>, after: Option<RoomCue>) {
        if before == after.as_ref() {
            return;
        }
        if let Some(RoomCue { play, .. }) = before {
            self.commands.push_back(Command::RoomSound(RoomSoundCommand::Stop { play: *play }));
        }
        if let Some(RoomCue { play, sound, volume }) = after {
            self.commands.push_back(Command::RoomSound(RoomSoundCommand::Ring {
                play,
                sound,
                volume,
            }));
        }
    }
}
