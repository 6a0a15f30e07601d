//! The one writer: takes what has come in to disk in groups, and keeps what the disk refuses.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tracing::{error, info, warn};

use crate::binding::BindingChange;
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::known_quality::KnownQuality;
use crate::history::office_change::Signature;
use crate::office::snapshot::Office;
use crate::store::connection::connect_for_writing;
use crate::store::error::StoreError;
use crate::store::handle::{DocumentWrite, Gauge, Reply, SoundWrite, Write, answer};
use crate::store::open::{BEFORE_RESTORE, Database, with_suffix};
use crate::store::waiting::{Batch, Waiting};
use crate::store::{
    backup, bindings, callbacks, calls, conversations, customers, duties, follow_ups, hours,
    messages, number_documents, office_changes, qualities, sounds, walks,
};

/// How often a disk that failed is tried again (goal R13).
const RETRY: Duration = Duration::from_secs(1);
/// The most messages of one transaction: bounds how long the first of them waits.
const GROUP: usize = 256;

#[derive(Debug)]
pub(crate) struct Writer {
    database: Database,
    gauge: Arc<Gauge>,
    waiting: Waiting,
    /// Calls in progress: a restore must not make them vanish.
    open: BTreeMap<CallId, CallRecord>,
    /// Calls of this run whose number the history had given away already.
    renumbered: BTreeMap<CallId, CallId>,
    /// The history may hold numbers that the engine has not been told of: it was restored, or could
    /// not be read whole at the start.
    may_collide: bool,
}

/// An office to save, and who waits for it.
type Save = (Signed, Reply<()>);
type Signed = (Arc<Office>, Signature);
type Saved = Result<(), StoreError>;

impl Writer {
    pub(crate) fn new(database: Database, gauge: Arc<Gauge>) -> Self {
        let may_collide = database.is_blind();
        Self {
            database,
            gauge,
            waiting: Waiting::default(),
            open: BTreeMap::new(),
            renumbered: BTreeMap::new(),
            may_collide,
        }
    }

