//! The tables, as numbered steps that are applied once and in order.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::error::StoreError;

/// A step is never changed once released; `user_version` counts the applied ones.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_office.sql"),
    include_str!("migrations/0002_calls.sql"),
    include_str!("migrations/0003_bindings.sql"),
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

/// Reads the whole file for damage. `full` also compares indexes with their tables.
///
/// # Errors
/// What SQLite found, in its words.
pub(crate) fn check(connection: &Connection, full: bool) -> Result<(), StoreError> {
    let pragma = if full { "integrity_check" } else { "quick_check" };
    let found: String = connection.pragma_query_value(None, pragma, |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(found.replace('\n', "; "))) }
}

#[cfg(test)]
pub(crate) fn at_version(connection: &Connection, version: u32) {
    for step in &MIGRATIONS[..version as usize] {
        connection.execute_batch(step).unwrap();
    }
    connection.pragma_update(None, "user_version", version).unwrap();
}
