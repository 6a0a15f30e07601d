//! A form on a page of its own: checked while it is filled in, saved with Enter.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::api::refusal::Refusal;
use crate::api::schema::comparison::OfficeComparison;
use crate::api::schema::schema::OfficeChanges;
use crate::console::action::{Action, Request};
use crate::console::keymap::Hint;
use crate::console::report::{Report, outcome};
use crate::console::screen::Screen;
use crate::console::screens::form::comparing::{Comparing, Heard};
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
    /// The last check has not been answered yet.
    is_checking: bool,
    save: Option<u64>,
    /// Esc was pressed once although something has been changed.
    is_warned: bool,
    compares: Option<Comparing>,
}

impl Page {
    #[must_use]
    pub fn new(title: Words, form: Form) -> Self {
        Self {
            title,
            form,
            check: 0,
            is_checking: false,
            save: None,
            is_warned: false,
            compares: None,
        }
    }

    /// A form whose changes may send calls elsewhere: it says how many of yesterday's.
    #[must_use]
    pub fn comparing(title: Words, form: Form) -> Self {
        Self { compares: Some(Comparing::default()), ..Self::new(title, form) }
    }

    fn compare(&mut self) -> Action {
        let Some(ticket) = self.compares.as_mut().and_then(Comparing::ask) else {
            return Action::Redraw;
        };
        let edits = vec![self.form.edit()];
        Action::Ask(Request::Setup(SetupRequest::Compare { edits, ticket }))
    }

    fn compared(&mut self, answered: u64, told: Option<&OfficeComparison>) -> Action {
        let heard = self.compares.as_mut().map(|compares| compares.hear(answered, told));
        match heard {
            None | Some(Heard::Nothing) => Action::Ignored,
            Some(Heard::AskAgain) if self.form.is_sound() => self.compare(),
            Some(Heard::AskAgain) => Action::Redraw,
            Some(Heard::Seen { words, is_awaited }) => {
                self.form.notice = Some(words);
                if is_awaited { Action::Say(once_more()) } else { Action::Redraw }
            }
            Some(Heard::Save) => self.send(),
        }
    }

    fn checked(&mut self, place: &str, verdict: &Result<OfficeChanges, Refusal>) -> Action {
        self.is_checking = false;
        self.form.judge(place, verdict);
        if self.form.is_sound() {
            return self.compare();
        }
        let is_awaited = self.compares.as_mut().is_some_and(Comparing::give_up);
        match verdict {
            _ if !is_awaited => Action::Redraw,
            Ok(_) => self.send(),
            Err(_) => Action::Say(outcome(verdict)),
        }
    }

    fn check(&mut self) -> Action {
        self.form.notice = None;
        self.is_warned = false;
        self.is_checking = true;
        if let Some(compares) = &mut self.compares {
            compares.changed();
        }
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
        let is_wanted = self.is_checking || self.form.is_sound();
        if is_wanted && self.compares.as_mut().is_some_and(|compares| !compares.may_save()) {
            return self.wait();
        }
        self.send()
    }

    /// What is saved at once is compared all the same, and saved when that is known.
    fn wait(&mut self) -> Action {
        let words = Words::new(
            "저장하기 전에 어제 전화와 비교하고 있습니다 …",
            "looking at yesterday's calls before it is saved …",
        );
        let asked = if self.is_checking { Action::Redraw } else { self.compare() };
        Action::Several(vec![Action::Say(words), asked])
    }

    fn send(&mut self) -> Action {
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

fn once_more() -> Words {
    Words::new(
        "그래도 저장하려면 Enter를 한 번 더 누르세요",
        "Enter once more saves it all the same",
    )
}

#[must_use]
pub fn read_only() -> Words {
    Words::new("보기 전용입니다", "you may look, not change (--read-only)")
}

impl Screen for Page {
    fn title(&self, view: &View<'_>) -> String {
        view.say(&self.title).to_owned()
    }

    fn is_writing(&self) -> bool {
        true
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
            return self.checked(place, verdict);
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
