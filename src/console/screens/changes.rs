//! What was changed, by whom, and the key that takes it back.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::schema::ChangeLine;
use crate::console::action::{Action, Place, Request};
use crate::console::keymap::{Binding, look, write};
use crate::console::pages::Pages;
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::live::Update;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Open,
    Undo,
}

#[derive(Debug, Default)]
pub struct Changes {
    changes: Pages<ChangeLine>,
}

impl Listed for Changes {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("언제", "WHEN", Width::Columns(11)),
        column("누가", "WHO", Width::Columns(12)),
        column("무엇을", "WHAT", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Open, "전과 후", "before and after"),
        write(KeyCode::Char('u'), "u", Does::Undo, "되돌리기", "take it back"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let row = |change: &ChangeLine| {
            let what: Vec<&str> = change.changes.iter().map(|words| view.say(words)).collect();
            let cells = [view.moment(change.at), change.who.clone(), what.join("; ")];
            Row::plain(change.id.to_string(), cells)
        };
        self.changes.items().iter().map(row).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "아직 아무것도 바뀌지 않았습니다. 저장한 것은 모두 여기에서 되돌릴 수 있습니다",
            "nothing has been changed yet; whatever is saved can be taken back here",
        )
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        let Some(change) = chosen.and_then(|id| id.parse().ok()) else { return Action::Ignored };
        match does {
            Does::Open => Action::Open(Place::Change(change)),
            Does::Undo => Action::Ask(Request::Revert { change }),
        }
    }

    fn at_end(&mut self) -> Action {
        let more = self.changes.more();
        more.map_or(Action::Redraw, |next| Action::Ask(Request::Changes { before: Some(next) }))
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Changes { before: None })
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Changes { page, is_first } = report {
            self.changes.take(&page.changes, page.next, *is_first);
            return Action::Redraw;
        }
        if let Report::Update(Update::OfficeChanged) = report {
            return Action::Ask(Request::Changes { before: None });
        }
        Action::Ignored
    }
}
