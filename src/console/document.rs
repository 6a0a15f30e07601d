//! The office document as a tree of words. What this console has no screen for stays as it is.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde_json::Value;

use crate::office::document::document::parse_with;
use crate::office::document::sounds::files_named;
use crate::office::library::Library;
use crate::office::recording::SoundHash;
use crate::office::snapshot::Office;
use crate::words::Words;
use crate::yaml::Node;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    whole: Value,
}

impl Document {
    /// Reads what `GET /v1/office` answers.
    ///
    /// # Errors
    /// When it is no YAML.
    pub fn parse(text: &str) -> Result<Self, Words> {
        match Node::parse(text) {
            Ok(node) => Ok(Self { whole: node.to_json() }),
            Err(fault) => Err(fault.message),
        }
    }

    /// What `PUT /v1/office` takes: JSON is YAML too.
    #[must_use]
    pub fn text(&self) -> String {
        self.whole.to_string()
    }

    pub(crate) fn whole_mut(&mut self) -> &mut Value {
        &mut self.whole
    }

    #[must_use]
    pub fn whole(&self) -> &Value {
        &self.whole
    }

    /// The office that it tells of. The daemon shows no passwords: those of this one are none.
    #[must_use]
    pub fn read(&self) -> Option<Office> {
        let mut whole = self.whole.clone();
        let accounts = |item: &mut Value, path: &str| match item.get_mut(path) {
            Some(Value::Array(devices)) => devices.iter_mut().for_each(give_password),
            Some(account @ Value::Object(_)) => give_password(account),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
        };
        for (section, path) in [("agents", "devices"), ("trunks", "register")] {
            let items = whole.get_mut(section).and_then(Value::as_array_mut);
            items.into_iter().flatten().for_each(|item| accounts(item, path));
        }
        let text = whole.to_string();
        // Which sound a file holds is not told either.
        let named = files_named(&text).into_iter().map(|file| (file.name, SoundHash::of(&[])));
        let library = Library { named: named.collect(), ..Library::default() };
        parse_with(&text, None, library).ok()
    }

    #[must_use]
    pub fn items(&self, section: &str) -> &[Value] {
        self.whole.get(section).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The item whose `key` is `id`.
    #[must_use]
    pub fn item(&self, section: &str, key: &str, id: &str) -> Option<&Value> {
        self.items(section).iter().find(|item| word(item, key) == id)
    }

    /// Nobody has set anything up.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        ["agents", "trunks", "numbers"].iter().all(|section| self.items(section).is_empty())
    }

    /// The trunk whose blocks hold a number.
    #[must_use]
    pub fn trunk_of(&self, number: &str) -> Option<&Value> {
        let digits = digits(number)?;
        let holds = |trunk: &&Value| {
            let blocks = words(trunk, "blocks");
            blocks.iter().filter_map(|block| range(block)).any(|range| range.contains(&digits))
        };
        self.items("trunks").iter().find(holds)
    }

    /// The trunks' numbers that nobody has claimed, at most `limit`, each with its trunk.
    #[must_use]
    pub fn free_numbers(&self, limit: usize) -> Vec<(String, String)> {
        let mut seen: BTreeSet<String> =
            self.items("numbers").iter().map(|number| word(number, "number")).collect();
        let mut free = Vec::new();
        for trunk in self.items("trunks") {
            let blocks = words(trunk, "blocks");
            for number in blocks.iter().flat_map(|block| numbers_of(block)) {
                if free.len() >= limit {
                    return free;
                }
                if seen.insert(number.clone()) {
                    free.push((number, word(trunk, "name")));
                }
            }
        }
        free
    }
}

fn give_password(account: &mut Value) {
    if let Some(account) = account.as_object_mut() {
        account.entry("password").or_insert_with(|| Value::from("-"));
    }
}

/// The numbers of a block, such as `+827012345600-+827012345699`.
fn numbers_of(block: &str) -> impl Iterator<Item = String> {
    range(block).into_iter().flatten().map(|number| format!("+{number}"))
}

fn range(block: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) =
        block.split_once("-+").map_or((block, block), |(first, last)| (first, last));
    digits(first).zip(digits(last)).map(|(first, last)| first..=last)
}

fn digits(text: &str) -> Option<u64> {
    text.trim().trim_start_matches('+').parse().ok()
}

/// The word at a path such as `register.server`; empty when there is none.
#[must_use]
pub fn word(item: &Value, path: &str) -> String {
    find(item, path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The words of a list.
#[must_use]
pub fn words(item: &Value, path: &str) -> Vec<String> {
    match find(item, path) {
        Some(Value::Array(list)) => list.iter().map(said).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
            Vec::new()
        }
    }
}

#[must_use]
pub fn find<'a>(item: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(item, |at, name| at.get(name))
}

/// Any value in one line: `team support`, `ko: built-in`.
#[must_use]
pub fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(word) => word.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(list) => list.iter().map(said).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| format!("{key} {}", said(value));
            entries.iter().map(entry).collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::document::document::parse;
    use crate::office::document::print::print;

    const OFFICE: &str = "
agents:
  - {extension: \"101\", name: \"김: 민지\", devices: [{username: \"101\", password: x}]}
teams:
  - {name: support, members: [\"101\"]}
trunks:
  - {name: carrier, peer: 192.0.2.1, blocks: [\"+827012345600-+827012345602\"]}
numbers:
  - number: \"+827012345601\"
    default: true
    route: {team: support}
    announcements: {greeting: {ko: built-in}}
policies: {dial_out: {emergency: [\"112\"]}}
";

    #[test]
    fn what_is_read_and_sent_back_changes_nothing() {
        let office = parse(OFFICE, None).unwrap();
        let document = Document::parse(&print(&office, true)).unwrap();
        assert_eq!(parse(&document.text(), None).unwrap(), office);
        // Nor without passwords, which the daemon keeps.
        let document = Document::parse(&print(&office, false)).unwrap();
        assert_eq!(parse(&document.text(), Some(&office)).unwrap(), office);
        let read = document.read().unwrap();
        assert_eq!((read.numbers, read.teams), (office.numbers, office.teams));
    }

    #[test]
    fn free_numbers_are_those_of_the_blocks_that_nobody_has() {
        let document = Document::parse(OFFICE).unwrap();
        let free = document.free_numbers(10);
        let numbers: Vec<&str> = free.iter().map(|(number, _)| number.as_str()).collect();
        assert_eq!(numbers, ["+827012345600", "+827012345602"]);
        assert_eq!(document.free_numbers(1).len(), 1);
    }
}
