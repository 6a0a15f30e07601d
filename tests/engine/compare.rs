//! Before a change is saved: which of yesterday's calls would have gone elsewhere.

use std::sync::Arc;
use std::time::SystemTime;

use naru::engine::comparison::{Past, elsewhere};
use naru::history::call_id::CallId;
use naru::office::document::document::parse;
use naru::office::phone_number::PhoneNumber;
use naru::office::snapshot::Office;
use naru::time::Moment;

use crate::simulation::{Desk, OFFICE};

const NUMBER: &str = "+827012345671";

fn office(text: &str) -> Arc<Office> {
    Arc::new(parse(text, None).unwrap())
}

fn with_hours(week: &str) -> String {
    let text =
        OFFICE.replace("route: {team: support}", "hours: office\n    route: {team: support}");
    format!("{text}hours:\n  - {{name: office, week: {{{week}}}}}\n")
}

/// Calls of a Wednesday in Seoul, one at each of these hours.
fn calls(hours: &[i8]) -> Vec<Past> {
    let call = |(index, hour): (usize, &i8)| {
        let at = jiff::civil::date(2026, 11, 25).at(*hour, 30, 0, 0).in_tz("Asia/Seoul").unwrap();
        Past {
            id: CallId(u64::try_from(index).unwrap()),
            caller: "+821098765432".to_owned(),
            number: PhoneNumber::parse(NUMBER).unwrap(),
            keys: Vec::new(),
            at: SystemTime::from(at.timestamp()),
        }
    };
    hours.iter().enumerate().map(call).collect()
}

fn now() -> Moment {
    Desk::open().now
}

#[test]
fn only_what_the_offices_differ_in_sends_a_call_elsewhere() {
    let (early, late) = (
        office(&with_hours("wed: [\"09:00-18:00\"]")),
        office(&with_hours("wed: [\"09:00-15:00\"]")),
    );
    let calls = calls(&[8, 10, 14, 16, 17, 20]);
    assert!(elsewhere(&early, &early, &calls, now()).is_empty());
    let found = elsewhere(&early, &late, &calls, now());
    let ids: Vec<u64> = found.iter().map(|call| call.id.0).collect();
    assert_eq!(ids, [3, 4], "16:30 and 17:30 would have met closed doors");
    assert!(found[0].before.words().en.contains("support"), "{:?}", found[0].before.words());
    assert_eq!(found[0].after.words().en, "closed");
    assert_eq!(found[0].after.words().ko, "운영 시간 아님");
}

#[test]
fn another_route_is_elsewhere_and_another_ring_time_is_not() {
    let before = office(OFFICE);
    let calls = calls(&[10, 11]);
    let longer = office(&OFFICE.replace("ring_time: 20s", "ring_time: 99s"));
    assert!(elsewhere(&before, &longer, &calls, now()).is_empty());
    let other = office(&OFFICE.replace("route: {team: support}", "route: {agent: \"101\"}"));
    let found = elsewhere(&before, &other, &calls, now());
    assert_eq!(found.len(), 2);
    assert!(found[0].after.words().en.starts_with("agent 101"), "{:?}", found[0].after.words());
}

#[test]
fn a_number_that_no_trunk_brings_any_more_is_reached_no_more() {
    let before = office(OFFICE);
    let gone = Arc::new(Office { trunks: std::collections::BTreeMap::new(), ..(*before).clone() });
    let found = elsewhere(&before, &gone, &calls(&[10]), now());
    assert_eq!(found[0].after.words().en, "a number that is not taken");
}

/// L98: who leaves word reaches the voicemail, not nobody.
#[test]
fn a_call_that_goes_to_the_voicemail_is_said_to_go_there() {
    let workflow = "workflows:\n  - name: word\n    trigger: customer_called\n    steps:\n      \
                    - {name: leave, voicemail: {}}\n";
    let text = OFFICE.replace("route: {team: support}", "route: {workflow: word}");
    let found =
        elsewhere(&office(OFFICE), &office(&format!("{text}{workflow}")), &calls(&[10]), now());
    assert_eq!(found[0].after.words().en, "workflow word → voicemail");
    assert_eq!(found[0].after.words().ko, "워크플로우 word → 음성 사서함");
}

