//! Targets of today's figures as rows: what they are, what they are held against, and who was told.

use rusqlite::{Connection, params};

use crate::history::figures::figures::{CallFigures, FiguresFilter};
use crate::history::figures::hours_filter::{HoursFilter, HoursMeant};
use crate::history::figures::span::Span;
use crate::history::figures::target_alarm::TargetAlarm;
use crate::office::target::{Target, TargetTime};
use crate::store::error::StoreError;
use crate::store::rows::each;
use crate::store::table::figures::each_call;
use crate::store::table::hours_filter::moments_of_rows;
use crate::store::word::{to_word, word};

/// What was told longer ago is told again in any case, in milliseconds.
const FORGOTTEN: i64 = 2 * 86_400_000;

/// # Errors
/// When the disk fails.
pub(crate) fn save_targets(connection: &Connection, targets: &[Target]) -> Result<(), StoreError> {
    connection.execute("DELETE FROM targets", [])?;
    let mut insert = connection.prepare_cached("INSERT INTO targets VALUES (?1, ?2)")?;
    for (position, target) in (0_i64..).zip(targets) {
        insert.execute(params![position, to_word(target)?])?;
    }
    Ok(())
}

/// # Errors
/// When the file cannot be read, or a row holds what no office can.
pub(crate) fn load_targets(connection: &Connection) -> Result<Vec<Target>, StoreError> {
    let mut targets = Vec::new();
    each(connection, "SELECT definition FROM targets ORDER BY position", |row| {
        targets.push(word(row, "definition")?);
        Ok(())
    })?;
    Ok(targets)
}

/// Keeps the latest of each figure; those of settings that are long gone make room.
///
/// # Errors
/// When the disk fails.
pub(crate) fn save_alarm(connection: &Connection, alarm: &TargetAlarm) -> Result<(), StoreError> {
    let TargetAlarm { scope, metric, since, told, counted } = alarm;
    connection
        .prepare_cached("INSERT OR REPLACE INTO target_alarms VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            to_word(scope)?,
            to_word(metric)?,
            since,
            told,
            i64::try_from(*counted).unwrap_or(i64::MAX)
        ])?;
    let newest = since.max(told).unwrap_or_default();
    connection
        .prepare_cached("DELETE FROM target_alarms WHERE told < ?1")?
        .execute([newest.saturating_sub(FORGOTTEN)])?;
    Ok(())
}

/// # Errors
/// When the file cannot be read, or a row holds what nobody has written.
pub(crate) fn load_alarms(connection: &Connection) -> Result<Vec<TargetAlarm>, StoreError> {
    let mut alarms = Vec::new();
    each(connection, "SELECT * FROM target_alarms", |row| {
        alarms.push(TargetAlarm {
            scope: word(row, "scope")?,
            metric: word(row, "metric")?,
            since: row.get("since")?,
            told: row.get("told")?,
            counted: row.get::<_, i64>("counted")?.unsigned_abs(),
        });
        Ok(())
    })?;
    Ok(alarms)
}

/// What the calls from `from` to `to` come to for each target, counted as all figures are.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn count(
    connection: &Connection,
    (from, to): (i64, i64),
    targets: &[Target],
) -> Result<Vec<(Target, CallFigures)>, StoreError> {
    let counted = |target: &Target| {
        let calls = count_one(connection, Span { from, to, target: target.within }, target)?;
        Ok((target.clone(), calls))
    };
    targets.iter().map(counted).collect()
}

