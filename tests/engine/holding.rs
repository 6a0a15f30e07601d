//! The other side hears music while agents may talk (L38–L42).

use naru::engine::command::{Command, ConferenceCommand, RecordCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::call_id::CallId;
use naru::history::trail::trail::{ConferenceStory, Decision, Unwilling};
use naru::leg::{ConferenceWish, LegEvent, LegId, RecordingWish};
use naru::office::announcement::Sound;
use naru::office::document::document::parse;

use crate::simulation::{Desk, OFFICE, extension};

const CALL: CallId = CallId(1);

fn talking() -> (Desk, LegId, LegId) {
    let office = OFFICE.replace("policies:\n", "policies:\n  conference: {tones: false}\n");
    let mut desk = Desk::open_with(parse(&office, None).unwrap());
    let customer = desk.calls("+821055501234", "+827012345672");
    let agent = desk.phone("103");
    desk.answers(agent);
    (desk, customer, agent)
}

fn comes(desk: &mut Desk, agent: &str) -> LegId {
    let wish = ConferenceWish::Invite(extension(agent));
    desk.tell(Input::Conference { call: CALL, wish });
    desk.answers(desk.phone(agent));
    desk.phone(agent)
}

fn holds(desk: &mut Desk, leg: LegId) {
    desk.tell(Input::Leg(LegEvent::Held { leg }));
}

fn resumes(desk: &mut Desk, leg: LegId) {
    desk.tell(Input::Leg(LegEvent::Resumed { leg }));
}

/// Whether the last thing done to the leg was to play it music.
fn hears_music(desk: &Desk, leg: LegId) -> bool {
    let last = desk.commands.iter().rev().find(|command| match command {
        Command::Sound(SoundCommand::Play { leg: to, .. })
        | Command::Conference(ConferenceCommand::Join { leg: to, .. }) => *to == leg,
        Command::Sound(SoundCommand::Join { one, other }) => *one == leg || *other == leg,
        _ => false,
    });
    let music = Sound::LoopingRingback;
    matches!(last, Some(Command::Sound(SoundCommand::Play { sound, repeat: true, .. })) if *sound == music)
}

fn is_held(desk: &Desk) -> (bool, Option<String>) {
    let live = desk.engine.live().calls.remove(0);
    (live.held, live.held_by.map(|by| by.to_string()))
}

fn stories(desk: &Desk) -> Vec<ConferenceStory> {
    let story = |decision: &Decision| match decision {
        Decision::Conference { story } => Some(story.clone()),
        _ => None,
    };
    desk.record().trail.iter().filter_map(|entry| story(&entry.decision)).collect()
}

/// L39
#[test]
fn a_customer_hears_music_while_the_phone_holds() {
    let (mut desk, customer, agent) = talking();
    holds(&mut desk, agent);
    assert!(hears_music(&desk, customer));
    assert_eq!(is_held(&desk), (true, Some("103".to_owned())));
    holds(&mut desk, agent);
    resumes(&mut desk, agent);
    assert_eq!(
        desk.commands.last(),
        Some(&Command::Sound(SoundCommand::Join { one: customer, other: agent }))
    );
    assert_eq!(is_held(&desk), (false, None));
    resumes(&mut desk, agent);
    desk.hangs_up(customer);
    let held = |story: &&ConferenceStory| {
        matches!(story, ConferenceStory::Held { .. } | ConferenceStory::TakenBack { .. })
    };
    assert_eq!(stories(&desk).iter().filter(held).count(), 2, "once each");
}

/// What a customer's own exchange does is not our hold.
#[test]
fn a_customer_who_holds_us_is_heard_as_they_are() {
    let (mut desk, customer, agent) = talking();
    holds(&mut desk, customer);
    assert!(!hears_music(&desk, agent) && !hears_music(&desk, customer));
    assert_eq!(is_held(&desk), (false, None));
}

/// L39, L40: the agents stay in the room, the customer does not hear them.
#[test]
fn agents_talk_among_themselves_meanwhile() {
    let (mut desk, customer, agent) = talking();
    let guest = comes(&mut desk, "101");
    holds(&mut desk, agent);
    assert!(hears_music(&desk, customer) && !hears_music(&desk, guest));
    assert!(
        !desk
            .commands
            .iter()
            .any(|command| matches!(command, Command::Conference(ConferenceCommand::Close { .. })))
    );
    let another = comes(&mut desk, "102");
    assert!(hears_music(&desk, customer) && !hears_music(&desk, another));
    resumes(&mut desk, agent);
    assert!(!hears_music(&desk, customer));
    assert!(matches!(
        desk.commands.last(),
        Some(Command::Conference(ConferenceCommand::Join { leg, announced: false, .. })) if *leg == customer
    ));
}

/// L41: who holds and leaves by mistake leaves the customer with the music, and another takes it back.
#[test]
fn hold_outlives_the_one_who_held() {
    let (mut desk, customer, agent) = talking();
    let guest = comes(&mut desk, "101");
    holds(&mut desk, agent);
    desk.hangs_up(agent);
    desk.passes(5);
    assert!(hears_music(&desk, customer));
    assert_eq!(is_held(&desk), (true, Some("103".to_owned())));
    desk.tell(Input::Conference { call: CALL, wish: ConferenceWish::Hold(false) });
    assert_eq!(
        desk.commands.last(),
        Some(&Command::Sound(SoundCommand::Join { one: customer, other: guest }))
    );
    desk.hangs_up(customer);
    assert_eq!(stories(&desk).last(), Some(&ConferenceStory::TakenBack { by: None }));
}

#[test]
fn hold_by_the_api_needs_no_phone_that_can() {
    let (mut desk, customer, agent) = talking();
    desk.tell(Input::Conference { call: CALL, wish: ConferenceWish::Hold(true) });
    assert!(hears_music(&desk, customer));
    assert!(
        desk.commands.contains(&Command::Sound(SoundCommand::Part { leg: customer })),
        "and is not heard"
    );
    assert_eq!(is_held(&desk), (true, None));
    holds(&mut desk, agent);
    resumes(&mut desk, agent);
    assert_eq!(is_held(&desk), (false, None), "any agent takes it back");
}

/// Of two colleagues the other one waits; of three nobody does.
#[test]
fn colleagues_hold_each_other() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    let called = desk.phone("102");
    desk.answers(called);
    let hold = ConferenceWish::Hold(true);
    assert_eq!(desk.engine.willing(CALL, &hold), Some(Err(Unwilling::NothingToHold)));
    holds(&mut desk, called);
    assert!(hears_music(&desk, caller));
    resumes(&mut desk, called);
    let guest = comes(&mut desk, "103");
    holds(&mut desk, called);
    assert!(!hears_music(&desk, caller) && !hears_music(&desk, guest));
    assert_eq!(is_held(&desk), (false, None));
}

