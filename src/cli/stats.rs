//! `naru stats`: what a span of days comes to.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::api::address::with_conditions;
use crate::api::schema::stats::{AgentStats, Stats};
use crate::cli::arguments::calls::StatsArguments;
use crate::cli::calls::{hours, hours_conditions};
use crate::cli::daemon_or_store::{ask_if_up, read};
use crate::cli::failure::Failure;
use crate::cli::flag::Flag;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::clock;
use crate::config::settings::Config;
use crate::history::figures::agent_figures::AgentSpan;
use crate::history::figures::figures::FiguresFilter;
use crate::history::figures::span::{Span, midnight};
use crate::history::missed_reason::MissedReason;
use crate::locale::Speech;
use crate::office::team::TeamName;
use crate::sheet;
use crate::store::reader::Reader;
use crate::words::Words;

/// Columns that say who an agent is: extension and name.
const WHO: usize = 2;

/// # Errors
/// When a time makes no sense, or the figures cannot be read.
pub(crate) fn stats(
    terminal: &Terminal,
    config: &Config,
    arguments: &StatsArguments,
) -> Result<(), Failure> {
    let zone = &terminal.zone;
    let span = span(arguments, zone)?;
    let without = reasons(arguments)?;
    if arguments.agents {
        return agents(terminal, config, span, arguments);
    }
    let path = path(span, arguments);
    let stats = match ask_if_up(terminal, config, ("GET", &path), "".into())? {
        Some(answer) => read::<Stats>(&answer)?,
        None => stored(config, span, (arguments, without))?,
    };
    if arguments.json {
        let text = serde_json::to_string_pretty(&stats).map_err(std::io::Error::from)?;
        return Ok(terminal::raw(format!("{text}\n").as_bytes())?);
    }
    let speech = terminal.speech;
    if arguments.by_weekday {
        return by_weekday(terminal, &stats, arguments.csv);
    }
    if arguments.csv {
        let mut lines = sheet::figures(speech, &stats.figures);
        lines.push(Vec::new());
        lines.extend(sheet::reasons(speech, &stats.figures));
        lines.push(Vec::new());
        lines.extend(summary(terminal, &stats));
        lines.push(Vec::new());
        lines.extend(sheet::inflow(speech, &stats.figures, zone));
        lines.push(Vec::new());
        lines.extend(sheet::case_times(speech, &stats.figures));
        lines.push(Vec::new());
        lines.extend(sheet::leaders(speech, &stats.figures));
        return Ok(terminal::raw(sheet::table(&lines).as_bytes())?);
    }
    for line in table::lines(&summary(terminal, &stats)) {
        terminal::line(&line)?;
    }
    terminal::line("")?;
    for line in table::lines(&sheet::figures(speech, &stats.figures)) {
        terminal::line(&line)?;
    }
    if !stats.figures.leaders.is_empty() {
        terminal::line("")?;
        for line in table::lines(&sheet::leaders(speech, &stats.figures)) {
            terminal::line(&line)?;
        }
    }
    Ok(())
}

/// When customers call: as a table of hours and days, as CSV a line for each (L183).
fn by_weekday(terminal: &Terminal, stats: &Stats, is_csv: bool) -> Result<(), Failure> {
    if is_csv {
        let lines = sheet::week(terminal.speech, &stats.figures);
        return Ok(terminal::raw(sheet::table(&lines).as_bytes())?);
    }
    for line in table::lines(&sheet::week_grid(terminal.speech, &stats.figures)) {
        terminal::line(&line)?;
    }
    Ok(())
}

fn path(span: Span, arguments: &StatsArguments) -> String {
    let conditions: Vec<_> = [
        ("from", Some(span.from.to_string())),
        ("to", Some(span.to.to_string())),
        ("target", Some(span.target.to_string())),
        ("number", arguments.number.clone()),
        ("team", arguments.team.clone()),
        ("without", arguments.without.clone()),
        ("compare", arguments.compare.then(|| "true".to_owned())),
    ]
    .into_iter()
    .chain(hours_conditions(&arguments.hours))
    .collect();
    with_conditions("/v1/stats", &conditions)
}

/// Each agent's figures.
fn agents(
    terminal: &Terminal,
    config: &Config,
    span: Span,
    arguments: &StatsArguments,
) -> Result<(), Failure> {
    let Span { from, to, .. } = span;
    let narrowed = hours(&arguments.hours)?;
    let conditions: Vec<_> = [("from", Some(from.to_string())), ("to", Some(to.to_string()))]
        .into_iter()
        .chain(hours_conditions(&arguments.hours))
        .collect();
    let path = with_conditions("/v1/stats/agents", &conditions);
    let stats = match ask_if_up(terminal, config, ("GET", &path), "".into())? {
        Some(answer) => read::<AgentStats>(&answer)?,
        None => {
            let span = AgentSpan { from, to, now: None };
            let found = Reader::open(&config.data_dir)?.agent_figures(span, narrowed.as_ref())?;
            AgentStats::new(span, narrowed, found)
        }
    };
    if arguments.json {
        let text = serde_json::to_string_pretty(&stats).map_err(std::io::Error::from)?;
        return Ok(terminal::raw(format!("{text}\n").as_bytes())?);
    }
    let figures = stats.agents.iter().map(|(agent, line)| (agent.as_str(), &line.figures));
    let lines = sheet::agents(terminal.speech, figures);
    if arguments.csv {
        return Ok(terminal::raw(sheet::table(&lines).as_bytes())?);
    }
    for line in table::lines(&telling(&lines)) {
        terminal::line(&line)?;
    }
    Ok(())
}

