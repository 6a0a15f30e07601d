//! What the API asks of the switchboard; each request brings the way back for its answer.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use crate::api::refusal::Refusal;
use crate::api::schema::ban::BanLine;
use crate::api::schema::comparison::OfficeComparison;
use crate::api::schema::hours::HoursState;
use crate::api::schema::schema::RecordingFile;
use crate::api::schema::sip::CallSip;
use crate::api::schema::stats::{AgentStats, Stats};
use crate::api::schema::trunk::TrunkTest;
use crate::binding::Binding;
use crate::duty::DutyWish;
use crate::history::call_filter::CallFilter;
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::conversation::case_record::{CaseFilter, CaseRecord};
use crate::history::conversation::conversation::{Conversation, ConversationFile};
use crate::history::conversation::filter::ConversationFilter;
use crate::history::conversation::lead::Lead;
use crate::history::conversation::wish::ConversationWish;
use crate::history::conversation_id::ConversationId;
use crate::history::figures::figures::{FiguresFilter, TARGET};
use crate::history::figures::hours_filter::HoursFilter;
use crate::history::figures::span::{Span, midnight};
use crate::history::figures::workflow_figures::WorkflowFigures;
use crate::history::hours_switch::HoursVersion;
use crate::history::missed_reason::MissedReason;
use crate::history::office_change::OfficeChange;
use crate::history::queue_wish::QueueWish;
use crate::history::recording_name::RecordingName;
use crate::history::voice_message::{MessageWish, VoiceMessage};
use crate::leg::{ConferenceWish, RecordingWish};
use crate::live::{Live, LiveAgent};
use crate::office::announcement::Situation;
use crate::office::extension::Extension;
use crate::office::hours::hours::HoursName;
use crate::office::language::Language;
use crate::office::library::{HeldSound, Speakers};
use crate::office::number_document::{DocumentName, HeldDocument, MediaType, NumberDocument};
use crate::office::phone_number::PhoneNumber;
use crate::office::recording::{SoundHash, SoundName};
use crate::office::room_sound::{Percent, RoomSound};
use crate::office::snapshot::Office;
use crate::office::spoken::Spoken;
use crate::office::team::TeamName;
use crate::office::transport::Transport;
use crate::office::trunk::TrunkName;

/// Dropped unanswered, the request gets 503.
pub type Reply<T> = oneshot::Sender<Result<T, Refusal>>;

