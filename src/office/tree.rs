//! YAML as a tree that knows where each part stands, so that every mistake can be listed with its line.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::office::document_error::DocumentError;
use crate::words::Words;

#[derive(Debug)]
pub(crate) enum Node {
    Empty,
    /// A quoted word, or a plain one that YAML takes for text.
    Text(String),
    /// A plain word that YAML takes for a number or a truth value; its letters stand in the source,
    /// where a telephone number still has its `+` and its zeros.
    Plain,
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Empty)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Empty)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Plain)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Plain)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::Plain)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Plain)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::Plain)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Plain)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Node::Map(map))
    }
}

/// Reads the whole text.
pub(crate) fn read(text: &str) -> Result<Spanned<Node>, DocumentError> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location();
        let told = error.to_string();
        DocumentError {
            line: place.map(|place| place.line()),
            column: place.map(|place| place.column()),
            field: String::new(),
            message: Words::new(
                format!("YAML 형식에 맞지 않습니다: {told}"),
                format!("this is not well-formed YAML: {told}"),
            ),
        }
    })
}

/// The mistakes found so far.
pub(crate) type Errors = Vec<DocumentError>;

/// One part of the document and the path that leads to it.
#[derive(Clone, Debug)]
pub(crate) struct Part<'a> {
    source: &'a str,
    node: &'a Spanned<Node>,
    pub(crate) path: String,
}

/// What a part has under its keys.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    whole: Part<'a>,
    entries: Vec<(&'a str, Part<'a>)>,
}

impl<'a> Part<'a> {
    pub(crate) fn whole(source: &'a str, node: &'a Spanned<Node>) -> Self {
        Self { source, node, path: String::new() }
    }

    pub(crate) fn refuse(&self, message: Words, errors: &mut Errors) {
        errors.push(error_at(self.node.referenced, self.path.clone(), message));
    }

    /// A single word; `expected` says what it should be.
    pub(crate) fn text(&self, expected: &Words, errors: &mut Errors) -> Option<String> {
        match &self.node.value {
            Node::Text(text) => Some(text.clone()),
            Node::Plain => Some(self.letters().to_owned()),
            Node::Empty | Node::List(_) | Node::Map(_) => {
                self.refuse(expected.clone(), errors);
                None
            }
        }
    }

    fn letters(&self) -> &'a str {
        let span = self.node.defined.span();
        let range = span.byte_offset().zip(span.byte_len());
        let range = range.and_then(|(offset, length)| {
            let start = usize::try_from(offset).ok()?;
            Some(start..start + usize::try_from(length).ok()?)
        });
        range.and_then(|range| self.source.get(range)).unwrap_or_default()
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

    /// The items of a list, each with its own path.
    pub(crate) fn items(&self, errors: &mut Errors) -> Vec<Self> {
        match &self.node.value {
            Node::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, node)| Self {
                    source: self.source,
                    node,
                    path: format!("{}[{index}]", self.path),
                })
                .collect(),
            Node::Empty => Vec::new(),
            Node::Text(_) | Node::Plain | Node::Map(_) => {
                let message = Words::new("목록이어야 합니다: [...]", "this must be a list: [...]");
                self.refuse(message, errors);
                Vec::new()
            }
        }
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.node.value {
            Node::Empty => true,
            Node::List(items) => items.is_empty(),
            Node::Map(entries) => entries.is_empty(),
            Node::Text(_) | Node::Plain => false,
        }
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.node.value, Node::Map(_))
    }

    /// The part under `key`, whatever other keys there are; they are read elsewhere.
    pub(crate) fn under(&self, key: &str) -> Option<Self> {
        let Node::Map(entries) = &self.node.value else { return None };
        let (_, node) = entries.iter().find(|(name, _)| name.value == key)?;
        let path = format!("{}.{key}", self.path);
        Some(Self { source: self.source, node, path })
    }

    /// The part's keys; those that are not `known` are mistakes.
    pub(crate) fn keys(&self, known: &[&str], errors: &mut Errors) -> Option<Keys<'a>> {
        let entries = match &self.node.value {
            Node::Map(entries) => entries.as_slice(),
            Node::Empty => &[],
            Node::Text(_) | Node::Plain | Node::List(_) => {
                let list = known.join(", ");
                let ko = format!("여기에는 다음 항목들이 들어갑니다: {list}");
                self.refuse(Words::new(ko, format!("this must have keys: {list}")), errors);
                return None;
            }
        };
        let mut found = Vec::new();
        for (key, node) in entries {
            let path = if self.path.is_empty() {
                key.value.clone()
            } else {
                format!("{}.{}", self.path, key.value)
            };
            if known.contains(&key.value.as_str()) {
                found.push((key.value.as_str(), Self { source: self.source, node, path }));
            } else {
                let list = known.join(", ");
                let ko = format!("모르는 항목입니다. 쓸 수 있는 항목: {list}");
                let en = format!("unknown key; the keys here are {list}");
                errors.push(error_at(key.referenced, path, Words::new(ko, en)));
            }
        }
        Some(Keys { whole: self.clone(), entries: found })
    }
}

impl<'a> Keys<'a> {
    /// The part under `key`; one that is there but empty counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&Part<'a>> {
        let (_, part) = self.entries.iter().find(|(name, _)| *name == key)?;
        (!matches!(part.node.value, Node::Empty)).then_some(part)
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

fn error_at(place: Location, field: String, message: Words) -> DocumentError {
    let known = place.line() > 0;
    DocumentError {
        line: known.then(|| place.line()),
        column: known.then(|| place.column()),
        field,
        message,
    }
}
