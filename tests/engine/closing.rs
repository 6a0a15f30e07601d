//! Customers who wait in a queue while the office closes: by its schedule, a holiday, or a hand
//! (L117, L120, L146, C14).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use naru::duty::{Activity, DutyWish};
use naru::engine::input::Input;
use naru::history::call_record::{CallRecord, Outcome};
use naru::history::hours_switch::HoursSwitch;
use naru::history::missed_reason::MissedReason;
use naru::history::remembered::Remembered;
use naru::history::trail::trail::Decision;
use naru::leg::{HangupCause, LegId};
use naru::live::Stage;
use naru::office::announcement::{Situation, Sound};
use naru::office::document::document::parse;
use naru::office::hours::hours::HoursName;
use naru::office::language::Language;
use naru::office::snapshot::Office;
use naru::time::Moment;

use crate::simulation::{Desk, OFFICE, extension};

const TEAM: &str = "+827012345671";
const WAITS: &str = "+821011111111";
const HOURS: &str = r#"hours:
  - {name: office, timezone: Asia/Seoul, week: {mon: ["09:00-12:00", "13:00-18:00"], tue: ["09:00-18:00"]}, holidays: [{date: 2026-12-01, name: 창립일}]}
  - {name: night, timezone: Asia/Seoul, week: {mon: ["20:00-24:00"], tue: ["00:00-06:00"]}}
"#;

/// An automatic team of 102 and 103; `number` and `team` are further settings of either.
fn office(number: &str, team: &str, changes: &[(&str, &str)]) -> Office {
    let mut text = OFFICE
        .replace("route: {team: support}", &format!("{number}route: {{team: support}}"))
        .replace(
            r#"members: ["102", "103"]"#,
            &format!(r#"members: ["102", "103"], assignment: longest_idle{team}"#),
        )
        + HOURS;
    for (part, by) in changes {
        assert!(text.contains(part), "{part}");
        text = text.replacen(part, by, 1);
    }
    parse(&text, None).unwrap()
}

fn by_number() -> Office {
    office("hours: office\n    ", "", &[])
}

/// Seoul, so many days after Monday, 23 November 2026.
fn seoul(day: u64, hour: u64, minute: u64) -> SystemTime {
    let monday = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_359_600);
    monday + Duration::from_secs(day * 86_400 + hour * 3_600 + minute * 60)
}

fn desk(office: Office, wall: SystemTime) -> Desk {
    let mut desk = Desk::open_with(office);
    desk.now = Moment { wall, ..desk.now };
    desk
}

fn calls(desk: &mut Desk, caller: &str) -> LegId {
    let leg = desk.calls(caller, TEAM);
    desk.clip_ends(leg);
    leg
}

/// Both members talk with customers, and one more waits.
fn queued(desk: &mut Desk) -> ([LegId; 2], LegId) {
    let talks = ["102", "103"].map(|agent| {
        let caller = calls(desk, "01000000000");
        let phone = desk.phone(agent);
        desk.answers(phone);
        caller
    });
    let waits = calls(desk, "01011111111");
    assert!(is_queued(desk));
    (talks, waits)
}

fn is_queued(desk: &Desk) -> bool {
    desk.engine.live().calls.iter().any(|call| call.from == WAITS && call.stage == Stage::Queued)
}

fn record(desk: &Desk) -> &CallRecord {
    desk.ended.iter().find(|record| record.from == WAITS).unwrap()
}

fn hears_closed(desk: &Desk, leg: LegId) -> bool {
    let closed = Sound::BuiltIn { situation: Situation::Closed, language: Language::Ko };
    desk.hears(leg).is_some_and(|(_, sound)| sound == closed)
}

/// Heard the announcement, is hung up on and missed for that reason.
fn is_sent_home(desk: &mut Desk, leg: LegId) {
    assert!(hears_closed(desk, leg), "{:?}", desk.hears(leg));
    assert_eq!(desk.hung_up(leg), None, "the words come first");
    desk.clip_ends(leg);
    assert_eq!(desk.hung_up(leg), Some(HangupCause::Normal));
    let record = record(desk);
    assert_eq!(record.outcome, Some(Outcome::Missed));
    assert_eq!(record.missed_reason, Some(MissedReason::NotInOperation));
    let last = record.trail.iter().rev().find_map(|entry| match &entry.decision {
        Decision::HoursLookedAt(hours) => Some(hours.is_open),
        _ => None,
    });
    assert_eq!(last, Some(false), "the trail says why");
}

fn switch(desk: &mut Desk, open: Option<bool>) {
    let hours = HoursName("office".to_owned());
    desk.tell(Input::SwitchHours { hours, open, who: "admin".to_owned() });
}

fn wish(desk: &mut Desk, agent: &str, wish: DutyWish) {
    desk.tell(Input::Agent { agent: extension(agent), wish });
}

