//! Phones that have asked to be told of their messages, as rows: so that they are told after a restart.

use rusqlite::{Connection, params};

use crate::store::error::StoreError;
use crate::watcher::{Watcher, WatcherChange};

/// # Errors
/// When the disk fails.
pub(crate) fn save(connection: &Connection, change: &WatcherChange) -> Result<(), StoreError> {
    match change {
        WatcherChange::Watches(watcher) => {
            let kept = serde_json::to_string(watcher)
                .map_err(|error| StoreError::Refused(error.to_string()))?;
            connection
                .prepare_cached("INSERT OR REPLACE INTO watchers VALUES (?1, ?2)")?
                .execute(params![watcher.tag, kept])?;
        }
        WatcherChange::Gone { tag } => {
            connection
                .prepare_cached("DELETE FROM watchers WHERE tag = ?1")?
                .execute(params![tag])?;
        }
    }
    Ok(())
}

/// Every watcher, also those whose time is over: SIP decides.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn load(connection: &Connection) -> Result<Vec<Watcher>, StoreError> {
    let mut question = connection.prepare("SELECT kept FROM watchers ORDER BY tag")?;
    let mut rows = question.query([])?;
    let mut watchers = Vec::new();
    while let Some(row) = rows.next()? {
        match serde_json::from_str(&row.get::<_, String>("kept")?) {
            Ok(watcher) => watchers.push(watcher),
            // The phone will ask again; one bad row must not keep the office shut.
            Err(error) => tracing::warn!(%error, "a stored watcher cannot be read"),
        }
    }
    Ok(watchers)
}
