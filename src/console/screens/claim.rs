//! Numbers that the trunks bring and nobody has taken.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::console::action::{Action, Place};
use crate::console::keymap::{Binding, Hint, IN_LISTS, hints, look, pressed};
use crate::console::screen::Screen;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::paint::{put, row};
use crate::console::widgets::table::{Column, Row, Table, Width, column};

/// More are found by narrowing the block.
const FREE: usize = 2_000;

#[derive(Clone, Copy, Debug)]
enum Does {
    Take,
    Other,
}

const KEYS: [Binding<Does>; 2] = [
    look(KeyCode::Enter, "Enter", Does::Take, "이 번호 쓰기", "take it"),
    look(KeyCode::Char('o'), "o", Does::Other, "직접 입력", "type another"),
];

const COLUMNS: [Column; 2] = [
    column("비어 있는 번호", "FREE NUMBER", Width::Columns(20)),
    column("회선", "TRUNK", Width::Share(1)),
];

#[derive(Debug, Default)]
pub struct Claim {
    table: Table,
}

impl Screen for Claim {
    fn title(&self, view: &View<'_>) -> String {
        view.pick("새 번호", "Take a number").to_owned()
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        hints(&KEYS, view.may_write).into_iter().chain(IN_LISTS).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let rows = rows(view);
        if rows.is_empty() {
            let line = row(area, 0);
            let text = view.pick(
                "회선에 남은 번호가 없습니다. o로 직접 적거나 회선에 번호 대역을 더하세요",
                "no trunk brings a free number; o types one, or add numbers to a trunk",
            );
            put(buffer, (line.x, line.y), line.width, text, view.theme.tone(Tone::Dim));
        }
        self.table.draw(view, (area, buffer), (&COLUMNS, &rows), !rows.is_empty());
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let rows = rows(view);
        if self.table.key(key, &rows) {
            return Action::Redraw;
        }
        match (pressed(&KEYS, key, view.may_write), self.table.chosen(&rows)) {
            (Some(Does::Take), Some(row)) => Action::Replace(Place::NewNumber(row.id.clone())),
            (Some(Does::Other), _) => Action::Replace(Place::NewNumber(String::new())),
            (Some(Does::Take), None) | (None, _) => Action::Ignored,
        }
    }
}

fn rows(view: &View<'_>) -> Vec<Row> {
    let Some(office) = &view.model.office else { return Vec::new() };
    let free = office.free_numbers(FREE).into_iter();
    free.map(|(number, trunk)| Row::plain(number.clone(), [number, trunk])).collect()
}
