//! Workflows in calls: who meets the customer, and how the call goes on (behaviour.md 2.8–2.11).

use naru::engine::command::{Command, KeepCommand, LegCommand, SoundCommand};
use naru::history::call_record::Outcome;
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::Decision;
use naru::history::trail::workflow::WorkflowStory;
use naru::history::walk_record::{WalkEnd, WalkRecord};
use naru::leg::{HangupCause, LegId};
use naru::live::Stage;
use naru::office::announcement::{Situation, Sound};
use naru::office::document::document::parse;
use naru::office::language::Language;
use naru::office::snapshot::Office;

use crate::simulation::{Desk, OFFICE};

const MAIN: &str = "+827012345670";
const TEAM: &str = "+827012345671";
const CUSTOMER: &str = "01098765432";

const WORKFLOWS: &str = r##"
workflows:
  - name: main
    trigger: customer_called
    steps:
      - name: menu
        menu: {say: greeting, keys: {"1": support, "2": park, "3": english, "9": bye, "0": done}, wait: 5s, tries: 2}
      - {name: support, assign: {team: support}, next: connect}
      - {name: connect, connect: {unavailable: sorry}}
      - {name: park, assign: {agent: "103"}, next: end}
      - {name: english, language: en, next: menu}
      - {name: sorry, say: all_busy}
      - {name: bye, hang_up: missed}
      - {name: done, hang_up: done}
  - name: second
    trigger: customer_called
    steps: [{name: closed, say: closed}]
"##;

pub(crate) fn office(route: &str) -> Office {
    let text = OFFICE.replacen("route: off", &format!("route: {route}"), 1);
    parse(&format!("{text}{WORKFLOWS}"), None).unwrap()
}

/// A customer who hears the menu.
fn met() -> (Desk, LegId) {
    let mut desk = Desk::open_with(office("{workflow: main}"));
    let caller = desk.calls(CUSTOMER, MAIN);
    (desk, caller)
}

fn said(situation: Situation, language: Language) -> Sound {
    Sound::BuiltIn { situation, language }
}

fn walks(desk: &Desk) -> Vec<WalkRecord> {
    let walk = |command: &Command| match command {
        Command::Keep(KeepCommand::WalkEnded(record)) => Some((**record).clone()),
        _ => None,
    };
    desk.commands.iter().filter_map(walk).collect()
}

fn ended(desk: &Desk, outcome: Outcome, reason: Option<MissedReason>, end: WalkEnd) {
    assert_eq!((desk.record().outcome, desk.record().missed_reason), (Some(outcome), reason));
    let walks = walks(desk);
    assert_eq!(walks.len(), 1, "counted once");
    assert_eq!(walks[0].end, end);
}

#[test]
fn a_routed_workflow_meets_the_customer_and_a_key_leads_to_the_team() {
    // S89, L80
    let (mut desk, caller) = met();
    assert_eq!(desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: None })), 1);
    assert_eq!(desk.hears(caller).unwrap().1, said(Situation::Greeting, Language::Ko));
    assert_eq!(desk.stage(), Some(Stage::Workflow));
    assert!(desk.rung().is_empty());
    desk.passes(2);
    desk.presses(caller, '1');
    desk.place(&Command::Sound(SoundCommand::Part { leg: caller }));
    assert_eq!(desk.rung(), ["102", "103"], "L107: a manual team rings");
    assert_eq!(desk.hears(caller).unwrap().1, Sound::LoopingRingback);
    desk.answers(desk.phone("102"));
    assert!(desk.is_joined(caller, desk.phone("102")));
    desk.hangs_up(caller);
    ended(&desk, Outcome::Answered, None, WalkEnd::Connected);
    let walk = &walks(&desk)[0];
    let menu = walk.steps.iter().find(|(id, _)| id.step == "menu").unwrap().1;
    assert_eq!((menu.views, menu.keys[&'1']), (1, 1));
    let pressed = WorkflowStory::Pressed { key: '1', step: "menu".to_owned() };
    assert!(desk.decided(|decision| *decision == Decision::Workflow { story: pressed.clone() }));
}

#[test]
fn an_assignment_without_a_try_just_rings() {
    // L112: and whoever cannot take it leads to the announcement.
    let (mut desk, caller) = met();
    desk.presses(caller, '2');
    assert_eq!(desk.rung(), ["103"]);
    let (mut desk, caller) = met();
    desk.unregisters("103");
    desk.presses(caller, '2');
    assert_eq!(desk.hears(caller).unwrap().1, said(Situation::AllBusy, Language::Ko));
    desk.clip_ends(caller);
    ended(&desk, Outcome::Missed, Some(MissedReason::NoOperator), WalkEnd::Finished);
}

