//! Figures as a text of lines and charts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use unicode_width::UnicodeWidthStr;

use crate::api::schema::stats::Stats;
use crate::console::names;
use crate::console::screens::statistics::cases;
use crate::console::screens::statistics::traffic::{self, HEIGHT, heading};
use crate::console::statistics::{Period, StatsFilter};
use crate::console::text::{clock, fit, local};
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::chart::{Bar, chart};
use crate::console::widgets::line::Line;
use crate::history::figures::figures::CallFigures;

/// Days of one chart: a year.
const DAYS: usize = 366;

/// Its name in Korean and English, what it counts, and how it looks.
type Chart = ((&'static str, &'static str), fn(&CallFigures) -> u64, Tone);

#[must_use]
pub fn lines(view: &View<'_>, (filter, stats): (&StatsFilter, &Stats), width: usize) -> Vec<Line> {
    let mut all = vec![head(view, filter, stats)];
    all.extend(cards(view, stats));
    all.extend(hours(view, stats, width));
    all.extend(traffic::inflow(view, (filter, stats), width));
    all.extend(days(view, stats, width));
    all.extend(traffic::week(view, stats));
    all.extend(reasons(view, stats, width));
    all.extend(cases::leaders(view, stats));
    all.extend(each(view, ("번호별", "By number"), &stats.figures.numbers, |number| {
        number.to_owned()
    }));
    all.extend(each(view, ("매니저별", "By agent"), &stats.figures.agents, |agent| {
        names::person(view.model, agent)
    }));
    all
}

fn head(view: &View<'_>, filter: &StatsFilter, stats: &Stats) -> Line {
    let period = match filter.period {
        Period::Today => view.pick("오늘", "today"),
        Period::Yesterday => view.pick("어제", "yesterday"),
        Period::Week => view.pick("7일", "7 days"),
        Period::Month => view.pick("30일", "30 days"),
        Period::Typed => view.pick("고른 날", "chosen days"),
    };
    let time = |millis: i64| local(millis, view.zone, "%m-%d %H:%M");
    let mut pieces = vec![
        (format!("{period}  "), Tone::Good),
        (format!("{} – {}", time(stats.from), time(stats.to)), Tone::Plain),
    ];
    if let Some(before) = &stats.figures.before {
        let than = view.pick("비교", "beside");
        pieces.push((format!("   {than} {} – {}", time(before.from), time(before.to)), Tone::Dim));
    }
    let hours = stats.narrowed_by.as_ref().map(|hours| view.say(&hours.words()).to_owned());
    let only = [filter.number.clone(), filter.team.clone(), hours.unwrap_or_default()];
    let only: Vec<String> = only.into_iter().filter(|text| !text.is_empty()).collect();
    if !only.is_empty() {
        pieces.push((format!("   {}", only.join(", ")), Tone::Warn));
    }
    Line(pieces)
}

/// A figure, and how it differs from the one before: 0 unchanged, – nothing to compare (L166).
fn card(name: &str, value: &str, change: &str) -> [(String, Tone); 3] {
    let change = if change.is_empty() { String::new() } else { format!(" ({change})") };
    [
        (format!("{name} "), Tone::Dim),
        (value.to_owned(), Tone::Plain),
        (format!("{change}   "), Tone::Dim),
    ]
}

