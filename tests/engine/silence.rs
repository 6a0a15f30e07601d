//! Do not disturb with an end (L3), and that it keeps no call from being given (L12).

use std::time::Duration;

use naru::duty::{Duty, DutyWish};
use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::Decision;
use naru::live::{LiveAgent, Update};
use naru::office::language::Language;

use crate::simulation::{Desk, extension, office_with};

const TEAM: &str = "+827012345671";
const DIRECT: &str = "+827012345672";
const CUSTOMER: &str = "01098765432";
const DAY: u64 = 86_400;

fn wish(desk: &mut Desk, agent: &str, wish: DutyWish) {
    desk.tell(Input::Agent { agent: extension(agent), wish });
}

fn seen(desk: &Desk, agent: &str) -> LiveAgent {
    let live = desk.engine.live().agents;
    live.into_iter().find(|live| live.extension == extension(agent)).unwrap()
}

fn rings(desk: &mut Desk) -> bool {
    let before = desk.rung().len();
    let caller = desk.calls(CUSTOMER, DIRECT);
    let rings = desk.rung().len() > before;
    desk.hangs_up(caller);
    rings
}

/// L3
#[test]
fn a_silence_with_an_end_ends_and_the_agent_rings_again() {
    let mut desk = Desk::open();
    wish(&mut desk, "103", DutyWish::DoNotDisturbFor(Duration::from_secs(1800)));
    let until = desk.now.unix_millis() + 1_800_000;
    let agent = seen(&desk, "103");
    assert_eq!((agent.do_not_disturb, agent.do_not_disturb_until), (true, Some(until)));
    desk.passes(1799);
    assert!(!rings(&mut desk), "still silent");
    desk.updates.clear();
    desk.passes(1);
    assert!(rings(&mut desk), "over");
    let agent = seen(&desk, "103");
    assert_eq!((agent.do_not_disturb, agent.do_not_disturb_until), (false, None));
    let told = |update: &Update| {
        matches!(update, Update::Agent { agent } if agent.extension == extension("103")
            && !agent.do_not_disturb)
    };
    assert!(desk.updates.iter().any(told), "whoever watches is told");
    let kept = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Duty(duty)) => Some(duty.clone()),
        _ => None,
    });
    assert!(!kept.unwrap().do_not_disturb, "and it is written down");
}

/// L3: `*78` has no end, and `*79` ends whatever is on.
#[test]
fn a_phones_code_is_on_until_it_is_switched_off() {
    let mut desk = Desk::open();
    wish(&mut desk, "103", DutyWish::DoNotDisturbFor(Duration::from_secs(60)));
    let phone = desk.dials("103", "*78");
    desk.clip_ends(phone);
    desk.passes(91 * DAY);
    assert!(!rings(&mut desk));
    assert_eq!(desk.engine.poll_timeout(), None, "nothing is waited for");
    wish(&mut desk, "103", DutyWish::DoNotDisturbFor(Duration::from_secs(60)));
    let phone = desk.dials("103", "*79");
    desk.clip_ends(phone);
    assert!(rings(&mut desk));
    assert_eq!(desk.engine.poll_timeout(), None);
}

/// L3: the wall clock counts, also over a restart and when it is set.
#[test]
fn a_silence_outlives_a_restart_and_follows_the_clock_on_the_wall() {
    let duty = |desk: &Desk, seconds: i64| Duty {
        do_not_disturb: true,
        do_not_disturb_until: Some(desk.now.unix_millis() + seconds * 1000),
        ..Duty::new(extension("103"))
    };
    let mut desk = Desk::open();
    let kept = duty(&desk, 600);
    desk.engine.recall(vec![kept], &[], desk.now);
    desk.passes(599);
    assert!(!rings(&mut desk));
    desk.passes(1);
    assert!(rings(&mut desk));

    let mut desk = Desk::open();
    let kept = duty(&desk, -5);
    desk.engine.recall(vec![kept], &[], desk.now);
    desk.engine.handle_timeout(desk.now);
    desk.perform();
    assert!(rings(&mut desk), "it was over while naru was down");

    let mut desk = Desk::open();
    let kept = duty(&desk, 90 * 86_400);
    desk.engine.recall(vec![kept], &[], desk.now);
    desk.now.wall += Duration::from_secs(91 * DAY);
    desk.passes(61);
    assert!(rings(&mut desk), "a clock that was wrong is looked at every minute");
}

/// L3: how long it still is, for who asks why nothing rang.
#[test]
fn the_trail_says_until_when_nothing_rings() {
    let mut desk = Desk::open();
    wish(&mut desk, "103", DutyWish::DoNotDisturbFor(Duration::from_secs(1500)));
    let caller = desk.calls(CUSTOMER, DIRECT);
    desk.hangs_up(caller);
    let trail = &desk.record().trail;
    let said = |language| -> Vec<String> {
        trail.iter().map(|entry| entry.decision.words(language)).collect()
    };
    let english = "The call waits up to 30 s and no phone rings: \
        Park (103) does not want to be disturbed for another 25 min.";
    assert!(said(Language::En).contains(&english.to_owned()), "{:?}", said(Language::En));
    assert!(
        said(Language::Ko)
            .iter()
            .any(|line| line.contains("Park(103) 님(앞으로 25분 동안 방해 금지)"))
    );
}

/// L3, L12: whom a call is given to is the same whoever keeps their phones silent.
#[test]
fn silence_changes_nobodys_turn() {
    for method in ["fast_response", "previous_agent", "longest_idle"] {
        let team = r#"{name: support, members: ["102", "103"]}"#;
        let by =
            format!(r#"{{name: support, members: ["101", "102", "103"], assignment: {method}}}"#);
        let given = |silent: &[&str]| {
            let mut desk = Desk::open_with(office_with(team, &by));
            for agent in silent {
                wish(&mut desk, agent, DutyWish::DoNotDisturbFor(Duration::from_secs(DAY)));
            }
            for caller in ["01011110001", "01011110002", "01011110003", "01011110001"] {
                desk.passes(1);
                let caller = desk.calls(caller, TEAM);
                desk.clip_ends(caller);
                desk.hangs_up(caller);
            }
            let trails = desk.ended.iter().flat_map(|record| &record.trail);
            let given = trails.filter_map(|entry| match &entry.decision {
                Decision::GivenTo { agent, because } => Some((agent.extension.clone(), *because)),
                _ => None,
            });
            given.collect::<Vec<_>>()
        };
        let awake = given(&[]);
        assert_eq!(awake.len(), 4, "{method}");
        for silent in [&["101"][..], &["102"], &["103"], &["101", "103"], &["101", "102", "103"]] {
            assert_eq!(given(silent), awake, "{method}, {silent:?} silent");
        }
    }
}

/// L3, C12: nor is anybody told that all are busy because of it.
#[test]
fn who_is_silent_is_still_somebody_who_could_answer() {
    let mut desk = Desk::open();
    for agent in ["102", "103"] {
        wish(&mut desk, agent, DutyWish::DoNotDisturbFor(Duration::from_secs(DAY)));
    }
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    assert!(desk.rung().is_empty());
    desk.passes(20);
    desk.clip_ends(caller);
    assert_eq!(desk.record().missed_reason, Some(MissedReason::RingTimeOver));
    assert!(!desk.decided(|decision| matches!(decision, Decision::NobodyFree)));
}
