//! Calls inside and outside of operating hours.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::history::call_record::Outcome;
use naru::history::hours_switch::HoursSwitch;
use naru::history::missed_reason::MissedReason;
use naru::history::remembered::Remembered;
use naru::history::trail::trail::Decision;
use naru::office::announcement::{Situation, Sound};
use naru::office::document::document::parse;
use naru::office::hours::hours::HoursName;
use naru::office::language::Language;
use naru::office::phone_number::PhoneNumber;
use naru::office::snapshot::Office;
use naru::time::Moment;

use crate::simulation::{Desk, OFFICE, office};

const HOURS: &str = r#"hours:
  - {name: office, timezone: Asia/Seoul, week: {mon: ["09:00-12:00", "13:00-18:00"], tue: ["09:00-18:00"]}}
  - {name: night, timezone: Asia/Seoul, week: {mon: ["20:00-08:00"]}}
"#;
const GREETED: &str = "+827012345671";
const DIRECT: &str = "+827012345672";
const CUSTOMER: &str = "+81312345678";

/// The direct number keeps office hours, and so does the greeted one unless its team has others.
fn office_with_hours(team: &str) -> Office {
    let text = OFFICE
        .replace("route: {team: support}", "hours: office\n    route: {team: support}")
        .replace("members: [\"102\", \"103\"]", &format!("members: [\"102\", \"103\"]{team}"))
        .replace("\"+827012345672\", route:", "\"+827012345672\", hours: office, route:");
    parse(&format!("{text}{HOURS}"), None).unwrap()
}

/// Monday, 23 November 2026 in Seoul, at that minute of the day.
fn monday(hour: u64, minute: u64) -> SystemTime {
    let midnight = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_359_600);
    midnight + Duration::from_secs(hour * 3600 + minute * 60)
}

fn desk(office: Office, wall: SystemTime) -> Desk {
    let mut desk = Desk::open_with(office);
    desk.now = Moment { wall, ..desk.now };
    desk
}

fn closed(language: Language) -> Sound {
    Sound::BuiltIn { situation: Situation::Closed, language }
}

fn switch(desk: &mut Desk, open: Option<bool>) -> HoursSwitch {
    let hours = HoursName("office".to_owned());
    desk.tell(Input::SwitchHours { hours, open, who: "admin".to_owned() });
    let switched = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::HoursSwitched(switch)) => Some(switch.clone()),
        _ => None,
    });
    switched.unwrap()
}

/// Whether a call to the direct number rings now.
fn rings(desk: &mut Desk) -> bool {
    let before = desk.rung().len();
    let caller = desk.calls(CUSTOMER, DIRECT);
    let rang = desk.rung().len() > before;
    desk.hangs_up(caller);
    rang
}

#[test]
fn outside_of_the_hours_the_caller_hears_so_and_the_call_is_missed() {
    // S99, S100
    let mut desk = desk(office_with_hours(""), monday(18, 42));
    let caller = desk.calls(CUSTOMER, DIRECT);
    assert!(desk.rung().is_empty());
    assert_eq!(desk.hears(caller).unwrap().1, closed(Language::Ja), "S105, S106");
    desk.clip_ends(caller);
    assert_eq!(desk.record().outcome, Some(Outcome::Missed));
    assert_eq!(desk.record().missed_reason, Some(MissedReason::NotInOperation));
    let told: Vec<String> =
        desk.record().trail.iter().map(|e| e.decision.words(Language::En)).collect();
    assert!(
        told.contains(
            &"Monday 2026-11-23 18:42: hours 'office' are closed (09:00-12:00, 13:00-18:00); opens Tuesday 2026-11-24 09:00."
                .to_owned()
        ),
        "{told:?}"
    );
    let told: Vec<String> =
        desk.record().trail.iter().map(|e| e.decision.words(Language::Ko)).collect();
    assert!(
        told.contains(
            &"2026-11-23(월) 18:42, 운영시간 'office': 운영 시간 아님 (09:00-12:00, 13:00-18:00). 2026-11-24(화) 09:00에 엽니다."
                .to_owned()
        ),
        "{told:?}"
    );
}

#[test]
fn inside_the_hours_the_phones_ring_and_the_trail_says_why() {
    let mut desk = desk(office_with_hours(""), monday(11, 59));
    let caller = desk.calls(CUSTOMER, DIRECT);
    assert_eq!(desk.rung(), ["103"]);
    // Closing time ends no call that rings or talks.
    desk.passes(20);
    desk.answers(desk.phone("103"));
    desk.passes(3600);
    desk.hangs_up(caller);
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
    assert!(
        desk.decided(
            |decision| matches!(decision, Decision::HoursLookedAt(hours) if hours.is_open)
        )
    );
}

#[test]
fn the_greeting_comes_before_the_hours_are_looked_at() {
    // 2C: greeting, then the hours; the clock may pass closing time meanwhile.
    let mut desk = desk(office_with_hours(""), monday(11, 59));
    let caller = desk.calls(CUSTOMER, GREETED);
    assert_eq!(
        desk.hears(caller).unwrap().1,
        Sound::BuiltIn { situation: Situation::Greeting, language: Language::En }
    );
    desk.passes(60);
    desk.clip_ends(caller);
    assert_eq!(desk.hears(caller).unwrap().1, closed(Language::Ja));
    desk.hangs_up(caller);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::NotInOperation));
}

