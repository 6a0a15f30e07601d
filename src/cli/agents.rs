//! `naru agents`: how everybody stands, and a word for one of them.

use jiff::tz::TimeZone;

use crate::api::address::percent_encoded;
use crate::api::agent_schema::PresenceBody;
use crate::cli::arguments::people::{AgentArguments, Switch};
use crate::cli::daemon_or_store::{ask_well, read};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::duty;
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
    let body = wanted(arguments, &terminal.zone)?;
    let is_question = body == PresenceBody::default();
    let answer = match (&arguments.agent, is_question) {
        (Some(agent), false) => {
            let path = format!("/v1/agents/{}/presence", percent_encoded(agent));
            ask_well(config, "POST", &path, serde_json::to_vec(&body).unwrap_or_default().into())?
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
    rows.extend(agents.iter().map(|agent| row(terminal, agent)));
    if arguments.csv {
        return Ok(terminal::raw(sheet::table(&rows).as_bytes())?);
    }
    for line in table::lines(&rows) {
        terminal::line(&line)?;
    }
    Ok(())
}

fn wanted(arguments: &AgentArguments, zone: &TimeZone) -> Result<PresenceBody, Failure> {
    let number = arguments.number.as_deref();
    let body = PresenceBody {
        seat: arguments.seat.map(Switch::is_on),
        activity: arguments.activity,
        end_wrap_up: arguments.end_wrap_up,
        number: number.map(|number| if number == "auto" { "" } else { number }.to_owned()),
        ..PresenceBody::default()
    };
    Ok(match arguments.do_not_disturb.as_deref() {
        Some(typed) => body.with_silence(&duty::silence(typed, zone).map_err(Failure::invalid)?),
        None => body,
    })
}

fn row(terminal: &Terminal, agent: &LiveAgent) -> Vec<String> {
    let speech = terminal.speech;
    let limit = agent.wrap_up.map(|wrap_up| match wrap_up.until {
        Some(until) => terminal.time(until),
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
        terminal.time(agent.since),
        silence(terminal, agent),
        limit.unwrap_or_default(),
        agent.shown.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

fn silence(terminal: &Terminal, agent: &LiveAgent) -> String {
    let speech = terminal.speech;
    match (agent.do_not_disturb, agent.do_not_disturb_until) {
        (false, _) => String::new(),
        (true, None) => speech.pick("켬", "on").to_owned(),
        (true, Some(until)) => {
            let until = terminal.time(until);
            speech.pick(&format!("{until}까지"), &format!("until {until}")).to_owned()
        }
    }
}

fn whose() -> Words {
    Words::new("바꿀 매니저의 내선 번호를 적으세요", "name the extension of the agent to change")
}
