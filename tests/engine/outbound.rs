//! Agents call the world.

use naru::duty::DutyWish;
use naru::engine::command::{Command, LegCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::call_record::{Direction, Outcome};
use naru::history::trail::trail::{Decision, TrailEntry};
use naru::leg::{HangupCause, SoundTrouble, Target};
use naru::office::language::Language;
use naru::office::trunk::TrunkName;

use crate::simulation::{Desk, extension, office, office_with};

#[test]
fn the_number_shown_is_the_callers_own_else_their_teams_else_the_default() {
    // S79, S80, L44
    for (device, shown, by) in [
        ("103", "+827012345672", "carrier:+821098765432"),
        ("102", "+827012345671", "carrier:+821098765432"),
        ("101", "025550100", "second:01098765432"),
    ] {
        let mut desk = Desk::open();
        desk.dials(device, "010-9876-5432");
        assert_eq!(desk.rung(), [by], "{device}");
        assert_eq!(desk.outside().caller_number, shown, "{device}");
    }
    let mut desk = Desk::open_with(office_with("route: {agent: \"101\"}", "route: off"));
    desk.dials("101", "01098765432");
    assert_eq!(desk.outside().caller_number, "+8215881234", "the default's presented number");
}

#[test]
fn a_call_rings_is_answered_and_ends() {
    let mut desk = Desk::open();
    let caller = desk.dials("103", "0081312345678");
    let outside = desk.outside().leg;
    assert_eq!(desk.outside().like, Some(caller));
    desk.rings(outside);
    desk.place(&Command::Leg(LegCommand::Ringing { leg: caller }));
    desk.passes(8);
    desk.answers(outside);
    let answer = desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: Some(outside) }));
    assert!(
        answer < desk.place(&Command::Sound(SoundCommand::Join { one: caller, other: outside }))
    );
    desk.passes(60);
    desk.hangs_up(outside);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Normal));
    let record = desk.record();
    assert_eq!(record.direction, Direction::Outbound);
    assert_eq!((record.from.as_str(), record.to.as_str()), ("103", "+81312345678"));
    assert_eq!(record.outcome, Some(Outcome::Answered));
    assert_eq!(record.agent.as_ref().unwrap().as_str(), "103");
    assert_eq!(record.number.as_ref().unwrap().as_str(), "+827012345672");
    assert_eq!(record.presented.as_ref().unwrap().as_str(), "+827012345672");
}

/// Whoever reads it knows whom to ask; the trunk's name says nothing about that.
#[test]
fn a_customer_who_is_not_heard_is_named_by_their_number() {
    let trouble = SoundTrouble::Unheard {
        described: "192.0.2.7:4000".parse().unwrap(),
        stranger: None,
        seconds: 5,
    };
    let told = |desk: &Desk| -> Vec<String> {
        let trail = &desk.record().trail;
        let odd = |entry: &&TrailEntry| {
            let (Decision::SoundOdd { .. } | Decision::SoundLost { .. }) = entry.decision else {
                return false;
            };
            true
        };
        trail.iter().filter(odd).map(|entry| entry.decision.words(Language::En)).collect()
    };
    let mut desk = Desk::open();
    let caller = desk.dials("103", "0081312345678");
    let outside = desk.outside().leg;
    desk.answers(outside);
    desk.tell(Input::SoundTrouble { leg: outside, trouble });
    desk.tell(Input::SoundTrouble { leg: caller, trouble });
    desk.tell(Input::MediaLost { leg: outside });
    let lines = told(&desk);
    assert!(lines[0].starts_with("'+81312345678' is not heard"), "{lines:?}");
    assert!(lines[1].starts_with("'103' is not heard"), "{lines:?}");
    assert!(lines[2].contains("+81312345678"), "{lines:?}");

    let mut desk = Desk::open_with(office_with("route: {agent: \"101\"}", "route: off"));
    let customer = desk.calls("+821055501234", "+827012345670");
    desk.tell(Input::SoundTrouble { leg: customer, trouble });
    desk.hangs_up(customer);
    let lines = told(&desk);
    assert!(lines[0].starts_with("'+821055501234' is not heard"), "{lines:?}");
}

#[test]
fn sound_before_the_answer_reaches_the_caller_once() {
    let mut desk = Desk::open();
    let caller = desk.dials("103", "01098765432");
    let outside = desk.outside().leg;
    desk.sounds(outside);
    desk.sounds(outside);
    desk.rings(outside);
    let early = Command::Leg(LegCommand::EarlyMedia { leg: caller, like: Some(outside) });
    assert!(
        desk.place(&early)
            < desk.place(&Command::Sound(SoundCommand::Join { one: caller, other: outside }))
    );
    assert_eq!(desk.commands.iter().filter(|command| **command == early).count(), 1);
    assert!(!desk.commands.contains(&Command::Leg(LegCommand::Ringing { leg: caller })));
    desk.answers(outside);
    desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: Some(outside) }));
}

