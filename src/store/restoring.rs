//! A backup takes the place of what is there, while calls go on.

use std::path::Path;

use tracing::info;

use crate::binding::BindingChange;
use crate::history::agent_log::AgentLog;
use crate::office::snapshot::Office;
use crate::store::backup;
use crate::store::copying::copy;
use crate::store::error::StoreError;
use crate::store::file::{BEFORE_RESTORE, with_suffix};
use crate::store::table::agent_log;
use crate::store::table::bindings;
use crate::store::table::calls;
use crate::store::table::watchers;
use crate::store::writer::Writer;
use crate::watcher::WatcherChange;

impl Writer {
    /// The office that is now in force. Calls in progress stay, and phones where they are.
    ///
    /// # Errors
    /// When anything is wrong with the backup; nothing is touched then.
    pub(crate) fn restore(&mut self, path: &Path) -> Result<Office, StoreError> {
        let unpacked = backup::unpack(path, &self.database.file)?;
        // Phones are where they are now, not where they were then.
        let here = bindings::load(&self.database.writer)?;
        let watching = watchers::load(&self.database.writer)?;
        let target = &unpacked.connection;
        let next = calls::next_id(target)?;
        calls::close_interrupted(target, next)?;
        agent_log::end_all(target, None)?;
        target.execute("DELETE FROM bindings", [])?;
        for binding in
            here.into_iter().filter(|here| unpacked.office.device(&here.device).is_some())
        {
            bindings::save(target, &BindingChange::Bound(binding))?;
        }
        target.execute("DELETE FROM watchers", [])?;
        for watcher in watching {
            watchers::save(target, &WatcherChange::Watches(Box::new(watcher)))?;
        }
        let replaced = with_suffix(&self.database.file, BEFORE_RESTORE);
        copy(&self.database.writer, &replaced)?;
        unpacked.replace(&mut self.database.writer)?;
        self.renumbered.may_collide = true;
        info!(backup = %path.display(), "the office and its history are restored");
        for record in std::mem::take(&mut self.open).into_values() {
            self.take_call(record);
        }
        for change in std::mem::take(&mut self.statuses).into_values() {
            self.take_agent_log(AgentLog::Status(change));
        }
        self.flush(Vec::new());
        Ok(unpacked.office)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::call_id::CallId;
    use crate::store::trial::{by, call, listed, office, settle, started};

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
}
