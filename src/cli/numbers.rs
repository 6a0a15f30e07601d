//! `naru numbers` and `naru simulate`.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::api::address::percent_encoded;
use crate::api::schema::number::{FreeNumber, NumberLine, SimulateBody};
use crate::api::schema::schema::CallWithTrail;
use crate::cli::arguments::numbers::{
    ClaimArguments, NumbersAction, NumbersArguments, SimulateArguments,
};
use crate::cli::calls::tell_call;
use crate::cli::daemon_or_store::{ask_well, read};
use crate::cli::documents;
use crate::cli::failure::Failure;
use crate::cli::flag::{Flag, wall_clock};
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::words::Words;

/// # Errors
/// When the daemon does not answer or refuses.
pub(crate) fn numbers(
    terminal: &Terminal,
    config: &Config,
    arguments: &NumbersArguments,
) -> Result<(), Failure> {
    match &arguments.action {
        None => list(terminal, config, arguments.json),
        Some(NumbersAction::Free(free)) => {
            let part = free.find.as_deref().unwrap_or_default();
            let path = format!("/v1/numbers/free?find={}", percent_encoded(part));
            let found: Vec<FreeNumber> = read(&ask_well(config, "GET", &path, Bytes::new())?)?;
            if found.is_empty() {
                terminal.note(&Words::new(
                    "빈 번호가 없습니다. 회선의 blocks에 번호를 추가하세요",
                    "no number is free; add numbers under blocks of a trunk",
                ));
            }
            let row = |free: FreeNumber| vec![free.number, free.trunk, free.label];
            show(&found.into_iter().map(row).collect::<Vec<_>>())
        }
        Some(NumbersAction::Claim(claim)) => {
            let body = item(claim).to_string();
            let line: NumberLine = read(&ask_well(config, "POST", "/v1/numbers", body.into())?)?;
            let number = line.number;
            Ok(terminal.say(&Words::new(
                format!("{number} 번을 씁니다. 다음 통화부터 받습니다"),
                format!("{number} is in use from the next call on"),
            ))?)
        }
        Some(NumbersAction::Document(document)) => {
            documents::documents(terminal, config, &document.action)
        }
        Some(NumbersAction::Release(release)) => {
            let default = release.default.as_deref();
            let default = default.map(|number| format!("?default={}", percent_encoded(number)));
            let path = format!(
                "/v1/numbers/{}{}",
                percent_encoded(&release.number),
                default.unwrap_or_default()
            );
            ask_well(config, "DELETE", &path, Bytes::new())?;
            let number = &release.number;
            Ok(terminal.say(&Words::new(
                format!("{number} 번을 반납했습니다"),
                format!("{number} is given back"),
            ))?)
        }
    }
}

fn list(terminal: &Terminal, config: &Config, as_json: bool) -> Result<(), Failure> {
    let found: Vec<NumberLine> = read(&ask_well(config, "GET", "/v1/numbers", Bytes::new())?)?;
    if as_json {
        let text = serde_json::to_string_pretty(&found).map_err(std::io::Error::from)?;
        return Ok(terminal::raw(format!("{text}\n").as_bytes())?);
    }
    let speech = terminal.speech;
    let head = [
        ("번호", "NUMBER"),
        ("발신 번호", "PRESENTED"),
        ("라우팅", "ROUTE"),
        ("기본", "DEFAULT"),
        ("운영시간", "HOURS"),
        ("회선", "TRUNK"),
        ("통신망", "NETWORK"),
        ("서류", "DOCUMENT"),
    ];
    let mut rows = vec![head.map(|(ko, en)| speech.pick(ko, en).to_owned()).to_vec()];
    rows.extend(found.into_iter().map(|line| {
        vec![
            line.number,
            line.presented.unwrap_or_default(),
            line.route,
            if line.default { speech.pick("기본", "default").to_owned() } else { String::new() },
            line.hours.unwrap_or_default(),
            line.trunk.unwrap_or_default(),
            line.label,
            line.document.map(|document| documents::brief(&document)).unwrap_or_default(),
        ]
    }));
    show(&rows)
}

fn show(rows: &[Vec<String>]) -> Result<(), Failure> {
    for line in table::lines(rows) {
        terminal::line(&line)?;
    }
    Ok(())
}

/// The number as an item of the office document.
fn item(claim: &ClaimArguments) -> Value {
    let mut item = Map::from_iter([("number".to_owned(), json!(claim.number))]);
    let mut add = |key: &str, value: Value| item.insert(key.to_owned(), value);
    if let Some(agent) = &claim.agent {
        add("route", json!({"agent": agent}));
    }
    if let Some(team) = &claim.team {
        add("route", json!({"team": team}));
    }
    if let Some(hours) = &claim.hours {
        add("hours", json!(hours));
    }
    if let Some(presented) = &claim.presented {
        add("presented", json!(presented));
    }
    if claim.default {
        add("default", json!(true));
    }
    Value::Object(item)
}

/// # Errors
/// When the daemon does not answer or refuses.
pub(crate) fn simulate(
    terminal: &Terminal,
    config: &Config,
    arguments: &SimulateArguments,
) -> Result<(), Failure> {
    // Only the daemon knows by which clock a time without a zone is meant.
    let (at, at_local) = match arguments.at.as_deref() {
        None => (None, None),
        Some(text) => match wall_clock(text) {
            Some(local) => (None, Some(local.to_string())),
            None => (Flag("simulate", "--at").moment(Some(text), &terminal.zone)?, None),
        },
    };
    let body = SimulateBody {
        number: arguments.number.clone(),
        caller: arguments.caller.clone(),
        at,
        at_local,
        keys: arguments.keys.clone(),
    };
    let body = serde_json::to_string(&body).map_err(std::io::Error::from)?;
    let answer = ask_well(config, "POST", "/v1/simulate", body.into())?;
    if arguments.json {
        let found: Value = read(&answer)?;
        return Ok(terminal::raw(format!("{found:#}\n").as_bytes())?);
    }
    tell_call(terminal, &read::<CallWithTrail>(&answer)?.call)
}
