//! The keys and words of the document, read with every mistake listed.

use crate::words::Words;
use crate::yaml::{Fault, Part, Value};

/// The mistakes found so far.
pub(crate) type Errors = Vec<Fault>;

/// What a part has under its keys.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    whole: Part<'a>,
    entries: Vec<(&'a str, Part<'a>)>,
}

impl<'a> Keys<'a> {
    /// The part under `key`; one that is there but empty counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&Part<'a>> {
        let (_, part) = self.entries.iter().find(|(name, _)| *name == key)?;
        (!matches!(part.value(), Value::Empty)).then_some(part)
    }

    /// The part under `key`, which must be there.
    pub(crate) fn need(&self, key: &str, errors: &mut Errors) -> Option<&Part<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let message = Words::new(
                format!("'{key}' 항목이 빠졌습니다"),
                format!("the key '{key}' is missing"),
            );
            self.whole.refuse(message, errors);
        }
        found
    }

    pub(crate) fn items(&self, key: &str, errors: &mut Errors) -> Vec<Part<'a>> {
        self.get(key).map(|part| part.items(errors)).unwrap_or_default()
    }
}

impl<'a> Part<'a> {
    /// The part under `key`, whatever other keys there are; they are read elsewhere.
    pub(crate) fn under(&self, key: &str) -> Option<Self> {
        self.entries().into_iter().find(|(name, _)| name.name() == key).map(|(_, part)| part)
    }

    /// The part's keys; those that are not `known` are mistakes.
    pub(crate) fn keys(&self, known: &[&str], errors: &mut Errors) -> Option<Keys<'a>> {
        let list = known.join(", ");
        match self.value() {
            Value::Section(_) | Value::Empty => {}
            Value::Word(_) | Value::List(_) => {
                let ko = format!("여기에는 다음 항목들이 들어갑니다: {list}");
                self.refuse(Words::new(ko, format!("this must have keys: {list}")), errors);
                return None;
            }
        }
        let mut entries = Vec::new();
        for (key, part) in self.entries() {
            if known.contains(&key.name()) {
                entries.push((key.name(), part));
            } else {
                let ko = format!("모르는 항목입니다. 쓸 수 있는 항목: {list}");
                let en = format!("unknown key; the keys here are {list}");
                self.refuse_key(key, Words::new(ko, en), errors);
            }
        }
        Some(Keys { whole: self.clone(), entries })
    }

    /// The items of a list.
    pub(crate) fn items(&self, errors: &mut Errors) -> Vec<Self> {
        match self.value() {
            Value::List(_) | Value::Empty => self.each(),
            Value::Word(_) | Value::Section(_) => {
                let message = Words::new("목록이어야 합니다: [...]", "this must be a list: [...]");
                self.refuse(message, errors);
                Vec::new()
            }
        }
    }

    /// A single word; `expected` says what it should be.
    pub(crate) fn text(&self, expected: &Words, errors: &mut Errors) -> Option<String> {
        match self.value() {
            Value::Word(word) => Some(word.clone()),
            Value::Empty | Value::List(_) | Value::Section(_) => {
                self.refuse(expected.clone(), errors);
                None
            }
        }
    }

    /// A single word that `parse` understands.
    pub(crate) fn parsed<T, E>(
        &self,
        expected: &Words,
        errors: &mut Errors,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(expected, errors)?;
        let parsed = parse(&text).ok();
        if parsed.is_none() {
            let ko = format!("'{text}': {}", expected.ko);
            self.refuse(Words::new(ko, format!("'{text}': {}", expected.en)), errors);
        }
        parsed
    }

    /// `true` or `false`.
    pub(crate) fn truth(&self, errors: &mut Errors) -> Option<bool> {
        let expected = Words::new("true 또는 false로 적습니다", "write true or false");
        self.parsed(&expected, errors, str::parse)
    }
}
