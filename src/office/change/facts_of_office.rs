//! The facts of a whole office, and those of its people and rules.

use std::collections::BTreeMap;

use crate::office::agent::Agent;
use crate::office::call_recording::RecordingRules;
use crate::office::change::facts::{
    Facts, Kind, Thing, exactly, fact, joined, name, secret, told_wrap_up,
};
use crate::office::change::facts_of_calls::{
    hours_facts, number_facts, trunk_facts, workflow_facts,
};
use crate::office::closed_words::{assignment, encryption, room_sound, yes_no};
use crate::office::customer::Customer;
use crate::office::device::DigestAlgorithm;
use crate::office::dial_out::DialOut;
use crate::office::document::recording::print_megabytes;
use crate::office::document::targets::print_target;
use crate::office::duration;
use crate::office::language::Language;
use crate::office::snapshot::Office;
use crate::office::speaker::Rung;
use crate::office::team::Team;
use crate::office::zone::zone_name;
use crate::words::Words;

pub(crate) fn things(office: &Office) -> BTreeMap<Thing, Facts> {
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
    for workflow in &office.workflows {
        things.insert((Kind::Workflow, workflow.name.to_string()), workflow_facts(workflow));
    }
    for customer in office.customers.values() {
        things.insert((Kind::Customer, customer.number.to_string()), customer_facts(customer));
    }
    let mut rules = |kind: Kind, facts: Facts| drop(things.insert((kind, String::new()), facts));
    let mut wrap_up = Facts::new();
    fact(&mut wrap_up, "limit", ("후처리", "wrap-up"), told_wrap_up(Some(office.wrap_up)));
    rules(Kind::WrapUp, wrap_up);
    rules(Kind::DialOut, dial_out_facts(&office.dial_out));
    rules(Kind::Recording, recording_facts(office.recording.rules));
    let mut conference = Facts::new();
    let tones = ("들어오고 나갈 때 신호음", "a tone when somebody comes or goes");
    fact(&mut conference, "tones", tones, yes_no(office.conference.tones));
    rules(Kind::Conference, conference);
    let mut figures = Facts::new();
    let zone = office.timezone.as_ref().map(zone_name).unwrap_or_default();
    name(&mut figures, "timezone", ("시간대", "time zone"), zone);
    let targets = joined(office.targets.iter().map(print_target));
    name(&mut figures, "targets", ("목표", "targets"), targets);
    rules(Kind::Figures, figures);
    add_what_stands_apart(office, &mut things);
    things
}

/// What the office keeps beside the things it is about.
fn add_what_stands_apart(office: &Office, things: &mut BTreeMap<Thing, Facts>) {
    for number in &office.recording.numbers {
        if let Some(facts) = things.get_mut(&(Kind::Number, number.to_string())) {
            fact(facts, "recording", ("녹음", "recorded"), yes_no(true));
        }
    }
    for (rung, ring) in &office.speaker.rings {
        let thing = match rung {
            Rung::Number(number) => (Kind::Number, number.to_string()),
            Rung::Team(name) => (Kind::Team, name.to_string()),
            Rung::Agent(extension) => (Kind::Agent, extension.to_string()),
        };
        if let Some(facts) = things.get_mut(&thing) {
            let (sound, volume) = (room_sound(ring.sound), ring.volume);
            let told =
                Words::new(format!("{} {volume}%", sound.ko), format!("{} {volume}%", sound.en));
            fact(facts, "speaker", ("사무실 스피커", "loudspeaker of the room"), told);
        }
    }
}

