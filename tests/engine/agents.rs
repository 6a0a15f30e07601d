//! Seat, activity, do-not-disturb and kinds of calls decide who is rung (L2–L4, L9, L12, C12).

use std::sync::Arc;

use naru::duty::{Activity, Duty, DutyWish, WrapUp};
use naru::engine::command::{Command, KeepCommand, LegCommand};
use naru::engine::input::Input;
use naru::history::call_id::CallId;
use naru::history::call_record::Outcome;
use naru::history::handled::Handled;
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::{Decision, Skip};
use naru::leg::HangupCause;
use naru::live::{AgentState, LiveAgent, Update};
use naru::office::announcement::Sound;

use crate::simulation::{Desk, extension, office_with};

const TEAM: &str = "+827012345671";
const DIRECT: &str = "+827012345672";
const UNASSIGNED: &str = "+827012345670";
const CUSTOMER: &str = "01098765432";

fn wish(desk: &mut Desk, agent: &str, wish: DutyWish) {
    desk.tell(Input::Agent { agent: extension(agent), wish });
}

fn seen(desk: &Desk, agent: &str) -> LiveAgent {
    let live = desk.engine.live().agents;
    live.into_iter().find(|live| live.extension == extension(agent)).unwrap()
}

/// A customer who has heard the team's greeting.
fn calls_team(desk: &mut Desk) -> naru::leg::LegId {
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    caller
}

#[test]
fn who_is_not_at_their_desk_is_not_given_calls() {
    // L12, 2.14
    let away = Activity::ALL.into_iter().filter(|activity| *activity != Activity::Available);
    let wishes = away.map(|activity| (DutyWish::Activity(activity), Skip::Away));
    for (wanted, because) in wishes.chain([(DutyWish::Seat(false), Skip::SeatEmpty)]) {
        let mut desk = Desk::open();
        wish(&mut desk, "103", wanted.clone());
        let caller = calls_team(&mut desk);
        assert_eq!(desk.rung(), ["102"], "{wanted:?}");
        desk.hangs_up(caller);
        let told = |decision: &Decision| {
            matches!(decision, Decision::Skipped { agent, because: told }
                if agent.extension == extension("103") && *told == because)
        };
        assert!(desk.decided(told), "{wanted:?}");

        let mut desk = Desk::open();
        wish(&mut desk, "103", wanted.clone());
        desk.calls(CUSTOMER, DIRECT);
        assert!(desk.rung().is_empty());
        assert_eq!(desk.record().missed_reason, Some(MissedReason::NoOperator), "{wanted:?}");
    }
}

#[test]
fn a_break_ends_by_the_agents_word_and_its_time_is_told() {
    let mut desk = Desk::open();
    desk.passes(10);
    wish(&mut desk, "103", DutyWish::Activity(Activity::Eat));
    let since = desk.now.unix_millis();
    desk.passes(600);
    let agent = seen(&desk, "103");
    assert_eq!(
        (agent.state, agent.activity, agent.since),
        (AgentState::Away, Activity::Eat, since)
    );
    wish(&mut desk, "103", DutyWish::Activity(Activity::Vacation));
    assert_eq!(desk.state("103"), AgentState::OffDuty);
    wish(&mut desk, "103", DutyWish::Seat(false));
    assert_eq!(desk.state("103"), AgentState::SeatEmpty);
    wish(&mut desk, "103", DutyWish::Seat(true));
    assert_eq!(desk.state("103"), AgentState::OffDuty, "L137: the former activity is back");
    wish(&mut desk, "103", DutyWish::Activity(Activity::Available));
    desk.calls(CUSTOMER, DIRECT);
    assert_eq!(desk.rung(), ["103"]);
    let states: Vec<AgentState> = desk
        .updates
        .iter()
        .filter_map(|update| match update {
            Update::Agent { agent } if agent.extension == extension("103") => Some(agent.state),
            _ => None,
        })
        .collect();
    let said = [AgentState::Away, AgentState::OffDuty, AgentState::SeatEmpty, AgentState::OffDuty];
    assert_eq!(states[..4], said);
    assert_eq!(states[4..], [AgentState::Waiting, AgentState::Ringing]);
}

#[test]
fn a_change_during_a_call_lets_the_call_go_on() {
    // L138
    let mut desk = Desk::open();
    desk.calls(CUSTOMER, DIRECT);
    let agent = desk.phone("103");
    desk.answers(agent);
    wish(&mut desk, "103", DutyWish::Seat(false));
    wish(&mut desk, "103", DutyWish::DoNotDisturb(true));
    assert_eq!(desk.state("103"), AgentState::Talking);
    assert_eq!(desk.hung_up(agent), None);
    desk.hangs_up(agent);
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
    assert_eq!(desk.state("103"), AgentState::SeatEmpty);
}

