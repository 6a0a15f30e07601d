//! Extension calls extension.

use naru::engine::command::{Command, LegCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::call_record::{Direction, Outcome};
use naru::history::trail::trail::{Decision, TrailEntry};
use naru::leg::{HangupCause, SoundTrouble};
use naru::live::{AgentState, Stage};
use naru::office::announcement::Sound;
use naru::office::language::Language;

use crate::simulation::{Desk, office_with};

#[test]
fn all_phones_of_a_colleague_ring_and_the_first_to_answer_wins() {
    let mut desk = Desk::open();
    let caller = desk.dials("102", "101");
    let (desk_phone, soft_phone) = (desk.phone("101"), desk.phone("101-soft"));
    assert_eq!(desk.rung(), ["101", "101-soft"]);
    assert!(!desk.commands.contains(&Command::Leg(LegCommand::Ringing { leg: caller })));

    desk.rings(soft_phone);
    assert!(desk.commands.contains(&Command::Leg(LegCommand::Ringing { leg: caller })));
    desk.passes(5);
    desk.answers(soft_phone);

    let answer =
        desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: Some(soft_phone) }));
    let join = desk.place(&Command::Sound(SoundCommand::Join { one: caller, other: soft_phone }));
    let lose = desk.place(&Command::Leg(LegCommand::HangUp {
        leg: desk_phone,
        cause: HangupCause::AnsweredElsewhere,
    }));
    assert!(answer < join && join < lose, "losers stop only when the winner is joined");
    assert_eq!(desk.stage(), Some(Stage::Talking));

    desk.passes(60);
    desk.hangs_up(caller);
    assert_eq!(desk.hung_up(soft_phone), Some(HangupCause::Normal));
    let record = desk.record();
    assert_eq!(record.direction, Direction::Internal);
    assert_eq!((record.from.as_str(), record.to.as_str()), ("102", "101"));
    assert_eq!(record.outcome, Some(Outcome::Answered));
    assert_eq!(record.agent.as_ref().unwrap().as_str(), "101");
    assert_eq!(record.engaged.unwrap() - record.started, 5_000);
    assert_eq!(record.ended.unwrap() - record.started, 65_000);
    assert_eq!(record.legs.len(), 3);
}

#[test]
fn the_called_phone_sees_who_calls_and_hangs_up() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    let phone = desk.phone("102");
    let ring = desk.commands.iter().find_map(|command| match command {
        Command::Leg(LegCommand::Ring(request)) => Some(request.clone()),
        _ => None,
    });
    let ring = ring.unwrap();
    assert_eq!((ring.caller_number.as_str(), ring.caller_name.as_str()), ("101", "김민지"));
    assert_eq!(ring.like, Some(caller));
    desk.answers(phone);
    desk.hangs_up(phone);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
}

#[test]
fn a_colleague_on_a_call_or_being_rung_is_busy() {
    // L9, L13: one call at a time.
    let mut desk = Desk::open();
    desk.dials("101", "102");
    let second = desk.dials("103", "102");
    assert_eq!(desk.hung_up(second), Some(HangupCause::Busy));
    desk.answers(desk.phone("102"));
    let third = desk.dials("103", "102");
    assert_eq!(desk.hung_up(third), Some(HangupCause::Busy));
    let callers_are_busy_too = desk.dials("103", "101");
    assert_eq!(desk.hung_up(callers_are_busy_too), Some(HangupCause::Busy));
    assert!(desk.ended.iter().all(|record| record.outcome == Some(Outcome::Busy)));
}

#[test]
fn with_call_waiting_a_colleagues_call_rings_a_busy_agent_and_a_customers_does_not() {
    // L9, L13: customers' calls are offered to free agents alone.
    let mut desk = Desk::open_with(office_with("Park, call_waiting: false", "Park"));
    desk.dials("101", "103");
    desk.answers(desk.phone("103"));
    let colleague = desk.dials("102", "103");
    assert_eq!(desk.hung_up(colleague), None);
    assert_eq!(desk.rung(), ["103", "103"]);

    let customer = desk.calls("+821055501234", "+827012345672");
    assert_eq!(desk.hung_up(customer), Some(HangupCause::Busy));
    assert_eq!(desk.rung(), ["103", "103"]);
}

#[test]
fn a_colleague_without_a_phone_cannot_be_reached() {
    let mut desk = Desk::open();
    desk.unregisters("102");
    let caller = desk.dials("101", "102");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Unreachable));
    assert_eq!(desk.record().outcome, Some(Outcome::Failed));
}

#[test]
fn nobody_picks_up_for_30_seconds_of_ringing() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    let phone = desk.phone("102");
    desk.passes(2);
    desk.rings(phone);
    desk.passes(29);
    assert_eq!(desk.hung_up(caller), None);
    desk.passes(1);
    assert_eq!(desk.hung_up(phone), Some(HangupCause::NoAnswer));
    assert_eq!(desk.hung_up(caller), Some(HangupCause::NoAnswer));
    assert_eq!(desk.record().outcome, Some(Outcome::NoAnswer));
}

#[test]
fn when_all_phones_decline_the_caller_is_told_so() {
    let mut desk = Desk::open();
    let caller = desk.dials("102", "101");
    desk.ends(desk.phone("101"), HangupCause::Unreachable);
    assert_eq!(desk.hung_up(caller), None, "the other phone still rings");
    desk.ends(desk.phone("101-soft"), HangupCause::Declined);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Declined));
    assert_eq!(desk.record().outcome, Some(Outcome::NoAnswer));
}

