//! Call records as rows: one a call, one a leg.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::history::call_filter::CallFilter;
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Clocks, LegRecord, Outcome};
use crate::history::conversation_id::ConversationId;
use crate::history::handled::Handled;
use crate::history::recorded_call::RecordedCall;
use crate::history::trail::trail::TrailEntry;
use crate::leg::{HangupCause, LegId};
use crate::store::error::StoreError;
use crate::store::table::hours_filter::{moments_of_rows, teach};
use crate::store::table::narrowing::Narrowing;
use crate::store::table::parties;
use crate::store::table::qualities;
use crate::store::table::search::{Searched, Side, WALKED};
use crate::store::word::{optional_word, to_word, word};

/// With all that happens after the call.
const LONGEST_TRAIL: usize = 2_000;

const UPSERT: &str = "
    INSERT INTO calls (id, direction, caller, caller_name, called, number, presented, started,
        first_ring, engaged, ended, outcome, missed_reason, cause, agent, trail,
        first_waiting, greeting_ms, queue_ms, ringing_ms, conversation, voicemail)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
        ?20, ?21, ?22)
    ON CONFLICT (id) DO UPDATE SET direction = ?2, caller = ?3, caller_name = ?4, called = ?5,
        number = ?6, presented = ?7, started = ?8, first_ring = ?9, engaged = ?10, ended = ?11,
        outcome = ?12, missed_reason = ?13, cause = ?14, agent = ?15, trail = ?16,
        first_waiting = ?17, greeting_ms = ?18, queue_ms = ?19, ringing_ms = ?20, conversation = ?21,
        voicemail = ?22";

/// What a list shows of a call; a trail is long.
const LISTED: &str = "id, direction, caller, caller_name, called, number, presented, started,
    first_waiting, first_ring, engaged, ended, outcome, missed_reason, cause, agent, greeting_ms,
    queue_ms, ringing_ms, conversation, voicemail";

pub(crate) const SEARCHED: Searched = Searched {
    table: "calls",
    order: "started",
    walked: WALKED,
    sides: &[
        Side { number: "caller", name: Some("caller_name"), index: "calls_by_caller" },
        Side { number: "called", name: None, index: "calls_by_called" },
    ],
};

/// Writes a call, over what was known of it before.
///
/// # Errors
/// When the disk fails.
pub(crate) fn save(connection: &Connection, call: &CallRecord) -> Result<(), StoreError> {
    let id = row_id(call.id);
    let trail = serde_json::to_string(&call.trail)
        .map_err(|error| StoreError::Refused(error.to_string()))?;
    connection.prepare_cached(UPSERT)?.execute(params![
        id,
        to_word(&call.direction)?,
        call.from,
        call.from_name,
        call.to,
        call.number.as_ref().map(|number| number.as_str()),
        call.presented.as_ref().map(|number| number.as_str()),
        call.started,
        call.first_ring,
        call.engaged,
        call.ended,
        call.outcome.as_ref().map(to_word).transpose()?,
        call.missed_reason.as_ref().map(to_word).transpose()?,
        call.cause.as_ref().map(to_word).transpose()?,
        call.agent.as_ref().map(|agent| agent.as_str()),
        trail,
        call.first_waiting,
        call.clocks.greeting,
        call.clocks.queue,
        call.clocks.ringing,
        call.conversation.map(|id| i64::try_from(id.0).unwrap_or(i64::MAX)),
        call.voicemail
    ])?;
    parties::remember(connection, &call.from, &call.from_name)?;
    parties::remember(connection, &call.to, "")?;
    connection.prepare_cached("DELETE FROM call_legs WHERE call = ?1")?.execute([id])?;
    let mut insert = connection
        .prepare_cached("INSERT INTO call_legs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
    for (position, leg) in (0_i64..).zip(&call.legs) {
        insert.execute(params![
            id,
            position,
            i64::try_from(leg.leg.get()).unwrap_or(i64::MAX),
            leg.party,
            leg.agent.as_ref().map(|agent| agent.as_str()),
            leg.started,
            leg.ringing,
            leg.answered,
            leg.ended,
            leg.cause.as_ref().map(to_word).transpose()?
        ])?;
    }
    Ok(())
}

/// The start of a call with this number, if there is one.
pub(crate) fn started(connection: &Connection, id: CallId) -> Result<Option<i64>, StoreError> {
    let mut question = connection.prepare_cached("SELECT started FROM calls WHERE id = ?1")?;
    Ok(question.query_row([row_id(id)], |row| row.get(0)).optional()?)
}

/// The number of the next call.
pub(crate) fn next_id(connection: &Connection) -> Result<CallId, StoreError> {
    let used = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'calls'", [], |row| {
            row.get::<_, i64>(0)
        })
        .optional()?;
    Ok(CallId(used.unwrap_or(0).unsigned_abs() + 1))
}