fn cards(view: &View<'_>, stats: &Stats) -> Vec<Line> {
    let now = &stats.figures.calls;
    let before = stats.figures.before.as_ref().map(|before| &before.calls);
    let count = |ko, en, count: fn(&CallFigures) -> u64| {
        let change = before.map(|before| change(count(now), count(before))).unwrap_or_default();
        card(view.pick(ko, en), &count(now).to_string(), &change)
    };
    let rate = |ko, en, rate: fn(&CallFigures) -> Option<f64>| {
        let change = before.map(|before| points(rate(now), rate(before))).unwrap_or_default();
        card(view.pick(ko, en), &percent(rate(now)), &change)
    };
    let told =
        |seconds: Option<i64>| seconds.map_or("–".to_owned(), |seconds| clock(seconds * 1_000));
    let mean = |ko, en, seconds: fn(&CallFigures) -> Option<i64>| {
        let was = before.map(|before| told(seconds(before))).unwrap_or_default();
        card(view.pick(ko, en), &told(seconds(now)), &was)
    };
    let total = |ko, en, count: u64| card(view.pick(ko, en), &count.to_string(), "");
    let level = match view.speech {
        crate::locale::Speech::Korean => format!("{}초 안에 받음", stats.target),
        crate::locale::Speech::English => format!("within {} s", stats.target),
    };
    let service = before
        .map(|before| points(now.service_level(), before.service_level()))
        .unwrap_or_default();
    let after = &stats.figures.after_calls;
    let after_before = stats.figures.before.as_ref().map(|before| before.after_calls.average());
    let after_before = after_before.map(told).unwrap_or_default();
    let line = |cards: Vec<[(String, Tone); 3]>| Line(cards.into_iter().flatten().collect());
    vec![
        line(vec![
            count("수신", "inbound", |calls| calls.inbound),
            count("받음", "answered", |calls| calls.answered),
            count("부재중", "missed", |calls| calls.missed),
            count("발신", "outbound", |calls| calls.outbound),
            count("내선", "internal", |calls| calls.internal),
        ]),
        line(vec![
            rate("응답률", "answer rate", CallFigures::answer_rate),
            card(&level, &percent(now.service_level()), &service),
            rate("발신 연결률", "put through", CallFigures::outbound_rate),
        ]),
        line(vec![
            mean("평균 대기", "mean wait", CallFigures::average_wait),
            mean("평균 통화", "mean talk", CallFigures::average_talk),
            card(view.pick("평균 후처리", "wrap-up"), &told(after.average()), &after_before),
        ]),
        line(vec![
            total("새 상담", "new conversations", stats.figures.conversations),
            total("닫은 케이스", "closed cases", stats.figures.cases),
            card(view.pick("원스톱 비율", "one-stop rate"), &percent(stats.one_stop_rate), ""),
        ]),
        cases::times(view, stats),
    ]
}

/// Inbound calls by the hour of the day; the busiest with share and change (L169).
fn hours(view: &View<'_>, stats: &Stats, width: usize) -> Vec<Line> {
    let figures = &stats.figures;
    let inbound = |hours: &BTreeMap<String, CallFigures>, hour: &str| {
        hours.get(hour).map_or(0, |calls| calls.inbound)
    };
    let names: Vec<String> = (0..24).map(|hour| format!("{hour:02}")).collect();
    let bar = |hour: &String| Bar { label: hour.clone(), value: inbound(&figures.hours, hour) };
    let bars: Vec<Bar> = names.iter().map(bar).collect();
    let mut lines = heading(view, ("시간대별 수신", "Inbound by hour of day")).to_vec();
    lines.extend(chart(&bars, (width, HEIGHT), Tone::Plain));
    let mut busiest: Vec<&Bar> = bars.iter().filter(|bar| bar.value > 0).collect();
    busiest.sort_by_key(|bar| std::cmp::Reverse(bar.value));
    let told: Vec<String> = busiest
        .into_iter()
        .take(3)
        .map(|bar| {
            let share = share(bar.value, figures.calls.inbound);
            let before = figures.before.as_ref();
            let change = before.map(|before| change(bar.value, inbound(&before.hours, &bar.label)));
            let change = change.map(|change| format!(", {change}")).unwrap_or_default();
            format!("{}:00 {} ({share}{change})", bar.label, bar.value)
        })
        .collect();
    if !told.is_empty() {
        let text = format!("{}  {}", view.pick("가장 바쁜 때", "busiest"), told.join("   "));
        lines.push(Line::plain(text));
    }
    lines
}

/// Calls of each day of the span, also of those without any, and how long was talked.
fn days(view: &View<'_>, stats: &Stats, width: usize) -> Vec<Line> {
    let known = &stats.figures.days;
    let day = |millis: i64| local(millis, view.zone, "%Y-%m-%d").parse::<Date>().ok();
    let (Some(first), Some(last)) = (day(stats.from), day(stats.to - 1)) else {
        return Vec::new();
    };
    let all: Vec<Date> =
        first.series(jiff::Span::new().days(1)).take_while(|d| *d <= last).take(DAYS).collect();
    if all.len() < 2 {
        return Vec::new();
    }
    let bars = |count: fn(&CallFigures) -> u64| -> Vec<Bar> {
        let bar = |date: &Date| Bar {
            label: date.strftime("%m-%d").to_string(),
            value: known.get(&date.to_string()).map_or(0, count),
        };
        all.iter().map(bar).collect()
    };
    let mut lines = Vec::new();
    let charts: [Chart; 4] = [
        (("일별 수신", "Inbound by day"), |calls| calls.inbound, Tone::Plain),
        (("일별 부재중", "Missed by day"), |calls| calls.missed, Tone::Bad),
        (("일별 발신", "Outbound by day"), |calls| calls.outbound, Tone::Plain),
        (
            ("일별 통화 시간(분)", "Minutes talked by day"),
            |calls| (calls.talked / 60_000).unsigned_abs(),
            Tone::Plain,
        ),
    ];
    for (name, count, tone) in charts {
        lines.extend(heading(view, name));
        lines.extend(chart(&bars(count), (width, HEIGHT), tone));
    }
    lines
}

