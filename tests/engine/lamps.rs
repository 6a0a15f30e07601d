//! Whose phones show that messages wait (RFC 3842, L98).

use std::collections::BTreeMap;
use std::sync::Arc;

use naru::engine::command::Command;
use naru::engine::input::Input;
use naru::history::recording_name::RecordingName;
use naru::history::remembered::Remembered;
use naru::history::voice_message::MessageWish;
use naru::leg::{MessageCount, RecordingEnd};
use naru::office::document::document::parse;

use crate::simulation::{Desk, OFFICE};
use crate::voicemail::{ends, named, office, speaks};

/// What the lamps were last told, new and old.
fn lamps(desk: &Desk) -> BTreeMap<String, (usize, usize)> {
    let mut lamps = BTreeMap::new();
    for command in &desk.commands {
        if let Command::Lamp { device, count: MessageCount { new, old } } = command {
            lamps.insert(device.to_string(), (*new, *old));
        }
    }
    lamps
}

fn lit(phones: &[(&str, usize, usize)]) -> BTreeMap<String, (usize, usize)> {
    phones.iter().map(|(phone, new, old)| ((*phone).to_owned(), (*new, *old))).collect()
}

fn times(desk: &Desk) -> usize {
    desk.commands.iter().filter(|command| matches!(command, Command::Lamp { .. })).count()
}

/// A caller who leaves a message for whom `key` stands.
fn left_for(desk: &mut Desk, key: char) -> RecordingName {
    let (caller, recording, call) = speaks(desk, key);
    desk.hangs_up(caller);
    assert_eq!(times(desk), 0, "what is being spoken does not wait for anybody yet");
    ends(desk, (recording, call), RecordingEnd::Asked, 20);
    named(call)
}

fn wished(desk: &mut Desk, name: RecordingName, wish: MessageWish) {
    desk.tell(Input::Message { name, wish, who: "103".to_owned() });
}

#[test]
fn the_lamp_follows_the_box_of_its_agent() {
    let mut desk = Desk::open_with(office());
    let name = left_for(&mut desk, '2');
    assert_eq!(lamps(&desk), lit(&[("103", 1, 0)]));
    wished(&mut desk, name, MessageWish::Heard);
    assert_eq!(lamps(&desk), lit(&[("103", 0, 1)]));
    let told = times(&desk);
    wished(&mut desk, name, MessageWish::Heard);
    assert_eq!(times(&desk), told, "no news");
    wished(&mut desk, name, MessageWish::Unheard);
    assert_eq!(lamps(&desk), lit(&[("103", 1, 0)]));
    wished(&mut desk, name, MessageWish::Delete);
    assert_eq!(lamps(&desk), lit(&[("103", 0, 0)]));
}

#[test]
fn a_message_of_a_team_or_of_nobody_lights_the_lamps_of_all_whose_it_is() {
    let mut desk = Desk::open_with(office());
    let of_team = left_for(&mut desk, '1');
    assert_eq!(lamps(&desk), lit(&[("102", 1, 0), ("103", 1, 0)]));
    // One who has heard it puts the others' lamps out.
    wished(&mut desk, of_team, MessageWish::Heard);
    assert_eq!(lamps(&desk), lit(&[("102", 0, 1), ("103", 0, 1)]));
    desk.commands.clear();
    left_for(&mut desk, '3');
    let all = [("101", 1, 0), ("101-soft", 1, 0), ("102", 1, 1)];
    assert_eq!(lamps(&desk), lit(&all), "those who take unassigned calls, on each of their phones");
}

#[test]
fn lamps_burn_on_after_a_restart_and_follow_the_office() {
    let mut desk = Desk::open_with(office());
    left_for(&mut desk, '2');
    let messages = desk.engine.messages();
    let mut desk = Desk::open_with(office());
    desk.tell(Input::Remembered(Box::new(Remembered { messages, ..Remembered::default() })));
    assert_eq!(lamps(&desk), lit(&[("103", 1, 0)]));
    // The agent has another phone from now on.
    let text = OFFICE.replacen("username: \"103\"", "username: desk", 1);
    desk.tell(Input::OfficeChanged(Arc::new(parse(&text, None).unwrap())));
    assert_eq!(lamps(&desk), lit(&[("103", 0, 0), ("desk", 1, 0)]));
    let told = times(&desk);
    desk.tell(Input::OfficeChanged(Arc::new(parse(&text, None).unwrap())));
    desk.passes(3_600);
    assert_eq!(times(&desk), told, "nothing is told twice");
}