/// What a caller typed into forms, and that they left one empty, is pressed again.
#[test]
fn what_was_typed_into_forms_is_typed_again() {
    let text = OFFICE.replace("route: {team: support}", "route: {workflow: order}");
    let text = text
        + r##"workflows:
  - name: order
    trigger: customer_called
    steps:
      - {name: menu, menu: {say: greeting, keys: {"1": note}}}
      - {name: note, digits: {say: greeting, field: note, least: 2, required: false}, next: number}
      - {name: number, digits: {say: greeting, field: order, least: 4}, next: known}
      - {name: known, branch: [{when: {field: order, is: "4711"}, to: ours}], otherwise: all}
      - {name: ours, assign: {agent: "103"}, next: last}
      - {name: all, assign: {team: support}, next: last}
      - {name: last, menu: {say: greeting, keys: {"2": end, "3": bye}}}
      - {name: bye, hang_up: missed}
"##;
    let before = parse(&text, None).unwrap();
    let mut desk = Desk::open_with(before.clone());
    let caller = desk.calls("01098765432", NUMBER);
    for keys in ["1", "1#", "#", "47*4711#", "2"] {
        keys.chars().for_each(|key| desk.presses(caller, key));
        if keys == "1#" {
            desk.clip_ends(caller);
        }
    }
    desk.hangs_up(caller);
    let past = Past::of(desk.record()).unwrap();
    assert_eq!(past.keys.iter().map(|key| key.digit).collect::<String>(), "1##4711#2");
    let before = Arc::new(before);
    let other = office(&text.replace(r#"is: "4711""#, r#"is: "4712""#));
    let found = elsewhere(&before, &other, std::slice::from_ref(&past), now());
    assert_eq!(found.len(), 1);
    assert!(found[0].before.words().en.contains("agent 103"), "{:?}", found[0].before.words());
    assert!(found[0].after.words().en.contains("team support"), "{:?}", found[0].after.words());
    let same = office(&text.replace(r#"is: "4711""#, r#"is: ["4711", "4712"]"#));
    assert!(elsewhere(&before, &same, &[past], now()).is_empty());
}

/// A caller who says nothing at one menu and answers the next is not taken to have answered the
/// first; nor who lets the same menu pass twice.
#[test]
fn a_menu_that_was_passed_in_silence_is_passed_in_silence_again() {
    let text = OFFICE.replace("route: {team: support}", "route: {workflow: desk}");
    let text = text
        + r##"workflows:
  - name: desk
    trigger: customer_called
    steps:
      - {name: first, menu: {say: greeting, keys: {"1": ours, "2": all}, wait: 5s, tries: 2, silent: second}}
      - {name: second, menu: {say: greeting, keys: {"2": ours, "3": first, "9": first}, wait: 5s, tries: 2}}
      - {name: ours, assign: {agent: "103"}, next: end}
      - {name: all, assign: {team: support}, next: end}
"##;
    let before = parse(&text, None).unwrap();
    for (script, wanted) in
        [("-2", "agent 103"), ("-3-2", "agent 103"), ("-91", "agent 103"), ("2", "team support")]
    {
        let mut desk = Desk::open_with(before.clone());
        let caller = desk.calls("01098765432", NUMBER);
        for key in script.chars() {
            if key == '-' {
                for _ in 0..2 {
                    desk.clip_ends(caller);
                    desk.passes(6);
                }
            } else {
                desk.presses(caller, key);
            }
        }
        desk.hangs_up(caller);
        let past = Past::of(desk.record()).unwrap();
        // Another way for the last key shows where the replay has come to.
        let other = office(&text.replace(
            "name: ours, assign: {agent: \"103\"}",
            "name: ours, assign: {agent: \"102\"}",
        ));
        let found = elsewhere(&Arc::new(before.clone()), &other, &[past], now());
        if wanted == "team support" {
            assert!(found.is_empty(), "{script}");
        } else {
            assert_eq!(found.len(), 1, "{script}");
            assert!(
                found[0].before.words().en.contains(wanted),
                "{script}: {:?}",
                found[0].before.words()
            );
        }
    }
}
