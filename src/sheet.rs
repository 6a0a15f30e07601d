//! Calls as CSV (RFC 4180) that spreadsheets open with Hangul intact.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::escape::escaped;
use crate::history::agent_log::AgentStatus;
use crate::history::call_record::CallRecord;
use crate::history::figures::agent_figures::AgentFigures;
use crate::history::figures::figures::{CallFigures, Figures};
use crate::history::figures::lengths::Lengths;
use crate::history::figures::week_hour::grid;
use crate::locale::Speech;

/// The names are fixed; new columns come at the end.
const HEAD: &str = "id,started,direction,from,from_name,to,number,presented,first_ring,engaged,\
ended,outcome,missed_reason,agent,talked_seconds,first_waiting,conversation";

/// With a byte order mark: without it Excel reads UTF-8 as the local code page.
#[must_use]
pub fn text(calls: &[CallRecord], zone: &TimeZone) -> String {
    let time = |at: i64| exact_time(at, zone);
    let mut text = format!("\u{feff}{HEAD}\r\n");
    for call in calls {
        let cells = [
            call.id.to_string(),
            time(call.started),
            direction(call),
            call.from.clone(),
            call.from_name.clone(),
            call.to.clone(),
            call.number.as_ref().map(ToString::to_string).unwrap_or_default(),
            call.presented.as_ref().map(ToString::to_string).unwrap_or_default(),
            call.first_ring.map(time).unwrap_or_default(),
            call.engaged.map(time).unwrap_or_default(),
            call.ended.map(time).unwrap_or_default(),
            call.outcome.as_ref().map(word).unwrap_or_default(),
            call.missed_reason.as_ref().map(word).unwrap_or_default(),
            call.agent.as_ref().map(ToString::to_string).unwrap_or_default(),
            talked_seconds(call).map(|seconds| seconds.to_string()).unwrap_or_default(),
            call.first_waiting.map(time).unwrap_or_default(),
            call.conversation.map(|id| id.to_string()).unwrap_or_default(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push_str("\r\n");
    }
    text
}

/// C10: a call that was missed stands under a word of its own, whichever way it went.
fn direction(call: &CallRecord) -> String {
    if call.missed_reason.is_some() { "missed".to_owned() } else { word(&call.direction) }
}

/// Any table, its first row being the head.
#[must_use]
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    format!("\u{feff}{}", self::rows(rows))
}

/// The same without a byte order mark: what comes after the beginning of a table.
#[must_use]
pub(crate) fn rows(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        text.push_str(&row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text
}

/// A line for all calls, each number, each agent, each hour of the day and each day; the head first.
#[must_use]
pub fn figures(speech: Speech, figures: &Figures) -> Vec<Vec<String>> {
    let head = [
        ("", ""),
        ("수신", "inbound"),
        ("받음", "answered"),
        ("부재중", "missed"),
        ("제외", "uncounted"),
        ("발신", "outbound"),
        ("연결", "put through"),
        ("내선", "internal"),
        ("통화(초)", "talked s"),
    ];
    let mut lines = vec![head.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec()];
    lines.push(counts(speech.pick("전체", "all").to_owned(), &figures.calls));
    if let Some(before) = &figures.before {
        lines.push(counts(speech.pick("앞 기간", "before").to_owned(), &before.calls));
    }
    let agent = speech.pick("매니저", "agent");
    lines.extend(figures.numbers.iter().map(|(number, calls)| counts(number.clone(), calls)));
    lines.extend(figures.agents.iter().map(|(who, calls)| counts(format!("{agent} {who}"), calls)));
    lines.extend(figures.hours.iter().map(|(hour, calls)| counts(format!("{hour}:00"), calls)));
    lines.extend(figures.days.iter().map(|(day, calls)| counts(day.clone(), calls)));
    lines
}

/// Each agent's calls, after-call work and time in each status, in seconds (L172, L173).
pub fn agents<'a>(
    speech: Speech,
    agents: impl Iterator<Item = (&'a str, &'a AgentFigures)>,
) -> Vec<Vec<String>> {
    let head = [
        ("내선", "extension"),
        ("이름", "name"),
        ("받음", "answered"),
        ("부재중", "missed"),
        ("발신", "outbound"),
        ("내선 통화", "internal"),
        ("통화(초)", "talked s"),
        ("평균 통화(초)", "mean talk s"),
        ("후처리", "wrap-ups"),
        ("후처리(초)", "wrap-up s"),
        ("평균 후처리(초)", "mean wrap-up s"),
    ];
    let mut names = head.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec();
    let seconds = speech.pick("(초)", " s");
    names.extend(AgentStatus::ALL.map(|status| format!("{}{seconds}", speech.status(status))));
    names.push(format!("{}{seconds}", speech.pick("합계", "in all")));
    let of_followers =
        [("팔로우 포함 통화", "followed calls"), ("팔로우 포함 통화(초)", "followed s")];
    names.extend(of_followers.map(|(ko, en)| speech.pick(ko, en).to_owned()));
    let of_rings = [("울린 통화", "calls rung"), ("울린 시간(초)", "rung s")];
    names.extend(of_rings.map(|(ko, en)| speech.pick(ko, en).to_owned()));
    let mut lines = vec![names];
    lines.extend(agents.map(|(agent, figures)| of_agent(agent, figures)));
    lines
}

fn of_agent(agent: &str, figures: &AgentFigures) -> Vec<String> {
    let calls = &figures.calls;
    let seconds = |millis: i64| (millis / 1_000).to_string();
    let mean = |seconds: Option<i64>| seconds.map(|seconds| seconds.to_string());
    let mut cells = vec![
        agent.to_owned(),
        figures.name.clone(),
        calls.answered.to_string(),
        calls.missed.to_string(),
        calls.outbound.to_string(),
        calls.internal.to_string(),
        seconds(calls.talked),
        mean(calls.average_talk()).unwrap_or_default(),
        figures.wrap_ups.to_string(),
        seconds(figures.wrapped_up),
        mean(figures.average_wrap_up()).unwrap_or_default(),
    ];
    cells.extend(AgentStatus::ALL.map(|status| seconds(figures.time(status))));
    cells.push(seconds(figures.known()));
    cells.extend([figures.followed.to_string(), seconds(figures.followed_talk)]);
    cells.extend([figures.rung.to_string(), seconds(figures.rung_time)]);
    cells
}

fn counts(name: String, calls: &CallFigures) -> Vec<String> {
    let counts = [
        calls.inbound,
        calls.answered,
        calls.missed,
        calls.uncounted,
        calls.outbound,
        calls.outbound_answered,
        calls.internal,
    ];
    let mut line = vec![name];
    line.extend(counts.map(|count| count.to_string()));
    line.push((calls.talked / 1_000).to_string());
    line
}

/// Missed calls by reason: how many, what part of all in percent, and before.
#[must_use]
pub fn reasons(speech: Speech, figures: &Figures) -> Vec<Vec<String>> {
    let head = [
        ("부재중 사유", "missed by reason"),
        ("건수", "calls"),
        ("비율", "share"),
        ("앞 기간", "before"),
    ];
    let mut lines = vec![head.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec()];
    for (reason, count) in &figures.calls.reasons {
        let share = *count as f64 * 100.0 / figures.calls.missed.max(1) as f64;
        let before = figures.before.as_ref().map(|before| {
            before.calls.reasons.get(reason).copied().unwrap_or_default().to_string()
        });
        let name = speech.missed(*reason).to_owned();
        let before = before.unwrap_or_default();
        lines.push(vec![name, count.to_string(), format!("{share:.1}"), before]);
    }
    lines
}

/// How long customers waited and cases took, and what part of cases stayed with who had it first
/// (L174).
#[must_use]
pub fn case_times(speech: Speech, figures: &Figures) -> Vec<Vec<String>> {
    let head = [
        ("상담 시간", "cases"),
        ("건수", "count"),
        ("평균(초)", "mean s"),
        ("중앙값(초)", "median s"),
    ];
    let times = &figures.case_times;
    let seconds = |seconds: Option<i64>| seconds.map(|seconds| seconds.to_string());
    let line = |(ko, en), all: Lengths| {
        let cells = [seconds(all.average()), seconds(all.middle())].map(Option::unwrap_or_default);
        let name = speech.pick(ko, en).to_owned();
        [name, all.count.to_string()].into_iter().chain(cells).collect()
    };
    let one_stop = times.one_stop.rate().map(|rate| format!("{rate:.1} %")).unwrap_or_default();
    vec![
        head.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec(),
        line(("첫 응대까지", "first response"), times.first_response),
        line(("응답까지", "reply"), times.reply),
        line(("처리 시간", "handling"), times.handling),
        vec![
            speech.pick("원스톱 비율", "one-stop rate").to_owned(),
            times.one_stop.cases.to_string(),
            one_stop,
            String::new(),
        ],
    ]
}

/// Who has closed most cases; `=`: others have the same place (L174).
#[must_use]
pub fn leaders(speech: Speech, figures: &Figures) -> Vec<Vec<String>> {
    let head = [("순위", "place"), ("매니저", "agent"), ("닫은 케이스", "closed cases")];
    let mut lines = vec![head.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec()];
    lines.extend(figures.leaders.iter().map(|line| {
        let place = format!("{}{}", line.place, if line.tied { "=" } else { "" });
        vec![place, line.agent.clone(), line.closed.to_string()]
    }));
    lines
}

/// Customers' calls of the last two hours by steps of five minutes (L162).
#[must_use]
pub fn inflow(speech: Speech, figures: &Figures, zone: &TimeZone) -> Vec<Vec<String>> {
    let head = [("5분마다", "five minutes from"), ("수신", "inbound"), ("부재중", "missed")];
    let mut lines = vec![head.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec()];
    lines.extend(figures.inflow.iter().map(|step| {
        vec![exact_time(step.from, zone), step.inbound.to_string(), step.missed.to_string()]
    }));
    lines
}

/// A line for each hour of each day of the week in which there was a call with a customer (L183).
#[must_use]
pub fn week(speech: Speech, figures: &Figures) -> Vec<Vec<String>> {
    let head = [
        ("요일", "weekday"),
        ("시", "hour"),
        ("수신", "inbound"),
        ("받음", "answered"),
        ("부재중", "missed"),
        ("발신", "outbound"),
    ];
    let mut lines = vec![head.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec()];
    lines.extend(figures.week.iter().map(|at| {
        let counts = [at.inbound, at.answered, at.missed, at.outbound].map(|n| n.to_string());
        let when = [speech.weekday(&at.weekday), at.hour.to_string()];
        when.into_iter().chain(counts).collect()
    }));
    lines
}

/// Calls from customers: a line for each hour of the day from the first to the last that had any,
/// a column for each day of the week (L183).
#[must_use]
pub fn week_grid(speech: Speech, figures: &Figures) -> Vec<Vec<String>> {
    let days = grid(&figures.week, |at| at.inbound);
    let mut head = vec![speech.pick("수신", "inbound").to_owned()];
    head.extend(days.iter().map(|(day, _)| speech.weekday(day)));
    let mut lines = vec![head];
    let line = |hour: usize| -> Vec<u64> {
        days.iter().filter_map(|(_, hours)| hours.get(hour).copied()).collect()
    };
    let is_told = |hour: &usize| line(*hour).iter().any(|count| *count > 0);
    let (Some(first), Some(last)) = ((0..24).find(is_told), (0..24).rfind(is_told)) else {
        return lines;
    };
    lines.extend((first..=last).map(|hour| {
        let counts = line(hour).into_iter().map(|count| count.to_string());
        std::iter::once(format!("{hour:02}:00")).chain(counts).collect()
    }));
    lines
}

/// Whole seconds from the answer to the end.
#[must_use]
pub fn talked_seconds(call: &CallRecord) -> Option<i64> {
    Some((call.ended?.saturating_sub(call.engaged?)).max(0) / 1000)
}

/// A moment as programs read it, on the clock of a zone: `2026-11-25T09:16:23+09:00`.
#[must_use]
pub fn exact_time(millis: i64, zone: &TimeZone) -> String {
    Timestamp::from_millisecond(millis).map_or_else(
        |_| String::new(),
        |moment| moment.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
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
