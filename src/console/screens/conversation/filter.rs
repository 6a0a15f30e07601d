//! Which conversations one wants to see.

use serde_json::{Value, json};

use crate::console::action::{Action, Narrowing};
use crate::console::choices;
use crate::console::desk::ConversationFilter;
use crate::console::screens::form::slip::Slip;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::words::Words;

const STATES: [(&str, &str, &str); 6] = [
    ("missed", "부재중", "missed"),
    ("queued", "대기열", "queued"),
    ("opened", "진행 중", "open"),
    ("snoozed", "보류 중", "snoozed"),
    ("closed", "종료됨", "closed"),
    ("initial", "준비 중", "initial"),
];

#[derive(Debug)]
pub struct ConversationFilterSlip {
    pub now: ConversationFilter,
}

impl Slip for ConversationFilterSlip {
    const SEND: (&'static str, &'static str) = ("보기", "show");

    fn title(&self, view: &View<'_>) -> String {
        view.pick("골라 보기", "Which conversations").to_owned()
    }

    fn fields(&self, view: &View<'_>) -> Vec<Field> {
        fields(view, &self.now)
    }

    fn send(&self, form: &Form) -> Action {
        let text = |name: &str| form.text(name);
        Action::Narrow(Narrowing::Conversations(ConversationFilter {
            state: text("state"),
            party: text("party"),
            number: text("number"),
            assignee: text("assignee"),
            team: text("team"),
            tag: text("tag"),
        }))
    }
}

fn fields(view: &View<'_>, filter: &ConversationFilter) -> Vec<Field> {
    let value = |text: &str| (!text.is_empty()).then(|| Value::from(text));
    let any = Choice::new(None, "모두", "any");
    let states = STATES.iter().map(|(word, ko, en)| Choice::new(Some(json!(word)), ko, en));
    let text = |name: &str, label: Words, help: Words, now: &str| {
        Field::text(name, label, help, value(now).as_ref())
    };
    vec![
        Field::choice(
            "state",
            Words::new("상태", "State"),
            std::iter::once(any).chain(states).collect(),
            value(&filter.state).as_ref(),
        ),
        Field::choice(
            "assignee",
            Words::new("담당", "Owner"),
            choices::agents(view, "모두", "any"),
            value(&filter.assignee).as_ref(),
        ),
        Field::choice(
            "team",
            Words::new("팀", "Team"),
            choices::teams(view, "모두", "any"),
            value(&filter.team).as_ref(),
        ),
        text(
            "party",
            Words::new("고객", "Customer"),
            Words::new("번호나 이름의 일부", "part of a number or a name"),
            &filter.party,
        ),
        text(
            "number",
            Words::new("우리 번호", "Our number"),
            Words::new("예: 070-1234-5678", "such as 070-1234-5678"),
            &filter.number,
        ),
        text("tag", Words::new("태그", "Tag"), Words::new("태그 하나", "one tag"), &filter.tag),
    ]
}
