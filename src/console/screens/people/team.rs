//! What a team can be told: who is in it, whom its calls are given to, when it works.

use serde_json::{Value, json};

use crate::console::choices;
use crate::console::document::find;
use crate::console::edit::Target;
use crate::console::screens::form::page::Page;
use crate::console::screens::{room, wrap_up};
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::office::closed_words;
use crate::office::team::Assignment;
use crate::words::Words;

#[must_use]
pub fn new_team(view: &View<'_>) -> Page {
    let mut fields = vec![Field::text(
        "name",
        Words::new("팀 이름", "Team"),
        Words::new("예: support", "such as support"),
        None,
    )];
    fields.extend(fields_of(view, &Value::Null));
    let title = Words::new("새 팀", "New team");
    Page::new(title, Form::new(Target::New { section: "teams" }, fields))
}

/// None: there is no such team.
#[must_use]
pub fn team(view: &View<'_>, name: &str) -> Option<Page> {
    let item = view.model.office.as_ref()?.item("teams", "name", name)?;
    let target = Target::Item { section: "teams", key: "name", id: name.to_owned() };
    let title = Words::new(format!("팀 {name}"), format!("Team {name}"));
    Some(Page::comparing(title, Form::new(target, fields_of(view, item))))
}

fn fields_of(view: &View<'_>, item: &Value) -> Vec<Field> {
    let at = |path: &str| find(item, path);
    let usual = Assignment::default();
    let assignment = at("assignment").filter(|value| value.as_str() != Some(usual.word()));
    let mut fields = vec![
        Field::words(
            "members",
            Words::new("구성원", "Members"),
            Words::new("내선 번호를 쉼표로: 101, 102", "extensions, parted by commas: 101, 102"),
            at("members"),
        ),
        Field::choice(
            "assignment",
            Words::new("전화를 받을 사람", "Whose phone rings"),
            Assignment::ALL.map(given).to_vec(),
            assignment,
        ),
        Field::choice(
            "hours",
            Words::new("운영시간", "Hours"),
            choices::hours(view, "언제나 받음", "at all times"),
            at("hours"),
        ),
    ];
    fields.extend(wrap_up::fields(&at, ("정책대로", "as the rules say")));
    fields.extend(room::fields(&at));
    fields
}

fn given(assignment: Assignment) -> Choice {
    let value = (assignment != Assignment::default()).then(|| json!(assignment.word()));
    Choice { label: closed_words::assignment(assignment), value }
}
