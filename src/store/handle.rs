//! What the switchboard holds of the store: cheap to clone, sends messages, never waits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};

use tokio::sync::oneshot;
use tracing::warn;

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
use crate::history::follow_up::{FollowUp, FollowUpId};
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
use crate::store::request::{Answer, DocumentWrite, Read, SoundWrite, Write};
use crate::store::table::follow_ups::FollowUpChange;
use crate::store::table::sounds::{NewSound, Samples};
use crate::watcher::WatcherChange;

/// How the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreHealth {
    /// Whether the last write reached the disk.
    pub writable: bool,
    /// Records in memory that the disk has not taken yet.
    pub waiting: usize,
    /// Call records that are lost since the start.
    pub lost: u64,
}

#[derive(Debug)]
pub(crate) struct Gauge {
    pub(crate) writable: AtomicBool,
    pub(crate) waiting: AtomicUsize,
    pub(crate) lost: AtomicU64,
    /// Messages in the writer's channel.
    pub(crate) queued: AtomicUsize,
}

/// Messages the writer may be behind; a second of the busiest office is some tens.
pub(crate) const CAPACITY: usize = 8_192;

#[derive(Clone, Debug)]
pub struct StoreHandle {
    pub(crate) writes: SyncSender<Write>,
    pub(crate) reads: SyncSender<Read>,
    pub(crate) gauge: Arc<Gauge>,
}

impl StoreHandle {
    /// Answers when the office is on disk, together with who changed it.
    #[must_use]
    pub fn save_office(&self, office: Arc<Office>, by: Signature) -> Answer<()> {
        let (reply, answer) = oneshot::channel();
        self.write(Write::Office { office, by, reply });
        answer
    }

    /// The call exists; a crash from now on closes it as interrupted.
    pub fn call_started(&self, record: CallRecord) {
        self.write(Write::Call(Box::new(record)));
    }

    /// The call's one and only record; on disk within 100 ms.
    pub fn call_ended(&self, record: CallRecord) {
        self.write(Write::Call(Box::new(record)));
    }

    /// One more way through a workflow, to be counted.
    pub fn walk_ended(&self, walk: WalkRecord) {
        self.write(Write::Walk(Box::new(walk)));
    }

    /// Gives way to call records when the writer is far behind: phones register again.
    pub fn bindings_changed(&self, changes: Vec<BindingChange>) {
        if self.gauge.queued.load(Ordering::Relaxed) > CAPACITY / 2 {
            warn!(changes = changes.len(), "the store is behind; bindings are not kept");
            return;
        }
        self.write(Write::Bindings(changes));
    }

    /// Gives way as bindings do: phones ask again.
    pub fn watchers_changed(&self, changes: Vec<WatcherChange>) {
        if self.gauge.queued.load(Ordering::Relaxed) > CAPACITY / 2 {
            warn!(changes = changes.len(), "the store is behind; who watches a box is not kept");
            return;
        }
        self.write(Write::Watchers(changes));
    }

    /// What an agent has said, or the work a call has left them; it outlives a restart.
    pub fn duty_changed(&self, duty: Duty) {
        self.write(Write::Duty(Box::new(duty)));
    }

