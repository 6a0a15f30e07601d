//! The decisions of one call, in the order they were made, in plain words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::history::trail::hours::HoursLookedAt;
use crate::history::trail::voicemail::MessageStory;
use crate::history::trail::workflow::WorkflowStory;
use crate::leg::{HangupCause, RecordingEnd, SoundTrouble};
use crate::office::agent::Agent;
use crate::office::announcement::Situation;
use crate::office::device::Username;
use crate::office::extension::Extension;
use crate::office::feature_code::Feature;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::team::TeamName;
use crate::office::trunk::TrunkName;

/// One decision and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// Milliseconds since 1970.
    pub at: i64,
    pub decision: Decision,
}

/// An agent as they were called at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub extension: Extension,
    pub name: String,
}

impl From<&Agent> for Person {
    fn from(agent: &Agent) -> Self {
        Self { extension: agent.extension.clone(), name: agent.name.clone() }
    }
}

/// Why an agent was not rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// None of the agent's phones is registered.
    NoPhone,
    /// Another call rings there (L13).
    Ringing,
    /// One call at a time (L9).
    Talking,
    /// After-call work (S19).
    WrappingUp,
    /// They do not take customers' calls (L2).
    NoPhoneCalls,
    /// They are not in their seat.
    SeatEmpty,
    /// A break, gone home or on vacation.
    Away,
    /// They want to hear nothing.
    DoNotDisturb,
    /// None of their phones is to ring (L6).
    PhonesOff,
    /// This caller was given to them before, and they did not take the call.
    DidNotTake,
}

impl Skip {
    /// Whether the agent is there and works, and may take the next call.
    #[must_use]
    pub fn is_busy(self) -> bool {
        match self {
            Self::Ringing | Self::Talking | Self::WrappingUp => true,
            Self::NoPhone
            | Self::NoPhoneCalls
            | Self::SeatEmpty
            | Self::Away
            | Self::DoNotDisturb
            | Self::PhonesOff
            | Self::DidNotTake => false,
        }
    }
}

/// Why the phones of an agent stay silent, if not until they say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// They want no disturbance for so many seconds more (L3).
    EndsIn(u64),
    /// None of their phones is to ring (L6).
    PhonesOff,
}

/// Why a call was given to just this agent (L126–L128).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// The only one who has talked with this customer.
    TalkedBefore,
    /// The fewest conversations in progress; of several, who was given a call longest ago.
    FewestInProgress,
    /// Was given a call longest ago.
    LongestIdle,
}

/// Why the called party sees just this number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// The customer had dialled it (L44).
    DialledByCustomer,
    /// The agent picked it, for this call or the last one they picked a number for (L44).
    Picked,
    /// It is routed to the agent who calls (S79).
    RoutedToAgent,
    /// It is routed to a team of theirs (L44).
    RoutedToTeam(TeamName),
    /// It is the office's default (S80).
    Default,
    /// Nothing better was there, and an emergency call must go out.
    AnyOfOffice,
}

/// Why a call went out by just this trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carried {
    BringsShownNumber,
    FirstUsable,
}

/// A ringing call, and a phone that dials to take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PickupStory {
    /// It rang at `rang`; whoever dialled the code at `phone` has it now.
    Taken { by: Person, phone: String, rang: Vec<Person> },
    /// Nothing rings that the code could mean.
    NothingRings { dialled: String },
    /// Who has left their seat takes nobody's calls.
    NoSeat { by: Person },
}

/// One thing that happened to those who talk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConferenceStory {
    /// `by` is nobody of the call when somebody asked at the console or the API.
    Invited {
        agent: Person,
        by: Option<Person>,
    },
    NotInvited {
        /// As it was typed.
        extension: String,
        because: Unwilling,
    },
    DidNotCome {
        agent: Person,
        cause: HangupCause,
    },
    /// `talking` with them.
    Came {
        agent: Person,
        talking: usize,
    },
    /// Who is left goes on talking (L33).
    Left {
        party: String,
        agent: Option<Person>,
    },
    Muted {
        agent: Person,
        muted: bool,
    },
    /// The other side hears music (L39).
    Held {
        by: Option<Person>,
    },
    TakenBack {
        by: Option<Person>,
    },
}

/// Why a call does not do what somebody wants of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unwilling {
    /// Nobody talks yet, or no more.
    NobodyTalks,
    UnknownExtension,
    /// They are on this call, or their phone rings for it.
    HereAlready,
    NotHere,
    /// L32
    Full,
    /// There is no side that could hear music while the agents talk.
    NothingToHold,
    Skipped(Skip),
}