#[test]
fn a_team_that_cannot_take_the_call_is_not_rung() {
    // L108, L110
    let (mut desk, caller) = met();
    desk.unregisters("102");
    desk.unregisters("103");
    desk.presses(caller, '1');
    assert!(desk.rung().is_empty());
    assert_eq!(desk.hears(caller).unwrap().1, said(Situation::AllBusy, Language::Ko));
    desk.clip_ends(caller);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    // L86
    ended(&desk, Outcome::NotEntered, None, WalkEnd::HungUp);
}

#[test]
fn a_caller_who_hangs_up_in_the_workflow_is_not_missed() {
    // L81
    let (mut desk, caller) = met();
    desk.hangs_up(caller);
    let reason = Some(MissedReason::UserLeftInIvrWithoutInput);
    ended(&desk, Outcome::NotEntered, reason, WalkEnd::CallerLeft);
    let (mut desk, caller) = met();
    desk.presses(caller, '5');
    desk.hangs_up(caller);
    ended(&desk, Outcome::NotEntered, Some(MissedReason::UserLeftInIvr), WalkEnd::CallerLeft);
    // L82 (a): after the workflow it is.
    let (mut desk, caller) = met();
    desk.presses(caller, '1');
    desk.hangs_up(caller);
    ended(&desk, Outcome::Missed, Some(MissedReason::UserLeft), WalkEnd::Connected);
}

#[test]
fn a_workflow_ends_the_call_as_missed_or_done() {
    // L82 (b), L97
    let (mut desk, caller) = met();
    desk.presses(caller, '9');
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    ended(&desk, Outcome::Missed, Some(MissedReason::WfEndCall), WalkEnd::HungUp);
    let (mut desk, caller) = met();
    desk.presses(caller, '0');
    ended(&desk, Outcome::NotEntered, None, WalkEnd::HungUp);
}

#[test]
fn a_caller_who_presses_nothing_is_let_go() {
    // L83
    let (mut desk, caller) = met();
    desk.clip_ends(caller);
    desk.passes(5);
    desk.clip_ends(caller);
    assert_eq!(desk.hung_up(caller), None);
    desk.passes(5);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    ended(&desk, Outcome::NotEntered, Some(MissedReason::WfInputTimeout), WalkEnd::NoInput);
}

#[test]
fn a_caller_may_choose_their_language() {
    let (mut desk, caller) = met();
    desk.presses(caller, '3');
    assert_eq!(desk.hears(caller).unwrap().1, said(Situation::Greeting, Language::En));
    desk.presses(caller, '2');
    desk.ends(desk.phone("103"), HangupCause::Busy);
    // The number has the words in Korean only; the wish stays.
    assert_eq!(desk.hears(caller).unwrap().1, said(Situation::AllBusy, Language::Ko));
}

#[test]
fn without_a_route_the_topmost_workflow_meets_the_customer() {
    // L84, S94
    let mut desk = Desk::open_with(office("off"));
    let caller = desk.calls(CUSTOMER, MAIN);
    assert_eq!(desk.stage(), Some(Stage::Workflow));
    desk.presses(caller, '9');
    assert_eq!(walks(&desk)[0].workflow, "main");
    // One that is switched off or does not fit leaves it to the next.
    for (part, by) in [
        ("trigger: customer_called\n", "active: false\n    trigger: customer_called\n"),
        ("trigger: customer_called\n", "trigger: customer_called\n    only: {country: \"+81\"}\n"),
    ] {
        let text = format!("{OFFICE}{WORKFLOWS}").replacen(part, by, 1);
        let mut desk = Desk::open_with(parse(&text, None).unwrap());
        let caller = desk.calls(CUSTOMER, MAIN);
        assert_eq!(desk.hears(caller).unwrap().1, said(Situation::Closed, Language::Ko));
    }
}

#[test]
fn a_number_of_an_agent_or_team_runs_no_workflow() {
    // S82
    let mut desk = Desk::open_with(office("off"));
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    assert_eq!(desk.rung(), ["102", "103"]);
    assert!(walks(&desk).is_empty());
}

#[test]
fn a_routed_workflow_that_does_not_fit_leaves_the_call_to_the_agents() {
    // P24, S92
    let text = format!("{OFFICE}{WORKFLOWS}").replacen("route: off", "route: {workflow: main}", 1);
    let text = text.replacen(
        "trigger: customer_called\n",
        "trigger: customer_called\n    active: false\n",
        1,
    );
    let mut desk = Desk::open_with(parse(&text, None).unwrap());
    desk.calls(CUSTOMER, MAIN);
    assert_eq!(desk.rung(), ["101", "101-soft", "102"]);
}

