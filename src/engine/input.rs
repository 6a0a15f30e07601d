//! What the engine is told.

use std::sync::Arc;
use std::time::Duration;

use crate::duty::DutyWish;
use crate::engine::dialling::WantedSound;
use crate::engine::targets::CountedToday;
use crate::history::call_id::CallId;
use crate::history::conversation::conversation::Conversation;
use crate::history::conversation::wish::ConversationWish;
use crate::history::follow_up::FollowUpId;
use crate::history::queue_wish::QueueWish;
use crate::history::recording_name::RecordingName;
use crate::history::remembered::Remembered;
use crate::history::voice_message::MessageWish;
use crate::history::webhook::WebhookId;
use crate::history::webhook_end::WebhookEnd;
use crate::leg::{
    ConferenceWish, LegEvent, LegId, PlayId, RecordingEnd, RecordingId, RecordingWish, SoundTrouble,
};
use crate::office::announcement::Situation;
use crate::office::device::Username;
use crate::office::extension::Extension;
use crate::office::hours::hours::HoursName;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::room_sound::{Percent, RoomSound};
use crate::office::snapshot::Office;

/// What the room shall hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomWish {
    Sound(RoomSound),
    /// Spoken in `language`, or in the office's own.
    Words {
        situation: Situation,
        language: Option<Language>,
    },
}

#[derive(Clone, Debug)]
pub enum Input {
    /// Admins have saved; new calls follow it at once, calls in progress go on.
    OfficeChanged(Arc<Office>),
    /// What was known before the start, or has come back with a backup.
    Remembered(Box<Remembered>),
    /// Somebody switches hours by hand, or gives them back to their schedule (L146).
    SwitchHours { hours: HoursName, open: Option<bool>, who: String },
    /// What SIP saw.
    Leg(LegEvent),
    /// The leg has pressed a key: once a press, however its phone told it.
    Digit { leg: LegId, digit: char },
    /// A clip that was not repeated has played to its end.
    PlayEnded { leg: LegId, play: PlayId },
    /// No sound has come from the leg for the time media allows.
    MediaLost { leg: LegId },
    /// Where the leg's sound comes from, or that none does, at most once each.
    SoundTrouble { leg: LegId, trouble: SoundTrouble },
    /// A phone has its first binding, or has lost its last.
    Registered { device: Username, registered: bool },
    /// An agent's call to `dialled`, asked for at the API: rings the agent's own phones first.
    /// `number` is picked for it, and for those after it (L44).
    Originate { agent: Extension, dialled: String, number: Option<PhoneNumber> },
    /// An agent wants to hear a sound: rings the agent's own phones first.
    PlayTo { agent: Extension, listening: WantedSound },
    /// Somebody does something to a conversation, which the store gave as `file`.
    Conversation { file: Box<Conversation>, wish: ConversationWish, who: String },
    /// The store has found the conversation of work after a call; none: it is not there, or not now.
    FollowUp { id: FollowUpId, file: Option<Box<Conversation>> },
    /// An agent calls the customer of a conversation: rings the agent's own phones first.
    CallBack { file: Box<Conversation>, agent: Extension },
    /// An agent, or an admin for them, says how they want to be called.
    Agent { agent: Extension, wish: DutyWish },
    /// Somebody wants the room to hear something.
    SoundRoom { sound: RoomWish, volume: Percent },
    /// Somebody wants a call to be recorded, or no longer.
    Record { call: CallId, wish: RecordingWish },
    /// Somebody wants something of a call on which people talk.
    Conference { call: CallId, wish: ConferenceWish },
    /// A recording is being written.
    RecordingBegan { recording: RecordingId, name: RecordingName },
    /// A recording has ended, or could not begin.
    RecordingEnded {
        recording: RecordingId,
        call: CallId,
        end: RecordingEnd,
        length: Duration,
        /// From its beginning to the last word.
        spoken: Duration,
    },
    /// What today's calls come to, as asked for by `Command::CountToday`.
    TodayCounted(CountedToday),
    /// What a workflow told another system has been taken, or never will be.
    WebhookEnded { id: WebhookId, call: CallId, step: String, end: WebhookEnd },
    /// Somebody does something to a message that a caller has left.
    Message { name: RecordingName, wish: MessageWish, who: String },
    /// Somebody reaches into the queue for a caller (L119, L122).
    Queue { call: CallId, wish: QueueWish, who: String },
    /// An admin ends a call.
    HangUp { call: CallId },
    /// The daemon is being stopped: every call ends now.
    Stop,
}
