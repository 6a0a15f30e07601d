//! YAML as a tree whose every value knows its line, so that all mistakes can be listed with theirs.

use std::fmt;
use std::path::Path;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_saphyr::{Location, Spanned};

use crate::words::Words;

/// One thing that is wrong in a text, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Fault {
    /// Counted from 1.
    pub line: u64,
    /// Such as `numbers[0].ring_time`; empty when the whole text is meant.
    pub field: String,
    pub message: Words,
}

/// One line a fault: `file:line: field: what is wrong, what would be right`.
#[must_use]
pub fn told(file: &Path, faults: &[Fault]) -> Words {
    let lines = |pick: fn(&Words) -> &str| -> String {
        let lines = faults.iter().map(|fault| {
            let field = if fault.field.is_empty() { "yaml" } else { &fault.field };
            format!("{}:{}: {field}: {}", file.display(), fault.line, pick(&fault.message))
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    Words::new(lines(|words| &words.ko), lines(|words| &words.en))
}

/// A value and the line it stands on.
#[derive(Clone, Debug)]
pub struct Node {
    line: u64,
    value: Value,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Empty,
    /// In the letters of the text: a telephone number keeps its `+` and its zeros.
    Word(String),
    List(Vec<Node>),
    Section(Vec<(Key, Node)>),
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    name: String,
    line: u64,
}

impl Node {
    /// # Errors
    /// When the text is no YAML, or a key stands twice in a section.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        // The parser would call an empty text an unexpected end.
        let is_blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        if text.lines().all(is_blank) {
            return Ok(Self { line: 1, value: Value::Empty });
        }
        let options = serde_saphyr::options! { with_snippet: false };
        match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options) {
            Ok(raw) => Ok(Self::spelled(raw, text)),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().next().unwrap_or_default();
                Err(Fault {
                    line: error.location().map_or(1, line_of),
                    field: String::new(),
                    message: Words::new(
                        format!("YAML 형식에 맞지 않습니다: {reason}"),
                        format!("this is not well-formed YAML: {reason}"),
                    ),
                })
            }
        }
    }

    /// The same tree for programs that change it: every word a string, nothing else lost.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Empty => serde_json::Value::Null,
            Value::Word(word) => serde_json::Value::String(word.clone()),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Section(entries) => {
                entries.iter().map(|(key, node)| (key.name.clone(), node.to_json())).collect()
            }
        }
    }

    fn spelled(raw: Spanned<Raw>, text: &str) -> Self {
        let value = match raw.value {
            Raw::Empty => Value::Empty,
            Raw::Text(word) => Value::Word(word),
            Raw::Plain => Value::Word(letters(raw.defined, text).to_owned()),
            Raw::List(items) => {
                Value::List(items.into_iter().map(|item| Self::spelled(item, text)).collect())
            }
            Raw::Section(entries) => {
                let entries = entries.into_iter().map(|(key, value)| {
                    let line = line_of(key.referenced);
                    (Key { name: key.value, line }, Self::spelled(value, text))
                });
                Value::Section(entries.collect())
            }
        };
        Self { line: line_of(raw.referenced), value }
    }
}

fn line_of(place: Location) -> u64 {
    place.line().max(1)
}

fn letters(place: Location, text: &str) -> &str {
    let span = place.span();
    let range = span.byte_offset().zip(span.byte_len()).and_then(|(offset, length)| {
        let start = usize::try_from(offset).ok()?;
        Some(start..start + usize::try_from(length).ok()?)
    });
    range.and_then(|range| text.get(range)).unwrap_or_default()
}

/// What the parser makes of a value.
enum Raw {
    Empty,
    /// A quoted word, or a plain one that YAML takes for text.
    Text(String),
    /// A plain word that YAML takes for a number or a truth value.
    Plain,
    List(Vec<Spanned<Self>>),
    Section(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a section")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Empty)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Empty)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut section: Vec<(Spanned<String>, Spanned<Raw>)> = Vec::new();
        while let Some((key, value)) = entries.next_entry::<Spanned<String>, _>()? {
            if section.iter().any(|(other, _)| other.value == key.value) {
                return Err(A::Error::custom(format!("'{}' stands there twice", key.value)));
            }
            section.push((key, value));
        }
        Ok(Raw::Section(section))
    }
}

