//! What was changed, by whom, and the key that takes it back.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::api::schema::ChangeLine;
use crate::console::action::{Action, Place, Request};
use crate::console::keymap::{Binding, Hint, IN_LISTS, hints, look, pressed, write};
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::paint::{put, row};
use crate::console::widgets::table::{Column, Row, Table, Width, column};
use crate::live::Update;

#[derive(Clone, Copy, Debug)]
enum Does {
    Open,
    Undo,
}

const KEYS: [Binding<Does>; 2] = [
    look(KeyCode::Enter, "Enter", Does::Open, "전과 후", "before and after"),
    write(KeyCode::Char('u'), "u", Does::Undo, "되돌리기", "take it back"),
];

const COLUMNS: [Column; 3] = [
    column("언제", "WHEN", Width::Columns(11)),
    column("누가", "WHO", Width::Columns(12)),
    column("무엇을", "WHAT", Width::Share(1)),
];

#[derive(Debug, Default)]
pub struct Changes {
    table: Table,
    changes: Vec<ChangeLine>,
    next: Option<u64>,
    is_asked: bool,
}

impl Screen for Changes {
    fn title(&self, _view: &View<'_>) -> String {
        String::new()
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        hints(&KEYS, view.may_write).into_iter().chain(IN_LISTS).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let rows = self.rows(view);
        if rows.is_empty() {
            let line = row(area, 1);
            let text = view.pick("아직 아무것도 바뀌지 않았습니다", "nothing has been changed yet");
            put(buffer, (line.x, line.y), line.width, text, view.theme.tone(Tone::Dim));
        }
        self.table.draw(view, (area, buffer), (&COLUMNS, &rows), !rows.is_empty());
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let rows = self.rows(view);
        if self.table.key(key, &rows) {
            return self.more(&rows);
        }
        let change = self.table.chosen(&rows).and_then(|row| row.id.parse().ok());
        match (pressed(&KEYS, key, view.may_write), change) {
            (Some(Does::Open), Some(change)) => Action::Open(Place::Change(change)),
            (Some(Does::Undo), Some(change)) => Action::Ask(Request::Revert { change }),
            (Some(Does::Open | Does::Undo), None) | (None, _) => Action::Ignored,
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Changes { before: None })
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Changes { page, is_first } = report {
            if *is_first {
                self.changes.clear();
            }
            self.changes.extend(page.changes.iter().cloned());
            self.next = page.next;
            self.is_asked = false;
            return Action::Redraw;
        }
        if let Report::Update(Update::OfficeChanged) = report {
            return Action::Ask(Request::Changes { before: None });
        }
        Action::Ignored
    }
}

impl Changes {
    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let row = |change: &ChangeLine| {
            let what: Vec<&str> = change.changes.iter().map(|words| view.say(words)).collect();
            let cells = [view.moment(change.at), change.who.clone(), what.join("; ")];
            Row::plain(change.id.to_string(), cells)
        };
        self.changes.iter().map(row).collect()
    }

    fn more(&mut self, rows: &[Row]) -> Action {
        match self.next {
            Some(before) if !self.is_asked && self.table.is_at_end(rows) => {
                self.is_asked = true;
                Action::Ask(Request::Changes { before: Some(before) })
            }
            Some(_) | None => Action::Redraw,
        }
    }
}
