//! A hand that reaches into the queue (L119, L121, L122, L135).

use naru::duty::{Activity, DutyWish};
use naru::engine::by_hand::HandRefused;
use naru::engine::input::Input;
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Outcome};
use naru::history::missed_reason::MissedReason;
use naru::history::queue_wish::QueueWish;
use naru::history::trail::trail::{Decision, Skip};
use naru::leg::{HangupCause, LegId};
use naru::live::{LiveCall, Stage, Update};
use naru::office::document::document::parse;
use naru::office::language::Language;
use naru::office::priority::Priority;

use crate::simulation::{Desk, OFFICE, extension};

const TEAM: &str = "+827012345671";

/// Both members of the automatic team talk; 101 belongs to no team.
fn desk() -> Desk {
    let members = r#"members: ["102", "103"]"#;
    let text = OFFICE.replacen(members, &format!("{members}, assignment: longest_idle"), 1);
    let mut desk = Desk::open_with(parse(&text, None).unwrap());
    for agent in ["102", "103"] {
        calls(&mut desk, "01000000000");
        desk.answers(desk.phone(agent));
    }
    desk
}

fn calls(desk: &mut Desk, caller: &str) -> LegId {
    let leg = desk.calls(caller, TEAM);
    desk.clip_ends(leg);
    leg
}

fn live(desk: &Desk, caller: &str) -> LiveCall {
    desk.engine.live().calls.into_iter().find(|call| call.from == caller).unwrap()
}

fn wish(desk: &mut Desk, caller: &str, wish: QueueWish) -> Result<(), HandRefused> {
    let call = live(desk, caller).id;
    let may = desk.engine.may_wish(call, &wish);
    desk.tell(Input::Queue { call, wish, who: "minji".to_owned() });
    may
}

fn give(agent: &str) -> QueueWish {
    QueueWish::Give(extension(agent))
}

fn record<'a>(desk: &'a Desk, caller: &str) -> &'a CallRecord {
    desk.ended.iter().find(|record| record.from == caller).unwrap()
}

fn words(record: &CallRecord, language: Language) -> String {
    record.trail.iter().map(|entry| entry.decision.words(language)).collect()
}

#[test]
fn a_caller_who_waits_is_moved_before_the_others() {
    // L122
    let mut desk = desk();
    for caller in ["01011111111", "01022222222", "01033333333"] {
        calls(&mut desk, caller);
    }
    let order = |desk: &Desk| {
        ["+821011111111", "+821022222222", "+821033333333"]
            .map(|caller| live(desk, caller).queue.unwrap().position)
    };
    assert_eq!(order(&desk), [1, 2, 3]);
    wish(&mut desk, "+821033333333", QueueWish::Place(Priority::High)).unwrap();
    assert_eq!(order(&desk), [2, 3, 1]);
    wish(&mut desk, "+821011111111", QueueWish::Place(Priority::Low)).unwrap();
    assert_eq!(order(&desk), [3, 2, 1]);
    let first = live(&desk, "+821033333333");
    assert_eq!(first.queue.unwrap().priority, Priority::High);

    let talker =
        desk.engine.live().calls.iter().find(|call| call.stage == Stage::Talking).unwrap().id;
    desk.tell(Input::HangUp { call: talker });
    assert_eq!(live(&desk, "+821033333333").stage, Stage::Ringing, "served first");
    let late = wish(&mut desk, "+821033333333", QueueWish::Place(Priority::Low));
    assert_eq!(late, Err(HandRefused::NotWaiting));
    desk.tell(Input::Stop);
    let moved = record(&desk, "+821033333333");
    assert!(words(moved, Language::En).contains("minji gives the caller the priority high."));
    assert!(
        words(moved, Language::Ko).contains("minji이(가) 대기 우선순위를 '높음'으로 바꿉니다.")
    );
}

