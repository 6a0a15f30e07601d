//! One number at a glance: what becomes of its calls, what callers hear, its document.

use ratatui::crossterm::event::KeyCode;
use serde_json::Value;

use crate::api::schema::number::DocumentLine;
use crate::console::action::{Action, Place, Request};
use crate::console::document::{find, word};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::hours::hours::{now, state, until};
use crate::console::screens::number::number::fields;
use crate::console::screens::number::numbers::route;
use crate::console::screens::number::voices::{LANGUAGES, SITUATIONS, unset, voice};
use crate::console::setup::{SetupPlace, SetupReport, SetupRequest};
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::office::duration;
use crate::words::Words;

/// Before the id of a row that is a situation: a number has a setting called like one.
const SAYS: &str = "says ";

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Change,
    Hours,
    Copy,
}

#[derive(Debug)]
pub struct NumberPage {
    number: String,
    document: Option<DocumentLine>,
}

impl NumberPage {
    #[must_use]
    pub fn new(number: &str) -> Self {
        Self { number: number.to_owned(), document: None }
    }

    fn change(&self, row: &str) -> Action {
        let said = row.strip_prefix(SAYS);
        let number = self.number.clone();
        if row == "document" {
            return Action::Open(Place::Setup(SetupPlace::NumberDocument(number)));
        }
        if let Some((key, _, _)) = SITUATIONS.iter().find(|(key, _, _)| Some(*key) == said) {
            return Action::Open(Place::Setup(SetupPlace::Voices(number, key)));
        }
        Action::Open(Place::Setup(SetupPlace::NumberForm(number, row.to_owned())))
    }

    fn item<'v>(&self, view: &View<'v>) -> Option<&'v Value> {
        view.model.office.as_ref()?.item("numbers", "number", &self.number)
    }
}

impl Listed for NumberPage {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("정해진 것", "SETTING", Width::Columns(34)),
        column("지금", "NOW", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        write(KeyCode::Enter, "Enter", Does::Change, "바꾸기", "change"),
        look(KeyCode::Char('h'), "h", Does::Hours, "운영시간", "hours"),
        write(KeyCode::Char('c'), "c", Does::Copy, "다른 번호로 복사", "copy to others"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("번호", "Number"), self.number)
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(item) = self.item(view) else { return Vec::new() };
        let mut rows: Vec<Row> = fields(view, item)
            .iter()
            .filter(|field| !field.is_heading())
            .map(|field| {
                let label = view.say(&field.label).to_owned();
                let (value, tone) = match field.path.as_str() {
                    "route" => route(view, item),
                    "hours" => hours(view, item),
                    _ => (in_words(view, &field.shown(view)), Tone::Plain),
                };
                Row { id: field.path.clone(), cells: vec![(label, Tone::Plain), (value, tone)] }
            })
            .collect();
        rows.extend(SITUATIONS.iter().map(|situation| announcement(view, item, *situation)));
        rows.push(self.document_row(view));
        rows
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        match does {
            Does::Change => chosen.map_or(Action::Ignored, |row| self.change(row)),
            Does::Copy => Action::Open(Place::CopyNumber(self.number.clone())),
            Does::Hours => {
                let name = self.item(view).map(|item| word(item, "hours")).unwrap_or_default();
                if name.is_empty() {
                    return Action::Say(Words::new(
                        "이 번호는 언제나 받습니다",
                        "this number answers at all times",
                    ));
                }
                Action::Open(Place::Setup(SetupPlace::Week(name)))
            }
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Setup(SetupRequest::OfNumber(self.number.clone())))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Setup(SetupReport::OfNumber { number, document }) = report
            && *number == self.number
        {
            self.document.clone_from(document);
            return Action::Redraw;
        }
        Action::Ignored
    }
}

impl NumberPage {
    fn document_row(&self, view: &View<'_>) -> Row {
        let value = self.document.as_ref().map_or_else(
            || view.pick("없음", "none").to_owned(),
            |document| {
                let kilobytes = document.octets.div_ceil(1_000);
                format!("{} ({kilobytes} kB, {})", document.name, view.moment(document.added))
            },
        );
        let cells = [view.pick("서류", "Document").to_owned(), value];
        Row::plain("document", cells)
    }
}

/// A time as people say it; anything else as it is.
fn in_words(view: &View<'_>, shown: &str) -> String {
    match (shown, duration::parse(shown)) {
        ("off", _) => view.pick("하지 않음", "no").to_owned(),
        ("always", _) => view.pick("언제나", "always").to_owned(),
        (_, Ok(time)) => view.say(&duration::words(time)).to_owned(),
        (other, Err(_)) => other.to_owned(),
    }
}

fn hours(view: &View<'_>, item: &Value) -> (String, Tone) {
    let name = word(item, "hours");
    if name.is_empty() {
        return (view.pick("언제나 받음", "at all times").to_owned(), Tone::Plain);
    }
    let Some(state) = state(view, &name) else { return (name, Tone::Plain) };
    let (lamp, tone) = now(view, state);
    (format!("{name}  {lamp} → {}", until(view, state)), tone)
}

/// `한국어 기본 목소리, 영어 hello.mp3`.
fn announcement(view: &View<'_>, item: &Value, (key, ko, en): (&str, &str, &str)) -> Row {
    let told = LANGUAGES.iter().filter_map(|(language, ko, en)| {
        let value = find(item, &format!("announcements.{key}.{language}"))?;
        Some(format!("{} {}", view.pick(ko, en), voice(view, value)))
    });
    let told: Vec<String> = told.collect();
    let label = format!("{} {}", view.pick("안내:", "Says:"), view.pick(ko, en));
    let (value, tone) = if told.is_empty() {
        (unset(view, item, key), Tone::Dim)
    } else {
        (told.join(", "), Tone::Plain)
    };
    Row { id: format!("{SAYS}{key}"), cells: vec![(label, Tone::Plain), (value, tone)] }
}
