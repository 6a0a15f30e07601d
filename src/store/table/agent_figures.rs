//! What a span of days comes to for each agent, from its rows.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::history::agent_log::AgentStatus;
use crate::history::figures::agent_figures::{AgentFigures, AgentSpan, times};
use crate::history::figures::figures::{CallFigures, TARGET};
use crate::history::figures::hours_filter::HoursFilter;
use crate::history::figures::moments::Moments;
use crate::store::error::StoreError;
use crate::store::table::agent_log::{agents, first_known, last_known};
use crate::store::table::figures::counted;
use crate::store::table::hours_filter::{and_wanted, moments, teach};
use crate::store::word::from_word;

/// Calls of a span with who talked, else whose the conversation is; and one agent's finished
/// after-call work and statuses, of which the one that the span begins with comes first; and when
/// whose phones rang.
pub(crate) const QUESTIONS: [&str; 4] = [
    "SELECT direction, outcome, missed_reason, started, first_waiting, first_ring, engaged, ended,
         coalesce(agent, CASE WHEN engaged IS NULL AND direction = 'inbound' THEN
             (SELECT assignee FROM conversations WHERE id = calls.conversation) END) AS whose,
         (SELECT json_insert(followers, '$[#]', assignee) FROM conversations
             WHERE id = calls.conversation) AS followers
     FROM calls WHERE started >= ?1 AND started < ?2 AND ended IS NOT NULL AND outcome IS NOT NULL",
    "SELECT count(*), coalesce(sum(until - since), 0) FROM wrap_ups
     WHERE agent = ?1 AND since >= ?2 AND since < ?3",
    "SELECT at, status FROM agent_statuses WHERE agent = ?1 AND at < ?3
         AND at >= coalesce((SELECT max(at) FROM agent_statuses WHERE agent = ?1 AND at <= ?2), ?2)
     ORDER BY at",
    "SELECT call_legs.call AS call, call_legs.agent AS agent, call_legs.ringing AS ringing,
         coalesce(call_legs.answered, call_legs.ended) AS until
     FROM calls JOIN call_legs ON call_legs.call = calls.id
     WHERE calls.started >= ?1 AND calls.started < ?2 AND calls.ended IS NOT NULL
         AND call_legs.agent IS NOT NULL AND call_legs.ringing IS NOT NULL",
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
    count_rings(connection, (span, hours), &mut all)?;
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
    let mut followed: BTreeMap<String, CallFigures> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let call = counted(row)?;
        if let Some(agent) = row.get::<_, Option<String>>("whose")? {
            all.entry(agent).or_default().calls.count(&call, TARGET);
        }
        for agent in followers(row)? {
            followed.entry(agent).or_default().count(&call, TARGET);
        }
    }
    for (agent, calls) in followed {
        let figures = all.entry(agent).or_default();
        figures.followed = calls.inbound + calls.outbound;
        figures.followed_talk = calls.talked;
    }
    Ok(())
}

/// In which calls an agent's phones rang, and when: from, to, in milliseconds since 1970.
#[derive(Default)]
struct Rings {
    calls: BTreeSet<i64>,
    times: Vec<(i64, i64)>,
}

/// How often and how long whose phones rang; several of one agent at once ring one time (L183).
fn count_rings(
    connection: &Connection,
    (span, hours): (AgentSpan, Option<&HoursFilter>),
    all: &mut BTreeMap<String, AgentFigures>,
) -> Result<(), StoreError> {
    let question = format!("{}{}", QUESTIONS[3], and_wanted(hours, "calls.started"));
    let mut question = connection.prepare_cached(&question)?;
    let mut rows = question.query(params![span.from, span.to])?;
    let mut rings: BTreeMap<String, Rings> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let Rings { calls, times } = rings.entry(row.get("agent")?).or_default();
        calls.insert(row.get("call")?);
        let since: i64 = row.get("ringing")?;
        times.push((since, row.get::<_, Option<i64>>("until")?.unwrap_or(since)));
    }
    for (agent, Rings { calls, mut times }) in rings {
        times.sort_unstable();
        let figures = all.entry(agent).or_default();
        figures.rung = u64::try_from(calls.len()).unwrap_or(u64::MAX);
        figures.rung_time = Moments::new(times).length((i64::MIN, i64::MAX));
    }
    Ok(())
}