#[test]
fn a_team_keeps_its_own_hours() {
    // S87: the number says office hours, its team works at night.
    for (hour, rings) in [(10, false), (21, true)] {
        let mut desk = desk(office_with_hours(", hours: night"), monday(hour, 0));
        let caller = desk.calls(CUSTOMER, GREETED);
        desk.clip_ends(caller);
        assert_eq!(!desk.rung().is_empty(), rings, "at {hour}");
        desk.hangs_up(caller);
        let by_team = |decision: &Decision| {
            matches!(decision, Decision::HoursLookedAt(hours)
                if hours.hours.0 == "night" && hours.team.is_some())
        };
        assert!(desk.decided(by_team));
    }
}

#[test]
fn a_number_may_say_something_else_or_nothing_when_it_is_closed() {
    let with = |voices: &str| {
        let mut office = office_with_hours("");
        let number = PhoneNumber::parse(DIRECT).unwrap();
        let text = format!(
            "trunks: [{{name: c, peer: 192.0.2.1, blocks: [\"{DIRECT}\"]}}]\nnumbers: [{{number: \"{DIRECT}\", announcements: {{closed: {voices}}}}}]"
        );
        let said = parse(&text, None).unwrap().numbers.remove(&number).unwrap().announcements;
        office.numbers.get_mut(&number).unwrap().announcements = said;
        desk(office, monday(19, 0))
    };
    let mut korean = with("{ko: built-in}");
    let caller = korean.calls(CUSTOMER, DIRECT);
    assert_eq!(korean.hears(caller).unwrap().1, closed(Language::Ko));
    let mut silent = with("{}");
    let caller = silent.calls(CUSTOMER, DIRECT);
    assert!(silent.hears(caller).is_none());
    assert!(silent.hung_up(caller).is_some());
    assert_eq!(silent.record().missed_reason, Some(MissedReason::NotInOperation));
}

#[test]
fn a_hand_stands_before_the_schedule_until_it_turns() {
    // L146
    let mut desk = desk(office_with_hours(""), monday(7, 0));
    assert!(!rings(&mut desk));
    let switched = switch(&mut desk, Some(true));
    assert_eq!((switched.who.as_str(), switched.open), ("admin", Some(true)));
    assert!(rings(&mut desk), "switched on at 07:00");
    desk.passes(4 * 3600);
    assert!(rings(&mut desk), "at 11:00");
    desk.passes(3600);
    assert!(!rings(&mut desk), "until 12:00");
    desk.passes(3 * 3600);
    switch(&mut desk, Some(false));
    assert!(!rings(&mut desk), "switched off at 15:00");
    desk.passes(17 * 3600);
    assert!(!rings(&mut desk), "still at 08:00");
    desk.passes(3600);
    assert!(rings(&mut desk), "until 09:00 of the next day");
    switch(&mut desk, Some(false));
    assert!(!rings(&mut desk));
    switch(&mut desk, None);
    assert!(rings(&mut desk), "back to the schedule");
}

#[test]
fn a_switch_survives_a_restart_and_ends_in_time() {
    let mut before = desk(office_with_hours(""), monday(7, 0));
    let switched = switch(&mut before, Some(true));
    let mut after = desk(office_with_hours(""), monday(11, 0));
    let remembered = Remembered { switches: vec![switched.clone()], ..Remembered::default() };
    after.tell(Input::Remembered(Box::new(remembered.clone())));
    assert!(rings(&mut after));
    let mut later = desk(office_with_hours(""), monday(12, 30));
    later.tell(Input::Remembered(Box::new(remembered)));
    assert!(!rings(&mut later), "lunch: the hand's time was over while nobody looked");
}

#[test]
fn a_number_that_was_given_back_is_preserved_and_one_never_taken_is_unregistered() {
    // P3, C8
    let given_back = |desk: &mut Desk| {
        let mut less = office();
        less.numbers.remove(&PhoneNumber::parse(DIRECT).unwrap());
        desk.tell(Input::OfficeChanged(Arc::new(less)));
    };
    let mut desk = Desk::open();
    given_back(&mut desk);
    desk.calls(CUSTOMER, DIRECT);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::PreservedNumber));
    assert!(desk.decided(|decision| matches!(decision, Decision::NumberReleased { .. })));

    let mut desk = Desk::open();
    desk.calls(CUSTOMER, "+827012345699");
    assert_eq!(desk.record().missed_reason, Some(MissedReason::UnregisteredNumber));

    // Taken again: live for the next call.
    let mut desk = Desk::open();
    given_back(&mut desk);
    desk.tell(Input::OfficeChanged(Arc::new(office())));
    desk.calls(CUSTOMER, DIRECT);
    assert_eq!(desk.rung(), ["103"]);

    // Known again after a restart.
    let mut less = office();
    less.numbers.remove(&PhoneNumber::parse(DIRECT).unwrap());
    let mut desk = Desk::open_with(less);
    let released = [PhoneNumber::parse(DIRECT).unwrap()].into();
    let remembered = Remembered { released, ..Remembered::default() };
    desk.tell(Input::Remembered(Box::new(remembered)));
    desk.calls(CUSTOMER, DIRECT);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::PreservedNumber));
}
