//! One fact of the office that a change is told by: what is compared, and what people call it.

use std::collections::BTreeMap;
use std::fmt::Debug;

use crate::office::device::Secret;
use crate::office::duration;
use crate::office::wrap_up::WrapUpRule;
use crate::words::Words;

/// What kind of thing a fact is about, in the order of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Agent,
    Team,
    Hours,
    Trunk,
    Number,
    WrapUp,
    Workflow,
    Customer,
    DialOut,
    Recording,
    Conference,
    Figures,
}

/// One of them, by its name.
pub(crate) type Thing = (Kind, String);

#[derive(Clone, Debug)]
pub(crate) struct Fact {
    /// What people call it.
    pub(crate) label: Words,
    exact: Exact,
    /// What is shown; none: it is secret.
    pub(crate) told: Option<Words>,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exact {
    Text(String),
    Secret(Secret),
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.exact == other.exact
    }
}

/// The facts of one thing, by keys that keep their order.
pub(crate) type Facts = BTreeMap<String, Fact>;

pub(crate) fn fact(facts: &mut Facts, key: impl Into<String>, (ko, en): (&str, &str), told: Words) {
    let exact = Exact::Text(told.en.clone());
    facts.insert(key.into(), Fact { label: Words::new(ko, en), exact, told: Some(told) });
}

/// A name, a number, an address: the same in both languages.
pub(crate) fn name(facts: &mut Facts, key: &str, label: (&str, &str), text: impl Into<String>) {
    fact(facts, key, label, Words::same(text));
}

/// `value` is compared to its last detail.
pub(crate) fn exactly(
    facts: &mut Facts,
    key: &str,
    label: Words,
    value: &impl Debug,
    told: Option<Words>,
) {
    let exact = Exact::Text(format!("{value:?}"));
    facts.insert(key.to_owned(), Fact { label, exact, told });
}

pub(crate) fn secret(facts: &mut Facts, key: &str, label: Words, secret: &Secret) {
    let exact = Exact::Secret(secret.clone());
    facts.insert(key.to_owned(), Fact { label, exact, told: None });
}

/// None: as the rules above it say.
pub(crate) fn told_wrap_up(rule: Option<WrapUpRule>) -> Words {
    match rule {
        None => Words::new("따로 없음", "as the rules say"),
        Some(WrapUpRule::Off) => Words::new("없음", "off"),
        Some(WrapUpRule::On { limit: None }) => Words::new("제한 없이", "without a limit"),
        Some(WrapUpRule::On { limit: Some(limit) }) => duration::words(limit.get()),
    }
}

pub(crate) fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
