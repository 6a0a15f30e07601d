//! What agents were and from when on, as rows: written once, never changed.

use rusqlite::{Connection, params};

use crate::history::agent_log::{AgentLog, StatusChange, WrapUpDone};
use crate::store::error::StoreError;
use crate::store::word::to_word;

/// Everybody of whom the log tells, one step a name: a look at all rows would take years' worth.
const AGENTS: &str = "WITH RECURSIVE named (agent) AS (
        SELECT min(agent) FROM agent_statuses UNION ALL
        SELECT (SELECT min(agent) FROM agent_statuses WHERE agent > named.agent)
        FROM named WHERE named.agent IS NOT NULL)
     SELECT agent FROM named WHERE agent IS NOT NULL";

/// # Errors
/// When the disk fails.
pub(crate) fn save(connection: &Connection, entry: &AgentLog) -> Result<(), StoreError> {
    match entry {
        AgentLog::Status(change) => save_status(connection, change),
        AgentLog::WrapUp(done) => save_wrap_up(connection, done),
        AgentLog::Still { at } => save_mark(connection, *at),
        AgentLog::Over { at } => end_all(connection, Some(*at)),
    }
}

fn save_status(connection: &Connection, change: &StatusChange) -> Result<(), StoreError> {
    let status = change.status.as_ref().map(to_word).transpose()?;
    connection
        .prepare_cached("INSERT OR REPLACE INTO agent_statuses VALUES (?1, ?2, ?3)")?
        .execute(params![change.agent.as_str(), change.at, status])?;
    Ok(())
}

fn save_wrap_up(connection: &Connection, done: &WrapUpDone) -> Result<(), StoreError> {
    let call = i64::try_from(done.call.0).unwrap_or(i64::MAX);
    connection
        .prepare_cached("INSERT OR REPLACE INTO wrap_ups VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![done.agent.as_str(), done.since, done.until, call])?;
    Ok(())
}

fn save_mark(connection: &Connection, at: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO agent_log_mark VALUES (1, ?1)")?
        .execute([at])?;
    Ok(())
}

/// Everybody of whom the log tells.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn agents(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut question = connection.prepare_cached(AGENTS)?;
    let found = question.query_map([], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Every status that goes on ends `at`, or, after a crash, with the last that is known of anything.
///
/// # Errors
/// When the disk fails.
pub(crate) fn end_all(connection: &Connection, at: Option<i64>) -> Result<(), StoreError> {
    let at = match at {
        Some(at) => at,
        None => last_known(connection)?,
    };
    let mut end = connection.prepare_cached(
        "INSERT OR REPLACE INTO agent_statuses
         SELECT agent, max(at + (at < ?2), ?2), NULL FROM agent_statuses
         WHERE agent = ?1 AND status IS NOT NULL
             AND at = (SELECT max(at) FROM agent_statuses WHERE agent = ?1)",
    )?;
    for agent in agents(connection)? {
        end.execute(params![agent, at])?;
    }
    Ok(())
}

/// When anything was first known of an agent, or a call came.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn first_known(connection: &Connection) -> Result<i64, StoreError> {
    let calls = "SELECT min(started) FROM calls";
    let mut first: Option<i64> = connection.query_row(calls, [], |row| row.get(0))?;
    let mut oldest =
        connection.prepare_cached("SELECT min(at) FROM agent_statuses WHERE agent = ?1")?;
    for agent in agents(connection)? {
        let at: Option<i64> = oldest.query_row([agent], |row| row.get(0))?;
        first = first.into_iter().chain(at).min();
    }
    Ok(first.unwrap_or_default())
}

/// When the last thing happened that was written down: a status or that all go on, the beginning or
/// end of a call, a line of a conversation's log.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn last_known(connection: &Connection) -> Result<i64, StoreError> {
    let mut last = connection.query_row(
        "SELECT max(
             coalesce((SELECT at FROM agent_log_mark), 0),
             coalesce((SELECT max(started) FROM calls), 0),
             coalesce((SELECT ended FROM calls ORDER BY id DESC LIMIT 1), 0),
             coalesce((SELECT at FROM conversation_log ORDER BY id DESC LIMIT 1), 0))",
        [],
        |row| row.get(0),
    )?;
    let mut newest = connection
        .prepare_cached("SELECT coalesce(max(at), 0) FROM agent_statuses WHERE agent = ?1")?;
    for agent in agents(connection)? {
        last = newest.query_row([agent], |row| row.get(0)).map(|at: i64| at.max(last))?;
    }
    Ok(last)
}
