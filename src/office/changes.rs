//! What is different between two offices, in words.

use std::collections::BTreeMap;

use crate::office::agent::Agent;
use crate::office::announcement::{Situation, Voice, Voices};
use crate::office::bell::Bell;
use crate::office::call_recording::RecordingRules;
use crate::office::customer::Customer;
use crate::office::device::{DigestAlgorithm, Secret};
use crate::office::dial_out::DialOut;
use crate::office::document_recording::print_megabytes;
use crate::office::duration;
use crate::office::hours::Hours;
use crate::office::number::{Number, Ringback};
use crate::office::number_form::Prefix;
use crate::office::print_hours::{print_ranges, told_holiday};
use crate::office::print_workflows::print_workflow;
use crate::office::recording::Recording;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::speaker::Rung;
use crate::office::team::Team;
use crate::office::trunk::Trunk;
use crate::office::workflow::Workflow;
use crate::words::Words;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub words: Words,
}

/// What kind of thing a fact is about, in the order of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Agent,
    Team,
    Hours,
    Trunk,
    Number,
    WrapUp,
    Workflow,
    WorkflowOrder,
    Customer,
    DialOut,
    Bells,
    Recording,
    Conference,
}

/// What is compared and, unless it is secret, shown.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    Shown(String),
    Secret(Secret),
}

/// The facts of one thing by the name of the key in the document.
type Facts = BTreeMap<String, Fact>;

/// Every difference, in the order of the document; nothing when the offices are equal.
#[must_use]
pub fn changes(before: &Office, after: &Office) -> Vec<Change> {
    let (before, after) = (things(before), things(after));
    let mut found = Vec::new();
    for (thing, old) in &before {
        match after.get(thing) {
            None => found.push(removed(thing)),
            Some(new) => found.extend(differences(thing, old, new)),
        }
    }
    for thing in after.keys().filter(|thing| !before.contains_key(thing)) {
        found.push(added(thing));
    }
    found
}

fn differences(thing: &(Kind, String), old: &Facts, new: &Facts) -> Vec<Change> {
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let changed = keys.into_iter().filter(|key| {
        let (old, new) = (old.get(*key), new.get(*key));
        // The account that a password belongs to is new or gone: that is said by another key.
        let belongs_to_one = key.contains(".password") || key.starts_with("devices.");
        old != new && !(belongs_to_one && (old.is_none() || new.is_none()))
    });
    changed.map(|key| changed_fact(thing, key, old.get(key), new.get(key))).collect()
}

fn changed_fact(
    thing: &(Kind, String),
    key: &str,
    old: Option<&Fact>,
    new: Option<&Fact>,
) -> Change {
    let name = name(thing);
    let words = match (shown(old), shown(new)) {
        (Some(old), Some(new)) => Words::new(
            format!("{} {key}: {old} → {new}", name.ko),
            format!("{} {key}: {old} → {new}", name.en),
        ),
        (None, _) | (_, None) => Words::new(
            format!("{} {key}: 새 값으로 변경", name.ko),
            format!("{} {key}: changed", name.en),
        ),
    };
    Change { words }
}

fn shown(fact: Option<&Fact>) -> Option<&str> {
    match fact {
        Some(Fact::Shown(text)) if text.is_empty() => Some("-"),
        Some(Fact::Shown(text)) => Some(text),
        Some(Fact::Secret(_)) => None,
        None => Some("-"),
    }
}

fn added(thing: &(Kind, String)) -> Change {
    let name = name(thing);
    Change { words: Words::new(format!("{} 추가", name.ko), format!("{} added", name.en)) }
}

fn removed(thing: &(Kind, String)) -> Change {
    let name = name(thing);
    Change { words: Words::new(format!("{} 삭제", name.ko), format!("{} removed", name.en)) }
}

