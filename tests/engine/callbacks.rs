//! Customers who give up the line and keep their place (L74, L88, L91).

use naru::audio::builtin::Prompt;
use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::engine::rehearsal::Rehearsed;
use naru::history::call_id::CallId;
use naru::history::call_record::Outcome;
use naru::history::callback::Callback;
use naru::history::conversation::conversation::{Conversation, Memory, State};
use naru::history::conversation::log::Happening;
use naru::history::conversation::wish::ConversationWish;
use naru::history::conversation_id::ConversationId;
use naru::history::missed_reason::MissedReason;
use naru::history::remembered::Remembered;
use naru::history::walk_record::WalkEnd;
use naru::leg::{HangupCause, LegId};
use naru::live::LiveCallback;
use naru::office::announcement::Sound;
use naru::office::language::Language;
use naru::office::phone_number::PhoneNumber;
use naru::office::trunk::TrunkName;

use crate::queued::office;
use crate::simulation::Desk;

const MAIN: &str = "+827012345670";
const CUSTOMER: &str = "01011111111";

const OFFER: &str = r##"  - name: offer
    trigger: call_queued
    delay: 10s
    steps:
      - {name: menu, menu: {say: queue_callback, keys: {"1": mine, "2": other}, star: wait}}
      - {name: mine, callback: {tries: 2, pause: 5m, unavailable: sorry}}
      - {name: other, digits: {say: enter_number, field: number}, next: right}
      - {name: right, menu: {say: [{digits_of: number}], keys: {"1": theirs, "2": other}}}
      - {name: theirs, callback: {number_of: number, unavailable: sorry}}
      - {name: sorry, say: not_allowed, next: end}
"##;

/// 102 and 103 talk with others; whoever calls now waits.
fn busy() -> (Desk, [LegId; 2]) {
    let mut desk = Desk::open_with(office(OFFER));
    let talks = ["102", "103"].map(|agent| {
        let caller = desk.calls("01000000000", MAIN);
        desk.answers(desk.phone(agent));
        caller
    });
    (desk, talks)
}

/// A customer who waits, is offered a call back and takes it.
fn takes_the_offer(desk: &mut Desk, caller: &str) -> CallId {
    let leg = desk.calls(caller, MAIN);
    desk.passes(10);
    desk.presses(leg, '1');
    let thanks = Sound::Prompt { prompt: Prompt::CallbackSet, language: Language::Ko };
    assert_eq!(desk.hears(leg).unwrap().1, thanks);
    desk.clip_ends(leg);
    desk.ended.last().unwrap().id
}

fn promised(desk: &Desk) -> Vec<LiveCallback> {
    desk.engine.live().callbacks
}

fn happened(desk: &Desk, wanted: impl Fn(&Happening) -> bool) -> usize {
    let log = desk.commands.iter().filter(|command| match command {
        Command::Keep(KeepCommand::ConversationLogged(entry)) => wanted(&entry.what),
        _ => false,
    });
    log.count()
}

fn conversation(desk: &Desk, id: ConversationId) -> Conversation {
    let kept = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Conversation(kept)) if kept.conversation.id == id => {
            Some(&kept.conversation)
        }
        _ => None,
    });
    kept.unwrap().clone()
}

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).unwrap()
}

#[test]
fn a_customer_hangs_up_keeps_their_place_and_is_called_in_turn() {
    let (mut desk, talks) = busy();
    let call = takes_the_offer(&mut desk, CUSTOMER);
    let record = desk.ended.last().unwrap().clone();
    assert_eq!(record.missed_reason, Some(MissedReason::WfEndCall));
    let walk = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::WalkEnded(walk)) => Some(walk.end),
        _ => None,
    });
    assert_eq!(walk, Some(WalkEnd::Callback));
    // Whoever comes later stands behind.
    let later = desk.calls("01022222222", MAIN);
    let live = desk.engine.live();
    assert_eq!(live.calls.last().unwrap().queue.as_ref().unwrap().position, 2);
    let [ticket] = &live.callbacks[..] else { panic!("{:?}", live.callbacks) };
    assert_eq!((ticket.call, ticket.position, ticket.left), (call, 1, 2));
    assert_eq!(Some(ticket.conversation), record.conversation);

    // The first who becomes free rings, then the customer, who sees the number they dialled.
    desk.hangs_up(talks[0]);
    let agent = desk.phone("102");
    assert_eq!(desk.rung().iter().filter(|rung| rung.starts_with("carrier")).count(), 0);
    desk.answers(agent);
    let outside = desk.outside();
    assert_eq!(desk.rung().last().unwrap(), "carrier:+821011111111");
    assert_eq!(
        outside.caller_number, "+8215881234",
        "S54: the number that the customer had dialled"
    );
    assert!(promised(&desk)[0].calling.is_some());
    desk.rings(outside.leg);
    desk.answers(outside.leg);
    assert!(desk.is_joined(agent, outside.leg));
    assert!(promised(&desk).is_empty());
    assert!(desk.commands.contains(&Command::Keep(KeepCommand::CallbackOver(call))));
    desk.hangs_up(agent);
    let back = desk.ended.last().unwrap();
    assert_eq!((back.outcome, back.conversation), (Some(Outcome::Answered), record.conversation));
    let conversation = conversation(&desk, record.conversation.unwrap());
    assert!(matches!(conversation.state, State::Closed { .. } | State::Opened));
    assert!(conversation.handled.is_some());
    // The one behind was not passed over: 102 rings for them now.
    assert_eq!(desk.rung().last().unwrap(), "102");
    desk.hangs_up(later);
}

