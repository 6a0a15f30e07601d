//! The office as the YAML text that makes it.

use std::fmt::Write as _;

use crate::office::agent::Agent;
use crate::office::announcement::Situation;
use crate::office::bell::Bell;
use crate::office::call_recording::RecordingRules;
use crate::office::conference::ConferenceRules;
use crate::office::customer::Customer;
use crate::office::device::{Device, DigestAlgorithm};
use crate::office::document::print_hours::print_hours;
use crate::office::document::print_text::{list, quoted};
use crate::office::document::print_voices::{print_recording, print_voices};
use crate::office::document::print_workflows::print_workflow;
use crate::office::document::recording::print_megabytes;
use crate::office::document::targets::print_target;
use crate::office::duration;
use crate::office::number::{Number, Ringback};
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::speaker::{RoomRing, Rung};
use crate::office::srtp::SrtpPolicy;
use crate::office::tag::Tag;
use crate::office::team::Team;
use crate::office::transport::Transport;
use crate::office::trunk::{BeforeAnswer, Trunk};
use crate::office::wrap_up::WrapUpRule;
use crate::office::zone::zone_name;

/// `parse(print(office))` is the office again; without `secrets` the passwords and the check sums of
/// sound files are left out, and `parse` takes them from the previous office.
#[must_use]
pub fn print(office: &Office, secrets: bool) -> String {
    let mut text = String::new();
    let ringing = |keys: Vec<String>, rung: Rung| -> Vec<String> {
        keys.into_iter().chain(office.speaker.rings.get(&rung).map(print_ring)).collect()
    };
    let agents = office
        .agents
        .values()
        .map(|agent| ringing(print_agent(agent, secrets), Rung::Agent(agent.extension.clone())));
    section(&mut text, "agents", agents);
    let teams =
        office.teams.values().map(|team| ringing(print_team(team), Rung::Team(team.name.clone())));
    section(&mut text, "teams", teams);
    if !office.hours.is_empty() {
        section(&mut text, "hours", office.hours.values().map(print_hours));
    }
    section(&mut text, "trunks", office.trunks.values().map(|trunk| print_trunk(trunk, secrets)));
    let numbers = office.numbers.values().map(|number| {
        let mut keys = print_number(number, secrets);
        if office.recording.numbers.contains(&number.number) {
            keys.push("recording: on".to_owned());
        }
        ringing(keys, Rung::Number(number.number.clone()))
    });
    section(&mut text, "numbers", numbers);
    if !office.workflows.is_empty() {
        let workflows = office.workflows.iter().map(|workflow| print_workflow(workflow, secrets));
        section(&mut text, "workflows", workflows);
    }
    if !office.customers.is_empty() {
        section(&mut text, "customers", office.customers.values().map(print_customer));
    }
    if !office.speaker.bells.is_empty() {
        section(&mut text, "bells", office.speaker.bells.iter().map(print_bell));
    }
    let dial_out = &office.dial_out;
    line(&mut text, "policies:");
    line(&mut text, &format!("  wrap_up: {}", print_wrap_up(office.wrap_up)));
    line(&mut text, "  dial_out:");
    line(&mut text, &format!("    home: {}", quoted(&dial_out.home)));
    line(&mut text, &format!("    countries: {}", list(&dial_out.countries)));
    line(&mut text, &format!("    emergency: {}", list(&dial_out.emergency)));
    print_recording_rules(&mut text, office.recording.rules);
    if office.conference != ConferenceRules::default() {
        line(&mut text, &format!("  conference: {{tones: {}}}", office.conference.tones));
    }
    if let Some(zone) = &office.timezone {
        line(&mut text, &format!("  timezone: {}", quoted(&zone_name(zone))));
    }
    if !office.targets.is_empty() {
        line(&mut text, "  targets:");
    }
    for target in &office.targets {
        line(&mut text, &format!("    - {}", print_target(target)));
    }
    text
}

