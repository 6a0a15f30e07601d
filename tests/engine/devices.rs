//! Which of an agent's phones ring (L6, P10), and who may be given a call at all (L10–L14).

use naru::duty::{Activity, DutyWish};
use naru::engine::command::{Command, LegCommand};
use naru::engine::input::Input;
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::{Decision, Silence, Skip};
use naru::leg::HangupCause;
use naru::live::AgentState;
use naru::office::language::Language;
use naru::office::snapshot::Office;

use crate::simulation::{Desk, extension, office_with};

/// What keeps an agent from being given a call.
type Happens<'a> = &'a dyn Fn(&mut Desk);

const TEAM: &str = "+827012345671";
const DIRECT: &str = "+827012345672";
/// Routed to 101, who has two phones.
const TWO_PHONES: &str = "+8225550100";
const CUSTOMER: &str = "01098765432";

/// 101's soft phone stays silent.
fn soft_phone_silent() -> Office {
    office_with(
        "{username: 101-soft, password: a}",
        "{username: 101-soft, password: a, rings: false}",
    )
}

/// The only phone of 103 stays silent.
fn nowhere() -> Office {
    office_with(
        r#"{username: "103", password: c}"#,
        r#"{username: "103", password: c, rings: false}"#,
    )
}

fn wish(desk: &mut Desk, agent: &str, wish: DutyWish) {
    desk.tell(Input::Agent { agent: extension(agent), wish });
}

fn greeted(desk: &mut Desk, number: &str) -> naru::leg::LegId {
    let caller = desk.calls(CUSTOMER, number);
    desk.clip_ends(caller);
    caller
}

/// L6: the others ring, for customers and colleagues.
#[test]
fn a_phone_that_is_not_to_ring_stays_silent_and_the_others_ring() {
    let mut desk = Desk::open_with(soft_phone_silent());
    let caller = greeted(&mut desk, TWO_PHONES);
    assert_eq!(desk.rung(), ["101"]);
    desk.hangs_up(caller);
    let caller = desk.dials("102", "101");
    assert_eq!(desk.rung(), ["101", "101"]);
    desk.hangs_up(caller);
    // By default all of them ring.
    let mut desk = Desk::open();
    greeted(&mut desk, TWO_PHONES);
    assert_eq!(desk.rung(), ["101", "101-soft"]);
}

/// L6: it is still a phone.
#[test]
fn a_silent_phone_calls_out_and_its_agent_is_busy_meanwhile() {
    let mut desk = Desk::open_with(soft_phone_silent());
    let own = desk.dials("101-soft", "102");
    desk.answers(desk.phone("102"));
    assert_eq!(desk.state("101"), AgentState::Talking);
    let caller = greeted(&mut desk, TWO_PHONES);
    assert!(!desk.rung().contains(&"101".to_owned()), "L9: one call at a time");
    desk.hangs_up(caller);
    desk.hangs_up(own);
    assert_eq!(desk.state("101"), AgentState::Waiting);
}

/// L6: the phone that rings is unplugged, so nobody is there, however many silent ones are on.
#[test]
fn silent_phones_alone_make_nobody_present() {
    let mut desk = Desk::open_with(soft_phone_silent());
    desk.unregisters("101");
    assert_eq!(desk.state("101"), AgentState::Offline);
    let caller = greeted(&mut desk, TWO_PHONES);
    assert!(desk.rung().is_empty());
    desk.clip_ends(caller);
    let told =
        |decision: &Decision| matches!(decision, Decision::Skipped { because: Skip::NoPhone, .. });
    assert!(desk.decided(told));
    assert_eq!(desk.record().missed_reason, Some(MissedReason::NoOperator));
}

