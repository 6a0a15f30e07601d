//! What callers of a number are told in one situation, language by language.

use ratatui::crossterm::event::KeyCode;
use serde_json::{Value, json};

use crate::console::action::{Action, Errand, Place};
use crate::console::document::{find, word};
use crate::console::edit::{Edit, Step};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::page::Page;
use crate::console::screens::form::saving::Saving;
use crate::console::screens::number::number::{files, target};
use crate::console::setup::SetupPlace;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::office::language::Language;
use crate::office::spoken::{Spoken, SpokenText};
use crate::words::Words;

/// Situations by their keys in the document (S96–S99).
pub const SITUATIONS: [(&str, &str, &str); 4] = [
    ("greeting", "인사말", "greeting"),
    ("all_busy", "모두 통화 중일 때", "when all are busy"),
    ("closed", "운영시간이 아닐 때", "outside the hours"),
    ("recording", "녹음하기 전", "before a recording"),
];

/// Languages that callers are spoken to in (S101).
pub const LANGUAGES: [(&str, &str, &str); 5] = [
    ("ko", "한국어", "Korean"),
    ("en", "영어", "English"),
    ("ja", "일본어", "Japanese"),
    ("zh", "중국어", "Chinese"),
    ("es", "스페인어", "Spanish"),
];

/// Where the words come from: `the built-in voice`, a file's name, a text.
#[must_use]
pub fn voice(view: &View<'_>, value: &Value) -> String {
    let (file, text) = (word(value, "file"), word(value, "text"));
    if !file.is_empty() {
        return file;
    }
    if !text.is_empty() {
        return format!("“{text}”");
    }
    view.pick("기본 목소리", "built-in voice").to_owned()
}

/// What is heard where nothing is set up: a greeting is not given; of the rest the built-in voice
/// tells, unless the number is told to say nothing (S97, S99, S106).
#[must_use]
pub fn unset(view: &View<'_>, item: &Value, situation: &str) -> String {
    if is_silent_unset(item, situation) {
        view.pick("없음", "nothing")
    } else {
        view.pick("기본 목소리", "built-in voice")
    }
    .to_owned()
}

fn is_silent_unset(item: &Value, situation: &str) -> bool {
    let is_told = find(item, &format!("announcements.{situation}")).is_some();
    situation == "greeting" || (is_told && situation != "recording")
}

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Change,
    Hear,
    Silence,
}

#[derive(Debug)]
pub struct Voices {
    number: String,
    situation: &'static str,
    saving: Saving,
}

impl Voices {
    #[must_use]
    pub fn new(number: &str, situation: &'static str) -> Self {
        Self { number: number.to_owned(), situation, saving: Saving::default() }
    }

    fn item<'v>(&self, view: &View<'v>) -> Option<&'v Value> {
        view.model.office.as_ref()?.item("numbers", "number", &self.number)
    }

    fn value<'v>(&self, view: &View<'v>, language: &str) -> Option<&'v Value> {
        find(self.item(view)?, &format!("announcements.{}.{language}", self.situation))
    }

    /// A file by its name, a text by the sound that was made of it, the built-in voice by its
    /// situation, also where it speaks because nothing is set up.
    fn hear(&self, view: &View<'_>, language: &str) -> Action {
        let item = self.item(view);
        let unset = item.filter(|item| !is_silent_unset(item, self.situation));
        let value = self.value(view, language).or(unset.map(|_| &Value::Null));
        let Some(value) = value else {
            return Action::Say(Words::new("들을 것이 없습니다", "there is nothing to hear"));
        };
        let file = word(value, "file");
        if let Some(sound) = spoken(value, language) {
            return Errand::Hear { sound, language: None }.begin(view.model.me.as_deref());
        }
        let is_file = !file.is_empty();
        let sound = if is_file { file } else { format!("built-in:{}", self.situation) };
        let language = (!is_file).then(|| language.to_owned());
        Errand::Hear { sound, language }.begin(view.model.me.as_deref())
    }
}