#[test]
fn one_call_at_a_time_and_no_more_than_were_promised() {
    let (mut desk, talks) = busy();
    takes_the_offer(&mut desk, CUSTOMER);
    let conversation_id = promised(&desk)[0].conversation;
    desk.hangs_up(talks[0]);
    desk.hangs_up(talks[1]);
    assert_eq!(desk.rung().iter().filter(|rung| *rung == "102" || *rung == "103").count(), 3);
    desk.answers(desk.phone("102"));
    let first = desk.outside().leg;
    desk.ends(first, HangupCause::Busy);
    assert_eq!((promised(&desk)[0].left, promised(&desk)[0].calling), (1, None));
    let next = promised(&desk)[0].next.unwrap();
    assert_eq!(next, desk.now.unix_millis() + 300_000);
    desk.passes(299);
    assert_eq!(desk.outside().leg, first, "not before");
    desk.passes(1);
    let agent = ["102", "103"].map(|agent| desk.phone(agent)).into_iter().max().unwrap();
    desk.answers(agent);
    assert_ne!(desk.outside().leg, first);
    desk.ends(desk.outside().leg, HangupCause::NoAnswer);
    assert!(promised(&desk).is_empty());
    assert_eq!(happened(&desk, |what| *what == Happening::CallbackEnded { answered: false }), 1);
    let state = conversation(&desk, conversation_id).state;
    assert!(matches!(state, State::Missed { .. }), "a person sees it: {state:?}");
    let rung = desk.rung().len();
    desk.passes(3_600);
    assert_eq!(desk.rung().len(), rung);
}

#[test]
fn an_agent_who_does_not_pick_up_costs_the_customer_nothing() {
    let (mut desk, talks) = busy();
    takes_the_offer(&mut desk, CUSTOMER);
    desk.hangs_up(talks[0]);
    desk.hangs_up(talks[1]);
    desk.ends(desk.phone("102"), HangupCause::Declined);
    assert_eq!(desk.rung().last().unwrap(), "103", "the other is asked");
    desk.ends(desk.phone("103"), HangupCause::NoAnswer);
    assert_eq!(promised(&desk)[0].left, 2);
    let rung = desk.rung().len();
    desk.passes(299);
    assert_eq!(desk.rung().len(), rung, "nobody's phone rings without end");
    desk.passes(2);
    assert_eq!(desk.rung().len(), rung + 1);
}

#[test]
fn who_is_reached_otherwise_is_not_called() {
    // The customer calls again and is answered.
    let (mut desk, talks) = busy();
    takes_the_offer(&mut desk, CUSTOMER);
    let again = desk.calls(CUSTOMER, MAIN);
    desk.hangs_up(talks[0]);
    assert_eq!(promised(&desk)[0].calling, None, "they are on the line");
    desk.answers(desk.phone("102"));
    assert!(promised(&desk).is_empty());
    desk.hangs_up(again);
    assert_eq!(happened(&desk, |what| *what == Happening::CallbackEnded { answered: true }), 1);

    // Somebody closes the conversation.
    let (mut desk, talks) = busy();
    takes_the_offer(&mut desk, CUSTOMER);
    let file = Box::new(conversation(&desk, promised(&desk)[0].conversation));
    let (wish, who) = (ConversationWish::Close, "admin".to_owned());
    desk.tell(Input::Conversation { file, wish, who });
    assert!(promised(&desk).is_empty());
    let rung = desk.rung().len();
    desk.hangs_up(talks[0]);
    assert_eq!(desk.rung().len(), rung);
}

