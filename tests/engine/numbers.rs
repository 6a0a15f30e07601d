//! What a number does with its calls: each has its own trunk, route, workflow and ring time.

use naru::engine::input::Input;
use naru::history::missed_reason::MissedReason;
use naru::leg::{Arrival, HangupCause, LegEvent, LegId, Origin};
use naru::office::announcement::{Situation, Sound};
use naru::office::document::document::parse;
use naru::office::language::Language;
use naru::office::trunk::TrunkName;

use crate::simulation::{Desk, OFFICE};
use crate::workflows;

const CUSTOMER: &str = "01098765432";

fn said(situation: Situation) -> Sound {
    Sound::BuiltIn { situation, language: Language::Ko }
}

#[test]
fn numbers_of_every_trunk_are_the_offices_own() {
    // S5, P4: a Seoul number of another provider beside an issued one.
    let mut desk = Desk::open();
    let leg = LegId::arrived(77);
    desk.tell(Input::Leg(LegEvent::Arrived(Arrival {
        leg,
        origin: Origin::Trunk(TrunkName("second".to_owned())),
        dialled: "02-555-0100".to_owned(),
        caller_number: CUSTOMER.to_owned(),
        caller_name: String::new(),
    })));
    assert_eq!(desk.hears(leg).unwrap().1, said(Situation::Greeting));
    desk.clip_ends(leg);
    assert_eq!(desk.rung(), ["101", "101-soft"]);
    desk.hangs_up(leg);
    let issued = desk.calls(CUSTOMER, "+827012345672");
    assert_eq!(desk.rung()[2..], ["103"]);
    desk.hangs_up(issued);
    let numbers = desk.ended.iter().map(|record| record.number.as_ref().unwrap().as_str());
    assert_eq!(numbers.collect::<Vec<_>>(), ["+8225550100", "+827012345672"]);
}

#[test]
fn a_route_rings_those_and_nobody_else() {
    // S81, S84, S86, S92
    for (route, rung) in [
        ("{agent: \"103\"}", vec!["103"]),
        ("{team: support}", vec!["102", "103"]),
        ("off", vec!["101", "101-soft", "102"]),
    ] {
        let office = OFFICE.replacen("route: off", &format!("route: {route}"), 1);
        let mut desk = Desk::open_with(parse(&office, None).unwrap());
        desk.calls(CUSTOMER, "+827012345670");
        assert_eq!(desk.rung(), rung, "{route}");
    }
}

#[test]
fn each_number_has_a_workflow_of_its_own() {
    // S90, S91
    let mut office = workflows::office("{workflow: main}");
    let own = workflows::office("{workflow: second}");
    let (first, other) = ("+827012345670", "+827012345671");
    let route = own.numbers.values().find(|number| number.number.as_str() == first).unwrap();
    let number = office.numbers.values_mut().find(|number| number.number.as_str() == other);
    number.unwrap().route = route.route.clone();
    let mut desk = Desk::open_with(office);
    let menu = desk.calls(CUSTOMER, first);
    let closed = desk.calls("01011112222", other);
    assert_eq!(desk.hears(menu).unwrap().1, said(Situation::Greeting));
    assert_eq!(desk.hears(closed).unwrap().1, said(Situation::Closed));
    desk.clip_ends(closed);
    assert_eq!(desk.hung_up(closed), Some(HangupCause::Normal), "L86: its last word");
    assert_eq!(desk.hung_up(menu), None, "the other's menu waits for a key");
}

#[test]
fn time_in_a_menu_is_no_ring_time() {
    // S34: the clock runs only while phones ring, and then all of it.
    let mut office = workflows::office("{workflow: main}");
    let number = office.numbers.values_mut().find(|one| one.number.as_str() == "+827012345670");
    let ring_time = number.unwrap().ring_time.get();
    let mut desk = Desk::open_with(office);
    let caller = desk.calls(CUSTOMER, "+827012345670");
    desk.clip_ends(caller);
    desk.passes(5);
    desk.clip_ends(caller);
    desk.passes(4);
    desk.presses(caller, '1');
    let phones = ["102", "103"].map(|phone| desk.phone(phone));
    desk.rings(phones[0]);
    desk.passes(ring_time.as_secs() - 1);
    assert_eq!(phones.map(|phone| desk.hung_up(phone)), [None, None]);
    desk.passes(1);
    assert_eq!(desk.hung_up(phones[0]), Some(HangupCause::NoAnswer));
    desk.clip_ends(caller);
    let record = desk.record();
    assert_eq!(record.missed_reason, Some(MissedReason::RingTimeOver));
    assert_eq!(record.clocks.ringing, i64::try_from(ring_time.as_millis()).unwrap());
    assert_eq!(record.first_waiting.unwrap() - record.started, 9_000, "L154");
}
