//! The office's sound files.

use ratatui::crossterm::event::KeyCode;
use serde_json::Value;

use crate::api::schema::schema::SoundLine;
use crate::console::action::{Action, Errand, Request};
use crate::console::document::{Document, word};
use crate::console::keymap::{Binding, look, write};
use crate::console::screens::form::list::Listed;
use crate::console::setup::SetupRequest;
use crate::console::text::clock;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Hear,
    Remove,
}

#[derive(Debug, Default)]
pub struct Sounds;

impl Listed for Sounds {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("소리", "SOUND", Width::Share(2)),
        column("길이", "LENGTH", Width::Columns(8)),
        column("크기", "SIZE", Width::Columns(9)),
        column("종류", "KIND", Width::Columns(6)),
        column("쓰는 곳", "USED BY", Width::Share(2)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Char('p'), "p", Does::Hear, "내 전화기로 듣기", "hear it by phone"),
        write(KeyCode::Char('x'), "x", Does::Remove, "삭제", "remove"),
    ];

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let text = view.pick(
            "파일은 명령으로 넣습니다: naru prompts import 파일 …",
            "files come in by: naru prompts import FILE …",
        );
        vec![Line::toned(text, Tone::Dim)]
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        view.model.sounds.iter().map(|sound| row(view, sound)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        ("소리 파일이 아직 없습니다", "there are no sound files yet")
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        let Some(name) = chosen.map(str::to_owned) else { return Action::Ignored };
        match does {
            Does::Hear => {
                Errand::Hear { sound: name, language: None }.begin(view.model.me.as_deref())
            }
            Does::Remove => Action::Confirm {
                question: Words::new(
                    format!("소리 {name}을(를) 삭제할까요?"),
                    format!("Remove the sound {name}?"),
                ),
                request: Request::Setup(SetupRequest::RemoveSound(name)),
            },
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Setup(SetupRequest::Sounds))
    }
}

fn row(view: &View<'_>, sound: &SoundLine) -> Row {
    // What has no name any more is still known by what it is.
    let id = sound.name.clone().unwrap_or_else(|| sound.sha256.clone());
    let name =
        sound.name.clone().unwrap_or_else(|| view.pick("(이름 없음)", "(no name)").to_owned());
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind).to_owned();
    let used = view.model.office.as_ref().map_or_else(Vec::new, |office| used_by(office, sound));
    let used = match (used.is_empty(), sound.used) {
        (false, _) => used.join(", "),
        (true, true) => view.pick("쓰임", "in use").to_owned(),
        (true, false) => String::new(),
    };
    let length = clock(i64::try_from(sound.milliseconds).unwrap_or(i64::MAX));
    let cells = [name, length, format!("{} kB", sound.bytes.div_ceil(1_000)), kind, used];
    Row::plain(id, cells)
}

/// Numbers and workflows in whose part of the document the sound is named.
fn used_by(office: &Document, sound: &SoundLine) -> Vec<String> {
    let of = |section: &'static str, key: &'static str| {
        let items = office.items(section).iter().filter(|item| names(item, sound));
        items.map(move |item| word(item, key)).collect::<Vec<_>>()
    };
    [of("numbers", "number"), of("workflows", "name")].concat()
}

fn names(value: &Value, sound: &SoundLine) -> bool {
    match value {
        Value::Object(entries) => {
            let is_it = value.get("sha256").and_then(Value::as_str) == Some(&sound.sha256)
                || sound.name.is_some()
                    && value.get("file").and_then(Value::as_str) == sound.name.as_deref();
            is_it || entries.values().any(|inner| names(inner, sound))
        }
        Value::Array(list) => list.iter().any(|inner| names(inner, sound)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
