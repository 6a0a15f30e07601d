//! Numbers that the office has given back, as rows.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use crate::office::number::Number;
use crate::office::phone_number::PhoneNumber;
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::word::word;

/// A number that is gone has been released; one that is there again has not (P3).
///
/// # Errors
/// When the disk fails.
pub(crate) fn note_released(
    connection: &Connection,
    (before, after): (&BTreeMap<PhoneNumber, Number>, &BTreeMap<PhoneNumber, Number>),
    at: i64,
) -> Result<(), StoreError> {
    let mut release =
        connection.prepare_cached("INSERT OR REPLACE INTO released_numbers VALUES (?1, ?2)")?;
    for number in before.keys().filter(|number| !after.contains_key(*number)) {
        release.execute(params![number.as_str(), at])?;
    }
    let mut claim = connection.prepare_cached("DELETE FROM released_numbers WHERE number = ?1")?;
    for number in after.keys().filter(|number| !before.contains_key(*number)) {
        claim.execute([number.as_str()])?;
    }
    Ok(())
}

/// # Errors
/// When the file cannot be read.
pub(crate) fn released(connection: &Connection) -> Result<BTreeSet<PhoneNumber>, StoreError> {
    let mut found = BTreeSet::new();
    each(connection, "SELECT number FROM released_numbers", |row| {
        found.insert(word(row, "number")?);
        Ok(())
    })?;
    Ok(found)
}
