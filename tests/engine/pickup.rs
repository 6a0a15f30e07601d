//! A call that rings is taken at another phone.

use naru::duty::DutyWish;
use naru::engine::command::{Command, LegCommand};
use naru::engine::input::Input;
use naru::history::call_record::Outcome;
use naru::history::trail::trail::{Decision, PickupStory};
use naru::leg::HangupCause;
use naru::live::{AgentState, Stage};
use naru::office::language::Language;

use crate::simulation::{Desk, extension, office_with};

const CUSTOMER: &str = "+821055501234";
/// Goes to 103.
const OF_103: &str = "+827012345672";
/// Goes to the team of 102 and 103, after a greeting.
const OF_THE_TEAM: &str = "+827012345671";

fn told(desk: &Desk, language: Language) -> Vec<String> {
    let trail = desk.record().trail.iter();
    let of_pickup = trail.filter(|entry| matches!(entry.decision, Decision::Pickup { .. }));
    of_pickup.map(|entry| entry.decision.words(language)).collect()
}

#[test]
fn a_call_that_rings_elsewhere_is_picked_up_by_the_extension() {
    let with_work = "policies:\n  wrap_up: {enabled: true, limit: 2m}\n";
    let mut desk = Desk::open_with(office_with("policies:\n", with_work));
    let customer = desk.calls(CUSTOMER, OF_103);
    let rung = desk.phone("103");
    desk.rings(rung);
    desk.passes(5);
    let picker = desk.dials("101", "**103");
    let answer = Command::Leg(LegCommand::Answer { leg: picker, like: Some(customer) });
    let caller = Command::Leg(LegCommand::Answer { leg: customer, like: Some(picker) });
    assert!(desk.place(&answer) < desk.place(&caller));
    assert!(desk.is_joined(customer, picker));
    assert_eq!(desk.hung_up(rung), Some(HangupCause::AnsweredElsewhere));
    assert_eq!(desk.stage(), Some(Stage::Talking));
    assert_eq!(desk.state("101"), AgentState::Talking);
    assert_eq!(desk.state("103"), AgentState::Waiting);
    desk.passes(60);
    desk.hangs_up(picker);
    assert_eq!(desk.hung_up(customer), Some(HangupCause::Normal));
    let record = desk.record();
    assert_eq!(record.outcome, Some(Outcome::Answered));
    assert_eq!(record.agent, Some(extension("101")), "whoever talked");
    assert_eq!((record.from.as_str(), record.to.as_str()), (CUSTOMER, OF_103));
    assert_eq!(record.legs.len(), 3);
    let en = told(&desk, Language::En);
    assert_eq!(en, ["김민지 (101) picks the call up at '101' while it rings at Park (103)."]);
    let ko = told(&desk, Language::Ko);
    assert!(ko[0].starts_with("Park(103) 님 전화기에서 울리던 전화를 김민지(101) 님이"), "{ko:?}");
    assert_eq!(desk.state("101"), AgentState::WrappingUp, "their customer, their work");
}

#[test]
fn the_teams_oldest_call_is_picked_up_and_nobody_elses() {
    let mut desk = Desk::open();
    let other = desk.calls("+821055509999", "+8225550100");
    desk.clip_ends(other);
    let first = desk.calls(CUSTOMER, OF_103);
    let stranger = desk.dials("101", "*8");
    assert_eq!(desk.hung_up(stranger), Some(HangupCause::NotFound), "101 is in no team");
    let second = desk.calls("+821055505678", OF_THE_TEAM);
    desk.clip_ends(second);
    assert!(desk.rung().contains(&"102".to_owned()));
    let picker = desk.dials("102", "*8");
    assert!(desk.is_joined(first, picker), "102 and 103 are of one team, and it came first");
    assert!(!desk.is_joined(other, picker), "101 is of another");
}

#[test]
fn a_colleagues_call_is_picked_up_too_but_not_ones_own() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    let own = desk.dials("101-soft", "**102");
    assert_eq!(desk.hung_up(own), Some(HangupCause::NotFound));
    let picker = desk.dials("103", "**102");
    assert!(desk.is_joined(caller, picker));
    assert_eq!(desk.hung_up(desk.phone("102")), Some(HangupCause::AnsweredElsewhere));
}

#[test]
fn where_nothing_rings_or_it_was_just_answered_the_code_is_refused_and_told() {
    let mut desk = Desk::open();
    let lonely = desk.dials("101", "**103");
    assert_eq!(desk.hung_up(lonely), Some(HangupCause::NotFound));
    let en = told(&desk, Language::En);
    assert_eq!(en, ["Nothing rings just now that **103 could pick up."]);

    let mut desk = Desk::open();
    let customer = desk.calls(CUSTOMER, OF_103);
    desk.answers(desk.phone("103"));
    let late = desk.dials("101", "**103");
    assert_eq!(desk.hung_up(late), Some(HangupCause::NotFound), "they talk already");
    assert_eq!(desk.hung_up(customer), None);
}

#[test]
fn who_has_left_their_seat_picks_up_no_customer() {
    let mut desk = Desk::open();
    desk.tell(Input::Agent { agent: extension("101"), wish: DutyWish::Seat(false) });
    let customer = desk.calls(CUSTOMER, OF_103);
    let picker = desk.dials("101", "**103");
    assert!(!desk.is_joined(customer, picker));
    assert_eq!(desk.hung_up(picker), Some(HangupCause::NotFound));
    let refused = desk.ended.iter().flat_map(|record| &record.trail).any(|entry| {
        matches!(&entry.decision, Decision::Pickup { story: PickupStory::NoSeat { .. } })
    });
    assert!(refused);
}

/// L12: the call is theirs, but nothing rings; a colleague may still take it.
#[test]
fn a_call_given_without_a_ring_is_picked_up() {
    let mut desk = Desk::open();
    desk.tell(Input::Agent { agent: extension("103"), wish: DutyWish::DoNotDisturb(true) });
    let customer = desk.calls(CUSTOMER, OF_103);
    assert_eq!(desk.rung(), Vec::<String>::new());
    let picker = desk.dials("101", "**103");
    assert!(desk.is_joined(customer, picker));
}
