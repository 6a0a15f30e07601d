//! Settings of a file, read one by one over their defaults.

use crate::words::Words;
use crate::yaml::{Fault, Key, Part, Value};

/// The fields of one section; faults are kept and reading goes on.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    section: Part<'a>,
    left: Vec<(&'a Key, Part<'a>)>,
    known: Vec<&'static str>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(section: Part<'a>, faults: &'a mut Vec<Fault>) -> Self {
        let other = match section.value() {
            Value::Section(_) | Value::Empty => None,
            Value::Word(_) => Some(("하나의 값", "one value")),
            Value::List(_) => Some(("목록", "a list")),
        };
        if let Some((ko, en)) = other {
            let message = Words::new(
                format!("{ko}이(가) 아니라 들여쓴 설정들의 묶음이어야 합니다"),
                format!("must be a section with indented lines below it, not {en}"),
            );
            section.refuse(message, faults);
        }
        Self { left: section.entries(), section, known: Vec::new(), faults }
    }

    /// Reads one value; an absent or empty field leaves what `into` holds.
    pub(crate) fn value<T>(
        &mut self,
        name: &'static str,
        into: &mut T,
        read: impl Fn(&str) -> Result<T, Words>,
    ) {
        let Some(part) = self.take(name) else { return };
        if let Some(value) = self.read(&part, read) {
            *into = value;
        }
    }

    /// As [`Fields::value`], but `null` means none.
    pub(crate) fn option<T>(
        &mut self,
        name: &'static str,
        into: &mut Option<T>,
        read: impl Fn(&str) -> Result<T, Words>,
    ) {
        let Some(part) = self.take(name) else { return };
        if matches!(part.value(), Value::Empty) {
            *into = None;
        } else if let Some(value) = self.read(&part, read) {
            *into = Some(value);
        }
    }

    /// Reads a list of values, or one value as a list of one.
    pub(crate) fn list<T>(
        &mut self,
        name: &'static str,
        into: &mut Vec<T>,
        read: impl Fn(&str) -> Result<T, Words>,
    ) {
        let Some(part) = self.take(name) else { return };
        *into = part.each().iter().filter_map(|item| self.read(item, &read)).collect();
    }

    /// Reads a section below this one; its unknown fields are refused.
    pub(crate) fn section(&mut self, name: &'static str, read: impl FnOnce(&mut Fields<'_>)) {
        let Some(part) = self.take(name) else { return };
        let mut below = Fields::of(part, self.faults);
        read(&mut below);
        below.refuse_the_rest();
    }

    /// Says that a field's value, once read, cannot stay so.
    pub(crate) fn refuse(&mut self, name: &str, message: Words) {
        let field = self.section.path_of(name);
        // Its own faults, or those of its items, say it already.
        if !self.faults.iter().any(|fault| fault.field.starts_with(&field)) {
            self.section.refuse_below(name, message, self.faults);
        }
    }

    /// Names every field that nobody has taken.
    pub(crate) fn refuse_the_rest(&mut self) {
        let known = self.known.join(", ");
        for (key, _) in std::mem::take(&mut self.left) {
            let message = Words::new(
                format!("없는 설정입니다. 쓸 수 있는 것: {known}"),
                format!("is no setting here; known are {known}"),
            );
            self.section.refuse_key(key, message, self.faults);
        }
    }

    fn take(&mut self, name: &'static str) -> Option<Part<'a>> {
        self.known.push(name);
        let at = self.left.iter().position(|(key, _)| key.name() == name)?;
        Some(self.left.remove(at).1)
    }

    fn read<T>(&mut self, part: &Part<'_>, read: impl Fn(&str) -> Result<T, Words>) -> Option<T> {
        let (ko, en) = match part.value() {
            Value::Word(word) => match read(word) {
                Ok(value) => return Some(value),
                Err(message) => {
                    part.refuse(message, self.faults);
                    return None;
                }
            },
            Value::Empty => return None,
            Value::List(_) => ("목록", "a list"),
            Value::Section(_) => ("묶음", "a section"),
        };
        let message = Words::new(
            format!("{ko}이(가) 아니라 값 하나여야 합니다"),
            format!("must be one value, not {en}"),
        );
        part.refuse(message, self.faults);
        None
    }
}
