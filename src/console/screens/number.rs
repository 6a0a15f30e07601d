//! Everything one number can be told.

use serde_json::{Value, json};

use crate::console::document::{Document, find, word};
use crate::console::edit::Target;
use crate::console::screens::page::Page;
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

/// None: there is no such number.
#[must_use]
pub fn number(view: &View<'_>, number: &str) -> Option<Page> {
    let item = view.model.office.as_ref()?.item("numbers", "number", number)?;
    let target = Target::Item { section: "numbers", key: "number", id: number.to_owned() };
    let title = Words::new(format!("번호 {number}"), format!("Number {number}"));
    Some(Page::comparing(title, Form::new(target, fields(view, item))))
}

fn fields(view: &View<'_>, item: &Value) -> Vec<Field> {
    let office = view.model.office.clone().unwrap_or_default();
    let at = |path: &str| find(item, path);
    let mut fields = vec![
        Field::choice(
            "route",
            Words::new("받는 곳", "Answered by"),
            routes(&office, at("route").is_none()),
            at("route"),
        ),
        Field::text(
            "ring_time",
            Words::new("벨이 울리는 시간", "Rings for"),
            Words::new("10s~120s, 비우면 30초", "10s to 120s; 30 seconds unless told"),
            at("ring_time"),
        ),
        Field::choice(
            "ringback",
            Words::new("기다리는 소리", "Caller hears meanwhile"),
            vec![
                Choice::new(None, "기본 연결음", "the usual music"),
                Choice::new(Some(json!("looping")), "반복 연결음", "music, looping"),
                Choice::new(Some(json!("national")), "나라별 신호음", "the country's ringing tone"),
            ],
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
    for (key, ko, en) in
        [("greeting", "인사말", "Greeting"), ("all_busy", "모두 통화 중일 때", "When all are busy")]
    {
        fields.push(Field::heading(ko, en));
        fields.extend(announcement(key, item));
    }
    fields
}

/// One announcement in each language that callers are spoken to.
fn announcement(key: &str, item: &Value) -> Vec<Field> {
    let languages = [
        ("ko", "한국어", "Korean"),
        ("en", "영어", "English"),
        ("ja", "일본어", "Japanese"),
        ("zh", "중국어", "Chinese"),
        ("es", "스페인어", "Spanish"),
    ];
    let field = |(language, ko, en): (&str, &str, &str)| {
        let path = format!("announcements.{key}.{language}");
        let choices = vec![
            Choice::new(None, "없음", "none"),
            Choice::new(Some(json!("built-in")), "기본 목소리", "the built-in voice"),
        ];
        Field::choice(&path, Words::new(ko, en), choices, find(item, &path))
    };
    languages.into_iter().map(field).collect()
}

/// Who can answer: nobody, every agent, every team.
fn routes(office: &Document, is_unset: bool) -> Vec<Choice> {
    let off = if is_unset { None } else { Some(json!("off")) };
    let mut choices = vec![Choice::new(off, "받지 않음", "nobody")];
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
