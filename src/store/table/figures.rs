//! What a span of days comes to, counted from its rows.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Row, params};

use crate::history::call_record::Outcome;
use crate::history::figures::case_times::{CaseTimes, Replies};
use crate::history::figures::figures::{
    AfterCalls, CountedCall, Figures, FiguresBefore, FiguresFilter,
};
use crate::history::figures::moments::Moments;
use crate::history::figures::span::Span;
use crate::history::figures::traffic::{Steps, WeekHours};
use crate::history::missed_reason::MissedReason;
use crate::store::error::StoreError;
use crate::store::table::agent_log::agents;
use crate::store::table::case_figures;
use crate::store::table::hours_filter::{and_wanted, moments_of_rows, teach};
use crate::store::table::zone::zone;
use crate::store::word::{from_word, word};

/// Calls in the order in which they began, new conversations, and one agent's after-call work. Calls
/// that are not over are not counted (L158). Of a number or a team alone where there is a third or
/// fourth value.
pub(crate) const QUESTIONS: [&str; 3] = [
    "SELECT direction, outcome, missed_reason, started, first_waiting, first_ring, engaged, ended,
         number, agent, conversation
     FROM calls WHERE started >= ?1 AND started < ?2 AND ended IS NOT NULL AND outcome IS NOT NULL
         AND (?3 IS NULL OR number = ?3)
         AND (?4 IS NULL OR EXISTS (SELECT 1 FROM conversations
             WHERE id = calls.conversation AND team = ?4))
     ORDER BY started",
    "SELECT count(*) FROM conversations WHERE created >= ?1 AND created < ?2
         AND (?3 IS NULL OR number = ?3) AND (?4 IS NULL OR team = ?4)",
    "SELECT count(*), coalesce(sum(until - since), 0) FROM wrap_ups
     WHERE agent = ?1 AND since >= ?2 AND since < ?3
         AND (?4 IS NULL OR EXISTS (SELECT 1 FROM calls JOIN conversations
             ON conversations.id = calls.conversation
             WHERE calls.id = wrap_ups.call AND conversations.team = ?4))",
];

/// # Errors
/// When the file cannot be read.
pub(crate) fn figures(
    connection: &Connection,
    filter: &FiguresFilter,
) -> Result<Figures, StoreError> {
    let zone = zone(connection)?;
    let from = if filter.compare { filter.span.before(&zone).from } else { filter.span.from };
    let mut inflow = Steps::until(filter.span.to);
    let from = from.min(inflow.first());
    let moments = moments_of_rows(connection, filter.hours.as_ref(), (from, filter.span.to))?;
    let mut week = WeekHours::default();
    let mut figures = Figures::default();
    let mut replies = Replies::default();
    let target = filter.span.target;
    let narrowed = (filter, moments.as_ref());
    each_call(connection, narrowed, filter.span, |call, row| {
        figures.calls.count(call, target);
        if let Some(number) = row.get::<_, Option<String>>("number")? {
            figures.numbers.entry(number).or_default().count(call, target);
        }
        if let Some(agent) = row.get::<_, Option<String>>("agent")? {
            figures.agents.entry(agent).or_default().count(call, target);
        }
        if let Some(conversation) = row.get("conversation")? {
            replies.call(conversation, call.asked(), call.engaged);
        }
        if let Some(began) = local(call.started, &zone) {
            figures.hours.entry(hour(began)).or_default().count(call, target);
            figures.days.entry(began.date().to_string()).or_default().count(call, target);
            week.of(began).count(call, target);
        }
        Ok(())
    })?;
    figures.week = week.told();
    let last = Span { from: inflow.first(), ..filter.span };
    each_call(connection, narrowed, last, |call, _| {
        inflow.of(call.started).into_iter().for_each(|calls| calls.count(call, target));
        Ok(())
    })?;
    figures.inflow = inflow.told();
    if let Some(moments) = &moments {
        teach(connection, moments.clone())?;
    }
    figures.conversations = new_conversations(connection, filter)?;
    let cases = case_figures::count(connection, filter)?;
    (figures.cases, figures.leaders) = (cases.closed, cases.leaders);
    figures.case_times = CaseTimes { reply: replies.told(), ..cases.times };
    figures.after_calls = after_calls(connection, filter, filter.span)?;
    if filter.compare {
        figures.before = Some(Box::new(before(connection, narrowed, &zone)?));
    }
    Ok(figures)
}

