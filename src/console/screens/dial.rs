//! Calls somebody: one's own phone rings first.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use serde_json::json;

use crate::console::action::{Action, Request};
use crate::console::document::word;
use crate::console::edit::Target;
use crate::console::keymap::Hint;
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::words::Words;

const HINTS: [Hint; 3] = [
    Hint { label: "↑↓", ko: "이동", en: "move" },
    Hint { label: "Enter", ko: "걸기", en: "call" },
    Hint { label: "Esc", ko: "그만두기", en: "leave" },
];

#[derive(Debug)]
pub struct Dial {
    form: Form,
}

impl Dial {
    #[must_use]
    pub fn new(view: &View<'_>, to: &str) -> Self {
        let agents = view.model.office.as_ref().map_or(&[][..], |office| office.items("agents"));
        let choice = |agent: &serde_json::Value| {
            let extension = word(agent, "extension");
            let said = format!("{extension} {}", word(agent, "name"));
            Choice::new(Some(json!(extension)), &said, &said)
        };
        let choices: Vec<Choice> = agents.iter().map(choice).collect();
        let first = choices.first().and_then(|choice| choice.value.clone());
        let number = json!(to);
        let fields = vec![
            Field::text(
                "to",
                Words::new("걸 번호", "Number"),
                Words::new("전화번호나 내선", "a telephone number or an extension"),
                Some(&number),
            ),
            Field::choice(
                "agent",
                Words::new("먼저 울릴 사람", "Whose phone rings first"),
                choices,
                first.as_ref(),
            ),
        ];
        Self { form: Form::new(Target::Whole, fields) }
    }
}

impl Screen for Dial {
    fn title(&self, view: &View<'_>) -> String {
        view.pick("전화 걸기", "Call somebody").to_owned()
    }

    fn hints(&self, _view: &View<'_>) -> Vec<Hint> {
        HINTS.to_vec()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        self.form.draw(view, area, buffer);
    }

    fn key(&mut self, key: KeyEvent, _view: &View<'_>) -> Action {
        if key.code == KeyCode::Enter {
            let (agent, to) = (self.form.text("agent"), self.form.text("to"));
            return Action::Ask(Request::Originate { agent, to });
        }
        if self.form.key(key) { Action::Redraw } else { Action::Ignored }
    }

    fn paste(&mut self, text: &str, _view: &View<'_>) -> Action {
        if self.form.paste(text) { Action::Redraw } else { Action::Ignored }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        let Report::Done(words) = report else { return Action::Ignored };
        Action::Leave(words.clone())
    }
}
