//! What the room hears: rings until somebody answers, bells, paging.

use std::time::Duration;

use naru::engine::command::{Command, LegCommand, RoomSoundCommand};
use naru::engine::input::{Input, RoomWish};
use naru::history::trail::trail::Decision;
use naru::leg::{HangupCause, PlayId};
use naru::live::Stage;
use naru::office::announcement::{Situation, Sound};
use naru::office::feature_code::Feature;
use naru::office::language::Language;
use naru::office::room_sound::{Percent, RoomSound};
use naru::office::snapshot::Office;
use naru::time::Moment;

use crate::simulation::{Desk, office_with};

/// How the room was told to ring, and which of that it was told to stop.
fn rings(desk: &Desk) -> (Vec<(PlayId, Sound, u8)>, Vec<PlayId>) {
    let rung = desk.commands.iter().filter_map(|command| match command {
        Command::RoomSound(RoomSoundCommand::Ring { play, sound, volume }) => {
            Some((*play, sound.clone(), volume.get()))
        }
        _ => None,
    });
    let stopped = desk.commands.iter().filter_map(|command| match command {
        Command::RoomSound(RoomSoundCommand::Stop { play }) => Some(*play),
        _ => None,
    });
    (rung.collect(), stopped.collect())
}

fn sounded(desk: &Desk) -> Vec<(Sound, u8)> {
    let sounded = desk.commands.iter().filter_map(|command| match command {
        Command::RoomSound(RoomSoundCommand::Play { sound, volume, .. }) => {
            Some((sound.clone(), volume.get()))
        }
        _ => None,
    });
    sounded.collect()
}

fn rings_for_support() -> Office {
    office_with(
        r#"members: ["102", "103"]"#,
        r#"members: ["102", "103"], speaker: {sound: national, volume: 60}"#,
    )
}

/// S33, S34: as long as phones ring, and not a moment longer.
#[test]
fn the_room_rings_for_a_team_until_somebody_answers() {
    let mut desk = Desk::open_with(rings_for_support());
    let caller = desk.calls("+821055556666", "+827012345671");
    assert!(rings(&desk).0.is_empty(), "not during the greeting");
    desk.clip_ends(caller);
    let (rung, stopped) = rings(&desk);
    let [(play, sound, volume)] = rung.as_slice() else { panic!("{rung:?}") };
    assert_eq!(*sound, Sound::NationalRingback { country: "82".to_owned() });
    assert_eq!((*volume, stopped.len()), (60, 0));
    let phone = desk.phone("102");
    desk.rings(phone);
    assert!(rings(&desk).1.is_empty());
    desk.answers(phone);
    assert_eq!(rings(&desk), (rung.clone(), vec![*play]));
}

#[test]
fn whatever_ends_the_ringing_ends_it_in_the_room() {
    let leaves: [fn(&mut Desk, naru::leg::LegId); 4] = [
        |desk, caller| desk.ends(caller, HangupCause::Cancelled),
        |desk, _| desk.passes(130),
        |desk, _| {
            for phone in ["102", "103"] {
                let leg = desk.phone(phone);
                desk.ends(leg, HangupCause::Busy);
            }
        },
        |desk, _| desk.tell(Input::Stop),
    ];
    for leave in leaves {
        let mut desk = Desk::open_with(rings_for_support());
        let caller = desk.calls("+821055556666", "+827012345671");
        desk.clip_ends(caller);
        leave(&mut desk, caller);
        let (rung, stopped) = rings(&desk);
        assert_eq!(rung.iter().map(|(play, ..)| *play).collect::<Vec<_>>(), stopped);
        assert_eq!(stopped.len(), 1);
    }
}

#[test]
fn the_number_decides_before_the_team_and_the_agent() {
    let number = r#"route: {agent: "103"}, ringback: national"#;
    let mut desk = Desk::open_with(office_with(
        number,
        &format!("{number}, speaker: {{ring: true, sound: chime, volume: 30}}"),
    ));
    desk.calls("+821055556666", "+827012345672");
    assert_eq!(rings(&desk).0.len(), 1);
    assert_eq!((&rings(&desk).0[0].1, rings(&desk).0[0].2), (&Sound::Chime, 30));

    let agent = r#"name: Park, call_waiting: false"#;
    let office = office_with(agent, &format!("{agent}, speaker: {{volume: 90}}"));
    let mut desk = Desk::open_with(office);
    desk.dials("101", "103");
    assert_eq!(rings(&desk).0.len(), 1, "a colleague's call, too");
    assert_eq!((&rings(&desk).0[0].1, rings(&desk).0[0].2), (&Sound::LoopingRingback, 90));

    let mut desk = Desk::open();
    desk.dials("101", "103");
    desk.calls("+821055556666", "+827012345672");
    assert_eq!(rings(&desk), (Vec::new(), Vec::new()), "only where it was asked for");
}

