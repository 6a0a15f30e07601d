//! Which calls one wants to see.

use serde_json::{Value, json};

use crate::console::action::{Action, HistoryFilter, Narrowing};
use crate::console::screens::form::slip::Slip;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::words::Words;

#[derive(Debug)]
pub struct Filter {
    pub now: HistoryFilter,
}

impl Slip for Filter {
    const SEND: (&'static str, &'static str) = ("보기", "show");

    fn title(&self, view: &View<'_>) -> String {
        view.pick("골라 보기", "Which calls").to_owned()
    }

    fn fields(&self, _view: &View<'_>) -> Vec<Field> {
        fields(&self.now)
    }

    fn send(&self, form: &Form) -> Action {
        let text = |name: &str| form.text(name);
        Action::Narrow(Narrowing::Calls(HistoryFilter {
            party: text("party"),
            number: text("number"),
            agent: text("agent"),
            direction: text("direction"),
            outcome: text("outcome"),
            from: text("from"),
            to: text("to"),
        }))
    }
}

fn fields(filter: &HistoryFilter) -> Vec<Field> {
    let value = |text: &str| (!text.is_empty()).then(|| Value::from(text));
    let text = |name: &str, ko: &str, en: &str, help: Words, now: &str| {
        Field::text(name, Words::new(ko, en), help, value(now).as_ref())
    };
    let any = Choice::new(None, "모두", "any");
    let choice = |(word, ko, en): (&str, &str, &str)| Choice::new(Some(json!(word)), ko, en);
    let directions = [
        ("inbound", "온 전화", "came in"),
        ("outbound", "건 전화", "went out"),
        ("internal", "내선 통화", "between colleagues"),
    ];
    let outcomes = [
        ("answered", "통화함", "answered"),
        ("missed", "부재중", "missed"),
        ("no_answer", "응답 없음", "no answer"),
        ("busy", "통화 중", "busy"),
        ("cancelled", "취소", "cancelled"),
        ("failed", "실패", "failed"),
        ("interrupted", "중단됨", "interrupted"),
    ];
    let choices = |list: &[(&'static str, &'static str, &'static str)]| {
        std::iter::once(any.clone()).chain(list.iter().copied().map(choice)).collect::<Vec<_>>()
    };
    let day = Words::new("예: 2026-11-25", "such as 2026-11-25");
    let part = Words::new("번호나 이름의 일부", "part of a number or a name");
    let own = Words::new("예: 070-1234-5678", "such as 070-1234-5678");
    let extension = Words::new("내선 번호, 예: 101", "an extension, such as 101");
    vec![
        text("party", "상대", "Who", part, &filter.party),
        text("number", "우리 번호", "Our number", own, &filter.number),
        text("agent", "매니저", "Agent", extension, &filter.agent),
        Field::choice(
            "direction",
            Words::new("방향", "Direction"),
            choices(&directions),
            value(&filter.direction).as_ref(),
        ),
        Field::choice(
            "outcome",
            Words::new("결과", "Result"),
            choices(&outcomes),
            value(&filter.outcome).as_ref(),
        ),
        text("from", "첫날", "First day", day.clone(), &filter.from),
        text("to", "마지막 날", "Last day", day, &filter.to),
    ]
}
