//! What is different between two offices, in words.

use std::collections::BTreeSet;

use crate::office::bell::Bell;
use crate::office::change::facts::{Fact, Facts, Kind, Thing};
use crate::office::change::facts_of_office::things;
use crate::office::closed_words::{days, room_sound};
use crate::office::snapshot::Office;
use crate::office::workflow::name::WorkflowName;
use crate::words::Words;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub words: Words,
}

/// Every difference, in the order of the document; nothing when the offices are equal.
#[must_use]
pub fn changes(before: &Office, after: &Office) -> Vec<Change> {
    let (old_things, new_things) = (things(before), things(after));
    let mut found = Vec::new();
    for (thing, old) in &old_things {
        match new_things.get(thing) {
            None => found.push(removed(&name(thing))),
            Some(new) => found.extend(differences(thing, old, new)),
        }
    }
    for thing in new_things.keys().filter(|thing| !old_things.contains_key(thing)) {
        found.push(added(&name(thing)));
    }
    found.extend(reordered(before, after));
    found.extend(changed_bells(&before.speaker.bells, &after.speaker.bells));
    found
}

fn differences(thing: &Thing, old: &Facts, new: &Facts) -> Vec<Change> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = keys.into_iter().filter_map(|key| {
        let (old, new) = (old.get(key), new.get(key));
        // The account that it belongs to is new or gone: that is said by another key.
        let belongs_to_one = key.contains(".password") || key.starts_with("devices.");
        let is_told = old != new && !(belongs_to_one && (old.is_none() || new.is_none()));
        is_told.then(|| changed_fact(&name(thing), old, new))?
    });
    changed.collect()
}

/// None: neither has said anything.
fn changed_fact(name: &Words, old: Option<&Fact>, new: Option<&Fact>) -> Option<Change> {
    let label = &old.or(new)?.label;
    let (was, is) = (told(old), told(new));
    let words = match (was, is) {
        (Some(was), Some(is)) if was != is => Words::new(
            format!("{} {}: {} → {}", name.ko, label.ko, was.ko, is.ko),
            format!("{}, {}: {} → {}", name.en, label.en, was.en, is.en),
        ),
        // Another sound under the same name, say.
        (Some(_), Some(is)) => Words::new(
            format!("{} {}: {} 내용이 바뀜", name.ko, label.ko, is.ko),
            format!("{}, {}: {} is another now", name.en, label.en, is.en),
        ),
        (None, _) | (_, None) => Words::new(
            format!("{} {}: 새 값으로 변경", name.ko, label.ko),
            format!("{}, {}: changed", name.en, label.en),
        ),
    };
    Some(Change { words })
}

/// None: it is secret.
fn told(fact: Option<&Fact>) -> Option<Words> {
    let Some(fact) = fact else { return Some(none()) };
    fact.told.clone().map(|told| if told.is_empty() { none() } else { told })
}

fn none() -> Words {
    Words::new("없음", "none")
}

/// Only those that both offices have can have changed places.
fn reordered(before: &Office, after: &Office) -> Option<Change> {
    let names = |office: &Office, other: &Office| -> Vec<WorkflowName> {
        let names = office.workflows.iter().map(|workflow| workflow.name.clone());
        names.filter(|name| other.workflow(name).is_some()).collect()
    };
    let (was, is) = (names(before, after), names(after, before));
    let told = |names: &[WorkflowName]| {
        names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let (old, new) = (told(&was), told(&is));
    (was != is).then(|| Change {
        words: Words::new(
            format!("워크플로우 순서: {old} → {new}"),
            format!("workflows, order: {old} → {new}"),
        ),
    })
}

/// A bell has no name: it is told as what it is.
fn changed_bells(before: &[Bell], after: &[Bell]) -> Vec<Change> {
    let gone: Vec<&Bell> = before.iter().filter(|bell| !after.contains(bell)).collect();
    let new: Vec<&Bell> = after.iter().filter(|bell| !before.contains(bell)).collect();
    if let ([was], [is]) = (gone.as_slice(), new.as_slice()) {
        let (was, is) = (told_bell(was), told_bell(is));
        let words = Words::new(
            format!("시간 벨: {} → {}", was.ko, is.ko),
            format!("bell: {} → {}", was.en, is.en),
        );
        return vec![Change { words }];
    }
    // What became of it comes first: the rest is long.
    let said = |bell: &Bell, ko: &str, en: &str| {
        let told = told_bell(bell);
        let words =
            Words::new(format!("시간 벨 {ko}: {}", told.ko), format!("bell {en}: {}", told.en));
        Change { words }
    };
    let gone = gone.into_iter().map(|bell| said(bell, "삭제", "removed"));
    gone.chain(new.into_iter().map(|bell| said(bell, "추가", "added"))).collect()
}

/// `08:50 Mon–Fri (Asia/Seoul), chime 80%`.
fn told_bell(bell: &Bell) -> Words {
    let (days, sound) = (days(bell.days), room_sound(bell.sound));
    let zone = bell.timezone.iana_name().unwrap_or_default();
    let (at, volume) = (bell.at, bell.volume);
    Words::new(
        format!("{at} {} ({zone}), {} {volume}%", days.ko, sound.ko),
        format!("{at} {} ({zone}), {} {volume}%", days.en, sound.en),
    )
}

fn added(name: &Words) -> Change {
    Change { words: Words::new(format!("{} 추가", name.ko), format!("{} added", name.en)) }
}

fn removed(name: &Words) -> Change {
    Change { words: Words::new(format!("{} 삭제", name.ko), format!("{} removed", name.en)) }
}

fn name((kind, key): &Thing) -> Words {
    match kind {
        Kind::Agent => Words::new(format!("매니저 {key}"), format!("agent {key}")),
        Kind::Team => Words::new(format!("팀 '{key}'"), format!("team '{key}'")),
        Kind::Hours => Words::new(format!("운영시간 '{key}'"), format!("hours '{key}'")),
        Kind::Trunk => Words::new(format!("회선 '{key}'"), format!("trunk '{key}'")),
        Kind::Number => Words::new(format!("번호 {key}"), format!("number {key}")),
        Kind::WrapUp => Words::new("정책", "rules"),
        Kind::Workflow => Words::new(format!("워크플로우 '{key}'"), format!("workflow '{key}'")),
        Kind::Customer => Words::new(format!("고객 {key}"), format!("customer {key}")),
        Kind::DialOut => Words::new("거는 전화", "calls that go out"),
        Kind::Conference => Words::new("여럿이 통화할 때", "when several talk"),
        Kind::Figures => Words::new("통계", "figures"),
        Kind::Recording => Words::new("녹음", "recordings"),
    }
}
