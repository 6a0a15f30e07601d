//! How the loudspeaker of the room calls for an agent, a team or a number.

use serde_json::{Value, json};

use crate::console::widgets::field::{Choice, Field};
use crate::office::closed_words::room_sound;
use crate::office::room_sound::RoomSound;
use crate::words::Words;

/// Fields of an item of the office.
#[must_use]
pub fn fields<'a>(at: &impl Fn(&str) -> Option<&'a Value>) -> Vec<Field> {
    let word = |value: &str, ko: &str, en: &str| Choice::new(Some(json!(value)), ko, en);
    let rings = at("speaker.ring");
    let no = if rings.is_none() { None } else { Some(json!("false")) };
    vec![
        Field::heading("사무실 스피커", "The loudspeaker of the room"),
        Field::choice(
            "speaker.ring",
            Words::new("스피커도 울리기", "Loudspeaker rings too"),
            vec![Choice::new(no, "아니요", "no"), word("true", "예", "yes")],
            rings,
        ),
        Field::choice(
            "speaker.sound",
            Words::new("스피커 소리", "Loudspeaker: sound"),
            sounds(RoomSound::Looping),
            at("speaker.sound").filter(|sound| sound.as_str() != Some(RoomSound::Looping.name())),
        ),
        Field::text(
            "speaker.volume",
            Words::new("스피커 크기", "Loudspeaker: volume"),
            Words::new("1~100", "1 to 100"),
            at("speaker.volume"),
        ),
    ]
}

/// What the room may hear; `usual` is what it hears when nothing is told.
#[must_use]
pub fn sounds(usual: RoomSound) -> Vec<Choice> {
    let choice = |sound: RoomSound| {
        let value = (sound != usual).then(|| json!(sound.name()));
        Choice { label: room_sound(sound), value }
    };
    RoomSound::ALL.map(choice).to_vec()
}
