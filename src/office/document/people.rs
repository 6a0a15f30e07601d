//! Agents, their phones and their teams, as a document tells them.

use std::collections::BTreeSet;

use crate::office::agent::Agent;
use crate::office::device::{Device, DigestAlgorithm, Secret, Username};
use crate::office::document::field::{read_name, read_srtp, twice};
use crate::office::document::hours::read_hours_name;
use crate::office::document::keys::{Errors, Keys};
use crate::office::document::rules::read_own_wrap_up;
use crate::office::extension::Extension;
use crate::office::language::Language;
use crate::office::snapshot::Office;
use crate::office::srtp::SrtpPolicy;
use crate::office::team::{Assignment, Team, TeamName};
use crate::words::Words;
use crate::yaml::Part;

const AGENT_KEYS: [&str; 9] = [
    "extension",
    "name",
    "language",
    "phone_calls",
    "unassigned_calls",
    "call_waiting",
    "missed_alerts",
    "devices",
    "speaker",
];
const DEVICE_KEYS: [&str; 5] = ["username", "password", "digest", "srtp", "rings"];
const TEAM_KEYS: [&str; 6] = ["name", "members", "assignment", "hours", "wrap_up", "speaker"];

pub(crate) fn read_agents(
    items: &[Part<'_>],
    previous: Option<&Office>,
    office: &mut Office,
    errors: &mut Errors,
) {
    let mut usernames = BTreeSet::new();
    for item in items {
        let Some(agent) = read_agent(item, previous, &mut usernames, errors) else { continue };
        if office.dial_out.is_emergency(agent.extension.as_str()) {
            let message = Words::new(
                format!("내선 {0} 번은 긴급 번호와 겹칩니다. 다른 내선을 쓰세요", agent.extension),
                format!("extension {} is an emergency number; use another", agent.extension),
            );
            item.refuse(message, errors);
        }
        if office.agents.contains_key(&agent.extension) {
            item.refuse(twice(agent.extension.as_str()), errors);
        } else {
            office.agents.insert(agent.extension.clone(), agent);
        }
    }
}

fn read_agent(
    item: &Part<'_>,
    previous: Option<&Office>,
    usernames: &mut BTreeSet<Username>,
    errors: &mut Errors,
) -> Option<Agent> {
    let keys = item.keys(&AGENT_KEYS, errors)?;
    let extension = keys.need("extension", errors).and_then(|part| read_extension(part, errors));
    let name = keys.need("name", errors).and_then(|part| read_name(part, errors));
    let language = match keys.get("language") {
        Some(part) => read_language(part, errors),
        None => Some(Language::default()),
    };
    let phone_calls = truth_or(&keys, "phone_calls", true, errors);
    let unassigned_calls = truth_or(&keys, "unassigned_calls", false, errors);
    let call_waiting = truth_or(&keys, "call_waiting", true, errors);
    let missed_alerts = truth_or(&keys, "missed_alerts", true, errors);
    let mut devices = Vec::new();
    for part in keys.items("devices", errors) {
        let Some(device) = read_device(&part, previous, errors) else { continue };
        if usernames.insert(device.username.clone()) {
            devices.push(device);
        } else {
            part.refuse(twice(device.username.as_str()), errors);
        }
    }
    // Any mistake refuses the document; what follows only keeps it from causing further ones.
    Some(Agent {
        extension: extension?,
        name: name.unwrap_or_default(),
        language: language.unwrap_or_default(),
        phone_calls: phone_calls.unwrap_or_default(),
        unassigned_calls: unassigned_calls.unwrap_or_default(),
        call_waiting: call_waiting.unwrap_or_default(),
        missed_alerts: missed_alerts.unwrap_or_default(),
        devices,
    })
}

fn read_device(part: &Part<'_>, previous: Option<&Office>, errors: &mut Errors) -> Option<Device> {
    let keys = part.keys(&DEVICE_KEYS, errors)?;
    let expected = Words::new(
        "전화기 사용자 이름은 영문자, 숫자, '.', '_', '-'로 1~64자입니다",
        "a phone's user name has 1 to 64 letters, digits, '.', '_' or '-'",
    );
    let username = keys
        .need("username", errors)
        .and_then(|part| part.parsed(&expected, errors, Username::parse));
    let digest = match keys.get("digest") {
        Some(part) => {
            let expected = Words::new("md5 또는 sha-256으로 적습니다", "write md5 or sha-256");
            part.parsed(&expected, errors, |text| match text {
                "md5" => Ok(DigestAlgorithm::Md5),
                "sha-256" => Ok(DigestAlgorithm::Sha256),
                _ => Err(()),
            })
        }
        None => Some(DigestAlgorithm::default()),
    };
    let srtp = read_srtp(&keys, SrtpPolicy::Optional, errors);
    let rings = truth_or(&keys, "rings", true, errors);
    let username = username?;
    let password = if let Some(given) = keys.get("password") {
        read_secret(given, errors)
    } else {
        let kept = previous.and_then(|office| office.device(&username));
        let kept = kept.map(|(_, device)| device.password.clone());
        if kept.is_none() {
            part.refuse(password_missing(), errors);
        }
        kept
    };
    Some(Device { username, password: password?, digest: digest?, srtp, rings: rings? })
}

/// Yes or no, or `unless`, if the key is not there.
fn truth_or(keys: &Keys<'_>, key: &str, unless: bool, errors: &mut Errors) -> Option<bool> {
    keys.get(key).map_or(Some(unless), |part| part.truth(errors))
}

/// A password; the mistake does not repeat it.
pub(crate) fn read_secret(part: &Part<'_>, errors: &mut Errors) -> Option<Secret> {
    let expected = Words::new(
        "비밀번호는 제어 문자 없이 1~128자로 적습니다",
        "a password has 1 to 128 characters, none of them a control character",
    );
    let text = part.text(&expected, errors)?;
    let fits = (1..=128).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if !fits {
        part.refuse(expected, errors);
    }
    fits.then(|| Secret::new(text))
}

pub(crate) fn password_missing() -> Words {
    Words::new("처음 등록하는 계정에는 password가 있어야 합니다", "a new account needs a password")
}

pub(crate) fn read_extension(part: &Part<'_>, errors: &mut Errors) -> Option<Extension> {
    let expected = Words::new(
        "내선은 0으로 시작하지 않는 2~6자리 숫자입니다",
        "an extension has 2 to 6 digits and does not start with 0",
    );
    part.parsed(&expected, errors, Extension::parse)
}

pub(crate) fn read_language(part: &Part<'_>, errors: &mut Errors) -> Option<Language> {
    let expected = Words::new(
        "언어는 ko, en, ja, zh, es 가운데 하나입니다",
        "a language is one of ko, en, ja, zh, es",
    );
    part.parsed(&expected, errors, str::parse)
}

pub(crate) fn read_teams(items: &[Part<'_>], office: &mut Office, errors: &mut Errors) {
    for item in items {
        let Some(team) = read_team(item, office, errors) else { continue };
        if office.teams.contains_key(&team.name) {
            item.refuse(twice(&team.name.0), errors);
        } else {
            office.teams.insert(team.name.clone(), team);
        }
    }
}

fn read_team(item: &Part<'_>, office: &Office, errors: &mut Errors) -> Option<Team> {
    let keys = item.keys(&TEAM_KEYS, errors)?;
    let name = keys.need("name", errors).and_then(|part| read_name(part, errors)).map(TeamName);
    let mut members = BTreeSet::new();
    for part in keys.items("members", errors) {
        let Some(member) = read_extension(&part, errors) else { continue };
        if !office.agents.contains_key(&member) {
            part.refuse(no_agent(&member), errors);
        }
        members.insert(member);
    }
    let hours = read_hours_name(&keys, "hours", office, errors);
    let assignment = match keys.get("assignment") {
        Some(part) => read_assignment(part, errors),
        None => Some(Assignment::default()),
    };
    let wrap_up = read_own_wrap_up(&keys, errors);
    let assignment = assignment.unwrap_or_default();
    Some(Team { name: name?, members, assignment, hours, wrap_up })
}

fn read_assignment(part: &Part<'_>, errors: &mut Errors) -> Option<Assignment> {
    let expected = Words::new(
        "manual, fast_response, previous_agent, longest_idle 가운데 하나를 적습니다",
        "write manual, fast_response, previous_agent or longest_idle",
    );
    part.parsed(&expected, errors, |text| {
        Assignment::ALL.into_iter().find(|assignment| assignment.word() == text).ok_or(())
    })
}

pub(crate) fn no_agent(extension: &Extension) -> Words {
    Words::new(
        format!("내선 {extension} 번을 쓰는 매니저가 agents에 없습니다"),
        format!("no agent under agents has the extension {extension}"),
    )
}