fn print_recording_rules(text: &mut String, rules: RecordingRules) {
    if rules == RecordingRules::default() {
        return;
    }
    let keep = rules.keep.map_or_else(|| "forever".to_owned(), duration::print);
    line(text, "  recording:");
    line(text, &format!("    format: {}", rules.format.extension()));
    line(text, &format!("    keep: {keep}"));
    line(text, &format!("    free_disk: {}", print_megabytes(rules.free_disk)));
    line(text, &format!("    limit: {}", duration::print(rules.limit)));
}

fn section(text: &mut String, name: &str, items: impl Iterator<Item = Vec<String>>) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        line(text, &format!("{name}: []"));
        return;
    }
    line(text, &format!("{name}:"));
    for item in items {
        for (index, key) in item.iter().enumerate() {
            line(text, &format!("  {} {key}", if index == 0 { "-" } else { " " }));
        }
    }
}

fn print_agent(agent: &Agent, secrets: bool) -> Vec<String> {
    let devices: Vec<String> =
        agent.devices.iter().map(|device| print_device(device, secrets)).collect();
    vec![
        format!("extension: {}", quoted(agent.extension.as_str())),
        format!("name: {}", quoted(&agent.name)),
        format!("language: {}", agent.language),
        format!("phone_calls: {}", agent.phone_calls),
        format!("unassigned_calls: {}", agent.unassigned_calls),
        format!("call_waiting: {}", agent.call_waiting),
        format!("missed_alerts: {}", agent.missed_alerts),
        format!("devices: [{}]", devices.join(", ")),
    ]
}

fn print_device(device: &Device, secrets: bool) -> String {
    let mut text = format!("{{username: {}", quoted(device.username.as_str()));
    if secrets {
        text += &format!(", password: {}", quoted(device.password.reveal()));
    }
    match device.digest {
        DigestAlgorithm::Md5 => {}
        DigestAlgorithm::Sha256 => text += ", digest: sha-256",
    }
    if device.srtp != SrtpPolicy::Optional {
        text += &format!(", srtp: {}", device.srtp.name());
    }
    if !device.rings {
        text += ", rings: false";
    }
    text + "}"
}

fn print_team(team: &Team) -> Vec<String> {
    let members: Vec<&str> = team.members.iter().map(|member| member.as_str()).collect();
    let mut keys = vec![
        format!("name: {}", quoted(&team.name.0)),
        format!("members: {}", list(members)),
        format!("assignment: {}", team.assignment.word()),
    ];
    keys.extend(team.hours.as_ref().map(|hours| format!("hours: {}", quoted(&hours.0))));
    keys.extend(team.wrap_up.map(own_wrap_up));
    keys
}

fn own_wrap_up(rule: WrapUpRule) -> String {
    format!("wrap_up: {}", print_wrap_up(rule))
}

fn print_wrap_up(rule: WrapUpRule) -> String {
    match rule {
        WrapUpRule::Off => "{enabled: false}".to_owned(),
        WrapUpRule::On { limit: None } => "{enabled: true, limit: none}".to_owned(),
        WrapUpRule::On { limit: Some(limit) } => {
            format!("{{enabled: true, limit: {}}}", duration::print(limit.get()))
        }
    }
}

fn print_trunk(trunk: &Trunk, secrets: bool) -> Vec<String> {
    let mut keys = vec![format!("name: {}", quoted(&trunk.name.0))];
    if let Some(peer) = trunk.peer {
        keys.push(format!("peer: {}", quoted(&peer.to_string())));
    }
    if let Some(account) = &trunk.register {
        let password = if secrets {
            format!(", password: {}", quoted(account.password.reveal()))
        } else {
            String::new()
        };
        keys.push(format!(
            "register: {{server: {}, username: {}{password}}}",
            quoted(&account.server),
            quoted(&account.username)
        ));
    }
    if !trunk.label.is_empty() {
        keys.push(format!("label: {}", quoted(&trunk.label)));
    }
    keys.push(format!("blocks: {}", list(trunk.blocks.iter().map(ToString::to_string))));
    keys.push(format!("presentable: {}", list(trunk.presentable.iter().map(ToString::to_string))));
    let form = &trunk.number_form;
    keys.push(format!("format: {}", form.format.name()));
    if !form.abroad.is_usual_abroad() {
        keys.push(format!("international_prefix: {}", quoted(form.abroad.as_str())));
    }
    let prefix = form.prefix.as_ref();
    keys.extend(prefix.map(|prefix| format!("prefix: {}", quoted(prefix.as_str()))));
    if trunk.ringback != BeforeAnswer::default() {
        keys.push(format!("ringback: {}", trunk.ringback.name()));
    }
    if trunk.transport != Transport::default() {
        keys.push(format!("transport: {}", trunk.transport));
    }
    if trunk.srtp != SrtpPolicy::Off {
        keys.push(format!("srtp: {}", trunk.srtp.name()));
    }
    keys.extend(trunk.countries.as_ref().map(|codes| format!("countries: {}", list(codes))));
    keys
}

