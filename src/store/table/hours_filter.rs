//! Which moments a filter by hours means, told to SQLite as a function.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, params};

use crate::history::figures::hours_filter::{HoursFilter, HoursMeant, every_day};
use crate::history::figures::hours_then::{HoursThen, scheduled};
use crate::history::figures::moments::Moments;
use crate::history::hours_switch::HoursSwitch;
use crate::office::hours::hours::{Hours, HoursName};
use crate::store::error::StoreError;
use crate::store::table::hours;
use crate::store::table::zone::zone;

/// The first and the last of all that is ever counted: hours are looked up between them alone,
/// however long a span is asked for.
const KNOWN: &str = "SELECT
    (SELECT min(at) FROM (SELECT min(started) AS at FROM calls UNION ALL
        SELECT min(created) FROM conversations UNION ALL SELECT min(closed) FROM cases)),
    (SELECT max(at) FROM (SELECT max(started) AS at FROM calls UNION ALL
        SELECT max(created) FROM conversations UNION ALL SELECT max(closed) FROM cases))";

/// Whether a moment is wanted, in a question.
pub(crate) const WANTED: &str = "wanted_hours";

/// The moments of calls, conversations and cases that are meant. None: all are.
///
/// # Errors
/// When the file cannot be read, or there never was such a set.
pub(crate) fn moments_of_rows(
    connection: &Connection,
    filter: Option<&HoursFilter>,
    (from, to): (i64, i64),
) -> Result<Option<Moments>, StoreError> {
    let Some(filter) = filter else { return Ok(None) };
    let (first, last): (Option<i64>, Option<i64>) =
        connection.prepare_cached(KNOWN)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let known = (from.max(first), to.min(last.saturating_add(1)));
    moments(connection, filter, known).map(Some)
}

/// # Errors
/// When the file cannot be read, or there never was such a set.
pub(crate) fn moments(
    connection: &Connection,
    filter: &HoursFilter,
    span: (i64, i64),
) -> Result<Moments, StoreError> {
    let inside = match &filter.within {
        HoursMeant::Daily(range) => {
            Moments::new(scheduled(&every_day(*range, zone(connection)?), span))
        }
        HoursMeant::Then(name) => then(connection, name)?.open(span),
        HoursMeant::Today(name) => {
            let today = versions(connection, name)?.pop().and_then(|(_, hours)| hours);
            let today = today.ok_or_else(|| StoreError::NoHours(name.0.clone()))?;
            Moments::new(scheduled(&today, span))
        }
    };
    Ok(if filter.outside { inside.others(span) } else { inside })
}

/// A further condition, if hours narrow the question.
#[must_use]
pub(crate) fn and_wanted(hours: Option<&HoursFilter>, at: &str) -> String {
    hours.map(|_| format!(" AND {WANTED}({at})")).unwrap_or_default()
}

/// From now on [`WANTED`] means these moments on this connection.
///
/// # Errors
/// When SQLite refuses.
pub(crate) fn teach(connection: &Connection, moments: Moments) -> Result<(), StoreError> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let is_wanted = move |context: &rusqlite::functions::Context<'_>| {
        context.get::<i64>(0).map(|at| moments.hold(at))
    };
    Ok(connection.create_scalar_function(WANTED, 1, flags, is_wanted)?)
}

fn then(connection: &Connection, name: &HoursName) -> Result<HoursThen, StoreError> {
    let versions = versions(connection, name)?;
    if versions.is_empty() {
        return Err(StoreError::NoHours(name.0.clone()));
    }
    let mut hands = connection.prepare_cached(
        "SELECT open, at, until, who FROM hours_switches WHERE hours = ?1 ORDER BY id",
    )?;
    let hand = |row: &rusqlite::Row<'_>| {
        Ok(HoursSwitch {
            hours: name.clone(),
            open: row.get("open")?,
            at: row.get("at")?,
            until: row.get("until")?,
            who: row.get("who")?,
        })
    };
    let switches = hands.query_map(params![name.0], hand)?.collect::<Result<_, _>>()?;
    Ok(HoursThen { versions, switches })
}

fn versions(
    connection: &Connection,
    name: &HoursName,
) -> Result<Vec<(i64, Option<Hours>)>, StoreError> {
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|error| StoreError::Damaged(format!("hours: {error}")))
    };
    let found = hours::versions(connection, name)?.into_iter();
    found.map(|version| Ok((version.since, version.definition.map(read).transpose()?))).collect()
}