fn name((kind, key): &(Kind, String)) -> Words {
    match kind {
        Kind::Agent => Words::new(format!("매니저 {key}"), format!("agent {key}")),
        Kind::Team => Words::new(format!("팀 '{key}'"), format!("team '{key}'")),
        Kind::Hours => Words::new(format!("운영시간 '{key}'"), format!("hours '{key}'")),
        Kind::Trunk => Words::new(format!("회선 '{key}'"), format!("trunk '{key}'")),
        Kind::Number => Words::new(format!("번호 {key}"), format!("number {key}")),
        Kind::WrapUp => Words::new("후처리", "wrap_up"),
        Kind::Workflow => Words::new(format!("워크플로우 '{key}'"), format!("workflow '{key}'")),
        Kind::WorkflowOrder => Words::new("워크플로우", "workflows"),
        Kind::Customer => Words::new(format!("고객 {key}"), format!("customer {key}")),
        Kind::DialOut => Words::new("발신 규칙", "dial_out"),
        Kind::Bells => Words::new("시간 벨", "bells"),
        Kind::Conference => Words::new("회의 통화 규칙", "conference"),
        Kind::Recording => Words::new("녹음 규칙", "recording"),
    }
}

fn things(office: &Office) -> BTreeMap<(Kind, String), Facts> {
    let mut things = BTreeMap::new();
    for agent in office.agents.values() {
        things.insert((Kind::Agent, agent.extension.to_string()), agent_facts(agent));
    }
    for team in office.teams.values() {
        things.insert((Kind::Team, team.name.to_string()), team_facts(team));
    }
    for hours in office.hours.values() {
        things.insert((Kind::Hours, hours.name.to_string()), hours_facts(hours));
    }
    for trunk in office.trunks.values() {
        things.insert((Kind::Trunk, trunk.name.to_string()), trunk_facts(trunk));
    }
    for number in office.numbers.values() {
        things.insert((Kind::Number, number.number.to_string()), number_facts(number));
    }
    let mut wrap_up = Facts::new();
    fact(&mut wrap_up, "limit", office.wrap_up.to_string());
    things.insert((Kind::WrapUp, String::new()), wrap_up);
    for workflow in &office.workflows {
        things.insert((Kind::Workflow, workflow.name.to_string()), workflow_facts(workflow));
    }
    let names = office.workflows.iter().map(|workflow| workflow.name.to_string());
    let mut order = Facts::new();
    fact(&mut order, "order", joined(names));
    things.insert((Kind::WorkflowOrder, String::new()), order);
    for customer in office.customers.values() {
        things.insert((Kind::Customer, customer.number.to_string()), customer_facts(customer));
    }
    things.insert((Kind::DialOut, String::new()), dial_out_facts(&office.dial_out));
    things.insert((Kind::Bells, String::new()), bell_facts(&office.speaker.bells));
    things.insert((Kind::Recording, String::new()), recording_facts(office.recording.rules));
    let mut conference = Facts::new();
    fact(&mut conference, "tones", office.conference.tones.to_string());
    things.insert((Kind::Conference, String::new()), conference);
    for number in &office.recording.numbers {
        if let Some(facts) = things.get_mut(&(Kind::Number, number.to_string())) {
            fact(facts, "recording", "on");
        }
    }
    for (rung, ring) in &office.speaker.rings {
        let thing = match rung {
            Rung::Number(number) => (Kind::Number, number.to_string()),
            Rung::Team(name) => (Kind::Team, name.to_string()),
            Rung::Agent(extension) => (Kind::Agent, extension.to_string()),
        };
        if let Some(facts) = things.get_mut(&thing) {
            fact(facts, "speaker", format!("{} {}%", ring.sound.name(), ring.volume));
        }
    }
    things
}

fn fact(facts: &mut Facts, key: impl Into<String>, value: impl Into<String>) {
    facts.insert(key.into(), Fact::Shown(value.into()));
}

