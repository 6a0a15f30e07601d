//! A screen that is one list: what stands in it is all that such screens differ in.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use crate::console::action::{Action, Narrowing, Request};
use crate::console::keymap::{Binding, Hint, IN_LISTS, SEARCHING, hints, pressed};
use crate::console::model::Connection;
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::paint::{row, wrapped};
use crate::console::widgets::table::{Column, Row, Table};
use crate::words::Words;

/// What is listed, and what its keys do.
pub trait Listed: std::fmt::Debug {
    type Does: Copy + std::fmt::Debug + 'static;

    const COLUMNS: &'static [Column];

    /// Its keys beside those that every list has.
    const KEYS: &'static [Binding<Self::Does>];

    /// What stands above it; empty for those that the bar names.
    fn title(&self, _view: &View<'_>) -> String {
        String::new()
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row>;

    /// What is said where there are no rows, in Korean and English.
    fn nothing(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    /// Lines above the list.
    fn above(&self, _view: &View<'_>, _width: usize) -> Vec<Line> {
        Vec::new()
    }

    /// `chosen` is the id of the row one stands on.
    fn does(&mut self, does: Self::Does, chosen: Option<&str>, view: &View<'_>) -> Action;

    /// One has come to the last row: there may be more to ask for.
    fn at_end(&mut self) -> Action {
        Action::Redraw
    }

    fn wanted(&self) -> Option<Request> {
        None
    }

    fn told(&mut self, _report: &Report, _view: &View<'_>) -> Action {
        Action::Ignored
    }

    /// For what can be narrowed; the list begins anew when something is asked for it.
    fn narrow(&mut self, _to: &Narrowing) -> Option<Request> {
        None
    }
}

#[derive(Debug, Default)]
pub struct List<L> {
    listed: L,
    table: Table,
}

impl<L: Listed> List<L> {
    #[must_use]
    pub fn new(listed: L) -> Self {
        Self { listed, table: Table::default() }
    }

    /// Draws what stands above, and answers where the list begins.
    fn draw_above(&self, view: &View<'_>, area: Rect, buffer: &mut Buffer) -> Rect {
        let lines = self.listed.above(view, usize::from(area.width));
        for (index, line) in lines.iter().enumerate() {
            line.draw(view, row(area, index), buffer);
        }
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
        Rect { y: area.y + height, height: area.height - height, ..area }
    }
}

/// Why a list is empty, under where its head is.
pub(crate) fn draw_nothing(
    view: &View<'_>,
    (ko, en): (&str, &str),
    area: Rect,
    buffer: &mut Buffer,
) {
    // Nobody knows what is there while the daemon does not answer.
    let text = match view.model.connection {
        Connection::Up => view.speech.pick(ko, en),
        Connection::Trying | Connection::Down(_) => {
            view.pick("나루가 답하면 보입니다", "it is shown when naru answers")
        }
    };
    for (index, line) in wrapped(text, usize::from(area.width)).iter().enumerate() {
        Line::toned(line.as_str(), Tone::Dim).draw(view, row(area, 1 + index), buffer);
    }
}

fn nothing_chosen() -> Words {
    Words::new("고를 것이 없습니다", "there is nothing in the list to do that with")
}

impl<L: Listed> Screen for List<L> {
    fn title(&self, view: &View<'_>) -> String {
        self.listed.title(view)
    }

    fn is_writing(&self) -> bool {
        self.table.is_searching()
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        if self.table.is_searching() {
            return SEARCHING.to_vec();
        }
        hints(L::KEYS, view.may_write).into_iter().chain(IN_LISTS).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let rows = self.listed.rows(view);
        let below = self.draw_above(view, area, buffer);
        if rows.is_empty() {
            let (ko, en) = self.listed.nothing();
            draw_nothing(view, (ko, en), below, buffer);
        }
        self.table.draw(view, (below, buffer), (L::COLUMNS, &rows), !rows.is_empty());
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let rows = self.listed.rows(view);
        if self.table.key(key, &rows) {
            let is_at_end = self.table.is_at_end(&rows);
            return if is_at_end { self.listed.at_end() } else { Action::Redraw };
        }
        if self.table.is_searching() {
            return Action::Ignored;
        }
        let Some(does) = pressed(L::KEYS, key, view.may_write) else { return Action::Ignored };
        let chosen = self.table.chosen(&rows).map(|row| row.id.as_str());
        let done = self.listed.does(does, chosen, view);
        if chosen.is_none() && done == Action::Ignored {
            return Action::Say(nothing_chosen());
        }
        done
    }

    fn wanted(&self) -> Option<Request> {
        self.listed.wanted()
    }

    fn told(&mut self, report: &Report, view: &View<'_>) -> Action {
        self.listed.told(report, view)
    }

    fn narrow(&mut self, to: &Narrowing) -> Option<Request> {
        let wanted = self.listed.narrow(to);
        if wanted.is_some() {
            self.table = Table::default();
        }
        wanted
    }
}
