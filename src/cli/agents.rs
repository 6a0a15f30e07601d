//! `naru agents`: how everybody stands, and a word for one of them.

use serde_json::{Map, Value};

use crate::api::address::percent_encoded;
use crate::cli::arguments::people::AgentArguments;
use crate::cli::daemon_or_store::{ask_well, read};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::{Terminal, local_time};
use crate::config::settings::Config;
use crate::live::{AgentState, LiveAgent};
use crate::locale::Speech;
use crate::sheet;
use crate::words::Words;

/// # Errors
/// When no daemon answers, or it refuses.
pub(crate) fn agents(
    terminal: &Terminal,
    config: &Config,
    arguments: &AgentArguments,
) -> Result<(), Failure> {
    let body = wanted(arguments);
    let answer = match (&arguments.agent, body.is_empty()) {
        (Some(agent), false) => {
            let path = format!("/v1/agents/{}/presence", percent_encoded(agent));
            ask_well(config, "POST", &path, Value::Object(body).to_string().into())?
        }
        (None, false) => return Err(Failure::invalid(whose())),
        (_, true) => ask_well(config, "GET", "/v1/agents", "".into())?,
    };
    let mut agents: Vec<LiveAgent> = match serde_json::from_slice::<LiveAgent>(&answer.body) {
        Ok(agent) => vec![agent],
        Err(_) => read(&answer)?,
    };
    if let Some(agent) = &arguments.agent {
        agents.retain(|live| live.extension.as_str() == agent);
    }
    if arguments.json {
        let text = serde_json::to_string_pretty(&agents).unwrap_or_default();
        terminal::raw(text.as_bytes())?;
        return Ok(terminal::raw(b"\n")?);
    }
    agents.sort_by(|one, other| one.place().cmp(&other.place()));
    let head = match terminal.speech {
        Speech::Korean => ["내선", "이름", "상태", "시작", "방해 금지", "후처리 제한", "발신 번호"],
        Speech::English => {
            ["agent", "name", "state", "since", "do not disturb", "wrap-up until", "shows"]
        }
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(agents.iter().map(|agent| row(terminal.speech, agent)));
    if arguments.csv {
        return Ok(terminal::raw(sheet::table(&rows).as_bytes())?);
    }
    for line in table::lines(&rows) {
        terminal::line(&line)?;
    }
    Ok(())
}

fn wanted(arguments: &AgentArguments) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(key.to_owned(), value);
        }
    };
    put("seat", arguments.seat.map(|switch| switch.is_on().into()));
    put("activity", arguments.activity.map(|activity| activity.word().into()));
    put("do_not_disturb", arguments.do_not_disturb.map(|switch| switch.is_on().into()));
    put(
        "number",
        arguments.number.as_deref().map(|number| match number {
            "auto" => "".into(),
            number => number.into(),
        }),
    );
    put("end_wrap_up", arguments.end_wrap_up.then(|| true.into()));
    body
}

fn row(speech: Speech, agent: &LiveAgent) -> Vec<String> {
    let limit = agent.wrap_up.map(|wrap_up| match wrap_up.until {
        Some(until) => local_time(until),
        None => speech.pick("끝낼 때까지", "ended by hand").to_owned(),
    });
    let state = match agent.state {
        AgentState::Away | AgentState::OffDuty => speech.activity(agent.activity),
        state @ (AgentState::Offline
        | AgentState::Waiting
        | AgentState::Ringing
        | AgentState::Talking
        | AgentState::WrappingUp
        | AgentState::SeatEmpty) => speech.state(state),
    };
    vec![
        agent.extension.to_string(),
        agent.name.clone(),
        state.to_owned(),
        local_time(agent.since),
        if agent.do_not_disturb { speech.pick("켬", "on") } else { "" }.to_owned(),
        limit.unwrap_or_default(),
        agent.shown.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

fn whose() -> Words {
    Words::new("바꿀 매니저의 내선 번호를 적으세요", "name the extension of the agent to change")
}