    /// One page, newest first, without trails.
    #[must_use]
    pub fn calls(&self, filter: CallFilter) -> Answer<Vec<CallRecord>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Calls { filter, reply });
        answer
    }

    /// One call with its trail.
    #[must_use]
    pub fn recorded(&self, ids: Vec<CallId>) -> Answer<BTreeMap<CallId, RecordedCall>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Recorded { ids, reply });
        answer
    }

    #[must_use]
    pub fn call(&self, id: CallId) -> Answer<Option<CallRecord>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Call { id, reply });
        answer
    }

    pub fn conversation_changed(&self, kept: HeldConversation) {
        self.write(Write::Conversation(Box::new(kept)));
    }

    pub fn conversation_logged(&self, entry: LogEntry) {
        self.write(Write::Logged(Box::new(entry)));
    }

    /// What a customer was promised; it outlives a restart.
    pub fn callback_kept(&self, callback: Callback) {
        let (call, callback) = (callback.call, Some(Box::new(callback)));
        self.write(Write::Callback { call, callback });
    }

    pub fn callback_over(&self, call: CallId) {
        self.write(Write::Callback { call, callback: None });
    }

    /// How a leg of a call sounded.
    pub fn leg_sounded(&self, known: KnownQuality) {
        self.write(Write::Quality(Box::new(known)));
    }

    /// A workflow waits for its time after a call; it outlives a restart.
    pub fn follow_up_planned(&self, one: FollowUp) {
        self.write(Write::FollowUp(FollowUpChange::Planned(Box::new(one))));
    }

    /// It has run, or never will.
    pub fn follow_up_done(&self, id: FollowUpId) {
        self.write(Write::FollowUp(FollowUpChange::Done(id)));
    }

    /// What has happened after the end of a call.
    pub fn trail_added(&self, call: CallId, entries: Vec<TrailEntry>) {
        self.write(Write::Trail { call, entries });
    }

    /// What is known of a message that a caller has left.
    pub fn message_kept(&self, message: VoiceMessage) {
        let (name, message) = (message.name, Some(Box::new(message)));
        self.write(Write::Message { name, message });
    }

    pub fn message_gone(&self, name: RecordingName) {
        self.write(Write::Message { name, message: None });
    }

    /// A conversation as it is when everything sent before is on disk.
    #[must_use]
    pub fn conversation_now(&self, id: ConversationId) -> Answer<Option<Conversation>> {
        let (reply, answer) = oneshot::channel();
        self.write(Write::File { id, reply });
        answer
    }

    /// One page, the one that something happened in last first.
    #[must_use]
    pub fn conversations(&self, filter: ConversationFilter) -> Answer<Vec<Conversation>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Conversations { filter, reply });
        answer
    }

    /// One page, the one that was opened last first.
    #[must_use]
    pub fn cases(&self, filter: CaseFilter) -> Answer<Vec<CaseRecord>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Cases { filter, reply });
        answer
    }

    /// One conversation with all that belongs to it.
    #[must_use]
    pub fn conversation(&self, id: ConversationId) -> Answer<Option<ConversationFile>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Conversation { id, reply });
        answer
    }

    /// Keeps a number that is no customer's; what is known of it already stays.
    pub fn lead_met(&self, lead: Lead) {
        self.write(Write::Lead(lead));
    }

    /// Leads whose number or name holds `part`, the last met first.
    #[must_use]
    pub fn leads(&self, part: String, rows: u32) -> Answer<Vec<Lead>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Leads { part, rows, reply });
        answer
    }

    /// Changes of the office before the one with that number, newest first.
    #[must_use]
    pub fn changes(&self, before: Option<u64>, rows: u32) -> Answer<Vec<OfficeChange>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Changes { before, rows, reply });
        answer
    }

    /// How callers went through each version of each workflow.
    #[must_use]
    pub fn workflows(&self) -> Answer<Vec<WorkflowFigures>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Workflows { reply });
        answer
    }

    /// What a span of days comes to.
    #[must_use]
    pub fn figures(&self, filter: FiguresFilter) -> Answer<Figures> {
        let (reply, answer) = oneshot::channel();
        let filter = Box::new(filter);
        self.read(Read::Figures { filter, reply });
        answer
    }

    /// What the calls from the first to the second moment come to for each target.
    #[must_use]
    pub fn count(
        &self,
        span: (i64, i64),
        targets: Vec<Target>,
    ) -> Answer<Vec<(Target, CallFigures)>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Targets { span, targets, reply });
        answer
    }

    /// A figure of today is below its target, or no longer.
    pub fn alarm_changed(&self, alarm: TargetAlarm) {
        self.write(Write::Alarm(Box::new(alarm)));
    }

    /// By extension.
    #[must_use]
    pub fn agent_figures(
        &self,
        span: AgentSpan,
        hours: Option<HoursFilter>,
    ) -> Answer<BTreeMap<String, AgentFigures>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::AgentFigures { span, hours, reply });
        answer
    }

    /// What an agent is from now on, or the work that they have done.
    pub fn agent_logged(&self, entry: AgentLog) {
        self.write(Write::AgentLog(entry));
    }

    /// Somebody has switched hours by hand.
    pub fn hours_switched(&self, switch: HoursSwitch) {
        self.write(Write::HoursSwitched(switch));
    }

    /// How a set of hours was defined, oldest first (C9).
    #[must_use]
    pub fn hours_versions(&self, name: HoursName) -> Answer<Vec<HoursVersion>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::HoursVersions { name, reply });
        answer
    }

    /// What the engine must know beside the office.
    #[must_use]
    pub fn remembered(&self) -> Answer<Remembered> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Remembered { reply });
        answer
    }

    /// Writes the whole office and its history to `path`, while calls go on.
    #[must_use]
    pub fn backup(&self, path: PathBuf) -> Answer<()> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Backup { path, reply });
        answer
    }

    /// Replaces office and history by those of a backup; the current bindings stay. The answer is
    /// the office that is now in force.
    #[must_use]
    pub fn restore(&self, path: PathBuf) -> Answer<Office> {
        let (reply, answer) = oneshot::channel();
        self.write(Write::Restore { path, reply });
        answer
    }

    /// Holds a sound file, under `name` if it has one.
    #[must_use]
    pub fn add_sound(&self, sound: NewSound, name: Option<SoundName>) -> Answer<HeldSound> {
        let (reply, answer) = oneshot::channel();
        self.write(Write::Sound(SoundWrite::Add { sound: Box::new(sound), name, reply }));
        answer
    }

    /// Answers false when there is no such name. `now` in milliseconds since 1970.
    #[must_use]
    pub fn remove_sound(&self, name: SoundName, now: i64) -> Answer<bool> {
        let (reply, answer) = oneshot::channel();
        self.write(Write::Sound(SoundWrite::Remove { name, now, reply }));
        answer
    }

    #[must_use]
    pub fn sounds(&self) -> Answer<Vec<HeldSound>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Sounds { reply });
        answer
    }

    /// What those of the sounds are played from that are there.
    #[must_use]
    pub fn samples(&self, wanted: BTreeSet<SoundHash>) -> Answer<Vec<Samples>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Samples { wanted, reply });
        answer
    }

    /// A sound file as it came.
    #[must_use]
    pub fn sound_file(&self, sha256: SoundHash) -> Answer<Option<Vec<u8>>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::SoundFile { sha256, reply });
        answer
    }

    /// Keeps a document with its number, in the place of the one there was (S9).
    #[must_use]
    pub fn keep_document(&self, document: NumberDocument) -> Answer<()> {
        let (reply, answer) = oneshot::channel();
        let document = Box::new(document);
        self.write(Write::Document(DocumentWrite::Keep { document, reply }));
        answer
    }

    /// Answers false when the number has none.
    #[must_use]
    pub fn remove_document(&self, number: PhoneNumber) -> Answer<bool> {
        let (reply, answer) = oneshot::channel();
        self.write(Write::Document(DocumentWrite::Remove { number, reply }));
        answer
    }

    /// Every document, also of numbers that were given back.
    #[must_use]
    pub fn documents(&self) -> Answer<Vec<HeldDocument>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Documents { reply });
        answer
    }

    #[must_use]
    pub fn document(&self, number: PhoneNumber) -> Answer<Option<NumberDocument>> {
        let (reply, answer) = oneshot::channel();
        self.read(Read::Document { number, reply });
        answer
    }

    #[must_use]
    pub fn health(&self) -> StoreHealth {
        StoreHealth {
            writable: self.gauge.writable.load(Ordering::Relaxed),
            waiting: self.gauge.waiting.load(Ordering::Relaxed),
            lost: self.gauge.lost.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn write(&self, write: Write) {
        self.gauge.queued.fetch_add(1, Ordering::Relaxed);
        let Err(refused) = self.writes.try_send(write) else { return };
        self.gauge.queued.fetch_sub(1, Ordering::Relaxed);
        let (error, write) = match refused {
            TrySendError::Full(write) => (StoreError::Busy, write),
            TrySendError::Disconnected(write) => (StoreError::Closed, write),
        };
        warn!(%error, "the store takes no more");
        if let Write::Call(_) = &write {
            self.gauge.lost.fetch_add(1, Ordering::Relaxed);
        }
        write.refuse(error);
    }

    fn read(&self, read: Read) {
        let Err(refused) = self.reads.try_send(read) else { return };
        let (error, read) = match refused {
            TrySendError::Full(read) => (StoreError::Busy, read),
            TrySendError::Disconnected(read) => (StoreError::Closed, read),
        };
        read.refuse(error);
    }
}
