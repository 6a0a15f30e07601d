//! What today's figures shall reach, as a document tells it.

use std::collections::BTreeSet;

use crate::office::document::hours::read_hours_name;
use crate::office::document::keys::{Errors, Keys};
use crate::office::document::print_text::{list, quoted};
use crate::office::document::trunks::read_number;
use crate::office::document::webhook::read_url;
use crate::office::duration;
use crate::office::hours::day_range::DayRange;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::office::target::{
    IN_TIME, LONGEST_IN_TIME, MOST_TARGETS, Target, TargetScope, TargetTime,
};
use crate::words::Words;
use crate::yaml::Part;

const KEYS: [&str; 7] =
    ["answer_rate", "service_level", "within", "numbers", "hours", "time", "webhook"];

/// Call it when the numbers and the hours are read.
pub(crate) fn read_targets(part: &Part<'_>, office: &mut Office, errors: &mut Errors) {
    for item in part.items(errors) {
        let Some(target) = read_target(&item, office, errors) else { continue };
        if office.targets.len() == MOST_TARGETS {
            let message = Words::new(
                format!("목표는 {MOST_TARGETS}개까지입니다"),
                format!("there can be {MOST_TARGETS} targets"),
            );
            item.refuse(message, errors);
            return;
        }
        if office.targets.iter().any(|other| other.scope == target.scope) {
            let message = Words::new(
                "같은 번호와 시간의 목표가 위에 있습니다. 하나로 합치세요",
                "there is a target of the same numbers and time above; write one",
            );
            item.refuse(message, errors);
            continue;
        }
        office.targets.push(target);
    }
}

fn read_target(item: &Part<'_>, office: &Office, errors: &mut Errors) -> Option<Target> {
    let keys = item.keys(&KEYS, errors)?;
    let answer_rate = read_percent(&keys, "answer_rate", errors);
    let service_level = read_percent(&keys, "service_level", errors);
    let within = match keys.get("within") {
        Some(part) => read_within(part, errors),
        None => Some(IN_TIME),
    };
    let numbers = read_numbers(&keys, office, errors);
    let time = read_time(&keys, office, errors);
    let webhook = match keys.get("webhook") {
        Some(part) => Some(read_url(part, errors)?),
        None => None,
    };
    let scope = TargetScope { numbers: numbers?, time: time? };
    Some(Target {
        answer_rate: answer_rate?,
        service_level: service_level?,
        within: within?,
        scope,
        webhook,
    })
}

/// None inside: nobody minds (L161).
fn read_percent(keys: &Keys<'_>, key: &str, errors: &mut Errors) -> Option<Option<u8>> {
    let Some(part) = keys.get(key) else { return Some(None) };
    let expected = Words::new(
        "1~100의 퍼센트로 적습니다. 0이면 쓰지 않습니다",
        "write a percentage of 1 to 100; 0 is off",
    );
    let read = |text: &str| match text.trim_end_matches('%').trim_end().parse::<u8>() {
        Ok(percent) if percent <= 100 => Ok(Some(percent).filter(|percent| *percent > 0)),
        Ok(_) | Err(_) => Err(()),
    };
    part.parsed(&expected, errors, read)
}

fn read_within(part: &Part<'_>, errors: &mut Errors) -> Option<u32> {
    let expected = Words::new("1s~1h로 적습니다", "write 1s to 1h");
    part.parsed(&expected, errors, |text| {
        let seconds = duration::parse(text).ok().map(|within| within.as_secs());
        let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
        seconds.filter(|seconds| (1..=LONGEST_IN_TIME).contains(seconds)).ok_or(())
    })
}

fn read_numbers(
    keys: &Keys<'_>,
    office: &Office,
    errors: &mut Errors,
) -> Option<BTreeSet<PhoneNumber>> {
    let mut numbers = BTreeSet::new();
    let mut are_known = true;
    for part in keys.items("numbers", errors) {
        let number = read_number(&part, &office.dial_out.home, errors);
        are_known &= number.is_some();
        let Some(number) = number else { continue };
        if !office.numbers.contains_key(&number) {
            let message = Words::new(
                format!("{number} 번이 numbers에 없습니다"),
                format!("there is no number {number} under numbers"),
            );
            part.refuse(message, errors);
            are_known = false;
        }
        numbers.insert(number);
    }
    are_known.then_some(numbers)
}

fn read_time(keys: &Keys<'_>, office: &Office, errors: &mut Errors) -> Option<TargetTime> {
    match (keys.get("hours"), keys.get("time")) {
        (None, None) => Some(TargetTime::Always),
        (Some(_), None) => read_hours_name(keys, "hours", office, errors).map(TargetTime::Hours),
        (None, Some(part)) => {
            let expected =
                Words::new("\"09:00-18:00\"처럼 적습니다", "write it as \"09:00-18:00\"");
            part.parsed(&expected, errors, DayRange::parse).map(TargetTime::Daily)
        }
        (Some(_), Some(part)) => {
            let message =
                Words::new("hours와 time 가운데 하나만 적습니다", "write hours or time, not both");
            part.refuse(message, errors);
            None
        }
    }
}

