//! `naru calls` and `naru trail`.

use jiff::tz::TimeZone;

use crate::api::address::percent_encoded;
use crate::api::schema::schema::{CallPage, CallWithTrail};
use crate::cli::arguments::calls::{CallArguments, HoursArguments, TrailArguments};
use crate::cli::call_verbs::act;
use crate::cli::daemon_or_store::{ask_if_up, read};
use crate::cli::failure::Failure;
use crate::cli::flag::Flag;
use crate::cli::ladder;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::history::call_filter::CallFilter;
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::figures::hours_filter::HoursFilter;
use crate::locale::Speech;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::sheet;
use crate::store::reader::Reader;
use crate::words::Words;

/// Calls of one request.
const PAGE: usize = 1000;

/// # Errors
/// When a condition makes no sense, or the calls cannot be read.
pub(crate) fn calls(
    terminal: &Terminal,
    config: &Config,
    arguments: &CallArguments,
) -> Result<(), Failure> {
    if let Some(verb) = &arguments.verb {
        return act(terminal, config, verb);
    }
    let mut filter = filter(arguments, &terminal.zone)?;
    let mut source = Source::Daemon;
    let mut calls: Vec<CallRecord> = Vec::new();
    while calls.len() < arguments.limit {
        let page = (arguments.limit - calls.len()).min(PAGE);
        filter.limit = u32::try_from(page).ok();
        let found = source.page(terminal, config, arguments, &filter)?;
        let is_last = found.len() < page;
        filter.before = found.last().map(|call| call.id);
        calls.extend(found);
        if is_last {
            break;
        }
    }
    show(terminal, arguments, &calls)
}

/// Where the pages come from; the first page finds out.
enum Source {
    Daemon,
    Store(Reader),
}

impl Source {
    fn page(
        &mut self,
        terminal: &Terminal,
        config: &Config,
        arguments: &CallArguments,
        filter: &CallFilter,
    ) -> Result<Vec<CallRecord>, Failure> {
        if matches!(self, Self::Daemon) {
            let path = address(arguments, filter);
            if let Some(answer) = ask_if_up(terminal, config, ("GET", &path), "".into())? {
                return Ok(read::<CallPage>(&answer)?.calls);
            }
            *self = Self::Store(Reader::open(&config.data_dir)?);
        }
        match self {
            Self::Daemon => Ok(Vec::new()),
            Self::Store(reader) => {
                let mut filter = filter.clone();
                if let (None, Some(typed)) = (&filter.number, &arguments.number) {
                    filter.number = Some(Flag("calls", "--number").at_home(reader, typed)?);
                }
                Ok(reader.calls(&filter)?)
            }
        }
    }
}

/// The number is left out when it is no E.164: only the office knows what it means.
fn filter(arguments: &CallArguments, zone: &TimeZone) -> Result<CallFilter, Failure> {
    let CallArguments { from, to, agent, direction, outcome, .. } = arguments;
    Ok(CallFilter {
        from: Flag("calls", "--from").moment(from.as_deref(), zone)?,
        to: Flag("calls", "--to").moment(to.as_deref(), zone)?,
        conversation: None,
        number: arguments.number.as_deref().and_then(|text| PhoneNumber::parse(text).ok()),
        party: arguments.party.clone(),
        agent: Flag("calls", "--agent").extension(agent.as_deref())?,
        direction: Flag("calls", "--direction").choice(direction.as_deref())?,
        outcome: Flag("calls", "--outcome").choice(outcome.as_deref())?,
        hours: hours(&arguments.hours)?,
        before: arguments.before.map(CallId),
        limit: None,
    })
}

/// # Errors
/// When they make no sense together.
pub(crate) fn hours(arguments: &HoursArguments) -> Result<Option<HoursFilter>, Failure> {
    let HoursArguments { hours, time, as_today, outside } = arguments;
    HoursFilter::asked((hours.as_deref(), *as_today), time.as_deref(), *outside)
        .map_err(Failure::invalid)
}

/// The same, as the conditions of an address.
pub(crate) fn hours_conditions(arguments: &HoursArguments) -> [(&'static str, Option<String>); 4] {
    let HoursArguments { hours, time, as_today, outside } = arguments;
    [
        ("hours", hours.clone()),
        ("time", time.clone()),
        ("as_today", as_today.then(|| "true".to_owned())),
        ("outside", outside.then(|| "true".to_owned())),
    ]
}

fn address(arguments: &CallArguments, filter: &CallFilter) -> String {
    let mut parts = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            parts.push(format!("{name}={}", percent_encoded(&value)));
        }
    };
    add("from", filter.from.map(|from| from.to_string()));
    add("to", filter.to.map(|to| to.to_string()));
    add("number", arguments.number.clone());
    add("party", filter.party.clone());
    add("agent", filter.agent.as_ref().map(ToString::to_string));
    add("direction", arguments.direction.clone());
    add("outcome", arguments.outcome.clone());
    for (name, value) in hours_conditions(&arguments.hours) {
        add(name, value);
    }
    add("before", filter.before.map(|before| before.to_string()));
    add("limit", filter.limit.map(|limit| limit.to_string()));
    format!("/v1/calls?{}", parts.join("&"))
}

