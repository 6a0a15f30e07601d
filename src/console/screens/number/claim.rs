//! Numbers that the trunks bring and nobody has taken.

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Place};
use crate::console::keymap::{Binding, look};
use crate::console::screens::form::list::Listed;
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};

/// More are found by narrowing the block.
const FREE: usize = 2_000;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Take,
    Other,
}

#[derive(Debug, Default)]
pub struct Claim;

impl Listed for Claim {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("비어 있는 번호", "FREE NUMBER", Width::Columns(20)),
        column("회선", "TRUNK", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Take, "이 번호 쓰기", "take it"),
        look(KeyCode::Char('o'), "o", Does::Other, "직접 입력", "type another"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        view.pick("새 번호", "Take a number").to_owned()
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(office) = &view.model.office else { return Vec::new() };
        let free = office.free_numbers(FREE).into_iter();
        free.map(|(number, trunk)| Row::plain(number.clone(), [number, trunk])).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "회선에 남은 번호가 없습니다. o로 직접 적거나 회선에 번호 대역을 더하세요",
            "no trunk brings a free number; o types one, or add numbers to a trunk",
        )
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        match (does, chosen) {
            (Does::Take, Some(id)) => Action::Replace(Place::NewNumber(id.to_owned())),
            (Does::Other, _) => Action::Replace(Place::NewNumber(String::new())),
            (Does::Take, None) => Action::Ignored,
        }
    }
}
