//! Customers call the office's numbers.

use std::sync::Arc;

use naru::engine::command::{Command, LegCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::call_record::{Direction, Outcome};
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::Decision;
use naru::leg::{HangupCause, LegId};
use naru::live::Stage;
use naru::office::announcement::{Situation, Sound};
use naru::office::device::Secret;
use naru::office::language::Language;
use naru::office::snapshot::Office;
use naru::office::trunk::TrunkAccount;

use crate::simulation::{Desk, office, office_with};

const GREETED: &str = "07012345671";
const DIRECT: &str = "+827012345672";
const UNASSIGNED: &str = "+827012345670";
const CUSTOMER: &str = "01098765432";

fn greeting(language: Language) -> Sound {
    Sound::BuiltIn { situation: Situation::Greeting, language }
}

fn all_busy(language: Language) -> Sound {
    Sound::BuiltIn { situation: Situation::AllBusy, language }
}

fn missed(desk: &Desk, reason: MissedReason) {
    assert_eq!(desk.record().outcome, Some(Outcome::Missed));
    assert_eq!(desk.record().missed_reason, Some(reason));
    assert_eq!(desk.record().direction, Direction::Inbound);
}

/// A customer who has heard the greeting; the phones of the team ring.
fn greeted(desk: &mut Desk) -> LegId {
    let caller = desk.calls(CUSTOMER, GREETED);
    desk.passes(4);
    desk.clip_ends(caller);
    caller
}

#[test]
fn a_greeting_then_the_team_rings_and_the_first_to_answer_talks() {
    // S86, S96
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, GREETED);
    let answer = desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: None }));
    assert_eq!(answer, 1, "right after the call is written down");
    assert_eq!(desk.hears(caller).unwrap().1, greeting(Language::Ko));
    assert_eq!(desk.stage(), Some(Stage::Greeting));
    assert!(desk.rung().is_empty());

    desk.passes(4);
    desk.clip_ends(caller);
    assert_eq!(desk.rung(), ["102", "103"]);
    assert_eq!(desk.hears(caller).unwrap().1, Sound::LoopingRingback, "S37");
    let (lee, park) = (desk.phone("102"), desk.phone("103"));
    desk.rings(lee);
    desk.rings(park);
    desk.passes(6);
    desk.answers(park);
    let join = desk.place(&Command::Sound(SoundCommand::Join { one: caller, other: park }));
    let lose = desk.place(&Command::Leg(LegCommand::HangUp {
        leg: lee,
        cause: HangupCause::AnsweredElsewhere,
    }));
    assert!(join < lose);

    desk.passes(100);
    desk.hangs_up(caller);
    assert_eq!(desk.hung_up(park), Some(HangupCause::Normal));
    let record = desk.record();
    assert_eq!(record.outcome, Some(Outcome::Answered));
    assert_eq!(record.missed_reason, None);
    assert_eq!(record.from, "+821098765432");
    assert_eq!(record.to, "+827012345671");
    assert_eq!(record.number.as_ref().unwrap().as_str(), "+827012345671");
    assert_eq!(record.agent.as_ref().unwrap().as_str(), "103");
    assert_eq!(record.first_ring.unwrap() - record.started, 4_000);
    assert_eq!(record.engaged.unwrap() - record.started, 10_000, "P14: the agent, not the 200");
}

#[test]
fn the_caller_sees_no_answer_until_an_agent_answers_where_nothing_is_said_before() {
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, DIRECT);
    assert_eq!(desk.rung(), ["103"], "S84");
    desk.rings(desk.phone("103"));
    desk.place(&Command::Leg(LegCommand::Ringing { leg: caller }));
    let is_answer = |command: &Command| matches!(command, Command::Leg(LegCommand::Answer { .. }));
    assert!(!desk.commands.iter().any(is_answer));
    desk.answers(desk.phone("103"));
    desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: Some(desk.phone("103")) }));
    desk.hangs_up(desk.phone("103"));
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}

#[test]
fn without_a_route_those_who_take_unassigned_calls_ring() {
    // S92
    let mut desk = Desk::open();
    desk.calls(CUSTOMER, UNASSIGNED);
    assert_eq!(desk.rung(), ["101", "101-soft", "102"]);
}

#[test]
fn callers_are_greeted_in_the_language_of_their_country() {
    // S103, S105: the number has a greeting in Korean and English only.
    for (caller, language) in [
        ("+821012345678", Language::Ko),
        ("01012345678", Language::Ko),
        ("+81312345678", Language::En),
        ("+12125550100", Language::En),
        ("+34911234567", Language::En),
        ("", Language::Ko),
        ("anonymous", Language::Ko),
    ] {
        let mut desk = Desk::open();
        let leg = desk.calls(caller, GREETED);
        assert_eq!(desk.hears(leg).unwrap().1, greeting(language), "{caller}");
    }
    // S101: where a language has been added, it is used.
    let mut desk = Desk::open();
    let leg = desk.calls("+81312345678", GREETED);
    desk.clip_ends(leg);
    desk.passes(20);
    assert_eq!(desk.hears(leg).unwrap().1, all_busy(Language::Ja));
}