    /// Runs until it is told to close; everything that was sent before is on disk then.
    pub(crate) fn run(&mut self, queue: &Receiver<Write>) {
        let mut is_open = true;
        while is_open {
            let first = if self.has_work() {
                queue.recv_timeout(RETRY)
            } else {
                queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            let group = match first {
                Ok(first) => std::iter::once(first).chain(queue.try_iter().take(GROUP)).collect(),
                Err(RecvTimeoutError::Timeout) => Vec::new(),
                Err(RecvTimeoutError::Disconnected) => vec![Write::Close],
            };
            is_open = self.take(group);
        }
        if !self.waiting.is_empty() {
            error!(records = self.waiting.len(), "records are lost: the disk did not take them");
        }
        drop(self.database.writer.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    /// Takes a group of messages to disk in one transaction; false when it was the last.
    fn take(&mut self, group: Vec<Write>) -> bool {
        let mut saves = Vec::new();
        let mut files = Vec::new();
        let mut restores = Vec::new();
        let mut sounds = Vec::new();
        let mut documents = Vec::new();
        let mut is_open = true;
        self.gauge.queued.fetch_sub(group.len().min(self.queued()), Ordering::Relaxed);
        for write in group {
            match write {
                Write::Office { office, by, reply } => saves.push(((office, by), reply)),
                Write::Call(record) => self.take_call(*record),
                Write::Bindings(changes) => {
                    changes.into_iter().for_each(|change| self.waiting.binding(change));
                }
                Write::Duty(duty) => self.waiting.duty(*duty),
                Write::Walk(walk) => self.waiting.walk(*walk),
                Write::Conversation(kept) => self.waiting.conversation(*kept),
                Write::Logged(entry) => self.waiting.logged(*entry),
                Write::Quality(known) => self.waiting.quality(*known),
                Write::FollowUp(change) => self.waiting.follow_up(change),
                Write::Trail { call, entries } => self.waiting.trail((call, entries)),
                Write::File { id, reply } => files.push((id, reply)),
                Write::Lead(lead) => self.waiting.lead(lead),
                Write::Callback { call, callback } => {
                    self.waiting.callback(call, callback.map(|callback| *callback));
                }
                Write::Message { name, message } => {
                    self.waiting.message(name, message.map(|message| *message));
                }
                Write::HoursSwitched(switch) => self.waiting.switch(switch),
                Write::Restore { path, reply } => restores.push((path, reply)),
                Write::Sound(write) => sounds.push(write),
                Write::Document(write) => documents.push(write),
                Write::Close => is_open = false,
                #[cfg(test)]
                Write::Connection(change) => change(&self.database.writer),
            }
        }
        self.flush(saves);
        for (id, reply) in files {
            answer(reply, conversations::load(&self.database.writer, id));
        }
        sounds.into_iter().for_each(|write| self.take_sound(write));
        documents.into_iter().for_each(|write| self.take_document(write));
        for (path, reply) in restores {
            answer(reply, self.restore(&path));
        }
        is_open
    }

    /// Seldom and large: each in a transaction of its own, after the records.
    fn take_sound(&mut self, write: SoundWrite) {
        let connection = &mut self.database.writer;
        match write {
            SoundWrite::Add { sound, name, reply } => {
                let add = |rows: &Connection| sounds::add(rows, &sound, name.as_ref());
                answer(reply, whole(connection, add));
            }
            SoundWrite::Remove { name, now, reply } => {
                answer(reply, whole(connection, |rows| sounds::remove(rows, &name, now)));
            }
        }
    }

    fn take_document(&mut self, write: DocumentWrite) {
        let connection = &mut self.database.writer;
        match write {
            DocumentWrite::Keep { document, reply } => {
                let keep = |rows: &Connection| number_documents::keep(rows, &document);
                answer(reply, whole(connection, keep));
            }
            DocumentWrite::Remove { number, reply } => {
                answer(reply, whole(connection, |rows| number_documents::remove(rows, &number)));
            }
        }
    }

    fn queued(&self) -> usize {
        self.gauge.queued.load(Ordering::Relaxed)
    }

    fn take_call(&mut self, record: CallRecord) {
        if record.ended.is_none() {
            self.open.insert(record.id, record.clone());
        } else {
            self.open.remove(&record.id);
        }
        if self.waiting.call(record) {
            self.gauge.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes what waits, a group a transaction, until all is on disk or the disk takes no more.
    /// Offices come last: an answer says that everything sent before is on disk.
    fn flush(&mut self, mut saves: Vec<Save>) {
        while !saves.is_empty() || self.has_work() {
            let batch = self.waiting.take(GROUP);
            let now = if self.waiting.is_empty() { std::mem::take(&mut saves) } else { Vec::new() };
            let offices: Vec<_> = now.iter().map(|(signed, _)| signed.clone()).collect();
            let written = self.write_or_reopen(&batch, &offices);
            self.note_state(written.as_ref().err());
            if written.is_err() {
                self.waiting.put_back(batch);
            }
            self.gauge.waiting.store(self.waiting.len(), Ordering::Relaxed);
            match written {
                Ok(results) => {
                    self.database.interrupted_below = None;
                    now.into_iter().zip(results).for_each(|((_, reply), it)| answer(reply, it));
                }
                Err(error) => {
                    let all = now.into_iter().chain(saves);
                    all.for_each(|(_, reply)| answer(reply, Err(error.clone())));
                    return;
                }
            }
        }
    }

    /// Says once that the disk fails, and once that it works again.
    fn note_state(&self, failed: Option<&StoreError>) {
        let was_writable = self.gauge.writable.swap(failed.is_none(), Ordering::Relaxed);
        match failed {
            Some(error) if was_writable => {
                warn!(%error, "the disk takes no records; they wait in memory, calls go on");
            }
            None if !was_writable => info!("the disk takes records again"),
            Some(_) | None => {}
        }
    }

    fn has_work(&self) -> bool {
        !self.waiting.is_empty() || self.database.interrupted_below.is_some()
    }

    fn write_or_reopen(
        &mut self,
        batch: &Batch,
        offices: &[Signed],
    ) -> Result<Vec<Saved>, StoreError> {
        match self.write(batch, offices) {
            Err(StoreError::ReadOnly(why)) => {
                // The file may have been opened while the disk was read-only; a new start may help.
                let Ok(writer) = connect_for_writing(&self.database.file) else {
                    return Err(StoreError::ReadOnly(why));
                };
                self.database.writer = writer;
                self.write(batch, offices)
            }
            written => written,
        }
    }

    /// One transaction, one fsync. The outer error is the disk's; the inner ones are each office's.
    fn write(&mut self, batch: &Batch, offices: &[Signed]) -> Result<Vec<Saved>, StoreError> {
        let connection = &mut self.database.writer;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(next) = self.database.interrupted_below {
            calls::close_interrupted(&transaction, next)?;
        }
        for record in &batch.calls {
            let row =
                self.may_collide.then(|| free_number(&transaction, &mut self.renumbered, record));
            let record = match row {
                Some(id) if id != record.id => &CallRecord { id, ..record.clone() },
                Some(_) | None => record,
            };
            if let Err(error) = apart(&transaction, |rows| calls::save(rows, record))? {
                error!(call = %record.id, %error, "a call's record cannot be kept");
            }
        }
        for change in &batch.bindings {
            if let Err(error) = apart(&transaction, |rows| bindings::save(rows, change))? {
                error!(%error, "a binding cannot be kept");
            }
        }
        for duty in &batch.duties {
            if let Err(error) = apart(&transaction, |rows| duties::save(rows, duty))? {
                error!(agent = %duty.agent, %error, "what an agent has said cannot be kept");
            }
        }
        for walk in &batch.walks {
            if let Err(error) = apart(&transaction, |rows| walks::count(rows, walk))? {
                error!(%error, "a way through a workflow cannot be counted");
            }
        }
        save_conversations(&transaction, batch)?;
        save_after_calls(&transaction, batch, &self.renumbered)?;
        for lead in &batch.leads {
            if let Err(error) = apart(&transaction, |rows| customers::save_lead(rows, lead))? {
                error!(%error, "a lead cannot be kept");
            }
        }
        save_messages(&transaction, batch)?;
        for switch in &batch.switches {
            if let Err(error) = apart(&transaction, |rows| hours::save_switch(rows, switch))? {
                error!(hours = %switch.hours, %error, "a switch of hours cannot be kept");
            }
        }
        let mut results = Vec::new();
        for (office, by) in offices {
            results.push(apart(&transaction, |rows| office_changes::save(rows, office, by))?);
        }
        transaction.commit()?;
        if !offices.is_empty() {
            // So that even a start on a disk that takes no log sees the newest office. Another
            // connection may be reading; then the next checkpoint does it.
            drop(self.database.writer.execute_batch("PRAGMA wal_checkpoint(PASSIVE)"));
        }
        Ok(results)
    }

    fn restore(&mut self, path: &Path) -> Result<Office, StoreError> {
        let unpacked = backup::unpack(path, &self.database.file)?;
        // Phones are where they are now, not where they were then.
        let here = bindings::load(&self.database.writer)?;
        let target = &unpacked.connection;
        let next = calls::next_id(target)?;
        calls::close_interrupted(target, next)?;
        target.execute("DELETE FROM bindings", [])?;
        for binding in
            here.into_iter().filter(|here| unpacked.office.device(&here.device).is_some())
        {
            bindings::save(target, &BindingChange::Bound(binding))?;
        }
        let replaced = with_suffix(&self.database.file, BEFORE_RESTORE);
        backup::copy(&self.database.writer, &replaced)?;
        unpacked.replace(&mut self.database.writer)?;
        self.may_collide = true;
        info!(backup = %path.display(), "the office and its history are restored");
        for record in std::mem::take(&mut self.open).into_values() {
            self.take_call(record);
        }
        self.flush(Vec::new());
        Ok(unpacked.office)
    }
}

/// The history stays as it is: a call whose number it has given away already gets another.
fn free_number(
    connection: &Connection,
    renumbered: &mut BTreeMap<CallId, CallId>,
    record: &CallRecord,
) -> CallId {
    if let Some(id) = renumbered.get(&record.id) {
        return *id;
    }
    match calls::started(connection, record.id) {
        Ok(Some(other)) if other != record.started => {}
        _ => return record.id,
    }
    let stored = calls::next_id(connection).unwrap_or(record.id);
    let given = renumbered.values().next_back().map_or(stored, |last| CallId(last.0 + 1));
    let id = stored.max(given);
    warn!(call = %record.id, new = %id, "the history has this call's number already; it gets another");
    renumbered.insert(record.id, id);
    id
}

fn whole<T>(
    connection: &mut Connection,
    piece: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = piece(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// What happened between the office and its customers.
fn save_conversations(transaction: &Connection, batch: &Batch) -> Result<(), StoreError> {
    for kept in &batch.conversations {
        if let Err(error) = apart(transaction, |rows| conversations::save(rows, kept))? {
            error!(conversation = %kept.conversation.id, %error, "a conversation cannot be kept");
        }
    }
    for entry in &batch.log {
        if let Err(error) = apart(transaction, |rows| conversations::save_entry(rows, entry))? {
            error!(conversation = %entry.conversation, %error, "a line cannot be kept");
        }
    }
    Ok(())
}

/// What comes after the end of calls.
fn save_after_calls(
    transaction: &Connection,
    batch: &Batch,
    renumbered: &BTreeMap<CallId, CallId>,
) -> Result<(), StoreError> {
    for known in &batch.qualities {
        let call = renumbered.get(&known.call).copied().unwrap_or(known.call);
        let known = KnownQuality { call, ..*known };
        if let Err(error) = apart(transaction, |rows| qualities::save(rows, &known))? {
            error!(%call, %error, "how a leg sounded cannot be kept");
        }
    }
    for (call, entries) in &batch.trails {
        let call = renumbered.get(call).copied().unwrap_or(*call);
        if let Err(error) = apart(transaction, |rows| calls::add_to_trail(rows, call, entries))? {
            error!(%call, %error, "what happened after a call cannot be kept");
        }
    }
    for change in &batch.follow_ups {
        if let Err(error) = apart(transaction, |rows| follow_ups::save(rows, change))? {
            error!(%error, "work after a call cannot be kept");
        }
    }
    Ok(())
}

fn save_messages(transaction: &Connection, batch: &Batch) -> Result<(), StoreError> {
    for (call, callback) in &batch.callbacks {
        let save = |rows: &Connection| callbacks::save(rows, *call, callback.as_ref());
        if let Err(error) = apart(transaction, save)? {
            error!(%call, %error, "what a customer was promised cannot be kept");
        }
    }
    for (name, message) in &batch.messages {
        let save = |rows: &Connection| messages::save(rows, name, message.as_ref());
        if let Err(error) = apart(transaction, save)? {
            error!(%name, %error, "what is known of a message cannot be kept");
        }
    }
    Ok(())
}

/// Does one piece of a transaction so that its refusal undoes only itself. The outer error is the
/// disk's and concerns all.
fn apart(
    connection: &Connection,
    piece: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<Saved, StoreError> {
    connection.execute_batch("SAVEPOINT piece")?;
    match piece(connection) {
        Ok(()) => {
            connection.execute_batch("RELEASE piece")?;
            Ok(Ok(()))
        }
        Err(error) if error.may_pass() => Err(error),
        Err(error) => {
            connection.execute_batch("ROLLBACK TO piece; RELEASE piece")?;
            Ok(Err(error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::call_filter::CallFilter;
    use crate::history::call_record::{Clocks, Direction, Outcome};
    use crate::history::trail::{Decision, TrailEntry};
    use crate::leg::HangupCause;
    use crate::office::agent::Agent;
    use crate::office::device::{Device, DigestAlgorithm, Secret, Username};
    use crate::office::extension::Extension;
    use crate::office::language::Language;
    use crate::office::srtp::SrtpPolicy;
    use crate::store::handle::{StoreHandle, StoreHealth};
    use crate::store::open::open;
    use crate::store::run::{StoreThreads, start};

    fn call(id: u64, ended: bool) -> CallRecord {
        CallRecord {
            id: CallId(id),
            direction: Direction::Internal,
            from: "101".to_owned(),
            from_name: "김민지".to_owned(),
            to: "102".to_owned(),
            number: None,
            conversation: None,
            presented: None,
            started: 1_000 * i64::try_from(id).unwrap(),
            first_waiting: None,
            first_ring: None,
            engaged: None,
            ended: ended.then_some(1_000_000),
            outcome: ended.then_some(Outcome::Answered),
            missed_reason: None,
            voicemail: false,
            cause: ended.then_some(HangupCause::Failed { status: 500 }),
            agent: None,
            clocks: Clocks::default(),
            legs: Vec::new(),
            trail: Vec::new(),
        }
    }

    fn by() -> Signature {
        Signature { who: "admin".to_owned(), at: 1 }
    }

    fn office(names: &[&str]) -> Arc<Office> {
        let mut office = Office::default();
        for name in names {
            let extension = Extension::parse(name).unwrap();
            let device = Device {
                username: Username::parse(name).unwrap(),
                password: Secret::new("secret".to_owned()),
                digest: DigestAlgorithm::Md5,
                srtp: SrtpPolicy::Off,
            };
            let agent = Agent {
                extension: extension.clone(),
                name: (*name).to_owned(),
                language: Language::Ko,
                phone_calls: true,
                unassigned_calls: false,
                call_waiting: true,
                devices: vec![device],
            };
            office.agents.insert(extension, agent);
        }
        Arc::new(office)
    }

    fn started(folder: &Path) -> (StoreHandle, StoreThreads) {
        start(open(folder).unwrap().database).unwrap()
    }

    fn listed(handle: &StoreHandle) -> usize {
        let filter = CallFilter { limit: Some(1000), ..CallFilter::default() };
        handle.calls(filter).blocking_recv().unwrap().unwrap().len()
    }

    /// Everything sent before is on disk when an office is answered.
    fn settle(handle: &StoreHandle) -> Result<(), StoreError> {
        let answer = handle.save_office(office(&["101"]), by()).blocking_recv();
        answer.unwrap_or(Err(StoreError::Closed))
    }

    #[test]
    fn the_trail_of_a_call_goes_on_after_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = started(folder.path());
        handle.call_ended(call(1, true));
        let entry = |at| TrailEntry { at, decision: Decision::NobodyFree };
        handle.trail_added(CallId(1), vec![entry(5), entry(6)]);
        settle(&handle).unwrap();
        handle.trail_added(CallId(1), vec![entry(7)]);
        settle(&handle).unwrap();
        let kept = handle.call(CallId(1)).blocking_recv().unwrap().unwrap().unwrap();
        let times: Vec<i64> = kept.trail.iter().map(|entry| entry.at).collect();
        assert_eq!(times[times.len() - 3..], [5, 6, 7]);
        threads.close();
    }

    #[test]
    fn records_outlive_the_daemon() {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = started(folder.path());
        handle.call_started(call(1, false));
        handle.call_ended(call(1, true));
        handle.call_started(call(2, false));
        threads.close();
        let opened = open(folder.path()).unwrap();
        assert_eq!((opened.next_call, opened.interrupted), (CallId(3), 1));
        let (handle, threads) = start(opened.database).unwrap();
        assert_eq!(handle.call(CallId(1)).blocking_recv().unwrap(), Ok(Some(call(1, true))));
        let cut = handle.call(CallId(2)).blocking_recv().unwrap().unwrap().unwrap();
        assert_eq!(cut.outcome, Some(Outcome::Interrupted));
        assert_eq!(cut.cause, Some(HangupCause::Interrupted));
        assert_eq!(cut.ended, Some(cut.started));
        threads.close();
    }

    /// Goal R13: a full disk costs no record.
    #[test]
    fn a_full_disk_keeps_records_in_memory_until_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = started(folder.path());
        settle(&handle).unwrap();
        handle.write(Write::Connection(|connection| {
            let fill =
                connection.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0));
            connection
                .pragma_update_and_check(None, "max_page_count", fill.unwrap(), |_| Ok(()))
                .unwrap();
        }));
        for id in 1..=1500 {
            handle.call_started(call(id, false));
            handle.call_ended(call(id, true));
        }
        let refused = loop {
            if let Err(refused) = settle(&handle) {
                break refused;
            }
        };
        assert_eq!(refused, StoreError::DiskFull);
        let health = handle.health();
        assert!(!health.writable && health.waiting >= 1000 && health.lost == 0, "{health:?}");
        handle.write(Write::Connection(|connection| {
            connection
                .pragma_update_and_check(None, "max_page_count", 100_000, |_| Ok(()))
                .unwrap();
        }));
        settle(&handle).unwrap();
        assert_eq!(handle.health(), StoreHealth { writable: true, waiting: 0, lost: 0 });
        assert_eq!(listed(&handle), 1000);
        assert_eq!(handle.call(CallId(1)).blocking_recv().unwrap(), Ok(Some(call(1, true))));
        threads.close();
    }

    #[test]
    fn a_disk_that_was_read_only_is_opened_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = started(folder.path());
        handle.write(Write::Connection(|connection| {
            connection.pragma_update(None, "query_only", true).unwrap();
        }));
        handle.call_ended(call(1, true));
        settle(&handle).unwrap();
        assert_eq!(listed(&handle), 1);
        threads.close();
    }

    /// Goal R13: starts read-only. The history may hold calls that were not seen at the start.
    #[test]
    fn a_start_on_a_disk_that_takes_nothing_goes_on_when_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = started(folder.path());
        handle.call_ended(call(1, true));
        threads.close();
        let (handle, threads) = start(Database::open_blind(folder.path())).unwrap();
        assert!(!handle.health().writable);
        let mut fresh = call(1, true);
        fresh.started = 77;
        handle.call_ended(fresh);
        settle(&handle).unwrap();
        assert!(handle.health().writable);
        assert_eq!(handle.call(CallId(1)).blocking_recv().unwrap(), Ok(Some(call(1, true))));
        assert_eq!(handle.call(CallId(2)).blocking_recv().unwrap().unwrap().unwrap().started, 77);
        threads.close();
    }

    #[test]
    fn an_office_that_does_not_fit_together_undoes_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = started(folder.path());
        let mut bad = (*office(&["101"])).clone();
        let mut twice = office(&["101"]).agents.values().next().cloned().unwrap();
        twice.extension = Extension::parse("102").unwrap();
        bad.agents.insert(twice.extension.clone(), twice);
        handle.call_ended(call(1, true));
        let refused = handle.save_office(Arc::new(bad), by()).blocking_recv().unwrap();
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        settle(&handle).unwrap();
        assert_eq!(listed(&handle), 1);
        threads.close();
        assert_eq!(open(folder.path()).unwrap().office, *office(&["101"]));
    }

    #[test]
    fn a_backup_taken_while_calls_are_written_comes_back_while_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("백업.tar");
        let (handle, threads) = started(folder.path());
        handle.save_office(office(&["101", "102"]), by()).blocking_recv().unwrap().unwrap();
        (1..=200).for_each(|id| handle.call_ended(call(id, true)));
        settle(&handle).unwrap();
        handle.save_office(office(&["101", "102"]), by()).blocking_recv().unwrap().unwrap();
        (201..=300).for_each(|id| handle.call_ended(call(id, true)));
        handle.backup(archive.clone()).blocking_recv().unwrap().unwrap();
        handle.save_office(office(&["103"]), by()).blocking_recv().unwrap().unwrap();
        handle.call_started(call(301, false));
        let restored = handle.restore(archive).blocking_recv().unwrap().unwrap();
        assert_eq!(restored, *office(&["101", "102"]));
        handle.call_ended(call(301, true));
        settle(&handle).unwrap();
        assert!((201..=301).contains(&listed(&handle)));
        assert_eq!(handle.call(CallId(301)).blocking_recv().unwrap(), Ok(Some(call(301, true))));
        threads.close();
    }

    /// A fresh machine counts its calls from 1; the restored history has those numbers already.
    #[test]
    fn a_restored_history_is_not_written_over() {
        let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let archive = old.path().join("backup.tar");
        let (handle, threads) = started(old.path());
        (1..=5).for_each(|id| handle.call_ended(call(id, true)));
        settle(&handle).unwrap();
        handle.backup(archive.clone()).blocking_recv().unwrap().unwrap();
        threads.close();
        let (handle, threads) = started(new.path());
        handle.restore(archive).blocking_recv().unwrap().unwrap();
        let mut fresh = call(1, false);
        fresh.started = 77;
        handle.call_started(fresh.clone());
        fresh.ended = Some(78);
        handle.call_ended(fresh);
        settle(&handle).unwrap();
        assert_eq!(handle.call(CallId(1)).blocking_recv().unwrap(), Ok(Some(call(1, true))));
        let moved = handle.call(CallId(6)).blocking_recv().unwrap().unwrap().unwrap();
        assert_eq!((moved.started, moved.ended), (77, Some(78)));
        assert_eq!(listed(&handle), 6);
        threads.close();
    }

    #[test]
    fn a_spoiled_backup_touches_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("backup.tar");
        let (handle, threads) = started(folder.path());
        settle(&handle).unwrap();
        handle.backup(archive.clone()).blocking_recv().unwrap().unwrap();
        let good = std::fs::read(&archive).unwrap();
        handle.call_ended(call(1, true));
        settle(&handle).unwrap();
        for at in (0..good.len()).step_by(1021) {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            std::fs::write(&archive, &bad).unwrap();
            // Padding between members carries nothing; there the backup stays good.
            if handle.restore(archive.clone()).blocking_recv().unwrap().is_err() {
                assert_eq!(listed(&handle), 1, "byte {at}");
            } else {
                handle.call_ended(call(1, true));
                settle(&handle).unwrap();
            }
        }
        for cut in [0, 100, 512, 1024, good.len() / 2] {
            std::fs::write(&archive, &good[..cut]).unwrap();
            let refused = handle.restore(archive.clone()).blocking_recv().unwrap();
            assert!(matches!(refused, Err(StoreError::NotABackup(_))), "cut at {cut}: {refused:?}");
        }
        threads.close();
    }

    /// What a crash leaves: the log cut anywhere. Committed records before the cut are there.
    #[test]
    fn a_log_cut_anywhere_loses_nothing_before_the_cut() {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = started(folder.path());
        settle(&handle).unwrap();
        let log = folder.path().join("naru.db-wal");
        let mut committed = Vec::new();
        for id in 1..=8 {
            handle.call_ended(call(id, true));
            settle(&handle).unwrap();
            committed.push(std::fs::metadata(&log).unwrap().len());
        }
        let (file, whole) =
            (std::fs::read(folder.path().join("naru.db")).unwrap(), std::fs::read(&log).unwrap());
        for cut in (0..=whole.len()).step_by(3001) {
            let crashed = tempfile::tempdir().unwrap();
            std::fs::write(crashed.path().join("naru.db"), &file).unwrap();
            std::fs::write(crashed.path().join("naru.db-wal"), &whole[..cut]).unwrap();
            match open(crashed.path()) {
                Ok(opened) => {
                    let safe = committed.iter().filter(|end| **end <= cut as u64).count();
                    let all = calls::list(&opened.database.writer, &CallFilter::default()).unwrap();
                    assert!(all.len() >= safe, "cut at {cut}");
                }
                // The schema itself was still in the log.
                Err(error) => assert!(cut < 40_000, "cut at {cut}: {error}"),
            }
        }
        threads.close();
    }
}
