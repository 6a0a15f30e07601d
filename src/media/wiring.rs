//! Who hears whom, or what: a leg, itself, a clip or a room.

use std::mem;
use std::sync::Arc;

use crate::audio::clip::Clip;
use crate::audio::pipe::Writer;
use crate::leg::{LegId, PlayId, RoomId};
use crate::media::clip::playback::Playback;
use crate::media::line::Hears;
use crate::media::patchbay::{Patchbay, gone};
use crate::media::tap::Tap;
use crate::media::tape::TapeWriter;
use crate::time::Moment;

impl Patchbay {
    /// Both hear each other, and nothing and nobody else.
    pub fn join(&mut self, one: LegId, other: LegId) {
        if one == other || !self.lines.contains_key(&one) || !self.lines.contains_key(&other) {
            return gone(one, "join");
        }
        self.part(one);
        self.part(other);
        for (leg, partner) in [(one, other), (other, one)] {
            if let Some(line) = self.lines.get_mut(&leg) {
                (line.hears, line.heard_by) = (Hears::Leg(partner), Some(partner));
            }
        }
    }

    /// Neither hears nor is heard.
    pub fn part(&mut self, leg: LegId) {
        self.let_hear(leg, Hears::Nothing);
        let line = self.lines.get_mut(&leg);
        let listener = line.and_then(|line| {
            line.pages = None;
            line.heard_by.take()
        });
        if let Some(listener) = listener.and_then(|listener| self.lines.get_mut(&listener)) {
            listener.hears = Hears::Nothing;
            listener.stream.begin();
        }
    }

    /// In the place of what the leg heard; whoever hears the leg goes on doing so. A leg that is
    /// not tuned yet hears the clip from its beginning as soon as it is.
    pub fn play(
        &mut self,
        leg: LegId,
        play: PlayId,
        (clip, repeat): (Arc<Clip>, bool),
        now: Moment,
    ) {
        let mut playback = Playback::new(play, clip, repeat);
        let first = self.next_tick(now);
        if self.lines.get(&leg).is_some_and(|line| line.tuning.is_some()) {
            playback.start(first);
            self.wake_at(first);
        }
        self.let_hear(leg, Hears::Clip(playback));
    }

    pub fn echo(&mut self, leg: LegId) {
        self.part(leg);
        self.let_hear(leg, Hears::Itself);
    }

    /// Whoever reads `into` hears the leg, and the leg hears nothing.
    pub fn page(&mut self, leg: LegId, into: Writer) {
        self.part(leg);
        match self.lines.get_mut(&leg) {
            Some(line) => line.pages = Some(Tap::new(into)),
            None => gone(leg, "page"),
        }
    }

    /// In the place of an earlier tape; whoever hears the leg goes on doing so.
    pub fn record(&mut self, leg: LegId, tape: TapeWriter) {
        match self.lines.get_mut(&leg) {
            Some(line) => line.tape = Some(tape),
            None => gone(leg, "record"),
        }
    }

    pub(in crate::media) fn let_hear(&mut self, leg: LegId, hears: Hears) {
        let Some(line) = self.lines.get_mut(&leg) else { return gone(leg, "hear") };
        line.stream.begin();
        match mem::replace(&mut line.hears, hears) {
            Hears::Leg(partner) => {
                if let Some(partner) = self.lines.get_mut(&partner) {
                    partner.heard_by = None;
                }
            }
            Hears::Room(room) => {
                line.decoded = line.decoded_so_far();
                (line.ear, line.ear_due) = (None, None);
                if let Some(room) = self.rooms.get_mut(room) {
                    room.leave(leg);
                }
            }
            Hears::Nothing | Hears::Itself | Hears::Clip(_) => {}
        }
    }

    pub fn open_room(&mut self, room: RoomId) {
        self.rooms.open(room);
    }

    /// Whoever is still in it hears nothing.
    pub fn close_room(&mut self, room: RoomId) {
        for leg in self.rooms.close(room) {
            self.let_hear(leg, Hears::Nothing);
        }
    }

    /// In the place of what the leg heard, and of who heard it.
    pub fn join_room(&mut self, room: RoomId, leg: LegId, announced: bool, now: Moment) {
        if self.rooms.rate(room).is_none() || !self.lines.contains_key(&leg) {
            return gone(leg, "room");
        }
        self.part(leg);
        self.let_hear(leg, Hears::Room(room));
        if let Some(room) = self.rooms.get_mut(room) {
            room.join(leg, announced);
        }
        let first = self.next_tick(now);
        self.rooms.begin(first);
        self.wake_at(first);
    }

    pub fn leave_room(&mut self, leg: LegId) {
        if self.room_of(leg).is_some() {
            self.let_hear(leg, Hears::Nothing);
        }
    }

    /// The others in the room hear the leg no more, or again.
    pub fn mute(&mut self, leg: LegId, muted: bool) {
        if let Some(room) = self.room_of(leg).and_then(|room| self.rooms.get_mut(room)) {
            room.mute(leg, muted);
        }
    }

    pub(in crate::media) fn room_of(&self, leg: LegId) -> Option<RoomId> {
        match self.lines.get(&leg)?.hears {
            Hears::Room(room) => Some(room),
            Hears::Nothing | Hears::Itself | Hears::Leg(_) | Hears::Clip(_) => None,
        }
    }
}