#[test]
fn a_number_of_one_language_says_it_to_everybody() {
    let mut desk = Desk::open();
    let leg = desk.calls("+12125550100", "+8225550100");
    assert_eq!(desk.hears(leg).unwrap().1, greeting(Language::Ko));
    desk.clip_ends(leg);
    let tone = Sound::NationalRingback { country: "82".to_owned() };
    assert_eq!(desk.hears(leg).unwrap().1, tone, "S38, S39");
}

/// S109: the next caller hears it, and who is on the line hears what was begun to its end.
#[test]
fn another_announcement_is_heard_from_the_next_call_on() {
    let mut desk = Desk::open();
    let before = desk.calls(CUSTOMER, GREETED);
    let part = "announcements: {greeting: {ko: built-in, en: built-in}, all_busy";
    let own = "announcements: {greeting: {ja: built-in}, all_busy";
    desk.tell(Input::OfficeChanged(Arc::new(office_with(part, own))));
    assert_eq!(desk.hears(before).unwrap().1, greeting(Language::Ko));
    let next = desk.calls("01011112222", GREETED);
    assert_eq!(desk.hears(next).unwrap().1, greeting(Language::Ja));
}

#[test]
fn ring_time_over_is_said_and_the_call_ends() {
    // S31, S32, S34: 20 s, counted from the first phone that rings.
    let mut desk = Desk::open();
    let caller = greeted(&mut desk);
    desk.passes(3);
    desk.rings(desk.phone("102"));
    desk.passes(19);
    assert_eq!(desk.hung_up(desk.phone("102")), None);
    desk.passes(1);
    assert_eq!(desk.hung_up(desk.phone("102")), Some(HangupCause::NoAnswer));
    assert_eq!(desk.hung_up(desk.phone("103")), Some(HangupCause::NoAnswer));
    assert_eq!(desk.hears(caller).unwrap().1, all_busy(Language::Ko));
    assert_eq!(desk.stage(), Some(Stage::Playing));
    assert_eq!(desk.hung_up(caller), None);
    desk.clip_ends(caller);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    missed(&desk, MissedReason::RingTimeOver);
}

#[test]
fn ring_time_over_before_any_answer_is_answered_only_to_say_so() {
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, UNASSIGNED);
    desk.passes(30);
    let answer = desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: None }));
    assert!(answer > 3);
    assert_eq!(desk.hears(caller).unwrap().1, all_busy(Language::Ko));
    desk.clip_ends(caller);
    missed(&desk, MissedReason::RingTimeOver);
}

/// S31, S97, S106: a number that says nothing of it has the built-in voice.
#[test]
fn a_number_without_words_of_its_own_says_that_all_are_busy() {
    let part = ", announcements: {all_busy: {}}";
    for free in [true, false] {
        let mut desk = Desk::open_with(office_with(part, ""));
        if !free {
            desk.dials("103", "*43");
        }
        let caller = desk.calls("+81312345678", DIRECT);
        desk.passes(if free { 30 } else { 0 });
        desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: None }));
        assert_eq!(desk.hears(caller).unwrap().1, all_busy(Language::Ja));
        desk.clip_ends(caller);
        let missed = desk.ended.iter().find(|record| record.direction == Direction::Inbound);
        let reason = if free { MissedReason::RingTimeOver } else { MissedReason::NoOperator };
        assert_eq!(missed.unwrap().missed_reason, Some(reason));
    }
}

#[test]
fn where_nothing_shall_be_said_the_caller_gets_no_answer() {
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, DIRECT);
    desk.passes(30);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::NoAnswer));
    missed(&desk, MissedReason::RingTimeOver);
}

#[test]
fn nobody_who_could_answer_is_said_after_the_greeting() {
    // L5, S97, S98
    let mut desk = Desk::open();
    desk.unregisters("102");
    desk.unregisters("103");
    let caller = greeted(&mut desk);
    assert!(desk.rung().is_empty());
    assert_eq!(desk.hears(caller).unwrap().1, all_busy(Language::Ko));
    desk.clip_ends(caller);
    missed(&desk, MissedReason::NoOperator);
}

#[test]
fn agents_on_a_call_or_being_rung_are_left_alone() {
    // L9, L13
    let mut desk = Desk::open();
    desk.dials("102", "*43");
    desk.calls(CUSTOMER, DIRECT);
    assert_eq!(desk.rung(), ["103"]);
    let caller = greeted(&mut desk);
    assert_eq!(desk.rung(), ["103"]);
    assert_eq!(desk.hears(caller).unwrap().1, all_busy(Language::Ko));
}

#[test]
fn when_everybody_declines_it_is_not_the_ring_time() {
    let mut desk = Desk::open();
    let caller = greeted(&mut desk);
    desk.ends(desk.phone("102"), HangupCause::Declined);
    desk.ends(desk.phone("103"), HangupCause::Busy);
    assert_eq!(desk.hears(caller).unwrap().1, all_busy(Language::Ko));
    desk.clip_ends(caller);
    missed(&desk, MissedReason::RejectedByOperator);
}

