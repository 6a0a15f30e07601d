//! `naru conversations --cases`: each cycle from opening to close, with how long it took (L180).

use std::collections::BTreeSet;
use std::fmt::Display;

use jiff::tz::TimeZone;

use crate::api::address::with_conditions;
use crate::api::schema::schema::CasePage;
use crate::cli::arguments::conversations::ConversationArguments;
use crate::cli::daemon_or_store::{ask_if_up, read};
use crate::cli::failure::Failure;
use crate::cli::flag::Flag;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::history::conversation::case_record::{CaseFilter, CaseRecord};
use crate::office::phone_number::PhoneNumber;
use crate::office::team::TeamName;
use crate::sheet;
use crate::store::reader::Reader;

const COMMAND: &str = "conversations";
/// Cases of one request.
const PAGE: usize = 1_000;

const HEAD: [(&str, &str); 22] = [
    ("상담", "conversation"),
    ("케이스", "case"),
    ("방향", "direction"),
    ("고객", "customer"),
    ("이름", "name"),
    ("우리 번호", "number"),
    ("열림", "opened"),
    ("첫 대기", "first queued"),
    ("첫 응대", "first answered"),
    ("종료", "closed"),
    ("대기(초)", "waited s"),
    ("처리(초)", "resolution s"),
    ("보류(초)", "snoozed s"),
    ("보류 횟수", "snoozed"),
    ("순수 처리(초)", "lead s"),
    ("부재중", "missed"),
    ("태그", "tags"),
    ("우선순위", "priority"),
    ("워크플로우", "workflow"),
    ("팀", "team"),
    ("담당", "assignee"),
    ("팔로워", "followers"),
];

/// A sheet is written page by page: only a page of it is ever held.
///
/// # Errors
/// When a condition makes no sense, or the cases cannot be read.
pub(crate) fn cases(
    terminal: &Terminal,
    config: &Config,
    arguments: &ConversationArguments,
) -> Result<(), Failure> {
    let speech = terminal.speech;
    if arguments.csv {
        let head = HEAD.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec();
        terminal::raw(sheet::table(&[head]).as_bytes())?;
        return each_page(terminal, config, arguments, |page| {
            let rows: Vec<_> = page.iter().map(|case| cells(terminal, case).to_vec()).collect();
            Ok(terminal::raw(sheet::rows(&rows).as_bytes())?)
        });
    }
    let mut found = Vec::new();
    each_page(terminal, config, arguments, |page| {
        found.extend(page);
        Ok(())
    })?;
    if arguments.json {
        let text = serde_json::to_string_pretty(&found).map_err(std::io::Error::from)?;
        return Ok(terminal::raw(format!("{text}\n").as_bytes())?);
    }
    for line in table::lines(&lines(terminal, &found)) {
        terminal::line(&line)?;
    }
    Ok(())
}