#[derive(Debug)]
pub enum ApiRequest {
    Health {
        reply: Reply<Health>,
    },
    Live {
        reply: Reply<Live>,
    },
    /// One page, newest first, without trails.
    Calls {
        filter: CallFilter,
        reply: Reply<Vec<CallRecord>>,
    },
    /// One call with its trail; not found is a refusal.
    Call {
        id: CallId,
        reply: Reply<CallRecord>,
    },
    /// The SIP messages of one call; not found is a refusal.
    CallSip {
        id: CallId,
        reply: Reply<CallSip>,
    },
    /// One page, the one that something happened in last first.
    Conversations {
        filter: ConversationFilter,
        reply: Reply<Vec<Conversation>>,
    },
    /// One page, the one that was opened last first.
    Cases {
        filter: CaseFilter,
        reply: Reply<Vec<CaseRecord>>,
    },
    /// One conversation with all that belongs to it; not found is a refusal.
    Conversation {
        id: ConversationId,
        reply: Reply<ConversationFile>,
    },
    /// Somebody does something to a conversation.
    Wish {
        id: ConversationId,
        wish: ConversationWish,
        /// As whom it is done: refused where an agent may not (L29).
        agent: Option<Extension>,
        who: String,
        reply: Reply<()>,
    },
    /// Ring the agent's phones, then the customer; refused when that was done already, unless `again`.
    CallBack {
        id: ConversationId,
        agent: Extension,
        again: bool,
        reply: Reply<()>,
    },
    /// Leads whose number or name holds `part`, the last met first.
    Leads {
        part: String,
        rows: u32,
        reply: Reply<Vec<Lead>>,
    },
    Office {
        reply: Reply<Arc<Office>>,
    },
    /// Make it durable, then live. Already validated.
    SaveOffice {
        office: Arc<Office>,
        /// Whose change it is.
        who: String,
        reply: Reply<()>,
    },
    /// Changes of the office before the one with that number, newest first.
    OfficeChanges {
        before: Option<u64>,
        rows: u32,
        reply: Reply<Vec<OfficeChange>>,
    },
    Hours {
        reply: Reply<Vec<HoursState>>,
    },
    SwitchHours {
        name: HoursName,
        open: Option<bool>,
        /// Whose hand it is.
        who: String,
        reply: Reply<HoursState>,
    },
    /// How a set was defined, oldest first.
    HoursVersions {
        name: HoursName,
        reply: Reply<Vec<HoursVersion>>,
    },
    /// Every sound file by its names.
    Sounds {
        reply: Reply<Vec<HeldSound>>,
    },
    /// Make a file ready to be played and keep it, unless it is only to be tried.
    AddSound {
        file: Bytes,
        name: Option<SoundName>,
        trial: bool,
        reply: Reply<HeldSound>,
    },
    /// Who speaks the office's texts.
    Speakers {
        reply: Reply<Speakers>,
    },
    /// Have a text spoken and keep the sound.
    Speak {
        language: Language,
        spoken: Spoken,
        reply: Reply<HeldSound>,
    },
    /// Not found is a refusal.
    RemoveSound {
        name: SoundName,
        reply: Reply<()>,
    },
    /// As it came; not found is a refusal.
    SoundFile {
        sha256: SoundHash,
        reply: Reply<Vec<u8>>,
    },
    /// Every document that is kept with a number, also with one that was given back.
    Documents {
        reply: Reply<Vec<HeldDocument>>,
    },
    /// In the place of the one there was.
    KeepDocument {
        file: DocumentFile,
        reply: Reply<HeldDocument>,
    },
    /// Not found is a refusal.
    Document {
        number: PhoneNumber,
        reply: Reply<NumberDocument>,
    },
    /// Not found is a refusal.
    RemoveDocument {
        number: PhoneNumber,
        reply: Reply<()>,
    },
    /// What is counted of workflows, every version that was ever run.
    Workflows {
        reply: Reply<Vec<WorkflowFigures>>,
    },
    /// What a span of days comes to: today so far unless told, by the usual target.
    Stats {
        asked: StatsAsked,
        reply: Reply<Stats>,
    },
    /// The same for each agent: today so far unless told.
    AgentStats {
        from: Option<i64>,
        to: Option<i64>,
        hours: Option<HoursFilter>,
        reply: Reply<AgentStats>,
    },
    /// What would become of a call, without making one.
    Simulate {
        call: Simulation,
        reply: Reply<CallRecord>,
    },
    /// What another office would have done to yesterday's calls.
    Compare {
        office: Arc<Office>,
        reply: Reply<OfficeComparison>,
    },
    Registrations {
        reply: Reply<Vec<Binding>>,
    },
    /// Addresses that guess passwords, the latest first.
    Bans {
        reply: Reply<Vec<BanLine>>,
    },
    /// Not found is a refusal.
    Pardon {
        source: IpAddr,
        reply: Reply<()>,
    },
    Trunks {
        reply: Reply<Vec<TrunkState>>,
    },
    /// Whether the provider is found, answers and lets us in; not found is a refusal.
    TestTrunk {
        trunk: TrunkName,
        reply: Reply<TrunkTest>,
    },
    /// Ring the agent's phones, then call `to` as the agent would dial it.
    Originate {
        agent: Extension,
        to: String,
        /// To be shown; the office's own.
        number: Option<PhoneNumber>,
        reply: Reply<()>,
    },
    /// An agent, or an admin for them, says how they want to be called.
    Agent {
        agent: Extension,
        wishes: Vec<DutyWish>,
        reply: Reply<LiveAgent>,
    },
    /// Let the room hear something; refused when there is no sound card for it.
    SoundRoom {
        sound: RoomWish,
        volume: Percent,
        reply: Reply<()>,
    },
    Speaker {
        reply: Reply<Vec<SpeakerCard>>,
    },
    /// Those of a call, or all.
    Recordings {
        call: Option<CallId>,
        reply: Reply<Vec<RecordingFile>>,
    },
    /// Ring the agent's phones, play them the sound and hang up.
    PlaySound {
        sound: HeardSound,
        agent: Extension,
        language: Option<Language>,
        reply: Reply<()>,
    },
    /// Where the file is, on the daemon's machine.
    RecordingPath {
        name: RecordingName,
        reply: Reply<PathBuf>,
    },
    DeleteRecording {
        name: RecordingName,
        reply: Reply<()>,
    },
    /// Messages that callers have left: those of an agent, or all.
    Messages {
        agent: Option<Extension>,
        reply: Reply<Vec<VoiceMessage>>,
    },
    /// Not found is a refusal.
    MessageWish {
        name: RecordingName,
        wish: MessageWish,
        who: String,
        reply: Reply<()>,
    },
    Record {
        call: CallId,
        wish: RecordingWish,
        reply: Reply<()>,
    },
    /// Somebody reaches into the queue for a caller; refused when it does not wait, or the agent
    /// cannot take it.
    Queue {
        call: CallId,
        wish: QueueWish,
        who: String,
        reply: Reply<()>,
    },
    /// Invite, mute or hold; refused when the call would not do it now.
    Conference {
        id: CallId,
        wish: ConferenceWish,
        reply: Reply<()>,
    },
    HangUp {
        id: CallId,
        reply: Reply<()>,
    },
    /// `path` is absolute, on the daemon's machine.
    Backup {
        path: PathBuf,
        reply: Reply<()>,
    },
    /// As `Backup`; the restored office goes live.
    Restore {
        path: PathBuf,
        reply: Reply<()>,
    },
}

