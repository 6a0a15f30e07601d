//! Automatic teams: one member at a time, and a queue that loses nobody (2.12, 2.13, SA2).

use std::sync::Arc;

use naru::duty::{Activity, DutyWish};
use naru::engine::command::{Command, LegCommand};
use naru::engine::input::Input;
use naru::history::call_record::{CallRecord, Clocks, Outcome};
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::{Chosen, Decision};
use naru::leg::{HangupCause, LegId};
use naru::live::{AgentState, LiveQueue, Stage};
use naru::office::announcement::{Situation, Sound};
use naru::office::document::document::parse;
use naru::office::snapshot::Office;

use crate::simulation::{Desk, OFFICE, extension};

const TEAM: &str = "+827012345671";
const URGENT: &str = "+827012345672";
const MEMBERS: &str = r#"members: ["102", "103"]"#;

fn office(changes: &[(&str, &str)]) -> Office {
    let mut text = OFFICE.to_owned();
    let automatic = [(MEMBERS, r#"members: ["102", "103"], assignment: longest_idle"#)];
    for (part, by) in automatic.iter().chain(changes) {
        assert!(text.contains(part), "{part}");
        text = text.replacen(part, by, 1);
    }
    parse(&text, None).unwrap()
}

fn desk() -> Desk {
    Desk::open_with(office(&[]))
}

fn wish(desk: &mut Desk, agent: &str, wish: DutyWish) {
    desk.tell(Input::Agent { agent: extension(agent), wish });
}

/// A customer who has heard the greeting.
fn calls(desk: &mut Desk, caller: &str) -> LegId {
    let leg = desk.calls(caller, TEAM);
    desk.passes(4);
    desk.clip_ends(leg);
    leg
}

/// Both members talk with customers.
fn busy(desk: &mut Desk) -> [(LegId, LegId); 2] {
    ["102", "103"].map(|agent| {
        let caller = calls(desk, "01000000000");
        let phone = desk.phone(agent);
        desk.answers(phone);
        (caller, phone)
    })
}

fn place(desk: &Desk, caller: &str) -> Option<LiveQueue> {
    let live = desk.engine.live().calls;
    live.into_iter().find(|call| call.from == caller)?.queue
}

fn record<'a>(desk: &'a Desk, caller: &str) -> &'a CallRecord {
    desk.ended.iter().find(|record| record.from == caller).unwrap()
}

#[test]
fn one_member_rings_and_the_next_call_goes_to_the_other() {
    // L128
    let mut desk = desk();
    let first = calls(&mut desk, "01011111111");
    assert_eq!(desk.rung(), ["102"]);
    let second = calls(&mut desk, "01022222222");
    assert_eq!(desk.rung(), ["102", "103"]);
    desk.hangs_up(first);
    desk.hangs_up(second);
    let third = calls(&mut desk, "01033333333");
    assert_eq!(desk.rung(), ["102", "103", "102"], "given longest ago");
    desk.hangs_up(third);
    let chosen = record(&desk, "+821033333333").trail.iter().any(|entry| {
        matches!(&entry.decision, Decision::GivenTo { agent, because: Chosen::LongestIdle }
            if agent.extension == extension("102"))
    });
    assert!(chosen);
}

#[test]
fn the_agent_who_knows_the_customer_is_given_the_call() {
    // L127
    let manual = r#"assignment: longest_idle"#;
    let mut desk = Desk::open_with(office(&[(manual, "assignment: previous_agent")]));
    for (caller, agent) in [("01011111111", "102"), ("01022222222", "103"), ("01011111111", "102")]
    {
        let leg = calls(&mut desk, caller);
        let phone = desk.phone(agent);
        desk.answers(phone);
        desk.hangs_up(leg);
    }
    assert_eq!(desk.rung(), ["102", "103", "102"]);
    calls(&mut desk, "01011111111");
    let second = calls(&mut desk, "01011111111");
    assert_eq!(desk.rung()[3..], ["102", "103"], "busy: falls back");
    desk.answers(desk.phone("103"));
    desk.hangs_up(second);
    let third = calls(&mut desk, "01011111111");
    assert_eq!(desk.rung().last().unwrap(), "103", "102 still rings");
    desk.hangs_up(third);
}