/// Closes calls that a crash has left open, with the last moment known of each. Returns how many.
pub(crate) fn close_interrupted(
    connection: &Connection,
    next: CallId,
) -> Result<usize, StoreError> {
    let (outcome, cause) = (to_word(&Outcome::Interrupted)?, to_word(&HangupCause::Interrupted)?);
    connection.execute(
        "UPDATE call_legs SET cause = ?1, ended = coalesce(answered, ringing, started)
         WHERE ended IS NULL AND call IN (SELECT id FROM calls WHERE ended IS NULL AND id < ?2)",
        params![cause, row_id(next)],
    )?;
    let closed = connection.execute(
        "UPDATE calls SET outcome = ?1, cause = ?2, ended = max(
             coalesce(engaged, first_ring, started),
             coalesce((SELECT max(ended) FROM call_legs WHERE call = calls.id), started))
         WHERE ended IS NULL AND id < ?3",
        params![outcome, cause, row_id(next)],
    )?;
    Ok(closed)
}

/// # Errors
/// When the file cannot be read.
pub(crate) fn load(connection: &Connection, id: CallId) -> Result<Option<CallRecord>, StoreError> {
    let mut question = connection.prepare_cached("SELECT * FROM calls WHERE id = ?1")?;
    let mut rows = question.query([row_id(id)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let mut call = read_call(row)?;
    call.trail = serde_json::from_str(&row.get::<_, String>("trail")?)
        .map_err(|error| StoreError::Damaged(format!("trail of call {id}: {error}")))?;
    call.legs = load_legs(connection, call.id)?;
    Ok(Some(call))
}

/// What has happened after the end of a call; a call that is not there is nobody's loss.
///
/// # Errors
/// When the disk fails, or the row holds what nobody wrote.
pub(crate) fn add_to_trail(
    connection: &Connection,
    id: CallId,
    entries: &[TrailEntry],
) -> Result<(), StoreError> {
    let mut question = connection.prepare_cached("SELECT trail FROM calls WHERE id = ?1")?;
    let found = question.query_row([row_id(id)], |row| row.get::<_, String>(0)).optional()?;
    let Some(trail) = found else { return Ok(()) };
    let mut trail: Vec<TrailEntry> = serde_json::from_str(&trail)
        .map_err(|error| StoreError::Damaged(format!("trail of call {id}: {error}")))?;
    trail.extend(entries.iter().take(LONGEST_TRAIL.saturating_sub(trail.len())).cloned());
    let trail =
        serde_json::to_string(&trail).map_err(|error| StoreError::Refused(error.to_string()))?;
    connection
        .prepare_cached("UPDATE calls SET trail = ?2 WHERE id = ?1")?
        .execute(params![row_id(id), trail])?;
    Ok(())
}

/// One page of calls, newest first, with their legs and without their trails.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn list(
    connection: &Connection,
    filter: &CallFilter,
) -> Result<Vec<CallRecord>, StoreError> {
    let narrowed = narrowed(connection, filter)?;
    let rows = filter.rows() as usize;
    let ids = match filter.party.as_deref().filter(|party| !party.is_empty()) {
        Some(party) => SEARCHED.find(connection, &narrowed, party, rows)?,
        None => SEARCHED.newest(connection, &narrowed, rows)?,
    };
    let mut question =
        connection.prepare_cached(&format!("SELECT {LISTED} FROM calls WHERE id = ?1"))?;
    let mut calls = Vec::new();
    for id in ids {
        let mut call = question.query_and_then([id], read_call)?.next().transpose()?;
        if let Some(call) = &mut call {
            call.legs = load_legs(connection, call.id)?;
        }
        calls.extend(call);
    }
    Ok(calls)
}

/// What a list of recordings says of these calls, as far as they are there.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn recorded(
    connection: &Connection,
    ids: &[CallId],
) -> Result<BTreeMap<CallId, RecordedCall>, StoreError> {
    let mut question = connection.prepare_cached(
        "SELECT id, started, caller, caller_name, called, agent, ended - engaged AS talked
         FROM calls WHERE id IN (SELECT value FROM json_each(?1))",
    )?;
    let ids: Vec<i64> = ids.iter().map(|id| row_id(*id)).collect();
    let ids =
        serde_json::to_string(&ids).map_err(|error| StoreError::Refused(error.to_string()))?;
    let mut rows = question.query([ids])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let call = RecordedCall {
            started: row.get("started")?,
            from: row.get("caller")?,
            from_name: row.get("caller_name")?,
            to: row.get("called")?,
            agent: row.get("agent")?,
            talked_ms: row.get("talked")?,
        };
        found.insert(CallId(row.get::<_, i64>("id")?.unsigned_abs()), call);
    }
    Ok(found)
}

/// The question of [`handled`].
pub(crate) const HANDLED: &str = "SELECT caller, agent, engaged FROM calls
    WHERE direction = 'inbound' AND agent IS NOT NULL AND engaged IS NOT NULL
    ORDER BY started DESC, id DESC LIMIT ?1";