/// Who follows the call's conversation, its assignee among them (L172).
fn followers(row: &Row<'_>) -> Result<BTreeSet<String>, StoreError> {
    let Some(list) = row.get::<_, Option<String>>("followers")? else {
        return Ok(BTreeSet::new());
    };
    let list: BTreeSet<Option<String>> = serde_json::from_str(&list)
        .map_err(|error| StoreError::Damaged(format!("followers: {error}")))?;
    Ok(list.into_iter().flatten().collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    /// L172: who follows a conversation has its calls beside their own, each once.
    #[test]
    fn followers_have_the_calls_of_their_conversations_whoever_talked() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        connection
            .execute_batch(
                "INSERT INTO conversations (id, name, direction, created, state, assignee, followers,
                     tags, description, last_call, active, seq)
                 VALUES (1, '', 'inbound', 1, 'closed', '101', '[\"101\", \"102\"]', '[]', '', 1,
                     1, 1), (2, '', 'inbound', 1, 'missed', NULL, '[]', '[]', '', 1, 1, 1);",
            )
            .unwrap();
        let add = |id: i64, direction: &str, agent: Option<&str>, conversation: Option<i64>| {
            let outcome = if agent.is_some() { "answered" } else { "missed" };
            connection
                .execute(
                    "INSERT INTO calls (id, direction, caller, caller_name, called, started, engaged,
                         ended, outcome, agent, trail, conversation, greeting_ms, queue_ms, ringing_ms)
                     VALUES (?1, ?2, '', '', '', ?1, CASE WHEN ?4 IS NULL THEN NULL ELSE ?1 END,
                         ?1 + 1000, ?3, ?4, '[]', ?5, 0, 0, 0)",
                    params![id, direction, outcome, agent, conversation],
                )
                .unwrap();
        };
        add(1, "inbound", Some("101"), Some(1));
        add(2, "outbound", Some("103"), Some(1));
        add(3, "inbound", None, Some(1));
        add(4, "inbound", None, Some(2));
        add(5, "internal", Some("103"), None);
        let all = figures(&connection, AgentSpan { from: 0, to: 9, now: Some(9) }, None).unwrap();
        let followed = |agent: &str| (all[agent].followed, all[agent].followed_talk);
        assert_eq!((followed("101"), followed("102")), ((3, 2_000), (3, 2_000)));
        assert_eq!((followed("103"), all["103"].calls.outbound), ((0, 0), 1));
        assert_eq!((all["101"].calls.answered, all["101"].calls.missed), (1, 1));
        assert_eq!(all["102"].calls, CallFigures::default(), "the calls were not theirs");
    }

    /// L183: two phones of one agent ring one time, and again after a pause; who talked does not
    /// matter, nor does a leg that never rang.
    #[test]
    fn agents_were_rung_as_long_as_any_of_their_phones_rang() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        connection
            .execute_batch(
                "INSERT INTO calls (id, direction, caller, caller_name, called, started, ended,
                     outcome, agent, trail, greeting_ms, queue_ms, ringing_ms)
                 VALUES (1, 'inbound', '', '', '', 1000, 90000, 'answered', '102', '[]', 0, 0, 0),
                     (2, 'inbound', '', '', '', 9000, 95000, 'missed', NULL, '[]', 0, 0, 0),
                     (3, 'inbound', '', '', '', 9000, NULL, NULL, NULL, '[]', 0, 0, 0);
                 INSERT INTO call_legs (call, position, leg, party, agent, started, ringing,
                     answered, ended)
                 VALUES (1, 0, 1, 'trunk', NULL, 1000, NULL, 20000, 90000),
                     (1, 1, 2, 'a', '101', 2000, 3000, NULL, 13000),
                     (1, 2, 3, 'b', '101', 2000, 5000, NULL, 14000),
                     (1, 3, 4, 'a', '101', 15000, 16000, NULL, 20000),
                     (1, 4, 5, 'c', '102', 15000, 17000, 20000, 90000),
                     (1, 5, 6, 'd', '103', 15000, NULL, NULL, 20000),
                     (2, 0, 7, 'a', '101', 30000, 30000, NULL, 35000),
                     (3, 0, 8, 'a', '101', 40000, 40000, NULL, NULL);",
            )
            .unwrap();
        let span = AgentSpan { from: 0, to: 90_000, now: Some(90_000) };
        let all = figures(&connection, span, None).unwrap();
        let rung = |agent: &str| (all[agent].rung, all[agent].rung_time);
        assert_eq!(rung("101"), (2, 11_000 + 4_000 + 5_000));
        assert_eq!(rung("102"), (1, 3_000));
        assert!(!all.contains_key("103"), "a phone that never rang");
    }
}
