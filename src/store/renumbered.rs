//! Calls of this run whose number the history had given away already.

use std::collections::BTreeMap;

use rusqlite::Connection;
use tracing::warn;

use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::store::table::calls;

#[derive(Debug)]
pub(crate) struct Renumbered {
    given: BTreeMap<CallId, CallId>,
    /// The history may hold numbers that the engine has not been told of: it was restored, or could
    /// not be read whole at the start.
    pub(crate) may_collide: bool,
}

impl Renumbered {
    pub(crate) fn new(may_collide: bool) -> Self {
        Self { given: BTreeMap::new(), may_collide }
    }

    /// The number in the history of a call of this run.
    pub(crate) fn of(&self, call: CallId) -> CallId {
        self.given.get(&call).copied().unwrap_or(call)
    }

    /// The history stays as it is: a call whose number it has given away already gets another.
    pub(crate) fn free(&mut self, connection: &Connection, record: &CallRecord) -> CallId {
        if !self.may_collide {
            return record.id;
        }
        if let Some(id) = self.given.get(&record.id) {
            return *id;
        }
        match calls::started(connection, record.id) {
            Ok(Some(other)) if other != record.started => {}
            _ => return record.id,
        }
        let stored = calls::next_id(connection).unwrap_or(record.id);
        let given = self.given.values().next_back().map_or(stored, |last| CallId(last.0 + 1));
        let id = stored.max(given);
        warn!(call = %record.id, new = %id, "the history has this call's number already; it gets another");
        self.given.insert(record.id, id);
        id
    }
}
