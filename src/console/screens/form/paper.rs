//! A page to read: its text may be longer than the screen.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

use crate::console::action::{Action, Narrowing, Request};
use crate::console::keymap::{Binding, Hint, IN_TEXTS, hints, pressed};
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::paint::row;
use crate::words::Words;

/// What stands on such a page, and what its keys do.
pub trait Reading: std::fmt::Debug {
    type Does: Copy + std::fmt::Debug + 'static;

    /// Its keys beside those that move the text.
    const KEYS: &'static [Binding<Self::Does>];

    fn title(&self, view: &View<'_>) -> String;

    /// The whole text in lines of at most `width` columns.
    fn lines(&self, view: &View<'_>, width: usize) -> Vec<Line>;

    fn does(&mut self, does: Self::Does, view: &View<'_>) -> Action;

    fn wanted(&self) -> Option<Request> {
        None
    }

    fn told(&mut self, _report: &Report, _view: &View<'_>) -> Action {
        Action::Ignored
    }

    /// What is to be known by whoever leaves; they leave with Esc once more.
    fn leaving(&self) -> Option<Words> {
        None
    }

    /// For what can be narrowed.
    fn narrow(&mut self, _to: &Narrowing) -> Option<Request> {
        None
    }
}

#[derive(Debug)]
pub struct Paper<R> {
    reading: R,
    first: usize,
    /// Lines on the screen, for the page keys.
    page: usize,
    /// Esc was pressed once although there is something to be known.
    is_warned: bool,
}

impl<R: Reading> Paper<R> {
    #[must_use]
    pub fn new(reading: R) -> Self {
        Self { reading, first: 0, page: 1, is_warned: false }
    }

    /// Whether the key moved the text.
    fn turn(&mut self, key: KeyEvent) -> bool {
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return false;
        }
        #[expect(clippy::wildcard_enum_match_arm, reason = "a keyboard has more keys than a page")]
        match key.code {
            KeyCode::Up => self.first = self.first.saturating_sub(1),
            KeyCode::Down => self.first = self.first.saturating_add(1),
            KeyCode::PageUp => self.first = self.first.saturating_sub(self.page),
            KeyCode::PageDown => self.first = self.first.saturating_add(self.page),
            KeyCode::Home => self.first = 0,
            KeyCode::End => self.first = usize::MAX,
            _ => return false,
        }
        true
    }
}

impl<R: Reading> Screen for Paper<R> {
    fn title(&self, view: &View<'_>) -> String {
        self.reading.title(view)
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        hints(R::KEYS, view.may_write).into_iter().chain(IN_TEXTS).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let lines = self.reading.lines(view, usize::from(area.width));
        self.page = usize::from(area.height).max(1);
        self.first = self.first.min(lines.len().saturating_sub(self.page));
        for (index, line) in lines.iter().skip(self.first).take(self.page).enumerate() {
            line.draw(view, row(area, index), buffer);
        }
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let warned = std::mem::take(&mut self.is_warned);
        if key.code == KeyCode::Esc
            && !warned
            && let Some(words) = self.reading.leaving()
        {
            self.is_warned = true;
            return Action::Say(words);
        }
        if let Some(does) = pressed(R::KEYS, key, view.may_write) {
            return self.reading.does(does, view);
        }
        if self.turn(key) { Action::Redraw } else { Action::Ignored }
    }

    fn wanted(&self) -> Option<Request> {
        self.reading.wanted()
    }

    fn told(&mut self, report: &Report, view: &View<'_>) -> Action {
        self.reading.told(report, view)
    }

    fn narrow(&mut self, to: &Narrowing) -> Option<Request> {
        self.reading.narrow(to)
    }
}