/// What the engine decided or learnt; the words are made when it is read, in either language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Decision {
    CameByTrunk {
        trunk: TrunkName,
        caller: String,
        dialled: String,
    },
    CameFromPhone {
        device: Username,
        agent: Person,
        dialled: String,
    },
    CameFromUnknownPhone {
        device: Username,
        dialled: String,
    },
    /// Somebody asked for the call at the console or the API.
    AskedFor {
        agent: Extension,
        dialled: String,
    },
    /// Somebody wants to hear a sound on their phone.
    SoundAskedFor {
        agent: Extension,
        name: String,
    },
    /// It is played to whom it was asked for.
    SoundPlayed {
        name: String,
    },
    AgentUnknown {
        agent: Extension,
    },

    NumberFound {
        number: PhoneNumber,
    },
    /// The trunk called its account and said no number.
    NumberUnsaid {
        trunk: TrunkName,
        number: PhoneNumber,
    },
    /// The trunk brings it, but the office has not taken it into use.
    NumberNotInUse {
        dialled: String,
        trunk: TrunkName,
    },
    NumberUnknown {
        dialled: String,
    },
    /// The caller is in the office's list of customers (L21).
    CustomerKnown {
        name: String,
    },
    /// L48, L67
    CustomerBlocked,
    /// The customer's profile says so (S104).
    LanguageByProfile {
        language: Language,
    },
    /// It was the office's and has been given back (P3).
    NumberReleased {
        dialled: String,
    },
    /// Whether the operating hours let the call through (S87, S99).
    HoursLookedAt(HoursLookedAt),
    LanguageByCallingCode {
        code: String,
        language: Language,
    },
    /// The caller's number is withheld.
    LanguageOfOffice {
        language: Language,
    },
    Said {
        situation: Situation,
        language: Language,
    },
    NothingToSay {
        situation: Situation,
    },
    SoundNeverEnded {
        seconds: u64,
    },

    RoutedToAgent {
        agent: Extension,
    },
    RoutedToTeam {
        team: TeamName,
    },
    RouteOff,
    /// The route names an agent or team that is no longer there.
    RouteLeadsNowhere,
    Skipped {
        agent: Person,
        because: Skip,
    },
    Rings {
        agents: Vec<Person>,
        phones: usize,
        seconds: u64,
    },
    /// An automatic team gives the call to one member.
    GivenTo {
        agent: Person,
        because: Chosen,
    },
    /// Somebody has put the caller through out of the queue (L119).
    GivenByHand {
        agent: Person,
        who: String,
    },
    /// Somebody has moved the caller in the queue (L122).
    /// Who waits for another team waits for this one, because somebody said so (L134).
    MovedByHand {
        team: TeamName,
        who: String,
    },
    PlacedByHand {
        priority: Priority,
        who: String,
    },
    /// The call is theirs, but their phones do not ring (L3, C12).
    GivenSilently {
        agents: Vec<Person>,
        seconds: u64,
        /// Who is not here wants no disturbance until they switch that off.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        silence: BTreeMap<Extension, Silence>,
    },
    Queued {
        team: TeamName,
        position: usize,
    },
    QueueFull {
        limit: usize,
    },
    LeftQueue {
        seconds: u64,
    },
    QueueTimeOver {
        seconds: u64,
    },
    /// The clocks of one call side by side, in seconds.
    Waited {
        greeting: u64,
        queue: u64,
        ringing: u64,
    },
    PartyRang {
        party: String,
    },
    EarlySound {
        party: String,
    },
    /// The sound between this party and us (RFC 3711).
    Encrypted {
        party: String,
    },
    /// It was encrypted, and is no longer.
    InClear {
        party: String,
    },
    PartyGone {
        party: String,
        cause: HangupCause,
    },
    Answered {
        party: String,
        agent: Option<Person>,
    },
    RingTimeOver {
        seconds: u64,
    },
    NobodyFree,
    EverybodyDeclined,
    NoPhoneReached,

    EmergencyDialled {
        dialled: String,
    },
    ColleagueDialled {
        agent: Person,
    },
    /// Their phone is asked to pick up by itself.
    IntercomDialled {
        agent: Person,
    },
    OwnExtensionDialled,
    FeatureDialled {
        feature: Feature,
    },
    NothingBehind {
        dialled: String,
    },
    CountryNotAllowed {
        number: PhoneNumber,
    },
    /// The office may dial it, but not by the trunk that brings the number shown (P8).
    CountryNotOnTrunk {
        number: PhoneNumber,
        trunk: TrunkName,
    },
    PremiumNotAllowed {
        number: PhoneNumber,
    },
    NumberShown {
        number: PhoneNumber,
        shown: PhoneNumber,
        because: Shown,
    },
    NoNumberToShow,
    TrunkChosen {
        trunk: TrunkName,
        dialled: String,
        because: Carried,
    },
    NoTrunk,
    /// Who is not in their seat does not call out (L45).
    NoSeatToCall {
        agent: Person,
    },

    RecordingBegan {
        /// Of its file.
        name: String,
    },
    RecordingPaused,
    RecordingResumed,
    RecordingEnded {
        end: RecordingEnd,
        seconds: u64,
    },

    /// See `history/trail/pickup.rs`.
    Pickup {
        story: PickupStory,
    },
    /// See `history/trail/conference.rs`.
    Conference {
        story: ConferenceStory,
    },
    CallerLeft {
        cause: HangupCause,
    },
    OtherLeft {
        party: String,
        cause: HangupCause,
    },
    SoundLost {
        party: String,
    },
    /// No sound comes from there, or from another place than was named.
    SoundOdd {
        party: String,
        trouble: SoundTrouble,
    },
    TooManyCalls {
        limit: usize,
    },
    /// See `history/trail/workflow.rs`.
    Workflow {
        story: WorkflowStory,
    },
    /// See `history/trail/voicemail.rs`.
    Voicemail {
        story: MessageStory,
    },
    EndedByAdmin,
    Stopped,
    Refused {
        cause: HangupCause,
    },
}
