//! The tables, as numbered steps that are applied once and in order.

use rusqlite::{Connection, Row, TransactionBehavior};

use crate::store::error::StoreError;

/// A step is never changed once released; `user_version` counts the applied ones.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_office.sql"),
    include_str!("migrations/0002_calls.sql"),
    include_str!("migrations/0003_bindings.sql"),
    include_str!("migrations/0004_speaker.sql"),
    include_str!("migrations/0005_office_changes.sql"),
    include_str!("migrations/0006_sounds.sql"),
    include_str!("migrations/0007_hours.sql"),
    include_str!("migrations/0008_recording.sql"),
    include_str!("migrations/0009_spoken.sql"),
    include_str!("migrations/0010_numbers.sql"),
    include_str!("migrations/0011_before_answer.sql"),
    include_str!("migrations/0012_customers.sql"),
    include_str!("migrations/0013_workflows.sql"),
    include_str!("migrations/0014_workflow_figures.sql"),
    include_str!("migrations/0015_duties.sql"),
    include_str!("migrations/0016_conversations.sql"),
    include_str!("migrations/0017_number_documents.sql"),
    include_str!("migrations/0018_srtp.sql"),
    include_str!("migrations/0019_called_back.sql"),
    include_str!("migrations/0020_voicemail.sql"),
    include_str!("migrations/0021_follow_ups.sql"),
    include_str!("migrations/0022_shown_numbers.sql"),
    include_str!("migrations/0023_conference.sql"),
    include_str!("migrations/0024_history_search.sql"),
    include_str!("migrations/0025_leg_quality.sql"),
    include_str!("migrations/0026_callbacks.sql"),
    include_str!("migrations/0027_number_forms.sql"),
    include_str!("migrations/0028_trunk_transport.sql"),
    include_str!("migrations/0029_agent_log.sql"),
    include_str!("migrations/0030_unfinished_messages.sql"),
    include_str!("migrations/0031_still.sql"),
    include_str!("migrations/0032_number_voicemail.sql"),
    include_str!("migrations/0033_quiet_until.sql"),
    include_str!("migrations/0034_device_rings.sql"),
    include_str!("migrations/0035_watchers.sql"),
    include_str!("migrations/0036_timezone.sql"),
    include_str!("migrations/0037_targets.sql"),
    include_str!("migrations/0038_cases.sql"),
    include_str!("migrations/0039_alerts.sql"),
];

/// `naru`, as the first migration writes it.
const APPLICATION_ID: u32 = 0x6e61_7275;

/// The version that this program reads and writes.
#[must_use]
pub(crate) fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// # Errors
/// When the file cannot be read, is no database, or is not ours.
pub(crate) fn version(connection: &Connection) -> Result<u32, StoreError> {
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: u32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if version == 0 || application != APPLICATION_ID {
        return Err(StoreError::Damaged("it holds no office of naru".to_owned()));
    }
    if version > known() {
        return Err(StoreError::Newer { found: version, known: known() });
    }
    Ok(version)
}

/// Applies what is missing above `version`, each step in its own transaction.
///
/// # Errors
/// When a step fails; the steps before it stay.
pub(crate) fn migrate(connection: &mut Connection, version: u32) -> Result<(), StoreError> {
    for (number, step) in (1..=known()).zip(MIGRATIONS).skip(version as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

/// A whole check reads some 400 MB/s; up to this size it does not delay the start noticeably.
pub(crate) const CHECKED_AT_START: u64 = 64 * 1024 * 1024;

/// What grows with the years; everything else is the office.
const HISTORY: &str =
    "'calls', 'call_legs', 'leg_quality', 'conversations', 'cases', 'conversation_log', 'leads', 'agent_statuses',
    'wrap_ups',
    'parties', 'party_words', 'party_words_data', 'party_words_idx', 'party_words_docsize'";

/// Reads the file for damage before the start: all of it, or all but a long history, which the
/// daily copy checks (`store/copies`).
///
/// # Errors
/// What SQLite found, in its words.
pub(crate) fn check_at_start(connection: &Connection, bytes: u64) -> Result<(), StoreError> {
    if bytes <= CHECKED_AT_START {
        return check(connection, Depth::Quick);
    }
    let mut tables = connection.prepare(&format!(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
         AND name NOT IN ({HISTORY})"
    ))?;
    let mut tables = tables.query([])?;
    while let Some(row) = tables.next()? {
        check_one(connection, "quick_check", Some(&row.get::<_, String>(0)?))?;
    }
    Ok(())
}

/// How closely to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    Quick,
    /// Also compares indexes with their tables.
    Full,
}

/// Reads the whole file for damage.
///
/// # Errors
/// What SQLite found, in its words.
pub(crate) fn check(connection: &Connection, depth: Depth) -> Result<(), StoreError> {
    let pragma = match depth {
        Depth::Quick => "quick_check",
        Depth::Full => "integrity_check",
    };
    check_one(connection, pragma, None)
}

fn check_one(connection: &Connection, pragma: &str, table: Option<&str>) -> Result<(), StoreError> {
    let mut found = String::new();
    let mut take = |row: &Row<'_>| {
        found.push_str(&row.get::<_, String>(0)?);
        Ok(())
    };
    match table {
        Some(table) => connection.pragma(None, pragma, table, &mut take)?,
        None => connection.pragma_query(None, pragma, &mut take)?,
    }
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(found.replace('\n', "; "))) }
}

#[cfg(test)]
pub(crate) fn at_version(connection: &Connection, version: u32) {
    for step in &MIGRATIONS[..version as usize] {
        connection.execute_batch(step).unwrap();
    }
    connection.pragma_update(None, "user_version", version).unwrap();
}