#[test]
fn a_workflow_that_lacks_a_step_falls_open() {
    // P24: the document refuses it; a damaged store might not.
    let mut office = office("{workflow: main}");
    let mut main = (*office.workflows[0]).clone();
    main.steps.retain(|step| step.name.0 != "support");
    office.workflows[0] = std::sync::Arc::new(main);
    let mut desk = Desk::open_with(office);
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.presses(caller, '1');
    assert_eq!(desk.rung(), ["101", "101-soft", "102"], "as without a route");
    desk.answers(desk.phone("101"));
    desk.hangs_up(caller);
    ended(&desk, Outcome::Answered, None, WalkEnd::Failed);
}

const BACKGROUND: &str = r#"
  - {name: first, trigger: customer_called, steps: [{name: a, assign: {team: support}, next: end}]}
  - {name: last, trigger: call_entered, steps: [{name: a, clear: both, next: b}, {name: b, assign: {agent: "103"}, next: end}]}
  - {name: abroad, trigger: call_entered, only: {country: "+81"}, steps: [{name: a, assign: {agent: "101"}, next: end}]}
  - {name: out, trigger: agent_called, only: {number: "+8225550100"}, steps: [{name: a, priority: low, next: end}]}
"#;

fn with_background(workflows: &str) -> Desk {
    let text = format!("{OFFICE}\nworkflows:{BACKGROUND}{workflows}");
    Desk::open_with(parse(&text, None).unwrap())
}

#[test]
fn what_works_in_the_background_runs_in_order_and_the_last_assignment_wins() {
    // L73, L203
    let mut desk = with_background("");
    let caller = desk.calls(CUSTOMER, MAIN);
    assert_eq!(desk.rung(), ["103"], "the team of 'first' gives way to the agent of 'last'");
    desk.hangs_up(caller);
    let ran: Vec<String> = walks(&desk).into_iter().map(|walk| walk.workflow).collect();
    assert_eq!(ran, ["first", "last"], "'abroad' does not fit");
    assert_eq!(desk.record().missed_reason, Some(MissedReason::UserLeft));
    // S82: a number that leads straight to a team runs none.
    let mut desk = with_background("");
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    assert_eq!(desk.rung(), ["102", "103"]);
}

#[test]
fn a_workflow_that_speaks_goes_first() {
    // L203: and what works in the background does so when the other waits or ends.
    let speaking = "  - {name: ivr, trigger: customer_called, steps: [{name: m, menu: {say: greeting, keys: {\"1\": end}}}]}\n";
    let mut desk = with_background(speaking);
    let caller = desk.calls(CUSTOMER, MAIN);
    assert_eq!(desk.stage(), Some(Stage::Workflow));
    desk.presses(caller, '1');
    assert_eq!(desk.rung(), ["103"]);
    desk.hangs_up(caller);
    let ran: Vec<String> = walks(&desk).into_iter().map(|walk| walk.workflow).collect();
    assert_eq!(ran, ["first", "ivr", "last"]);
}

#[test]
fn an_agents_call_to_outside_is_met_by_its_own_workflow() {
    // L50, L75
    let mut desk = with_background("");
    let caller = desk.dials("103", "01098765432");
    desk.hangs_up(caller);
    let ran: Vec<String> = walks(&desk).into_iter().map(|walk| walk.workflow).collect();
    assert!(ran.is_empty(), "103 shows another number");
    let mut desk = with_background("");
    let caller = desk.dials("101", "01098765432");
    desk.hangs_up(caller);
    let ran: Vec<String> = walks(&desk).into_iter().map(|walk| walk.workflow).collect();
    assert_eq!(ran, ["out"]);
}

#[test]
fn the_ringing_phone_shows_what_the_customer_has_chosen() {
    // S70
    let names = |desk: &Desk| -> Vec<String> {
        let name = |command: &Command| match command {
            Command::Leg(LegCommand::Ring(request)) => Some(request.caller_name.clone()),
            _ => None,
        };
        desk.commands.iter().filter_map(name).collect()
    };
    let (mut desk, caller) = met();
    desk.presses(caller, '3');
    desk.presses(caller, '1');
    assert_eq!(names(&desk), ["+821098765432 [3 1]", "+821098765432 [3 1]"]);
    // The latest keys, and a name where one is known; what the call is kept under stays as it was.
    let text = format!("{OFFICE}{WORKFLOWS}").replacen("route: off", "route: {workflow: main}", 1);
    let text = format!("{text}customers: [{{number: \"+821098765432\", name: 홍길동}}]\n");
    let mut desk = Desk::open_with(parse(&text, None).unwrap());
    let caller = desk.calls(CUSTOMER, MAIN);
    "3333331".chars().for_each(|key| desk.presses(caller, key));
    assert_eq!(names(&desk)[0], "홍길동 [3 3 3 3 3 1]");
    desk.hangs_up(caller);
    assert_eq!(desk.record().from_name, "홍길동");
    // Without a menu nothing is added.
    let mut desk = Desk::open_with(office("off"));
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    assert_eq!(names(&desk), ["", ""]);
}
