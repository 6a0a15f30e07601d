//! What the store's threads are asked to do, and how they answer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::binding::BindingChange;
use crate::duty::Duty;
use crate::history::agent_log::AgentLog;
use crate::history::call_filter::CallFilter;
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::callback::Callback;
use crate::history::conversation::case_record::{CaseFilter, CaseRecord};
use crate::history::conversation::conversation::{
    Conversation, ConversationFile, HeldConversation,
};
use crate::history::conversation::filter::ConversationFilter;
use crate::history::conversation::lead::Lead;
use crate::history::conversation::log::LogEntry;
use crate::history::conversation_id::ConversationId;
use crate::history::figures::agent_figures::{AgentFigures, AgentSpan};
use crate::history::figures::figures::{CallFigures, Figures, FiguresFilter};
use crate::history::figures::hours_filter::HoursFilter;
use crate::history::figures::target_alarm::TargetAlarm;
use crate::history::figures::workflow_figures::WorkflowFigures;
use crate::history::hours_switch::{HoursSwitch, HoursVersion};
use crate::history::known_quality::KnownQuality;
use crate::history::office_change::{OfficeChange, Signature};
use crate::history::recorded_call::RecordedCall;
use crate::history::recording_name::RecordingName;
use crate::history::remembered::Remembered;
use crate::history::trail::trail::TrailEntry;
use crate::history::voice_message::VoiceMessage;
use crate::history::walk_record::WalkRecord;
use crate::office::hours::hours::HoursName;
use crate::office::library::HeldSound;
use crate::office::number_document::{HeldDocument, NumberDocument};
use crate::office::phone_number::PhoneNumber;
use crate::office::recording::{SoundHash, SoundName};
use crate::office::snapshot::Office;
use crate::office::target::Target;
use crate::store::error::StoreError;
use crate::store::table::follow_ups::FollowUpChange;
use crate::store::table::sounds::{NewSound, Samples};
use crate::watcher::WatcherChange;

/// An answer that comes later.
pub type Answer<T> = oneshot::Receiver<Result<T, StoreError>>;
pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer thread is asked to do.
#[derive(Debug)]
pub(crate) enum Write {
    Office {
        office: Arc<Office>,
        by: Signature,
        reply: Reply<()>,
    },
    Call(Box<CallRecord>),
    Bindings(Vec<BindingChange>),
    Watchers(Vec<WatcherChange>),
    Duty(Box<Duty>),
    AgentLog(AgentLog),
    Alarm(Box<TargetAlarm>),
    Walk(Box<WalkRecord>),
    Lead(Lead),
    Conversation(Box<HeldConversation>),
    Logged(Box<LogEntry>),
    Quality(Box<KnownQuality>),
    FollowUp(FollowUpChange),
    /// Of a call that is over.
    Trail {
        call: CallId,
        entries: Vec<TrailEntry>,
    },
    /// Answered when everything sent before is on disk.
    File {
        id: ConversationId,
        reply: Reply<Option<Conversation>>,
    },

    Callback {
        call: CallId,
        /// None: it is done.
        callback: Option<Box<Callback>>,
    },
    Message {
        name: RecordingName,
        /// None: it is gone.
        message: Option<Box<VoiceMessage>>,
    },
    HoursSwitched(HoursSwitch),
    Restore {
        path: PathBuf,
        reply: Reply<Office>,
    },
    Sound(SoundWrite),
    Document(DocumentWrite),
    Close,
    /// Lets a test change the writer's connection.
    #[cfg(test)]
    Connection(fn(&rusqlite::Connection)),
}

/// Seldom and large.
#[derive(Debug)]
pub(crate) enum SoundWrite {
    Add { sound: Box<NewSound>, name: Option<SoundName>, reply: Reply<HeldSound> },
    Remove { name: SoundName, now: i64, reply: Reply<bool> },
}

/// As sounds: seldom and large.
#[derive(Debug)]
pub(crate) enum DocumentWrite {
    Keep { document: Box<NumberDocument>, reply: Reply<()> },
    Remove { number: PhoneNumber, reply: Reply<bool> },
}

