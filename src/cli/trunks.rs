//! `naru trunks`: how each trunk stands, and whether one of them works.

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::request::{TrunkLink, TrunkState};
use crate::api::schema::trunk::{
    TestCheck, TestResult, TrunkTest, TrunkTestMessage, TrunkTestStep,
};
use crate::cli::arguments::trunks::{TrunkAction, TrunkArguments};
use crate::cli::daemon_or_store::{ask_well, read};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::locale::Speech;
use crate::words::Words;

/// # Errors
/// When the daemon does not answer, there is no such trunk, or it does not work.
pub(crate) fn trunks(
    terminal: &Terminal,
    config: &Config,
    arguments: &TrunkArguments,
) -> Result<(), Failure> {
    match &arguments.action {
        None => list(terminal, config, arguments.json),
        Some(TrunkAction::Test(named)) => test(terminal, config, &named.name, arguments.json),
    }
}

fn list(terminal: &Terminal, config: &Config, as_json: bool) -> Result<(), Failure> {
    let answer = ask_well(config, "GET", "/v1/trunks", Bytes::new())?;
    if as_json {
        let found: serde_json::Value = read(&answer)?;
        return Ok(terminal::raw(format!("{found:#}\n").as_bytes())?);
    }
    let found: Vec<TrunkState> = read(&answer)?;
    let speech = terminal.speech;
    let head =
        [("회선", "TRUNK"), ("상태", "STATE"), ("방식", "BY"), ("상대", "PEER"), ("표시", "LABEL")];
    let head = head.iter().map(|(ko, en)| speech.pick(ko, en).to_owned()).collect();
    let row = |trunk: TrunkState| {
        let TrunkState { name, label, peer, server, transport, link } = trunk;
        let (state, peer) = (state(speech, link).to_owned(), server.or(peer).unwrap_or_default());
        vec![name, state, transport.to_string(), peer, label]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(found.into_iter().map(row)).collect();
    for line in table::lines(&rows) {
        terminal::line(&line)?;
    }
    Ok(())
}

fn state(speech: Speech, link: TrunkLink) -> &'static str {
    match link {
        TrunkLink::Address => speech.pick("주소로 연결", "by address"),
        TrunkLink::Registering => speech.pick("접속 중", "signing in"),
        TrunkLink::Registered => speech.pick("접속됨", "signed in"),
        TrunkLink::Failed => speech.pick("접속 실패", "failed"),
    }
}

fn test(terminal: &Terminal, config: &Config, name: &str, as_json: bool) -> Result<(), Failure> {
    let path = format!("/v1/trunks/{}/test", percent_encoded(name));
    let answer = ask_well(config, "POST", &path, Bytes::new())?;
    let report: TrunkTest = read(&answer)?;
    if as_json {
        let found: serde_json::Value = read(&answer)?;
        terminal::raw(format!("{found:#}\n").as_bytes())?;
    } else {
        tell(terminal, &report)?;
    }
    if report.ok {
        return Ok(());
    }
    Err(Failure::failed(Words::new(
        format!("'{name}' 회선에 문제가 있습니다"),
        format!("the trunk '{name}' does not work as it should"),
    )))
}

fn tell(terminal: &Terminal, report: &TrunkTest) -> Result<(), Failure> {
    let speech = terminal.speech;
    let rows: Vec<Vec<String>> = report.steps.iter().map(|step| row(speech, step)).collect();
    for line in table::lines(&rows) {
        terminal::line(&line)?;
    }
    for TrunkTestMessage { after, sent, peer, lines } in &report.messages {
        terminal::line("")?;
        let arrow = if *sent { "-->" } else { "<--" };
        terminal::line(&format!("{arrow} {peer}  +{after} ms"))?;
        for line in lines {
            terminal::line(&format!("    {line}"))?;
        }
    }
    Ok(())
}

fn row(speech: Speech, step: &TrunkTestStep) -> Vec<String> {
    let check = match step.check {
        TestCheck::Name => speech.pick("이름", "name"),
        TestCheck::Options => "OPTIONS",
        TestCheck::Registration => speech.pick("등록", "registration"),
    };
    let result = match step.result {
        TestResult::Passed => speech.pick("정상", "well"),
        TestResult::Failed => speech.pick("문제", "failed"),
        TestResult::NotNeeded => speech.pick("필요 없음", "not needed"),
        TestResult::NotTried => speech.pick("하지 않음", "not tried"),
    };
    let took = format!("{} ms", step.milliseconds);
    vec![result.to_owned(), check.to_owned(), took, speech.say(&step.words).to_owned()]
}
