//! Whose a conversation is when its team changes or its agent is taken away (L134, L135, L121).

use naru::duty::DutyWish;
use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::history::conversation::conversation::{Conversation, State};
use naru::history::conversation::log::{ByTurn, Happening};
use naru::history::conversation::wish::ConversationWish;
use naru::history::trail::trail::{Chosen, Decision};
use naru::live::Stage;
use naru::office::document::document::parse;
use naru::office::language::Language;
use naru::office::team::TeamName;

use crate::conversations::{only, stored};
use crate::simulation::{Desk, OFFICE, extension};

const TEAM: &str = "+827012345671";
const DIRECT: &str = "+827012345672";
const CUSTOMER: &str = "+821012345678";

/// Two teams that assign by themselves, which share 103, and one that does not.
fn office(workflows: &str) -> naru::office::snapshot::Office {
    let team = r#"  - {name: support, members: ["102", "103"]}"#;
    let teams = r#"  - {name: support, members: ["102", "103"], assignment: longest_idle}
  - {name: sales, members: ["101", "103"], assignment: longest_idle}
  - {name: alone, members: ["101"], assignment: fast_response}
  - {name: back, members: ["101", "102"]}"#;
    assert!(OFFICE.contains(team));
    let text = OFFICE.replacen(team, teams, 1);
    parse(&format!("{text}workflows:\n{workflows}"), None).unwrap()
}

fn desk() -> Desk {
    Desk::open_with(office("  []\n"))
}

/// A customer whom 103 has not answered: the conversation is theirs and of no team.
fn missed(desk: &mut Desk) {
    let caller = desk.calls(CUSTOMER, DIRECT);
    desk.hangs_up(caller);
    let one = only(desk);
    assert_eq!((one.assignee, one.team), (Some(extension("103")), None));
    assert!(matches!(one.state, State::Missed { .. }));
}

fn assign(desk: &mut Desk, agent: Option<&str>, team: Option<&str>) -> Conversation {
    let file = Box::new(stored(desk).pop().unwrap());
    let (agent, team) = (agent.map(extension), team.map(|team| TeamName(team.to_owned())));
    let wish = ConversationWish::Assign { agent, team };
    desk.tell(Input::Conversation { file, wish, who: "minji".to_owned() });
    stored(desk).pop().unwrap()
}

/// How the last change of the one responsible is told.
fn because(desk: &Desk) -> Option<ByTurn> {
    let told = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::ConversationLogged(entry)) => match &entry.what {
            Happening::Assigned { because, .. } => Some(*because),
            _ => None,
        },
        _ => None,
    });
    told.unwrap_or_else(|| panic!("nobody was made responsible"))
}

fn owner(one: &Conversation) -> Option<&str> {
    one.assignee.as_ref().map(|agent| agent.as_str())
}

/// L134
#[test]
fn who_is_not_in_the_new_team_gives_way_to_whom_its_rule_chooses() {
    let mut desk = desk();
    missed(&mut desk);
    let one = assign(&mut desk, None, Some("alone"));
    assert_eq!((owner(&one), one.team.as_ref().unwrap().0.as_str()), (Some("101"), "alone"));
    assert_eq!(because(&desk), Some(ByTurn::Chosen(Chosen::FewestInProgress)));
    assert!(one.followers.contains(&extension("101")), "L28");
    assert!(matches!(one.state, State::Missed { .. }), "L29: and it is as missed as it was");
}

/// L134
#[test]
fn who_is_in_the_new_team_too_keeps_the_conversation() {
    let mut desk = desk();
    missed(&mut desk);
    let one = assign(&mut desk, None, Some("sales"));
    assert_eq!(owner(&one), Some("103"));
    assert_eq!(because(&desk), Some(ByTurn::Kept));
}

/// L134: possibly the same person.
#[test]
fn whoever_is_taken_away_in_an_automatic_team_is_followed_by_the_next() {
    let mut desk = desk();
    missed(&mut desk);
    assign(&mut desk, None, Some("support"));
    let one = assign(&mut desk, None, Some("support"));
    assert_eq!(owner(&one), Some("102"), "was given nothing yet");
    assert_eq!(because(&desk), Some(ByTurn::Chosen(Chosen::LongestIdle)));
    desk.passes(1);
    assert_eq!(owner(&assign(&mut desk, None, Some("support"))), Some("103"), "in turn");
    assign(&mut desk, None, Some("alone"));
    assert_eq!(owner(&assign(&mut desk, None, Some("alone"))), Some("101"), "the same person");
}

