//! What the engine wants done. Performed in order; none can fail towards the engine.

use crate::duty::Duty;
use crate::history::agent_log::AgentLog;
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::callback::Callback;
use crate::history::conversation::conversation::HeldConversation;
use crate::history::conversation::lead::Lead;
use crate::history::conversation::log::LogEntry;
use crate::history::figures::target_alarm::TargetAlarm;
use crate::history::follow_up::{FollowUp, FollowUpId};
use crate::history::hours_switch::HoursSwitch;
use crate::history::recording_name::{Kept, RecordingName};
use crate::history::trail::trail::TrailEntry;
use crate::history::voice_message::VoiceMessage;
use crate::history::walk_record::WalkRecord;
use crate::history::webhook::Posting;
use crate::leg::{
    HangupCause, LegId, MessageCount, PlayId, RecordingId, RingRequest, RoomId, Side,
};
use crate::live::Update;
use crate::office::announcement::Sound;
use crate::office::device::Username;
use crate::office::phone_number::PhoneNumber;
use crate::office::room_sound::Percent;
use crate::office::tag::Tag;
use crate::office::target::Target;
use std::collections::BTreeSet;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Leg(LegCommand),
    Sound(SoundCommand),
    Conference(ConferenceCommand),
    Record(RecordCommand),
    RoomSound(RoomSoundCommand),
    Keep(KeepCommand),
    /// Tell another system; of what a workflow tells `Input::WebhookEnded` says what came of it.
    Post(Box<Posting>),
    /// The engine wants to know what today's calls come to for each of these.
    CountToday(Vec<Target>),
    /// A phone shall show that so many messages wait for its agent.
    Lamp {
        device: Username,
        count: MessageCount,
    },
    /// Tell whoever watches.
    Publish(Update),
}

/// Signalling of one leg.
#[derive(Clone, Debug, PartialEq)]
pub enum LegCommand {
    /// Tell an arrived leg that phones ring (180).
    Ringing { leg: LegId },
    /// Pass sound to an arrived leg before its answer (183 with a session description).
    EarlyMedia { leg: LegId, like: Option<LegId> },
    /// Answer an arrived leg (200). `like` is the leg it will be joined to: same codec if it can be.
    Answer { leg: LegId, like: Option<LegId> },
    /// Place a leg.
    Ring(RingRequest),
    /// End a leg in the way its state asks for: final answer, CANCEL or BYE.
    HangUp { leg: LegId, cause: HangupCause },
}

/// What legs hear, and whose keys they are sent.
#[derive(Clone, Debug, PartialEq)]
pub enum SoundCommand {
    /// Let two legs hear each other; stops what they heard before.
    Join { one: LegId, other: LegId },
    /// What the leg presses from a star on is not sent on before `PassKeys`.
    HoldBackStar { leg: LegId },
    /// What was held back is sent on, or forgotten.
    PassKeys { leg: LegId, forget: bool },
    /// Part a leg from whatever it hears and is heard by.
    Part { leg: LegId },
    /// Play to a leg, in the place of what it heard before.
    Play { leg: LegId, play: PlayId, sound: Sound, repeat: bool },
    /// As `Play`, once: a message that a caller has left. One that is gone is over at once.
    PlayMessage { leg: LegId, play: PlayId, name: RecordingName },
    /// Let a leg hear itself.
    Echo { leg: LegId },
}

/// A room for more than two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConferenceCommand {
    /// Make a room for more than two; what others press in it goes to `keys_to`.
    Open { room: RoomId, keys_to: Option<LegId> },
    /// Whoever is still in it hears nothing.
    Close { room: RoomId },
    /// Let a leg hear those in the room and be heard by them; stops what it heard before.
    Join {
        room: RoomId,
        leg: LegId,
        /// Whether the others hear it come, and later go.
        announced: bool,
    },
    /// Let the others in its room not hear a leg, or hear it again.
    Mute { leg: LegId, muted: bool },
}

/// Recordings: what is written down of what legs say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RecordCommand {
    /// Begin to record a call; what its legs say is added by `AddLeg`.
    Begin {
        recording: RecordingId,
        call: CallId,
        kept: Kept,
        /// It ends by itself after so long …
        length: Duration,
        /// … and after so long without a word.
        silence: Option<Duration>,
    },
    /// What the leg says is in the recording from now on, as long as the leg lives.
    AddLeg {
        recording: RecordingId,
        leg: LegId,
        side: Side,
    },
    Pause {
        recording: RecordingId,
    },
    Resume {
        recording: RecordingId,
    },
    End {
        recording: RecordingId,
    },
}

/// The box's own sound card: what the room hears.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomSoundCommand {
    /// Let the room ring until it is told to stop.
    Ring {
        play: PlayId,
        sound: Sound,
        volume: Percent,
    },
    /// Play to the room, once, after what is being said there.
    Play {
        play: PlayId,
        sound: Sound,
        volume: Percent,
    },
    /// Let the room hear a leg, as long as the leg lives.
    Page {
        leg: LegId,
        play: PlayId,
    },
    Stop {
        play: PlayId,
    },
}

/// What is to be kept over a restart, or taken up from what was kept.
#[derive(Clone, Debug, PartialEq)]
pub enum KeepCommand {
    /// Keep a conversation as it is now.
    Conversation(Box<HeldConversation>),
    /// Something happened in a conversation.
    ConversationLogged(Box<LogEntry>),
    /// A workflow shall run after a call, also if naru starts anew meanwhile.
    FollowUpPlanned(Box<FollowUp>),
    /// Its time has come: the engine wants its conversation.
    FollowUpDue(Box<FollowUp>),
    /// It has run, or never will.
    FollowUpDone(FollowUpId),
    /// What happened after the end of a call.
    TrailAdded { call: CallId, entries: Vec<TrailEntry> },
    /// A workflow puts tags on a customer, who has a profile from then on (L101).
    TagCustomer { number: PhoneNumber, name: String, tags: BTreeSet<Tag>, who: String },
    /// A number has called or been called that is no customer's (L21, L43).
    LeadMet(Lead),
    /// A call exists: write it down so that a crash cannot hide it.
    CallStarted(Box<CallRecord>),
    /// A call is over: its one and only record.
    CallEnded(Box<CallRecord>),
    /// Write down what an agent has said, or the work a call has left them.
    Duty(Box<Duty>),
    /// What an agent is from now on, or the work that they have done.
    AgentLog(Box<AgentLog>),
    /// A way through a workflow is over: count it.
    WalkEnded(Box<WalkRecord>),
    /// Keep what a customer was promised.
    Callback(Box<Callback>),
    /// What was promised in that call is done, or was not to be done.
    CallbackOver(CallId),
    /// Keep what is known of a message.
    Message(Box<VoiceMessage>),
    /// A figure of today is below its target, or no longer.
    Alarm(Box<TargetAlarm>),
    /// A message is not wanted any more: forget it and its sound.
    MessageDeleted(RecordingName),
    /// Hours were switched by hand: keep it over a restart.
    HoursSwitched(HoursSwitch),
}
