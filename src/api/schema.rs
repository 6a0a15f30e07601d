//! The bodies of requests and answers that are no values of the office's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::binding::Binding;
use crate::history::call_record::CallRecord;
use crate::leg::RecordingWish;
use crate::office::announcement::Situation;
use crate::office::room_sound::{Percent, RoomSound};
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
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordBody {
    /// `begin`, `pause`, `resume` or `end`; `next` is what the keys `*1` do.
    #[schema(value_type = String)]
    pub wish: RecordingWish,
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
