//! `naru voicemail`: what callers have said, and who has heard it.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::api::address::{percent_encoded, with_conditions};
use crate::api::schema::voicemail::MessageLine;
use crate::cli::arguments::voicemail::{VoicemailArguments, VoicemailFetch, VoicemailVerb};
use crate::cli::daemon_or_store::{ask_well, read};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::locale::Speech;
use crate::words::Words;

/// # Errors
/// When no daemon answers, or it refuses, or a file cannot be written.
pub(crate) fn voicemail(
    terminal: &Terminal,
    config: &Config,
    arguments: &VoicemailArguments,
) -> Result<(), Failure> {
    if let Some(verb) = &arguments.verb {
        return act(terminal, config, verb);
    }
    let conditions = [
        ("agent", arguments.agent.clone()),
        ("team", arguments.team.clone()),
        ("new", arguments.new.then(|| "true".to_owned())),
    ];
    let path = with_conditions("/v1/voicemail", &conditions);
    let messages: Vec<MessageLine> = read(&ask_well(config, "GET", &path, "".into())?)?;
    if arguments.json {
        let text = serde_json::to_string_pretty(&messages).map_err(std::io::Error::from)?;
        return Ok(terminal::raw(format!("{text}\n").as_bytes())?);
    }
    let head = match terminal.speech {
        Speech::Korean => {
            ["이름", "시각", "고객", "우리 번호", "담당", "길이", "상담", "들은 사람"]
        }
        Speech::English => {
            ["NAME", "LEFT AT", "CUSTOMER", "NUMBER", "FOR", "LENGTH", "CONVERSATION", "HEARD BY"]
        }
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(messages.iter().map(|message| row(terminal, message)));
    for line in table::lines(&rows) {
        terminal::line(&line)?;
    }
    Ok(())
}

fn row(terminal: &Terminal, message: &MessageLine) -> Vec<String> {
    let speech = terminal.speech;
    let customer = match (message.from.as_str(), message.from_name.as_str()) {
        ("", "") => speech.pick("발신 번호 없음", "withheld").to_owned(),
        (number, "") => number.to_owned(),
        (number, name) => format!("{name} {number}"),
    };
    let owner = message.agent.clone().or_else(|| message.team.clone());
    vec![
        message.name.clone(),
        terminal.time(message.at),
        customer,
        message.number.clone().unwrap_or_default(),
        owner.unwrap_or_default(),
        speech.time_span(i64::try_from(message.seconds).unwrap_or(i64::MAX).saturating_mul(1_000)),
        message.conversation.map(|id| id.to_string()).unwrap_or_default(),
        message.heard_by.clone().unwrap_or_else(|| speech.pick("새 메시지", "new").to_owned()),
    ]
}

fn act(terminal: &Terminal, config: &Config, verb: &VoicemailVerb) -> Result<(), Failure> {
    let heard = |name: &str, heard: bool| {
        let path = format!("/v1/voicemail/{}", percent_encoded(name));
        ask_well(config, "POST", &path, json!({"heard": heard}).to_string().into())
    };
    let name = match verb {
        VoicemailVerb::Fetch(fetch) => return save(terminal, config, fetch),
        VoicemailVerb::Heard(one) => heard(&one.name, true).map(|_| &one.name)?,
        VoicemailVerb::Unheard(one) => heard(&one.name, false).map(|_| &one.name)?,
        VoicemailVerb::Delete(one) => {
            let path = format!("/v1/voicemail/{}", percent_encoded(&one.name));
            ask_well(config, "DELETE", &path, "".into()).map(|_| &one.name)?
        }
    };
    terminal.say(&Words::new(format!("{name}: 했습니다"), format!("{name}: done")))?;
    Ok(())
}

fn save(terminal: &Terminal, config: &Config, fetch: &VoicemailFetch) -> Result<(), Failure> {
    let path = format!("/v1/recordings/{}", percent_encoded(&fetch.name));
    let answer = ask_well(config, "GET", &path, "".into())?;
    let file = fetch.file.clone().unwrap_or_else(|| PathBuf::from(&fetch.name));
    fs::write(&file, &answer.body)?;
    let (file, octets) = (file.display(), answer.body.len());
    terminal.say(&Words::new(
        format!("{file}: {octets}바이트를 저장했습니다"),
        format!("{file}: {octets} bytes written"),
    ))?;
    Ok(())
}
