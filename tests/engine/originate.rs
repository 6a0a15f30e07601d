//! Calls asked for at the API: the agent's own phones ring first.

use naru::duty::{Duty, DutyWish};
use naru::engine::command::{Command, KeepCommand, LegCommand};
use naru::engine::input::Input;
use naru::history::call_record::Outcome;
use naru::history::trail::trail::{Decision, Shown};
use naru::leg::HangupCause;
use naru::live::AgentState;
use naru::office::announcement::Sound;
use naru::office::phone_number::PhoneNumber;

use crate::simulation::{Desk, extension, office_with};

fn asks(desk: &mut Desk, agent: &str, dialled: &str) {
    desk.tell(Input::Originate {
        agent: extension(agent),
        dialled: dialled.to_owned(),
        number: None,
    });
}

#[test]
fn the_agent_picks_up_and_then_the_customer_is_called() {
    let mut desk = Desk::open();
    asks(&mut desk, "101", "01098765432");
    assert_eq!(desk.rung(), ["101", "101-soft"]);
    let (own, other) = (desk.phone("101"), desk.phone("101-soft"));
    desk.rings(own);
    desk.answers(own);
    assert_eq!(desk.hung_up(other), Some(HangupCause::AnsweredElsewhere));
    assert_eq!(desk.rung().last().unwrap(), "second:01098765432");
    let tone = Sound::NationalRingback { country: "82".to_owned() };
    assert_eq!(desk.hears(own).unwrap().1, tone);
    assert_eq!(desk.state("101"), AgentState::Talking);

    let outside = desk.outside().leg;
    desk.rings(outside);
    desk.answers(outside);
    assert!(desk.is_joined(own, outside));
    assert!(
        !desk
            .commands
            .iter()
            .any(|command| matches!(command, Command::Leg(LegCommand::Answer { .. })))
    );
    desk.hangs_up(own);
    assert_eq!(desk.hung_up(outside), Some(HangupCause::Normal));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
    assert_eq!(desk.record().to, "+821098765432");
}

#[test]
fn a_colleague_may_be_asked_for_too() {
    let mut desk = Desk::open();
    asks(&mut desk, "102", "103");
    desk.answers(desk.phone("102"));
    desk.answers(desk.phone("103"));
    assert!(desk.is_joined(desk.phone("102"), desk.phone("103")));
    desk.hangs_up(desk.phone("103"));
    assert_eq!(desk.record().agent.as_ref().unwrap().as_str(), "103");
}

#[test]
fn an_agent_who_does_not_pick_up_cancels_the_call() {
    let mut desk = Desk::open();
    asks(&mut desk, "102", "01098765432");
    desk.passes(30);
    assert_eq!(desk.hung_up(desk.phone("102")), Some(HangupCause::NoAnswer));
    assert_eq!(desk.record().outcome, Some(Outcome::Cancelled));
    assert_eq!(desk.rung(), ["102"]);
}

#[test]
fn what_cannot_be_called_rings_nobody() {
    for (agent, dialled, cause, outcome) in [
        ("102", "199", HangupCause::NotFound, Outcome::Failed),
        ("102", "+12125550100", HangupCause::Forbidden, Outcome::Failed),
        ("199", "01098765432", HangupCause::NotFound, Outcome::Failed),
    ] {
        let mut desk = Desk::open();
        asks(&mut desk, agent, dialled);
        assert!(desk.rung().is_empty());
        assert_eq!(desk.record().cause, Some(cause));
        assert_eq!(desk.record().outcome, Some(outcome));
    }
    let mut desk = Desk::open();
    desk.dials("102", "*43");
    asks(&mut desk, "102", "103");
    assert!(desk.rung().is_empty(), "who is on a call is not rung");
}

#[test]
fn the_called_side_may_be_busy() {
    let mut desk = Desk::open();
    asks(&mut desk, "102", "01098765432");
    let own = desk.phone("102");
    desk.answers(own);
    desk.ends(desk.outside().leg, HangupCause::Busy);
    assert_eq!(desk.hung_up(own), Some(HangupCause::Busy));
    assert_eq!(desk.record().outcome, Some(Outcome::Busy));
}

fn picks(desk: &mut Desk, agent: &str, number: &str) {
    desk.tell(Input::Originate {
        agent: extension(agent),
        dialled: "01098765432".to_owned(),
        number: PhoneNumber::parse(number).ok(),
    });
    desk.answers(desk.phone(agent));
}

/// What the next call from the agent's phone shows.
fn shows(desk: &mut Desk, agent: &str) -> String {
    let caller = desk.dials(agent, "01098765432");
    let shown = desk.outside().caller_number;
    desk.hangs_up(caller);
    shown
}

#[test]
fn the_number_that_an_agent_picked_is_shown_until_they_pick_another() {
    // L44, C11: picked, routed to the agent, routed to their team, default
    let mut desk = Desk::open();
    assert_eq!(shows(&mut desk, "103"), "+827012345672", "routed to 103");
    picks(&mut desk, "103", "+827012345671");
    assert_eq!(desk.outside().caller_number, "+827012345671");
    desk.hangs_up(desk.outside().leg);
    let picked = |decision: &Decision| {
        matches!(decision, Decision::NumberShown { because: Shown::Picked, .. })
    };
    assert!(desk.ended.last().unwrap().trail.iter().any(|entry| picked(&entry.decision)));
    assert_eq!(shows(&mut desk, "103"), "+827012345671", "from the phone, too");
    assert_eq!(shows(&mut desk, "102"), "+827012345671", "102 has it by the team");
    picks(&mut desk, "103", "+827012345670");
    desk.hangs_up(desk.outside().leg);
    assert_eq!(shows(&mut desk, "103"), "+8215881234", "what that number presents");
    assert_eq!(shows(&mut desk, "102"), "+827012345671", "everybody picks for themselves");

    let kept = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Duty(duty)) => Some((**duty).clone()),
        _ => None,
    });
    let kept = kept.unwrap();
    assert_eq!(kept.shown, PhoneNumber::parse("+827012345670").ok());
    let mut again = Desk::open();
    again.engine.recall(vec![kept], &[], again.now);
    assert_eq!(shows(&mut again, "103"), "+8215881234", "over a restart");
    again.tell(Input::Agent { agent: extension("103"), wish: DutyWish::Show(None) });
    assert_eq!(shows(&mut again, "103"), "+827012345672", "taken back");
}

#[test]
fn a_picked_number_that_was_given_back_is_nobodys() {
    let part = r#"  - {number: "+8225550100", route: {agent: "101"}, ringback: national, announcements: {greeting: {ko: built-in}}}"#;
    let mut desk = Desk::open_with(office_with(part, ""));
    let shown = PhoneNumber::parse("+8225550100").ok();
    let duty = Duty { shown, ..Duty::new(extension("103")) };
    desk.engine.recall(vec![duty], &[], desk.now);
    assert_eq!(shows(&mut desk, "103"), "+827012345672");
    desk.dials("103", "112");
    assert_eq!(desk.outside().caller_number, "+827012345672", "an emergency shows one's own");
}
