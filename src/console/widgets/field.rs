//! One thing that can be told in a form.

use ratatui::crossterm::event::{KeyCode, KeyEvent};
use serde_json::Value;

use crate::console::view::View;
use crate::console::widgets::entry::Entry;
use crate::words::Words;

#[derive(Clone, Debug)]
pub struct Field {
    pub label: Words,
    /// What can be written here, in a sentence.
    pub help: Words,
    /// Where it stands in the item, such as `route.team`.
    pub path: String,
    pub kind: Kind,
    pub original: Option<Value>,
    /// An empty list says nothing, rather than: none of them.
    is_nothing_if_empty: bool,
}

#[derive(Clone, Debug)]
pub enum Kind {
    Text(Entry),
    /// Text in lines; it takes all the room of its form.
    Prose(Entry),
    /// Words parted by commas.
    Words(Entry),
    /// One of these, by the place of the chosen one.
    Choice(Vec<Choice>, usize),
    /// A heading over the fields that follow.
    Heading,
}

/// Something to choose, and what stands in the document for it.
#[derive(Clone, Debug)]
pub struct Choice {
    pub label: Words,
    pub value: Option<Value>,
}

impl Choice {
    #[must_use]
    pub fn new(value: Option<Value>, ko: &str, en: &str) -> Self {
        Self { label: Words::new(ko, en), value }
    }
}

impl Field {
    fn of(path: &str, (label, help): (Words, Words), kind: Kind, original: Option<&Value>) -> Self {
        let (path, original) = (path.to_owned(), original.cloned());
        Self { label, help, path, kind, original, is_nothing_if_empty: false }
    }

    #[must_use]
    pub fn text(path: &str, label: Words, help: Words, original: Option<&Value>) -> Self {
        let text = original.and_then(Value::as_str).unwrap_or_default();
        let kind = Kind::Text(Entry::new(text));
        Self::of(path, (label, help), kind, original)
    }

    /// For a form of its own.
    #[must_use]
    pub fn prose(path: &str, label: Words, help: Words, original: Option<&Value>) -> Self {
        let text = original.and_then(Value::as_str).unwrap_or_default();
        Self::of(path, (label, help), Kind::Prose(Entry::prose(text)), original)
    }

    #[must_use]
    pub fn words(path: &str, label: Words, help: Words, original: Option<&Value>) -> Self {
        let list = original.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let text = list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
        let kind = Kind::Words(Entry::new(&text));
        Self::of(path, (label, help), kind, original)
    }

    /// What is so now but is none of the choices is kept as one more.
    #[must_use]
    pub fn choice(
        path: &str,
        label: Words,
        mut choices: Vec<Choice>,
        original: Option<&Value>,
    ) -> Self {
        let found = choices.iter().position(|choice| choice.value.as_ref() == original);
        let at = found.unwrap_or_else(|| {
            let said = original.map(crate::console::document::said).unwrap_or_default();
            choices.push(Choice::new(original.cloned(), &said, &said));
            choices.len() - 1
        });
        let help = Words::new("← → 로 고릅니다", "choose with ← and →");
        let kind = Kind::Choice(choices, at);
        Self::of(path, (label, help), kind, original)
    }

    /// An emptied list goes from the document.
    #[must_use]
    pub fn or_nothing(self) -> Self {
        Self { is_nothing_if_empty: true, ..self }
    }

    #[must_use]
    pub fn heading(ko: &str, en: &str) -> Self {
        Self::of("", (Words::new(ko, en), Words::new("", "")), Kind::Heading, None)
    }

    #[must_use]
    pub fn is_heading(&self) -> bool {
        matches!(self.kind, Kind::Heading)
    }

    /// What is told now; none: nothing.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        match &self.kind {
            Kind::Text(entry) | Kind::Prose(entry) => {
                let text = entry.text().trim();
                (!text.is_empty()).then(|| Value::from(text))
            }
            Kind::Words(entry) => {
                let words = entry.text().split([',', ' ']).map(str::trim);
                let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
                let says_nothing = self.original.is_none() || self.is_nothing_if_empty;
                (!words.is_empty() || !says_nothing).then(|| Value::from(words))
            }
            Kind::Choice(choices, at) => choices.get(*at).and_then(|choice| choice.value.clone()),
            Kind::Heading => None,
        }
    }

    /// What is told now, in words.
    #[must_use]
    pub fn shown(&self, view: &View<'_>) -> String {
        match &self.kind {
            Kind::Text(entry) | Kind::Prose(entry) | Kind::Words(entry) => entry.text().to_owned(),
            Kind::Choice(choices, at) => choices
                .get(*at)
                .map_or_else(String::new, |choice| view.say(&choice.label).to_owned()),
            Kind::Heading => String::new(),
        }
    }

    #[must_use]
    pub fn is_changed(&self) -> bool {
        let is_nothing = |value: &Value| value.as_str().is_some_and(str::is_empty);
        let original = self.original.clone().filter(|value| !is_nothing(value));
        self.value() != original
    }

    /// Whether the key changed or moved something in it.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        match &mut self.kind {
            Kind::Text(entry) | Kind::Prose(entry) | Kind::Words(entry) => entry.key(key),
            Kind::Choice(choices, at) => {
                let count = choices.len().max(1);
                #[expect(clippy::wildcard_enum_match_arm, reason = "other keys are not for it")]
                match key.code {
                    KeyCode::Left => *at = (*at + count - 1) % count,
                    KeyCode::Right | KeyCode::Char(' ') => *at = (*at + 1) % count,
                    _ => return false,
                }
                true
            }
            Kind::Heading => false,
        }
    }
}
