//! The conditions of workflows, as a document tells them.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::office::bell::{BellTime, Days};
use crate::office::document::field::read_name;
use crate::office::document::hours::read_hours_name;
use crate::office::document::keys::{Errors, Keys};
use crate::office::document::speaker::{HOME, read_days};
use crate::office::document::trunks::read_number;
use crate::office::duration;
use crate::office::language::Language;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::office::team::TeamName;
use crate::office::workflow::condition::{Condition, Test};
use crate::words::Words;
use crate::yaml::Part;

/// L120.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

const TEST_KEYS: [&str; 16] = [
    "hours",
    "closed",
    "number",
    "caller",
    "country",
    "language",
    "customer",
    "customer_tags",
    "tags",
    "time",
    "days",
    "timezone",
    "queue",
    "expected_wait",
    "field",
    "is",
];

/// All tests that stand under the keys must hold.
pub(crate) fn read_condition(
    part: &Part<'_>,
    office: &Office,
    errors: &mut Errors,
) -> Option<Condition> {
    let keys = part.keys(&TEST_KEYS, errors)?;
    let mut tests = Vec::new();
    tests.extend(read_hours_name(&keys, "hours", office, errors).map(Test::Open));
    tests.extend(read_hours_name(&keys, "closed", office, errors).map(Test::Closed));
    if keys.get("number").is_some() {
        tests.push(Test::Number(read_numbers(&keys, office, errors)));
    }
    if keys.get("caller").is_some() {
        tests.push(Test::Caller(read_prefixes(&keys, errors)));
    }
    if keys.get("country").is_some() {
        tests.push(Test::Country(read_codes(&keys, errors)));
    }
    if keys.get("language").is_some() {
        tests.push(Test::Language(read_languages(&keys, errors)));
    }
    if let Some(part) = keys.get("customer") {
        let expected = Words::new("known 또는 new로 적습니다", "write known or new");
        let known = part.parsed(&expected, errors, |text| match text {
            "known" => Ok(true),
            "new" => Ok(false),
            _ => Err(()),
        });
        tests.extend(known.map(Test::Known));
    }
    if let Some(part) = keys.get("customer_tags") {
        tests.push(Test::CustomerTags(read_tags(part, errors)));
    }
    if let Some(part) = keys.get("tags") {
        tests.push(Test::Tags(read_tags(part, errors)));
    }
    tests.extend(read_clock(&keys, errors));
    tests.extend(keys.get("queue").and_then(|part| read_queue(part, office, errors)));
    tests.extend(keys.get("expected_wait").and_then(|part| read_wait(part, office, errors)));
    tests.extend(read_field(&keys, errors));
    Some(Condition(tests))
}

fn words<'a>(keys: &Keys<'a>, key: &str) -> Vec<Part<'a>> {
    keys.get(key).map(Part::each).unwrap_or_default()
}

fn read_numbers(keys: &Keys<'_>, office: &Office, errors: &mut Errors) -> BTreeSet<PhoneNumber> {
    let mut numbers = BTreeSet::new();
    for part in words(keys, "number") {
        let Some(number) = read_number(&part, &office.dial_out.home, errors) else { continue };
        if !office.numbers.contains_key(&number) {
            let message = Words::new(
                format!("{number} 번이 numbers에 없습니다"),
                format!("there is no number {number} under numbers"),
            );
            part.refuse(message, errors);
        }
        numbers.insert(number);
    }
    numbers
}

fn read_prefixes(keys: &Keys<'_>, errors: &mut Errors) -> BTreeSet<String> {
    let expected = Words::new(
        "발신 번호의 앞부분을 \"+8210\"처럼 적습니다",
        "write how the caller's number begins, as \"+8210\"",
    );
    let prefix = |text: &str| {
        let digits = text.strip_prefix('+').ok_or(())?;
        let fits = (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(text.to_owned()) } else { Err(()) }
    };
    let parts = words(keys, "caller");
    parts.iter().filter_map(|part| part.parsed(&expected, errors, prefix)).collect()
}

fn read_codes(keys: &Keys<'_>, errors: &mut Errors) -> BTreeSet<String> {
    let expected =
        Words::new("국가 번호를 \"+82\"처럼 적습니다", "write a country's calling code as \"+82\"");
    let code = |text: &str| {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let fits = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(digits.to_owned()) } else { Err(()) }
    };
    let parts = words(keys, "country");
    parts.iter().filter_map(|part| part.parsed(&expected, errors, code)).collect()
}