fn count_one(
    connection: &Connection,
    span: Span,
    target: &Target,
) -> Result<CallFigures, StoreError> {
    let within = match &target.scope.time {
        TargetTime::Always => None,
        TargetTime::Hours(name) => Some(HoursMeant::Today(name.clone())),
        TargetTime::Daily(range) => Some(HoursMeant::Daily(*range)),
    };
    let hours = within.map(|within| HoursFilter { within, outside: false });
    let filter = FiguresFilter { hours, ..FiguresFilter::all(span) };
    let moments = moments_of_rows(connection, filter.hours.as_ref(), (span.from, span.to))?;
    let numbers = &target.scope.numbers;
    let mut calls = CallFigures::default();
    each_call(connection, (&filter, moments.as_ref()), span, |call, row| {
        let number = row.get::<_, Option<String>>("number")?;
        let is_meant = |number: &String| numbers.iter().any(|own| own.as_str() == number);
        if numbers.is_empty() || number.as_ref().is_some_and(is_meant) {
            calls.count(call, span.target);
        }
        Ok(())
    })?;
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::figures::target_alarm::Metric;
    use crate::office::hours::day_range::DayRange;
    use crate::office::phone_number::PhoneNumber;
    use crate::office::target::TargetScope;
    use crate::store::schema;
    use crate::store::table::figures::figures;

    const HOUR: i64 = 3_600_000;

    fn of(numbers: &[&str], time: TargetTime) -> Target {
        let numbers = numbers.iter().map(|number| PhoneNumber::parse(number).unwrap()).collect();
        let scope = TargetScope { numbers, time };
        Target { answer_rate: Some(90), service_level: None, within: 20, scope, webhook: None }
    }

    /// L160, L161: counted as the figures are, of those numbers and at that time alone.
    #[test]
    fn each_target_is_held_against_its_own_calls() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        connection.execute("INSERT INTO timezone VALUES (1, 'Asia/Seoul')", []).unwrap();
        // 2026-11-25 08:00 in Seoul, and each hour after it; every third is missed.
        let first = 1_795_561_200_000;
        for at in 0..12_i64 {
            let number = if at % 2 == 0 { "+8215881234" } else { "+8215881235" };
            let engaged = (at % 3 > 0).then_some(first + at * HOUR + 1_000);
            let outcome = if engaged.is_some() { "answered" } else { "missed" };
            connection
                .execute(
                    "INSERT INTO calls (id, direction, caller, caller_name, called, number, started,
                         engaged, ended, outcome, trail, greeting_ms, queue_ms, ringing_ms)
                     VALUES (?1, 'inbound', '', '', '', ?2, ?3, ?4, ?3 + 9000, ?5, '[]', 0, 0, 0)",
                    params![at, number, first + at * HOUR, engaged, outcome],
                )
                .unwrap();
        }
        let span = (first - HOUR, first + 24 * HOUR);
        let day = TargetTime::Daily(DayRange::parse("09:00-12:00").unwrap());
        let targets = [
            of(&[], TargetTime::Always),
            of(&["+8215881234"], TargetTime::Always),
            of(&[], day.clone()),
            of(&["+8215881234"], day),
            of(&["+8215881234", "+8215881235"], TargetTime::Always),
        ];
        let counted = count(&connection, span, &targets).unwrap();
        let found: Vec<_> =
            counted.iter().map(|(_, calls)| (calls.answered, calls.missed)).collect();
        assert_eq!(found, [(8, 4), (4, 2), (2, 1), (1, 0), (8, 4)]);
        let span = Span { from: span.0, to: span.1, target: 20 };
        let all = figures(&connection, &FiguresFilter::all(span)).unwrap();
        assert_eq!(counted[0].1, all.calls, "the same arithmetic");
        assert_eq!(counted[1].1, all.numbers["+8215881234"]);
    }

    /// L161: one row a figure of a setting; what was told long ago goes.
    #[test]
    fn who_was_told_is_kept_over_a_restart() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        let alarm = |numbers: &[&str], told: i64| TargetAlarm {
            scope: of(numbers, TargetTime::Always).scope,
            metric: Metric::AnswerRate,
            since: Some(told),
            told: Some(told),
            counted: 3,
        };
        let (old, new) = (alarm(&["+8215881234"], 1_000), alarm(&[], FORGOTTEN));
        for alarm in [&old, &new, &TargetAlarm { since: None, ..new.clone() }] {
            save_alarm(&connection, alarm).unwrap();
        }
        assert_eq!(load_alarms(&connection).unwrap().len(), 2);
        let later = alarm(&[], FORGOTTEN + 1_001);
        save_alarm(&connection, &later).unwrap();
        assert_eq!(load_alarms(&connection).unwrap(), [later]);
    }
}
