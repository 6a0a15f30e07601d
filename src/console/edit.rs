//! One change of the office document, small enough to be made again on a newer one.

use serde_json::{Map, Value, json};

use crate::console::document::{Document, find, word};

/// What is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The document itself; paths begin at its top.
    Whole,
    /// The item whose `key` is `id`.
    Item { section: &'static str, key: &'static str, id: String },
    /// The item that is exactly this, of a section whose items have no names.
    Same { section: &'static str, item: Value },
    /// An item that is added.
    New { section: &'static str },
    /// An entry that is added to a list of the item whose `key` is `id`.
    Within { section: &'static str, key: &'static str, id: String, path: String },
    /// The entry, whose `entry_key` is `entry`, of a list of the item whose `key` is `id`.
    Entry {
        section: &'static str,
        key: &'static str,
        id: String,
        path: &'static str,
        entry_key: &'static str,
        entry: String,
    },
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `None` takes the setting away.
    Set(String, Option<Value>),
    /// Adds to a list.
    Push(String, Value),
    /// Takes away the item of a list whose `key` is `id`.
    Pull { path: String, key: &'static str, id: String },
    /// Sets within the item of a list whose `key` is `id`.
    SetIn { path: String, key: &'static str, id: String, name: &'static str, value: Value },
    /// Moves the item of a list whose `key` is `id` by one place.
    Shift { path: String, key: &'static str, id: String, is_down: bool },
    /// Takes away a word of a list.
    PullWord(String, String),
    /// The whole item goes.
    Remove,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub target: Target,
    pub steps: Vec<Step>,
}

impl Edit {
    /// Makes the change. Answers where it was made, as faults name it (`numbers[3].`); `None`: what
    /// was to be changed is not there any more.
    pub fn apply(&self, document: &mut Document) -> Option<String> {
        let whole = document.whole_mut();
        if !whole.is_object() {
            *whole = Value::Object(Map::new());
        }
        let (section, index) = match &self.target {
            Target::Whole => {
                self.steps.iter().for_each(|step| take(whole, step));
                return Some(String::new());
            }
            Target::Item { section, key, id }
            | Target::Within { section, key, id, .. }
            | Target::Entry { section, key, id, .. } => {
                let items = find(whole, section)?.as_array()?;
                (*section, items.iter().position(|item| word(item, key) == *id)?)
            }
            Target::Same { section, item } => {
                let items = find(whole, section)?.as_array()?;
                (*section, items.iter().position(|other| other == item)?)
            }
            Target::New { section } => {
                let items = list(whole, section)?;
                items.push(Value::Object(Map::new()));
                (*section, items.len() - 1)
            }
        };
        let items = list(whole, section)?;
        if let Target::Within { path, .. } = &self.target {
            let entries = list(items.get_mut(index)?, path)?;
            let mut entry = Value::Object(Map::new());
            self.steps.iter().for_each(|step| take(&mut entry, step));
            entries.push(entry);
            return Some(format!("{section}[{index}].{path}[{}].", entries.len() - 1));
        }
        if let Target::Entry { path, entry_key, entry, .. } = &self.target {
            let entries = list(items.get_mut(index)?, path)?;
            let place = entries.iter().position(|item| word(item, entry_key) == *entry)?;
            self.steps.iter().for_each(|step| take(&mut entries[place], step));
            return Some(format!("{section}[{index}].{path}[{place}]."));
        }
        if self.steps.contains(&Step::Remove) {
            items.remove(index);
        } else {
            let item = items.get_mut(index)?;
            self.steps.iter().for_each(|step| take(item, step));
        }
        Some(format!("{section}[{index}]."))
    }
}

fn take(item: &mut Value, step: &Step) {
    match step {
        Step::Set(path, value) => set(item, path, value.clone()),
        Step::Push(path, value) => {
            if let Some(list) = list(item, path) {
                list.push(value.clone());
            }
        }
        Step::Pull { path, key, id } => {
            if let Some(list) = list(item, path) {
                list.retain(|entry| word(entry, key) != *id);
            }
        }
        Step::SetIn { path, key, id, name, value } => {
            let entries = list(item, path).into_iter().flatten();
            for entry in entries.filter(|entry| word(entry, key) == *id) {
                set(entry, name, Some(value.clone()));
            }
        }
        Step::Shift { path, key, id, is_down } => {
            let entries = list(item, path).into_iter();
            entries.for_each(|entries| shift(entries, (key, id), *is_down));
        }
        Step::PullWord(path, gone) => {
            if let Some(list) = list(item, path) {
                list.retain(|entry| entry.as_str() != Some(gone));
            }
        }
        Step::Remove => {}
    }
}

/// At either end it stays where it is.
fn shift(entries: &mut [Value], (key, id): (&str, &str), is_down: bool) {
    let Some(at) = entries.iter().position(|entry| word(entry, key) == id) else { return };
    let to = if is_down { Some(at + 1) } else { at.checked_sub(1) };
    if let Some(to) = to.filter(|to| *to < entries.len()) {
        entries.swap(at, to);
    }
}

fn set(item: &mut Value, path: &str, value: Option<Value>) {
    let (above, name) = path.rsplit_once('.').map_or(("", path), |(above, name)| (above, name));
    if let Some(section) = section(item, above) {
        match value {
            Some(value) => section.insert(name.to_owned(), value),
            None => section.remove(name),
        };
        if section.is_empty() && !above.is_empty() {
            set(item, above, None);
        }
    }
}

/// The section at a path, made where it is missing.
fn section<'a>(item: &'a mut Value, path: &str) -> Option<&'a mut Map<String, Value>> {
    let mut at = item;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        let entry = at.as_object_mut()?.entry(name).or_insert(Value::Null);
        if entry.is_null() {
            *entry = Value::Object(Map::new());
        }
        at = entry;
    }
    at.as_object_mut()
}

