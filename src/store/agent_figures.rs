//! What a span of days comes to for each agent, from its rows.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::history::agent_figures::{AgentFigures, AgentSpan, times};
use crate::history::agent_log::AgentStatus;
use crate::history::figures::TARGET;
use crate::history::hours_filter::HoursFilter;
use crate::history::moments::Moments;
use crate::store::agent_log::{agents, first_known, last_known};
use crate::store::error::StoreError;
use crate::store::figures::counted;
use crate::store::hours_filter::{and_wanted, moments, teach};
use crate::store::word::from_word;

/// Calls of a span with who talked, else whose the conversation is; and one agent's finished
/// after-call work and statuses, of which the one that the span begins with comes first.
pub(crate) const QUESTIONS: [&str; 3] = [
    "SELECT direction, outcome, missed_reason, started, first_waiting, first_ring, engaged, ended,
         coalesce(agent, CASE WHEN engaged IS NULL AND direction = 'inbound' THEN
             (SELECT assignee FROM conversations WHERE id = calls.conversation) END) AS whose
     FROM calls WHERE started >= ?1 AND started < ?2 AND ended IS NOT NULL AND outcome IS NOT NULL",
    "SELECT count(*), coalesce(sum(until - since), 0) FROM wrap_ups
     WHERE agent = ?1 AND since >= ?2 AND since < ?3",
    "SELECT at, status FROM agent_statuses WHERE agent = ?1 AND at < ?3
         AND at >= coalesce((SELECT max(at) FROM agent_statuses WHERE agent = ?1 AND at <= ?2), ?2)
     ORDER BY at",
];

/// By extension, those of whom there is something to tell.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn figures(
    connection: &Connection,
    span: AgentSpan,
    hours: Option<&HoursFilter>,
) -> Result<BTreeMap<String, AgentFigures>, StoreError> {
    let mut all: BTreeMap<String, AgentFigures> = BTreeMap::new();
    let present = match span.now {
        Some(now) => now,
        None => last_known(connection)?,
    };
    let end = span.to.min(present);
    let counted = match hours {
        Some(hours) => moments(connection, hours, (span.from.max(first_known(connection)?), end))?,
        None => Moments::always(),
    };
    if hours.is_some() {
        teach(connection, counted.clone())?;
    }
    count_calls(connection, (span, hours), &mut all)?;
    for agent in agents(connection)? {
        let figures = all.entry(agent.clone()).or_default();
        count_wrap_ups(connection, &agent, (span, hours), figures)?;
        let changes = changes(connection, &agent, span)?;
        figures.statuses = times(&changes, (span.from, end), &counted);
    }
    all.retain(|_, figures| !figures.is_empty());
    let mut name = connection.prepare_cached("SELECT name FROM agents WHERE extension = ?1")?;
    for (agent, figures) in &mut all {
        let named = name.query_row([agent], |row| row.get(0)).optional()?;
        figures.name = named.unwrap_or_default();
    }
    Ok(all)
}

fn count_calls(
    connection: &Connection,
    (span, hours): (AgentSpan, Option<&HoursFilter>),
    all: &mut BTreeMap<String, AgentFigures>,
) -> Result<(), StoreError> {
    let question = format!("{}{}", QUESTIONS[0], and_wanted(hours, "started"));
    let mut question = connection.prepare_cached(&question)?;
    let mut rows = question.query(params![span.from, span.to])?;
    while let Some(row) = rows.next()? {
        if let Some(agent) = row.get::<_, Option<String>>("whose")? {
            all.entry(agent).or_default().calls.count(&counted(row)?, TARGET);
        }
    }
    Ok(())
}

fn count_wrap_ups(
    connection: &Connection,
    agent: &str,
    (span, hours): (AgentSpan, Option<&HoursFilter>),
    figures: &mut AgentFigures,
) -> Result<(), StoreError> {
    let question = format!("{}{}", QUESTIONS[1], and_wanted(hours, "since"));
    let mut question = connection.prepare_cached(&question)?;
    let (count, sum): (i64, i64) = question
        .query_row(params![agent, span.from, span.to], |row| Ok((row.get(0)?, row.get(1)?)))?;
    (figures.wrap_ups, figures.wrapped_up) = (count.unsigned_abs(), sum);
    Ok(())
}

fn changes(
    connection: &Connection,
    agent: &str,
    span: AgentSpan,
) -> Result<Vec<(i64, Option<AgentStatus>)>, StoreError> {
    let mut question = connection.prepare_cached(QUESTIONS[2])?;
    let mut rows = question.query(params![agent, span.from, span.to])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let status = row.get::<_, Option<String>>(1)?;
        changes.push((row.get(0)?, status.map(|status| from_word(&status)).transpose()?));
    }
    Ok(changes)
}
