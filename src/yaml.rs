//! YAML as a tree whose every value knows its line, read field by field with all faults kept.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use crate::words::Words;

/// One thing that is wrong in a file, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: u64,
    /// `sip.listen[1]`
    pub field: String,
    pub message: Words,
}

/// A value and the line it stands on.
#[derive(Clone, Debug)]
pub struct Node {
    line: u64,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Null,
    Text(String),
    List(Vec<Node>),
    Section(Vec<(String, u64, Node)>),
}

impl Node {
    /// # Errors
    /// When the text is no YAML, or a key stands twice in a section.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        // An empty file changes nothing; the parser would call it an unexpected end.
        let is_blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        if text.lines().all(is_blank) {
            return Ok(Self { line: 1, value: Value::Null });
        }
        serde_saphyr::from_str::<Spanned<Value>>(text).map(Self::from).map_err(|error| {
            let reason = error.without_snippet().to_string();
            let reason = reason.lines().next().unwrap_or_default().to_owned();
            Fault {
                line: error.location().map_or(1, |place| place.line().max(1)),
                field: "yaml".to_owned(),
                message: Words::new(
                    format!("YAML 문법이 맞지 않습니다: {reason}"),
                    format!("is not well-formed: {reason}"),
                ),
            }
        })
    }
}

impl From<Spanned<Value>> for Node {
    fn from(spanned: Spanned<Value>) -> Self {
        Self { line: spanned.referenced.line().max(1), value: spanned.value }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a section")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Value>>()? {
            list.push(Node::from(item));
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut section: Vec<(String, u64, Node)> = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let line = key.referenced.line();
            if section.iter().any(|(name, ..)| *name == key.value) {
                return Err(A::Error::custom(format!("'{}' stands there twice", key.value)));
            }
            let node = Node::from(entries.next_value::<Spanned<Value>>()?);
            section.push((key.value, line.max(1), node));
        }
        Ok(Value::Section(section))
    }
}

/// The fields of one section, taken one by one; faults are kept and reading goes on.
#[derive(Debug)]
pub struct Fields<'a> {
    path: String,
    line: u64,
    left: Vec<(String, u64, Node)>,
    known: Vec<&'static str>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Fields<'a> {
    /// `path` is what stands before the names of the fields in messages.
    pub fn of(node: Node, path: &str, faults: &'a mut Vec<Fault>) -> Self {
        let (line, value) = (node.line, node.value);
        let left = match value {
            Value::Section(fields) => fields,
            Value::Null => Vec::new(),
            Value::Text(_) => {
                faults.push(not_a_section(line, path, "하나의 값", "one value"));
                Vec::new()
            }
            Value::List(_) => {
                faults.push(not_a_section(line, path, "목록", "a list"));
                Vec::new()
            }
        };
        Self { path: path.to_owned(), line, left, known: Vec::new(), faults }
    }

    /// Reads one value; an absent or empty field leaves what `into` holds.
    pub fn value<T>(
        &mut self,
        name: &'static str,
        into: &mut T,
        read: impl Fn(&str) -> Result<T, Words>,
    ) {
        let Some(node) = self.take(name) else { return };
        let field = self.path_of(name);
        if let Some(text) = self.text(&field, &node) {
            self.keep(field, node.line, read(&text), into);
        }
    }

    /// As [`Fields::value`], but `null` means none.
    pub fn option<T>(
        &mut self,
        name: &'static str,
        into: &mut Option<T>,
        read: impl Fn(&str) -> Result<T, Words>,
    ) {
        let Some(node) = self.take(name) else { return };
        let field = self.path_of(name);
        if matches!(node.value, Value::Null) {
            *into = None;
        } else if let Some(text) = self.text(&field, &node) {
            self.keep(field, node.line, read(&text).map(Some), into);
        }
    }

    /// Reads a list of values, or one value as a list of one.
    pub fn list<T>(
        &mut self,
        name: &'static str,
        into: &mut Vec<T>,
        read: impl Fn(&str) -> Result<T, Words>,
    ) {
        let Some(node) = self.take(name) else { return };
        let items = match node.value {
            Value::List(items) => items,
            Value::Null => Vec::new(),
            Value::Text(_) | Value::Section(_) => vec![node],
        };
        into.clear();
        for (at, item) in items.into_iter().enumerate() {
            let field = format!("{}[{at}]", self.path_of(name));
            let Some(text) = self.text(&field, &item) else { continue };
            match read(&text) {
                Ok(value) => into.push(value),
                Err(message) => self.faults.push(Fault { line: item.line, field, message }),
            }
        }
    }

    /// Reads a section below this one; its unknown fields are refused.
    pub fn section(&mut self, name: &'static str, read: impl FnOnce(&mut Fields<'_>)) {
        let Some(node) = self.take(name) else { return };
        let path = self.path_of(name);
        let mut below = Fields::of(node, &path, self.faults);
        read(&mut below);
        below.refuse_the_rest();
    }

    /// Says that a field's value, once read, cannot stay so.
    pub fn refuse(&mut self, name: &str, message: Words) {
        let field = self.path_of(name);
        // Its own faults, or those of its items, say it already.
        if !self.faults.iter().any(|fault| fault.field.starts_with(&field)) {
            self.faults.push(Fault { line: self.line, field, message });
        }
    }

    /// Names every field that nobody has taken.
    pub fn refuse_the_rest(&mut self) {
        let known = self.known.join(", ");
        for (name, line, _) in std::mem::take(&mut self.left) {
            let message = Words::new(
                format!("없는 설정입니다. 쓸 수 있는 것: {known}"),
                format!("is no setting here; known are {known}"),
            );
            self.faults.push(Fault { line, field: self.path_of(&name), message });
        }
    }

    fn take(&mut self, name: &'static str) -> Option<Node> {
        self.known.push(name);
        let at = self.left.iter().position(|(key, ..)| key == name)?;
        Some(self.left.remove(at).2)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn text(&mut self, field: &str, node: &Node) -> Option<String> {
        let (ko, en) = match &node.value {
            Value::Text(text) => return Some(text.clone()),
            Value::Null => return None,
            Value::List(_) => ("목록", "a list"),
            Value::Section(_) => ("묶음", "a section"),
        };
        let message = Words::new(
            format!("{ko}이(가) 아니라 값 하나여야 합니다"),
            format!("must be one value, not {en}"),
        );
        self.faults.push(Fault { line: node.line, field: field.to_owned(), message });
        None
    }

    fn keep<T>(&mut self, field: String, line: u64, read: Result<T, Words>, into: &mut T) {
        match read {
            Ok(value) => *into = value,
            Err(message) => self.faults.push(Fault { line, field, message }),
        }
    }
}

fn not_a_section(line: u64, path: &str, ko: &str, en: &str) -> Fault {
    let field = if path.is_empty() { "yaml" } else { path };
    let message = Words::new(
        format!("{ko}이(가) 아니라 들여쓴 설정들의 묶음이어야 합니다"),
        format!("must be a section with indented lines below it, not {en}"),
    );
    Fault { line, field: field.to_owned(), message }
}
