//! Who sits at this console: asked once, when it first matters whose phone shall ring.

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Errand};
use crate::console::keymap::{Binding, look};
use crate::console::names;
use crate::console::screens::form::list::Listed;
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};

#[derive(Debug)]
pub struct Myself {
    errand: Errand,
}

impl Myself {
    #[must_use]
    pub fn new(errand: Errand) -> Self {
        Self { errand }
    }
}

impl Listed for Myself {
    type Does = ();

    const COLUMNS: &'static [Column] = &[
        column("내선", "EXT", Width::Columns(6)),
        column("이름", "NAME", Width::Share(2)),
        column("상태", "STATE", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<()>] =
        &[look(KeyCode::Enter, "Enter", (), "나입니다", "that is me")];

    fn title(&self, view: &View<'_>) -> String {
        view.pick("내 내선", "My extension").to_owned()
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let text = view.pick(
            "누구의 전화기를 먼저 울릴까요? 콘솔을 끝낼 때까지 기억합니다",
            "Whose phone rings first? Remembered until the console is left",
        );
        vec![Line::toned(text, Tone::Dim), Line::default()]
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let agents = view.model.present_agents().into_iter();
        agents
            .map(|agent| {
                let (state, tone) = names::agent(agent, view.speech);
                let cells = vec![
                    (agent.extension.to_string(), Tone::Plain),
                    (agent.name.clone(), Tone::Plain),
                    (format!("{} {state}", lamp(tone)), tone),
                ];
                Row { id: agent.extension.to_string(), cells }
            })
            .collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        ("매니저가 없습니다. 3 사람에서 만드세요", "there is nobody; make people on screen 3")
    }

    fn does(&mut self, (): (), chosen: Option<&str>, _view: &View<'_>) -> Action {
        chosen.map_or(Action::Ignored, |me| Action::Become(me.to_owned(), self.errand.clone()))
    }
}
