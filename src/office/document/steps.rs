//! The steps of workflows, as a document tells them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::office::document::callback::read_callback;
use crate::office::document::chores::{CHORE_KEYS, read_chore};
use crate::office::document::conditions::read_condition;
use crate::office::document::field::read_name;
use crate::office::document::keys::{Errors, Keys};
use crate::office::document::next::{read_count, read_next, read_optional_next};
use crate::office::document::speech::read_speech;
use crate::office::document::voicemail::read_voicemail;
use crate::office::document::webhook::read_webhook;
use crate::office::duration;
use crate::office::library::Library;
use crate::office::snapshot::Office;
use crate::office::workflow::action::{Action, Arm, Digits, Leave, Menu, Quick, Star};
use crate::office::workflow::name::{Next, StepName, WorkflowName};
use crate::office::workflow::workflow::Step;
use crate::words::Words;
use crate::yaml::{Part, Value};

const FLOW_KEYS: [&str; 11] = [
    "say",
    "menu",
    "digits",
    "branch",
    "quick",
    "connect",
    "hang_up",
    "voicemail",
    "callback",
    "module",
    "webhook",
];
const MENU_KEYS: [&str; 8] =
    ["say", "keys", "star", "wait", "tries", "barge_in", "invalid", "silent"];
const DIGITS_KEYS: [&str; 8] =
    ["say", "field", "least", "most", "wait", "tries", "required", "silent"];

/// What a step may name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) office: &'a Office,
    pub(crate) library: &'a Library,
}

/// L93, L94.
const MOST_ARMS: usize = 10;
const MOST_QUICK: usize = 4;
/// Our choice: long enough for a hesitant caller, far below the hour of the queue.
const WAITS: std::ops::RangeInclusive<u64> = 1..=60;
const WAIT: Duration = Duration::from_secs(5);
const TRIES: u8 = 3;

pub(crate) fn read_step(item: &Part<'_>, known: Known<'_>, errors: &mut Errors) -> Option<Step> {
    let all: Vec<&str> =
        ["name", "next", "otherwise"].into_iter().chain(FLOW_KEYS).chain(CHORE_KEYS).collect();
    let keys = item.keys(&all, errors)?;
    let name = keys.need("name", errors).and_then(|part| read_name(part, errors)).map(StepName);
    let next = keys.get("next").and_then(|part| read_next(part, errors));
    let actions: Vec<&str> =
        FLOW_KEYS.into_iter().chain(CHORE_KEYS).filter(|key| item.under(key).is_some()).collect();
    let [action] = actions.as_slice() else {
        let list = FLOW_KEYS.into_iter().chain(CHORE_KEYS).collect::<Vec<_>>().join(", ");
        let message = Words::new(
            format!("단계에는 동작이 꼭 하나 있습니다: {list}"),
            format!("a step has exactly one action: {list}"),
        );
        item.refuse(message, errors);
        return None;
    };
    let action = read_action(item, (&keys, action), known, errors);
    Some(Step { name: name?, action: action?, next })
}