/// The sound that a text of the document has been made into when it was saved.
fn spoken(value: &Value, language: &str) -> Option<String> {
    let text = SpokenText::parse(&word(value, "text")).ok()?;
    let language = Language::ALL.into_iter().find(|known| known.code() == language)?;
    Some(Spoken { text, voice: word(value, "voice") }.sha256(language).to_string())
}

impl Listed for Voices {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("언어", "LANGUAGE", Width::Columns(12)),
        column("무엇을 들려주나", "WHAT IS SAID", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        write(KeyCode::Enter, "Enter", Does::Change, "바꾸기", "change"),
        look(KeyCode::Char('p'), "p", Does::Hear, "내 전화기로 듣기", "hear it by phone"),
        write(KeyCode::Char('x'), "x", Does::Silence, "없애기", "say nothing"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        let found = SITUATIONS.iter().find(|(key, _, _)| *key == self.situation);
        let said = found.map_or("", |(_, ko, en)| view.pick(ko, en));
        format!("{} {}: {said}", view.pick("번호", "Number"), self.number)
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let unset = self.item(view).map(|item| unset(view, item, self.situation));
        let unset = unset.unwrap_or_default();
        let row = |(language, ko, en): &(&str, &str, &str)| {
            let value = self.value(view, language).map(|value| voice(view, value));
            let cell =
                value.map_or_else(|| (unset.clone(), Tone::Dim), |value| (value, Tone::Plain));
            Row {
                id: (*language).to_owned(),
                cells: vec![(view.pick(ko, en).to_owned(), Tone::Plain), cell],
            }
        };
        LANGUAGES.iter().map(row).collect()
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        let known = LANGUAGES.iter().find(|(language, _, _)| Some(*language) == chosen);
        let Some((language, _, _)) = known else { return Action::Ignored };
        match does {
            Does::Change => {
                let (number, situation) = (self.number.clone(), self.situation);
                Action::Open(Place::Setup(SetupPlace::Voice(number, situation, language)))
            }
            Does::Hear => self.hear(view, language),
            Does::Silence => {
                let path = format!("announcements.{}.{language}", self.situation);
                let steps = vec![Step::Set(path, None)];
                let edit = Edit { target: target(&self.number), steps };
                Action::Ask(self.saving.of(vec![edit]))
            }
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        self.saving.told(report)
    }
}

/// What is said in one language: the built-in voice, a file of the office's own, or a text. None:
/// there is no such number.
#[must_use]
pub fn voice_form(
    view: &View<'_>,
    number: &str,
    situation: &'static str,
    language: &'static str,
) -> Option<Page> {
    let item = view.model.office.as_ref()?.item("numbers", "number", number)?;
    let path = format!("announcements.{situation}.{language}");
    let original = find(item, &path);
    let text = original.filter(|value| value.get("text").is_some());
    let mut choices = vec![
        Choice::new(None, "없음", "nothing"),
        Choice::new(Some(json!("built-in")), "기본 목소리", "the built-in voice"),
        Choice::new(
            Some(text.cloned().unwrap_or_else(|| json!({}))),
            "글을 읽어 줌",
            "a text, spoken",
        ),
    ];
    choices.extend(files(view));
    let fields = vec![
        Field::choice(&path, Words::new("무엇을", "What"), choices, original),
        Field::text(
            &format!("{path}.text"),
            Words::new("글", "Text"),
            Words::new(
                "'글을 읽어 줌'일 때, 1~1000자. 저장할 때 소리로 만듭니다",
                "for a text that is spoken, up to 1,000 characters; spoken when it is saved",
            ),
            find(item, &format!("{path}.text")),
        ),
        Field::text(
            &format!("{path}.voice"),
            Words::new("목소리", "Voice"),
            Words::new("비우면 설정된 목소리", "empty: the one that is set up"),
            find(item, &format!("{path}.voice")),
        ),
    ];
    let found = SITUATIONS.iter().find(|(key, _, _)| *key == situation)?;
    let spoken = LANGUAGES.iter().find(|(key, _, _)| *key == language)?;
    let title = Words::new(
        format!("{number} {}, {}", found.1, spoken.1),
        format!("{number} {}, {}", found.2, spoken.2),
    );
    Some(Page::new(title, Form::new(target(number), fields)))
}
