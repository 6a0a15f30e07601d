//! `naru conversations`: what customers wanted, who takes care of it, and what was missed.

use std::collections::BTreeSet;

use serde_json::json;

use crate::api::address::with_conditions;
use crate::api::route::closing::{CloseBody, Closed};
use crate::api::schema::schema::{ConversationDetail, ConversationPage};
use crate::cli::arguments::conversations::{
    ConversationArguments, ConversationClose, ConversationVerb,
};
use crate::cli::cases;
use crate::cli::daemon_or_store::{ask_if_up, ask_well, read};
use crate::cli::failure::Failure;
use crate::cli::flag::Flag;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::clock;
use crate::config::settings::Config;
use crate::history::conversation::conversation::{Conversation, State};
use crate::history::conversation::log::LogEntry;
use crate::history::conversation_id::ConversationId;
use crate::live::Live;
use crate::sheet;
use crate::words::Words;
use jiff::tz::TimeZone;

/// # Errors
/// When the conversations cannot be read, or the daemon refuses.
pub(crate) fn conversations(
    terminal: &Terminal,
    config: &Config,
    arguments: &ConversationArguments,
) -> Result<(), Failure> {
    if let Some(verb) = &arguments.verb {
        return act(terminal, config, verb);
    }
    if arguments.cases {
        return cases::cases(terminal, config, arguments);
    }
    let state = if arguments.missed { Some("missed".to_owned()) } else { arguments.state.clone() };
    let mut found: Vec<Conversation> = Vec::new();
    let mut before = None;
    while found.len() < arguments.limit {
        let conditions = [
            ("state", state.clone()),
            ("party", arguments.party.clone()),
            ("number", arguments.number.clone()),
            ("assignee", arguments.assignee.clone()),
            ("team", arguments.team.clone()),
            ("tag", arguments.tag.clone()),
            ("before", before.take()),
            ("limit", Some((arguments.limit - found.len()).min(1_000).to_string())),
        ];
        let path = with_conditions("/v1/conversations", &conditions);
        let Some(answer) = ask_if_up(terminal, config, ("GET", &path), "".into())? else {
            return Err(needs_daemon());
        };
        let page: ConversationPage = read(&answer)?;
        found.extend(page.conversations);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    show(terminal, config, arguments, &found)
}

fn needs_daemon() -> Failure {
    Failure::failed(Words::new(
        "상담은 실행 중인 naru가 보여 줍니다. naru serve로 시작하세요",
        "conversations are shown by a running naru; start it with naru serve",
    ))
}

/// Conversations whose customer is to be called when their turn comes.
fn promised(terminal: &Terminal, config: &Config) -> Result<BTreeSet<ConversationId>, Failure> {
    let answer = ask_if_up(terminal, config, ("GET", "/v1/live"), "".into())?;
    let live: Option<Live> = answer.map(|answer| read(&answer)).transpose()?;
    let callbacks = live.map(|live| live.callbacks).unwrap_or_default();
    Ok(callbacks.into_iter().map(|callback| callback.conversation).collect())
}

fn show(
    terminal: &Terminal,
    config: &Config,
    arguments: &ConversationArguments,
    found: &[Conversation],
) -> Result<(), Failure> {
    if arguments.json {
        let text = serde_json::to_string_pretty(found).map_err(std::io::Error::from)?;
        terminal::raw(format!("{text}\n").as_bytes())?;
    } else if arguments.csv {
        terminal::raw(sheet::table(&csv_rows(found, &terminal.zone)).as_bytes())?;
    } else {
        let promised = promised(terminal, config)?;
        for line in table::lines(&rows(terminal, found, &promised)) {
            terminal::line(&line)?;
        }
    }
    Ok(())
}

fn rows(
    terminal: &Terminal,
    found: &[Conversation],
    promised: &BTreeSet<ConversationId>,
) -> Vec<Vec<String>> {
    let speech = terminal.speech;
    let head = [
        ("번호", "ID"),
        ("상태", "STATE"),
        ("고객", "CUSTOMER"),
        ("우리 번호", "NUMBER"),
        ("담당", "OWNER"),
        ("마지막 통화", "LAST CALL"),
        ("경과", "AGE"),
        ("콜백", "CALLED BACK"),
        ("태그", "TAGS"),
    ];
    let head = head.iter().map(|(ko, en)| speech.pick(ko, en).to_owned()).collect();
    let now = clock::now().unix_millis();
    let row = |one: &Conversation| row(terminal, one, promised.contains(&one.id), now);
    std::iter::once(head).chain(found.iter().map(row)).collect()
}

fn row(terminal: &Terminal, one: &Conversation, is_promised: bool, now: i64) -> Vec<String> {
    let speech = terminal.speech;
    let withheld = || speech.pick("발신 번호 없음", "withheld").to_owned();
    let number = one.customer.as_ref().map_or_else(withheld, ToString::to_string);
    let owner = match (&one.assignee, &one.team) {
        (Some(agent), _) => agent.to_string(),
        (None, Some(team)) => team.to_string(),
        (None, None) => String::new(),
    };
    let since = match one.state {
        State::Missed { since, .. } | State::Snoozed { since, .. } => since,
        State::Closed { at, .. } => at,
        State::Initial | State::Queued | State::Opened => one.case.opened,
    };
    let tags: Vec<&str> = one.tags.iter().map(|tag| tag.as_str()).collect();
    let called_back = if is_promised {
        speech.pick("차례가 되면", "in turn").to_owned()
    } else {
        one.handled.map(|at| terminal.time(at)).unwrap_or_default()
    };
    vec![
        one.id.to_string(),
        speech.standing(one.state),
        if one.name.is_empty() { number } else { format!("{} {number}", one.name) },
        one.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        owner,
        terminal.time(one.last_call),
        speech.time_span(now.saturating_sub(since)),
        called_back,
        tags.join(", "),
    ]
}

fn csv_rows(found: &[Conversation], zone: &TimeZone) -> Vec<Vec<String>> {
    let time = |at: i64| sheet::exact_time(at, zone);
    let head = "id,state,missed_reason,customer,name,number,direction,created,last_call,\
                last_note,closed,snoozed_until,handled,team,assignee,followers,tags,description,cases";
    let head = head.split(',').map(str::to_owned).collect();
    let row = |one: &Conversation| {
        let (closed, until) = match one.state {
            State::Closed { at, .. } => (Some(at), None),
            State::Snoozed { until, .. } => (None, Some(until)),
            State::Initial | State::Queued | State::Opened | State::Missed { .. } => (None, None),
        };
        let reason = one.state.missed_reason().map(|reason| sheet::word(&reason));
        let followers: Vec<&str> = one.followers.iter().map(|agent| agent.as_str()).collect();
        let tags: Vec<&str> = one.tags.iter().map(|tag| tag.as_str()).collect();
        vec![
            one.id.to_string(),
            one.state.name().to_owned(),
            reason.unwrap_or_default(),
            one.customer.as_ref().map(ToString::to_string).unwrap_or_default(),
            one.name.clone(),
            one.number.as_ref().map(ToString::to_string).unwrap_or_default(),
            sheet::word(&one.direction),
            time(one.created),
            time(one.last_call),
            one.last_note.map(time).unwrap_or_default(),
            closed.map(time).unwrap_or_default(),
            until.map(time).unwrap_or_default(),
            one.handled.map(time).unwrap_or_default(),
            one.team.as_ref().map(ToString::to_string).unwrap_or_default(),
            one.assignee.as_ref().map(ToString::to_string).unwrap_or_default(),
            followers.join(" "),
            tags.join(" / "),
            one.description.clone(),
            one.case.seq.to_string(),
        ]
    };
    std::iter::once(head).chain(found.iter().map(row)).collect()
}

fn act(terminal: &Terminal, config: &Config, verb: &ConversationVerb) -> Result<(), Failure> {
    let (id, what, body) = match verb {
        ConversationVerb::Show(one) => return detail(terminal, config, one.id),
        ConversationVerb::Close(close) => return close_many(terminal, config, close),
        ConversationVerb::Open(one) => (one.id, "open", json!({})),
        ConversationVerb::CancelCallback(one) => (one.id, "cancel-callback", json!({})),
        ConversationVerb::Snooze(snooze) => (snooze.id, "snooze", json!({"for": snooze.time})),
        ConversationVerb::Note(note) => (note.id, "notes", json!({"text": note.text})),
        ConversationVerb::Tag(tag) => (tag.id, "tags", json!({"tags": tag.tags})),
        ConversationVerb::Assign(assign) => {
            (assign.id, "assign", json!({"agent": assign.agent, "team": assign.team}))
        }
        ConversationVerb::Callback(call) => {
            (call.id, "callback", json!({"agent": call.agent, "again": call.again}))
        }
    };
    let path = format!("/v1/conversations/{id}/{what}");
    ask_well(config, "POST", &path, body.to_string().into())?;
    terminal
        .say(&Words::new(format!("{id}번 상담: 했습니다"), format!("conversation {id}: done")))?;
    Ok(())
}

fn close_many(
    terminal: &Terminal,
    config: &Config,
    asked: &ConversationClose,
) -> Result<(), Failure> {
    let body = CloseBody {
        ids: (!asked.ids.is_empty()).then(|| asked.ids.clone()),
        state: Flag("conversations close", "--state").choice(asked.state.as_deref())?,
        party: asked.party.clone(),
        number: asked.number.clone(),
        assignee: None,
        team: asked.team.clone(),
        tag: asked.tag.clone(),
        agent: asked.agent.clone(),
    };
    let body = serde_json::to_string(&body).map_err(std::io::Error::from)?;
    let answer = ask_well(config, "POST", "/v1/conversations/close", body.into())?;
    let Closed { closed, missing, more } = read(&answer)?;
    terminal
        .say(&Words::new(format!("상담 {closed}개를 종료했습니다"), format!("closed: {closed}")))?;
    if more {
        terminal.note(&Words::new(
            "더 있습니다. 같은 명령을 다시 실행하세요",
            "there are more; run the same command again",
        ));
    }
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let missing = missing.join(", ");
    Err(Failure::failed(Words::new(
        format!("없는 상담: {missing}"),
        format!("no such conversation: {missing}"),
    )))
}

fn detail(terminal: &Terminal, config: &Config, id: u64) -> Result<(), Failure> {
    let path = format!("/v1/conversations/{id}");
    let Some(answer) = ask_if_up(terminal, config, ("GET", &path), "".into())? else {
        return Err(needs_daemon());
    };
    let detail: ConversationDetail = read(&answer)?;
    let promised = promised(terminal, config)?;
    for line in table::lines(&rows(terminal, std::slice::from_ref(&detail.conversation), &promised))
    {
        terminal::line(&line)?;
    }
    if !detail.conversation.description.is_empty() {
        terminal::line(&detail.conversation.description)?;
    }
    terminal::line("")?;
    for entry in &detail.log {
        terminal::line(&format!("{}  {}", terminal.time(entry.at), told(terminal, entry)))?;
    }
    Ok(())
}

fn told(terminal: &Terminal, entry: &LogEntry) -> String {
    let speech = terminal.speech;
    let what = speech.happening(&entry.what, |at| terminal.time(at));
    match entry.author() {
        Some(who) => format!("{what}  — {}", speech.pick(&who.ko, &who.en)),
        None => what,
    }
}
