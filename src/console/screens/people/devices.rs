//! The phones of one agent.

use std::collections::BTreeSet;

use ratatui::crossterm::event::KeyCode;
use serde_json::{Value, json};

use crate::api::schema::schema::Registration;
use crate::console::action::{Action, Place, Request};
use crate::console::document::{Document, word};
use crate::console::edit::{Edit, Step, Target};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::saving::Saving;
use crate::console::secret::{Secret, new_password};
use crate::console::setup::SetupPlace;
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Add,
    Renew,
    Remove,
    Open,
}

#[derive(Debug)]
pub struct Devices {
    extension: String,
    saving: Saving,
    /// Shown when what is being saved is saved.
    secret: Option<Secret>,
}

impl Devices {
    #[must_use]
    pub fn new(extension: &str) -> Self {
        Self { extension: extension.to_owned(), saving: Saving::default(), secret: None }
    }

    fn save(&mut self, step: Step, secret: Option<Secret>) -> Request {
        self.secret = secret;
        let id = self.extension.clone();
        let target = Target::Item { section: "agents", key: "extension", id };
        self.saving.of(vec![Edit { target, steps: vec![step] }])
    }

    fn add(&mut self, view: &View<'_>) -> Action {
        let (Some(office), Some(password)) = (&view.model.office, new_password()) else {
            return Action::Ignored;
        };
        let username = free_username(office, &self.extension);
        let device = json!({ "username": username, "password": password });
        let step = Step::Push("devices".to_owned(), device);
        Action::Ask(self.save(step, Some(Secret { username, password })))
    }

    fn renew(&mut self, username: String) -> Action {
        let Some(password) = new_password() else { return Action::Ignored };
        let step = Step::SetIn {
            path: "devices".to_owned(),
            key: "username",
            id: username.clone(),
            name: "password",
            value: json!(password),
        };
        let question = Words::new(
            format!(
                "{username}의 비밀번호를 바꿀까요? 새 비밀번호를 넣을 때까지 전화기가 꺼집니다"
            ),
            format!("New password for {username}? The phone is off until it knows it"),
        );
        let request = self.save(step, Some(Secret { username, password }));
        Action::Confirm { question, request }
    }

    fn remove(&mut self, username: String) -> Action {
        let question = Words::new(
            format!("전화기 {username}을(를) 삭제할까요?"),
            format!("Remove the phone {username}?"),
        );
        let step = Step::Pull { path: "devices".to_owned(), key: "username", id: username };
        Action::Confirm { question, request: self.save(step, None) }
    }
}

fn row(view: &View<'_>, device: &Value) -> Row {
    let username = word(device, "username");
    let is_silent = device.get("rings") == Some(&Value::Bool(false));
    let found: Vec<&Registration> =
        view.model.registrations.iter().filter(|r| r.device == username).collect();
    let (state, tone) = match (found.is_empty(), is_silent) {
        (true, _) => (view.pick("꺼짐", "off"), Tone::Dim),
        (false, true) => (view.pick("벨 꺼짐", "silent"), Tone::Warn),
        (false, false) => (view.pick("켜짐", "on"), Tone::Good),
    };
    let all = |pick: fn(&Registration) -> &str| {
        // A phone need not say what it is, and several may be of one kind.
        let told: BTreeSet<&str> = found.iter().map(|found| pick(found)).collect();
        told.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let cells = vec![
        (username.clone(), Tone::Plain),
        (format!("{} {state}", lamp(tone)), tone),
        (all(|registration| &registration.source), Tone::Plain),
        (all(|registration| &registration.user_agent), Tone::Plain),
    ];
    Row { id: username, cells }
}

/// The extension itself, else with a number after it.
fn free_username(office: &Document, extension: &str) -> String {
    let taken: Vec<String> = office
        .items("agents")
        .iter()
        .filter_map(|agent| agent.get("devices").and_then(Value::as_array))
        .flatten()
        .map(|device| word(device, "username"))
        .collect();
    let names = std::iter::once(extension.to_owned())
        .chain((2_u32..).map(|number| format!("{extension}-{number}")));
    names.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}

impl Listed for Devices {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("전화기", "PHONE", Width::Columns(16)),
        column("상태", "STATE", Width::Columns(10)),
        column("주소", "ADDRESS", Width::Columns(22)),
        column("종류", "KIND", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Open, "설정", "settings"),
        write(KeyCode::Char('n'), "n", Does::Add, "새 전화기", "new phone"),
        write(KeyCode::Char('w'), "w", Does::Renew, "새 비밀번호", "new password"),
        write(KeyCode::Char('x'), "x", Does::Remove, "삭제", "remove"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("전화기:", "Phones of"), self.extension)
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "전화기가 없습니다. n을 누르면 계정과 비밀번호를 만들어 한 번 보여 줍니다",
            "no phones: n makes an account with a password and shows it once",
        )
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let office = view.model.office.as_ref();
        let agent = office.and_then(|o| o.item("agents", "extension", &self.extension));
        let devices = agent.and_then(|agent| agent.get("devices")).and_then(Value::as_array);
        devices.into_iter().flatten().map(|device| row(view, device)).collect()
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        match (does, chosen.map(str::to_owned)) {
            (Does::Add, _) => self.add(view),
            (Does::Renew, Some(username)) => self.renew(username),
            (Does::Remove, Some(username)) => self.remove(username),
            (Does::Open, Some(username)) => {
                let place = SetupPlace::Device(self.extension.clone(), username);
                Action::Open(Place::Setup(place))
            }
            (Does::Open | Does::Renew | Does::Remove, None) => Action::Ignored,
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        let is_done = matches!(report, Report::Saved { verdict: Ok(_), .. });
        let Some(words) = self.saving.heard(report) else { return Action::Ignored };
        match self.secret.take().filter(|_| is_done) {
            Some(secret) => Action::Show(secret),
            None => Action::Say(words),
        }
    }
}
