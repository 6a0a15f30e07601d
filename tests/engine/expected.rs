//! Branches on how long a caller may have to wait (L93).

use naru::leg::LegId;
use naru::office::announcement::{Situation, Sound};
use naru::office::document::document::parse;

use crate::simulation::{Desk, OFFICE};

const MAIN: &str = "+827012345670";
const CUSTOMER: &str = "01011111111";

/// The menu of the office says that it is closed when the wait for `support` may be two minutes.
fn desk() -> Desk {
    let members = r#"members: ["102", "103"]"#;
    let text = OFFICE
        .replacen(members, &format!("{members}, assignment: longest_idle"), 1)
        .replacen("route: off", "route: {workflow: main}", 1);
    let workflow = "workflows:\n  - name: main\n    trigger: customer_called\n    steps:\n      - {name: look, branch: [{when: {expected_wait: {team: support, at_least: 2m}}, to: busy}], otherwise: give}\n      - {name: give, assign: {team: support}, next: try}\n      - {name: try, connect: {unavailable: end}}\n      - {name: busy, say: closed}\n";
    Desk::open_with(parse(&format!("{text}\n{workflow}"), None).unwrap())
}

fn is_sent_away(desk: &Desk, caller: LegId) -> bool {
    let heard = desk.hears(caller).map(|(_, sound)| sound);
    matches!(heard, Some(Sound::BuiltIn { situation: Situation::Closed, .. }))
}

/// A customer talks with this agent for so long, and the team has learned of it.
fn talks(desk: &mut Desk, agent: &str, seconds: u64) {
    let caller = desk.calls("01000000000", MAIN);
    desk.answers(desk.phone(agent));
    desk.passes(seconds);
    desk.hangs_up(caller);
    desk.passes(600);
}

#[test]
fn a_caller_is_told_before_a_long_wait_and_only_then() {
    let mut desk = desk();
    talks(&mut desk, "102", 300);
    let mut callers = Vec::new();
    for _ in 0..2 {
        let caller = desk.calls(CUSTOMER, MAIN);
        assert!(!is_sent_away(&desk, caller), "somebody is free");
        let phone =
            ["102", "103"].into_iter().find(|agent| desk.rung().iter().any(|rung| rung == agent));
        let ringing = phone.map(|agent| desk.phone(agent)).unwrap();
        desk.answers(ringing);
        desk.commands.clear();
        callers.push(caller);
    }
    let late = desk.calls("01022222222", MAIN);
    assert!(is_sent_away(&desk, late), "one call of 300 s, two agents: 150 s");
}

#[test]
fn while_nobody_can_tell_a_caller_waits() {
    let mut desk = desk();
    for agent in ["102", "103"] {
        desk.calls("01000000000", MAIN);
        desk.answers(desk.phone(agent));
    }
    let caller = desk.calls(CUSTOMER, MAIN);
    assert!(!is_sent_away(&desk, caller), "the team has had no call yet");
}
