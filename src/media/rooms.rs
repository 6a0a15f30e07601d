//! All rooms, and when the next frame is due in them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::leg::{LegId, RoomId};
use crate::media::ear::FRAME;
use crate::media::line::Line;
use crate::media::neurons::Neurons;
use crate::media::outbox::Outbox;
use crate::media::room::Room;
use crate::time::Moment;

/// A tick this late is caught up with; anything later is left out (R18).
const MOST_CAUGHT_UP: Duration = Duration::from_millis(60);

/// All rooms keep one beat: a wake-up serves them all.
#[derive(Debug, Default)]
pub struct Rooms {
    rooms: BTreeMap<RoomId, Room>,
    due: Option<Instant>,
}

impl Rooms {
    pub fn open(&mut self, room: RoomId) {
        self.rooms.entry(room).or_default();
    }

    /// Who was in it.
    pub fn close(&mut self, room: RoomId) -> Vec<LegId> {
        self.rooms.remove(&room).map(|room| room.members().collect()).unwrap_or_default()
    }

    #[must_use]
    pub fn get_mut(&mut self, room: RoomId) -> Option<&mut Room> {
        self.rooms.get_mut(&room)
    }

    #[must_use]
    pub fn rate(&self, room: RoomId) -> Option<u32> {
        self.rooms.get(&room).map(Room::rate)
    }

    #[must_use]
    pub fn is_muted(&self, room: RoomId, leg: LegId) -> bool {
        self.rooms.get(&room).is_some_and(|room| room.is_muted(leg))
    }

    /// Who gets what is pressed in the room.
    #[must_use]
    pub fn keys_go_to(&self, room: RoomId) -> Option<LegId> {
        self.rooms.get(&room)?.keys_go_to()
    }

    /// Somebody has come in: the beat begins at `first`, if there was none.
    pub fn begin(&mut self, first: Instant) {
        self.due.get_or_insert(first);
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    pub fn handle_timeout(
        &mut self,
        lines: &mut BTreeMap<LegId, Line>,
        now: Moment,
        neurons: &mut Neurons,
        outbox: &mut Outbox,
    ) {
        while let Some(due) = self.due.filter(|due| *due <= now.ticks) {
            let late = now.ticks.saturating_duration_since(due);
            if late > MOST_CAUGHT_UP {
                let whole = late.as_micros() / FRAME.as_micros();
                self.due = Some(due + FRAME * u32::try_from(whole).unwrap_or(u32::MAX));
                continue;
            }
            let busy = self.rooms.values_mut().filter(|room| !room.is_empty());
            let mut count = 0;
            for room in busy {
                room.tick(lines, now, neurons, outbox);
                count += 1;
            }
            self.due = (count > 0).then_some(due + FRAME);
        }
    }
}