fn read_action(
    item: &Part<'_>,
    (keys, key): (&Keys<'_>, &str),
    known: Known<'_>,
    errors: &mut Errors,
) -> Option<Action> {
    let Known { office, library } = known;
    if key != "branch"
        && let Some(part) = keys.get("otherwise")
    {
        let message = Words::new("otherwise는 branch에만 씁니다", "otherwise belongs to branch");
        part.refuse(message, errors);
    }
    let part = item.under(key)?;
    match key {
        "say" => read_speech(&part, library, errors).map(Action::Say),
        "menu" => read_menu(&part, library, errors).map(Action::Menu),
        "digits" => read_digits(&part, library, errors).map(Action::Digits),
        "branch" => read_branch(&part, keys, office, errors),
        "quick" => Some(read_quick(&part, office, errors)),
        "connect" => read_connect(&part, errors),
        "hang_up" => read_leave(&part, errors).map(Action::HangUp),
        "voicemail" => read_voicemail(&part, library, errors).map(Action::Voicemail),
        "callback" => read_callback(&part, library, errors).map(Action::Callback),
        "webhook" => read_webhook(&part, errors).map(Action::Webhook),
        "module" => read_name(&part, errors).map(|name| Action::Module(WorkflowName(name))),
        _ => read_chore(&part, key, office, errors).map(Action::Do),
    }
}

fn read_menu(part: &Part<'_>, library: &Library, errors: &mut Errors) -> Option<Menu> {
    let keys = part.keys(&MENU_KEYS, errors)?;
    let say = keys.need("say", errors).and_then(|part| read_speech(part, library, errors));
    let table = keys.need("keys", errors).map(|part| read_keys(part, errors));
    let star = match keys.get("star") {
        Some(part) => read_star(part, errors),
        None => Some(Star::default()),
    };
    let barge_in = match keys.get("barge_in") {
        Some(part) => part.truth(errors),
        None => Some(true),
    };
    let invalid = keys.get("invalid").and_then(|part| read_speech(part, library, errors));
    Some(Menu {
        keys: table?,
        star: star.unwrap_or_default(),
        wait: read_wait(&keys, errors),
        tries: read_count(&keys, "tries", (1, 10), TRIES, errors),
        barge_in: barge_in.unwrap_or_default(),
        invalid,
        silent: read_optional_next(&keys, "silent", errors),
        say: say?,
    })
}

/// L91: `0`–`9` and `#`; `*` is told by `star`.
fn read_keys(part: &Part<'_>, errors: &mut Errors) -> BTreeMap<char, Next> {
    let mut table = BTreeMap::new();
    for (key, part) in part.entries() {
        let mut letters = key.name().chars();
        match (letters.next(), letters.next()) {
            (Some(key @ ('0'..='9' | '#')), None) => {
                if let Some(next) = read_next(&part, errors) {
                    table.insert(key, next);
                }
            }
            (_, _) => {
                let message = Words::new(
                    "키는 \"0\"~\"9\"와 \"#\"입니다. \"*\"은 star로 정합니다",
                    "keys are \"0\" to \"9\" and \"#\"; star says what \"*\" does",
                );
                part.refuse(message, errors);
            }
        }
    }
    if table.is_empty() {
        let message = Words::new(
            "키를 하나 이상 {\"1\": 단계}처럼 적습니다",
            "write at least one key, as {\"1\": step}",
        );
        part.refuse(message, errors);
    }
    table
}

fn read_star(part: &Part<'_>, errors: &mut Errors) -> Option<Star> {
    let expected = Words::new(
        "repeat, start, wait, inactive 중 하나입니다",
        "write repeat, start, wait or inactive",
    );
    part.parsed(&expected, errors, |text| match text {
        "repeat" => Ok(Star::Repeat),
        "start" => Ok(Star::Start),
        "wait" => Ok(Star::Wait),
        "inactive" => Ok(Star::Inactive),
        _ => Err(()),
    })
}

fn read_wait(keys: &Keys<'_>, errors: &mut Errors) -> Duration {
    let Some(part) = keys.get("wait") else { return WAIT };
    let expected = Words::new("기다리는 시간은 1s~60s로 적습니다", "write a wait from 1s to 60s");
    let wait = part.parsed(&expected, errors, |text| match duration::parse(text) {
        Ok(wait) if WAITS.contains(&wait.as_secs()) => Ok(wait),
        Ok(_) | Err(_) => Err(()),
    });
    wait.unwrap_or(WAIT)
}

fn read_digits(part: &Part<'_>, library: &Library, errors: &mut Errors) -> Option<Digits> {
    let keys = part.keys(&DIGITS_KEYS, errors)?;
    let say = keys.need("say", errors).and_then(|part| read_speech(part, library, errors));
    let field = keys.need("field", errors).and_then(|part| read_name(part, errors));
    let required = match keys.get("required") {
        Some(part) => part.truth(errors),
        None => Some(true),
    };
    let least = read_count(&keys, "least", (1, 32), 1, errors);
    let most = read_count(&keys, "most", (1, 32), 32, errors);
    if least > most {
        let message = Words::new("least가 most보다 큽니다", "least is above most");
        part.refuse(message, errors);
    }
    Some(Digits {
        least,
        most,
        wait: read_wait(&keys, errors),
        tries: read_count(&keys, "tries", (1, 10), TRIES, errors),
        required: required.unwrap_or_default(),
        silent: read_optional_next(&keys, "silent", errors),
        say: say?,
        field: field?,
    })
}

fn read_branch(
    part: &Part<'_>,
    step: &Keys<'_>,
    office: &Office,
    errors: &mut Errors,
) -> Option<Action> {
    let items = part.items(errors);
    if items.is_empty() || items.len() > MOST_ARMS {
        let message = Words::new(
            format!("조건은 1~{MOST_ARMS}개입니다"),
            format!("a branch has 1 to {MOST_ARMS} conditions"),
        );
        part.refuse(message, errors);
    }
    let mut arms = Vec::new();
    for item in items {
        let Some(keys) = item.keys(&["when", "to"], errors) else { continue };
        let when = keys.need("when", errors).and_then(|part| read_condition(part, office, errors));
        let to = keys.need("to", errors).and_then(|part| read_next(part, errors));
        arms.extend(when.zip(to).map(|(when, to)| Arm { when, to }));
    }
    let otherwise = step.need("otherwise", errors).and_then(|part| read_next(part, errors));
    Some(Action::Branch { arms, otherwise: otherwise? })
}

fn read_quick(part: &Part<'_>, office: &Office, errors: &mut Errors) -> Action {
    let items = part.items(errors);
    if items.is_empty() || items.len() > MOST_QUICK {
        let message = Words::new(
            format!("빠른 동작은 1~{MOST_QUICK}개입니다"),
            format!("there are 1 to {MOST_QUICK} quick actions in a step"),
        );
        part.refuse(message, errors);
    }
    let known: Vec<&str> = ["when"].into_iter().chain(CHORE_KEYS).collect();
    let mut quick = Vec::new();
    for item in items {
        let Some(keys) = item.keys(&known, errors) else { continue };
        let when = keys.need("when", errors).and_then(|part| read_condition(part, office, errors));
        let chosen: Vec<&str> =
            CHORE_KEYS.into_iter().filter(|key| item.under(key).is_some()).collect();
        let chore = match chosen.as_slice() {
            [key] => item.under(key).and_then(|part| read_chore(&part, key, office, errors)),
            _ => {
                let list = CHORE_KEYS.join(", ");
                let message = Words::new(
                    format!("조건마다 동작이 꼭 하나 있습니다: {list}"),
                    format!("each condition has exactly one action: {list}"),
                );
                item.refuse(message, errors);
                None
            }
        };
        quick.extend(when.zip(chore).map(|(when, chore)| Quick { when, chore }));
    }
    Action::Quick(quick)
}

fn read_connect(part: &Part<'_>, errors: &mut Errors) -> Option<Action> {
    let keys = part.keys(&["unavailable"], errors)?;
    let next = keys.need("unavailable", errors).and_then(|part| read_next(part, errors));
    next.map(|unavailable| Action::Connect { unavailable })
}

fn read_leave(part: &Part<'_>, errors: &mut Errors) -> Option<Leave> {
    if matches!(part.value(), Value::Empty) {
        return Some(Leave::default());
    }
    let expected = Words::new("missed 또는 done으로 적습니다", "write missed or done");
    part.parsed(&expected, errors, |text| match text {
        "missed" => Ok(Leave::Missed),
        "done" => Ok(Leave::Done),
        _ => Err(()),
    })
}