#[test]
fn nobody_free_means_waiting_and_the_first_to_be_free_takes_the_next() {
    // L117, L118, S35
    let mut desk = desk();
    let talks = busy(&mut desk);
    let rung = desk.rung().len();
    let first = calls(&mut desk, "01011111111");
    desk.passes(60);
    let second = calls(&mut desk, "01022222222");
    assert_eq!(desk.rung().len(), rung, "L118: nobody is rung meanwhile");
    assert_eq!(desk.hears(first).unwrap().1, Sound::LoopingRingback);
    let queued = place(&desk, "+821022222222").unwrap();
    assert_eq!((queued.position, queued.expected_seconds), (2, None), "no call has ended yet");

    desk.passes(36);
    desk.hangs_up(talks[1].0);
    assert_eq!(desk.rung()[rung..], ["103"], "the freed agent");
    assert_eq!(place(&desk, "+821011111111"), None);
    let queued = place(&desk, "+821022222222").unwrap();
    assert_eq!(queued.position, 1, "moves up");
    assert_eq!(queued.expected_seconds, Some(104 / 2), "one call of 104 s, two agents");
    let phone = desk.phone("103");
    desk.rings(phone);
    desk.passes(5);
    desk.answers(phone);
    assert!(desk.is_joined(first, phone));
    desk.hangs_up(first);
    assert_eq!(desk.rung().len(), rung + 2, "the second is next");
    desk.answers(desk.phone("103"));
    desk.hangs_up(second);

    let first = record(&desk, "+821011111111");
    assert_eq!(first.outcome, Some(Outcome::Answered));
    assert_eq!(first.clocks, Clocks { greeting: 4_000, queue: 100_000, ringing: 5_000 });
    assert_eq!(first.first_waiting.unwrap() - first.started, 4_000, "L155");
    assert_eq!(first.first_ring.unwrap() - first.started, 104_000);
    assert!(first.trail.iter().any(|entry| entry.decision
        == Decision::Waited { greeting: 4, queue: 100, ringing: 5 }));
    assert!(first.trail.iter().any(|entry| entry.decision == Decision::LeftQueue { seconds: 100 }));
}

#[test]
fn the_ring_clock_stands_still_in_the_queue() {
    // S34, S35, SA2: 20 s for the whole call, whoever is rung
    let mut desk = desk();
    let talks = busy(&mut desk);
    let caller = calls(&mut desk, "01011111111");
    desk.passes(600);
    desk.hangs_up(talks[0].0);
    let phone = desk.phone("102");
    desk.rings(phone);
    desk.passes(8);
    desk.ends(phone, HangupCause::Declined);
    assert_eq!(place(&desk, "+821011111111").unwrap().position, 1, "waits for the other");
    desk.passes(300);
    desk.hangs_up(talks[1].0);
    let phone = desk.phone("103");
    desk.rings(phone);
    desk.passes(11);
    assert_eq!(desk.hung_up(phone), None);
    desk.passes(1);
    assert_eq!(desk.hung_up(phone), Some(HangupCause::NoAnswer), "8 + 12 s have rung");
    desk.clip_ends(caller);
    let record = record(&desk, "+821011111111");
    assert_eq!(record.missed_reason, Some(MissedReason::RingTimeOver), "S32");
    assert_eq!(record.clocks, Clocks { greeting: 4_000, queue: 900_000, ringing: 20_000 });
}

#[test]
fn who_declines_passes_the_call_on() {
    let mut desk = desk();
    let caller = calls(&mut desk, "01011111111");
    desk.rings(desk.phone("102"));
    desk.passes(3);
    desk.ends(desk.phone("102"), HangupCause::Busy);
    assert_eq!(desk.rung(), ["102", "103"]);
    desk.ends(desk.phone("103"), HangupCause::Declined);
    assert_eq!(desk.rung().len(), 2, "nobody is asked twice");
    desk.clip_ends(caller);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::RejectedByOperator));
}

#[test]
fn the_higher_priority_is_served_first() {
    // L122
    let urgent = (
        r#"{number: "+827012345672", route: {agent: "103"}, ringback: national, announcements: {all_busy: {}}}"#,
        r#"{number: "+827012345672", route: {team: support}, priority: high}"#,
    );
    let mut desk = Desk::open_with(office(&[urgent]));
    let talks = busy(&mut desk);
    calls(&mut desk, "01011111111");
    calls(&mut desk, "01022222222");
    desk.calls("01033333333", URGENT);
    let at = |desk: &Desk, caller: &str| place(desk, caller).map(|place| place.position);
    assert_eq!(at(&desk, "+821033333333"), Some(1));
    assert_eq!(at(&desk, "+821011111111"), Some(2));
    assert_eq!(at(&desk, "+821022222222"), Some(3));
    desk.hangs_up(talks[0].0);
    assert_eq!(at(&desk, "+821033333333"), None, "rings");
    assert_eq!(at(&desk, "+821011111111"), Some(1));
}

