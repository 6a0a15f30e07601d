//! What agents have said of themselves, as rows: so that a restart forgets no break and no wrap-up.

use rusqlite::{Connection, Row, params};

use crate::duty::{Duty, WrapUp};
use crate::history::call_id::CallId;
use crate::office::phone_number::PhoneNumber;
use crate::store::error::StoreError;
use crate::store::word::{optional_word, to_word, word};

/// # Errors
/// When the disk fails.
pub(crate) fn save(connection: &Connection, duty: &Duty) -> Result<(), StoreError> {
    let call = duty.wrap_up.map(|wrap_up| i64::try_from(wrap_up.call.0).unwrap_or(i64::MAX));
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO duties (agent, seat, activity, do_not_disturb, since,
                 wrap_up_call, wrap_up_since, wrap_up_until, shown, do_not_disturb_until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            duty.agent.as_str(),
            duty.seat,
            to_word(&duty.activity)?,
            duty.do_not_disturb,
            duty.since,
            call,
            duty.wrap_up.map(|wrap_up| wrap_up.since),
            duty.wrap_up.and_then(|wrap_up| wrap_up.until),
            duty.shown.as_ref().map(PhoneNumber::as_str),
            duty.do_not_disturb_until
        ])?;
    Ok(())
}

/// Every agent's.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn load(connection: &Connection) -> Result<Vec<Duty>, StoreError> {
    let mut question = connection.prepare("SELECT * FROM duties ORDER BY agent")?;
    let mut rows = question.query([])?;
    let mut duties = Vec::new();
    while let Some(row) = rows.next()? {
        match read(row) {
            Ok(duty) => duties.push(duty),
            // The agent can say it again; one bad row must not keep the office shut.
            Err(error) => tracing::warn!(%error, "what an agent has said cannot be read"),
        }
    }
    Ok(duties)
}

fn read(row: &Row<'_>) -> Result<Duty, StoreError> {
    let call = row.get::<_, Option<i64>>("wrap_up_call")?;
    let since = row.get::<_, Option<i64>>("wrap_up_since")?;
    let until = row.get("wrap_up_until")?;
    let wrap_up = call.zip(since);
    Ok(Duty {
        agent: word(row, "agent")?,
        seat: row.get("seat")?,
        activity: word(row, "activity")?,
        do_not_disturb: row.get("do_not_disturb")?,
        do_not_disturb_until: row.get("do_not_disturb_until")?,
        since: row.get("since")?,
        wrap_up: wrap_up.map(|(call, since)| WrapUp {
            call: CallId(call.unsigned_abs()),
            since,
            until,
        }),
        shown: optional_word(row, "shown")?,
    })
}