fn read_languages(keys: &Keys<'_>, errors: &mut Errors) -> BTreeSet<Language> {
    let expected = Words::new(
        "언어는 ko, en, ja, zh, es 가운데 하나입니다",
        "a language is one of ko, en, ja, zh, es",
    );
    let parts = words(keys, "language");
    parts.iter().filter_map(|part| part.parsed(&expected, errors, str::parse)).collect()
}

/// One word or a list of them.
pub(crate) fn read_tags(part: &Part<'_>, errors: &mut Errors) -> BTreeSet<String> {
    part.each().iter().filter_map(|part| read_name(part, errors)).collect()
}

fn read_clock(keys: &Keys<'_>, errors: &mut Errors) -> Vec<Test> {
    let timezone = match keys.get("timezone") {
        Some(part) => {
            let expected =
                Words::new("Asia/Seoul 같은 시간대 이름입니다", "a time zone is named Asia/Seoul");
            let known = |text: &str| TimeZone::get(text).map(|_| text.to_owned());
            part.parsed(&expected, errors, known)
        }
        None => Some(HOME.to_owned()),
    };
    let Some(timezone) = timezone else { return Vec::new() };
    let mut tests = Vec::new();
    if let Some(part) = keys.get("time") {
        let expected =
            Words::new("\"09:00-18:00\"처럼 적습니다", "write a range as \"09:00-18:00\"");
        let range = part.parsed(&expected, errors, |text| {
            let (from, to) = text.split_once('-').ok_or(())?;
            Ok::<_, ()>((BellTime::parse(from).map_err(drop)?, BellTime::parse(to).map_err(drop)?))
        });
        let timezone = timezone.clone();
        tests.extend(range.map(|(from, to)| Test::Time { from, to, timezone }));
    }
    if let Some(part) = keys.get("days") {
        let days: Option<Days> = read_days(part, errors);
        tests.extend(days.map(|days| Test::Weekday { days, timezone }));
    }
    tests
}

fn read_queue(part: &Part<'_>, office: &Office, errors: &mut Errors) -> Option<Test> {
    let keys = part.keys(&["team", "at_least"], errors)?;
    let team = keys.need("team", errors).and_then(|part| read_team_name(part, office, errors));
    let expected = Words::new("1~200으로 적습니다", "write 1 to 200");
    let at_least = keys.need("at_least", errors).and_then(|part| {
        part.parsed(&expected, errors, |text| match text.parse::<u32>() {
            Ok(count) if (1..=200).contains(&count) => Ok(count),
            Ok(_) | Err(_) => Err(()),
        })
    });
    Some(Test::Queue { team: team?, at_least: at_least? })
}

/// L120: nobody waits longer than an hour.
fn read_wait(part: &Part<'_>, office: &Office, errors: &mut Errors) -> Option<Test> {
    let keys = part.keys(&["team", "at_least"], errors)?;
    let team = keys.need("team", errors).and_then(|part| read_team_name(part, office, errors));
    let expected = Words::new("1s~1h로 적습니다", "write 1s to 1h");
    let at_least = keys.need("at_least", errors).and_then(|part| {
        part.parsed(&expected, errors, |text| match duration::parse(text) {
            Ok(wait) if (Duration::from_secs(1)..=LONGEST_WAIT).contains(&wait) => Ok(wait),
            Ok(_) | Err(_) => Err(()),
        })
    });
    Some(Test::Wait { team: team?, at_least: at_least? })
}

pub(crate) fn read_team_name(
    part: &Part<'_>,
    office: &Office,
    errors: &mut Errors,
) -> Option<TeamName> {
    let name = read_name(part, errors).map(TeamName)?;
    if !office.teams.contains_key(&name) {
        let message = Words::new(
            format!("'{name}' 팀이 teams에 없습니다"),
            format!("there is no team '{name}' under teams"),
        );
        part.refuse(message, errors);
    }
    Some(name)
}

fn read_field(keys: &Keys<'_>, errors: &mut Errors) -> Option<Test> {
    let (Some(field), Some(values)) = (keys.get("field"), keys.get("is")) else {
        for key in ["field", "is"] {
            if let Some(part) = keys.get(key) {
                let message =
                    Words::new("field와 is를 함께 적습니다", "write field and is together");
                part.refuse(message, errors);
            }
        }
        return None;
    };
    let name = read_name(field, errors)?;
    Some(Test::Field { name, values: read_tags(values, errors) })
}
