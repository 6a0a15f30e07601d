//! A form on a page of its own: checked while it is filled in, saved with Enter.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::api::comparison_schema::OfficeComparison;
use crate::console::action::{Action, Request};
use crate::console::keymap::Hint;
use crate::console::report::{Report, outcome};
use crate::console::screen::Screen;
use crate::console::setup::{SetupReport, SetupRequest};
use crate::console::ticket;
use crate::console::view::View;
use crate::console::widgets::form::Form;
use crate::words::Words;

const HINTS: [Hint; 4] = [
    Hint { label: "↑↓", ko: "이동", en: "move" },
    Hint { label: "←→", ko: "고르기", en: "choose" },
    Hint { label: "Enter", ko: "저장", en: "save" },
    Hint { label: "Esc", ko: "그만두기", en: "leave" },
];

#[derive(Debug)]
pub struct Page {
    title: Words,
    pub form: Form,
    check: u64,
    save: Option<u64>,
    /// Esc was pressed once although something has been changed.
    is_warned: bool,
    compares: Option<Comparing>,
}

/// What is known of the calls that a change would send elsewhere.
#[derive(Debug, Default)]
struct Comparing {
    /// It has been asked, and not been answered yet.
    asked: Option<u64>,
    /// More was changed in the meantime.
    is_stale: bool,
}

impl Page {
    #[must_use]
    pub fn new(title: Words, form: Form) -> Self {
        Self { title, form, check: 0, save: None, is_warned: false, compares: None }
    }

    /// A form whose changes may send calls elsewhere: it says how many of yesterday's.
    #[must_use]
    pub fn comparing(title: Words, form: Form) -> Self {
        Self { compares: Some(Comparing::default()), ..Self::new(title, form) }
    }

    /// One question at a time, however fast somebody writes.
    fn compare(&mut self) -> Action {
        let Some(compares) = &mut self.compares else { return Action::Redraw };
        if compares.asked.is_some() {
            compares.is_stale = true;
            return Action::Redraw;
        }
        let ticket = ticket::next();
        *compares = Comparing { asked: Some(ticket), is_stale: false };
        let edits = vec![self.form.edit()];
        Action::Ask(Request::Setup(SetupRequest::Compare { edits, ticket }))
    }

    fn compared(&mut self, answered: u64, told: Option<&OfficeComparison>) -> Action {
        let Some(compares) = &mut self.compares else { return Action::Ignored };
        if compares.asked != Some(answered) {
            return Action::Ignored;
        }
        compares.asked = None;
        if compares.is_stale && self.form.is_sound() {
            return self.compare();
        }
        self.form.notice = told.map(OfficeComparison::words);
        Action::Redraw
    }

    fn check(&mut self) -> Action {
        self.form.notice = None;
        self.is_warned = false;
        self.check = ticket::next();
        Action::Ask(Request::Check { edits: vec![self.form.edit()], ticket: self.check })
    }

    fn save(&mut self, view: &View<'_>) -> Action {
        if !view.may_write {
            return Action::Say(read_only());
        }
        if !self.form.is_changed() && self.form.always.is_empty() {
            return Action::Leave(Words::new("바뀐 것이 없습니다", "nothing has been changed"));
        }
        let ticket = ticket::next();
        self.save = Some(ticket);
        Action::Ask(Request::Save { edits: vec![self.form.edit()], ticket })
    }

    fn leave(&mut self) -> Action {
        if self.form.is_changed() && !self.is_warned {
            self.is_warned = true;
            return Action::Say(Words::new(
                "저장하지 않은 것이 있습니다. 버리려면 Esc를 한 번 더 누르세요",
                "there are unsaved changes; Esc again drops them, Enter saves them",
            ));
        }
        Action::Back
    }
}

#[must_use]
pub fn read_only() -> Words {
    Words::new("보기 전용입니다", "you may look, not change (--read-only)")
}

impl Screen for Page {
    fn title(&self, view: &View<'_>) -> String {
        view.say(&self.title).to_owned()
    }

    fn hints(&self, _view: &View<'_>) -> Vec<Hint> {
        HINTS.to_vec()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        self.form.draw(view, area, buffer);
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is the form's")]
        match key.code {
            KeyCode::Enter => self.save(view),
            KeyCode::Esc => self.leave(),
            KeyCode::Up | KeyCode::Down | KeyCode::Tab | KeyCode::BackTab => {
                self.form.key(key);
                Action::Redraw
            }
            _ if self.form.key(key) => self.check(),
            _ => Action::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _view: &View<'_>) -> Action {
        if self.form.paste(text) { self.check() } else { Action::Ignored }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Checked { ticket, place, verdict } = report
            && *ticket == self.check
        {
            self.form.judge(place, verdict);
            return if self.form.is_sound() { self.compare() } else { Action::Redraw };
        }
        if let Report::Setup(SetupReport::Compared { ticket, told }) = report {
            return self.compared(*ticket, told.as_ref());
        }
        if let Report::Saved { ticket, place, verdict } = report
            && Some(*ticket) == self.save
        {
            self.save = None;
            self.form.judge(place, verdict);
            let words = outcome(verdict);
            return if verdict.is_ok() { Action::Leave(words) } else { Action::Say(words) };
        }
        Action::Ignored
    }
}