fn agent_facts(agent: &Agent) -> Facts {
    let mut facts = Facts::new();
    name(&mut facts, "name", ("이름", "name"), agent.name.as_str());
    fact(&mut facts, "language", ("쓰는 언어", "speaks"), agent.language.name());
    for (key, label, truth) in [
        ("phone_calls", ("전화 받기", "takes phone calls"), agent.phone_calls),
        (
            "unassigned_calls",
            ("담당자 없는 전화도 받기", "takes calls that are nobody's"),
            agent.unassigned_calls,
        ),
        (
            "call_waiting",
            ("통화 중에도 동료 전화 받기", "colleagues' calls ring while talking"),
            agent.call_waiting,
        ),
        ("missed_alerts", ("부재중 알림", "told of missed calls"), agent.missed_alerts),
    ] {
        fact(&mut facts, key, label, yes_no(truth));
    }
    let usernames = agent.devices.iter().map(|device| device.username.to_string());
    name(&mut facts, "devices", ("전화기", "phones"), joined(usernames));
    for device in &agent.devices {
        let of = |what: &str| format!("devices.{}.{what}", device.username);
        let label = |ko: &str, en: &str| {
            let phone = &device.username;
            Words::new(format!("전화기 {phone} {ko}"), format!("phone {phone}, {en}"))
        };
        secret(&mut facts, &of("password"), label("비밀번호", "password"), &device.password);
        let digest = match device.digest {
            DigestAlgorithm::Md5 => "MD5",
            DigestAlgorithm::Sha256 => "SHA-256",
        };
        let told = Some(Words::same(digest));
        exactly(&mut facts, &of("digest"), label("인증 방식", "digest"), &digest, told);
        let told = Some(encryption(device.srtp));
        let sound = label("소리 암호화", "encrypted sound");
        exactly(&mut facts, &of("srtp"), sound, &device.srtp, told);
        let told = Some(yes_no(device.rings));
        exactly(&mut facts, &of("rings"), label("벨 울림", "rings"), &device.rings, told);
    }
    facts
}

fn team_facts(team: &Team) -> Facts {
    let mut facts = Facts::new();
    let members = joined(team.members.iter().map(ToString::to_string));
    name(&mut facts, "members", ("구성원", "members"), members);
    let given = ("전화를 받을 사람", "whose phone rings");
    fact(&mut facts, "assignment", given, assignment(team.assignment));
    fact(&mut facts, "wrap_up", ("후처리", "wrap-up"), told_wrap_up(team.wrap_up));
    let hours = team.hours.as_ref().map(ToString::to_string).unwrap_or_default();
    name(&mut facts, "hours", ("운영시간", "hours"), hours);
    facts
}

fn customer_facts(customer: &Customer) -> Facts {
    let mut facts = Facts::new();
    let also = joined(customer.also.iter().map(ToString::to_string));
    name(&mut facts, "also", ("다른 번호", "other numbers"), also);
    name(&mut facts, "name", ("이름", "name"), customer.name.as_str());
    let spoken = customer.language.map_or_else(|| Words::same(""), Language::name);
    fact(&mut facts, "language", ("언어", "language"), spoken);
    let tags = joined(customer.tags.iter().map(ToString::to_string));
    name(&mut facts, "tags", ("태그", "tags"), tags);
    fact(&mut facts, "blocked", ("차단", "blocked"), yes_no(customer.blocked));
    facts
}

fn dial_out_facts(dial_out: &DialOut) -> Facts {
    let mut facts = Facts::new();
    let countries = joined(dial_out.countries.iter().cloned());
    let emergency = joined(dial_out.emergency.iter().cloned());
    let home = ("이 사무실의 국가 번호", "this office's country code");
    name(&mut facts, "home", home, dial_out.home.as_str());
    name(&mut facts, "countries", ("걸 수 있는 나라", "countries that may be called"), countries);
    name(&mut facts, "emergency", ("긴급 번호", "emergency numbers"), emergency);
    facts
}

fn recording_facts(rules: RecordingRules) -> Facts {
    let mut facts = Facts::new();
    name(&mut facts, "format", ("파일 종류", "kind of file"), rules.format.extension());
    let keep = rules.keep.map_or_else(|| Words::new("언제까지나", "for ever"), duration::words);
    fact(&mut facts, "keep", ("보관 기간", "kept for"), keep);
    let free = print_megabytes(rules.free_disk);
    name(&mut facts, "free_disk", ("남겨 두는 디스크 공간", "leave free on the disk"), free);
    fact(&mut facts, "limit", ("길이 제한", "longest"), duration::words(rules.limit));
    facts
}
