//! The office's calendar as a row, and what it comes to.

use jiff::tz::TimeZone;
use rusqlite::Connection;

use crate::clock;
use crate::office::snapshot::Office;
use crate::office::zone::zone_name;
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::table::hours::load_hours;

/// # Errors
/// When the disk fails.
pub(crate) fn save_zone(
    connection: &Connection,
    zone: Option<&TimeZone>,
) -> Result<(), StoreError> {
    connection.execute("DELETE FROM timezone", [])?;
    if let Some(zone) = zone {
        connection.execute("INSERT INTO timezone VALUES (1, ?1)", [zone_name(zone)])?;
    }
    Ok(())
}

/// # Errors
/// When the file cannot be read, or names no zone.
pub(crate) fn load_zone(connection: &Connection) -> Result<Option<TimeZone>, StoreError> {
    let mut found = None;
    each(connection, "SELECT name FROM timezone", |row| {
        let name: String = row.get(0)?;
        let zone = TimeZone::get(&name)
            .map_err(|_| StoreError::Damaged(format!("'{name}' is no time zone")))?;
        found = Some(zone);
        Ok(())
    })?;
    Ok(found)
}

/// Where the days of the office begin, without the rest of the office; the machine's zone where the
/// office says nothing.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn zone(connection: &Connection) -> Result<TimeZone, StoreError> {
    let timezone = load_zone(connection)?;
    let office = Office { timezone, hours: load_hours(connection)?, ..Office::default() };
    Ok(office.zone().cloned().unwrap_or_else(clock::zone))
}