#[test]
fn who_hangs_up_in_the_queue_is_missed_and_the_others_move_up() {
    // C7
    let mut desk = desk();
    busy(&mut desk);
    let first = calls(&mut desk, "01011111111");
    calls(&mut desk, "01022222222");
    desk.passes(10);
    desk.hangs_up(first);
    let left = record(&desk, "+821011111111");
    assert_eq!(left.missed_reason, Some(MissedReason::UserLeftInQueued));
    assert_eq!(place(&desk, "+821022222222").unwrap().position, 1);
}

#[test]
fn the_queue_ends_after_an_hour() {
    // L120, C7
    let mut desk = desk();
    busy(&mut desk);
    let caller = calls(&mut desk, "01011111111");
    desk.passes(3_599);
    assert_eq!(place(&desk, "+821011111111").unwrap().position, 1);
    desk.passes(1);
    let (_, sound) = desk.hears(caller).unwrap();
    assert!(matches!(sound, Sound::BuiltIn { situation: Situation::AllBusy, .. }));
    desk.clip_ends(caller);
    let record = record(&desk, "+821011111111");
    assert_eq!(record.missed_reason, Some(MissedReason::AbandonedInQueue));
    assert_eq!(record.clocks.queue, 3_600_000);
}

#[test]
fn the_queue_holds_two_hundred() {
    // L120
    let mut desk = desk();
    busy(&mut desk);
    for count in 0..200 {
        let caller = desk.calls(&format!("010{count:08}"), TEAM);
        desk.clip_ends(caller);
    }
    let one_more = calls(&mut desk, "01099999999");
    let (_, sound) = desk.hears(one_more).unwrap();
    assert!(matches!(sound, Sound::BuiltIn { situation: Situation::AllBusy, .. }));
    desk.clip_ends(one_more);
    let record = record(&desk, "+821099999999");
    assert_eq!(record.missed_reason, Some(MissedReason::ExceededQueue));
    let queued = |stage: Stage| stage == Stage::Queued;
    assert_eq!(desk.engine.live().calls.iter().filter(|call| queued(call.stage)).count(), 200);
}

#[test]
fn wrap_up_then_the_next_in_the_queue() {
    // S19–S21
    let policy = ("policies:\n", "policies:\n  wrap_up: {enabled: true, limit: 30s}\n");
    let mut desk = Desk::open_with(office(&[policy]));
    let talks = busy(&mut desk);
    calls(&mut desk, "01011111111");
    let rung = desk.rung().len();
    desk.hangs_up(talks[0].0);
    desk.passes(29);
    assert_eq!(desk.rung().len(), rung, "wrap-up");
    desk.passes(1);
    assert_eq!(desk.rung()[rung..], ["102"], "by the limit");
    calls(&mut desk, "01022222222");
    desk.hangs_up(talks[1].0);
    wish(&mut desk, "103", DutyWish::EndWrapUp);
    assert_eq!(desk.rung()[rung..], ["102", "103"], "by hand");
}

#[test]
fn whoever_comes_back_finds_the_queue_waiting() {
    // L111: nobody there does not make the team unavailable
    let mut desk = desk();
    wish(&mut desk, "102", DutyWish::Activity(Activity::Eat));
    wish(&mut desk, "103", DutyWish::Seat(false));
    calls(&mut desk, "01011111111");
    assert_eq!(desk.stage(), Some(Stage::Queued));
    desk.unregisters("102");
    wish(&mut desk, "102", DutyWish::Activity(Activity::Available));
    assert!(desk.rung().is_empty(), "no phone yet");
    let device = crate::simulation::username("102");
    desk.tell(Input::Registered { device, registered: true });
    assert_eq!(desk.rung(), ["102"]);
}

#[test]
fn a_team_that_can_never_answer_keeps_nobody_waiting() {
    // L5, S97
    let nobody = (r#"members: ["102", "103"], assignment"#, "members: [], assignment");
    let mut desk = Desk::open_with(office(&[nobody]));
    let caller = calls(&mut desk, "01011111111");
    desk.clip_ends(caller);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::NoOperator));
}

#[test]
fn a_silent_member_is_given_the_call_and_only_one() {
    // C12
    let mut desk = desk();
    wish(&mut desk, "102", DutyWish::DoNotDisturb(true));
    let first = calls(&mut desk, "01011111111");
    assert!(desk.rung().is_empty());
    let second = calls(&mut desk, "01022222222");
    assert_eq!(desk.rung(), ["103"]);
    calls(&mut desk, "01033333333");
    assert_eq!(desk.rung(), ["103"], "the third waits");
    desk.passes(2);
    assert_eq!(
        place(&desk, "+821011111111").unwrap().position,
        1,
        "SA2: waits for 103, came first"
    );
    desk.hangs_up(second);
    assert_eq!(desk.rung(), ["103", "103"]);
    desk.passes(10);
    desk.clip_ends(first);
    assert_eq!(record(&desk, "+821011111111").missed_reason, Some(MissedReason::RingTimeOver));
}