#[test]
fn what_the_far_end_says_is_told_to_the_caller_and_kept() {
    for (said, told, outcome) in [
        (HangupCause::Busy, HangupCause::Busy, Outcome::Busy),
        (HangupCause::NoAnswer, HangupCause::NoAnswer, Outcome::NoAnswer),
        (HangupCause::Declined, HangupCause::Declined, Outcome::NoAnswer),
        (HangupCause::NotFound, HangupCause::NotFound, Outcome::Failed),
        (HangupCause::Unreachable, HangupCause::Unreachable, Outcome::Failed),
        (HangupCause::Overloaded, HangupCause::Overloaded, Outcome::Failed),
        (HangupCause::Failed { status: 502 }, HangupCause::Failed { status: 502 }, Outcome::Failed),
        (HangupCause::Failed { status: 407 }, HangupCause::Failed { status: 500 }, Outcome::Failed),
        (HangupCause::Failed { status: 302 }, HangupCause::Failed { status: 500 }, Outcome::Failed),
    ] {
        let mut desk = Desk::open();
        let caller = desk.dials("103", "01098765432");
        desk.ends(desk.outside().leg, said);
        assert_eq!(desk.hung_up(caller), Some(told), "{said:?}");
        assert_eq!(desk.record().outcome, Some(outcome), "{said:?}");
        assert_eq!(desk.record().cause, Some(said));
        assert_eq!(desk.rung().len(), 1, "no second try, no redirection is followed");
    }
}

/// The trail says who answered, not who dialled.
#[test]
fn the_outside_answers_and_whoever_dialled_has_the_call() {
    let mut desk = Desk::open();
    let caller = desk.dials("103", "01098765432");
    desk.answers(desk.outside().leg);
    desk.ends(caller, HangupCause::Normal);
    assert_eq!(desk.record().agent.as_ref().map(|agent| agent.as_str()), Some("103"));
    let answered = |decision: &Decision| match decision {
        Decision::Answered { agent, .. } => agent.is_none(),
        _ => false,
    };
    assert!(desk.decided(answered));
}

#[test]
fn the_caller_may_give_up_and_nobody_rings_for_ever() {
    let mut desk = Desk::open();
    let caller = desk.dials("103", "01098765432");
    desk.rings(desk.outside().leg);
    desk.ends(caller, HangupCause::Cancelled);
    assert_eq!(desk.hung_up(desk.outside().leg), Some(HangupCause::Cancelled));
    assert_eq!(desk.record().outcome, Some(Outcome::Cancelled));

    let mut desk = Desk::open();
    let caller = desk.dials("103", "01098765432");
    desk.rings(desk.outside().leg);
    desk.passes(120);
    assert_eq!(desk.hung_up(caller), Some(HangupCause::NoAnswer));
    assert_eq!(desk.record().outcome, Some(Outcome::NoAnswer));
}

#[test]
fn only_the_allowed_countries_are_dialled_and_never_premium_numbers() {
    // L47, P8, S8 of the goals
    for (dialled, premium) in [
        ("+12125550100", false),
        ("0012125550100", false),
        ("+8821234567", false),
        ("060-700-1234", true),
    ] {
        let mut desk = Desk::open();
        let caller = desk.dials("103", dialled);
        assert_eq!(desk.hung_up(caller), Some(HangupCause::Forbidden), "{dialled}");
        assert!(desk.rung().is_empty());
        assert_eq!(desk.record().outcome, Some(Outcome::Failed));
        assert!(desk.decided(|decision| match decision {
            Decision::CountryNotAllowed { .. } => !premium,
            Decision::PremiumNotAllowed { .. } => premium,
            _ => false,
        }));
    }
}

#[test]
fn without_a_number_to_show_nothing_goes_out() {
    let mut desk = Desk::open_with({
        let mut office = office();
        office.numbers.clear();
        office
    });
    let caller = desk.dials("101", "01098765432");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Forbidden));
    assert!(desk.decided(|decision| matches!(decision, Decision::NoNumberToShow)));
}

#[test]
fn who_is_not_in_their_seat_calls_nobody_outside_but_for_help() {
    // L45
    let mut desk = Desk::open();
    let wish = |seat| Input::Agent { agent: extension("103"), wish: DutyWish::Seat(seat) };
    desk.tell(wish(false));
    let caller = desk.dials("103", "01098765432");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Forbidden));
    assert!(desk.rung().is_empty());
    assert!(desk.decided(|decision| matches!(decision, Decision::NoSeatToCall { .. })));
    desk.tell(Input::Originate {
        agent: extension("103"),
        dialled: "01098765432".to_owned(),
        number: None,
    });
    assert!(desk.rung().is_empty(), "nor when it is asked for elsewhere");
    let caller = desk.dials("103", "102");
    assert_eq!(desk.rung(), ["102"], "a colleague");
    desk.hangs_up(caller);
    let caller = desk.dials("103", "119");
    assert_eq!(desk.rung().last().unwrap(), "carrier:119");
    desk.hangs_up(caller);
    desk.tell(wish(true));
    desk.dials("103", "01098765432");
    assert_eq!(desk.rung().last().unwrap(), "carrier:+821098765432");
}

