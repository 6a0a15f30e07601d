//! What holds for the whole office.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::console::action::{Action, Place};
use crate::console::document::{Document, find, said};
use crate::console::edit::Target;
use crate::console::keymap::{Binding, Hint, IN_LISTS, hints, pressed, write};
use crate::console::screen::Screen;
use crate::console::screens::page::Page;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::console::widgets::table::{Column, Row, Table, Width, column};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
struct Change;

const KEYS: [Binding<Change>; 1] = [write(KeyCode::Enter, "Enter", Change, "바꾸기", "change")];

const COLUMNS: [Column; 2] =
    [column("정해진 것", "RULE", Width::Columns(36)), column("값", "NOW", Width::Share(1))];

#[derive(Debug, Default)]
pub struct Policies {
    table: Table,
}

impl Screen for Policies {
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
        if self.table.key(key, &rows(view)) {
            return Action::Redraw;
        }
        match pressed(&KEYS, key, view.may_write) {
            Some(Change) => Action::Open(Place::Policies),
            None => Action::Ignored,
        }
    }
}

fn rows(view: &View<'_>) -> Vec<Row> {
    let Some(office) = &view.model.office else { return Vec::new() };
    let row = |field: &Field| {
        let label = view.say(&field.label).to_owned();
        Row::plain(
            field.path.clone(),
            [label, field.original.as_ref().map(said).unwrap_or_default()],
        )
    };
    fields(office).iter().map(row).collect()
}

#[must_use]
pub fn policies(view: &View<'_>) -> Option<Page> {
    let office = view.model.office.as_ref()?;
    let title = Words::new("정책 바꾸기", "Change the rules");
    Some(Page::new(title, Form::new(Target::Whole, fields(office))))
}

fn fields(office: &Document) -> Vec<Field> {
    let at = |path: &str| find(office.whole(), path);
    vec![
        Field::text(
            "policies.dial_out.home",
            Words::new("이 사무실의 국가 번호", "This office's country code"),
            Words::new("예: 82", "such as 82"),
            at("policies.dial_out.home"),
        ),
        Field::words(
            "policies.dial_out.countries",
            Words::new("걸 수 있는 나라", "Countries that may be called"),
            Words::new("국가 번호를 쉼표로: +82, +1", "country codes, parted by commas: +82, +1"),
            at("policies.dial_out.countries"),
        ),
        Field::words(
            "policies.dial_out.emergency",
            Words::new("언제나 걸 수 있는 긴급 번호", "Emergency numbers, always allowed"),
            Words::new("쉼표로: 112, 119", "parted by commas: 112, 119"),
            at("policies.dial_out.emergency"),
        ),
    ]
}
