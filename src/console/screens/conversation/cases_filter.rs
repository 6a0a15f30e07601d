//! Which cases one wants to see.

use serde_json::Value;

use crate::console::action::{Action, Narrowing};
use crate::console::cases::CasesFilter;
use crate::console::choices;
use crate::console::screens::form::slip::Slip;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::words::Words;

#[derive(Debug)]
pub struct CasesFilterSlip {
    pub now: CasesFilter,
}

impl Slip for CasesFilterSlip {
    const SEND: (&'static str, &'static str) = ("보기", "show");

    fn title(&self, view: &View<'_>) -> String {
        view.pick("골라 보기", "Which cases").to_owned()
    }

    fn fields(&self, view: &View<'_>) -> Vec<Field> {
        let value = |text: &str| (!text.is_empty()).then(|| Value::from(text));
        let text = |name: &str, label: Words, help: Words, now: &str| {
            Field::text(name, label, help, value(now).as_ref())
        };
        let day = Words::new(
            "케이스가 열린 날, 예: 2026-11-25",
            "the day it was opened, such as 2026-11-25",
        );
        let own = Words::new("예: 070-1234-5678", "such as 070-1234-5678");
        let now = &self.now;
        vec![
            text("from", Words::new("첫날", "First day"), day.clone(), &now.from),
            text("to", Words::new("마지막 날", "Last day"), day, &now.to),
            Field::choice(
                "assignee",
                Words::new("담당", "Owner"),
                choices::agents(view, "모두", "any"),
                value(&now.assignee).as_ref(),
            ),
            Field::choice(
                "team",
                Words::new("팀", "Team"),
                choices::teams(view, "모두", "any"),
                value(&now.team).as_ref(),
            ),
            text("number", Words::new("우리 번호", "Our number"), own, &now.number),
            text("tag", Words::new("태그", "Tag"), Words::new("태그 하나", "one tag"), &now.tag),
        ]
    }

    fn send(&self, form: &Form) -> Action {
        let text = |name: &str| form.text(name);
        Action::Narrow(Narrowing::Cases(CasesFilter {
            number: text("number"),
            assignee: text("assignee"),
            team: text("team"),
            tag: text("tag"),
            from: text("from"),
            to: text("to"),
        }))
    }
}
