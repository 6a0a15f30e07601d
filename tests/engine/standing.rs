//! Whom the methods of a team choose by what agents have done and have open (2.13).

use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::history::conversation::wish::ConversationWish;
use naru::leg::LegId;
use naru::office::document::document::parse;

use crate::simulation::{Desk, OFFICE};

const TEAM: &str = "+827012345671";

fn desk(method: &str, customers: &str) -> Desk {
    let members = r#"members: ["102", "103"]"#;
    let text = OFFICE.replacen(members, &format!("{members}, assignment: {method}"), 1).replacen(
        "policies:\n",
        &format!("{customers}policies:\n"),
        1,
    );
    Desk::open_with(parse(&text, None).unwrap())
}

/// A customer who has heard the greeting.
fn calls(desk: &mut Desk, caller: &str) -> LegId {
    let leg = desk.calls(caller, TEAM);
    desk.passes(4);
    desk.clip_ends(leg);
    leg
}

#[test]
fn whoever_has_fewest_conversations_open_is_given_the_call() {
    // L126: what was opened again counts; what is closed or put away does not
    let mut desk = desk("fast_response", "");
    let first = calls(&mut desk, "01011111111");
    desk.answers(desk.phone("102"));
    desk.hangs_up(first);
    let closed = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Conversation(kept)) => Some(kept.conversation.clone()),
        _ => None,
    });
    let closed = closed.unwrap();
    let second = calls(&mut desk, "01022222222");
    desk.hangs_up(second);
    assert_eq!(desk.rung(), ["102", "103"]);
    let tell = |desk: &mut Desk, wish: ConversationWish| {
        let (file, who) = (Box::new(closed.clone()), "a".to_owned());
        desk.tell(Input::Conversation { file, wish, who });
        let leg = calls(desk, "01033333333");
        desk.hangs_up(leg);
        desk.rung().pop().unwrap()
    };
    assert_eq!(tell(&mut desk, ConversationWish::Open), "103", "102 would be next by the clock");
    assert_eq!(tell(&mut desk, ConversationWish::Note { text: "n".to_owned() }), "103");
    assert_eq!(tell(&mut desk, ConversationWish::Snooze { length: 60_000 }), "102", "L14");
}

/// L127, S46: a customer with two numbers is one customer.
#[test]
fn the_agent_who_knows_the_customer_by_another_number_is_given_the_call() {
    let customers =
        "customers:\n  - {number: \"+821011111111\", also: [\"+82212345678\"], name: a}\n";
    let mut desk = desk("previous_agent", customers);
    for caller in ["01011111111", "01022222222"] {
        let leg = calls(&mut desk, caller);
        desk.hangs_up(leg);
    }
    let leg = calls(&mut desk, "01011111111");
    desk.answers(desk.phone("102"));
    desk.hangs_up(leg);
    calls(&mut desk, "02-1234-5678");
    assert_eq!(desk.rung().last().unwrap(), "102", "though 103 was given a call longer ago");
}