/// The newest calls from customers that an agent talked on, newest first.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn handled(connection: &Connection, most: u32) -> Result<Vec<Handled>, StoreError> {
    let mut question = connection.prepare(HANDLED)?;
    let mut rows = question.query([most])?;
    let mut handled = Vec::new();
    while let Some(row) = rows.next()? {
        let (customer, at) = (row.get("caller")?, row.get("engaged")?);
        handled.push(Handled { customer, agent: word(row, "agent")?, at });
    }
    Ok(handled)
}

pub(crate) fn narrowed(
    connection: &Connection,
    filter: &CallFilter,
) -> Result<Narrowing, StoreError> {
    let mut narrowed = Narrowing::default();
    if let Some(conversation) = filter.conversation {
        narrowed.by_column("conversation", i64::try_from(conversation.0).unwrap_or(i64::MAX));
    }
    if let Some(agent) = &filter.agent {
        narrowed.by_column("agent", agent.as_str().to_owned());
    }
    if let Some(number) = &filter.number {
        narrowed.by_column("number", number.as_str().to_owned());
    }
    if let Some(outcome) = &filter.outcome {
        narrowed.by_column("outcome", to_word(outcome)?);
    }
    if let Some(direction) = &filter.direction {
        narrowed.by_column("direction", to_word(direction)?);
    }
    if let Some(from) = filter.from {
        narrowed.by("started >= ?", from);
    }
    before(connection, filter, &mut narrowed)?;
    let span = (filter.from.unwrap_or(i64::MIN), filter.to.unwrap_or(i64::MAX));
    if let Some(moments) = moments_of_rows(connection, filter.hours.as_ref(), span)? {
        teach(connection, moments)?;
        narrowed.by_wanted("started");
    }
    Ok(narrowed)
}

/// The end of the period, or of the page before: of two ends only one leads an index, and the
/// earlier says it all.
fn before(
    connection: &Connection,
    filter: &CallFilter,
    narrowed: &mut Narrowing,
) -> Result<(), StoreError> {
    let place = match filter.before {
        Some(before) => started(connection, before)?.map(|at| (at, row_id(before))),
        None => None,
    };
    match (place, filter.to) {
        (Some(place), to) if to.is_none_or(|to| place.0 < to) => narrowed.after("started", place),
        (_, Some(to)) => narrowed.by("started < ?", to),
        (_, None) => {}
    }
    if let (None, Some(gone)) = (place, filter.before) {
        narrowed.by("id < ?", row_id(gone));
    }
    Ok(())
}

fn read_call(row: &Row<'_>) -> Result<CallRecord, StoreError> {
    Ok(CallRecord {
        id: CallId(row.get::<_, i64>("id")?.unsigned_abs()),
        direction: word(row, "direction")?,
        from: row.get("caller")?,
        from_name: row.get("caller_name")?,
        to: row.get("called")?,
        number: optional_word(row, "number")?,
        presented: optional_word(row, "presented")?,
        started: row.get("started")?,
        first_waiting: row.get("first_waiting")?,
        first_ring: row.get("first_ring")?,
        engaged: row.get("engaged")?,
        ended: row.get("ended")?,
        outcome: optional_word(row, "outcome")?,
        missed_reason: optional_word(row, "missed_reason")?,
        voicemail: row.get("voicemail")?,
        cause: optional_word(row, "cause")?,
        agent: optional_word(row, "agent")?,
        clocks: Clocks {
            greeting: row.get("greeting_ms")?,
            queue: row.get("queue_ms")?,
            ringing: row.get("ringing_ms")?,
        },
        conversation: row
            .get::<_, Option<i64>>("conversation")?
            .map(|id| ConversationId(id.unsigned_abs())),
        legs: Vec::new(),
        trail: Vec::new(),
    })
}

fn load_legs(connection: &Connection, call: CallId) -> Result<Vec<LegRecord>, StoreError> {
    let mut question =
        connection.prepare_cached("SELECT * FROM call_legs WHERE call = ?1 ORDER BY position")?;
    let mut rows = question.query([row_id(call)])?;
    let mut legs = Vec::new();
    while let Some(row) = rows.next()? {
        let leg = leg_id(row)?;
        legs.push(LegRecord {
            leg,
            party: row.get("party")?,
            agent: optional_word(row, "agent")?,
            started: row.get("started")?,
            ringing: row.get("ringing")?,
            answered: row.get("answered")?,
            ended: row.get("ended")?,
            cause: optional_word(row, "cause")?,
            quality: qualities::load(connection, call, leg)?,
        });
    }
    Ok(legs)
}

fn leg_id(row: &Row<'_>) -> Result<LegId, StoreError> {
    let number = row.get::<_, i64>("leg")?.unsigned_abs();
    Ok(if number % 2 == 1 { LegId::arrived(number / 2) } else { LegId::placed(number / 2) })
}

fn row_id(id: CallId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}
