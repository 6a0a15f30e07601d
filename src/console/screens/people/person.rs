//! What an agent can be told.

use serde_json::{Value, json};

use crate::console::document::find;
use crate::console::edit::Target;
use crate::console::screens::form::page::Page;
use crate::console::screens::room;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::office::language::Language;
use crate::words::Words;

#[must_use]
pub fn new_agent() -> Page {
    let mut fields = vec![Field::text(
        "extension",
        Words::new("내선 번호", "Extension"),
        Words::new("동료가 누르는 짧은 번호, 예: 103", "what colleagues dial, such as 103"),
        None,
    )];
    fields.extend(agent_fields(&Value::Null));
    let title = Words::new("새 매니저", "New person");
    Page::new(title, Form::new(Target::New { section: "agents" }, fields))
}

/// None: there is no such agent.
#[must_use]
pub fn agent(view: &View<'_>, extension: &str) -> Option<Page> {
    let item = view.model.office.as_ref()?.item("agents", "extension", extension)?;
    let target = Target::Item { section: "agents", key: "extension", id: extension.to_owned() };
    let title = Words::new(format!("매니저 {extension}"), format!("Person {extension}"));
    Some(Page::new(title, Form::new(target, agent_fields(item))))
}

fn agent_fields(item: &Value) -> Vec<Field> {
    let at = |path: &str| find(item, path);
    let mut fields = vec![
        Field::text(
            "name",
            Words::new("이름", "Name"),
            Words::new("전화기에 보이는 이름", "the name that phones show"),
            at("name"),
        ),
        Field::choice("language", Words::new("쓰는 언어", "Speaks"), languages(), at("language")),
        truth("phone_calls", Words::new("전화 받기", "Takes phone calls"), at("phone_calls")),
        truth(
            "unassigned_calls",
            Words::new("담당자 없는 전화도 받기", "Takes calls that are nobody's"),
            at("unassigned_calls"),
        ),
        truth(
            "call_waiting",
            Words::new("통화 중에도 동료 전화 받기", "Colleagues' calls ring while talking"),
            at("call_waiting"),
        ),
        truth(
            "missed_alerts",
            Words::new("부재중 전화 알림", "Is told of missed calls"),
            at("missed_alerts"),
        ),
    ];
    fields.extend(room::fields(&at));
    fields
}

fn languages() -> Vec<Choice> {
    let mut choices = vec![Choice::new(None, "기본", "as the office")];
    choices.extend(Language::ALL.map(|language| {
        let name = language.name();
        Choice::new(Some(json!(language.code())), &name.ko, &name.en)
    }));
    choices
}

fn truth(path: &str, label: Words, original: Option<&Value>) -> Field {
    let mut choices = vec![
        Choice::new(Some(json!("true")), "예", "yes"),
        Choice::new(Some(json!("false")), "아니요", "no"),
    ];
    if original.is_none() {
        choices.insert(0, Choice::new(None, "기본", "as usual"));
    }
    Field::choice(path, label, choices, original)
}
