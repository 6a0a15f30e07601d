//! Which keys of a call a console sees (S70).

use naru::engine::input::Input;
use naru::leg::LegId;
use naru::live::Update;

use crate::simulation::Desk;

const DIRECT: &str = "+827012345672";

fn presses(desk: &mut Desk, leg: LegId, keys: &str) {
    for digit in keys.chars() {
        desk.tell(Input::Digit { leg, digit });
    }
}

fn keys(desk: &Desk) -> String {
    desk.engine.live().calls[0].keys.clone()
}

#[test]
fn a_customers_keys_are_seen_as_they_are_pressed() {
    let mut desk = Desk::open();
    let caller = desk.calls("01098765432", DIRECT);
    presses(&mut desk, caller, "1#");
    assert_eq!(keys(&desk), "1#");
    let told: Vec<&str> = desk
        .updates
        .iter()
        .filter_map(|update| match update {
            Update::Call { call } => Some(call.keys.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["", "1", "1#"]);
    presses(&mut desk, LegId::placed(99), "9");
    assert_eq!(keys(&desk), "1#", "a leg of no call");
}

#[test]
fn what_is_typed_while_people_talk_is_not_shown() {
    let mut desk = Desk::open();
    let caller = desk.calls("01098765432", DIRECT);
    let agent = desk.phone("103");
    desk.answers(agent);
    presses(&mut desk, caller, "1234");
    presses(&mut desk, agent, "5");
    assert_eq!(keys(&desk), "");
}

#[test]
fn keys_do_not_grow_without_end() {
    let mut desk = Desk::open();
    let caller = desk.calls("01098765432", DIRECT);
    presses(&mut desk, caller, &"0".repeat(63));
    presses(&mut desk, caller, "12");
    assert_eq!(keys(&desk), format!("{}12", "0".repeat(62)));
}