/// L134, L133: who might not be given a call is passed over; if nobody is left, it is nobody's.
#[test]
fn only_who_might_be_given_a_call_is_chosen() {
    let mut desk = desk();
    missed(&mut desk);
    desk.tell(Input::Agent { agent: extension("102"), wish: DutyWish::Seat(false) });
    desk.tell(Input::Agent { agent: extension("101"), wish: DutyWish::DoNotDisturb(true) });
    assert_eq!(owner(&assign(&mut desk, None, Some("alone"))), Some("101"), "L3: silent is here");
    assert_eq!(owner(&assign(&mut desk, None, Some("support"))), Some("103"));
    desk.unregisters("103");
    assert_eq!(owner(&assign(&mut desk, None, Some("support"))), None);
    assert_eq!(because(&desk), Some(ByTurn::NobodyFree));
}

/// L125, L134: a team without a method leaves it to nobody.
#[test]
fn a_manual_team_only_loses_who_is_not_in_it() {
    let mut desk = desk();
    missed(&mut desk);
    let one = assign(&mut desk, None, Some("back"));
    assert_eq!((owner(&one), because(&desk)), (None, None));
    assign(&mut desk, Some("102"), Some("back"));
    assert_eq!(owner(&assign(&mut desk, None, Some("support"))), Some("102"));
    assert_eq!(owner(&assign(&mut desk, None, Some("back"))), Some("102"));
    assert_eq!(owner(&assign(&mut desk, None, Some("back"))), None, "taken away");
}

/// L135: whom a hand names has it, whatever they take and wherever they are.
#[test]
fn who_is_named_has_it_and_no_rule_is_asked() {
    let mut desk = desk();
    missed(&mut desk);
    desk.tell(Input::Agent { agent: extension("102"), wish: DutyWish::Seat(false) });
    let one = assign(&mut desk, Some("102"), Some("alone"));
    assert_eq!((owner(&one), because(&desk)), (Some("102"), None));
    let one = assign(&mut desk, None, None);
    assert_eq!((one.assignee, one.team), (None, None), "nobody and no team");
}

/// L134: what is closed is given to nobody anew.
#[test]
fn a_closed_conversation_stays_with_nobody_new() {
    let mut desk = desk();
    missed(&mut desk);
    let file = Box::new(only(&desk));
    desk.tell(Input::Conversation { file, wish: ConversationWish::Close, who: "m".to_owned() });
    let one = assign(&mut desk, None, Some("alone"));
    assert_eq!((owner(&one), because(&desk)), (None, None));
}

/// L134, L101: a workflow after the call changes the team.
#[test]
fn a_workflow_after_the_call_gives_it_to_the_next_of_the_team() {
    let workflow = "  - {name: late, trigger: call_ended, delay: 30s, steps: [{name: a, assign: {team: alone}, next: b}, {name: b, tag: seen, next: end}]}\n";
    let mut desk = Desk::open_with(office(workflow));
    let caller = desk.calls(CUSTOMER, "+827012345670");
    desk.hangs_up(caller);
    let due = desk.commands.iter().find_map(|command| match command {
        Command::Keep(KeepCommand::FollowUpPlanned(one)) => Some(one.id()),
        _ => None,
    });
    desk.passes(60);
    let file = Some(Box::new(only(&desk)));
    desk.tell(Input::FollowUp { id: due.unwrap(), file });
    let one = only(&desk);
    assert_eq!((owner(&one), one.team.as_ref().unwrap().0.as_str()), (Some("101"), "alone"));
    assert_eq!(because(&desk), Some(ByTurn::Chosen(Chosen::FewestInProgress)));
}

/// L117, L134: a customer who waits comes to the new team, where somebody is free.
#[test]
fn a_waiting_customer_comes_to_the_new_team() {
    let mut desk = desk();
    for agent in ["102", "103"] {
        let caller = desk.calls("01000000000", TEAM);
        desk.clip_ends(caller);
        desk.answers(desk.phone(agent));
    }
    let caller = desk.calls(CUSTOMER, TEAM);
    desk.clip_ends(caller);
    let waiting = desk.engine.live().calls.into_iter().find(|call| call.from == CUSTOMER).unwrap();
    assert_eq!(waiting.stage, Stage::Queued);
    let one = assign(&mut desk, None, Some("alone"));
    assert_eq!(one.team.unwrap().0, "alone");
    assert_eq!(desk.rung()[desk.rung().len() - 2..], ["101", "101-soft"]);
    desk.answers(desk.phone("101"));
    desk.hangs_up(caller);
    let record = desk.ended.iter().find(|record| record.from == CUSTOMER).unwrap();
    assert_eq!(record.agent, Some(extension("101")));
    let moved = |decision: &Decision| matches!(decision, Decision::MovedByHand { .. });
    let told = record.trail.iter().find(|entry| moved(&entry.decision)).unwrap();
    let (ko, en) = (told.decision.words(Language::Ko), told.decision.words(Language::En));
    assert!(en.contains("minji") && en.contains("'alone'"), "{en}");
    assert!(ko.contains("minji") && ko.contains("'alone' 팀"), "{ko}");
}