#[test]
fn digits_that_mean_nothing_are_not_found() {
    for digits in ["199", "", "*99", "5", "12345", "7654321", "101x", "1%00"] {
        let mut desk = Desk::open();
        let caller = desk.dials("101", digits);
        assert_eq!(desk.hung_up(caller), Some(HangupCause::NotFound), "{digits}");
        assert_eq!(desk.record().outcome, Some(Outcome::Failed));
        assert!(desk.rung().is_empty());
    }
}

#[test]
fn the_own_extension_rings_only_the_other_phones() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "101");
    assert_eq!(desk.rung(), ["101-soft"]);
    desk.answers(desk.phone("101-soft"));
    assert!(desk.is_joined(caller, desk.phone("101-soft")));

    let mut desk = Desk::open();
    let caller = desk.dials("102", "102");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Busy));
}

#[test]
fn the_echo_lets_a_caller_hear_themselves() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "*43");
    let answer = desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: None }));
    assert!(answer < desk.place(&Command::Sound(SoundCommand::Echo { leg: caller })));
    assert_eq!(desk.stage(), Some(Stage::Playing));
    desk.hangs_up(caller);
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
    assert_eq!(desk.record().to, "*43");
}

#[test]
fn the_time_is_told_in_the_agents_own_language() {
    let japanese = office_with(
        "name: Lee Jun, unassigned_calls: true",
        "name: Lee Jun, unassigned_calls: true, language: ja",
    );
    for (agent, language) in [("102", Language::Ja), ("101", Language::Ko)] {
        let mut desk = Desk::open_with(japanese.clone());
        let caller = desk.dials(agent, "*60");
        let at = desk.now.unix_millis();
        assert_eq!(desk.hears(caller).unwrap().1, Sound::Time { at, language });
        desk.clip_ends(caller);
        assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
        assert_eq!(desk.record().to, "*60");
        assert_eq!(desk.record().outcome, Some(Outcome::Answered));
    }
}

#[test]
fn a_caller_may_give_up_at_any_stage() {
    for stage in 0..3 {
        let mut desk = Desk::open();
        let caller = desk.dials("102", "101");
        if stage > 0 {
            desk.rings(desk.phone("101"));
        }
        if stage > 1 {
            desk.ends(desk.phone("101"), HangupCause::Busy);
        }
        desk.ends(caller, HangupCause::Cancelled);
        assert_eq!(desk.hung_up(desk.phone("101-soft")), Some(HangupCause::Cancelled));
        assert_eq!(desk.hung_up(caller), None, "who left is not told to leave");
        assert_eq!(desk.record().outcome, Some(Outcome::Cancelled));
        assert_eq!(desk.state("101"), AgentState::Waiting);
    }
}

#[test]
fn a_phone_that_answers_too_late_changes_nothing() {
    let mut desk = Desk::open();
    let caller = desk.dials("102", "101");
    let (first, late) = (desk.phone("101"), desk.phone("101-soft"));
    desk.answers(first);
    desk.answers(late);
    assert!(!desk.is_joined(caller, late));
    assert_eq!(desk.stage(), Some(Stage::Talking));
}

#[test]
fn one_way_audio_is_named_in_the_trail_and_ends_nothing() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    let phone = desk.phone("102");
    desk.answers(phone);
    let (described, from) =
        ("192.0.2.7:4000".parse().unwrap(), "198.51.100.66:4000".parse().unwrap());
    let troubles = [
        (phone, SoundTrouble::Unheard { described, stranger: Some(from), seconds: 5 }),
        (caller, SoundTrouble::Moved { before: described, from }),
    ];
    for (leg, trouble) in troubles {
        desk.tell(Input::SoundTrouble { leg, trouble });
    }
    assert!(desk.is_joined(caller, phone), "people notice and hang up, or speak louder");
    desk.hangs_up(caller);
    desk.tell(Input::SoundTrouble { leg: phone, trouble: troubles[0].1 });
    let told = |language| -> Vec<String> {
        let trail = desk.record().trail.clone();
        let odd = |entry: &&TrailEntry| matches!(entry.decision, Decision::SoundOdd { .. });
        trail.iter().filter(odd).map(|entry| entry.decision.words(language)).collect()
    };
    let (ko, en) = (told(Language::Ko), told(Language::En));
    assert_eq!((ko.len(), en.len()), (2, 2));
    assert!(en[0].starts_with("'102' is not heard: 5 seconds after the answer"), "{}", en[0]);
    assert!(ko[0].starts_with("'102' 쪽의 소리가 들리지 않습니다"), "{}", ko[0]);
    assert!(
        en[1].contains("come from 198.51.100.66:4000 and no longer from 192.0.2.7:4000"),
        "{}",
        en[1]
    );
}

#[test]
fn sound_that_stays_away_ends_the_call() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    let phone = desk.phone("102");
    desk.answers(phone);
    desk.tell(Input::MediaLost { leg: phone });
    assert_eq!(desk.hung_up(caller), Some(HangupCause::MediaLost));
    assert_eq!(desk.hung_up(phone), Some(HangupCause::MediaLost));
    assert_eq!(desk.record().cause, Some(HangupCause::MediaLost));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}
