//! The office's numbers.

use ratatui::crossterm::event::KeyCode;
use serde_json::Value;

use crate::console::action::{Action, Place};
use crate::console::document::word;
use crate::console::edit::Target;
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::saving::Saving;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::office::duration;
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Open,
    Claim,
    Copy,
    Release,
}

#[derive(Debug, Default)]
pub struct Numbers {
    saving: Saving,
}

impl Listed for Numbers {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("번호", "NUMBER", Width::Columns(16)),
        column("", "", Width::Columns(7)),
        column("받는 곳", "ANSWERED BY", Width::Share(2)),
        column("표시 번호", "SHOWN AS", Width::Columns(16)),
        column("벨 시간", "RINGS", Width::Columns(7)),
        column("회선", "TRUNK", Width::Wide(20)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Open, "설정", "settings"),
        write(KeyCode::Char('n'), "n", Does::Claim, "새 번호", "take a number"),
        write(KeyCode::Char('c'), "c", Does::Copy, "설정 복사", "copy settings"),
        write(KeyCode::Char('x'), "x", Does::Release, "번호 해제", "give it up"),
    ];

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "번호가 없습니다. n으로 회선이 가진 번호에서 하나를 고릅니다",
            "no numbers: n takes one of those that a trunk brings",
        )
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(office) = &view.model.office else { return Vec::new() };
        office.items("numbers").iter().map(|number| number_row(view, number)).collect()
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        match (does, chosen.map(str::to_owned)) {
            (Does::Claim, _) => Action::Open(Place::Claim),
            (Does::Open, Some(number)) => Action::Open(Place::Number(number)),
            (Does::Copy, Some(number)) => Action::Open(Place::CopyNumber(number)),
            (Does::Release, Some(number)) => self.release(number),
            (Does::Open | Does::Copy | Does::Release, None) => Action::Ignored,
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        self.saving.told(report)
    }
}

impl Numbers {
    fn release(&mut self, number: String) -> Action {
        let question = Words::new(
            format!("{number}을(를) 해제할까요? 이 번호로 오는 전화를 더 이상 받지 않습니다"),
            format!("Give up {number}? Its calls will not be taken any more"),
        );
        let target = Target::Item { section: "numbers", key: "number", id: number };
        self.saving.remove(target, question)
    }
}

fn number_row(view: &View<'_>, number: &Value) -> Row {
    let id = word(number, "number");
    let is_default = word(number, "default") == "true";
    let (route, tone) = route(view, number);
    let plain = |text: String| (text, Tone::Plain);
    let ring_time = word(number, "ring_time");
    let told = duration::parse(&ring_time).map(|time| view.say(&duration::words(time)).to_owned());
    let ring_time = told.unwrap_or(ring_time);
    let cells = vec![
        plain(id.clone()),
        plain(if is_default { view.pick("기본", "default").to_owned() } else { String::new() }),
        (route, tone),
        plain(word(number, "presented")),
        plain(ring_time),
        plain(trunk_of(view, &id)),
    ];
    Row { id, cells }
}

/// Who answers, in words.
#[must_use]
pub fn route(view: &View<'_>, number: &Value) -> (String, Tone) {
    let office = view.model.office.as_ref();
    let agent = word(number, "route.agent");
    let team = word(number, "route.team");
    let workflow = word(number, "route.workflow");
    if !agent.is_empty() {
        let name = office
            .and_then(|office| office.item("agents", "extension", &agent))
            .map(|agent| word(agent, "name"))
            .unwrap_or_default();
        (format!("{agent} {name}"), Tone::Plain)
    } else if !team.is_empty() {
        (format!("{} {team}", view.pick("팀", "team")), Tone::Plain)
    } else if !workflow.is_empty() {
        (format!("{} {workflow}", view.pick("워크플로우", "workflow")), Tone::Plain)
    } else {
        (
            view.pick("담당 없는 전화를 받는 모두", "all who take unassigned calls").to_owned(),
            Tone::Plain,
        )
    }
}

/// The line that brings a number.
fn trunk_of(view: &View<'_>, number: &str) -> String {
    let Some(office) = &view.model.office else { return String::new() };
    office.trunk_of(number).map(|trunk| word(trunk, "name")).unwrap_or_default()
}