#[test]
fn whoever_does_not_want_to_be_disturbed_is_given_the_call_but_hears_nothing() {
    // L3, C12
    let mut desk = Desk::open();
    wish(&mut desk, "103", DutyWish::DoNotDisturb(true));
    let caller = desk.calls(CUSTOMER, DIRECT);
    desk.place(&Command::Leg(LegCommand::Ringing { leg: caller }));
    assert!(desk.rung().is_empty());
    desk.passes(29);
    assert!(desk.ended.is_empty(), "the ring time runs");
    let second = desk.calls("01011112222", DIRECT);
    assert_eq!(desk.hung_up(second), Some(HangupCause::Busy), "L13: one at a time");
    desk.passes(1);
    let missed = desk.ended.iter().find(|record| record.from == "+821098765432").unwrap();
    assert_eq!(missed.missed_reason, Some(MissedReason::RingTimeOver));
    assert!(missed.trail.iter().any(|entry| matches!(
        &entry.decision,
        Decision::GivenSilently { agents, seconds: 30, silence }
            if agents.len() == 1 && silence.is_empty()
    )));
}

#[test]
fn a_silent_colleague_leaves_the_ringing_to_the_team() {
    let mut desk = Desk::open();
    wish(&mut desk, "102", DutyWish::DoNotDisturb(true));
    let caller = calls_team(&mut desk);
    assert_eq!(desk.rung(), ["103"]);
    desk.hangs_up(caller);

    let mut desk = Desk::open();
    wish(&mut desk, "102", DutyWish::DoNotDisturb(true));
    wish(&mut desk, "103", DutyWish::DoNotDisturb(true));
    let caller = calls_team(&mut desk);
    assert!(desk.rung().is_empty());
    assert_eq!(desk.hears(caller).unwrap().1, Sound::LoopingRingback);
    desk.passes(20);
    desk.clip_ends(caller);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::RingTimeOver), "C12");
}

#[test]
fn no_colleague_rings_where_nobody_wants_to_be_disturbed() {
    let mut desk = Desk::open();
    wish(&mut desk, "103", DutyWish::DoNotDisturb(true));
    let caller = desk.dials("102", "103");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Busy));
    wish(&mut desk, "103", DutyWish::Activity(Activity::Rest));
    wish(&mut desk, "103", DutyWish::DoNotDisturb(false));
    desk.dials("102", "103");
    assert_eq!(desk.rung(), ["103"], "a break keeps customers away, not colleagues");
}

#[test]
fn who_takes_no_customers_calls_is_rung_by_colleagues_alone() {
    // L2, L4
    let part = "name: Lee Jun, unassigned_calls: true";
    let office = office_with(part, "name: Lee Jun, unassigned_calls: true, phone_calls: false");
    let mut desk = Desk::open_with(office);
    let caller = desk.calls(CUSTOMER, UNASSIGNED);
    assert_eq!(desk.rung(), ["101", "101-soft"]);
    desk.hangs_up(caller);
    let told = |decision: &Decision| {
        matches!(decision, Decision::Skipped { because: Skip::NoPhoneCalls, .. })
    };
    assert!(desk.decided(told));
    desk.dials("103", "102");
    assert_eq!(desk.rung().last().unwrap(), "102");
}

#[test]
fn a_phone_sets_what_its_agent_wants_and_confirms_it() {
    let mut desk = Desk::open();
    for (code, silent, seat) in
        [("*78", true, true), ("*79", false, true), ("*46", false, false), ("*45", false, true)]
    {
        let caller = desk.dials("102", code);
        desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: None }));
        assert_eq!(desk.hears(caller).unwrap().1, Sound::Chime);
        let agent = seen(&desk, "102");
        assert_eq!((agent.do_not_disturb, agent.seat), (silent, seat), "{code}");
        desk.clip_ends(caller);
        assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    }
    assert!(desk.ended.iter().all(|record| record.outcome == Some(Outcome::Answered)));
    let kept: Vec<&Command> = desk
        .commands
        .iter()
        .filter(|command| matches!(command, Command::Keep(KeepCommand::Duty(_))))
        .collect();
    assert_eq!(kept.len(), 4, "each is written down");
}

#[test]
fn what_was_said_outlives_a_restart_and_what_is_gone_does_not() {
    let mut desk = Desk::open();
    let duty = |agent: &str| Duty {
        seat: true,
        activity: Activity::InMeeting,
        do_not_disturb: true,
        since: 5,
        wrap_up: Some(WrapUp { call: CallId(1), since: 5, until: None }),
        ..Duty::new(extension(agent))
    };
    let handled = [Handled { customer: "+821".to_owned(), agent: extension("101"), at: 1 }];
    desk.engine.recall(vec![duty("102"), duty("999")], &handled, desk.now);
    let agent = seen(&desk, "102");
    assert_eq!((agent.state, agent.since), (AgentState::WrappingUp, 5));
    wish(&mut desk, "102", DutyWish::EndWrapUp);
    let agent = seen(&desk, "102");
    assert_eq!((agent.state, agent.since), (AgentState::Away, 5));
    assert!(agent.do_not_disturb);
    assert_eq!(desk.engine.live().agents.len(), 3);
}

#[test]
fn an_agent_who_leaves_the_office_leaves_no_word_behind() {
    let mut desk = Desk::open();
    wish(&mut desk, "103", DutyWish::Seat(false));
    wish(&mut desk, "999", DutyWish::Seat(false));
    let before = crate::simulation::office();
    let mut without = before.clone();
    without.agents.remove(&extension("103"));
    desk.tell(Input::OfficeChanged(Arc::new(without)));
    desk.tell(Input::OfficeChanged(Arc::new(before)));
    assert_eq!(desk.state("103"), AgentState::Waiting);
}
