//! Whom the office knows, whom it learns, and whom it does not put through.

use naru::engine::command::{Command, KeepCommand, LegCommand};
use naru::history::call_record::Outcome;
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::Decision;
use naru::leg::HangupCause;
use naru::office::announcement::{Situation, Sound};
use naru::office::language::Language;
use naru::office::snapshot::Office;

use crate::simulation::{Desk, office_with};

const CUSTOMERS: &str = "customers:
  - {number: \"+81312345678\", also: [\"+821011112222\"], name: 田中, language: en}
  - {number: \"+821022223333\", name: 이서연, language: ko, tags: [vip]}
  - {number: \"+821099990000\", blocked: true}
policies:";

fn office() -> Office {
    office_with("policies:", CUSTOMERS)
}

fn greeting(language: Language) -> Sound {
    Sound::BuiltIn { situation: Situation::Greeting, language }
}

#[test]
fn a_customer_is_called_by_name_on_phones_and_in_the_record() {
    // L1, L21
    let mut desk = Desk::open_with(office());
    let caller = desk.calls("01022223333", "+827012345672");
    let rung = desk.commands.iter().find_map(|command| match command {
        Command::Leg(LegCommand::Ring(request)) => Some(request.caller_name.clone()),
        _ => None,
    });
    assert_eq!(rung.as_deref(), Some("이서연"));
    assert_eq!(desk.engine.live().calls[0].from_name, "이서연");
    desk.hangs_up(caller);
    assert_eq!(desk.record().from_name, "이서연");
    assert!(desk.decided(|decision| matches!(decision, Decision::CustomerKnown { .. })));
}

#[test]
fn the_profile_decides_the_language_before_the_country() {
    // S104, S105; by a further number too
    for (caller, language) in [
        ("+81312345678", Language::En),
        ("+821011112222", Language::En),
        ("+821022223333", Language::Ko),
        ("+821000000000", Language::Ko),
    ] {
        let mut desk = Desk::open_with(office());
        let leg = desk.calls(caller, "+827012345671");
        assert_eq!(desk.hears(leg).unwrap().1, greeting(language), "{caller}");
    }
}

#[test]
fn a_blocked_customer_rings_nobody_and_is_missed() {
    // L67, L194
    let mut desk = Desk::open_with(office());
    let caller = desk.calls("+821099990000", "+827012345672");
    assert!(desk.rung().is_empty());
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Declined));
    let record = desk.record();
    assert_eq!(record.outcome, Some(Outcome::Missed));
    assert_eq!(record.missed_reason, Some(MissedReason::BlockedUser));
}

#[test]
fn a_blocked_customer_is_not_called_either() {
    // L48
    let mut desk = Desk::open_with(office());
    let caller = desk.dials("101", "01099990000");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Forbidden));
    assert_eq!(desk.record().outcome, Some(Outcome::Failed));
    assert!(desk.decided(|decision| *decision == Decision::CustomerBlocked));
    assert!(desk.rung().is_empty());
}

#[test]
fn an_unknown_number_becomes_a_lead_and_a_customers_does_not() {
    // L21, L43
    let mut desk = Desk::open_with(office());
    let leads = |desk: &Desk| -> Vec<String> {
        let met = desk.commands.iter().filter_map(|command| match command {
            Command::Keep(KeepCommand::LeadMet(lead)) => Some(lead.number.to_string()),
            _ => None,
        });
        met.collect()
    };
    desk.calls("+821022223333", "+827012345672");
    desk.calls("", "+827012345672");
    desk.calls("01012345678", "+827012345699");
    assert!(leads(&desk).is_empty(), "a customer, a withheld number, a number not ours");
    desk.calls("01012345678", "+827012345670");
    desk.dials("103", "02-1234-5678");
    assert_eq!(leads(&desk), ["+821012345678", "+82212345678"]);
}
