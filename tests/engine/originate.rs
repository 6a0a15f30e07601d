//! Calls asked for at the API: the agent's own phones ring first.

use naru::engine::command::Command;
use naru::engine::input::Input;
use naru::history::call_record::Outcome;
use naru::leg::HangupCause;
use naru::live::AgentState;
use naru::office::announcement::Sound;

use crate::simulation::{Desk, extension};

fn asks(desk: &mut Desk, agent: &str, dialled: &str) {
    desk.tell(Input::Originate { agent: extension(agent), dialled: dialled.to_owned() });
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
    assert!(!desk.commands.iter().any(|command| matches!(command, Command::Answer { .. })));
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
