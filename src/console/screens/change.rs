//! One change: what it says in words, and the office document before and after.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::api::schema::ChangeDocuments;
use crate::console::action::{Action, Request};
use crate::console::difference::{Line, difference};
use crate::console::keymap::{Binding, Hint, hints, look, pressed, write};
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::text::local;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::paint::{put, row, wrapped};

#[derive(Clone, Copy, Debug)]
enum Does {
    Up,
    Down,
    Undo,
}

const KEYS: [Binding<Does>; 3] = [
    look(KeyCode::Up, "↑", Does::Up, "위로", "up"),
    look(KeyCode::Down, "↓", Does::Down, "아래로", "down"),
    write(KeyCode::Char('u'), "u", Does::Undo, "되돌리기", "take it back"),
];

#[derive(Debug)]
pub struct Change {
    id: u64,
    found: Option<(ChangeDocuments, Vec<Line>)>,
    first: usize,
}

impl Change {
    #[must_use]
    pub fn new(id: u64) -> Self {
        Self { id, found: None, first: 0 }
    }

    fn lines(&self, view: &View<'_>, width: u16) -> Vec<(String, Tone)> {
        let Some((found, difference)) = &self.found else { return Vec::new() };
        let change = &found.change;
        let when = local(change.at, view.zone, "%Y-%m-%d %H:%M:%S");
        let mut lines = vec![(format!("{when}  {}", change.who), Tone::Plain)];
        for words in &change.changes {
            let parts = wrapped(view.say(words), usize::from(width.saturating_sub(2)));
            lines.extend(parts.into_iter().map(|part| (format!("· {part}"), Tone::Plain)));
        }
        let legend = view.pick("- 전    + 후", "- before    + after");
        lines.extend([(String::new(), Tone::Plain), (legend.to_owned(), Tone::Dim)]);
        lines.extend(difference.iter().map(|line| match line {
            Line::Same(text) => (format!("  {text}"), Tone::Dim),
            Line::Gone(text) => (format!("- {text}"), Tone::Bad),
            Line::New(text) => (format!("+ {text}"), Tone::Good),
            Line::Gap => ("  ⋯".to_owned(), Tone::Dim),
        }));
        lines
    }
}

impl Screen for Change {
    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("변경", "Change"), self.id)
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        hints(&KEYS, view.may_write)
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let lines = self.lines(view, area.width);
        let page = usize::from(area.height);
        self.first = self.first.min(lines.len().saturating_sub(page));
        for (index, (text, tone)) in lines.iter().skip(self.first).take(page).enumerate() {
            let line = row(area, index);
            put(buffer, (line.x, line.y), line.width, text, view.theme.tone(*tone));
        }
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        match pressed(&KEYS, key, view.may_write) {
            Some(Does::Up) => self.first = self.first.saturating_sub(1),
            Some(Does::Down) => self.first += 1,
            Some(Does::Undo) => return Action::Ask(Request::Revert { change: self.id }),
            None => return Action::Ignored,
        }
        Action::Redraw
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Change(self.id))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Change(found) = report
            && found.change.id == self.id
        {
            let lines = difference(&found.before, &found.after);
            self.found = Some(((**found).clone(), lines));
            return Action::Redraw;
        }
        Action::Ignored
    }
}