/// A value and the path that leads to it.
#[derive(Clone, Debug)]
pub(crate) struct Part<'a> {
    node: &'a Node,
    path: String,
}

impl<'a> Part<'a> {
    pub(crate) fn whole(node: &'a Node) -> Self {
        Self { node, path: String::new() }
    }

    pub(crate) fn value(&self) -> &'a Value {
        &self.node.value
    }

    /// Its line and the path that leads to it.
    pub(crate) fn place(&self) -> (u64, String) {
        (self.node.line, self.path.clone())
    }

    pub(crate) fn refuse(&self, message: Words, faults: &mut Vec<Fault>) {
        faults.push(Fault { line: self.node.line, field: self.path.clone(), message });
    }

    /// Says that a key of this part, there or not, is wrong.
    pub(crate) fn refuse_below(&self, name: &str, message: Words, faults: &mut Vec<Fault>) {
        faults.push(Fault { line: self.node.line, field: self.path_of(name), message });
    }

    /// Says that a key has no business here.
    pub(crate) fn refuse_key(&self, key: &Key, message: Words, faults: &mut Vec<Fault>) {
        faults.push(Fault { line: key.line, field: self.path_of(&key.name), message });
    }

    pub(crate) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// The entries of a section, each with its own path; nothing else has any.
    pub(crate) fn entries(&self) -> Vec<(&'a Key, Self)> {
        match self.value() {
            Value::Section(entries) => entries
                .iter()
                .map(|(key, node)| (key, Self { node, path: self.path_of(&key.name) }))
                .collect(),
            Value::Empty | Value::Word(_) | Value::List(_) => Vec::new(),
        }
    }

    /// The items of a list, each with its own path; a single value is a list of one.
    pub(crate) fn each(&self) -> Vec<Self> {
        let nodes = match self.value() {
            Value::List(items) => items.as_slice(),
            Value::Empty => &[],
            Value::Word(_) | Value::Section(_) => std::slice::from_ref(self.node),
        };
        let item = |(index, node)| Self { node, path: format!("{}[{index}]", self.path) };
        nodes.iter().enumerate().map(item).collect()
    }

    pub(crate) fn is_section(&self) -> bool {
        matches!(self.value(), Value::Section(_))
    }
}

impl Key {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, u64, String)> {
        let root = Node::parse(text).unwrap();
        let entries = Part::whole(&root).entries().into_iter();
        let words = entries.map(|(key, part)| match part.value() {
            Value::Word(word) => (key.name().to_owned(), part.node.line, word.clone()),
            Value::Empty | Value::List(_) | Value::Section(_) => panic!("{part:?}"),
        });
        words.collect()
    }

    #[test]
    fn words_keep_their_letters_and_lines() {
        let text = "a: 0123\nb: +8270\n# 내선\nc: &x 1e3\nd: *x\ne: True\nf: \"on\"\n";
        let expected = [
            ("a", 1, "0123"),
            ("b", 2, "+8270"),
            ("c", 4, "1e3"),
            ("d", 5, "1e3"),
            ("e", 6, "True"),
            ("f", 7, "on"),
        ];
        let expected = expected.map(|(key, line, word)| (key.to_owned(), line, word.to_owned()));
        assert_eq!(words(text), expected);
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let fault = Node::parse("a: 1\nb:\n  c: 1\n  c: 2\n").unwrap_err();
        assert!((2..=4).contains(&fault.line), "{fault:?}");
    }

    #[test]
    fn faults_are_told_with_file_line_and_field() {
        let fault = Node::parse("a: [").unwrap_err();
        let told = told(Path::new("office.yaml"), &[fault]);
        assert!(told.en.starts_with("office.yaml:1: yaml: this is not well-formed"), "{told}");
        assert!(told.ko.starts_with("office.yaml:1: yaml: YAML 형식"), "{told}");
    }
}