/// Who waits with music when a third comes goes on waiting, and who held them may leave.
#[test]
fn a_waiting_colleague_may_be_left_among_others() {
    let mut desk = Desk::open();
    let caller = desk.dials("101", "102");
    let called = desk.phone("102");
    desk.answers(called);
    holds(&mut desk, called);
    let guest = comes(&mut desk, "103");
    assert!(hears_music(&desk, caller));
    desk.hangs_up(caller);
    assert_eq!(is_held(&desk), (false, None), "nobody is left who waits");
    desk.passes(2);
    assert!(desk.is_joined(guest, called) || desk.is_joined(called, guest));
}

/// L42 and the duty to tell: the notice is heard to its end, then the music goes on.
#[test]
fn a_notice_comes_before_the_music() {
    let (mut desk, customer, agent) = talking();
    desk.tell(Input::Record { call: CALL, wish: RecordingWish::Begin });
    let notice = desk.hears(customer).unwrap().1;
    holds(&mut desk, agent);
    assert_eq!(desk.hears(customer).unwrap().1, notice);
    desk.clip_ends(customer);
    assert!(hears_music(&desk, customer));
    assert!(
        desk.commands
            .iter()
            .any(|command| matches!(command, Command::Record(RecordCommand::Begin { .. })))
    );
    resumes(&mut desk, agent);
    assert_eq!(
        desk.commands.last(),
        Some(&Command::Sound(SoundCommand::Join { one: customer, other: agent }))
    );
}

#[test]
fn a_third_who_comes_during_a_notice_does_not_cut_it_off() {
    let (mut desk, customer, agent) = talking();
    desk.tell(Input::Record { call: CALL, wish: RecordingWish::Begin });
    let notice = desk.hears(customer).unwrap();
    let guest = comes(&mut desk, "101");
    let into_room = |leg: LegId| {
        let joins = |command: &&Command| matches!(command, Command::Conference(ConferenceCommand::Join { leg: who, .. }) if *who == leg);
        desk.commands.iter().filter(joins).count()
    };
    assert_eq!((into_room(customer), into_room(agent), into_room(guest)), (0, 1, 1));
    desk.tell(Input::PlayEnded { leg: customer, play: notice.0 });
    let joined = desk
        .commands
        .iter()
        .any(|command| matches!(command, Command::Conference(ConferenceCommand::Join { leg, .. }) if *leg == customer));
    assert!(joined);
    let recorded = desk
        .commands
        .iter()
        .filter(|command| matches!(command, Command::Record(RecordCommand::AddLeg { .. })));
    assert_eq!(recorded.count(), 3);
}
