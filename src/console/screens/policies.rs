//! What holds for the whole office.

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Place};
use crate::console::document::{Document, find, said};
use crate::console::edit::Target;
use crate::console::keymap::{Binding, write};
use crate::console::screens::list::Listed;
use crate::console::screens::page::Page;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub struct Change;

#[derive(Debug, Default)]
pub struct Policies;

impl Listed for Policies {
    type Does = Change;

    const COLUMNS: &'static [Column] =
        &[column("정해진 것", "RULE", Width::Columns(36)), column("값", "NOW", Width::Share(1))];

    const KEYS: &'static [Binding<Change>] =
        &[write(KeyCode::Enter, "Enter", Change, "바꾸기", "change")];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        rows(view)
    }

    fn does(&mut self, _does: Change, _chosen: Option<&str>, _view: &View<'_>) -> Action {
        Action::Open(Place::Policies)
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
