//! What `naru simulate` tells is what a call does.

use std::time::{Duration, SystemTime};

use naru::engine::command::Command;
use naru::engine::rehearsal::{CLIP, Rehearsed};
use naru::history::call_record::CallRecord;
use naru::history::missed_reason::MissedReason;
use naru::history::trail::Decision;
use naru::leg::LegId;
use naru::office::document::parse;
use naru::office::language::Language;
use naru::office::snapshot::Office;
use naru::office::trunk::TrunkName;
use naru::time::Moment;
use proptest::prelude::*;

use crate::simulation::{Desk, OFFICE};

const NUMBERS: [&str; 5] =
    ["+827012345670", "07012345671", "+827012345672", "+8225550100", "+827012345699"];
const CALLERS: [&str; 4] = ["01098765432", "+81312345678", "", "+12125550100"];

fn office() -> Office {
    let text = OFFICE
        .replace("route: {team: support}", "hours: office\n    route: {team: support}")
        .replace("\"+827012345672\", route:", "\"+827012345672\", hours: office, route:");
    let hours =
        "hours:\n  - {name: office, week: {mon: [\"09:00-18:00\"], wed: [\"22:00-06:00\"]}}\n";
    parse(&format!("{text}{hours}"), None).unwrap()
}

fn rehearsed(caller: &str, dialled: &str, at: SystemTime) -> Rehearsed {
    Rehearsed {
        trunk: TrunkName("carrier".to_owned()),
        caller: caller.to_owned(),
        dialled: dialled.to_owned(),
        keys: Vec::new(),
        at,
    }
}

fn decisions(record: &CallRecord) -> Vec<Decision> {
    record.trail.iter().map(|entry| entry.decision.clone()).collect()
}

/// The same call, made: phones ring, nobody answers, announcements last as long.
fn made(desk: &mut Desk, caller: &str, dialled: &str) -> CallRecord {
    let before = desk.ended.len();
    let leg = desk.calls(caller, dialled);
    let mut seen = 0;
    let mut rung = 0;
    while desk.ended.len() == before {
        let fresh: Vec<Command> = desk.commands[seen..].to_vec();
        seen = desk.commands.len();
        let rings: Vec<LegId> = fresh
            .iter()
            .filter_map(|command| match command {
                Command::Ring(request) => Some(request.leg),
                _ => None,
            })
            .collect();
        rung += rings.len();
        rings.into_iter().for_each(|leg| desk.rings(leg));
        let clip = fresh.iter().any(
            |command| matches!(command, Command::Play { leg: to, repeat: false, .. } if *to == leg),
        );
        if clip {
            desk.passes(CLIP.as_secs());
            desk.clip_ends(leg);
        } else {
            desk.passes(1);
        }
        assert!(rung < 100, "it goes round");
    }
    desk.ended.last().unwrap().clone()
}

proptest! {
    #[test]
    fn a_rehearsed_call_goes_as_the_call_then_goes(
        number in prop::sample::select(NUMBERS.to_vec()),
        caller in prop::sample::select(CALLERS.to_vec()),
        seconds in 0..1_209_600_u64,
        gone in prop::collection::btree_set(prop::sample::select(vec!["101", "101-soft", "102", "103"]), 0..4),
        talks in any::<bool>(),
    ) {
        let mut desk = Desk::open_with(office());
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_359_600 + seconds);
        desk.now = Moment { wall: at, ..desk.now };
        for device in gone {
            desk.unregisters(device);
        }
        if talks {
            desk.dials("103", "*43");
        }
        let before = desk.engine.live();
        let told = desk.engine.rehearse(&rehearsed(caller, number, at), desk.now).unwrap();
        prop_assert_eq!(desk.engine.live(), before, "nothing has happened");
        prop_assert!(desk.engine.poll_command().is_none());
        let made = made(&mut desk, caller, number);
        prop_assert_eq!(decisions(&told), decisions(&made));
        prop_assert_eq!((told.outcome, told.missed_reason), (made.outcome, made.missed_reason));
        prop_assert_eq!((told.id, told.to), (made.id, made.to));
    }
}

#[test]
fn another_time_than_now_is_rehearsed_by_its_own_hours() {
    let desk = Desk::open_with(office());
    let monday = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_359_600);
    for (hour, reason) in [(10, MissedReason::RingTimeOver), (19, MissedReason::NotInOperation)] {
        let at = monday + Duration::from_secs(hour * 3600);
        let call = rehearsed("01098765432", "+827012345672", at);
        let told = desk.engine.rehearse(&call, desk.now).unwrap();
        assert_eq!(told.missed_reason, Some(reason), "at {hour}");
    }
}

/// The keys are pressed one by one, each when a menu has been heard: two menus, then the agent.
#[test]
fn the_keys_of_a_simulated_call_walk_through_its_menus() {
    let desk = Desk::open_with(crate::workflows::office("{workflow: main}"));
    let keys = |keys: &str| Rehearsed {
        keys: keys.chars().collect(),
        ..rehearsed(CALLERS[0], NUMBERS[0], desk.now.wall)
    };
    let told = |typed: &str| {
        let record = desk.engine.rehearse(&keys(typed), desk.now).unwrap();
        let lines: Vec<String> =
            record.trail.iter().map(|entry| entry.decision.words(Language::En)).collect();
        (record, lines.join("\n"))
    };
    let (record, lines) = told("32");
    for words in ["pressed 3 at 'menu'", "speaks English", "pressed 2 at 'menu'", "extension 103"] {
        assert!(lines.contains(words), "{words}: {lines}");
    }
    assert_eq!(record.missed_reason, Some(MissedReason::RingTimeOver), "nobody answers");
    let (record, _) = told("9");
    assert_eq!(record.missed_reason, Some(MissedReason::WfEndCall));
    // Fewer keys than menus: no key comes (L83).
    let (record, _) = told("3");
    assert_eq!(record.missed_reason, Some(MissedReason::WfInputTimeout));
}
