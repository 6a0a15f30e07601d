//! What cases come to, counted from their rows (L174, S75).

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use crate::history::figures::case_times::{CaseTimes, Leader, OneStop, leaders};
use crate::history::figures::figures::FiguresFilter;
use crate::history::figures::lengths::Lengths;
use crate::store::error::StoreError;
use crate::store::table::hours_filter::and_wanted;

/// Cases closed in a span, and those first answered in it, closed or not. Of a number or a team
/// alone where there is a third or fourth value.
pub(crate) const QUESTIONS: [&str; 2] = [
    "SELECT closed - opened - snoozed_ms AS handled, assignee, first_assignee
     FROM cases WHERE closed >= ?1 AND closed < ?2
         AND (?3 IS NULL OR number = ?3) AND (?4 IS NULL OR team = ?4)",
    "SELECT answered - opened AS waited FROM cases WHERE answered >= ?1 AND answered < ?2
         AND (?3 IS NULL OR number = ?3) AND (?4 IS NULL OR team = ?4)",
];

/// What of the figures is about cases.
#[derive(Debug, Default)]
pub(crate) struct CaseFigures {
    pub(crate) closed: u64,
    /// But for replies, which calls tell.
    pub(crate) times: CaseTimes,
    pub(crate) leaders: Vec<Leader>,
}

/// # Errors
/// When the file cannot be read.
pub(crate) fn count(
    connection: &Connection,
    filter: &FiguresFilter,
) -> Result<CaseFigures, StoreError> {
    let (mut handled, mut waited) = (Vec::new(), Vec::new());
    let mut one_stop = OneStop::default();
    let mut closed: BTreeMap<String, u64> = BTreeMap::new();
    each_case(connection, (filter, QUESTIONS[0], "closed"), |row| {
        handled.push(row.get("handled")?);
        let last = row.get::<_, Option<String>>("assignee")?;
        let first = row.get::<_, Option<String>>("first_assignee")?;
        one_stop.count(first.as_deref(), last.as_deref());
        if let Some(agent) = last {
            *closed.entry(agent).or_default() += 1;
        }
        Ok(())
    })?;
    each_case(connection, (filter, QUESTIONS[1], "answered"), |row| {
        waited.push(row.get("waited")?);
        Ok(())
    })?;
    let (first_response, handling) = (Lengths::of(waited), Lengths::of(handled));
    let times = CaseTimes { first_response, handling, one_stop, ..CaseTimes::default() };
    Ok(CaseFigures { closed: handling.count, times, leaders: leaders(&closed) })
}

fn each_case(
    connection: &Connection,
    (filter, question, at): (&FiguresFilter, &str, &str),
    mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let question = format!("{question}{}", and_wanted(filter.hours.as_ref(), at));
    let mut question = connection.prepare_cached(&question)?;
    let within = params![filter.span.from, filter.span.to, filter.own_number(), filter.team_name()];
    let mut rows = question.query(within)?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::history::conversation::case_record::{CaseFilter, CaseRecord};
    use crate::history::figures::figures::TARGET;
    use crate::history::figures::span::Span;
    use crate::store::schema;
    use crate::store::table::cases;

    type Row = (i64, Option<i64>, Option<i64>, Option<&'static str>, Option<&'static str>);

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let agent = || option::of(select(vec!["101", "102", "103"]));
        vec((0..50_i64, option::of(0..30_i64), option::of(30..60_i64), agent(), agent()), 0..30)
    }

    fn kept(rows: &[Row]) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        for (id, (opened, waits, takes, first, last)) in (1_i64..).zip(rows) {
            connection
                .execute(
                    "INSERT INTO conversations (id, name, direction, created, state, followers,
                         tags, description, last_call, active, seq)
                     VALUES (?1, '', 'inbound', ?2, 'opened', '[]', '[]', '', ?2, ?2, 1)",
                    params![id, opened],
                )
                .unwrap();
            connection
                .execute(
                    "INSERT INTO cases (conversation, seq, opened, answered, closed, snoozed_ms,
                         snoozed, missed, tags, assignee, called_back, first_assignee)
                     VALUES (?1, 1, ?2, ?3, ?4, 5, 1, 0, '[]', ?5, 0, ?6)",
                    params![
                        id,
                        opened,
                        waits.map(|waits| opened + waits),
                        takes.map(|takes| opened + takes),
                        last,
                        first
                    ],
                )
                .unwrap();
        }
        connection
    }

    fn within(span: Span, at: Option<i64>) -> bool {
        at.is_some_and(|at| (span.from..span.to).contains(&at))
    }

    proptest! {
        /// L174, S75: every figure is that of the list of cases, counted by hand.
        #[test]
        fn the_figures_of_cases_are_those_of_their_list(
            rows in rows(),
            from in 0..60_i64,
            length in 0..80_i64,
        ) {
            let connection = kept(&rows);
            let span = Span { from, to: from + length, target: TARGET };
            let counted = count(&connection, &FiguresFilter::all(span)).unwrap();
            let filter = CaseFilter { limit: Some(1_000), ..CaseFilter::default() };
            let list = cases::list(&connection, &filter).unwrap();
            prop_assert_eq!(list.len(), rows.len());
            let closed: Vec<&CaseRecord> =
                list.iter().filter(|one| within(span, one.case.closed)).collect();
            prop_assert_eq!(counted.closed, closed.len() as u64);
            let lead = Lengths::of(closed.iter().filter_map(|one| one.lead()).collect());
            prop_assert_eq!(counted.times.handling, lead);
            let answered = list.iter().filter(|one| within(span, one.case.answered));
            let waits = answered.filter_map(CaseRecord::waiting).collect();
            prop_assert_eq!(counted.times.first_response, Lengths::of(waits));
            let known = closed.iter().filter(|one| {
                one.case.first_assignee.is_some() && one.assignee.is_some()
            });
            let kept = known.clone().filter(|one| one.case.first_assignee == one.assignee);
            let one_stop =
                OneStop { cases: known.count() as u64, kept: kept.count() as u64 };
            prop_assert_eq!(counted.times.one_stop, one_stop);
            let mut board: BTreeMap<String, u64> = BTreeMap::new();
            for agent in closed.iter().filter_map(|one| one.assignee.as_ref()) {
                *board.entry(agent.to_string()).or_default() += 1;
            }
            prop_assert_eq!(counted.leaders, leaders(&board));
        }
    }
}