fn agent_facts(agent: &Agent) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "name", agent.name.as_str());
    fact(&mut facts, "language", agent.language.code());
    fact(&mut facts, "phone_calls", agent.phone_calls.to_string());
    fact(&mut facts, "unassigned_calls", agent.unassigned_calls.to_string());
    fact(&mut facts, "call_waiting", agent.call_waiting.to_string());
    let usernames = agent.devices.iter().map(|device| device.username.to_string());
    fact(&mut facts, "devices", joined(usernames));
    for device in &agent.devices {
        let password = Fact::Secret(device.password.clone());
        facts.insert(format!("devices.{}.password", device.username), password);
        let digest = match device.digest {
            DigestAlgorithm::Md5 => "md5",
            DigestAlgorithm::Sha256 => "sha-256",
        };
        fact(&mut facts, format!("devices.{}.digest", device.username), digest);
        fact(&mut facts, format!("devices.{}.srtp", device.username), device.srtp.name());
    }
    facts
}

fn team_facts(team: &Team) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "members", joined(team.members.iter().map(ToString::to_string)));
    fact(&mut facts, "assignment", team.assignment.word());
    fact(&mut facts, "wrap_up", team.wrap_up.map(|rule| rule.to_string()).unwrap_or_default());
    fact(&mut facts, "hours", team.hours.as_ref().map(ToString::to_string).unwrap_or_default());
    facts
}

fn hours_facts(hours: &Hours) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "timezone", hours.timezone.iana_name().unwrap_or_default());
    match &hours.week {
        None => fact(&mut facts, "week", ""),
        Some(week) => {
            for (day, ranges) in week.days() {
                fact(&mut facts, format!("week.{day}"), print_ranges(ranges));
            }
        }
    }
    let public = hours.public_holidays.map(|country| country.code());
    fact(&mut facts, "public_holidays", public.unwrap_or("off"));
    for holiday in &hours.holidays {
        let (from, told) = told_holiday(holiday);
        fact(&mut facts, format!("holidays.{from}"), told);
    }
    facts
}

fn trunk_facts(trunk: &Trunk) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "peer", trunk.peer.map(|peer| peer.to_string()).unwrap_or_default());
    fact(&mut facts, "label", trunk.label.as_str());
    fact(&mut facts, "blocks", joined(trunk.blocks.iter().map(ToString::to_string)));
    fact(&mut facts, "presentable", joined(trunk.presentable.iter().map(ToString::to_string)));
    let form = &trunk.number_form;
    fact(&mut facts, "format", form.format.name());
    fact(&mut facts, "international_prefix", form.abroad.as_str());
    fact(&mut facts, "prefix", form.prefix.as_ref().map_or("", Prefix::as_str));
    fact(&mut facts, "ringback", trunk.ringback.name());
    fact(&mut facts, "transport", trunk.transport.name());
    fact(&mut facts, "srtp", trunk.srtp.name());
    let countries = trunk.countries.iter().flatten().cloned();
    let countries = trunk.countries.is_some().then(|| joined(countries));
    fact(&mut facts, "countries", countries.unwrap_or_else(|| "dial_out".to_owned()));
    if let Some(account) = &trunk.register {
        fact(&mut facts, "register.server", account.server.as_str());
        fact(&mut facts, "register.username", account.username.as_str());
        facts.insert("register.password".to_owned(), Fact::Secret(account.password.clone()));
    }
    facts
}

