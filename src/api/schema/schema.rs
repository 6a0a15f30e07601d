//! The bodies of requests and answers that are no values of the office's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::binding::Binding;
use crate::history::call_record::CallRecord;
use crate::history::conversation::case_record::CaseRecord;
use crate::history::conversation::conversation::{Case, Conversation};
use crate::history::conversation::lead::Lead;
use crate::history::conversation::log::LogEntry;
use crate::history::recorded_call::RecordedCall;
use crate::leg::RecordingWish;
use crate::office::announcement::Situation;
use crate::office::customer::Customer;
use crate::office::language::Language;
use crate::office::priority::Priority;
use crate::office::room_sound::{Percent, RoomSound};
use crate::office::warnings::Warning;
use crate::time::unix_millis;
use crate::words::Words;

/// A page of calls, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallPage {
    pub calls: Vec<CallRecord>,
    /// Give it as `before` for the next page; none: this is the last.
    pub next: Option<u64>,
}

/// A call with its trail in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallWithTrail {
    #[serde(flatten)]
    pub call: CallRecord,
    /// The decisions in the order they were made.
    pub why: Vec<TrailLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrailLine {
    /// Milliseconds since 1970.
    pub at: i64,
    pub words: Words,
}

/// One contact of one phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Registration {
    pub device: String,
    pub contact: String,
    pub source: String,
    pub transport: String,
    pub user_agent: String,
    /// Milliseconds since 1970.
    pub expires: i64,
}

impl From<Binding> for Registration {
    fn from(binding: Binding) -> Self {
        Self {
            device: binding.device.to_string(),
            contact: binding.contact,
            source: binding.source.to_string(),
            transport: binding.transport.to_string(),
            user_agent: binding.user_agent,
            expires: unix_millis(binding.expires),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginateBody {
    /// The extension whose phones ring first.
    pub agent: String,
    /// What the agent would dial.
    pub to: String,
    /// The office's number that is shown, for this call and the agent's later ones; without it the
    /// one they picked last, else by the numbers' routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityBody {
    pub priority: Priority,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveBody {
    /// The extension whose phones ring for the caller.
    pub agent: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlayToBody {
    /// Whose phones ring.
    pub extension: String,
    /// Of a built-in announcement; the agent's own unless given.
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordBody {
    /// `begin`, `pause`, `resume` or `end`; `next` is what the keys `*1` do.
    #[schema(value_type = String)]
    pub wish: RecordingWish,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteBody {
    /// Whose phones ring.
    pub extension: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MuteBody {
    /// Whom the others shall not hear, or hear again.
    pub extension: String,
    pub muted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    /// Whether the other side shall hear music.
    pub held: bool,
}

/// A recording of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordingFile {
    /// Under which it is fetched and deleted.
    pub name: String,
    pub call: u64,
    /// Its size so far.
    pub octets: u64,
    /// When something was last written to it; milliseconds since 1970.
    pub written: i64,
    /// None: the call is not in the history any more.
    #[serde(default)]
    pub of: Option<RecordedCall>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnounceBody {
    /// What is said: `greeting`, `all_busy` or `closed`, by the built-in voice.
    #[schema(value_type = String)]
    pub announcement: Situation,
    /// `ko en ja zh es`; the office's own unless given.
    pub language: Option<String>,
    /// 1 to 100; 80 unless given.
    #[schema(value_type = Option<u8>)]
    pub volume: Option<Percent>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlayBody {
    /// `chime`, `looping` or `national`; played once.
    #[schema(value_type = String)]
    pub sound: RoomSound,
    /// 1 to 100; 80 unless given.
    #[schema(value_type = Option<u8>)]
    pub volume: Option<Percent>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileBody {
    /// Absolute path of a file on the daemon's machine.
    pub path: String,
}

/// What a new office document changes, or would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfficeChanges {
    /// False after `dry_run`.
    pub applied: bool,
    pub changes: Vec<Words>,
    /// What the office should look at all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// A page of changes, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangePage {
    pub changes: Vec<ChangeLine>,
    /// Give it as `before` for the next page; none: this is the last.
    pub next: Option<u64>,
}

/// One change of the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeLine {
    pub id: u64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The user of the box who came by the socket, or `token`.
    pub who: String,
    pub changes: Vec<Words>,
}

/// A change with both documents, without passwords.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeDocuments {
    #[serde(flatten)]
    pub change: ChangeLine,
    pub before: String,
    pub after: String,
}

/// A customer, or a lead that is none yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerLine {
    pub number: String,
    /// Further numbers of the same person.
    pub also: Vec<String>,
    pub name: String,
    /// `ko en ja zh es`; none: by the number's country.
    pub language: Option<String>,
    pub tags: Vec<String>,
    pub blocked: bool,
    /// Learnt from a call, without a profile.
    pub lead: bool,
    /// Of a lead: the last call, in milliseconds since 1970.
    pub last_met: Option<i64>,
}

impl From<&Customer> for CustomerLine {
    fn from(customer: &Customer) -> Self {
        Self {
            number: customer.number.to_string(),
            also: customer.also.iter().map(ToString::to_string).collect(),
            name: customer.name.clone(),
            language: customer.language.map(|language| language.to_string()),
            tags: customer.tags.iter().map(ToString::to_string).collect(),
            blocked: customer.blocked,
            lead: false,
            last_met: None,
        }
    }
}

impl From<Lead> for CustomerLine {
    fn from(lead: Lead) -> Self {
        Self {
            number: lead.number.to_string(),
            also: Vec::new(),
            name: lead.name,
            language: None,
            tags: Vec::new(),
            blocked: false,
            lead: true,
            last_met: Some(lead.last_met),
        }
    }
}

/// What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `ko en ja zh es`; empty: by the number's country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// In the place of those there are; at most 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeBody {
    /// The number that the customer shall have as well.
    pub lead: String,
}

/// Every sound file that the office has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SoundList {
    pub sounds: Vec<SoundLine>,
}

/// A sound file under one of its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SoundLine {
    /// None: it is kept for the office, but no document may name it.
    pub name: Option<String>,
    pub sha256: String,
    /// Of the file.
    pub bytes: u64,
    pub milliseconds: u64,
    /// Whether a number plays it.
    pub used: bool,
}

/// The office's document together with the sound files that lie beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeBody {
    pub document: String,
    /// SHA-256 by the name that the document uses; each is held already (`PUT /v1/sounds/…`).
    #[serde(default)]
    pub sounds: BTreeMap<String, String>,
}

/// A page of cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CasePage {
    pub cases: Vec<CaseRecord>,
    /// Give it as `before` for the next page; none: this is the last.
    pub next: Option<String>,
}

/// A page of conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationPage {
    pub conversations: Vec<Conversation>,
    /// Give it as `before` for the next page; none: this is the last.
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationDetail {
    #[serde(flatten)]
    pub conversation: Conversation,
    pub cases: Vec<Case>,
    /// The newest first, without their trails.
    pub calls: Vec<CallRecord>,
    pub log: Vec<LogEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeBody {
    /// `10m`, `3h`, `30d`: 1 minute to 180 days.
    #[serde(rename = "for")]
    pub time: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteBody {
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagsBody {
    pub tags: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    /// An extension.
    pub agent: Option<String>,
    pub team: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallBackBody {
    /// The extension whose phones ring first.
    pub agent: String,
    /// Also when somebody has got through already.
    #[serde(default)]
    pub again: bool,
}