/// The item of the list that makes the target.
pub(crate) fn print_target(target: &Target) -> String {
    let Target { answer_rate, service_level, within, scope, webhook } = target;
    let goal = |key: &str, percent: &Option<u8>| percent.map(|percent| format!("{key}: {percent}"));
    let mut keys: Vec<String> = Vec::new();
    keys.extend(goal("answer_rate", answer_rate));
    keys.extend(goal("service_level", service_level));
    if keys.is_empty() {
        keys.push("answer_rate: 0".to_owned());
    }
    if *within != IN_TIME {
        keys.push(format!("within: {within}s"));
    }
    if !scope.numbers.is_empty() {
        let numbers = list(scope.numbers.iter().map(PhoneNumber::as_str));
        keys.push(format!("numbers: {numbers}"));
    }
    match &scope.time {
        TargetTime::Always => {}
        TargetTime::Hours(name) => keys.push(format!("hours: {}", quoted(&name.0))),
        TargetTime::Daily(range) => keys.push(format!("time: {}", quoted(&range.to_string()))),
    }
    keys.extend(webhook.as_ref().map(|url| format!("webhook: {}", quoted(&url.to_string()))));
    format!("{{{}}}", keys.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::office::change::changes::changes;
    use crate::office::claim::release;
    use crate::office::document::document::parse;
    use crate::office::document::print::print;
    use crate::office::phone_number::PhoneNumber;
    use crate::office::snapshot::Office;

    const OFFICE: &str = "agents: [{extension: 101, name: Kim}]
hours: [{name: day, week: {mon: [\"09:00-18:00\"]}}]
trunks: [{name: kt, peer: 192.0.2.1, blocks: [\"+827012345600-+827012345602\"]}]
numbers:
  - {number: \"+827012345600\", default: true, route: {agent: 101}}
  - {number: \"+827012345601\", route: {agent: 101}}
";

    fn with(targets: &str) -> Result<Office, Vec<(u64, String, String)>> {
        let text = format!("{OFFICE}policies:\n  targets:\n{targets}");
        parse(&text, None).map_err(|faults| {
            let told = faults.into_iter();
            told.map(|fault| (fault.line, fault.field, fault.message.en)).collect()
        })
    }

    /// L161: each is a time and numbers, and comes back as it was written.
    #[test]
    fn targets_are_read_and_printed_and_a_number_that_goes_takes_its_own_along() {
        let office = with(
            "    - {answer_rate: 90, service_level: 80%}
    - {service_level: 75, within: 1m, numbers: [\"070-1234-5601\"], hours: day}
    - {answer_rate: 95, numbers: [\"+827012345600\", \"+827012345601\"], time: \"22:00-06:00\", webhook: \"https://crm.example/alarm\"}
    - {answer_rate: 0, numbers: [\"+827012345601\"]}
",
        )
        .unwrap();
        assert_eq!(office.targets.len(), 4);
        assert_eq!((office.targets[3].answer_rate, office.targets[3].service_level), (None, None));
        let again = parse(&print(&office, true), None).unwrap();
        assert_eq!(again, office);
        let number = PhoneNumber::parse("+827012345601").unwrap();
        let fewer = release(&office, &number, None).unwrap();
        assert_eq!(fewer.targets.len(), 2, "without a number they would be about all");
        assert_eq!(fewer.targets[1].scope.numbers.len(), 1);
        assert_eq!(parse(&print(&fewer, true), None).unwrap(), fewer);
        let told = changes(&with("    - {answer_rate: 80}\n").unwrap(), &office);
        let told: Vec<&str> = told.iter().map(|change| change.words.en.as_str()).collect();
        assert!(told[0].starts_with("figures, targets: {answer_rate: 80} → {answer_rate: 90, "));
    }

    #[test]
    fn what_is_no_target_is_refused_where_it_stands() {
        let line = OFFICE.lines().count() as u64 + 3;
        for (item, field, why) in [
            (
                "{answer_rate: 101}",
                "answer_rate",
                "'101': write a percentage of 1 to 100; 0 is off",
            ),
            ("{within: 2h}", "within", "'2h': write 1s to 1h"),
            ("{time: noon}", "time", "'noon': write it as \"09:00-18:00\""),
            ("{hours: night}", "hours", "there are no hours 'night' under hours"),
            ("{hours: day, time: \"09:00-10:00\"}", "time", "write hours or time, not both"),
            (
                "{webhook: crm}",
                "webhook",
                "'crm': write an address as \"https://crm.example/naru\"",
            ),
            (
                "{numbers: [\"+827012345602\"]}",
                "numbers[0]",
                "there is no number +827012345602 under numbers",
            ),
        ] {
            let faults = with(&format!("    - {item}\n")).unwrap_err();
            let expected = (line, format!("policies.targets[0].{field}"), why.to_owned());
            assert_eq!(faults, [expected], "{item}");
        }
        let twice = with("    - {answer_rate: 90}\n    - {service_level: 90}\n").unwrap_err();
        assert_eq!((twice[0].0, twice[0].1.as_str()), (line + 1, "policies.targets[1]"));
        let nine: String = (0..9)
            .map(|at| format!("    - {{answer_rate: 90, time: \"0{at}:00-0{at}:30\"}}\n"))
            .collect();
        let ninth = with(&nine).unwrap_err();
        let expected = "there can be 8 targets".to_owned();
        assert_eq!(ninth, [(line + 8, "policies.targets[8]".to_owned(), expected)], "L161");
    }
}
