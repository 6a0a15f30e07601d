//! Workflows that wait for their time after a call, as rows.

use rusqlite::{Connection, params};

use crate::history::call_id::CallId;
use crate::history::follow_up::{FollowUp, FollowUpId};
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::word::{to_word, word};

/// One begins to wait, or waits no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FollowUpChange {
    Planned(Box<FollowUp>),
    Done(FollowUpId),
}

/// # Errors
/// When the disk fails.
pub(crate) fn save(connection: &Connection, change: &FollowUpChange) -> Result<(), StoreError> {
    match change {
        FollowUpChange::Planned(one) => connection
            .prepare_cached("INSERT OR REPLACE INTO follow_ups VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![row_id(one.call), one.workflow.0, one.due, to_word(one)?])?,
        FollowUpChange::Done(id) => connection
            .prepare_cached("DELETE FROM follow_ups WHERE call = ?1 AND workflow = ?2")?
            .execute(params![row_id(id.call), id.workflow.0])?,
    };
    Ok(())
}

/// Whatever still waits, the first due first.
///
/// # Errors
/// When the file cannot be read, or a row holds what nobody wrote.
pub(crate) fn load(connection: &Connection) -> Result<Vec<FollowUp>, StoreError> {
    let mut waiting = Vec::new();
    each(connection, "SELECT what FROM follow_ups ORDER BY due", |row| {
        waiting.push(word(row, "what")?);
        Ok(())
    })?;
    Ok(waiting)
}

fn row_id(call: CallId) -> i64 {
    i64::try_from(call.0).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::conversation_id::ConversationId;
    use crate::history::trail::trail::{Decision, TrailEntry};
    use crate::office::language::Language;
    use crate::office::workflow::name::WorkflowName;
    use crate::store::open::open;
    use crate::store::run::start;
    use std::collections::BTreeMap;

    fn one(call: u64, workflow: &str, due: i64) -> FollowUp {
        FollowUp {
            call: CallId(call),
            workflow: WorkflowName(workflow.to_owned()),
            due,
            conversation: ConversationId(7),
            customer: None,
            number: None,
            language: Language::Ko,
            fields: BTreeMap::from([("주문 번호".to_owned(), "1234".to_owned())]),
            outcome: None,
            missed_reason: None,
        }
    }

    #[test]
    fn what_waits_after_a_call_outlives_the_daemon() {
        // L76
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
        let all = [one(1, "late", 9_000), one(1, "soon", 5_000), one(2, "soon", 7_000)];
        all.iter().for_each(|one| handle.follow_up_planned(one.clone()));
        handle.follow_up_done(all[2].id());
        // Of a call that nobody has written down.
        let entries = vec![TrailEntry { at: 1, decision: Decision::NobodyFree }];
        handle.trail_added(CallId(1), entries);
        threads.close();
        let opened = open(folder.path()).unwrap();
        assert_eq!(opened.remembered.follow_ups, [all[1].clone(), all[0].clone()]);
    }
}