#[test]
fn who_dials_81_speaks_to_the_room() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "*81");
    let answered = desk.place(&Command::Leg(LegCommand::Answer { leg: caller, like: None }));
    let paged = desk
        .commands
        .iter()
        .position(|command| matches!(command, Command::RoomSound(RoomSoundCommand::Page { leg, .. }) if *leg == caller));
    assert!(answered < paged.unwrap());
    assert_eq!(desk.stage(), Some(Stage::Playing));
    desk.passes(20);
    desk.hangs_up(caller);
    let page = Decision::FeatureDialled { feature: Feature::Page };
    assert!(desk.decided(|decision| *decision == page));
}

#[test]
fn the_room_is_spoken_to_in_the_offices_language() {
    let mut desk = Desk::open();
    let volume = Percent::new(70).unwrap();
    let situation = Situation::AllBusy;
    for language in [None, Some(Language::Ja)] {
        let sound = RoomWish::Words { situation, language };
        desk.tell(Input::SoundRoom { sound, volume });
    }
    desk.tell(Input::SoundRoom { sound: RoomWish::Sound(RoomSound::Chime), volume });
    let words = |language| (Sound::BuiltIn { situation, language }, 70);
    assert_eq!(sounded(&desk), [words(Language::Ko), words(Language::Ja), (Sound::Chime, 70)]);
}

fn at(desk: &mut Desk, wall: &str) {
    let wall: jiff::Timestamp = wall.parse().unwrap();
    desk.now = Moment { ticks: desk.now.ticks, wall: wall.into() };
    desk.engine.handle_timeout(desk.now);
}

fn with_bells() -> Desk {
    let office = office_with(
        "policies:",
        r#"bells:
  - {at: "08:50", days: [mon, wed], sound: chime, volume: 40}
  - {at: "08:50", days: [wed], sound: looping}
  - {at: "18:00", timezone: Europe/Berlin}
policies:"#,
    );
    Desk::open_with(office)
}

#[test]
fn bells_ring_by_the_wall_clock() {
    let mut desk = with_bells();
    // Wednesday, 08:40 in Seoul.
    at(&mut desk, "2026-11-24T23:40:00Z");
    desk.passes(599);
    assert_eq!(sounded(&desk), []);
    desk.passes(1);
    assert_eq!(sounded(&desk), [(Sound::Chime, 40), (Sound::LoopingRingback, 80)]);
    // 18:00 in Berlin is 17:00 UTC in winter.
    desk.passes(17 * 3_600 + 10 * 60);
    assert_eq!(sounded(&desk).len(), 3);
    // Thursday has none of the first two, Monday has one of them.
    desk.passes(4 * 24 * 3_600 + 3_600);
    let chimes = sounded(&desk).iter().filter(|(_, volume)| *volume == 40).count();
    assert_eq!(chimes, 1);
    desk.passes(16 * 3_600);
    let chimes = sounded(&desk).iter().filter(|(_, volume)| *volume == 40).count();
    assert_eq!(chimes, 2);
}

#[test]
fn a_clock_that_is_set_neither_rings_twice_nor_makes_up_for_a_night() {
    let mut desk = with_bells();
    at(&mut desk, "2026-11-24T23:49:30Z");
    desk.passes(31);
    assert_eq!(sounded(&desk).len(), 2);
    at(&mut desk, "2026-11-24T23:49:50Z");
    desk.passes(60);
    assert_eq!(sounded(&desk).len(), 2, "set back by ten seconds");
    desk.commands.clear();
    // The machine slept through the bell, and wakes an hour later.
    at(&mut desk, "2026-12-01T23:40:00Z");
    desk.now = desk.now.after(Duration::from_secs(3_600));
    desk.engine.handle_timeout(desk.now);
    desk.passes(60);
    assert_eq!(sounded(&desk), []);
}
