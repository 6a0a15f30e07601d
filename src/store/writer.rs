//! The one writer: takes what has come in to disk in groups, and keeps what the disk refuses.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::TransactionBehavior;
use tracing::{error, info, warn};

use crate::history::agent_log::{AgentLog, StatusChange};
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::office_change::Signature;
use crate::office::extension::Extension;
use crate::office::snapshot::Office;
use crate::store::connection::connect_for_writing;
use crate::store::error::StoreError;
use crate::store::group::{self, Saved, apart};
use crate::store::handle::Gauge;
use crate::store::large::{take_document, take_sound};
use crate::store::open::Database;
use crate::store::renumbered::Renumbered;
use crate::store::request::{Reply, Write, answer};
use crate::store::table::agent_log;
use crate::store::table::calls;
use crate::store::table::conversations;
use crate::store::table::office_changes;
use crate::store::waiting::{Batch, Waiting};

/// How often a disk that failed is tried again (goal R13).
const RETRY: Duration = Duration::from_secs(1);
/// The most messages of one transaction: bounds how long the first of them waits.
const GROUP: usize = 256;

#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) database: Database,
    gauge: Arc<Gauge>,
    waiting: Waiting,
    /// Calls in progress: a restore must not make them vanish.
    pub(crate) open: BTreeMap<CallId, CallRecord>,
    /// What agents are: a restore must not forget it.
    pub(crate) statuses: BTreeMap<Extension, StatusChange>,
    pub(crate) renumbered: Renumbered,
}

/// An office to save, and who waits for it.
type Save = (Signed, Reply<()>);
type Signed = (Arc<Office>, Signature);

impl Writer {
    pub(crate) fn new(database: Database, gauge: Arc<Gauge>) -> Self {
        let renumbered = Renumbered::new(database.is_blind());
        Self {
            database,
            gauge,
            waiting: Waiting::default(),
            open: BTreeMap::new(),
            statuses: BTreeMap::new(),
            renumbered,
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
                Write::Watchers(changes) => {
                    changes.into_iter().for_each(|change| self.waiting.watcher(change));
                }
                Write::AgentLog(entry) => self.take_agent_log(entry),
                Write::Duty(duty) => self.waiting.duty(*duty),
                Write::Alarm(alarm) => self.waiting.alarm(*alarm),
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
        sounds.into_iter().for_each(|write| take_sound(&mut self.database.writer, write));
        documents.into_iter().for_each(|write| take_document(&mut self.database.writer, write));
        for (path, reply) in restores {
            answer(reply, self.restore(&path));
        }
        is_open
    }

    fn queued(&self) -> usize {
        self.gauge.queued.load(Ordering::Relaxed)
    }

    pub(crate) fn take_agent_log(&mut self, entry: AgentLog) {
        if let AgentLog::Status(change) = &entry {
            self.statuses.insert(change.agent.clone(), change.clone());
        }
        self.waiting.agent_log(entry);
    }

    pub(crate) fn take_call(&mut self, record: CallRecord) {
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
    pub(crate) fn flush(&mut self, mut saves: Vec<Save>) {
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
            agent_log::end_all(&transaction, None)?;
        }
        group::save(&transaction, batch, &mut self.renumbered)?;
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::call_filter::CallFilter;
    use crate::history::call_record::Outcome;
    use crate::history::trail::trail::{Decision, TrailEntry};
    use crate::leg::HangupCause;
    use crate::store::handle::StoreHealth;
    use crate::store::open::open;
    use crate::store::run::start;
    use crate::store::trial::{by, call, listed, office, settle, started};

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
