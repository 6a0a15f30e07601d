//! What the office lets its own sound card do: ring for a waiting call, and tell the time.

use std::collections::BTreeMap;

use crate::office::bell::Bell;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::room_sound::{Percent, RoomSound};
use crate::office::team::TeamName;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speaker {
    /// For whom the room rings until a call is answered.
    pub rings: BTreeMap<Rung, RoomRing>,
    pub bells: Vec<Bell>,
}

/// Whose calls ring in the room. The first of these that a call concerns decides the sound.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    Number(PhoneNumber),
    Team(TeamName),
    Agent(Extension),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomRing {
    pub sound: RoomSound,
    pub volume: Percent,
}
