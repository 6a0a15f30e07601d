//! When calls are recorded: who is told first, and what `*1` and the console do.

use std::time::Duration;

use naru::engine::command::{Command, RecordCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::recording_name::{Kept, RecordingName};
use naru::history::trail::trail::Decision;
use naru::leg::{LegId, RecordingEnd, RecordingId, RecordingWish, Side};
use naru::live::Recorded;
use naru::office::announcement::{Situation, Sound};
use naru::office::call_recording::Format;
use naru::office::language::Language;

use crate::simulation::{Desk, office_with};

const FIRST: RecordingId = RecordingId(1);
const NUMBER: &str = "+827012345672";

fn recorded_number() -> Desk {
    let number = r#"route: {agent: "103"}, ringback: national"#;
    Desk::open_with(office_with(number, &format!("{number}, recording: on")))
}

fn notice(language: Language) -> Sound {
    Sound::BuiltIn { situation: Situation::Recording, language }
}

fn heard(desk: &Desk, leg: LegId) -> Option<Sound> {
    desk.hears(leg).map(|(_, sound)| sound)
}

fn is_recorded(desk: &Desk) -> bool {
    desk.commands
        .iter()
        .any(|command| matches!(command, Command::Record(RecordCommand::Begin { .. })))
}

fn tracks(desk: &Desk) -> Vec<(LegId, Side)> {
    let tracks = desk.commands.iter().filter_map(|command| match command {
        Command::Record(RecordCommand::AddLeg { recording: FIRST, leg, side }) => {
            Some((*leg, *side))
        }
        _ => None,
    });
    tracks.collect()
}

fn presses(desk: &mut Desk, leg: LegId, keys: &str) {
    for digit in keys.chars() {
        desk.tell(Input::Digit { leg, digit });
    }
}

fn state(desk: &Desk) -> Recorded {
    desk.engine.live().calls[0].recorded
}

/// L51, and consent: told before the phones ring, recorded from the answer on.
#[test]
fn a_customer_is_told_before_anybody_can_answer() {
    let mut desk = recorded_number();
    let caller = desk.calls("+81312345678", NUMBER);
    assert_eq!(heard(&desk, caller), Some(notice(Language::Ja)));
    assert_eq!(desk.rung(), [""; 0], "nobody rings before the notice is over");
    desk.clip_ends(caller);
    let phone = desk.phone("103");
    assert!(!is_recorded(&desk), "waiting is not recorded");
    desk.answers(phone);
    let call = desk.started[0].id;
    let begun = Command::Record(RecordCommand::Begin {
        recording: FIRST,
        call,
        kept: Kept::Conversation,
        length: Duration::from_secs(3_600),
        silence: None,
    });
    assert!(
        desk.place(&Command::Sound(SoundCommand::Join { one: caller, other: phone }))
            < desk.place(&begun)
    );
    assert_eq!(tracks(&desk), [(caller, Side::Customer), (phone, Side::Office)]);
    let name = RecordingName { call, kept: Kept::Conversation, part: 1, format: Format::Opus };
    desk.tell(Input::RecordingBegan { recording: FIRST, name });
    assert_eq!(state(&desk), Recorded::On);
    desk.hangs_up(caller);
    desk.place(&Command::Record(RecordCommand::End { recording: FIRST }));
    let named = "call-1-1.opus".to_owned();
    assert!(desk.decided(|decision| *decision == Decision::RecordingBegan { name: named.clone() }));
}

#[test]
fn a_caller_nobody_answers_is_not_recorded() {
    let mut desk = recorded_number();
    let caller = desk.calls("+821055556666", NUMBER);
    desk.clip_ends(caller);
    desk.passes(200);
    assert!(!is_recorded(&desk));
    desk.record();
}

/// Whoever is called outside cannot be told before they answer; then first of all.
#[test]
fn whoever_is_called_outside_is_told_when_they_answer() {
    let mut desk = recorded_number();
    let agent = desk.dials("103", "0312345678");
    let outside = desk.outside().leg;
    desk.answers(outside);
    assert_eq!(heard(&desk, outside), Some(notice(Language::Ko)));
    assert!(!is_recorded(&desk));
    desk.commands.clear();
    desk.tell(Input::PlayEnded { leg: outside, play: naru::leg::PlayId(99) });
    assert!(!is_recorded(&desk), "another clip");
    desk.passes(70);
    assert!(desk.is_joined(agent, outside), "a word that is lost holds nobody up");
    assert_eq!(tracks(&desk), [(outside, Side::Customer), (agent, Side::Office)]);
}

#[test]
fn an_emergency_call_and_a_colleagues_are_never_recorded_by_themselves() {
    for dialled in ["112", "102"] {
        let mut desk = recorded_number();
        desk.dials("103", dialled);
        let leg = if dialled == "112" { desk.outside().leg } else { desk.phone("102") };
        desk.answers(leg);
        desk.passes(100);
        assert!(!is_recorded(&desk), "{dialled}");
        assert_eq!(heard(&desk, leg), None, "{dialled}");
    }
}

#[test]
fn star_one_begins_pauses_and_resumes() {
    let mut desk = Desk::open();
    let caller = desk.calls("+12125550100", NUMBER);
    let agent = desk.phone("103");
    desk.answers(agent);
    presses(&mut desk, caller, "*1");
    presses(&mut desk, agent, "1*");
    desk.passes(3);
    presses(&mut desk, agent, "1");
    assert_eq!(desk.hears(caller).map(|(_, sound)| sound), None, "neither a customer nor chance");
    presses(&mut desk, agent, "*1");
    assert_eq!(heard(&desk, caller), Some(notice(Language::En)));
    desk.clip_ends(caller);
    assert_eq!((state(&desk), tracks(&desk).len()), (Recorded::On, 2));
    presses(&mut desk, agent, "*1");
    assert_eq!(state(&desk), Recorded::Paused);
    desk.place(&Command::Record(RecordCommand::Pause { recording: FIRST }));
    presses(&mut desk, agent, "*1");
    assert_eq!(state(&desk), Recorded::On);
    desk.place(&Command::Record(RecordCommand::Resume { recording: FIRST }));
}

#[test]
fn the_console_may_end_a_recording_and_begin_another() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    let phone = desk.phone("102");
    desk.answers(phone);
    let call = desk.started[0].id;
    for wish in [RecordingWish::Pause, RecordingWish::Resume, RecordingWish::End] {
        desk.tell(Input::Record { call, wish });
        assert_eq!(state(&desk), Recorded::Off);
    }
    desk.tell(Input::Record { call, wish: RecordingWish::Begin });
    desk.clip_ends(phone);
    assert!(desk.is_joined(caller, phone));
    desk.tell(Input::Record { call, wish: RecordingWish::Begin });
    desk.tell(Input::Record { call, wish: RecordingWish::End });
    desk.place(&Command::Record(RecordCommand::End { recording: FIRST }));
    desk.tell(Input::Record { call, wish: RecordingWish::Begin });
    desk.clip_ends(phone);
    let second = RecordingId(2);
    assert_eq!(state(&desk), Recorded::On);
    let (end, length, spoken) = (RecordingEnd::NoDisk, Duration::ZERO, Duration::ZERO);
    desk.tell(Input::RecordingEnded { recording: FIRST, call, end, length, spoken });
    assert_eq!(state(&desk), Recorded::On, "that was the other one");
    desk.tell(Input::RecordingEnded { recording: second, call, end, length, spoken });
    assert_eq!(state(&desk), Recorded::Off);
    desk.hangs_up(caller);
    assert!(desk.decided(|decision| *decision == Decision::RecordingEnded { end, seconds: 0 }));
}
