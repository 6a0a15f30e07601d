//! Operating hours as rows: what they are, what they were, and who switched them.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::history::hours_switch::{HoursSwitch, HoursVersion};
use crate::office::hours::hours::{Hours, HoursName};
use crate::store::error::StoreError;
use crate::store::rows::each;

/// # Errors
/// When the disk fails.
pub(crate) fn save_hours(
    connection: &Connection,
    all: &BTreeMap<HoursName, Hours>,
) -> Result<(), StoreError> {
    connection.execute("DELETE FROM hours", [])?;
    let mut insert = connection.prepare_cached("INSERT INTO hours VALUES (?1, ?2)")?;
    for hours in all.values() {
        insert.execute(params![hours.name.0, definition(hours)?])?;
    }
    Ok(())
}

/// # Errors
/// When the file cannot be read, or a row holds what no office can.
pub(crate) fn load_hours(
    connection: &Connection,
) -> Result<BTreeMap<HoursName, Hours>, StoreError> {
    let mut all = BTreeMap::new();
    each(connection, "SELECT definition FROM hours", |row| {
        let hours: Hours = serde_json::from_str(&row.get::<_, String>(0)?)
            .map_err(|error| StoreError::Damaged(format!("hours: {error}")))?;
        all.insert(hours.name.clone(), hours);
        Ok(())
    })?;
    Ok(all)
}

/// Notes what is new from `at` on (C9).
///
/// # Errors
/// When the disk fails.
pub(crate) fn note_versions(
    connection: &Connection,
    (before, after): (&BTreeMap<HoursName, Hours>, &BTreeMap<HoursName, Hours>),
    at: i64,
) -> Result<(), StoreError> {
    let mut insert =
        connection.prepare_cached("INSERT OR REPLACE INTO hours_versions VALUES (?1, ?2, ?3)")?;
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        insert.execute(params![name.0, at, None::<String>])?;
    }
    for hours in after.values().filter(|hours| before.get(&hours.name) != Some(*hours)) {
        insert.execute(params![hours.name.0, at, definition(hours)?])?;
    }
    Ok(())
}

/// The definitions of a set, oldest first.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn versions(
    connection: &Connection,
    name: &HoursName,
) -> Result<Vec<HoursVersion>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT since, definition FROM hours_versions WHERE name = ?1 ORDER BY since",
    )?;
    let found = statement.query_map([&name.0], |row| {
        Ok(HoursVersion { since: row.get(0)?, definition: row.get(1)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// # Errors
/// When the disk fails.
pub(crate) fn save_switch(connection: &Connection, switch: &HoursSwitch) -> Result<(), StoreError> {
    let HoursSwitch { hours, open, at, until, who } = switch;
    connection
        .prepare_cached(
            "INSERT INTO hours_switches (hours, open, at, until, who) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![hours.0, open, at, until, who])?;
    Ok(())
}

/// The last word on each set.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn switches(connection: &Connection) -> Result<Vec<HoursSwitch>, StoreError> {
    let mut found = Vec::new();
    let last = "SELECT * FROM hours_switches WHERE id IN
        (SELECT max(id) FROM hours_switches GROUP BY hours)";
    each(connection, last, |row| {
        found.push(HoursSwitch {
            hours: HoursName(row.get("hours")?),
            open: row.get("open")?,
            at: row.get("at")?,
            until: row.get("until")?,
            who: row.get("who")?,
        });
        Ok(())
    })?;
    Ok(found)
}

fn definition(hours: &Hours) -> Result<String, StoreError> {
    serde_json::to_string(hours).map_err(|error| StoreError::Refused(error.to_string()))
}
