//! A screen: it draws itself, answers keys, and is told what the daemon reports.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use crate::console::action::{Action, Narrowing, Request};
use crate::console::keymap::Hint;
use crate::console::report::Report;
use crate::console::view::View;

pub trait Screen: std::fmt::Debug {
    /// What stands above it; empty for those that the bar names.
    fn title(&self, view: &View<'_>) -> String;

    /// Its keys, for the footer and the help.
    fn hints(&self, view: &View<'_>) -> Vec<Hint>;

    /// Whether letters are typed here: then they are no keys of the app.
    fn is_writing(&self) -> bool {
        false
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer);

    /// What it does not want is the app's.
    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action;

    /// Text that was pasted; for those that have a place to write.
    fn paste(&mut self, _text: &str, _view: &View<'_>) -> Action {
        Action::Ignored
    }

    /// Every time it comes to be seen, and when the daemon is there again.
    fn wanted(&self) -> Option<Request> {
        None
    }

    fn told(&mut self, _report: &Report, _view: &View<'_>) -> Action {
        Action::Ignored
    }

    /// For the list that can be narrowed.
    fn narrow(&mut self, _to: &Narrowing) -> Option<Request> {
        None
    }
}
