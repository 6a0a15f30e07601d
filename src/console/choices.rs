//! People, teams and hours of the office, to choose from in a form.

use serde_json::json;

use crate::console::document::word;
use crate::console::view::View;
use crate::console::widgets::field::Choice;

/// Nobody first, as the given words say it, then the agents by their extensions.
#[must_use]
pub fn agents(view: &View<'_>, nobody_ko: &str, nobody_en: &str) -> Vec<Choice> {
    let items = view.model.office.as_ref().map_or(&[][..], |office| office.items("agents"));
    let choice = |agent: &serde_json::Value| {
        let extension = word(agent, "extension");
        let said = format!("{extension} {}", word(agent, "name"));
        Choice::new(Some(json!(extension)), &said, &said)
    };
    let nobody = Choice::new(None, nobody_ko, nobody_en);
    std::iter::once(nobody).chain(items.iter().map(choice)).collect()
}

/// None first, as the given words say it, then the teams.
#[must_use]
pub fn teams(view: &View<'_>, none_ko: &str, none_en: &str) -> Vec<Choice> {
    let items = view.model.office.as_ref().map_or(&[][..], |office| office.items("teams"));
    let choice = |team: &serde_json::Value| {
        let name = word(team, "name");
        Choice::new(Some(json!(name)), &name, &name)
    };
    let none = Choice::new(None, none_ko, none_en);
    std::iter::once(none).chain(items.iter().map(choice)).collect()
}

/// None first, as the given words say it, then the sets of hours.
#[must_use]
pub fn hours(view: &View<'_>, none_ko: &str, none_en: &str) -> Vec<Choice> {
    let items = view.model.office.as_ref().map_or(&[][..], |office| office.items("hours"));
    let choice = |set: &serde_json::Value| {
        let name = word(set, "name");
        Choice::new(Some(json!(name)), &name, &name)
    };
    let none = Choice::new(None, none_ko, none_en);
    std::iter::once(none).chain(items.iter().map(choice)).collect()
}