/// L6, L12: which phones ring is a filter of what is heard, not of whom a call is given to.
#[test]
fn who_has_no_phone_ring_is_given_the_call_in_silence_and_the_trail_says_why() {
    let mut desk = Desk::open_with(nowhere());
    assert_eq!(desk.state("103"), AgentState::Waiting);
    let caller = desk.calls(CUSTOMER, DIRECT);
    desk.place(&Command::Leg(LegCommand::Ringing { leg: caller }));
    assert!(desk.rung().is_empty());
    desk.passes(30);
    let record = desk.ended.first().unwrap();
    assert_eq!(record.missed_reason, Some(MissedReason::RingTimeOver));
    let silent = |decision: &Decision| {
        matches!(decision, Decision::GivenSilently { silence, .. }
            if silence.get(&extension("103")) == Some(&Silence::PhonesOff))
    };
    let given = record.trail.iter().find(|entry| silent(&entry.decision)).unwrap();
    let english = given.decision.words(Language::En);
    assert!(english.contains("Park (103) has no phone that is set to ring"), "{english}");
    assert!(given.decision.words(Language::Ko).contains("벨이 울리게 해 둔 전화기가 없음"));
}

/// L6: a colleague hears busy; what the agent has asked for themselves rings all the same.
#[test]
fn who_has_no_phone_ring_is_busy_to_colleagues_and_rung_for_calls_of_their_own() {
    let mut desk = Desk::open_with(nowhere());
    let caller = desk.dials("102", "103");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Busy));
    let told = |decision: &Decision| {
        matches!(decision, Decision::Skipped { because: Skip::PhonesOff, .. })
    };
    assert!(desk.decided(told));
    desk.tell(Input::Originate { agent: extension("103"), dialled: "102".into(), number: None });
    assert_eq!(desk.rung(), ["103"]);
}

/// L10, L11, L13, C13: each reason of the list by itself, as it is told.
#[test]
fn each_reason_not_to_give_somebody_a_call_is_told_by_its_name() {
    let busy = |desk: &mut Desk| {
        desk.dials("103", "101");
        desk.answers(desk.phone("101"));
    };
    let rung = |desk: &mut Desk| {
        desk.calls("01000000001", DIRECT);
    };
    let worked = |desk: &mut Desk| {
        let caller = desk.calls("01000000001", DIRECT);
        desk.answers(desk.phone("103"));
        desk.hangs_up(caller);
    };
    let reasons: [(&str, Happens<'_>, Skip); 6] = [
        ("(1) seat", &|desk| wish(desk, "103", DutyWish::Seat(false)), Skip::SeatEmpty),
        ("(2) on a call", &busy, Skip::Talking),
        (
            "(2) in a meeting",
            &|desk| wish(desk, "103", DutyWish::Activity(Activity::InMeeting)),
            Skip::Away,
        ),
        ("(3) wrap-up", &worked, Skip::WrappingUp),
        ("L13 rung already", &rung, Skip::Ringing),
        ("no phone", &|desk| desk.unregisters("103"), Skip::NoPhone),
    ];
    let wrap_up = office_with("policies:\n", "policies:\n  wrap_up: {enabled: true}\n");
    for (name, happens, wanted) in reasons {
        let mut desk = Desk::open_with(wrap_up.clone());
        happens(&mut desk);
        let before = desk.rung().len();
        let caller = greeted(&mut desk, TEAM);
        assert_eq!(desk.rung()[before..], ["102"], "{name}");
        desk.hangs_up(caller);
        let record = desk.ended.iter().find(|record| record.from == "+821098765432").unwrap();
        let told = record.trail.iter().any(|entry| {
            matches!(&entry.decision, Decision::Skipped { agent, because }
                if agent.extension == extension("103") && *because == wanted)
        });
        assert!(told, "{name}: {:#?}", record.trail);
    }
}

/// L10(6), L14: the conversation after a call is open as long as the work on it, and no longer; one
/// that is put away or closed keeps nobody from the next call.
#[test]
fn the_open_conversation_of_a_call_is_the_work_after_it() {
    let office = office_with("policies:\n", "policies:\n  wrap_up: {enabled: true}\n");
    let mut desk = Desk::open_with(office);
    let caller = desk.calls(CUSTOMER, DIRECT);
    desk.answers(desk.phone("103"));
    desk.hangs_up(caller);
    assert_eq!(desk.state("103"), AgentState::WrappingUp);
    let next = desk.calls("01011112222", DIRECT);
    assert_eq!(desk.rung(), ["103"], "not rung again");
    desk.hangs_up(next);
    wish(&mut desk, "103", DutyWish::EndWrapUp);
    desk.calls("01011112222", DIRECT);
    assert_eq!(desk.rung(), ["103", "103"]);
}
