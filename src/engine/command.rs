//! What the engine wants done. Performed in order; none can fail towards the engine.

use crate::history::call_record::CallRecord;
use crate::history::lead::Lead;
use crate::leg::{HangupCause, LegId, PlayId, RingRequest};
use crate::live::Update;
use crate::office::announcement::Sound;
use crate::office::room_sound::Percent;

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Tell an arrived leg that phones ring (180).
    Ringing {
        leg: LegId,
    },
    /// Pass sound to an arrived leg before its answer (183 with a session description).
    EarlyMedia {
        leg: LegId,
        like: Option<LegId>,
    },
    /// Answer an arrived leg (200). `like` is the leg it will be joined to: same codec if it can be.
    Answer {
        leg: LegId,
        like: Option<LegId>,
    },
    /// Place a leg.
    Ring(RingRequest),
    /// End a leg in the way its state asks for: final answer, CANCEL or BYE.
    HangUp {
        leg: LegId,
        cause: HangupCause,
    },
    /// Let two legs hear each other; stops what they heard before.
    Join {
        one: LegId,
        other: LegId,
    },
    /// Part a leg from whatever it hears and is heard by.
    Part {
        leg: LegId,
    },
    /// Play to a leg, in the place of what it heard before.
    Play {
        leg: LegId,
        play: PlayId,
        sound: Sound,
        repeat: bool,
    },
    /// Let a leg hear itself.
    Echo {
        leg: LegId,
    },
    /// Let the room ring until it is told to stop.
    RingRoom {
        play: PlayId,
        sound: Sound,
        volume: Percent,
    },
    /// Play to the room, once, after what is being said there.
    SoundRoom {
        play: PlayId,
        sound: Sound,
        volume: Percent,
    },
    /// Let the room hear a leg, as long as the leg lives.
    PageRoom {
        leg: LegId,
        play: PlayId,
    },
    StopRoom {
        play: PlayId,
    },
    /// A number has called or been called that is no customer's (L21, L43).
    LeadMet(Lead),
    /// A call exists: write it down so that a crash cannot hide it.
    CallStarted(Box<CallRecord>),
    /// A call is over: its one and only record.
    CallEnded(Box<CallRecord>),
    /// Tell whoever watches.
    Publish(Update),
}