fn print_number(number: &Number, exact: bool) -> Vec<String> {
    let mut keys = vec![format!("number: {}", quoted(number.number.as_str()))];
    if number.is_default {
        keys.push("default: true".to_owned());
    }
    if let Some(presented) = &number.presented {
        keys.push(format!("presented: {}", quoted(presented.as_str())));
    }
    keys.extend(number.hours.as_ref().map(|hours| format!("hours: {}", quoted(&hours.0))));
    keys.push(match &number.route {
        Route::Off => "route: off".to_owned(),
        Route::Agent(extension) => format!("route: {{agent: {}}}", quoted(extension.as_str())),
        Route::Team(team) => format!("route: {{team: {}}}", quoted(&team.0)),
        Route::Workflow(name) => format!("route: {{workflow: {}}}", quoted(&name.0)),
    });
    keys.push(format!("ring_time: {}", duration::print(number.ring_time.get())));
    keys.push(match &number.ringback {
        Ringback::Looping => "ringback: looping".to_owned(),
        Ringback::National => "ringback: national".to_owned(),
        Ringback::File(recording) => format!("ringback: {}", print_recording(recording, exact)),
    });
    if number.priority != Priority::default() {
        keys.push(format!("priority: {}", number.priority.word()));
    }
    keys.extend(number.wrap_up.map(own_wrap_up));
    if number.voicemail {
        keys.push("voicemail: true".to_owned());
    }
    keys.push(format!("continuation: {}", number.continuation));
    if !number.announcements.is_empty() {
        keys.push("announcements:".to_owned());
    }
    for (situation, voices) in &number.announcements {
        let situation = match situation {
            Situation::Greeting => "greeting",
            Situation::AllBusy => "all_busy",
            Situation::Closed => "closed",
            Situation::Recording => "recording",
        };
        keys.push(format!("  {situation}: {}", print_voices(voices, exact)));
    }
    keys
}

fn print_customer(customer: &Customer) -> Vec<String> {
    let mut keys = vec![format!("number: {}", quoted(customer.number.as_str()))];
    if !customer.also.is_empty() {
        keys.push(format!("also: {}", list(customer.also.iter().map(PhoneNumber::as_str))));
    }
    if !customer.name.is_empty() {
        keys.push(format!("name: {}", quoted(&customer.name)));
    }
    keys.extend(customer.language.map(|language| format!("language: {language}")));
    if !customer.tags.is_empty() {
        keys.push(format!("tags: {}", list(customer.tags.iter().map(Tag::as_str))));
    }
    if customer.blocked {
        keys.push("blocked: true".to_owned());
    }
    keys
}

fn print_ring(ring: &RoomRing) -> String {
    format!("speaker: {{ring: true, sound: {}, volume: {}}}", ring.sound.name(), ring.volume)
}

fn print_bell(bell: &Bell) -> Vec<String> {
    let mut keys = vec![
        format!("at: {}", quoted(&bell.at.to_string())),
        format!("days: [{}]", bell.days),
        format!("sound: {}", bell.sound.name()),
        format!("volume: {}", bell.volume),
    ];
    if let Some(zone) = bell.timezone.iana_name() {
        keys.push(format!("timezone: {}", quoted(zone)));
    }
    keys
}

fn line(text: &mut String, line: &str) {
    let written = writeln!(text, "{line}");
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}
