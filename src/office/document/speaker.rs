//! Rings in the room and bells, as a document tells them.

use jiff::tz::TimeZone;

use crate::office::bell::{Bell, BellTime, Days, NoDays};
use crate::office::document::field::{read_name, read_zone};
use crate::office::document::keys::{Errors, Keys};
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::room_sound::{Percent, RoomSound};
use crate::office::snapshot::Office;
use crate::office::speaker::{RoomRing, Rung};
use crate::office::team::TeamName;
use crate::words::Words;
use crate::yaml::Part;

const RING_KEYS: [&str; 3] = ["ring", "sound", "volume"];
const BELL_KEYS: [&str; 5] = ["at", "days", "timezone", "sound", "volume"];
/// Where an office is unless it says otherwise, as its numbers are Korean unless it does.
pub(crate) const HOME: &str = "Asia/Seoul";

/// The `speaker` keys of agents, teams and numbers, whose other keys have been read.
pub(crate) fn read_rings(
    (agents, teams, numbers): (&[Part<'_>], &[Part<'_>], &[Part<'_>]),
    office: &mut Office,
    errors: &mut Errors,
) {
    // Who they are has been read, and its mistakes noted, once already.
    let unsaid = &mut Errors::new();
    let home = office.dial_out.home.clone();
    for (items, key) in [(agents, "extension"), (teams, "name"), (numbers, "number")] {
        for item in items {
            let Some(ring) = item.under("speaker").and_then(|part| read_ring(&part, errors)) else {
                continue;
            };
            let name = item.under(key).and_then(|part| read_name(&part, unsaid));
            let rung = name.and_then(|name| match key {
                "extension" => Extension::parse(&name).ok().map(Rung::Agent),
                "name" => Some(Rung::Team(TeamName(name))),
                _ => PhoneNumber::normalise(&name, &home).ok().map(Rung::Number),
            });
            if let Some(rung) = rung {
                office.speaker.rings.insert(rung, ring);
            }
        }
    }
}

fn read_ring(part: &Part<'_>, errors: &mut Errors) -> Option<RoomRing> {
    let keys = part.keys(&RING_KEYS, errors)?;
    let rings = match keys.get("ring") {
        Some(part) => part.truth(errors)?,
        None => true,
    };
    let sound = read_sound(&keys, RoomSound::Looping, errors);
    let volume = read_volume(&keys, errors);
    if !rings {
        return None;
    }
    Some(RoomRing { sound: sound?, volume: volume? })
}

pub(crate) fn read_bells(items: &[Part<'_>], office: &mut Office, errors: &mut Errors) {
    for item in items {
        if let Some(bell) = read_bell(item, errors) {
            office.speaker.bells.push(bell);
        }
    }
}

fn read_bell(item: &Part<'_>, errors: &mut Errors) -> Option<Bell> {
    let keys = item.keys(&BELL_KEYS, errors)?;
    let expected = Words::new("\"08:50\"처럼 적습니다", "write it as \"08:50\"");
    let at =
        keys.need("at", errors).and_then(|part| part.parsed(&expected, errors, BellTime::parse));
    let days = match keys.get("days") {
        Some(part) => read_days(part, errors),
        None => Some(Days::default()),
    };
    let timezone = match keys.get("timezone") {
        Some(part) => read_zone(part, errors),
        None => TimeZone::get(HOME).ok(),
    };
    let sound = read_sound(&keys, RoomSound::Chime, errors);
    let volume = read_volume(&keys, errors);
    Some(Bell { at: at?, days: days?, timezone: timezone?, sound: sound?, volume: volume? })
}

pub(crate) fn read_days(part: &Part<'_>, errors: &mut Errors) -> Option<Days> {
    let expected = Words::new(
        "요일은 mon, tue, wed, thu, fri, sat, sun 중에서 하나 이상 적습니다",
        "name one or more of mon, tue, wed, thu, fri, sat, sun",
    );
    let one = |name: &str| Days::of([name]).map(|_| name.to_owned());
    let items = part.items(errors);
    let names: Vec<String> =
        items.iter().filter_map(|part| part.parsed::<_, NoDays>(&expected, errors, one)).collect();
    if names.len() < items.len() {
        return None;
    }
    let days = Days::of(names.iter().map(String::as_str)).ok();
    if days.is_none() {
        part.refuse(expected, errors);
    }
    days
}

fn read_sound(keys: &Keys<'_>, usual: RoomSound, errors: &mut Errors) -> Option<RoomSound> {
    let Some(part) = keys.get("sound") else { return Some(usual) };
    let expected = Words::new(
        "looping, national, chime 중 하나로 적습니다",
        "write looping, national or chime",
    );
    part.parsed(&expected, errors, |text| RoomSound::named(text).ok_or(()))
}

fn read_volume(keys: &Keys<'_>, errors: &mut Errors) -> Option<Percent> {
    let Some(part) = keys.get("volume") else { return Some(Percent::default()) };
    let expected = Words::new("1~100으로 적습니다", "write 1 to 100");
    part.parsed(&expected, errors, |text| {
        text.parse().map_err(drop).and_then(|percent| Percent::new(percent).map_err(drop))
    })
}
