//! The trunks to providers, and what one can be told.

use ratatui::crossterm::event::KeyCode;
use serde_json::{Value, json};

use crate::console::action::{Action, Place};
use crate::console::document::{find, word, words};
use crate::console::edit::Target;
use crate::console::keymap::{Binding, look, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::saving::Saving;
use crate::console::screens::list::Listed;
use crate::console::screens::page::Page;
use crate::console::setup::SetupPlace;
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
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

#[must_use]
pub fn new_trunk() -> Page {
    let mut fields = vec![Field::text(
        "name",
        Words::new("이름", "Name"),
        Words::new(
            "이 회선을 부르는 이름, 예: carrier",
            "what this trunk is called, such as carrier",
        ),
        None,
    )];
    fields.extend(fields_of(&Value::Null));
    let title = Words::new("새 회선", "New trunk");
    Page::new(title, Form::new(Target::New { section: "trunks" }, fields))
}

/// None: there is no such trunk.
#[must_use]
pub fn trunk(view: &View<'_>, name: &str) -> Option<Page> {
    let item = view.model.office.as_ref()?.item("trunks", "name", name)?;
    let target = Target::Item { section: "trunks", key: "name", id: name.to_owned() };
    let title = Words::new(format!("회선 {name}"), format!("Trunk {name}"));
    Some(Page::new(title, Form::new(target, fields_of(item))))
}

fn fields_of(item: &Value) -> Vec<Field> {
    let text = |path: &str, ko: &str, en: &str, help: Words| {
        Field::text(path, Words::new(ko, en), help, find(item, path))
    };
    vec![
        text(
            "label",
            "보이는 이름",
            "Shown as",
            Words::new("화면에 보이는 이름, 비워도 됩니다", "how screens call it; may be empty"),
        ),
        Field::words(
            "blocks",
            Words::new("번호", "Numbers"),
            Words::new(
                "받은 번호나 대역: +827012345600-+827012345699",
                "numbers or ranges: +827012345600-+827012345699",
            ),
            find(item, "blocks"),
        ),
        Field::heading("통신사가 이 주소에서 걸어올 때", "When the provider calls from an address"),
        text(
            "peer",
            "통신사 주소",
            "Its address",
            Words::new("예: 203.0.113.5:5060", "such as 203.0.113.5:5060"),
        ),
        Field::heading("아이디와 비밀번호로 접속할 때", "When the provider gave an account"),
        text(
            "register.server",
            "서버",
            "Server",
            Words::new("예: sip.example.net", "such as sip.example.net"),
        ),
        text(
            "register.username",
            "아이디",
            "User name",
            Words::new("통신사가 준 아이디", "the one the provider gave"),
        ),
        text(
            "register.password",
            "비밀번호",
            "Password",
            Words::new(
                "바꿀 때만 적습니다. 저장된 것은 보이지 않습니다",
                "only to change it; the stored one is not shown",
            ),
        ),
        Field::heading("거는 전화", "Calls that go out"),
        Field::choice(
            "format",
            Words::new("번호 형식", "Numbers are sent"),
            vec![
                Choice::new(Some(json!("e164")), "+82로 시작", "with +82"),
                Choice::new(Some(json!("national")), "0으로 시작", "beginning with 0"),
                Choice::new(None, "기본", "as usual"),
            ],
            find(item, "format"),
        ),
    ]
}
