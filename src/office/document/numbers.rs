//! The office's numbers, as a document tells them.

use std::collections::BTreeMap;

use crate::office::continuation::Continuation;
use crate::office::document::field::{read_name, twice};
use crate::office::document::hours::read_hours_name;
use crate::office::document::keys::Errors;
use crate::office::document::people::{no_agent, read_extension};
use crate::office::document::rules::{read_own_wrap_up, read_priority};
use crate::office::document::sounds::{read_announcements, read_ringback};
use crate::office::document::trunks::read_number;
use crate::office::duration;
use crate::office::library::Library;
use crate::office::number::{Number, RingTime, Ringback};
use crate::office::phone_number::PhoneNumber;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::team::TeamName;
use crate::office::workflow::name::WorkflowName;
use crate::words::Words;
use crate::yaml::Part;

const NUMBER_KEYS: [&str; 14] = [
    "number",
    "default",
    "presented",
    "hours",
    "route",
    "ring_time",
    "ringback",
    "continuation",
    "announcements",
    "priority",
    "wrap_up",
    "voicemail",
    "recording",
    "speaker",
];

/// Korea's mobile numbers, which no business may show (S11, P7).
const KOREAN_MOBILE: &str = "+8210";

pub(crate) fn read_numbers(
    items: &[Part<'_>],
    library: &Library,
    office: &mut Office,
    errors: &mut Errors,
) {
    for item in items {
        let Some(number) = read_one(item, library, office, errors) else { continue };
        if number.is_default && office.default_number().is_some() {
            let message = Words::new(
                "기본 번호(default)는 하나만 정할 수 있습니다",
                "only one number may be the default",
            );
            item.refuse(message, errors);
        }
        if office.numbers.contains_key(&number.number) {
            item.refuse(twice(number.number.as_str()), errors);
        } else {
            office.numbers.insert(number.number.clone(), number);
        }
    }
}

fn read_one(
    item: &Part<'_>,
    library: &Library,
    office: &Office,
    errors: &mut Errors,
) -> Option<Number> {
    let keys = item.keys(&NUMBER_KEYS, errors)?;
    let home = &office.dial_out.home;
    let number = keys.need("number", errors).and_then(|part| {
        let number = read_number(part, home, errors)?;
        check_block(part, &number, office, errors);
        Some(number)
    });
    let presented = keys.get("presented").and_then(|part| {
        let presented = read_number(part, home, errors)?;
        check_presented(part, &presented, number.as_ref(), office, errors);
        Some(presented)
    });
    let is_default = keys.get("default").and_then(|part| part.truth(errors));
    let voicemail = keys.get("voicemail").and_then(|part| part.truth(errors));
    let hours = read_hours_name(&keys, "hours", office, errors);
    let continuation = match keys.get("continuation") {
        Some(part) => read_continuation(part, errors),
        None => Some(Continuation::default()),
    };
    let route = match keys.get("route") {
        Some(part) => read_route(part, office, errors),
        None => Some(Route::Off),
    };
    let ring_time = match keys.get("ring_time") {
        Some(part) => read_ring_time(part, errors),
        None => Some(RingTime::default()),
    };
    let ringback = match keys.get("ringback") {
        Some(part) => read_ringback(part, library, errors),
        None => Some(Ringback::default()),
    };
    let announcements = match keys.get("announcements") {
        Some(part) => read_announcements(part, library, errors),
        None => Some(BTreeMap::new()),
    };
    Some(Number {
        number: number?,
        is_default: is_default.unwrap_or_default(),
        presented,
        hours,
        route: route.unwrap_or_default(),
        ring_time: ring_time.unwrap_or_default(),
        ringback: ringback.unwrap_or_default(),
        continuation: continuation.unwrap_or_default(),
        announcements: announcements.unwrap_or_default(),
        priority: read_priority(&keys, errors),
        wrap_up: read_own_wrap_up(&keys, errors),
        voicemail: voicemail.unwrap_or_default(),
    })
}

/// P1: a number is taken from the block of a trunk.
fn check_block(part: &Part<'_>, number: &PhoneNumber, office: &Office, errors: &mut Errors) {
    if !office.trunks.values().any(|trunk| trunk.brings(number)) {
        let message = Words::new(
            format!(
                "{number} 번은 어느 회선의 번호 블록에도 없습니다. 회선의 blocks에 \"{number}\" 또는 이 번호가 든 블록을 추가하세요"
            ),
            format!(
                "{number} is in no trunk's blocks; add \"{number}\" or a block that holds it under blocks of its trunk"
            ),
        );
        part.refuse(message, errors);
    }
}

/// P7, S11: only numbers that the trunk lets us show, never a mobile number.
fn check_presented(
    part: &Part<'_>,
    presented: &PhoneNumber,
    number: Option<&PhoneNumber>,
    office: &Office,
    errors: &mut Errors,
) {
    if presented.as_str().starts_with(KOREAN_MOBILE) {
        let message = Words::new(
            format!("{presented} 번은 휴대전화 번호라서 발신 번호로 표시할 수 없습니다"),
            format!("{presented} is a mobile number and may not be shown as the caller"),
        );
        part.refuse(message, errors);
        return;
    }
    let Some(number) = number else { return };
    let allowed = office
        .trunks
        .values()
        .filter(|trunk| trunk.brings(number))
        .any(|trunk| trunk.presentable.contains(presented) || trunk.brings(presented));
    if !allowed {
        let message = Words::new(
            format!(
                "{number} 번의 회선은 {presented} 번을 발신 번호로 표시하도록 허용하지 않습니다. 회선의 presentable에 추가하세요"
            ),
            format!(
                "the trunk of {number} does not let us show {presented}; add it under presentable of that trunk"
            ),
        );
        part.refuse(message, errors);
    }
}

fn read_continuation(part: &Part<'_>, errors: &mut Errors) -> Option<Continuation> {
    let expected = Words::new(
        "off, always, 1m~99m, 1h~99h 또는 1d~90d로 적습니다",
        "write off, always, 1m to 99m, 1h to 99h or 1d to 90d",
    );
    part.parsed(&expected, errors, str::parse)
}

fn read_route(part: &Part<'_>, office: &Office, errors: &mut Errors) -> Option<Route> {
    let expected = Words::new(
        "{agent: \"101\"}, {team: 이름}, {workflow: 이름} 또는 off로 적습니다",
        "write {agent: \"101\"}, {team: name}, {workflow: name} or off",
    );
    if !part.is_section() {
        return part.parsed(&expected, errors, |text| match text {
            "off" => Ok(Route::Off),
            _ => Err(()),
        });
    }
    let keys = part.keys(&["agent", "team", "workflow"], errors)?;
    if let (Some(name), None, None) = (keys.get("workflow"), keys.get("agent"), keys.get("team")) {
        // Whether it is there is looked at when workflows have been read.
        return read_name(name, errors).map(|name| Route::Workflow(WorkflowName(name)));
    }
    match (keys.get("agent"), keys.get("team")) {
        (Some(agent), None) => {
            let extension = read_extension(agent, errors)?;
            if !office.agents.contains_key(&extension) {
                agent.refuse(no_agent(&extension), errors);
            }
            Some(Route::Agent(extension))
        }
        (None, Some(team)) => {
            let name = TeamName(team.text(&expected, errors)?);
            if !office.teams.contains_key(&name) {
                let message = Words::new(
                    format!("'{name}' 팀이 teams에 없습니다"),
                    format!("there is no team '{name}' under teams"),
                );
                team.refuse(message, errors);
            }
            Some(Route::Team(name))
        }
        (Some(_), Some(_)) | (None, None) => {
            part.refuse(expected, errors);
            None
        }
    }
}

fn read_ring_time(part: &Part<'_>, errors: &mut Errors) -> Option<RingTime> {
    let expected =
        Words::new("벨이 울리는 시간은 10s~120s로 적습니다", "write a ring time from 10s to 120s");
    part.parsed(&expected, errors, |text| {
        duration::parse(text).ok().and_then(|time| RingTime::new(time).ok()).ok_or(())
    })
}
