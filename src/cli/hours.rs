//! `naru hours`.

use std::fs;

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::schema::hours::{HoursState, ImportedHolidays};
use crate::cli::arguments::hours::{HoursAction, HoursArguments};
use crate::cli::daemon_or_store::{ask_well, read};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::history::hours_switch::HoursVersion;

/// # Errors
/// When the daemon does not answer or refuses.
pub(crate) fn hours(
    terminal: &Terminal,
    config: &Config,
    arguments: &HoursArguments,
) -> Result<(), Failure> {
    match &arguments.action {
        None => list(terminal, config, arguments.json),
        Some(HoursAction::Open(named)) => switch(terminal, config, &named.name, "true"),
        Some(HoursAction::Close(named)) => switch(terminal, config, &named.name, "false"),
        Some(HoursAction::Auto(named)) => switch(terminal, config, &named.name, "null"),
        Some(HoursAction::Versions(named)) => versions(terminal, config, &named.name),
        Some(HoursAction::Import(import)) => {
            let text =
                fs::read(&import.file).map_err(|error| Failure::file(&import.file, &error))?;
            let path = format!("/v1/hours/{}/holidays", percent_encoded(&import.into));
            let found: ImportedHolidays = read(&ask_well(config, "POST", &path, text.into())?)?;
            terminal.say(&found.words())?;
            Ok(())
        }
    }
}

fn list(terminal: &Terminal, config: &Config, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let found: serde_json::Value = read(&ask_well(config, "GET", "/v1/hours", Bytes::new())?)?;
        return Ok(terminal::raw(format!("{found:#}\n").as_bytes())?);
    }
    let found: Vec<HoursState> = read(&ask_well(config, "GET", "/v1/hours", Bytes::new())?)?;
    let speech = terminal.speech;
    let head = [
        speech.pick("운영시간", "hours"),
        speech.pick("상태", "state"),
        speech.pick("다음 변경", "until"),
        speech.pick("쓰는 곳", "used by"),
        speech.pick("이유", "why"),
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(found.iter().map(|state| {
        vec![
            state.name.clone(),
            if state.open {
                speech.pick("운영 중", "open")
            } else {
                speech.pick("닫힘", "closed")
            }
            .to_owned(),
            state.until.map(|at| terminal.time(at)).unwrap_or_default(),
            state.used_by.join(", "),
            speech.say(&state.why).to_owned(),
        ]
    }));
    let text: String = table::lines(&rows).into_iter().map(|line| line + "\n").collect();
    Ok(terminal::raw(text.as_bytes())?)
}

fn switch(terminal: &Terminal, config: &Config, name: &str, open: &str) -> Result<(), Failure> {
    let path = format!("/v1/hours/{}/switch", percent_encoded(name));
    let body = format!("{{\"open\": {open}}}");
    let state: HoursState = read(&ask_well(config, "POST", &path, body.into())?)?;
    Ok(terminal.say(&state.why)?)
}

fn versions(terminal: &Terminal, config: &Config, name: &str) -> Result<(), Failure> {
    let path = format!("/v1/hours/{}/versions", percent_encoded(name));
    let found: Vec<HoursVersion> = read(&ask_well(config, "GET", &path, Bytes::new())?)?;
    let line = |version: HoursVersion| {
        let definition = version.definition.unwrap_or_else(|| "-".to_owned());
        format!("{}  {definition}\n", terminal.time(version.since))
    };
    let text: String = found.into_iter().map(line).collect();
    Ok(terminal::raw(text.as_bytes())?)
}