#[test]
fn phones_that_cannot_be_reached_are_nobody() {
    let mut desk = Desk::open();
    let caller = greeted(&mut desk);
    desk.ends(desk.phone("102"), HangupCause::Unreachable);
    desk.ends(desk.phone("103"), HangupCause::Failed { status: 500 });
    desk.clip_ends(caller);
    missed(&desk, MissedReason::NoOperator);
}

#[test]
fn a_caller_who_leaves_is_recorded_by_where_they_left() {
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, GREETED);
    desk.hangs_up(caller);
    missed(&desk, MissedReason::UserLeftInGreeting);

    let mut desk = Desk::open();
    let caller = greeted(&mut desk);
    desk.hangs_up(caller);
    assert_eq!(desk.hung_up(desk.phone("102")), Some(HangupCause::Cancelled));
    missed(&desk, MissedReason::UserLeft);

    let mut desk = Desk::open();
    let caller = greeted(&mut desk);
    desk.passes(20);
    desk.hangs_up(caller);
    missed(&desk, MissedReason::RingTimeOver);
}

#[test]
fn numbers_that_are_not_ours_are_not_found() {
    // P3: in a block but not taken; in no block; an extension; an emergency number.
    for dialled in ["+827012345699", "+82212345678", "101", "119", "*43", "+8210"] {
        let mut desk = Desk::open();
        let caller = desk.calls(CUSTOMER, dialled);
        assert_eq!(desk.hung_up(caller), Some(HangupCause::NotFound), "{dialled}");
        missed(&desk, MissedReason::UnregisteredNumber);
        assert!(desk.rung().is_empty(), "S8: nothing rings and nothing goes out");
        let in_block = dialled == "+827012345699";
        assert_eq!(
            desk.decided(|decision| matches!(decision, Decision::NumberNotInUse { .. })),
            in_block
        );
    }
}

#[test]
fn a_provider_that_calls_its_account_means_the_trunks_only_number_or_the_default() {
    let unsaid = |decision: &Decision| matches!(decision, Decision::NumberUnsaid { .. });
    let account = |office: &mut Office| {
        let trunk = office.trunks.values_mut().next().unwrap();
        trunk.register = Some(TrunkAccount {
            server: "192.0.2.10".to_owned(),
            username: "4711".to_owned(),
            password: Secret::new("secret-4711".to_owned()),
        });
    };
    for dialled in ["4711", "naru", ""] {
        let mut several = office();
        account(&mut several);
        let mut desk = Desk::open_with(several);
        let caller = desk.calls(CUSTOMER, dialled);
        desk.hangs_up(caller);
        assert_eq!(desk.record().number.as_ref().unwrap().as_str(), UNASSIGNED, "{dialled}");
        assert!(desk.decided(unsaid), "{dialled}");

        let mut one = office();
        account(&mut one);
        one.numbers.retain(|number, _| number.as_str() == DIRECT);
        let mut desk = Desk::open_with(one);
        desk.calls(CUSTOMER, dialled);
        assert_eq!(desk.rung(), ["103"], "{dialled}");
    }
    // A number that is nobody's stays nobody's.
    let mut desk = Desk::open();
    desk.calls(CUSTOMER, "4711");
    missed(&desk, MissedReason::UnregisteredNumber);
}

#[test]
fn a_trunk_never_reaches_a_trunk() {
    // S8 of the goals: whatever is dialled from outside, nothing is placed outside.
    for dialled in ["+81312345678", "0081312345678", "010-1234-5678", "112", "+821012345678"] {
        let mut desk = Desk::open();
        desk.calls("101", dialled);
        desk.calls("+827012345670", dialled);
        assert!(desk.rung().is_empty(), "{dialled}");
    }
}

#[test]
fn a_clip_whose_end_is_never_told_does_not_hold_the_caller_for_ever() {
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, GREETED);
    desk.passes(120);
    assert_eq!(desk.rung(), ["102", "103"]);
    desk.passes(20 + 120);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    missed(&desk, MissedReason::RingTimeOver);
}

#[test]
fn the_office_may_change_in_the_middle_of_a_call() {
    let mut desk = Desk::open();
    let caller = desk.calls(CUSTOMER, GREETED);
    let smaller = office_with(
        "  - {name: support, members: [\"102\", \"103\"]}",
        "  - {name: support, members: [\"102\"]}",
    );
    desk.tell(Input::OfficeChanged(Arc::new(smaller)));
    desk.clip_ends(caller);
    assert_eq!(desk.rung(), ["102"], "new ringing follows the new office");

    desk.tell(Input::OfficeChanged(Arc::default()));
    desk.answers(desk.phone("102"));
    assert!(desk.is_joined(caller, desk.phone("102")), "a call in progress goes on");
    desk.hangs_up(caller);
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));

    let next = desk.calls(CUSTOMER, GREETED);
    assert_eq!(desk.hung_up(next), Some(HangupCause::NotFound), "new calls follow it at once");
}
