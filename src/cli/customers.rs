//! `naru customers`: who calls, with and without a profile.

use serde_json::json;

use crate::api::address::{percent_encoded, with_conditions};
use crate::api::client::Answer;
use crate::api::schema::schema::{CustomerBody, CustomerLine, MergeBody};
use crate::cli::arguments::customers::{CustomerArguments, CustomerVerb};
use crate::cli::daemon_or_store::{ask_if_up, ask_well, read};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::office::sought::Sought;
use crate::sheet;
use crate::store::reader::Reader;
use crate::words::Words;

/// # Errors
/// When the customers cannot be read, or the daemon refuses a change.
pub(crate) fn customers(
    terminal: &Terminal,
    config: &Config,
    arguments: &CustomerArguments,
) -> Result<(), Failure> {
    if let Some(verb) = &arguments.verb {
        return change(terminal, config, verb);
    }
    let conditions = [
        ("party", arguments.party.clone()),
        ("kind", arguments.kind.clone()),
        ("limit", Some(arguments.limit.to_string())),
    ];
    let path = with_conditions("/v1/customers", &conditions);
    let lines: Vec<CustomerLine> = match ask_if_up(terminal, config, ("GET", &path), "".into())? {
        Some(answer) => read(&answer)?,
        None => stored(config, arguments)?,
    };
    show(terminal, arguments, &lines)
}

/// What the daemon would list.
fn stored(config: &Config, arguments: &CustomerArguments) -> Result<Vec<CustomerLine>, Failure> {
    let reader = Reader::open(&config.data_dir)?;
    let office = reader.office()?;
    let kind = arguments.kind.as_deref();
    let part = arguments.party.clone().unwrap_or_default();
    if !matches!(kind, None | Some("customers" | "leads" | "blocked")) {
        return Err(Failure::invalid(Words::new(
            "--kind는 customers, leads, blocked 중 하나입니다",
            "--kind is customers, leads or blocked",
        )));
    }
    let sought = Sought::new(&part, Some(&office.dial_out.home));
    let blocked = kind == Some("blocked");
    let known = office.customers.values().filter(|_| kind != Some("leads"));
    let mut lines: Vec<CustomerLine> = known
        .filter(|customer| customer.blocked == blocked && customer.is_like(&sought))
        .map(CustomerLine::from)
        .collect();
    if matches!(kind, None | Some("leads")) {
        let leads = reader.leads(&part, arguments.limit)?.into_iter();
        let strangers = leads.filter(|lead| office.customer(&lead.number).is_none());
        lines.extend(strangers.map(CustomerLine::from));
    }
    lines.truncate(arguments.limit as usize);
    Ok(lines)
}

fn show(
    terminal: &Terminal,
    arguments: &CustomerArguments,
    lines: &[CustomerLine],
) -> Result<(), Failure> {
    if arguments.json {
        let text = serde_json::to_string_pretty(lines).map_err(std::io::Error::from)?;
        terminal::raw(format!("{text}\n").as_bytes())?;
    } else if arguments.csv {
        let head = ["number", "also", "name", "language", "tags", "blocked", "lead", "last_met"];
        let head = head.map(str::to_owned).to_vec();
        let rows = lines.iter().map(|line| {
            vec![
                line.number.clone(),
                line.also.join(" "),
                line.name.clone(),
                line.language.clone().unwrap_or_default(),
                line.tags.join(" / "),
                line.blocked.to_string(),
                line.lead.to_string(),
                line.last_met.map(|at| sheet::exact_time(at, &terminal.zone)).unwrap_or_default(),
            ]
        });
        let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
        terminal::raw(sheet::table(&rows).as_bytes())?;
    } else {
        for line in table::lines(&rows(terminal, lines)) {
            terminal::line(&line)?;
        }
    }
    Ok(())
}

fn rows(terminal: &Terminal, lines: &[CustomerLine]) -> Vec<Vec<String>> {
    let speech = terminal.speech;
    let head =
        [("번호", "NUMBER"), ("이름", "NAME"), ("언어", "LANGUAGE"), ("태그", "TAGS"), ("", "")];
    let head = head.iter().map(|(ko, en)| speech.pick(ko, en).to_owned()).collect();
    let row = |line: &CustomerLine| {
        let what = match (line.blocked, line.lead, line.last_met) {
            (true, _, _) => speech.pick("차단됨", "blocked").to_owned(),
            (false, true, Some(at)) => {
                format!(
                    "{} {}",
                    speech.pick("리드, 마지막 통화", "lead, last met"),
                    terminal.time(at)
                )
            }
            (false, _, _) => String::new(),
        };
        let numbers: Vec<&str> =
            std::iter::once(&line.number).chain(&line.also).map(String::as_str).collect();
        vec![
            numbers.join(" "),
            line.name.clone(),
            line.language.clone().unwrap_or_default(),
            line.tags.join(", "),
            what,
        ]
    };
    std::iter::once(head).chain(lines.iter().map(row)).collect()
}

fn change(terminal: &Terminal, config: &Config, verb: &CustomerVerb) -> Result<(), Failure> {
    let (method, number, rest, body) = match verb {
        CustomerVerb::Set(set) => {
            let tags = (!set.tags.is_empty()).then(|| set.tags.clone());
            let (name, language) = (set.name.clone(), set.language.clone());
            (
                "PUT",
                &set.number,
                "",
                json!(CustomerBody { name, language, tags, ..CustomerBody::default() }),
            )
        }
        CustomerVerb::Block(one) => ("PUT", &one.number, "", json!({"blocked": true})),
        CustomerVerb::Unblock(one) => ("PUT", &one.number, "", json!({"blocked": false})),
        CustomerVerb::Merge(merge) => {
            ("POST", &merge.number, "/merge", json!(MergeBody { lead: merge.lead.clone() }))
        }
        CustomerVerb::Forget(one) => ("DELETE", &one.number, "", json!(null)),
    };
    let path = format!("/v1/customers/{}{rest}", percent_encoded(number));
    let answer: Answer = ask_well(config, method, &path, body.to_string().into())?;
    if answer.body.is_empty() {
        terminal.say(&Words::new("고객 정보를 지웠습니다", "the profile is gone"))?;
        return Ok(());
    }
    let line: CustomerLine = read(&answer)?;
    for line in table::lines(&rows(terminal, &[line])) {
        terminal::line(&line)?;
    }
    Ok(())
}