#[test]
fn a_number_may_be_typed_and_is_read_back() {
    let (mut desk, _) = busy();
    let leg = desk.calls(CUSTOMER, MAIN);
    desk.passes(10);
    desk.presses(leg, '2');
    for digit in "0233334444#".chars() {
        desk.presses(leg, digit);
    }
    let Sound::Said { sayings, .. } = desk.hears(leg).unwrap().1 else { panic!() };
    assert_eq!(format!("{sayings:?}"), r#"[Digits("0233334444")]"#);
    desk.presses(leg, '1');
    assert_eq!(promised(&desk)[0].number, number("+82233334444"));
}

#[test]
fn only_numbers_that_the_office_may_dial_are_promised() {
    // S8: default deny; withheld; premium.
    for (caller, typed) in [("+12125550100", None), ("", None), (CUSTOMER, Some("0601234567#"))] {
        let (mut desk, _) = busy();
        let leg = desk.calls(caller, MAIN);
        desk.passes(10);
        match typed {
            Some(digits) => {
                desk.presses(leg, '2');
                digits.chars().for_each(|digit| desk.presses(leg, digit));
                desk.presses(leg, '1');
            }
            None => desk.presses(leg, '1'),
        }
        let Sound::Prompt { prompt, .. } = desk.hears(leg).unwrap().1 else { panic!("{caller}") };
        assert_eq!(prompt, Prompt::NotAllowed);
        assert!(promised(&desk).is_empty());
        // They wait on.
        desk.clip_ends(leg);
        assert_eq!(desk.hears(leg).unwrap().1, Sound::LoopingRingback);
    }
}

#[test]
fn promises_and_their_places_survive_a_restart() {
    let (mut desk, _) = busy();
    takes_the_offer(&mut desk, CUSTOMER);
    takes_the_offer(&mut desk, "01022222222");
    let tickets: Vec<Callback> = desk
        .commands
        .iter()
        .filter_map(|command| match command {
            Command::Keep(KeepCommand::Callback(ticket)) => Some((**ticket).clone()),
            _ => None,
        })
        .collect();
    let open: Vec<Conversation> =
        tickets.iter().map(|ticket| conversation(&desk, ticket.conversation)).collect();
    let mut again = Desk::open_with(office(OFFER));
    again.unregisters("102");
    again.unregisters("103");
    let conversations = Memory { next: ConversationId(50), open, ..Memory::default() };
    let callbacks = tickets.iter().rev().cloned().collect();
    let remembered = Remembered { conversations, callbacks, ..Remembered::default() };
    again.tell(Input::Remembered(Box::new(remembered)));
    let live: Vec<(PhoneNumber, usize)> =
        promised(&again).into_iter().map(|one| (one.number, one.position)).collect();
    assert_eq!(live, [(number("+821011111111"), 1), (number("+821022222222"), 2)]);
    let device = crate::simulation::username("103");
    again.tell(Input::Registered { device, registered: true });
    again.answers(again.phone("103"));
    assert_eq!(again.rung().last().unwrap(), "carrier:+821011111111");
}

#[test]
fn a_simulated_call_ends_with_the_promise() {
    let (desk, _) = busy();
    let call = Rehearsed {
        trunk: TrunkName("carrier".to_owned()),
        caller: CUSTOMER.to_owned(),
        dialled: MAIN.to_owned(),
        keys: vec!['1'.into()],
        at: desk.now.wall,
    };
    let record = desk.engine.rehearse(&call, desk.now).unwrap();
    let told: Vec<String> =
        record.trail.iter().map(|entry| entry.decision.words(Language::En)).collect();
    assert!(told.iter().any(|line| line.contains("keeps their place")), "{told:#?}");
    assert!(promised(&desk).is_empty(), "nothing is left of it");
}

#[test]
fn a_promised_call_can_be_cancelled_and_the_customer_stays_missed() {
    // L88
    let (mut desk, [talk, _]) = busy();
    let call = takes_the_offer(&mut desk, CUSTOMER);
    let conversation = promised(&desk)[0].conversation;
    assert!(desk.engine.is_promised(conversation));
    let file = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Conversation(kept)) if kept.conversation.id == conversation => {
            Some(Box::new(kept.conversation.clone()))
        }
        _ => None,
    });
    let cancel = |desk: &mut Desk| {
        let (file, wish) = (file.clone().unwrap(), ConversationWish::CancelCallback);
        desk.tell(Input::Conversation { file, wish, who: "kim".to_owned() });
    };
    cancel(&mut desk);
    assert_eq!((promised(&desk), desk.engine.is_promised(conversation)), (vec![], false));
    let over = Command::Keep(KeepCommand::CallbackOver(call));
    assert!(desk.commands.contains(&over), "also after a restart");
    cancel(&mut desk);
    assert_eq!(happened(&desk, |what| *what == Happening::CallbackCancelled), 1);
    let calls = desk.started.len();
    desk.hangs_up(talk);
    desk.passes(600);
    assert_eq!(desk.started.len(), calls, "an agent is free, and nobody is called");
    let states = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Conversation(kept)) if kept.conversation.id == conversation => {
            Some(kept.conversation.state)
        }
        _ => None,
    });
    assert!(matches!(states, Some(State::Missed { .. })), "{states:?}");
}
