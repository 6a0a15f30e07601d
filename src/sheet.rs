//! Calls as CSV (RFC 4180) that spreadsheets open with Hangul intact.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::escape::escaped;
use crate::history::call_record::CallRecord;

/// The names are fixed; new columns come at the end.
const HEAD: &str = "id,started,direction,from,from_name,to,number,presented,first_ring,engaged,\
ended,outcome,missed_reason,agent,talked_seconds";

/// With a byte order mark: without it Excel reads UTF-8 as the local code page.
#[must_use]
pub fn text(calls: &[CallRecord]) -> String {
    let mut text = format!("\u{feff}{HEAD}\r\n");
    for call in calls {
        let cells = [
            call.id.to_string(),
            exact_time(call.started),
            word(&call.direction),
            call.from.clone(),
            call.from_name.clone(),
            call.to.clone(),
            call.number.as_ref().map(ToString::to_string).unwrap_or_default(),
            call.presented.as_ref().map(ToString::to_string).unwrap_or_default(),
            call.first_ring.map(exact_time).unwrap_or_default(),
            call.engaged.map(exact_time).unwrap_or_default(),
            call.ended.map(exact_time).unwrap_or_default(),
            call.outcome.as_ref().map(word).unwrap_or_default(),
            call.missed_reason.as_ref().map(word).unwrap_or_default(),
            call.agent.as_ref().map(ToString::to_string).unwrap_or_default(),
            talked_seconds(call).map(|seconds| seconds.to_string()).unwrap_or_default(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push_str("\r\n");
    }
    text
}

/// Any table, its first row being the head.
#[must_use]
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut text = "\u{feff}".to_owned();
    for row in rows {
        text.push_str(&row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text
}

/// Whole seconds from the answer to the end.
#[must_use]
pub fn talked_seconds(call: &CallRecord) -> Option<i64> {
    Some((call.ended?.saturating_sub(call.engaged?)).max(0) / 1000)
}

/// A moment as programs read it: `2026-11-25T09:16:23+09:00`.
#[must_use]
pub fn exact_time(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map_or_else(
        |_| String::new(),
        |moment| moment.to_zoned(TimeZone::system()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    )
}

/// A spreadsheet runs a cell that begins like a formula; a telephone number is none.
pub(crate) fn quoted(cell: &str) -> String {
    let safe = escaped(cell);
    let is_number = safe.bytes().all(|b| b.is_ascii_digit() || b"+*#".contains(&b));
    let is_formula = safe.starts_with(['=', '+', '-', '@']) && !is_number;
    let mark = if is_formula { "'" } else { "" };
    if is_formula || safe.contains(['"', ',', ';', ' ']) {
        format!("\"{mark}{}\"", safe.replace('"', "\"\""))
    } else {
        safe.into_owned()
    }
}

pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_and_stays_one_cell() {
        for (cell, written) in [
            ("+827012345678", "+827012345678"),
            ("*43", "*43"),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("-1+cmd", "\"'-1+cmd\""),
            ("김, 민지", "\"김, 민지\""),
            ("a\r\nb\u{1b}", "a\\r\\nb\\u{1b}"),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