/// A sound that somebody wants to hear on their phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeardSound {
    /// Of the built-in voice.
    BuiltIn(Situation),
    /// What a person wrote: a sound of the office's own, or a recording of a call.
    Named(SoundName),
    /// By its SHA-256, whatever it is called.
    Held(SoundHash),
}

/// A document on its way to a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFile {
    pub number: PhoneNumber,
    pub name: DocumentName,
    pub media_type: MediaType,
    pub content: Bytes,
    /// Who brings it in.
    pub who: String,
}

/// Which calls are counted; the fields narrow it. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatsAsked {
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// Seconds.
    pub target: Option<u32>,
    pub number: Option<PhoneNumber>,
    pub team: Option<TeamName>,
    pub hours: Option<HoursFilter>,
    pub without: BTreeSet<MissedReason>,
    /// Count the span before as well.
    pub compare: bool,
}

impl StatsAsked {
    /// Today so far on the calendar of `zone` unless told otherwise.
    #[must_use]
    pub fn filter(self, now: i64, zone: &TimeZone) -> FiguresFilter {
        let to = self.to.unwrap_or(now);
        let from = self.from.unwrap_or_else(|| midnight(to, zone));
        let span = Span { from, to, target: self.target.unwrap_or(TARGET) };
        let Self { number, team, hours, without, compare, .. } = self;
        FiguresFilter { span, number, team, hours, without, compare }
    }
}

/// A call to be played through a copy of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// As dialled.
    pub number: String,
    /// Empty: withheld.
    pub caller: String,
    /// Now unless given.
    pub at: Option<When>,
    pub keys: Vec<char>,
}

/// A moment, and who tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Milliseconds since 1970.
    Exact(i64),
    /// What the clock on the number's wall shows.
    Local(DateTime),
}

/// What the room shall hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomWish {
    Sound(RoomSound),
    /// In `language`, or in the office's own.
    Words {
        situation: Situation,
        language: Option<Language>,
    },
}

/// One of the box's sound cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpeakerCard {
    /// Its ALSA PCM name.
    pub card: String,
    pub state: SpeakerState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerState {
    Idle,
    Playing,
    /// Missing, busy or unplugged; it is tried again when something shall sound.
    Away,
}

/// How the daemon is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Whether calls can be taken and records be kept.
    pub ok: bool,
    pub version: String,
    /// Since when, in milliseconds since 1970.
    pub started: i64,
    pub calls: usize,
    /// Contacts that phones have registered.
    pub registrations: usize,
    /// On whose calendar days are counted, by its IANA name; empty: this machine's, which has none.
    #[serde(default)]
    pub timezone: String,
    pub store: StoreState,
}

/// How records are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoreState {
    /// False: the disk takes nothing; records wait in memory.
    pub writable: bool,
    pub waiting: usize,
    pub lost: u64,
}

/// A trunk as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrunkState {
    pub name: String,
    pub label: String,
    pub peer: Option<String>,
    /// The server we register at.
    pub server: Option<String>,
    /// `udp`, `tcp` or `tls`.
    #[serde(default)]
    pub transport: Transport,
    pub link: TrunkLink,
}

/// How a trunk and we know each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrunkLink {
    /// By its address alone; nothing is registered.
    Address,
    Registering,
    Registered,
    /// The provider refuses or does not answer.
    Failed,
}