fn each_page(
    terminal: &Terminal,
    config: &Config,
    arguments: &ConversationArguments,
    mut take: impl FnMut(Vec<CaseRecord>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut filter = filter(arguments, &terminal.zone)?;
    let mut store = None;
    let mut left = arguments.limit;
    while left > 0 {
        let rows = left.min(PAGE);
        filter.limit = u32::try_from(rows).ok();
        let page = page(terminal, config, (arguments, &mut filter), &mut store)?;
        filter.before = page.last().map(CaseRecord::place);
        left = if page.len() < rows { 0 } else { left - rows };
        take(page)?;
    }
    Ok(())
}

/// Of the daemon, until it turns out to be down.
fn page(
    terminal: &Terminal,
    config: &Config,
    (arguments, filter): (&ConversationArguments, &mut CaseFilter),
    store: &mut Option<Reader>,
) -> Result<Vec<CaseRecord>, Failure> {
    if let Some(reader) = store {
        return Ok(reader.cases(filter)?);
    }
    let path = address(arguments, filter);
    if let Some(answer) = ask_if_up(terminal, config, ("GET", &path), "".into())? {
        return Ok(read::<CasePage>(&answer)?.cases);
    }
    let reader = store.insert(Reader::open(&config.data_dir)?);
    if let (None, Some(typed)) = (&filter.number, &arguments.number) {
        filter.number = Some(Flag(COMMAND, "--number").at_home(reader, typed)?);
    }
    Ok(reader.cases(filter)?)
}

/// The number is left out when it is no E.164: only the office knows what it means.
fn filter(arguments: &ConversationArguments, zone: &TimeZone) -> Result<CaseFilter, Failure> {
    let ConversationArguments { from, to, assignee, tag, .. } = arguments;
    Ok(CaseFilter {
        from: Flag(COMMAND, "--from").moment(from.as_deref(), zone)?,
        to: Flag(COMMAND, "--to").moment(to.as_deref(), zone)?,
        number: arguments.number.as_deref().and_then(|text| PhoneNumber::parse(text).ok()),
        assignee: Flag(COMMAND, "--assignee").extension(assignee.as_deref())?,
        team: arguments.team.clone().map(TeamName),
        tag: Flag(COMMAND, "--tag").tag(tag.as_deref())?,
        before: None,
        limit: None,
    })
}

fn address(arguments: &ConversationArguments, filter: &CaseFilter) -> String {
    let conditions = [
        ("from", filter.from.map(|from| from.to_string())),
        ("to", filter.to.map(|to| to.to_string())),
        ("number", arguments.number.clone()),
        ("assignee", arguments.assignee.clone()),
        ("team", arguments.team.clone()),
        ("tag", arguments.tag.clone()),
        ("before", filter.before.map(|place| place.to_string())),
        ("limit", filter.limit.map(|limit| limit.to_string())),
    ];
    with_conditions("/v1/cases", &conditions)
}

fn cells(terminal: &Terminal, one: &CaseRecord) -> [String; HEAD.len()] {
    let speech = terminal.speech;
    let case = &one.case;
    let time =
        |at: Option<i64>| at.map(|at| sheet::exact_time(at, &terminal.zone)).unwrap_or_default();
    let seconds = |millis: Option<i64>| text(millis.map(|millis| millis / 1_000).as_ref());
    [
        one.conversation.to_string(),
        case.seq.to_string(),
        speech.direction(one.direction).to_owned(),
        text(one.customer.as_ref()),
        one.name.clone(),
        text(one.number.as_ref()),
        time(Some(case.opened)),
        time(case.queued),
        time(case.answered),
        time(case.closed),
        seconds(one.waiting()),
        seconds(one.resolution()),
        seconds(Some(case.snoozed_ms)),
        case.snoozed.to_string(),
        seconds(one.lead()),
        case.missed.to_string(),
        joined(&case.tags, " / "),
        speech.priority(one.priority).to_owned(),
        one.workflow.clone().unwrap_or_default(),
        text(one.team.as_ref()),
        text(one.assignee.as_ref()),
        joined(&one.followers, " "),
    ]
}

fn text<T: Display>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn joined<T: Display>(values: &BTreeSet<T>, between: &str) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// As much as a terminal has room for.
fn lines(terminal: &Terminal, found: &[CaseRecord]) -> Vec<Vec<String>> {
    let speech = terminal.speech;
    let head = [
        ("케이스", "CASE"),
        ("고객", "CUSTOMER"),
        ("열림", "OPENED"),
        ("종료", "CLOSED"),
        ("대기", "WAITED"),
        ("처리", "LEAD"),
        ("부재중", "MISSED"),
        ("담당", "OWNER"),
        ("태그", "TAGS"),
    ];
    let head = head.iter().map(|(ko, en)| speech.pick(ko, en).to_owned()).collect();
    let row = |one: &CaseRecord| {
        let span = |millis: Option<i64>| millis.map(|millis| speech.time_span(millis));
        let who = [one.name.clone(), text(one.customer.as_ref())];
        vec![
            format!("{}-{}", one.conversation, one.case.seq),
            who.join(" ").trim().to_owned(),
            terminal.time(one.case.opened),
            one.case.closed.map(|at| terminal.time(at)).unwrap_or_default(),
            span(one.waiting()).unwrap_or_default(),
            span(one.lead()).unwrap_or_default(),
            one.case.missed.to_string(),
            one.assignee.as_ref().map_or_else(|| text(one.team.as_ref()), ToString::to_string),
            joined(&one.case.tags, ", "),
        ]
    };
    std::iter::once(head).chain(found.iter().map(row)).collect()
}
