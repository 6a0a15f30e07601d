//! What workflows tell other systems of a call, and how callers fare meanwhile (P18, L76, L203).

use naru::engine::command::{Command, KeepCommand, SoundCommand};
use naru::engine::input::Input;
use naru::history::call_record::Outcome;
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::Decision;
use naru::history::trail::workflow::WorkflowStory;
use naru::history::walk_record::{WalkEnd, WalkRecord};
use naru::history::webhook::{CallTold, Posting, Told};
use naru::history::webhook_end::WebhookEnd;
use naru::leg::LegId;
use naru::office::announcement::{Situation, Sound};
use naru::office::document::document::parse;
use naru::office::extension::Extension;
use naru::office::language::Language;

use crate::simulation::{Desk, OFFICE, extension};

const MAIN: &str = "+827012345670";
const CUSTOMER: &str = "01098765432";

fn desk(workflows: &str) -> Desk {
    Desk::open_with(parse(&format!("{OFFICE}workflows:\n{workflows}"), None).unwrap())
}

fn postings(desk: &Desk) -> Vec<Posting> {
    let posting = |command: &Command| match command {
        Command::Post(posting) => Some((**posting).clone()),
        _ => None,
    };
    desk.commands.iter().filter_map(posting).collect()
}

fn only(desk: &Desk) -> Posting {
    let mut all = postings(desk);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn of_call(posting: &Posting) -> &CallTold {
    let Told::Call(told) = &posting.told else { panic!("{posting:?}") };
    told
}

fn comes_of(desk: &mut Desk, posting: &Posting, end: WebhookEnd) {
    let (id, call, step) = (posting.id, of_call(posting).call, of_call(posting).step.clone());
    desk.tell(Input::WebhookEnded { id, call, step, end });
}

fn said(desk: &Desk, caller: LegId) -> Option<Situation> {
    match desk.hears(caller).map(|(_, sound)| sound) {
        Some(Sound::BuiltIn { situation, .. }) => Some(situation),
        _ => None,
    }
}

fn ends(desk: &Desk) -> Vec<WalkEnd> {
    let end = |command: &Command| match command {
        Command::Keep(KeepCommand::WalkEnded(record)) => Some(WalkRecord::clone(record).end),
        _ => None,
    };
    desk.commands.iter().filter_map(end).collect()
}

const ASKS: &str = r#"
  - name: ivr
    trigger: customer_called
    steps:
      - {name: order, digits: {say: greeting, field: 주문, least: 2}, next: mark}
      - {name: mark, tag: refund, next: give}
      - {name: give, assign: {agent: "103"}, next: ask}
      - {name: ask, webhook: {url: "http://crm.test:8080/naru?a=1", wait: 4s, failed: sorry}, next: known}
      - {name: known, say: closed}
      - {name: sorry, say: all_busy}
"#;

/// A caller for whose order the other system is asked.
fn asks() -> (Desk, LegId, Posting) {
    let mut desk = desk(ASKS);
    let caller = desk.calls(CUSTOMER, MAIN);
    for key in ['4', '2', '#'] {
        desk.presses(caller, key);
    }
    let posting = only(&desk);
    (desk, caller, posting)
}

#[test]
fn a_step_tells_what_is_known_of_the_call_so_far() {
    let (_, _, posting) = asks();
    assert_eq!(posting.url.as_str(), "http://crm.test:8080/naru?a=1");
    let told = serde_json::to_value(&posting.told).unwrap();
    assert_eq!(told["event"], "customer_called");
    assert_eq!((told["workflow"].as_str(), told["step"].as_str()), (Some("ivr"), Some("ask")));
    assert_eq!(
        (told["customer"].as_str(), told["number"].as_str()),
        (Some("+821098765432"), Some(MAIN))
    );
    assert_eq!(told["fields"], serde_json::json!({"주문": "42"}));
    assert_eq!((&told["tags"], &told["agent"]), (&serde_json::json!(["refund"]), &"103".into()));
    assert_eq!((told["language"].as_str(), told["outcome"].as_str()), (Some("ko"), None));
    assert!(told["call"].is_u64() && told["conversation"].is_u64() && told["at"].is_i64());
}

#[test]
fn a_good_answer_leads_on_and_a_bad_one_elsewhere() {
    let (mut desk, caller, posting) = asks();
    comes_of(&mut desk, &posting, WebhookEnd::Taken { tries: 1 });
    assert_eq!(said(&desk, caller), Some(Situation::Closed));
    for bad in [
        WebhookEnd::Refused { status: 404 },
        WebhookEnd::GivenUp { tries: 5, why: "connection refused".to_owned() },
        WebhookEnd::TooMany,
    ] {
        let (mut desk, caller, posting) = asks();
        comes_of(&mut desk, &posting, bad.clone());
        assert_eq!(said(&desk, caller), Some(Situation::AllBusy));
        desk.clip_ends(caller);
        let told = WorkflowStory::Told { step: "ask".to_owned(), end: bad };
        assert!(desk.decided(|one| *one == Decision::Workflow { story: told.clone() }));
    }
}

#[test]
fn nobody_waits_longer_than_the_office_says_and_a_late_answer_moves_nobody() {
    let (mut desk, caller, posting) = asks();
    desk.passes(3);
    assert_eq!(said(&desk, caller), Some(Situation::Greeting), "nothing new is said meanwhile");
    desk.passes(1);
    assert_eq!(said(&desk, caller), Some(Situation::AllBusy));
    let before = desk.commands.len();
    comes_of(&mut desk, &posting, WebhookEnd::Taken { tries: 2 });
    assert!(
        !desk.commands[before..]
            .iter()
            .any(|c| matches!(c, Command::Sound(SoundCommand::Play { .. })))
    );
    desk.clip_ends(caller);
    assert_eq!(ends(&desk), [WalkEnd::HungUp], "L86");
}

#[test]
fn who_hangs_up_while_the_other_system_is_asked_has_left_the_workflow() {
    // L81: and what comes of it still stands in the trail.
    let (mut desk, caller, posting) = asks();
    desk.hangs_up(caller);
    assert_eq!(ends(&desk), [WalkEnd::CallerLeft]);
    assert_eq!(desk.record().outcome, Some(Outcome::NotEntered));
    assert_eq!(desk.record().missed_reason, Some(MissedReason::UserLeftInIvr));
    let end = WebhookEnd::Taken { tries: 1 };
    comes_of(&mut desk, &posting, end.clone());
    let told = WorkflowStory::Told { step: "ask".to_owned(), end };
    let added = desk.commands.iter().any(|command| match command {
        Command::Keep(KeepCommand::TrailAdded { call, entries }) => {
            *call == of_call(&posting).call
                && entries.iter().any(|e| e.decision == Decision::Workflow { story: told.clone() })
        }
        _ => false,
    });
    assert!(added);
}

#[test]
fn without_wait_the_call_goes_on_at_once_and_in_the_background() {
    // L203: it makes no workflow one that speaks.
    let mut desk = desk(
        "  - {name: tell, trigger: call_entered, steps: [{name: t, webhook: {url: \"http://crm.test\"}, next: end}]}\n",
    );
    desk.calls(CUSTOMER, MAIN);
    assert!(!desk.rung().is_empty(), "phones ring though nobody has answered for the webhook");
    let posting = only(&desk);
    assert_eq!((of_call(&posting).event, posting.waits), ("call_entered", false));
    let step = WorkflowStory::Tells { step: "t".to_owned(), server: "crm.test".to_owned() };
    comes_of(&mut desk, &posting, WebhookEnd::Taken { tries: 1 });
    let caller = desk.phone("101");
    desk.answers(caller);
    desk.hangs_up(caller);
    assert!(desk.decided(|one| *one == Decision::Workflow { story: step.clone() }));
}

#[test]
fn after_a_call_it_tells_how_the_call_ended_and_whose_it_is() {
    // L76
    let mut desk = desk(
        "  - {name: after, trigger: call_ended, delay: 0s, steps: [{name: t, webhook: {url: \"http://crm.test/x\"}, next: end}]}\n",
    );
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.answers(desk.phone("101"));
    desk.hangs_up(caller);
    desk.passes(0);
    let due = desk.commands.iter().find_map(|command| match command {
        Command::Keep(KeepCommand::FollowUpDue(one)) => Some((**one).clone()),
        _ => None,
    });
    let file = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Conversation(kept)) => Some(Box::new(kept.conversation.clone())),
        _ => None,
    });
    desk.tell(Input::FollowUp { id: due.unwrap().id(), file });
    let told = of_call(&only(&desk)).clone();
    assert_eq!((told.event, told.outcome), ("call_ended", Some(Outcome::Answered)));
    assert_eq!(told.agent.as_ref().map(Extension::as_str), Some(extension("101").as_str()));
    assert_eq!((told.language, told.missed_reason), (Language::Ko, None));
}

#[test]
fn each_message_has_an_id_of_its_own() {
    let mut desk = desk(
        "  - {name: a, trigger: call_entered, steps: [{name: t, webhook: {url: \"http://a\"}, next: u}, {name: u, webhook: {url: \"http://a\"}, next: end}]}\n  - {name: b, trigger: call_entered, steps: [{name: t, webhook: {url: \"http://b\"}, next: end}]}\n",
    );
    desk.calls(CUSTOMER, MAIN);
    let mut ids: Vec<String> =
        postings(&desk).into_iter().map(|one| one.told.id().to_owned()).collect();
    assert_eq!(ids.len(), 3);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3, "{ids:?}");
}