#[test]
fn a_caller_who_waits_is_put_through_to_an_agent() {
    // L119, L135: whatever kind of calls the agent takes
    let mut desk = desk();
    let caller = calls(&mut desk, "01011111111");
    let rung = desk.rung().len();
    desk.passes(40);
    wish(&mut desk, "+821011111111", give("101")).unwrap();
    assert_eq!(desk.rung()[rung..], ["101", "101-soft"]);
    let assigned = desk.updates.iter().rev().find_map(|update| match update {
        Update::Conversation { conversation } => Some(conversation.assignee.clone()),
        _ => None,
    });
    assert_eq!(assigned, Some(Some(extension("101"))), "responsible before they answer");
    desk.answers(desk.phone("101"));
    assert!(desk.is_joined(caller, desk.phone("101")));
    desk.hangs_up(caller);
    let record = record(&desk, "+821011111111");
    assert_eq!(record.outcome, Some(Outcome::Answered));
    assert_eq!((record.agent.clone(), record.clocks.queue), (Some(extension("101")), 40_000));
    assert!(words(record, Language::En).contains("minji puts the caller through to 김민지 (101)."));
    assert!(words(record, Language::Ko).contains("김민지(101) 님에게 직접 연결합니다"));
}

#[test]
fn phones_that_may_not_ring_are_not_rung_by_hand_either() {
    // L9, S19, L28
    let mut desk = desk();
    calls(&mut desk, "01011111111");
    let cannot = |because| Err(HandRefused::AgentCannot(because));
    assert_eq!(wish(&mut desk, "+821011111111", give("102")), cannot(Skip::Talking));
    assert_eq!(wish(&mut desk, "+821011111111", give("109")), Err(HandRefused::NoAgent));
    for (change, back, because) in [
        (DutyWish::Seat(false), DutyWish::Seat(true), Skip::SeatEmpty),
        (DutyWish::Activity(Activity::Eat), DutyWish::Activity(Activity::Available), Skip::Away),
    ] {
        desk.tell(Input::Agent { agent: extension("101"), wish: change });
        assert_eq!(wish(&mut desk, "+821011111111", give("101")), cannot(because));
        assert_eq!(live(&desk, "+821011111111").stage, Stage::Queued, "keeps its place");
        desk.tell(Input::Agent { agent: extension("101"), wish: back });
    }
    desk.unregisters("101");
    desk.unregisters("101-soft");
    assert_eq!(wish(&mut desk, "+821011111111", give("101")), cannot(Skip::NoPhone));
    let gone = desk.engine.may_wish(CallId(99), &give("101"));
    assert_eq!(gone, Err(HandRefused::NoCall));
}

#[test]
fn who_is_not_taken_is_nobodys_and_does_not_wait_again() {
    // L121: all who take unassigned calls ring for what is left of the ring time, here 20 s
    let mut desk = desk();
    let talker = desk.engine.live().calls[0].id;
    let caller = calls(&mut desk, "01011111111");
    wish(&mut desk, "+821011111111", give("101")).unwrap();
    desk.tell(Input::HangUp { call: talker });
    let rung = desk.rung().len();
    desk.rings(desk.phone("101"));
    desk.passes(6);
    desk.ends(desk.phone("101-soft"), HangupCause::Declined);
    desk.ends(desk.phone("101"), HangupCause::Declined);
    assert_eq!(desk.rung()[rung..], ["102"], "101 is not asked again, 103 takes no such calls");
    desk.rings(desk.phone("102"));
    desk.passes(13);
    assert_eq!(live(&desk, "+821011111111").stage, Stage::Ringing);
    desk.passes(1);
    desk.clip_ends(caller);
    let record = record(&desk, "+821011111111");
    assert_eq!(record.missed_reason, Some(MissedReason::RingTimeOver), "6 + 14 s have rung");
    assert!(record.trail.iter().any(|entry| entry.decision == Decision::RouteOff));
}

#[test]
fn an_agent_who_is_not_to_be_disturbed_has_the_call_without_a_ring() {
    // C12
    let mut desk = desk();
    let caller = calls(&mut desk, "01011111111");
    desk.tell(Input::Agent { agent: extension("101"), wish: DutyWish::DoNotDisturb(true) });
    let rung = desk.rung().len();
    wish(&mut desk, "+821011111111", give("101")).unwrap();
    assert_eq!(desk.rung().len(), rung);
    desk.passes(20);
    desk.clip_ends(caller);
    let record = record(&desk, "+821011111111");
    assert_eq!(record.missed_reason, Some(MissedReason::RingTimeOver));
}
