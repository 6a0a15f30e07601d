//! `naru stats`: what a span of days comes to.

use crate::api::stats_schema::Stats;
use crate::cli::arguments::calls::StatsArguments;
use crate::cli::calls::moment;
use crate::cli::daemon_or_store::{ask_if_up, read};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::{Terminal, local_time};
use crate::clock;
use crate::config::Config;
use crate::history::figures::{CallFigures, Span, midnight};
use crate::locale::Speech;
use crate::sheet;
use crate::store::reader::Reader;

/// # Errors
/// When a time makes no sense, or the figures cannot be read.
pub(crate) fn stats(
    terminal: &Terminal,
    config: &Config,
    arguments: &StatsArguments,
) -> Result<(), Failure> {
    let span = span(arguments)?;
    let path = format!("/v1/stats?from={}&to={}&target={}", span.from, span.to, span.target);
    let stats = match ask_if_up(terminal, config, ("GET", &path), "".into())? {
        Some(answer) => read::<Stats>(&answer)?,
        None => Stats::new(span, Reader::open(&config.data_dir)?.figures(span)?),
    };
    if arguments.json {
        let text = serde_json::to_string_pretty(&stats).map_err(std::io::Error::from)?;
        return Ok(terminal::raw(format!("{text}\n").as_bytes())?);
    }
    let speech = terminal.speech;
    if arguments.csv {
        return Ok(terminal::raw(sheet::table(&lines(speech, &stats)).as_bytes())?);
    }
    for line in table::lines(&summary(speech, &stats)) {
        terminal::line(&line)?;
    }
    terminal::line("")?;
    for line in table::lines(&lines(speech, &stats)) {
        terminal::line(&line)?;
    }
    Ok(())
}

fn span(arguments: &StatsArguments) -> Result<Span, Failure> {
    let time = |field, text: &Option<String>| text.as_deref().map(|text| moment(field, text));
    let to = time("--to", &arguments.to).transpose()?;
    let from = time("--from", &arguments.from).transpose()?;
    let to = to.unwrap_or_else(|| clock::now().unix_millis());
    let from = from.unwrap_or_else(|| midnight(to));
    Ok(Span { from, to: to.max(from), target: arguments.target })
}

/// The figures that a manager looks at first.
fn summary(speech: Speech, stats: &Stats) -> Vec<Vec<String>> {
    let calls = &stats.figures.calls;
    let line = |ko, en, value: String| vec![speech.pick(ko, en).to_owned(), value];
    let target = stats.target;
    let mut lines = vec![
        line("기간", "span", format!("{} – {}", local_time(stats.from), local_time(stats.to))),
        line("받은 전화 비율", "answer rate", percent(stats.answer_rate)),
        vec![
            format!(
                "{} {target}{}",
                speech.pick("서비스 레벨", "service level"),
                speech.pick("초", " s")
            ),
            percent(stats.service_level),
        ],
        line("응답 속도 준수율", "response speed", percent(stats.speed_level)),
        line("발신 연결 비율", "outbound answer rate", percent(stats.outbound_rate)),
        line("평균 대기", "average wait", time(speech, stats.average_wait)),
        line("평균 통화", "average talk", time(speech, stats.average_talk)),
        line("새 상담", "new conversations", stats.figures.conversations.to_string()),
        line("닫은 케이스", "closed cases", stats.figures.cases.to_string()),
    ];
    for (reason, count) in &calls.reasons {
        let name = format!("{}: {}", speech.pick("부재중", "missed"), speech.missed(*reason));
        lines.push(vec![name, count.to_string()]);
    }
    lines
}

/// One line for all calls, each number, each agent and each hour.
fn lines(speech: Speech, stats: &Stats) -> Vec<Vec<String>> {
    let figures = &stats.figures;
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
    let agent = speech.pick("매니저", "agent");
    lines.extend(figures.numbers.iter().map(|(number, calls)| counts(number.clone(), calls)));
    lines.extend(figures.agents.iter().map(|(who, calls)| counts(format!("{agent} {who}"), calls)));
    lines.extend(figures.hours.iter().map(|(hour, calls)| counts(format!("{hour}:00"), calls)));
    lines
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

/// A dash where there is nothing to count (L166).
fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1} %"))
}

fn time(speech: Speech, seconds: Option<i64>) -> String {
    let Some(seconds) = seconds else { return "–".to_owned() };
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (minutes, speech.pick("ko", "en")) {
        (0, "ko") => format!("{rest}초"),
        (0, _) => format!("{rest} s"),
        (minutes, "ko") => format!("{minutes}분 {rest}초"),
        (minutes, _) => format!("{minutes} min {rest} s"),
    }
}
