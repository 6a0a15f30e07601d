//! Lists that belong together on one screen, one seen at a time.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::console::action::{Action, Narrowing, Request};
use crate::console::keymap::{Hint, IN_LISTS};
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::theme::{Theme, Tone};
use crate::console::view::View;
use crate::console::widgets::paint::{row, run};

const SWITCH: Hint = Hint { label: "Tab", ko: "다음 목록", en: "next list" };

/// Name in Korean and English, and what is seen under it.
pub type Tab = (&'static str, &'static str, Box<dyn Screen>);

#[derive(Debug)]
pub struct Tabs {
    tabs: Vec<Tab>,
    at: usize,
}

impl Tabs {
    /// At least one.
    #[must_use]
    pub fn new(first: Tab, others: impl IntoIterator<Item = Tab>) -> Self {
        Self { tabs: std::iter::once(first).chain(others).collect(), at: 0 }
    }

    fn here(&self) -> &dyn Screen {
        self.tabs[self.at].2.as_ref()
    }

    fn here_mut(&mut self) -> &mut dyn Screen {
        self.tabs[self.at].2.as_mut()
    }

    fn step(&mut self, by: usize) -> Action {
        self.at = (self.at + by) % self.tabs.len();
        self.here().wanted().map_or(Action::Redraw, Action::Ask)
    }
}

impl Screen for Tabs {
    fn title(&self, _view: &View<'_>) -> String {
        String::new()
    }

    fn is_writing(&self) -> bool {
        self.here().is_writing()
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        let mut hints = self.here().hints(view);
        if self.is_writing() {
            return hints;
        }
        // Before those that every list has: a narrow footer shows the first ones.
        let usual = [IN_LISTS[0].label, IN_LISTS[1].label];
        let place = hints.iter().position(|hint| usual.contains(&hint.label));
        hints.insert(place.unwrap_or(hints.len()), SWITCH);
        hints
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let mut pieces = Vec::new();
        for (index, (ko, en, _)) in self.tabs.iter().enumerate() {
            let style =
                if index == self.at { Theme::selected() } else { view.theme.tone(Tone::Dim) };
            pieces.push((format!(" {} ", view.pick(ko, en)), style));
            pieces.push((" ".to_owned(), view.theme.tone(Tone::Plain)));
        }
        pieces.push((format!(" {} ›", SWITCH.label), view.theme.key()));
        run(buffer, row(area, 0), &pieces);
        let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.here_mut().draw(view, below, buffer);
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let done = self.here_mut().key(key, view);
        if done != Action::Ignored || self.is_writing() {
            return done;
        }
        let last = self.tabs.len() - 1;
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is the app's")]
        match key.code {
            KeyCode::Tab => self.step(1),
            KeyCode::BackTab => self.step(last),
            _ => Action::Ignored,
        }
    }

    fn paste(&mut self, text: &str, view: &View<'_>) -> Action {
        self.here_mut().paste(text, view)
    }

    fn wanted(&self) -> Option<Request> {
        self.here().wanted()
    }

    /// All are told; what is not seen now is right when it is.
    fn told(&mut self, report: &Report, view: &View<'_>) -> Action {
        let told = self.tabs.iter_mut().map(|(_, _, screen)| screen.told(report, view));
        Action::Several(told.filter(|action| *action != Action::Ignored).collect())
    }

    fn narrow(&mut self, to: &Narrowing) -> Option<Request> {
        self.tabs.iter_mut().find_map(|(_, _, screen)| screen.narrow(to))
    }
}