#[test]
fn who_waits_when_the_hours_end_hears_so_to_the_second() {
    // L120
    let mut desk = desk(by_number(), seoul(0, 11, 40));
    let (talks, waits) = queued(&mut desk);
    desk.passes(20 * 60 - 1);
    assert!(is_queued(&desk), "11:59:59");
    desk.passes(1);
    is_sent_home(&mut desk, waits);
    assert_eq!(record(&desk).clocks.queue, 20 * 60 * 1_000);
    assert!(talks.iter().all(|leg| desk.hung_up(*leg).is_none()), "who talks goes on talking");
}

#[test]
fn out_of_hours_nobody_begins_to_wait() {
    // C14
    for wall in [seoul(0, 8, 59), seoul(0, 12, 0), seoul(0, 18, 0), seoul(2, 10, 0)] {
        let mut desk = desk(by_number(), wall);
        wish(&mut desk, "102", DutyWish::Activity(Activity::Eat));
        wish(&mut desk, "103", DutyWish::Activity(Activity::Eat));
        let waits = calls(&mut desk, "01011111111");
        is_sent_home(&mut desk, waits);
        assert_eq!(record(&desk).clocks.queue, 0);
    }
}

#[test]
fn a_team_that_has_hours_waits_by_its_own() {
    // S87: the number's hours end, the team's do not; and the other way round.
    let both = || office("hours: office\n    ", ", hours: night", &[]);
    let mut late = desk(both(), seoul(0, 23, 30));
    let (_, waits) = queued(&mut late);
    late.passes(40 * 60);
    assert!(is_queued(&late), "past midnight, and long after the number's hours");
    let mut early = desk(both(), seoul(1, 5, 50));
    let (_, waits_early) = queued(&mut early);
    early.passes(599);
    assert!(is_queued(&early));
    early.passes(1);
    is_sent_home(&mut early, waits_early);
    late.hangs_up(waits);
    assert_eq!(record(&late).missed_reason, Some(MissedReason::UserLeftInQueued));
}

#[test]
fn a_hand_that_closes_sends_home_and_one_that_opens_keeps() {
    // L146
    let mut closed = desk(by_number(), seoul(0, 10, 0));
    let (_, waits) = queued(&mut closed);
    closed.passes(7);
    switch(&mut closed, Some(false));
    is_sent_home(&mut closed, waits);
    assert_eq!(record(&closed).clocks.queue, 7_000, "at once");

    // Opened by hand at 11:50, until the schedule itself closes.
    let mut kept = desk(by_number(), seoul(0, 12, 30));
    switch(&mut kept, Some(true));
    let (talks, waits) = queued(&mut kept);
    kept.passes(45 * 60);
    assert!(is_queued(&kept), "13:15: open by the schedule, too");
    kept.hangs_up(talks[0]);
    kept.answers(kept.phone("102"));
    assert!(kept.is_joined(waits, kept.phone("102")));

    // Closed and opened again before anybody noticed.
    let mut twice = desk(by_number(), seoul(0, 10, 0));
    switch(&mut twice, Some(false));
    switch(&mut twice, None);
    queued(&mut twice);
    twice.passes(60);
    assert!(is_queued(&twice));
}

#[test]
fn a_switch_that_runs_out_while_somebody_waits_ends_the_wait() {
    // L146: opened by hand at 07:00 is open until 12:00, when the schedule closes.
    let mut desk = desk(by_number(), seoul(0, 7, 0));
    switch(&mut desk, Some(true));
    desk.passes(4 * 3_600 + 30 * 60);
    let (_, waits) = queued(&mut desk);
    desk.passes(30 * 60 - 1);
    assert!(is_queued(&desk));
    desk.passes(1);
    is_sent_home(&mut desk, waits);
}

#[test]
fn a_switch_known_again_after_a_restart_decides_over_who_waits() {
    let mut desk = desk(by_number(), seoul(0, 10, 0));
    let (_, waits) = queued(&mut desk);
    let switch = HoursSwitch {
        hours: HoursName("office".to_owned()),
        open: Some(false),
        at: desk.now.unix_millis(),
        until: None,
        who: "admin".to_owned(),
    };
    let remembered = Remembered { switches: vec![switch], ..Remembered::default() };
    desk.tell(Input::Remembered(Box::new(remembered)));
    desk.passes(60);
    is_sent_home(&mut desk, waits);
}