/// Missed calls by reason, with share and change (L169).
fn reasons(view: &View<'_>, stats: &Stats, width: usize) -> Vec<Line> {
    let calls = &stats.figures.calls;
    let before = stats.figures.before.as_ref().map(|before| &before.calls);
    let mut counts: BTreeMap<_, (u64, u64)> =
        calls.reasons.iter().map(|(reason, count)| (*reason, (*count, 0))).collect();
    for (reason, count) in before.into_iter().flat_map(|before| &before.reasons) {
        counts.entry(*reason).or_default().1 = *count;
    }
    if counts.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let top = all.first().map_or(1, |(_, (count, _))| (*count).max(1));
    let names = all.iter().map(|(reason, _)| view.speech.missed(*reason).width());
    let wide = names.max().unwrap_or(0);
    let room = u64::try_from(width.saturating_sub(wide + 26)).unwrap_or(0).min(40);
    let mut lines = heading(view, ("부재중 사유", "Missed by reason")).to_vec();
    for (reason, (count, was)) in all {
        let bar = usize::try_from((count * room).div_ceil(top)).unwrap_or(0);
        let change = before.map(|_| change(count, was)).unwrap_or_default();
        lines.push(Line(vec![
            (format!("{}  ", fit(view.speech.missed(reason), wide)), Tone::Plain),
            (format!("{count:>5}  {:>4}  {change:>5}  ", share(count, calls.missed)), Tone::Plain),
            ("█".repeat(bar), Tone::Bad),
        ]));
    }
    lines
}

fn each(
    view: &View<'_>,
    name: (&str, &str),
    figures: &BTreeMap<String, CallFigures>,
    said: impl Fn(&str) -> String,
) -> Vec<Line> {
    if figures.is_empty() {
        return Vec::new();
    }
    let mut lines = heading(view, name).to_vec();
    let cell = |ko, en| format!("{:>w$}", view.pick(ko, en), w = 9 - wider(view.pick(ko, en)));
    let head = [
        cell("수신", "inbound"),
        cell("받음", "answered"),
        cell("부재중", "missed"),
        cell("응답률", "rate"),
        cell("발신", "outbound"),
        cell("평균 통화", "talk"),
    ];
    lines.push(Line::toned(format!("{}{}", " ".repeat(20), head.join(" ")), Tone::Dim));
    for (key, calls) in figures {
        let talk = calls.average_talk().map_or("–".to_owned(), |seconds| clock(seconds * 1_000));
        lines.push(Line::plain(format!(
            "{}{:>9} {:>9} {:>9} {:>9} {:>9} {talk:>9}",
            fit(&said(key), 20),
            calls.inbound,
            calls.answered,
            calls.missed,
            percent(calls.answer_rate()),
            calls.outbound,
        )));
    }
    lines
}

/// Columns that a text has beyond its letters.
fn wider(text: &str) -> usize {
    text.width() - text.chars().count()
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or("–".to_owned(), |rate| format!("{rate:.1}%"))
}

fn share(part: u64, whole: u64) -> String {
    (part * 100 + whole / 2)
        .checked_div(whole)
        .map_or("–".to_owned(), |share| format!("{share}%"))
}

/// `+3`, `-2`, `0`.
fn change(now: u64, before: u64) -> String {
    let change = i128::from(now) - i128::from(before);
    if change > 0 { format!("+{change}") } else { change.to_string() }
}

/// Percent against percent; a dash where one of them is not known (L166).
fn points(now: Option<f64>, before: Option<f64>) -> String {
    match (now, before) {
        (Some(now), Some(before)) if (now - before).abs() < 0.05 => "0".to_owned(),
        (Some(now), Some(before)) => format!("{:+.1}", now - before),
        (Some(_) | None, _) => "–".to_owned(),
    }
}
