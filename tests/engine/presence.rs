//! Which state agents are in, and who is told.

use naru::duty::DutyWish;
use naru::engine::command::{Command, KeepCommand, LegCommand};
use naru::engine::input::Input;
use naru::history::agent_log::AgentLog;
use naru::leg::{HangupCause, LegEvent};
use naru::live::{AgentState, Stage, Update};

use crate::simulation::{Desk, extension, office, username};

#[test]
fn an_agent_is_offline_without_a_phone_and_waits_with_one() {
    let mut desk = Desk::open();
    desk.unregisters("101");
    assert_eq!(desk.state("101"), AgentState::Waiting, "the soft phone is still there");
    desk.unregisters("101-soft");
    assert_eq!(desk.state("101"), AgentState::Offline);
    let told = desk.updates.iter().filter(|update| match update {
        Update::Agent { agent } => agent.extension == extension("101"),
        _ => false,
    });
    assert_eq!(told.count(), 1, "told only when the state changes");
    desk.tell(Input::Registered { device: username("stranger"), registered: true });
}

#[test]
fn each_state_is_told_as_it_comes() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    assert_eq!((desk.state("101"), desk.state("102")), (AgentState::Talking, AgentState::Ringing));
    desk.answers(desk.phone("102"));
    assert_eq!(desk.state("102"), AgentState::Talking);
    desk.hangs_up(caller);
    let states: Vec<AgentState> = desk
        .updates
        .iter()
        .filter_map(|update| match update {
            Update::Agent { agent } if agent.extension == extension("102") => Some(agent.state),
            _ => None,
        })
        .collect();
    assert_eq!(states, [AgentState::Ringing, AgentState::Talking, AgentState::Waiting]);
    let stages: Vec<Stage> = desk
        .updates
        .iter()
        .filter_map(|update| match update {
            Update::Call { call } => Some(call.stage),
            _ => None,
        })
        .collect();
    assert_eq!(stages, [Stage::Ringing, Stage::Talking]);
    let ended = desk.ended[0].id;
    assert!(desk.updates.contains(&Update::CallEnded { id: ended }));
}

#[test]
fn a_lease_dies_with_its_leg_even_if_the_leg_forgets_to_say_so() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    desk.rings(desk.phone("102"));
    // SIP ends the caller, and the word that the phone's leg is gone never comes.
    desk.engine.handle(
        Input::Leg(LegEvent::Ended { leg: caller, cause: HangupCause::Cancelled }),
        desk.now,
    );
    while let Some(command) = desk.engine.poll_command() {
        assert!(!matches!(command, Command::Leg(LegCommand::Ring(_))));
    }
    assert_eq!(desk.state("102"), AgentState::Ringing);
    desk.passes(64);
    assert_eq!(desk.state("102"), AgentState::Waiting);
    assert_eq!(desk.engine.poll_timeout(), None);
}

/// L173: a crash in a quiet office takes at most a minute of anybody's time, and an empty office
/// writes nothing.
#[test]
fn once_a_minute_the_log_is_told_that_whoever_is_there_still_is() {
    let marks = |desk: &Desk| -> Vec<i64> {
        let logged = desk.commands.iter().filter_map(|command| match command {
            Command::Keep(KeepCommand::AgentLog(entry)) => Some(entry),
            _ => None,
        });
        let times = logged.filter_map(|entry| match **entry {
            AgentLog::Still { at } => Some(at),
            _ => None,
        });
        times.collect()
    };
    let mut desk = Desk::open();
    desk.passes(30);
    desk.commands.clear();
    desk.tell(Input::Agent { agent: extension("101"), wish: DutyWish::Seat(false) });
    let begun = desk.now.unix_millis();
    let minutes_pass = |desk: &mut Desk, minutes: u64| {
        for _ in 0..minutes * 4 {
            desk.passes(15);
            desk.engine.handle_timeout(desk.now);
            desk.perform();
        }
    };
    minutes_pass(&mut desk, 3);
    assert_eq!(marks(&desk), [begun + 60_000, begun + 120_000, begun + 180_000]);
    desk.passes(30);
    desk.tell(Input::Agent { agent: extension("101"), wish: DutyWish::Seat(true) });
    let again = desk.now.unix_millis();
    minutes_pass(&mut desk, 1);
    assert_eq!(marks(&desk)[3..], [again + 60_000], "what was just written says as much");
    let office = office();
    for device in office.agents.values().flat_map(|agent| &agent.devices) {
        desk.unregisters(device.username.as_str());
    }
    minutes_pass(&mut desk, 60);
    assert_eq!(marks(&desk).len(), 4, "nobody is there");
}