fn show(
    terminal: &Terminal,
    arguments: &CallArguments,
    calls: &[CallRecord],
) -> Result<(), Failure> {
    if arguments.json {
        let text = serde_json::to_string_pretty(calls).map_err(std::io::Error::from)?;
        terminal::raw(format!("{text}\n").as_bytes())?;
    } else if arguments.csv {
        terminal::raw(sheet::text(calls, &terminal.zone).as_bytes())?;
    } else {
        for line in table::lines(&rows(terminal, calls)) {
            terminal::line(&line)?;
        }
    }
    Ok(())
}

fn rows(terminal: &Terminal, calls: &[CallRecord]) -> Vec<Vec<String>> {
    let speech = terminal.speech;
    let head = [
        ("번호", "ID"),
        ("시작", "STARTED"),
        ("방향", "DIRECTION"),
        ("발신자", "FROM"),
        ("수신자", "TO"),
        ("결과", "OUTCOME"),
        ("통화 시간", "TALKED"),
        ("매니저", "AGENT"),
    ];
    let head = head.iter().map(|(ko, en)| speech.pick(ko, en).to_owned()).collect();
    std::iter::once(head).chain(calls.iter().map(|call| row(terminal, call))).collect()
}

fn row(terminal: &Terminal, call: &CallRecord) -> Vec<String> {
    let speech = terminal.speech;
    let from = match (call.from.as_str(), call.from_name.as_str()) {
        ("", "") => speech.pick("발신 번호 없음", "withheld").to_owned(),
        (number, "") => number.to_owned(),
        ("", name) => name.to_owned(),
        (number, name) => format!("{name} {number}"),
    };
    let outcome = match (call.outcome, call.missed_reason) {
        (None, _) => speech.pick("진행 중", "in progress").to_owned(),
        (Some(outcome), None) => speech.outcome(outcome).to_owned(),
        (Some(outcome), Some(reason)) => {
            format!("{} ({})", speech.outcome(outcome), speech.missed(reason))
        }
    };
    let talked = sheet::talked_seconds(call);
    vec![
        call.id.to_string(),
        terminal.time(call.started),
        speech.direction(call.direction).to_owned(),
        from,
        call.to.clone(),
        outcome,
        talked.map_or_else(String::new, |s| format!("{}:{:02}", s / 60, s % 60)),
        call.agent.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// # Errors
/// When there is no such call.
pub(crate) fn trail(
    terminal: &Terminal,
    config: &Config,
    arguments: &TrailArguments,
) -> Result<(), Failure> {
    if arguments.sip {
        return ladder::ladder(terminal, config, arguments.call);
    }
    let path = format!("/v1/calls/{}", arguments.call);
    let call = match ask_if_up(terminal, config, ("GET", &path), "".into())? {
        Some(answer) => read::<CallWithTrail>(&answer)?.call,
        None => Reader::open(&config.data_dir)?
            .call(CallId(arguments.call))?
            .ok_or_else(|| no_call(arguments.call))?,
    };
    tell_call(terminal, &call)
}

/// The call in a line, and its trail in words.
///
/// # Errors
/// When nobody reads.
pub(crate) fn tell_call(terminal: &Terminal, call: &CallRecord) -> Result<(), Failure> {
    for line in table::lines(&rows(terminal, std::slice::from_ref(call))) {
        terminal::line(&line)?;
    }
    terminal::line("")?;
    let language = match terminal.speech {
        Speech::Korean => Language::Ko,
        Speech::English => Language::En,
    };
    for entry in &call.trail {
        terminal::line(&format!(
            "{}  {}",
            terminal.time(entry.at),
            entry.decision.words(language)
        ))?;
    }
    let heard = call.legs.iter().filter_map(|leg| Some((&leg.party, leg.quality.as_ref()?)));
    for (index, (party, quality)) in heard.enumerate() {
        if index == 0 {
            terminal::line("")?;
        }
        terminal::line(&format!("{party}  {}", terminal.speech.quality(quality)))?;
    }
    Ok(())
}

fn no_call(id: u64) -> Failure {
    Failure::failed(Words::new(format!("{id}번 통화가 없습니다"), format!("there is no call {id}")))
}