fn number_facts(number: &Number) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "default", number.is_default.to_string());
    let presented = number.presented.as_ref().map(ToString::to_string);
    fact(&mut facts, "presented", presented.unwrap_or_default());
    fact(&mut facts, "hours", number.hours.as_ref().map(ToString::to_string).unwrap_or_default());
    let route = match &number.route {
        Route::Off => "off".to_owned(),
        Route::Agent(extension) => format!("agent {extension}"),
        Route::Team(team) => format!("team '{team}'"),
        Route::Workflow(name) => format!("workflow '{name}'"),
    };
    fact(&mut facts, "route", route);
    fact(&mut facts, "ring_time", duration::print(number.ring_time.get()));
    let ringback = match &number.ringback {
        Ringback::Looping => "looping".to_owned(),
        Ringback::National => "national".to_owned(),
        Ringback::File(recording) => recorded(recording),
    };
    fact(&mut facts, "ringback", ringback);
    fact(&mut facts, "priority", number.priority.word());
    fact(&mut facts, "wrap_up", number.wrap_up.map(|rule| rule.to_string()).unwrap_or_default());
    fact(&mut facts, "continuation", number.continuation.to_string());
    for (key, situation) in [
        ("announcements.greeting", Situation::Greeting),
        ("announcements.all_busy", Situation::AllBusy),
        ("announcements.closed", Situation::Closed),
        ("announcements.recording", Situation::Recording),
    ] {
        let voices = number.announcements.get(&situation);
        fact(&mut facts, key, voices.map(told).unwrap_or_default());
    }
    facts
}

/// The steps as one fact each; what else there is, as one line of the document each.
fn workflow_facts(workflow: &Workflow) -> Facts {
    let mut facts = Facts::new();
    for line in print_workflow(workflow, true) {
        let (key, value) = line.split_once(": ").unwrap_or((&line, ""));
        if let ("  - {name", Some((name, step))) = (key, value.split_once(", ")) {
            fact(&mut facts, format!("step {name}"), step.trim_end_matches('}'));
        } else if key != "steps:" {
            fact(&mut facts, key, value);
        }
    }
    facts
}

fn customer_facts(customer: &Customer) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "also", joined(customer.also.iter().map(ToString::to_string)));
    fact(&mut facts, "name", customer.name.as_str());
    let language = customer.language.map(|language| language.to_string());
    fact(&mut facts, "language", language.unwrap_or_default());
    fact(&mut facts, "tags", joined(customer.tags.iter().map(ToString::to_string)));
    fact(&mut facts, "blocked", customer.blocked.to_string());
    facts
}

fn dial_out_facts(dial_out: &DialOut) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "home", dial_out.home.as_str());
    fact(&mut facts, "countries", joined(dial_out.countries.iter().cloned()));
    fact(&mut facts, "emergency", joined(dial_out.emergency.iter().cloned()));
    facts
}

fn recording_facts(rules: RecordingRules) -> Facts {
    let mut facts = Facts::new();
    fact(&mut facts, "format", rules.format.extension());
    let keep = rules.keep.map_or_else(|| "forever".to_owned(), duration::print);
    fact(&mut facts, "keep", keep);
    fact(&mut facts, "free_disk", print_megabytes(rules.free_disk));
    fact(&mut facts, "limit", duration::print(rules.limit));
    facts
}

fn bell_facts(bells: &[Bell]) -> Facts {
    let mut facts = Facts::new();
    let words = bells.iter().map(|bell| {
        let zone = bell.timezone.iana_name().unwrap_or_default();
        format!("{} {} ({zone}) {} {}%", bell.at, bell.days, bell.sound.name(), bell.volume)
    });
    fact(&mut facts, "at", words.collect::<Vec<_>>().join("; "));
    facts
}

/// None is not the same as no word: what is not told about may have a voice all the same.
fn told(voices: &Voices) -> String {
    if voices.is_empty() { "{}".to_owned() } else { spoken(voices) }
}

fn spoken(voices: &Voices) -> String {
    joined(voices.iter().map(|(language, voice)| match voice {
        Voice::BuiltIn => language.to_string(),
        Voice::File(recording) => format!("{language} {}", recorded(recording)),
        Voice::Text(spoken) => format!("{language} \"{}\" ({})", spoken.text, spoken.voice),
    }))
}

/// Another sound under the same name is a change too.
fn recorded(recording: &Recording) -> String {
    format!("'{}' ({})", recording.name, recording.sha256.short())
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
