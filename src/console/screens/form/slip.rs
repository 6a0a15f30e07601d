//! A form that is filled in and sent off with Enter: a filter, a note, a number to call.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::console::action::{Action, Request};
use crate::console::edit::Target;
use crate::console::keymap::Hint;
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::words::Words;

/// What is filled in, and what becomes of it.
pub trait Slip: std::fmt::Debug {
    /// What Enter does, in Korean and English.
    const SEND: (&'static str, &'static str);

    fn title(&self, view: &View<'_>) -> String;

    fn fields(&self, view: &View<'_>) -> Vec<Field>;

    fn send(&self, form: &Form) -> Action;

    /// Something that has to be read before it can be changed.
    fn wanted(&self) -> Option<Request> {
        None
    }

    /// Whether the fields are others now.
    fn told(&mut self, _report: &Report) -> bool {
        false
    }
}

#[derive(Debug)]
pub struct Sent<S> {
    slip: S,
    form: Form,
    is_touched: bool,
    /// It is on its way, and what is done is said of it.
    is_sent: bool,
    /// Esc was pressed once although something has been written.
    is_warned: bool,
}

impl<S: Slip> Sent<S> {
    #[must_use]
    pub fn new(view: &View<'_>, slip: S) -> Self {
        let form = Form::new(Target::Whole, slip.fields(view));
        Self { slip, form, is_touched: false, is_sent: false, is_warned: false }
    }
}

impl<S: Slip> Screen for Sent<S> {
    fn title(&self, view: &View<'_>) -> String {
        self.slip.title(view)
    }

    fn is_writing(&self) -> bool {
        true
    }

    fn hints(&self, _view: &View<'_>) -> Vec<Hint> {
        let (ko, en) = S::SEND;
        vec![
            Hint { label: "Enter", ko, en },
            Hint { label: "Esc", ko: "그만두기", en: "leave" },
            Hint { label: "↑↓", ko: "이동", en: "move" },
            Hint { label: "←→", ko: "고르기", en: "choose" },
        ]
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        self.form.draw(view, area, buffer);
    }

    fn key(&mut self, key: KeyEvent, _view: &View<'_>) -> Action {
        let warned = std::mem::take(&mut self.is_warned);
        if key.code == KeyCode::Esc && !warned && self.is_touched && self.form.is_prose_changed() {
            self.is_warned = true;
            return Action::Say(Words::new(
                "적은 글이 있습니다. 버리려면 Esc를 한 번 더 누르세요",
                "something has been written; Esc again drops it, Enter saves it",
            ));
        }
        if key.code == KeyCode::Enter && key.modifiers.is_empty() {
            let action = self.slip.send(&self.form);
            self.is_sent = matches!(action, Action::Ask(_) | Action::Confirm { .. });
            return action;
        }
        if !self.form.key(key) {
            return Action::Ignored;
        }
        self.is_touched |= self.form.is_changed();
        Action::Redraw
    }

    fn paste(&mut self, text: &str, _view: &View<'_>) -> Action {
        if !self.form.paste(text) {
            return Action::Ignored;
        }
        self.is_touched = true;
        Action::Redraw
    }

    fn wanted(&self) -> Option<Request> {
        self.slip.wanted()
    }

    fn told(&mut self, report: &Report, view: &View<'_>) -> Action {
        if self.slip.told(report) {
            // What somebody writes is not taken from under their hands.
            if !self.is_touched {
                self.form = Form::new(Target::Whole, self.slip.fields(view));
            }
            return Action::Redraw;
        }
        self.is_sent &= !matches!(report, Report::Refused(_));
        report.done().filter(|_| self.is_sent).map_or(Action::Ignored, Action::Leave)
    }
}
