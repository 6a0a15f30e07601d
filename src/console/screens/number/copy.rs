//! Copies what one number is told to others.

use std::collections::BTreeSet;

use ratatui::crossterm::event::KeyCode;
use serde_json::Value;

use crate::console::action::Action;
use crate::console::document::word;
use crate::console::edit::{Edit, Step, Target};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::saving::Saving;
use crate::console::screens::number::numbers::route;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::words::Words;

/// What makes a number that number, and stays.
const OWN: [&str; 3] = ["number", "default", "presented"];

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Mark,
    Copy,
}

#[derive(Debug)]
pub struct Copy {
    from: String,
    marked: BTreeSet<String>,
    saving: Saving,
}

impl Copy {
    #[must_use]
    pub fn new(from: &str) -> Self {
        Self { from: from.to_owned(), marked: BTreeSet::new(), saving: Saving::default() }
    }

    fn row(&self, view: &View<'_>, item: &Value) -> Row {
        let number = word(item, "number");
        let mark = if self.marked.contains(&number) { "[x]" } else { "[ ]" };
        let cells =
            vec![(mark.to_owned(), Tone::Plain), (number.clone(), Tone::Plain), route(view, item)];
        Row { id: number, cells }
    }

    fn copy(&mut self, view: &View<'_>) -> Action {
        let office = view.model.office.as_ref();
        let Some(from) = office.and_then(|office| office.item("numbers", "number", &self.from))
        else {
            return Action::Back;
        };
        if self.marked.is_empty() {
            let words = Words::new("Space로 번호를 고르세요", "mark the numbers with Space first");
            return Action::Say(words);
        }
        let edit = |number: &String| {
            let to = office.and_then(|office| office.item("numbers", "number", number));
            let target = Target::Item { section: "numbers", key: "number", id: number.clone() };
            Edit { target, steps: steps(from, to.unwrap_or(&Value::Null)) }
        };
        let (from, count) = (&self.from, self.marked.len());
        let numbers = if count == 1 { "number" } else { "numbers" };
        let question = Words::new(
            format!("{from}의 설정을 번호 {count}개에 복사할까요?"),
            format!("Copy the settings of {from} to {count} {numbers}?"),
        );
        let edits = self.marked.iter().map(edit).collect();
        self.saving.compare(edits, question)
    }
}

/// Makes `to` like `from`: also what `from` is not told goes.
fn steps(from: &Value, to: &Value) -> Vec<Step> {
    let keys = |item: &Value| -> BTreeSet<String> {
        let all = item.as_object().into_iter().flat_map(|entries| entries.keys().cloned());
        all.filter(|key| !OWN.contains(&key.as_str())).collect()
    };
    let all: BTreeSet<String> = keys(from).union(&keys(to)).cloned().collect();
    all.into_iter().map(|key| Step::Set(key.clone(), from.get(&key).cloned())).collect()
}

impl Listed for Copy {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("", "", Width::Columns(3)),
        column("번호", "NUMBER", Width::Columns(20)),
        column("받는 곳", "ANSWERED BY", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Char(' '), "Space", Does::Mark, "고르기", "mark"),
        write(KeyCode::Enter, "Enter", Does::Copy, "여기로 복사", "copy to these"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        let from = &self.from;
        match view.speech {
            crate::locale::Speech::Korean => format!("{from}의 설정을 복사할 번호"),
            crate::locale::Speech::English => format!("Copy the settings of {from} to"),
        }
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        ("복사할 다른 번호가 없습니다", "there is no other number to copy to")
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(office) = &view.model.office else { return Vec::new() };
        let others =
            office.items("numbers").iter().filter(|item| word(item, "number") != self.from);
        others.map(|item| self.row(view, item)).collect()
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        match (does, chosen) {
            (Does::Mark, Some(id)) => {
                if !self.marked.remove(id) {
                    self.marked.insert(id.to_owned());
                }
                Action::Redraw
            }
            (Does::Copy, _) => self.copy(view),
            (Does::Mark, None) => Action::Ignored,
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Some(action) = self.saving.asked(report) {
            return action;
        }
        let is_done = matches!(report, Report::Saved { verdict: Ok(_), .. });
        match self.saving.heard(report) {
            Some(words) if is_done => Action::Leave(words),
            Some(words) => Action::Say(words),
            None => Action::Ignored,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_copy_takes_over_and_takes_away_but_keeps_what_is_the_numbers_own() {
        let from = json!({"number": "1", "default": "true", "ring_time": "30s"});
        let to = json!({"number": "2", "ringback": "national"});
        let expected = [
            Step::Set("ring_time".to_owned(), Some(json!("30s"))),
            Step::Set("ringback".to_owned(), None),
        ];
        assert_eq!(steps(&from, &to), expected);
    }
}