#[test]
fn without_a_trunk_nothing_goes_out() {
    let mut desk = Desk::open_with({
        let mut office = office();
        office.trunks.clear();
        office
    });
    let caller = desk.dials("101", "01098765432");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Forbidden));
    assert!(desk.decided(|decision| matches!(decision, Decision::NoTrunk)));
}

#[test]
fn emergency_numbers_go_out_before_every_other_rule() {
    let mut office = office();
    office.numbers.clear();
    office.dial_out.countries.clear();
    let mut desk = Desk::open_with(office);
    desk.dials("101", "119");
    assert_eq!(desk.rung(), ["carrier:119"]);
    assert_eq!(desk.outside().caller_number, "");

    let mut desk = Desk::open();
    let caller = desk.dials("103", "112");
    assert_eq!(desk.rung(), ["carrier:112"]);
    assert_eq!(desk.outside().caller_number, "+827012345672");
    desk.answers(desk.outside().leg);
    assert!(desk.is_joined(caller, desk.outside().leg));
}

#[test]
fn a_trunk_carries_calls_to_its_own_countries_only() {
    // P8: the office dials Japan, but not by the trunk that brings the number shown.
    let carrier = "presentable: [\"+8215881234\"]";
    let mut desk =
        Desk::open_with(office_with(carrier, &format!("{carrier}, countries: [\"+82\"]")));
    let caller = desk.dials("102", "0081312345678");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::Forbidden));
    assert!(desk.decided(|decision| matches!(decision, Decision::CountryNotOnTrunk { .. })));
    let mut desk =
        Desk::open_with(office_with(carrier, &format!("{carrier}, countries: [\"+82\"]")));
    desk.dials("102", "02-123-4567");
    assert_eq!(
        desk.outside().target.clone(),
        Target::Trunk { trunk: TrunkName("carrier".to_owned()), dialled: "+8221234567".to_owned() }
    );
    // Emergency numbers stand before every rule.
    let mut desk = Desk::open_with(office_with(carrier, &format!("{carrier}, countries: []")));
    desk.dials("102", "119");
    assert!(matches!(desk.outside().target, Target::Trunk { .. }));
}

#[test]
fn a_carriers_prefix_does_not_lead_to_north_america() {
    // L47: 001 before another country's number.
    let countries = "countries: [\"+82\", \"+81\"]";
    let mut desk = Desk::open_with(office_with(countries, "countries: [\"+82\", \"+81\", \"+1\"]"));
    let caller = desk.dials("102", "00181312345678");
    assert_eq!(desk.hung_up(caller), Some(HangupCause::NotFound));
    assert!(desk.rung().is_empty());
}

#[test]
fn a_trunk_writes_and_reads_numbers_in_its_own_form() {
    // P8, L47: what is dialled has the trunk's prefixes, what is shown has not
    let carrier = r#"blocks: ["+827012345600-+827012345699"]"#;
    for (form, home, abroad, shown) in [
        ("format: digits", "821098765432", "81312345678", "827012345672"),
        ("format: international", "00821098765432", "0081312345678", "00827012345672"),
        (
            r##"format: national, international_prefix: "001", prefix: "9#""##,
            "9#01098765432",
            "9#00181312345678",
            "07012345672",
        ),
    ] {
        let office = office_with(carrier, &format!("{carrier}, {form}"));
        let mut desk = Desk::open_with(office);
        for (dialled, expected) in [("010-9876-5432", home), ("0081312345678", abroad)] {
            let caller = desk.dials("103", dialled);
            let request = desk.outside();
            let Target::Trunk { dialled, .. } = request.target else { panic!("no trunk") };
            assert_eq!((dialled.as_str(), request.caller_number.as_str()), (expected, shown));
            desk.hangs_up(caller);
        }
        let to_us = home.replace("1098765432", "7012345672").replace("9#010", "9#070");
        let caller = abroad.strip_prefix("9#").unwrap_or(abroad);
        let leg = desk.calls(caller, &to_us);
        assert_eq!(desk.rung().last().unwrap(), "103", "{form}: {to_us}");
        desk.hangs_up(leg);
        assert_eq!(desk.ended.last().unwrap().from, "+81312345678", "{form}");
        desk.dials("103", "112");
        let Target::Trunk { dialled, .. } = desk.outside().target else { panic!("no trunk") };
        assert_eq!(dialled, "112", "{form}: emergency numbers go out bare");
    }
}
