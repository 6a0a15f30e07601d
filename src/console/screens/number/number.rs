//! What one number can be told, as a form.

use serde_json::{Value, json};

use crate::api::schema::schema::SoundLine;
use crate::console::choices;
use crate::console::document::{Document, find, word};
use crate::console::edit::Target;
use crate::console::screens::form::page::Page;
use crate::console::screens::{room, wrap_up};
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::words::Words;

/// A number that is not the office's yet.
#[must_use]
pub fn new_number(view: &View<'_>, number: &str) -> Page {
    let original = Value::from(number);
    let mut first = Field::text(
        "number",
        Words::new("번호", "Number"),
        Words::new("+827012345678처럼 적습니다", "write it like +827012345678"),
        Some(&original),
    );
    // It is not in the document, however it was chosen.
    first.original = None;
    let fields = std::iter::once(first).chain(fields(view, &Value::Null)).collect();
    let title = Words::new("새 번호", "Take a number");
    Page::new(title, Form::new(Target::New { section: "numbers" }, fields))
}

/// None: there is no such number. The cursor stands on the field of `path`.
#[must_use]
pub fn number_form(view: &View<'_>, number: &str, path: &str) -> Option<Page> {
    let item = view.model.office.as_ref()?.item("numbers", "number", number)?;
    let title = Words::new(format!("번호 {number}"), format!("Number {number}"));
    let mut form = Form::new(target(number), fields(view, item));
    form.stand_on(path);
    Some(Page::comparing(title, form))
}

/// A number in the office's document.
#[must_use]
pub fn target(number: &str) -> Target {
    Target::Item { section: "numbers", key: "number", id: number.to_owned() }
}

/// Everything it can be told but its announcements.
#[must_use]
pub fn fields(view: &View<'_>, item: &Value) -> Vec<Field> {
    let office = view.model.office.clone().unwrap_or_default();
    let at = |path: &str| find(item, path);
    let mut fields = vec![
        Field::choice(
            "route",
            Words::new("받는 곳", "Answered by"),
            routes(&office, at("route").is_none()),
            at("route"),
        ),
        Field::choice(
            "hours",
            Words::new("운영시간", "Hours"),
            choices::hours(view, "언제나 받음", "at all times"),
            at("hours"),
        ),
        Field::text(
            "ring_time",
            Words::new("벨이 울리는 시간", "Rings for"),
            Words::new("10s~120s, 비우면 30초", "10s to 120s; 30 seconds unless told"),
            at("ring_time"),
        ),
        Field::choice(
            "ringback",
            Words::new("연결음", "Caller hears meanwhile"),
            ringbacks(view),
            at("ringback"),
        ),
        Field::text(
            "presented",
            Words::new("보이는 번호", "Shown as"),
            Words::new(
                "전화를 걸 때 상대에게 보이는 번호. 비우면 이 번호 그대로",
                "what those we call see; empty: the number itself",
            ),
            at("presented"),
        ),
        Field::choice(
            "default",
            Words::new("기본 번호", "The office's default"),
            vec![Choice::new(None, "아니요", "no"), Choice::new(Some(json!("true")), "예", "yes")],
            at("default").filter(|value| *value != "false"),
        ),
    ];
    fields.extend(rules(&at));
    fields
}

/// What holds for its calls.
fn rules<'a>(at: &impl Fn(&str) -> Option<&'a Value>) -> Vec<Field> {
    let word = |value: &str, ko: &str, en: &str| Choice::new(Some(json!(value)), ko, en);
    let mut rules = vec![
        Field::text(
            "continuation",
            Words::new("이전 상담 이어가기", "Continues an earlier conversation"),
            Words::new(
                "off, always, 또는 끝난 뒤 10m, 3h, 30d까지. 비우면 off",
                "off, always, or within 10m, 3h, 30d of its end; off unless told",
            ),
            at("continuation"),
        ),
        Field::choice(
            "priority",
            Words::new("대기열 우선순위", "Place in the queue"),
            vec![
                Choice::new(None, "보통", "medium"),
                word("high", "높음", "high"),
                word("low", "낮음", "low"),
            ],
            at("priority").filter(|value| *value != "medium"),
        ),
        Field::choice(
            "voicemail",
            Words::new("아무도 받지 않으면", "When nobody answers"),
            vec![
                Choice::new(None, "안내하고 끊음", "callers are told so"),
                word("true", "음성 사서함", "they may leave a message"),
            ],
            at("voicemail").filter(|value| *value != "false"),
        ),
        Field::choice(
            "recording",
            Words::new("녹음", "Recorded"),
            vec![
                Choice::new(None, "아니요", "no"),
                word("on", "예, 먼저 알리고", "yes, told first"),
            ],
            at("recording").filter(|value| *value != "off"),
        ),
    ];
    rules.extend(wrap_up::fields(at, ("팀이나 정책대로", "as team or rules say")));
    rules.extend(room::fields(at));
    rules
}

fn ringbacks(view: &View<'_>) -> Vec<Choice> {
    let mut choices = vec![
        Choice::new(None, "기본 연결음", "the usual music"),
        Choice::new(Some(json!("looping")), "반복 연결음", "music, looping"),
        Choice::new(Some(json!("national")), "나라별 신호음", "the country's ringing tone"),
    ];
    choices.extend(files(view));
    choices
}

/// The office's own sound files, as a document names them.
#[must_use]
pub fn files(view: &View<'_>) -> Vec<Choice> {
    let names = view.model.sounds.iter().filter_map(|sound| Some((sound.name.clone()?, sound)));
    let choice = |(name, sound): (String, &SoundLine)| {
        let value = json!({ "file": name, "sha256": sound.sha256 });
        Choice::new(Some(value), &format!("파일 {name}"), &format!("file {name}"))
    };
    names.map(choice).collect()
}

/// Who can answer: whoever takes what is nobody's (S92), every workflow, team and agent.
fn routes(office: &Document, is_unset: bool) -> Vec<Choice> {
    let off = if is_unset { None } else { Some(json!("off")) };
    let mut choices =
        vec![Choice::new(off, "담당 없는 전화를 받는 모두", "all who take unassigned calls")];
    for workflow in office.items("workflows") {
        let name = word(workflow, "name");
        let value = Some(json!({ "workflow": name }));
        choices.push(Choice::new(
            value,
            &format!("워크플로우 {name}"),
            &format!("workflow {name}"),
        ));
    }
    for team in office.items("teams") {
        let name = word(team, "name");
        let value = Some(json!({ "team": name }));
        choices.push(Choice::new(value, &format!("팀 {name}"), &format!("team {name}")));
    }
    for agent in office.items("agents") {
        let (extension, name) = (word(agent, "extension"), word(agent, "name"));
        let said = format!("{extension} {name}");
        choices.push(Choice::new(Some(json!({ "agent": extension })), &said, &said));
    }
    choices
}