fn list<'a>(item: &'a mut Value, path: &str) -> Option<&'a mut Vec<Value>> {
    let (above, name) = path.rsplit_once('.').map_or(("", path), |(above, name)| (above, name));
    let entry = section(item, above)?.entry(name).or_insert_with(|| json!([]));
    if !entry.is_array() {
        *entry = json!([]);
    }
    entry.as_array_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        Document::parse(
            "agents: [{extension: \"101\", devices: [{username: a}, {username: b}]}]\nteams: []\n",
        )
        .unwrap()
    }

    fn agent(steps: Vec<Step>) -> Edit {
        let target = Target::Item { section: "agents", key: "extension", id: "101".to_owned() };
        Edit { target, steps }
    }

    #[test]
    fn an_edit_changes_what_it_names_and_nothing_else() {
        let mut document = document();
        let gone = Step::Pull { path: "devices".to_owned(), key: "username", id: "a".to_owned() };
        let edit = agent(vec![Step::Set("name".to_owned(), Some(json!("Kim"))), gone]);
        assert_eq!(edit.apply(&mut document), Some("agents[0].".to_owned()));
        let expected = json!({"extension": "101", "name": "Kim", "devices": [{"username": "b"}]});
        assert_eq!(document.items("agents"), [expected]);

        let home = Step::Set("policies.dial_out.home".to_owned(), Some(json!("81")));
        let edit = Edit { target: Target::Whole, steps: vec![home] };
        assert_eq!(edit.apply(&mut document), Some(String::new()));
        assert_eq!(document.whole()["policies"]["dial_out"]["home"], json!("81"));

        let new = Edit {
            target: Target::New { section: "numbers" },
            steps: vec![Step::Set("number".to_owned(), Some(json!("+82")))],
        };
        assert_eq!(new.apply(&mut document), Some("numbers[0].".to_owned()));
        let within = Edit {
            target: Target::Within {
                section: "agents",
                key: "extension",
                id: "101".to_owned(),
                path: "devices".to_owned(),
            },
            steps: vec![Step::Set("username".to_owned(), Some(json!("c")))],
        };
        assert_eq!(within.apply(&mut document), Some("agents[0].devices[1].".to_owned()));
        assert_eq!(document.items("agents")[0]["devices"][1], json!({"username": "c"}));
        let of_phone = |entry: &str| Edit {
            target: Target::Entry {
                section: "agents",
                key: "extension",
                id: "101".to_owned(),
                path: "devices",
                entry_key: "username",
                entry: entry.to_owned(),
            },
            steps: vec![Step::Set("srtp".to_owned(), Some(json!("off")))],
        };
        assert_eq!(of_phone("c").apply(&mut document), Some("agents[0].devices[1].".to_owned()));
        assert_eq!(document.items("agents")[0]["devices"][1]["srtp"], json!("off"));
        assert_eq!(of_phone("gone").apply(&mut document), None);
        assert_eq!(agent(vec![Step::Remove]).apply(&mut document), Some("agents[0].".to_owned()));
        assert!(document.items("agents").is_empty());
        let bell = json!({"at": "08:50"});
        let new = Target::New { section: "bells" };
        let steps = vec![Step::Set("at".to_owned(), Some(json!("08:50")))];
        assert!(Edit { target: new, steps }.apply(&mut document).is_some());
        let same = Target::Same { section: "bells", item: bell };
        let gone = Edit { target: same, steps: vec![Step::Remove] };
        assert_eq!(gone.apply(&mut document), Some("bells[0].".to_owned()));
        assert_eq!(gone.apply(&mut document), None);
        // It is gone: nothing to change.
        assert_eq!(agent(vec![Step::Remove]).apply(&mut document), None);
    }
}
