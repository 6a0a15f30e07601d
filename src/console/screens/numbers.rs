//! The office's numbers.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use serde_json::Value;

use crate::console::action::{Action, Place, Request};
use crate::console::document::word;
use crate::console::edit::{Edit, Step, Target};
use crate::console::keymap::{Binding, Hint, IN_LISTS, hints, look, pressed, write};
use crate::console::report::{Report, outcome};
use crate::console::screen::Screen;
use crate::console::theme::Tone;
use crate::console::ticket;
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Table, Width, column};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
enum Does {
    Open,
    Claim,
    Copy,
    Release,
}

const KEYS: [Binding<Does>; 4] = [
    look(KeyCode::Enter, "Enter", Does::Open, "설정", "settings"),
    write(KeyCode::Char('n'), "n", Does::Claim, "새 번호", "take a number"),
    write(KeyCode::Char('c'), "c", Does::Copy, "설정 복사", "copy settings"),
    write(KeyCode::Char('x'), "x", Does::Release, "번호 해제", "give it up"),
];

const COLUMNS: [Column; 6] = [
    column("번호", "NUMBER", Width::Columns(16)),
    column("", "", Width::Columns(7)),
    column("받는 곳", "ANSWERED BY", Width::Share(2)),
    column("표시 번호", "SHOWN AS", Width::Columns(16)),
    column("벨 시간", "RINGS", Width::Columns(7)),
    column("회선", "TRUNK", Width::Wide(20)),
];

#[derive(Debug, Default)]
pub struct Numbers {
    table: Table,
    release: Option<u64>,
}

impl Screen for Numbers {
    fn title(&self, _view: &View<'_>) -> String {
        String::new()
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        hints(&KEYS, view.may_write).into_iter().chain(IN_LISTS).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        self.table.draw(view, (area, buffer), (&COLUMNS, &rows(view)), true);
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let rows = rows(view);
        if self.table.key(key, &rows) {
            return Action::Redraw;
        }
        let number = self.table.chosen(&rows).map(|row| row.id.clone());
        match (pressed(&KEYS, key, view.may_write), number) {
            (Some(Does::Claim), _) => Action::Open(Place::Claim),
            (Some(Does::Open), Some(number)) => Action::Open(Place::Number(number)),
            (Some(Does::Copy), Some(number)) => Action::Open(Place::CopyNumber(number)),
            (Some(Does::Release), Some(number)) => self.release(number),
            (Some(Does::Open | Does::Copy | Does::Release), None) | (None, _) => Action::Ignored,
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        let Some(verdict) = report.saved(self.release) else { return Action::Ignored };
        self.release = None;
        Action::Say(outcome(verdict))
    }
}

impl Numbers {
    fn release(&mut self, number: String) -> Action {
        let ticket = ticket::next();
        self.release = Some(ticket);
        let question = Words::new(
            format!("{number}을(를) 해제할까요? 이 번호로 오는 전화를 더 이상 받지 않습니다"),
            format!("Give up {number}? Its calls will not be taken any more"),
        );
        let target = Target::Item { section: "numbers", key: "number", id: number };
        let edits = vec![Edit { target, steps: vec![Step::Remove] }];
        Action::Confirm { question, request: Request::Save { edits, ticket } }
    }
}

fn rows(view: &View<'_>) -> Vec<Row> {
    let Some(office) = &view.model.office else { return Vec::new() };
    office.items("numbers").iter().map(|number| number_row(view, number)).collect()
}

fn number_row(view: &View<'_>, number: &Value) -> Row {
    let id = word(number, "number");
    let is_default = word(number, "default") == "true";
    let (route, tone) = route(view, number);
    let plain = |text: String| (text, Tone::Plain);
    let cells = vec![
        plain(id.clone()),
        plain(if is_default { view.pick("기본", "default").to_owned() } else { String::new() }),
        (route, tone),
        plain(word(number, "presented")),
        plain(word(number, "ring_time")),
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
        (view.pick("받지 않음", "nobody").to_owned(), Tone::Warn)
    }
}

/// The line that brings a number.
fn trunk_of(view: &View<'_>, number: &str) -> String {
    let Some(office) = &view.model.office else { return String::new() };
    office.trunk_of(number).map(|trunk| word(trunk, "name")).unwrap_or_default()
}
