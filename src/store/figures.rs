//! What a span of days comes to, counted from its rows.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Row, params};

use crate::history::figures::{CountedCall, Figures, Span};
use crate::store::error::StoreError;
use crate::store::word::{from_word, word};

/// Calls, new conversations and closed cases. Calls that are not over are not counted (L158).
pub(crate) const QUESTIONS: [&str; 3] = [
    "SELECT direction, outcome, missed_reason, started, first_waiting, first_ring, engaged, ended,
         number, agent
     FROM calls WHERE started >= ?1 AND started < ?2 AND ended IS NOT NULL AND outcome IS NOT NULL",
    "SELECT count(*) FROM conversations WHERE created >= ?1 AND created < ?2",
    "SELECT count(*) FROM cases WHERE closed >= ?1 AND closed < ?2",
];

/// # Errors
/// When the file cannot be read.
pub(crate) fn figures(connection: &Connection, span: Span) -> Result<Figures, StoreError> {
    let mut figures = Figures::default();
    let zone = TimeZone::system();
    let [calls, new, closed] = QUESTIONS;
    let mut question = connection.prepare_cached(calls)?;
    let mut rows = question.query(params![span.from, span.to])?;
    while let Some(row) = rows.next()? {
        let call = counted(row)?;
        figures.calls.count(&call, span.target);
        if let Some(number) = row.get::<_, Option<String>>("number")? {
            figures.numbers.entry(number).or_default().count(&call, span.target);
        }
        if let Some(agent) = row.get::<_, Option<String>>("agent")? {
            figures.agents.entry(agent).or_default().count(&call, span.target);
        }
        if let Some(hour) = hour(call.started, &zone) {
            figures.hours.entry(hour).or_default().count(&call, span.target);
        }
    }
    let within = params![span.from, span.to];
    figures.conversations = count(connection, new, within)?;
    figures.cases = count(connection, closed, within)?;
    Ok(figures)
}

fn counted(row: &Row<'_>) -> Result<CountedCall, StoreError> {
    let reason = row.get::<_, Option<String>>("missed_reason")?;
    Ok(CountedCall {
        direction: word(row, "direction")?,
        outcome: word(row, "outcome")?,
        missed_reason: reason.map(|reason| from_word(&reason)).transpose()?,
        started: row.get("started")?,
        first_waiting: row.get("first_waiting")?,
        first_ring: row.get("first_ring")?,
        engaged: row.get("engaged")?,
        ended: row.get("ended")?,
    })
}

fn hour(millis: i64, zone: &TimeZone) -> Option<String> {
    let moment = Timestamp::from_millisecond(millis).ok()?;
    Some(format!("{:02}", zone.to_datetime(moment).hour()))
}

fn count(
    connection: &Connection,
    question: &str,
    within: &[&dyn rusqlite::ToSql],
) -> Result<u64, StoreError> {
    let count: i64 = connection.prepare_cached(question)?.query_row(within, |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::figures::TARGET;
    use crate::store::schema;

    /// S74, S75: a conversation is one however often it is closed; each closing is a case.
    #[test]
    fn conversations_and_cases_are_units_of_their_own() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        connection
            .execute_batch(
                "INSERT INTO conversations VALUES (7, '+81312345678', '', NULL, 'inbound', 100,
                     'closed', NULL, NULL, NULL, 900, NULL, NULL, '[]', '[]', '', 100, NULL, 900,
                     NULL, 3, 'medium');
                 INSERT INTO cases VALUES (7, 1, 100, NULL, NULL, 200, 0, 0, 0, '[]', NULL, NULL,
                     NULL, 0);
                 INSERT INTO cases VALUES (7, 2, 300, NULL, NULL, 400, 0, 0, 0, '[]', NULL, NULL,
                     NULL, 0);
                 INSERT INTO cases VALUES (7, 3, 500, NULL, NULL, NULL, 0, 0, 0, '[]', NULL, NULL,
                     NULL, 0);",
            )
            .unwrap();
        let counted = |from, to| {
            let found = figures(&connection, Span { from, to, target: TARGET }).unwrap();
            (found.conversations, found.cases)
        };
        assert_eq!(counted(0, 1_000), (1, 2));
        assert_eq!(counted(150, 300), (0, 1));
        assert_eq!(counted(400, 401), (0, 1), "the first moment counts, the last does not");
        assert_eq!(counted(0, 100), (0, 0));
    }
}
