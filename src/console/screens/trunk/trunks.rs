//! The trunks to providers, and what one can be told.

use ratatui::crossterm::event::KeyCode;
use serde_json::Value;

use crate::console::action::{Action, Place};
use crate::console::document::{word, words};
use crate::console::edit::Target;
use crate::console::keymap::{Binding, look, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::saving::Saving;
use crate::console::setup::SetupPlace;
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Open,
    Test,
    New,
    Remove,
}

#[derive(Debug, Default)]
pub struct Trunks {
    saving: Saving,
}

impl Listed for Trunks {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("회선", "TRUNK", Width::Columns(18)),
        column("상태", "STATE", Width::Columns(14)),
        column("통신사 주소", "PROVIDER", Width::Columns(24)),
        column("번호", "NUMBERS", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Open, "설정", "settings"),
        look(KeyCode::Char('t'), "t", Does::Test, "시험", "test"),
        write(KeyCode::Char('n'), "n", Does::New, "새 회선", "new trunk"),
        write(KeyCode::Char('x'), "x", Does::Remove, "삭제", "remove"),
    ];

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "회선이 없습니다. 회선은 통신사가 준 연결입니다. n으로 하나를 적습니다",
            "no trunks: a trunk is the line to your telephone company; n adds one",
        )
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(office) = &view.model.office else { return Vec::new() };
        office.items("trunks").iter().map(|trunk| trunk_row(view, trunk)).collect()
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        match (does, chosen.map(str::to_owned)) {
            (Does::New, _) => Action::Open(Place::NewTrunk),
            (Does::Open, Some(name)) => Action::Open(Place::Trunk(name)),
            (Does::Test, Some(name)) => Action::Open(Place::Setup(SetupPlace::TrunkTest(name))),
            (Does::Remove, Some(name)) => self.remove(name),
            (Does::Open | Does::Test | Does::Remove, None) => Action::Ignored,
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        self.saving.told(report)
    }
}

impl Trunks {
    fn remove(&mut self, name: String) -> Action {
        let question = Words::new(
            format!("회선 {name}을(를) 삭제할까요? 이 회선으로는 전화가 오가지 않습니다"),
            format!("Remove the trunk {name}? No call will come or go by it"),
        );
        let target = Target::Item { section: "trunks", key: "name", id: name };
        self.saving.remove(target, question)
    }
}

fn trunk_row(view: &View<'_>, trunk: &Value) -> Row {
    let name = word(trunk, "name");
    let state = view.model.trunks.iter().find(|state| state.name == name);
    let (state, tone) = state.map_or(("", Tone::Dim), |state| names::link(state.link, view.speech));
    let server = word(trunk, "register.server");
    let provider = if server.is_empty() { word(trunk, "peer") } else { server };
    let cells = vec![
        (name.clone(), Tone::Plain),
        (format!("{} {state}", lamp(tone)), tone),
        (provider, Tone::Plain),
        (words(trunk, "blocks").join(", "), Tone::Plain),
    ];
    Row { id: name, cells }
}