#[test]
fn one_who_does_not_answer_leaves_ring_time_for_the_others() {
    // SA2: 20 s for the call, shared by the two who may take it
    let mut desk = desk();
    let caller = calls(&mut desk, "01011111111");
    let first = desk.phone("102");
    desk.rings(first);
    desk.passes(9);
    assert_eq!(desk.hung_up(first), None);
    desk.passes(1);
    assert_eq!(desk.hung_up(first), Some(HangupCause::NoAnswer));
    assert_eq!(desk.rung(), ["102", "103"]);
    let second = desk.phone("103");
    desk.rings(second);
    desk.passes(4);
    desk.answers(second);
    assert!(desk.is_joined(caller, second));
    desk.hangs_up(caller);
    assert_eq!(record(&desk, "+821011111111").clocks.ringing, 14_000);
}

#[test]
fn the_ring_time_is_over_for_all_together() {
    // SA2, S31, S32: one budget, however many have rung; and the last has what is left of it
    let mut desk = desk();
    let caller = calls(&mut desk, "01011111111");
    desk.rings(desk.phone("102"));
    desk.passes(4);
    desk.ends(desk.phone("102"), HangupCause::Declined);
    let phone = desk.phone("103");
    desk.rings(phone);
    desk.passes(15);
    assert_eq!(desk.hung_up(phone), None);
    desk.passes(1);
    assert_eq!(desk.hung_up(phone), Some(HangupCause::NoAnswer));
    desk.clip_ends(caller);
    let record = record(&desk, "+821011111111");
    assert_eq!(record.missed_reason, Some(MissedReason::RingTimeOver));
    assert_eq!(record.clocks.ringing, 20_000);
}

#[test]
fn a_member_alone_on_duty_has_the_whole_ring_time() {
    // SA2
    let mut desk = desk();
    wish(&mut desk, "103", DutyWish::Activity(Activity::Off));
    calls(&mut desk, "01011111111");
    let phone = desk.phone("102");
    desk.rings(phone);
    desk.passes(19);
    assert_eq!(desk.hung_up(phone), None);
    desk.passes(1);
    assert_eq!(desk.hung_up(phone), Some(HangupCause::NoAnswer));
}

#[test]
fn an_office_that_changes_loses_nobody_who_waits() {
    let mut desk = desk();
    let talks = busy(&mut desk);
    let caller = calls(&mut desk, "01011111111");
    desk.hangs_up(talks[0].0);
    desk.ends(desk.phone("102"), HangupCause::Declined);
    assert_eq!(place(&desk, "+821011111111").unwrap().position, 1);

    let manual = parse(OFFICE, None).unwrap();
    desk.tell(Input::OfficeChanged(Arc::new(manual)));
    assert_eq!(desk.rung().last().unwrap(), "102", "all who are free ring now");
    desk.answers(desk.phone("102"));
    desk.hangs_up(caller);

    let mut desk = Desk::open_with(office(&[]));
    busy(&mut desk);
    let caller = calls(&mut desk, "01011111111");
    desk.tell(Input::OfficeChanged(Arc::default()));
    assert!(matches!(desk.hears(caller).unwrap().1, Sound::BuiltIn { .. }), "S97");
    desk.clip_ends(caller);
    assert_eq!(record(&desk, "+821011111111").missed_reason, Some(MissedReason::NoOperator));
}

#[test]
fn an_admin_or_the_end_of_the_daemon_ends_waiting_too() {
    let mut desk = desk();
    busy(&mut desk);
    let caller = calls(&mut desk, "01011111111");
    let id = desk.engine.live().calls.iter().find(|call| call.stage == Stage::Queued).unwrap().id;
    desk.tell(Input::HangUp { call: id });
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    let caller = calls(&mut desk, "01022222222");
    desk.tell(Input::Stop);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Stopping));
    assert!(desk.engine.live().calls.is_empty());
    assert_eq!(desk.started.len(), desk.ended.len());
    assert_eq!(desk.state("102"), AgentState::Waiting);
    desk.place(&Command::Leg(LegCommand::HangUp { leg: caller, cause: HangupCause::Stopping }));
}
