//! How legs sounded, as rows.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::history::call_id::CallId;
use crate::history::known_quality::KnownQuality;
use crate::history::leg_quality::LegQuality;
use crate::leg::LegId;
use crate::store::error::StoreError;

/// Of a call that is not there any more nothing is kept.
///
/// # Errors
/// When the disk fails.
pub(crate) fn save(connection: &Connection, known: &KnownQuality) -> Result<(), StoreError> {
    let KnownQuality { call, leg, quality } = known;
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO leg_quality
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
             WHERE EXISTS (SELECT 1 FROM calls WHERE id = ?1)",
        )?
        .execute(params![
            count(call.0),
            count(leg.get()),
            count(quality.packets),
            count(quality.lost),
            count(quality.late),
            quality.jitter_ms,
            quality.delay_ms,
            quality.round_trip_ms,
            quality.lost_there_percent,
            quality.mos_hundredths
        ])?;
    Ok(())
}

/// # Errors
/// When the file cannot be read.
pub(crate) fn load(
    connection: &Connection,
    call: CallId,
    leg: LegId,
) -> Result<Option<LegQuality>, StoreError> {
    let key = |key: u64| i64::try_from(key).unwrap_or(i64::MAX);
    let mut question =
        connection.prepare_cached("SELECT * FROM leg_quality WHERE call = ?1 AND leg = ?2")?;
    let found = question.query_row([key(call.0), key(leg.get())], read).optional()?;
    Ok(found)
}

fn read(row: &Row<'_>) -> rusqlite::Result<LegQuality> {
    let count = |column: &str| row.get::<_, i64>(column).map(i64::unsigned_abs);
    Ok(LegQuality {
        packets: count("packets")?,
        lost: count("lost")?,
        late: count("late")?,
        jitter_ms: row.get("jitter_ms")?,
        delay_ms: row.get("delay_ms")?,
        round_trip_ms: row.get("round_trip_ms")?,
        lost_there_percent: row.get("lost_there")?,
        mos_hundredths: row.get("mos")?,
    })
}
