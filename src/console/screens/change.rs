//! One change: what it says in words, and the office document before and after.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::schema::ChangeDocuments;
use crate::console::action::{Action, Request};
use crate::console::difference::{Line as Compared, difference};
use crate::console::keymap::{Binding, write};
use crate::console::report::Report;
use crate::console::screens::form::paper::Reading;
use crate::console::text::local;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Undo,
}

#[derive(Debug)]
pub struct Change {
    id: u64,
    found: Option<(ChangeDocuments, Vec<Compared>)>,
}

impl Change {
    #[must_use]
    pub fn new(id: u64) -> Self {
        Self { id, found: None }
    }
}

impl Reading for Change {
    type Does = Does;

    const KEYS: &'static [Binding<Does>] =
        &[write(KeyCode::Char('u'), "u", Does::Undo, "되돌리기", "take it back")];

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("변경", "Change"), self.id)
    }

    fn lines(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let Some((found, difference)) = &self.found else { return Vec::new() };
        let change = &found.change;
        let when = local(change.at, view.zone, "%Y-%m-%d %H:%M:%S");
        let mut lines = vec![Line::plain(format!("{when}  {}", change.who))];
        for words in &change.changes {
            lines.extend(Line::wrapped("·", view.say(words), width, 2, Tone::Plain));
        }
        let legend = view.pick("- 전    + 후", "- before    + after");
        lines.extend([Line::default(), Line::toned(legend, Tone::Dim)]);
        lines.extend(difference.iter().map(|line| match line {
            Compared::Same(text) => Line::toned(format!("  {text}"), Tone::Dim),
            Compared::Gone(text) => Line::toned(format!("- {text}"), Tone::Bad),
            Compared::New(text) => Line::toned(format!("+ {text}"), Tone::Good),
            Compared::Gap => Line::toned("  ⋯", Tone::Dim),
        }));
        lines
    }

    fn does(&mut self, does: Does, _view: &View<'_>) -> Action {
        match does {
            Does::Undo => Action::Ask(Request::Revert { change: self.id }),
        }
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