fn before(
    connection: &Connection,
    narrowed: (&FiguresFilter, Option<&Moments>),
    zone: &TimeZone,
) -> Result<FiguresBefore, StoreError> {
    let span = narrowed.0.span.before(zone);
    let mut before = FiguresBefore { from: span.from, to: span.to, ..FiguresBefore::default() };
    each_call(connection, narrowed, span, |call, _| {
        before.calls.count(call, span.target);
        if let Some(began) = local(call.started, zone) {
            before.hours.entry(hour(began)).or_default().count(call, span.target);
        }
        Ok(())
    })?;
    before.after_calls = after_calls(connection, narrowed.0, span)?;
    Ok(before)
}

/// Each call that is over, began in the span and is meant by the filter.
pub(crate) fn each_call(
    connection: &Connection,
    (filter, moments): (&FiguresFilter, Option<&Moments>),
    span: Span,
    mut take: impl FnMut(&CountedCall, &Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut question = connection.prepare_cached(QUESTIONS[0])?;
    let mut rows =
        question.query(params![span.from, span.to, filter.own_number(), filter.team_name()])?;
    while let Some(row) = rows.next()? {
        let mut call = counted(row)?;
        let reason = call.missed_reason.map(MissedReason::coarse);
        if reason.is_some_and(|reason| filter.without.contains(&reason)) {
            call.outcome = Outcome::NotEntered;
        }
        if moments.is_none_or(|moments| moments.hold(call.started)) {
            take(&call, row)?;
        }
    }
    Ok(())
}

pub(crate) fn counted(row: &Row<'_>) -> Result<CountedCall, StoreError> {
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

fn local(millis: i64, zone: &TimeZone) -> Option<DateTime> {
    Some(zone.to_datetime(Timestamp::from_millisecond(millis).ok()?))
}

fn hour(began: DateTime) -> String {
    format!("{:02}", began.hour())
}

fn new_conversations(connection: &Connection, filter: &FiguresFilter) -> Result<u64, StoreError> {
    let question = format!("{}{}", QUESTIONS[1], and_wanted(filter.hours.as_ref(), "created"));
    let within = params![filter.span.from, filter.span.to, filter.own_number(), filter.team_name()];
    let count: i64 = connection.prepare_cached(&question)?.query_row(within, |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

fn after_calls(
    connection: &Connection,
    filter: &FiguresFilter,
    span: Span,
) -> Result<AfterCalls, StoreError> {
    let mut all = AfterCalls::default();
    if filter.number.is_some() {
        return Ok(all);
    }
    let question = format!("{}{}", QUESTIONS[2], and_wanted(filter.hours.as_ref(), "since"));
    let mut question = connection.prepare_cached(&question)?;
    for agent in agents(connection)? {
        let within = params![agent, span.from, span.to, filter.team_name()];
        all.add(question.query_row(within, |row| {
            Ok(AfterCalls { count: row.get::<_, i64>(0)?.unsigned_abs(), length: row.get(1)? })
        })?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::figures::figures::TARGET;
    use crate::history::figures::hours_filter::{HoursFilter, HoursMeant};
    use crate::history::figures::lengths::Lengths;
    use crate::history::figures::span::midnight;
    use crate::office::hours::day_range::DayRange;
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
                     NULL, 3, 'medium', NULL);
                 INSERT INTO cases VALUES (7, 1, 100, NULL, 130, 200, 0, 0, 0, '[]', NULL, NULL,
                     NULL, 0, NULL);
                 INSERT INTO cases VALUES (7, 2, 300, NULL, NULL, 400, 20, 0, 0, '[]', NULL, NULL,
                     NULL, 0, NULL);
                 INSERT INTO cases VALUES (7, 3, 500, NULL, NULL, NULL, 0, 0, 0, '[]', NULL, NULL,
                     NULL, 0, NULL);",
            )
            .unwrap();
        let counted = |from, to| {
            let found =
                figures(&connection, &FiguresFilter::all(Span { from, to, target: TARGET }))
                    .unwrap();
            (found.conversations, found.cases)
        };
        assert_eq!(counted(0, 1_000), (1, 2));
        assert_eq!(counted(150, 300), (0, 1));
        assert_eq!(counted(400, 401), (0, 1), "the first moment counts, the last does not");
        assert_eq!(counted(0, 100), (0, 0));
        let span = Span { from: 0, to: 1_000, target: TARGET };
        let times = figures(&connection, &FiguresFilter::all(span)).unwrap().case_times;
        let handling = Lengths { count: 2, total: 100 + 80, median: Some(90) };
        assert_eq!(times.handling, handling, "L180: what was snoozed is nobody's delay");
        let first_response = Lengths { count: 1, total: 30, median: Some(30) };
        assert_eq!(times.first_response, first_response, "L174");
        let open = "UPDATE cases SET answered = 560 WHERE seq = 3";
        connection.execute_batch(open).unwrap();
        let span = Span { from: 500, to: 1_000, target: TARGET };
        let found = figures(&connection, &FiguresFilter::all(span)).unwrap();
        let of_open = Lengths { count: 1, total: 60, median: Some(60) };
        assert_eq!(found.case_times.first_response, of_open, "L174: a case that is still open");
        assert_eq!(found.cases, 0);
    }

    fn call_at(connection: &Connection, id: i64, started: i64) {
        connection
            .execute(
                "INSERT INTO calls (id, direction, caller, caller_name, called, number, started,
                     engaged, ended, outcome, trail, greeting_ms, queue_ms, ringing_ms)
                 VALUES (?1, 'inbound', '', '', '', NULL, ?2, ?2, ?2 + 1, 'answered', '[]', 0, 0, 0)",
                params![id, started],
            )
            .unwrap();
    }

    /// L156: days and hours are the office's, wherever this machine's clock stands. Clocks that are
    /// set back make a day of 25 hours, of which two are called the same; set forward, one of 23.
    #[test]
    fn days_and_hours_are_those_of_the_offices_clock() {
        for (zone, day, calls, first) in [
            ("Pacific/Kiritimati", "2026-11-25", 24, 1),
            ("Pacific/Pago_Pago", "2026-11-25", 24, 1),
            ("America/New_York", "2026-11-01", 25, 2),
            ("America/New_York", "2026-03-08", 23, 1),
        ] {
            let connection = Connection::open_in_memory().unwrap();
            schema::at_version(&connection, schema::known());
            connection.execute("INSERT INTO timezone VALUES (1, ?1)", [zone]).unwrap();
            let there = TimeZone::get(zone).unwrap();
            let date: jiff::civil::Date = day.parse().unwrap();
            let begins = date.to_zoned(there).unwrap().timestamp().as_millisecond();
            // One each hour, from half an hour before the day until half an hour after it.
            for at in 0..=calls + 1 {
                call_at(&connection, at, begins - 1_800_000 + at * 3_600_000);
            }
            let span = Span { from: begins - 3_600_000, to: i64::MAX, target: TARGET };
            let found = figures(&connection, &FiguresFilter::all(span)).unwrap();
            let counted: Vec<u64> = found.days.values().map(|calls| calls.inbound).collect();
            let calls = calls.unsigned_abs();
            assert_eq!(counted, [1, calls, 1], "{zone} {day}");
            assert_eq!(found.days[day].inbound, calls, "{zone}");
            assert_eq!(found.hours["01"].inbound, first, "{zone} {day}");
            let daily = DayRange::parse("00:00-01:00").unwrap();
            let hours = Some(HoursFilter { within: HoursMeant::Daily(daily), outside: false });
            let narrowed = FiguresFilter { hours, ..FiguresFilter::all(span) };
            let narrowed = figures(&connection, &narrowed).unwrap().calls.inbound;
            assert_eq!(narrowed, 2, "L160: {zone} {day}, and the day after");
        }
    }

    /// L160, L166, L169: by number and team, day by day, and what was before.
    #[test]
    fn calls_are_counted_by_day_for_one_number_or_team_and_compared() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        let day = 86_400_000;
        let noon = midnight(1_795_583_000_000, &TimeZone::system()) + day / 2;
        connection
            .execute_batch(
                "INSERT INTO conversations (id, name, direction, created, state, team, followers,
                     tags, description, last_call, active, seq)
                 VALUES (1, '', 'inbound', 1, 'closed', 'support', '[]', '[]', '', 1, 1, 1);",
            )
            .unwrap();
        let add = |id: i64, started: i64, number: &str, conversation: Option<i64>| {
            connection
                .execute(
                    "INSERT INTO calls (id, direction, caller, caller_name, called, number, started,
                         engaged, ended, outcome, trail, conversation, greeting_ms, queue_ms,
                         ringing_ms, missed_reason)
                     VALUES (?1, 'inbound', '', '', '', ?3, ?2, NULL, ?2 + 1, 'missed', '[]', ?4,
                         0, 0, 0, CASE ?1 WHEN 2 THEN 'ringTimeOver' END)",
                    params![id, started, number, conversation],
                )
                .unwrap();
        };
        add(1, noon, "+8215881234", Some(1));
        add(2, noon + 1, "+8215881235", None);
        add(3, noon - day, "+8215881234", Some(1));
        add(4, noon - 2 * day, "+8215881234", None);
        let span = Span { from: noon - day, to: noon + day / 2, target: TARGET };
        let all = FiguresFilter { compare: true, ..FiguresFilter::all(span) };
        let found = figures(&connection, &all).unwrap();
        let by_day: Vec<u64> = found.days.values().map(|calls| calls.missed).collect();
        assert_eq!(by_day, [1, 2]);
        let by_week: u64 = found.week.iter().map(|hour| hour.missed).sum();
        assert_eq!(by_week, 3, "L183: {:?}", found.week);
        let before = found.before.unwrap();
        assert_eq!((before.calls.missed, before.to - before.from), (1, day + day / 2));
        let first = crate::office::phone_number::PhoneNumber::parse("+8215881234").ok();
        let of_number = FiguresFilter { number: first, ..all.clone() };
        let missed = |filter: &FiguresFilter| figures(&connection, filter).unwrap().calls.missed;
        let team = Some(crate::office::team::TeamName("support".to_owned()));
        let of_team = FiguresFilter { team, ..all.clone() };
        assert_eq!((missed(&all), missed(&of_number), missed(&of_team)), (3, 2, 2));
        let without = [MissedReason::RingTimeOver].into();
        let spared = figures(&connection, &FiguresFilter { without, ..all.clone() }).unwrap().calls;
        assert_eq!((spared.missed, spared.uncounted), (2, 1), "L152");

        // L165: after-call work is of agents; of a number there is none.
        connection
            .execute_batch(&format!(
                "INSERT INTO agent_statuses VALUES ('101', 1, 'waiting'), ('102', 1, 'waiting');
                 INSERT INTO wrap_ups VALUES ('101', {noon}, {noon} + 4000, 1),
                     ('102', {noon}, {noon} + 9000, 2), ('102', {noon} - {day} * 2, {noon}, 2);"
            ))
            .unwrap();
        let after = |filter: &FiguresFilter| figures(&connection, filter).unwrap().after_calls;
        assert_eq!(after(&all), AfterCalls { count: 2, length: 13_000 });
        assert_eq!(after(&all).average(), Some(6));
        assert_eq!(after(&of_number).average(), None);
        assert_eq!(after(&of_team), AfterCalls { count: 1, length: 4_000 });
        let before = figures(&connection, &all).unwrap().before.unwrap().after_calls;
        assert_eq!(before.count, 1);
    }
}