#[test]
fn a_holiday_begins_at_midnight_and_keeps_all_day() {
    // L147: 1 December is a Tuesday.
    let open_nights = [
        (
            r#"tue: ["09:00-18:00"]}, holidays"#,
            r#"tue: ["00:00-18:00"], wed: ["00:00-24:00"]}, holidays"#,
        ),
        (r#""13:00-18:00"]"#, r#""13:00-24:00"]"#),
    ];
    let with = || office("hours: office\n    ", "", &open_nights);
    let mut eve = desk(with(), seoul(7, 23, 50));
    let (_, waits) = queued(&mut eve);
    eve.passes(599);
    assert!(is_queued(&eve));
    eve.passes(1);
    is_sent_home(&mut eve, waits);

    let mut within = desk(with(), seoul(8, 10, 0));
    let caller = calls(&mut within, "01011111111");
    is_sent_home(&mut within, caller);

    // The Tuesday before is none.
    let mut before = desk(with(), seoul(0, 23, 50));
    queued(&mut before);
    before.passes(20 * 60);
    assert!(is_queued(&before));
}

#[test]
fn an_office_whose_hours_change_looks_again_at_who_waits() {
    let mut desk = desk(by_number(), seoul(0, 10, 0));
    let (_, waits) = queued(&mut desk);
    let shorter = [(r#"["09:00-12:00", "13:00-18:00"]"#, r#"["13:00-18:00"]"#)];
    let changed = office("hours: office\n    ", "", &shorter);
    desk.tell(Input::OfficeChanged(Arc::new(changed)));
    is_sent_home(&mut desk, waits);
}

#[test]
fn the_wall_clock_decides_when_it_is_set_while_somebody_waits() {
    // R15: ticks go on, the wall jumps; seen within a minute.
    let mut desk = desk(by_number(), seoul(0, 10, 0));
    let (_, waits) = queued(&mut desk);
    desk.passes(5);
    desk.now = Moment { wall: seoul(0, 20, 0), ..desk.now };
    desk.passes(60);
    is_sent_home(&mut desk, waits);
}

#[test]
fn an_agent_who_leaves_their_seat_and_comes_back_finds_who_waits() {
    // L111, L138: it takes effect from the next call.
    let mut desk = desk(by_number(), seoul(0, 10, 0));
    let (talks, waits) = queued(&mut desk);
    wish(&mut desk, "102", DutyWish::Seat(false));
    let rung = desk.rung().len();
    desk.hangs_up(talks[0]);
    desk.passes(60);
    assert_eq!(desk.rung().len(), rung, "their seat is empty");
    assert!(is_queued(&desk));
    wish(&mut desk, "102", DutyWish::Seat(true));
    assert_eq!(desk.rung()[rung..], ["102"]);
    // Gone again while it rings: that call is still theirs.
    wish(&mut desk, "102", DutyWish::Seat(false));
    let phone = desk.phone("102");
    desk.answers(phone);
    assert!(desk.is_joined(waits, phone));
    // Nobody is in their seat, and who waits is told when the hours end, not before.
    wish(&mut desk, "103", DutyWish::Seat(false));
    desk.hangs_up(talks[1]);
    let one_more = calls(&mut desk, "01022222222");
    desk.passes(3_000);
    let place = desk.engine.live().calls.into_iter().find(|call| call.queue.is_some());
    assert_eq!(place.unwrap().queue.unwrap().expected_seconds, None, "nobody is there");
    assert_eq!(desk.hung_up(one_more), None);
}

#[test]
fn who_is_being_rung_when_the_hours_end_may_still_be_answered() {
    let mut desk = desk(by_number(), seoul(0, 11, 59));
    let (talks, waits) = queued(&mut desk);
    desk.passes(55);
    desk.hangs_up(talks[0]);
    let phone = desk.phone("102");
    desk.rings(phone);
    desk.passes(8);
    assert!(!hears_closed(&desk, waits));
    desk.answers(phone);
    assert!(desk.is_joined(waits, phone));
    // But whoever declines after closing time passes the call to nobody who is yet to be free.
    let mut desk = self::desk(by_number(), seoul(0, 11, 59));
    let (talks, waits) = queued(&mut desk);
    desk.passes(55);
    desk.hangs_up(talks[0]);
    desk.rings(desk.phone("102"));
    desk.passes(8);
    desk.ends(desk.phone("102"), HangupCause::Declined);
    desk.passes(1);
    is_sent_home(&mut desk, waits);
}

#[test]
fn everybody_is_sent_home_at_once_and_nobody_twice() {
    let mut desk = desk(by_number(), seoul(0, 11, 30));
    queued(&mut desk);
    let others: Vec<LegId> =
        (0..30).map(|count| calls(&mut desk, &format!("0102222{count:04}"))).collect();
    desk.passes(30 * 60);
    let closed = others.iter().filter(|leg| hears_closed(&desk, **leg)).count();
    assert_eq!(closed, 30);
    for leg in others {
        desk.clip_ends(leg);
    }
    let missed = |record: &&CallRecord| record.missed_reason == Some(MissedReason::NotInOperation);
    assert_eq!(desk.ended.iter().filter(missed).count(), 30);
    assert!(desk.engine.live().calls.iter().all(|call| call.queue.is_none()));
}
