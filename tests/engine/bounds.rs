//! More calls than can be carried, admins who end calls, and the end of the daemon.

use naru::engine::input::Input;
use naru::history::call_id::CallId;
use naru::history::call_record::Outcome;
use naru::history::missed_reason::MissedReason;
use naru::leg::{HangupCause, LegEvent, LegId};

use crate::simulation::Desk;

#[test]
fn the_501st_call_is_turned_away_and_emergency_calls_still_go_out() {
    let mut desk = Desk::open();
    for _ in 0..1_000 {
        desk.dials("101", "*43");
    }
    let refused = desk.dials("101", "*43");
    assert_eq!(desk.hung_up(refused), Some(HangupCause::Overloaded));
    let customer = desk.calls("01098765432", "+827012345671");
    assert_eq!(desk.hung_up(customer), Some(HangupCause::Overloaded));
    assert_eq!(desk.ended.len(), 2);
    assert_eq!(desk.ended[0].outcome, Some(Outcome::Failed));
    assert_eq!(desk.ended[1].missed_reason, Some(MissedReason::ConcurrencyLimit));
    let emergency = desk.dials("102", "119");
    assert_eq!(desk.hung_up(emergency), None);
    assert_eq!(desk.rung(), ["carrier:119"]);
}

#[test]
fn an_orderly_stop_ends_every_leg_and_writes_every_record() {
    // R3
    let mut desk = Desk::open();
    let talking = desk.dials("101", "102");
    desk.answers(desk.phone("102"));
    let ringing = desk.calls("01098765432", "+827012345672");
    let phone = desk.phone("103");
    desk.rings(phone);
    let greeting = desk.calls("01098765432", "+827012345671");
    desk.tell(Input::Stop);
    for leg in [talking, desk.phone("102"), ringing, phone, greeting] {
        assert_eq!(desk.hung_up(leg), Some(HangupCause::Stopping), "{leg}");
    }
    let outcomes: Vec<_> = desk.ended.iter().map(|record| record.outcome.unwrap()).collect();
    assert_eq!(outcomes, [Outcome::Answered, Outcome::Missed, Outcome::Missed]);
    assert!(desk.engine.live().calls.is_empty());
    let late = desk.dials("101", "102");
    assert_eq!(desk.hung_up(late), Some(HangupCause::Stopping));
    assert_eq!(desk.ended.len(), 4);
}

#[test]
fn an_admin_may_end_a_call() {
    let mut desk = Desk::open();
    let caller = desk.calls("01098765432", "+827012345672");
    desk.tell(Input::HangUp { call: CallId(1) });
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Declined));
    assert_eq!(desk.record().missed_reason, Some(MissedReason::RejectedByOperator));
    desk.tell(Input::HangUp { call: CallId(1) });
    desk.tell(Input::HangUp { call: CallId(99) });

    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    desk.answers(desk.phone("102"));
    desk.tell(Input::HangUp { call: CallId(1) });
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}

#[test]
fn news_of_what_is_gone_is_ignored() {
    let mut desk = Desk::open();
    let stranger = LegId::placed(77);
    desk.rings(stranger);
    desk.answers(stranger);
    desk.tell(Input::Leg(LegEvent::Held { leg: stranger }));
    desk.tell(Input::MediaLost { leg: stranger });
    desk.ends(stranger, HangupCause::Normal);
    assert!(desk.commands.is_empty());
}
