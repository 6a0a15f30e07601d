//! A sound asked for at the API and heard on the agent's own phone.

use std::time::Duration;

use naru::engine::dialling::WantedSound;
use naru::engine::input::Input;
use naru::history::call_record::{Direction, Outcome};
use naru::history::trail::trail::{Decision, Skip};
use naru::leg::HangupCause;
use naru::live::AgentState;
use naru::office::announcement::{Situation, Sound};
use naru::office::language::Language;
use naru::office::recording::SoundHash;

use crate::simulation::{Desk, extension};

fn recorded() -> Sound {
    Sound::Recorded(SoundHash::of(b"greeting"))
}

fn asks(desk: &mut Desk, agent: &str, sound: Sound, seconds: u64) {
    let length = Duration::from_secs(seconds);
    let listening = WantedSound { sound, name: "인사.mp3".to_owned(), length };
    desk.tell(Input::PlayTo { agent: extension(agent), listening });
}

#[test]
fn the_phone_rings_plays_the_sound_and_is_hung_up() {
    let mut desk = Desk::open();
    asks(&mut desk, "101", recorded(), 7);
    assert_eq!(desk.rung(), ["101", "101-soft"]);
    let (own, other) = (desk.phone("101"), desk.phone("101-soft"));
    desk.rings(own);
    desk.answers(own);
    assert_eq!(desk.hung_up(other), Some(HangupCause::AnsweredElsewhere));
    assert_eq!(desk.hears(own).unwrap().1, recorded());
    assert_eq!(desk.state("101"), AgentState::Talking);
    desk.clip_ends(own);
    assert_eq!(desk.hung_up(own), Some(HangupCause::Normal));
    let record = desk.record();
    assert_eq!((record.direction, record.outcome), (Direction::Internal, Some(Outcome::Answered)));
    assert_eq!((record.from.as_str(), record.to.as_str()), ("101", "인사.mp3"));
    assert!(
        desk.decided(|why| matches!(why, Decision::SoundPlayed { name } if name == "인사.mp3"))
    );
    assert_eq!(desk.state("101"), AgentState::Waiting);
}

#[test]
fn a_built_in_announcement_is_heard_too() {
    let mut desk = Desk::open();
    let sound = Sound::BuiltIn { situation: Situation::Closed, language: Language::Ja };
    asks(&mut desk, "102", sound.clone(), 4);
    desk.answers(desk.phone("102"));
    assert_eq!(desk.hears(desk.phone("102")).unwrap().1, sound);
    desk.hangs_up(desk.phone("102"));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}

#[test]
fn nobody_picks_up_and_nothing_is_left() {
    let mut desk = Desk::open();
    asks(&mut desk, "102", recorded(), 7);
    let phone = desk.phone("102");
    desk.rings(phone);
    desk.passes(30);
    assert_eq!(desk.hung_up(phone), Some(HangupCause::NoAnswer));
    assert_eq!(desk.record().outcome, Some(Outcome::Cancelled));
    assert!(desk.engine.stray_leases().is_empty());
}

/// A long recording is heard to its end, and one whose end media never tells does not hold the
/// phone for good.
#[test]
fn only_a_sound_that_never_ends_is_cut_off() {
    let mut desk = Desk::open();
    asks(&mut desk, "102", recorded(), 1_500);
    let phone = desk.phone("102");
    desk.answers(phone);
    desk.passes(1_500);
    assert_eq!(desk.hung_up(phone), None);
    desk.passes(120);
    assert_eq!(desk.hung_up(phone), Some(HangupCause::Normal));
    assert!(desk.decided(|why| matches!(why, Decision::SoundNeverEnded { .. })));
}

#[test]
fn who_cannot_listen_is_not_rung() {
    let mut desk = Desk::open();
    desk.dials("102", "*43");
    assert_eq!(desk.engine.own_phones(&extension("102")), Some(Err(Skip::Talking)));
    asks(&mut desk, "102", recorded(), 7);
    desk.unregisters("103");
    assert_eq!(desk.engine.own_phones(&extension("103")), Some(Err(Skip::NoPhone)));
    assert_eq!(desk.engine.own_phones(&extension("199")), None);
    asks(&mut desk, "103", recorded(), 7);
    asks(&mut desk, "199", recorded(), 7);
    assert!(desk.rung().is_empty());
    let causes: Vec<_> = desk.ended.iter().map(|record| record.cause.unwrap()).collect();
    let (busy, away, unknown) =
        (HangupCause::Busy, HangupCause::Unreachable, HangupCause::NotFound);
    assert_eq!(causes, [busy, away, unknown]);
}

#[test]
fn the_office_stops_while_somebody_listens() {
    let mut desk = Desk::open();
    asks(&mut desk, "102", recorded(), 7);
    let phone = desk.phone("102");
    desk.answers(phone);
    desk.tell(Input::Stop);
    assert_eq!(desk.hung_up(phone), Some(HangupCause::Stopping));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}