/// A terminal has no room for columns in which there is nothing of anybody.
fn telling(lines: &[Vec<String>]) -> Vec<Vec<String>> {
    let is_told = |at: usize| {
        let cells = lines.iter().skip(1).filter_map(|line| line.get(at));
        at < WHO || cells.into_iter().any(|cell| !matches!(cell.as_str(), "" | "0"))
    };
    let told = |line: &Vec<String>| {
        line.iter()
            .enumerate()
            .filter(|(at, _)| is_told(*at))
            .map(|(_, cell)| cell.clone())
            .collect()
    };
    lines.iter().map(told).collect()
}

/// As the store knows it while the daemon is down.
fn stored(
    config: &Config,
    span: Span,
    (arguments, without): (&StatsArguments, BTreeSet<MissedReason>),
) -> Result<Stats, Failure> {
    let reader = Reader::open(&config.data_dir)?;
    let number = arguments.number.as_deref();
    let number =
        number.map(|typed| Flag("stats", "--number").at_home(&reader, typed)).transpose()?;
    let team = arguments.team.clone().map(TeamName);
    let hours = hours(&arguments.hours)?;
    let filter = FiguresFilter { span, number, team, hours, without, compare: arguments.compare };
    Ok(Stats::new(&filter, reader.figures(&filter)?))
}

fn reasons(arguments: &StatsArguments) -> Result<BTreeSet<MissedReason>, Failure> {
    MissedReason::list(arguments.without.as_deref().unwrap_or_default()).map_err(|word| {
        let known = MissedReason::COUNTED.map(|reason| sheet::word(&reason)).join(", ");
        Failure::invalid(Words::new(
            format!("--without: '{word}'은(는) 부재중 사유가 아닙니다: {known}"),
            format!("--without: '{word}' is none of {known}"),
        ))
    })
}

/// Days are the office's, also where this machine's clock shows another time.
fn span(arguments: &StatsArguments, zone: &TimeZone) -> Result<Span, Failure> {
    let StatsArguments { from, to, target, .. } = arguments;
    let time = |name, text: &Option<String>| Flag("stats", name).moment(text.as_deref(), zone);
    let to = time("--to", to)?.unwrap_or_else(|| clock::now().unix_millis());
    let from = time("--from", from)?.unwrap_or_else(|| midnight(to, zone));
    Ok(Span { from, to: to.max(from), target: *target })
}

/// The figures that a manager looks at first.
fn summary(terminal: &Terminal, stats: &Stats) -> Vec<Vec<String>> {
    let speech = terminal.speech;
    let calls = &stats.figures.calls;
    let line = |ko, en, value: String| vec![speech.pick(ko, en).to_owned(), value];
    let target = stats.target;
    let both = |mean, median| mean_and_median(speech, mean, median);
    let mut lines = vec![
        line(
            "기간",
            "span",
            format!("{} – {}", terminal.time(stats.from), terminal.time(stats.to)),
        ),
        line("응답률", "answer rate", percent(stats.answer_rate)),
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
        line("평균 후처리", "average wrap-up", time(speech, stats.average_wrap_up)),
        line(
            "첫 응대까지",
            "first response",
            both(stats.average_first_response, stats.median_first_response),
        ),
        line("응답까지", "reply", both(stats.average_reply, stats.median_reply)),
        line("처리 시간", "handling", both(stats.average_lead, stats.median_lead)),
        line("원스톱 비율", "one-stop rate", percent(stats.one_stop_rate)),
        line("새 상담", "new conversations", stats.figures.conversations.to_string()),
        line("닫은 케이스", "closed cases", stats.figures.cases.to_string()),
    ];
    let inflow = stats.figures.inflow.iter().map(|step| step.inbound.to_string());
    let inflow = inflow.collect::<Vec<_>>().join(" ");
    lines.push(line("끝 2시간 수신, 5분마다", "last 2 h inbound, by 5 min", inflow));
    if let Some(hours) = &stats.narrowed_by {
        let Words { ko, en } = hours.words();
        lines.insert(1, line("시간", "hours", speech.pick(&ko, &en).to_owned()));
    }
    for (reason, count) in &calls.reasons {
        let name = format!("{}: {}", speech.pick("부재중", "missed"), speech.missed(*reason));
        let share = *count as f64 * 100.0 / calls.missed.max(1) as f64;
        let before = stats.figures.before.as_ref().map(|before| {
            let before = before.calls.reasons.get(reason).copied().unwrap_or_default();
            format!("  ({} {before})", speech.pick("앞 기간", "before"))
        });
        let before = before.unwrap_or_default();
        lines.push(vec![name, format!("{count}  {share:.0} %{before}")]);
    }
    lines
}

/// A dash where there is nothing to count (L166).
fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1} %"))
}

/// L174: one long wait moves the mean and not the median.
fn mean_and_median(speech: Speech, mean: Option<i64>, median: Option<i64>) -> String {
    if median.is_none() {
        return time(speech, mean);
    }
    format!(
        "{}  ({} {})",
        time(speech, mean),
        speech.pick("중앙값", "median"),
        time(speech, median)
    )
}

/// L167; a dash where there is nothing to count.
fn time(speech: Speech, seconds: Option<i64>) -> String {
    seconds.map_or_else(|| "–".to_owned(), |seconds| speech.time_span(seconds * 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_with_nothing_of_anybody_are_left_out() {
        let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
        let all = [
            row(["extension", "name", "answered", "missed", "mean s"]),
            row(["101", "", "0", "0", ""]),
            row(["102", "", "0", "2", ""]),
        ];
        let told: Vec<String> = telling(&all).iter().map(|line| line.join("|")).collect();
        assert_eq!(told, ["extension|name|missed", "101||0", "102||2"]);
    }
}
