//! More than two on a call: invited, coming and going, muted, and nobody left behind (L31–L34).

use naru::engine::command::{Command, ConferenceCommand, RecordCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::call_id::CallId;
use naru::history::call_record::Outcome;
use naru::history::trail::trail::{ConferenceStory, Decision, Skip, Unwilling};
use naru::leg::{ConferenceWish, HangupCause, LegEvent, LegId, RoomId, Side};
use naru::live::AgentState;
use naru::office::announcement::Sound;
use naru::office::document::document::parse;
use naru::office::snapshot::Office;

use crate::simulation::{Desk, OFFICE, extension, office_with};

const CUSTOMER: &str = "+821055501234";
const CALL: CallId = CallId(1);

fn wishes(desk: &mut Desk, wish: ConferenceWish) {
    desk.tell(Input::Conference { call: CALL, wish });
}

fn invites(desk: &mut Desk, agent: &str) {
    wishes(desk, ConferenceWish::Invite(extension(agent)));
}

fn comes(desk: &mut Desk, agent: &str) -> LegId {
    invites(desk, agent);
    let leg = desk.phone(agent);
    desk.rings(leg);
    desk.answers(leg);
    leg
}

fn willing(desk: &Desk, wish: &ConferenceWish) -> Result<(), Unwilling> {
    desk.engine.willing(CALL, wish).unwrap()
}

fn invitable(desk: &Desk, agent: &str) -> Result<(), Unwilling> {
    willing(desk, &ConferenceWish::Invite(extension(agent)))
}

/// A customer who talks with 103.
fn talking(office: Office) -> (Desk, LegId, LegId) {
    let mut desk = Desk::open_with(office);
    let customer = desk.calls(CUSTOMER, "+827012345672");
    let agent = desk.phone("103");
    desk.rings(agent);
    desk.answers(agent);
    assert!(desk.is_joined(customer, agent));
    (desk, customer, agent)
}

fn quiet() -> Office {
    parse(&OFFICE.replace("policies:\n", "policies:\n  conference: {tones: false}\n"), None)
        .unwrap()
}

/// Who was let into a room, in order.
fn joined(desk: &Desk) -> Vec<(LegId, bool)> {
    let join = |command: &Command| match command {
        Command::Conference(ConferenceCommand::Join { leg, announced, .. }) => {
            Some((*leg, *announced))
        }
        _ => None,
    };
    desk.commands.iter().filter_map(join).collect()
}

fn is_closed(desk: &Desk) -> bool {
    desk.commands.contains(&Command::Conference(ConferenceCommand::Close { room: RoomId(1) }))
}

fn stories(desk: &Desk) -> Vec<ConferenceStory> {
    let story = |decision: &Decision| match decision {
        Decision::Conference { story } => Some(story.clone()),
        _ => None,
    };
    desk.record().trail.iter().filter_map(|entry| story(&entry.decision)).collect()
}

#[test]
fn an_invited_colleague_rings_and_then_all_three_hear_each_other() {
    let (mut desk, customer, agent) = talking(quiet());
    invites(&mut desk, "101");
    assert_eq!(desk.rung(), ["103", "101", "101-soft"]);
    assert_eq!(desk.state("101"), AgentState::Ringing);
    assert!(joined(&desk).is_empty(), "the two go on talking meanwhile");
    let (guest, other) = (desk.phone("101"), desk.phone("101-soft"));
    desk.rings(guest);
    desk.answers(guest);
    assert_eq!(desk.hung_up(other), Some(HangupCause::AnsweredElsewhere));
    assert_eq!(joined(&desk), [(customer, false), (agent, false), (guest, false)]);
    let opened =
        Command::Conference(ConferenceCommand::Open { room: RoomId(1), keys_to: Some(customer) });
    assert!(desk.commands.contains(&opened), "their keys go to the customer's side");
    assert_eq!(desk.state("101"), AgentState::Talking);
    let live = desk.engine.live().calls.remove(0);
    let agents: Vec<_> =
        live.participants.iter().filter_map(|one| one.agent.as_ref()).map(|a| a.as_str()).collect();
    assert_eq!((live.participants.len(), agents), (3, vec!["103", "101"]));
    desk.hangs_up(customer);
    assert!(is_closed(&desk));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
    assert_eq!(desk.record().agent.as_ref().unwrap().as_str(), "103", "who answered");
    let times = desk.record().legs.iter().filter(|leg| leg.answered.is_some());
    assert_eq!(times.count(), 3, "everybody stands in the record with their times");
    assert_eq!(desk.engine.stray_leases(), []);
}

/// L33: "leave" takes one away; the two who are left hear each other as before.
#[test]
fn who_leaves_leaves_the_others_talking() {
    for first in [true, false] {
        let (mut desk, customer, agent) = talking(quiet());
        let guest = comes(&mut desk, "101");
        let (goes, stays) = if first { (agent, guest) } else { (guest, agent) };
        desk.hangs_up(goes);
        assert!(is_closed(&desk) && desk.hung_up(stays).is_none());
        let last = desk
            .commands
            .iter()
            .rev()
            .find(|c| matches!(c, Command::Sound(SoundCommand::Join { .. })));
        assert_eq!(last, Some(&Command::Sound(SoundCommand::Join { one: customer, other: stays })));
        desk.hangs_up(stays);
        assert_eq!(desk.hung_up(customer), Some(HangupCause::Normal), "one is left alone");
        assert_eq!(desk.record().outcome, Some(Outcome::Answered));
        let left = |story: &ConferenceStory| matches!(story, ConferenceStory::Left { .. });
        assert_eq!(stories(&desk).iter().filter(|story| left(story)).count(), 1);
    }
}

#[test]
fn notes_tell_of_coming_and_going_and_only_then_the_room_closes() {
    let (mut desk, _, agent) = talking(parse(OFFICE, None).unwrap());
    let guest = comes(&mut desk, "101");
    assert_eq!(joined(&desk).last(), Some(&(guest, true)));
    desk.hangs_up(guest);
    assert!(!is_closed(&desk), "they hear that somebody goes");
    desk.passes(1);
    assert!(is_closed(&desk));
    let again = comes(&mut desk, "101");
    desk.hangs_up(again);
    let third = comes(&mut desk, "102");
    desk.passes(5);
    let closed = desk
        .commands
        .iter()
        .filter(|c| matches!(c, Command::Conference(ConferenceCommand::Close { .. })));
    assert_eq!(closed.count(), 1, "somebody came in time");
    desk.hangs_up(agent);
    desk.hangs_up(third);
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}

/// L34
#[test]
fn an_admin_ends_it_for_all() {
    let (mut desk, customer, agent) = talking(quiet());
    let guest = comes(&mut desk, "101");
    invites(&mut desk, "102");
    let ringing = desk.phone("102");
    desk.tell(Input::HangUp { call: CALL });
    for leg in [customer, agent, guest, ringing] {
        assert!(desk.hung_up(leg).is_some(), "{leg}");
    }
    assert!(is_closed(&desk));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}

#[test]
fn the_office_stops_while_many_talk() {
    let (mut desk, customer, _) = talking(quiet());
    comes(&mut desk, "101");
    desk.tell(Input::Stop);
    assert_eq!(desk.hung_up(customer), Some(HangupCause::Stopping));
    assert!(is_closed(&desk));
    assert_eq!(desk.record().legs.len(), 4);
}

#[test]
fn an_invitation_may_come_to_nothing() {
    let (mut desk, customer, agent) = talking(quiet());
    invites(&mut desk, "102");
    let phone = desk.phone("102");
    desk.ends(phone, HangupCause::Declined);
    assert_eq!(invitable(&desk, "102"), Ok(()), "and may be made again");
    invites(&mut desk, "102");
    let phone = desk.phone("102");
    desk.rings(phone);
    desk.passes(30);
    assert_eq!(desk.hung_up(phone), Some(HangupCause::NoAnswer));
    assert_eq!(desk.state("102"), AgentState::Waiting);
    assert!(desk.hung_up(agent).is_none());
    invites(&mut desk, "102");
    let phone = desk.phone("102");
    desk.hangs_up(customer);
    assert!(desk.hung_up(phone).is_some(), "nobody rings for a call that is over");
    let came = |story: &&ConferenceStory| matches!(story, ConferenceStory::DidNotCome { .. });
    assert_eq!(stories(&desk).iter().filter(came).count(), 2);
    assert!(joined(&desk).is_empty());
}

#[test]
fn who_cannot_come_is_not_rung_and_the_reason_is_told() {
    let (mut desk, ..) = talking(quiet());
    desk.dials("102", "*43");
    desk.unregisters("101");
    desk.unregisters("101-soft");
    let skipped = |because| Err(Unwilling::Skipped(because));
    assert_eq!(invitable(&desk, "102"), skipped(Skip::Talking));
    assert_eq!(invitable(&desk, "101"), skipped(Skip::NoPhone));
    assert_eq!(invitable(&desk, "103"), Err(Unwilling::HereAlready));
    assert_eq!(invitable(&desk, "199"), Err(Unwilling::UnknownExtension));
    let mute = ConferenceWish::Mute { agent: extension("101"), muted: true };
    assert_eq!(willing(&desk, &mute), Err(Unwilling::NotHere));
    assert_eq!(desk.engine.willing(CallId(77), &mute), None);
    assert_eq!(desk.rung(), ["103"]);
}

#[test]
fn nobody_is_invited_before_two_talk() {
    let mut desk = Desk::open();
    desk.calls(CUSTOMER, "+827012345672");
    assert_eq!(invitable(&desk, "101"), Err(Unwilling::NobodyTalks));
    invites(&mut desk, "101");
    assert_eq!(desk.rung(), ["103"]);
}

/// L32: a customer and nine agents, those who are still being rung among them.
#[test]
fn ten_fit_into_a_call() {
    let many: String = (201..=212)
        .map(|n| format!("  - {{extension: \"{n}\", name: A{n}, devices: [{{username: \"{n}\", password: x}}]}}\n"))
        .collect();
    let office = parse(&OFFICE.replace("teams:\n", &format!("{many}teams:\n")), None).unwrap();
    let (mut desk, customer, agent) = talking(office);
    for guest in 201..=207 {
        comes(&mut desk, &guest.to_string());
    }
    assert_eq!(desk.engine.live().calls[0].participants.len(), 9);
    invites(&mut desk, "208");
    assert_eq!(invitable(&desk, "209"), Err(Unwilling::Full));
    invites(&mut desk, "209");
    assert_eq!(desk.rung().last().unwrap(), "208");
    desk.answers(desk.phone("208"));
    assert_eq!(invitable(&desk, "209"), Err(Unwilling::Full));
    desk.hangs_up(agent);
    assert_eq!(invitable(&desk, "209"), Ok(()), "a place is free");
    desk.hangs_up(customer);
    assert_eq!(desk.engine.stray_leases(), []);
    let full =
        ConferenceStory::NotInvited { extension: "209".to_owned(), because: Unwilling::Full };
    assert!(stories(&desk).contains(&full));
}

/// A colleague's call works the same way, and goes on without the one who made it.
#[test]
fn colleagues_talk_three_ways() {
    for goes in 0..3 {
        let mut desk = Desk::open_with(quiet());
        let caller = desk.dials("101", "102");
        let called = desk.phone("102");
        desk.answers(called);
        let guest = comes(&mut desk, "103");
        let three = [caller, called, guest];
        desk.hangs_up(three[goes]);
        let stay: Vec<LegId> = three.into_iter().filter(|leg| *leg != three[goes]).collect();
        let (one, other) = (stay[0], stay[1]);
        assert!(
            desk.is_joined(one, other) || desk.is_joined(other, one),
            "{goes}: {:#?}",
            desk.commands
        );
        assert!(stay.iter().all(|leg| desk.hung_up(*leg).is_none()));
        desk.hangs_up(one);
        assert_eq!(desk.hung_up(other), Some(HangupCause::Normal));
        assert_eq!(desk.record().outcome, Some(Outcome::Answered));
    }
}

/// An agent who called a customer brings a colleague in and leaves.
#[test]
fn a_call_to_outside_is_handed_on_by_leaving() {
    let mut desk = Desk::open_with(quiet());
    let caller = desk.dials("101", "01055556666");
    let customer = desk.outside().leg;
    desk.answers(customer);
    let guest = comes(&mut desk, "102");
    desk.hangs_up(caller);
    assert!(desk.is_joined(guest, customer));
    desk.hangs_up(customer);
    assert_eq!(desk.hung_up(guest), Some(HangupCause::Normal));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}

/// L31: muted among two too, and again where one comes back into the room.
#[test]
fn a_muted_agent_is_not_heard_until_they_shall_be() {
    let (mut desk, customer, agent) = talking(quiet());
    let mute = |muted| ConferenceWish::Mute { agent: extension("103"), muted };
    wishes(&mut desk, mute(true));
    assert_eq!(joined(&desk), [(customer, false), (agent, false)]);
    assert!(
        desk.commands
            .contains(&Command::Conference(ConferenceCommand::Mute { leg: agent, muted: true }))
    );
    assert!(desk.engine.live().calls[0].participants.iter().any(|one| one.muted));
    let before = desk.commands.len();
    wishes(&mut desk, mute(true));
    assert_eq!(desk.commands.len(), before, "once is enough");
    wishes(&mut desk, mute(false));
    assert!(
        desk.commands
            .contains(&Command::Conference(ConferenceCommand::Mute { leg: agent, muted: false }))
    );
    assert!(is_closed(&desk));
    assert_eq!(
        desk.commands.last(),
        Some(&Command::Sound(SoundCommand::Join { one: customer, other: agent }))
    );
    wishes(&mut desk, mute(true));
    let guest = comes(&mut desk, "101");
    desk.hangs_up(guest);
    desk.passes(1);
    let closed = desk
        .commands
        .iter()
        .filter(|c| matches!(c, Command::Conference(ConferenceCommand::Close { .. })));
    assert_eq!(closed.count(), 1, "the room stays for the one who is muted");
}

/// `*3`, an extension and `#` on a desk phone; the other side hears none of it.
#[test]
fn keys_of_a_desk_phone_invite() {
    let (mut desk, customer, agent) = talking(quiet());
    assert!(desk.commands.contains(&Command::Sound(SoundCommand::HoldBackStar { leg: agent })));
    assert!(!desk.commands.contains(&Command::Sound(SoundCommand::HoldBackStar { leg: customer })));
    "*3101#".chars().for_each(|key| desk.presses(agent, key));
    assert_eq!(desk.rung(), ["103", "101", "101-soft"]);
    assert!(
        desk.commands
            .contains(&Command::Sound(SoundCommand::PassKeys { leg: agent, forget: true }))
    );
    desk.answers(desk.phone("101"));
    "*3199#".chars().for_each(|key| desk.presses(agent, key));
    "*3102#".chars().for_each(|key| desk.presses(customer, key));
    assert_eq!(desk.rung().len(), 3, "a customer has no codes");
    desk.hangs_up(customer);
    let by_key = |story: &ConferenceStory| matches!(story, ConferenceStory::Invited { by: Some(by), .. } if by.extension.as_str() == "103");
    assert!(stories(&desk).iter().any(by_key));
    let unknown = ConferenceStory::NotInvited {
        extension: "199".to_owned(),
        because: Unwilling::UnknownExtension,
    };
    assert!(stories(&desk).contains(&unknown));
}

/// Who cannot be invited is told of by a beep, and then the two hear each other again.
#[test]
fn a_beep_says_that_nobody_is_invited() {
    let (mut desk, customer, agent) = talking(quiet());
    let types = |desk: &mut Desk| "*3199#".chars().for_each(|key| desk.presses(agent, key));
    types(&mut desk);
    let (play, sound) = desk.hears(agent).unwrap();
    assert_eq!(sound, Sound::Beep);
    desk.tell(Input::PlayEnded { leg: agent, play });
    assert_eq!(
        desk.commands.last(),
        Some(&Command::Sound(SoundCommand::Join { one: customer, other: agent }))
    );
    let guest = comes(&mut desk, "101");
    types(&mut desk);
    let before = joined(&desk).len();
    desk.passes(3);
    let back: Vec<LegId> = joined(&desk)[before..].iter().map(|(leg, _)| *leg).collect();
    assert_eq!(back, [agent], "back in the room, although nobody told of the beep's end");
    types(&mut desk);
    desk.hangs_up(agent);
    desk.passes(3);
    assert!(desk.is_joined(customer, guest));
    desk.hangs_up(customer);
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}

#[test]
fn keys_that_are_no_code_go_to_the_other_side() {
    let (mut desk, _, agent) = talking(quiet());
    let passed = |desk: &Desk| {
        let pass = Command::Sound(SoundCommand::PassKeys { leg: agent, forget: false });
        desk.commands.iter().filter(|command| **command == pass).count()
    };
    desk.presses(agent, '5');
    assert_eq!(passed(&desk), 0, "media sends it on by itself");
    "*9".chars().for_each(|key| desk.presses(agent, key));
    assert_eq!(passed(&desk), 1);
    desk.presses(agent, '*');
    desk.passes(2);
    assert_eq!(passed(&desk), 2, "nothing follows the star");
    "*31".chars().for_each(|key| desk.presses(agent, key));
    desk.passes(4);
    assert_eq!(passed(&desk), 2);
    desk.passes(2);
    assert_eq!(passed(&desk), 3, "no extension was typed to its end");
    desk.presses(agent, '1');
    assert!(
        !desk
            .commands
            .iter()
            .any(|command| matches!(command, Command::Record(RecordCommand::Begin { .. })))
    );
}

/// One of several falls silent: the others go on. Of two, the call is over.
#[test]
fn a_lost_phone_ends_the_call_of_two_alone() {
    let (mut desk, customer, agent) = talking(quiet());
    let guest = comes(&mut desk, "101");
    desk.tell(Input::MediaLost { leg: guest });
    assert_eq!(desk.hung_up(guest), Some(HangupCause::MediaLost));
    assert!(desk.hung_up(agent).is_none() && is_closed(&desk));
    desk.tell(Input::MediaLost { leg: agent });
    assert_eq!(desk.hung_up(customer), Some(HangupCause::MediaLost));
    assert_eq!(desk.record().outcome, Some(Outcome::Answered));
}

/// P16: whoever comes later is recorded too, on the office's channel.
#[test]
fn a_guest_is_recorded_with_the_office() {
    let mut desk = Desk::open_with(office_with(
        "route: {agent: \"103\"}, ringback: national",
        "route: {agent: \"103\"}, ringback: national, recording: on",
    ));
    let customer = desk.calls(CUSTOMER, "+827012345672");
    desk.clip_ends(customer);
    desk.answers(desk.phone("103"));
    let guest = comes(&mut desk, "101");
    let sides: Vec<(LegId, Side)> = desk
        .commands
        .iter()
        .filter_map(|command| match command {
            Command::Record(RecordCommand::AddLeg { leg, side, .. }) => Some((*leg, *side)),
            _ => None,
        })
        .collect();
    let agent = desk.phone("103");
    let (left, right) = (Side::Customer, Side::Office);
    assert_eq!(sides, [(customer, left), (agent, right), (guest, right)]);
}

/// S19: each has their own work after it, from when they leave.
#[test]
fn everybody_who_talked_with_the_customer_has_work_after_it() {
    let office = OFFICE.replace("policies:\n", "policies:\n  wrap_up: {limit: 30s}\n");
    let (mut desk, customer, agent) = talking(parse(&office, None).unwrap());
    let guest = comes(&mut desk, "101");
    desk.hangs_up(agent);
    assert_eq!(desk.state("103"), AgentState::WrappingUp);
    desk.passes(31);
    assert_eq!(desk.state("103"), AgentState::Waiting);
    assert_eq!(invitable(&desk, "103"), Ok(()), "they may come back");
    desk.hangs_up(customer);
    assert_eq!(desk.hung_up(guest), Some(HangupCause::Normal));
    assert_eq!(desk.state("101"), AgentState::WrappingUp);
    assert_eq!(desk.state("103"), AgentState::Waiting, "theirs was over before");
}

#[test]
fn a_phone_that_answers_too_late_comes_nowhere() {
    let (mut desk, customer, _) = talking(quiet());
    invites(&mut desk, "102");
    let late = desk.phone("102");
    desk.hangs_up(customer);
    desk.tell(Input::Leg(LegEvent::Answered { leg: late }));
    assert!(joined(&desk).is_empty());
    assert_eq!(desk.engine.stray_leases(), []);
}