/// What the list thread is asked to do.
#[derive(Debug)]
pub(crate) enum Read {
    Calls {
        filter: CallFilter,
        reply: Reply<Vec<CallRecord>>,
    },
    Recorded {
        ids: Vec<CallId>,
        reply: Reply<BTreeMap<CallId, RecordedCall>>,
    },
    Call {
        id: CallId,
        reply: Reply<Option<CallRecord>>,
    },
    Conversations {
        filter: ConversationFilter,
        reply: Reply<Vec<Conversation>>,
    },
    Cases {
        filter: CaseFilter,
        reply: Reply<Vec<CaseRecord>>,
    },
    Conversation {
        id: ConversationId,
        reply: Reply<Option<ConversationFile>>,
    },
    Leads {
        part: String,
        rows: u32,
        reply: Reply<Vec<Lead>>,
    },
    Changes {
        before: Option<u64>,
        rows: u32,
        reply: Reply<Vec<OfficeChange>>,
    },
    Workflows {
        reply: Reply<Vec<WorkflowFigures>>,
    },
    Figures {
        filter: Box<FiguresFilter>,
        reply: Reply<Figures>,
    },
    /// What the calls from the first to the second moment come to for each.
    Targets {
        span: (i64, i64),
        targets: Vec<Target>,
        reply: Reply<Vec<(Target, CallFigures)>>,
    },
    AgentFigures {
        span: AgentSpan,
        hours: Option<HoursFilter>,
        reply: Reply<BTreeMap<String, AgentFigures>>,
    },
    HoursVersions {
        name: HoursName,
        reply: Reply<Vec<HoursVersion>>,
    },
    Remembered {
        reply: Reply<Remembered>,
    },
    Backup {
        path: PathBuf,
        reply: Reply<()>,
    },
    Sounds {
        reply: Reply<Vec<HeldSound>>,
    },
    Samples {
        wanted: BTreeSet<SoundHash>,
        reply: Reply<Vec<Samples>>,
    },
    SoundFile {
        sha256: SoundHash,
        reply: Reply<Option<Vec<u8>>>,
    },
    Documents {
        reply: Reply<Vec<HeldDocument>>,
    },
    Document {
        number: PhoneNumber,
        reply: Reply<Option<NumberDocument>>,
    },
    Close,
}

impl Write {
    /// The writer takes no more; whoever waits learns it.
    pub(crate) fn refuse(self, error: StoreError) {
        match self {
            Self::Office { reply, .. } => answer(reply, Err(error)),
            Self::Restore { reply, .. } => answer(reply, Err(error)),
            Self::File { reply, .. } => answer(reply, Err(error)),
            Self::Sound(SoundWrite::Add { reply, .. }) => answer(reply, Err(error)),
            Self::Sound(SoundWrite::Remove { reply, .. }) => answer(reply, Err(error)),
            Self::Document(DocumentWrite::Keep { reply, .. }) => answer(reply, Err(error)),
            Self::Document(DocumentWrite::Remove { reply, .. }) => answer(reply, Err(error)),
            Self::Call(_)
            | Self::Bindings(_)
            | Self::Watchers(_)
            | Self::Duty(_)
            | Self::Alarm(_)
            | Self::AgentLog(_)
            | Self::Lead(_)
            | Self::Conversation(_)
            | Self::Logged(_)
            | Self::Quality(_)
            | Self::Message { .. }
            | Self::Callback { .. }
            | Self::HoursSwitched(_)
            | Self::Walk(_)
            | Self::FollowUp(_)
            | Self::Trail { .. }
            | Self::Close => {}
            #[cfg(test)]
            Self::Connection(_) => {}
        }
    }
}

impl Read {
    pub(crate) fn refuse(self, error: StoreError) {
        match self {
            Self::Calls { reply, .. } => answer(reply, Err(error)),
            Self::Call { reply, .. } => answer(reply, Err(error)),
            Self::Recorded { reply, .. } => answer(reply, Err(error)),
            Self::Conversations { reply, .. } => answer(reply, Err(error)),
            Self::Cases { reply, .. } => answer(reply, Err(error)),
            Self::Conversation { reply, .. } => answer(reply, Err(error)),
            Self::Leads { reply, .. } => answer(reply, Err(error)),
            Self::Changes { reply, .. } => answer(reply, Err(error)),
            Self::Workflows { reply } => answer(reply, Err(error)),
            Self::Figures { reply, .. } => answer(reply, Err(error)),
            Self::Targets { reply, .. } => answer(reply, Err(error)),
            Self::AgentFigures { reply, .. } => answer(reply, Err(error)),
            Self::HoursVersions { reply, .. } => answer(reply, Err(error)),
            Self::Remembered { reply } => answer(reply, Err(error)),
            Self::Backup { reply, .. } => answer(reply, Err(error)),
            Self::Sounds { reply } => answer(reply, Err(error)),
            Self::Samples { reply, .. } => answer(reply, Err(error)),
            Self::SoundFile { reply, .. } => answer(reply, Err(error)),
            Self::Documents { reply } => answer(reply, Err(error)),
            Self::Document { reply, .. } => answer(reply, Err(error)),
            Self::Close => {}
        }
    }
}

/// Answers whoever still waits; one who went away is nobody's loss.
pub(crate) fn answer<T>(reply: Reply<T>, result: Result<T, StoreError>) {
    drop(reply.send(result));
}
