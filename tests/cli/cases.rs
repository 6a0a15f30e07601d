//! The sheets of cases and of workflows, with and without a daemon.

use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Direction};
use naru::history::conversation::conversation::{Case, Conversation, HeldConversation, State};
use naru::history::conversation_id::ConversationId;
use naru::history::trail::trail::{Decision, TrailEntry};
use naru::history::trail::workflow::WorkflowStory;
use naru::history::walk_record::{StepCount, StepId, WalkEnd, WalkRecord};
use naru::office::extension::Extension;
use naru::office::phone_number::PhoneNumber;
use naru::office::priority::Priority;
use naru::office::tag::Tag;
use naru::office::team::TeamName;
use naru::office::workflow::name::WorkflowName;

use crate::{Daemon, Place, calls};

const OPENED: i64 = 1_795_000_000_000;

/// Closed after a wait, a talk and a minute put away.
fn first() -> Conversation {
    let case = Case {
        seq: 1,
        opened: OPENED,
        queued: Some(OPENED + 2_000),
        answered: Some(OPENED + 12_000),
        closed: Some(OPENED + 300_000),
        snoozed_ms: 60_000,
        snoozed: 1,
        missed: 2,
        called_back: 1,
        first_assignee: None,
        tags: [Tag::parse("환불").unwrap()].into(),
    };
    Conversation {
        id: ConversationId(7),
        customer: PhoneNumber::parse("+81312345678").ok(),
        name: "=1+1".to_owned(),
        number: PhoneNumber::parse("+827012345678").ok(),
        direction: Direction::Inbound,
        created: OPENED,
        state: State::Closed { at: OPENED + 300_000, reason: None },
        team: Some(TeamName("support".to_owned())),
        assignee: Extension::parse("101").ok(),
        followers: ["101", "102"].map(|who| Extension::parse(who).unwrap()).into(),
        tags: case.tags.clone(),
        description: String::new(),
        priority: Priority::High,
        last_call: OPENED,
        last_note: None,
        handled: None,
        reminded: None,
        case,
    }
}

/// The same conversation again: nobody has answered yet, and nobody is responsible.
fn second() -> Conversation {
    let case = Case { seq: 2, opened: OPENED + 86_400_000, missed: 1, ..Case::default() };
    Conversation { state: State::Opened, assignee: None, case, ..first() }
}

fn call(id: u64, started: i64, story: WorkflowStory) -> CallRecord {
    let trail = vec![TrailEntry { at: started, decision: Decision::Workflow { story } }];
    let conversation = Some(ConversationId(7));
    let answered = calls().swap_remove(0);
    CallRecord { id: CallId(id), started, conversation, trail, ..answered }
}

fn with_cases() -> Place {
    let place = Place::new();
    assert_eq!(place.run(&["apply", "office.yaml"]).status, 0);
    let (store, threads) = place.store();
    // Closed and reopened at once: both wait for the disk together.
    for conversation in [first(), second()] {
        store.conversation_changed(HeldConversation::whole(conversation));
    }
    let name = |name: &str| WorkflowName(name.to_owned());
    store.call_ended(call(1, OPENED, WorkflowStory::DoesNotFit(name("night"))));
    store.call_ended(call(2, OPENED + 1, WorkflowStory::Connected(name("main"))));
    store.call_ended(call(3, OPENED + 2, WorkflowStory::Topmost(name("late"))));
    threads.close();
    place
}

fn sheet(place: &Place) {
    let ran = place.run(&["conversations", "--cases", "--csv"]);
    assert_eq!(
        ran.out,
        "\u{feff}conversation,case,direction,customer,name,number,opened,\"first queued\",\"first answered\",closed,\"waited s\",\"resolution s\",\"snoozed s\",snoozed,\"lead s\",missed,tags,priority,workflow,team,assignee,followers\r\n\
         7,2,inbound,+81312345678,\"'=1+1\",+827012345678,2026-11-19T20:06:40+09:00,,,,,,0,0,,1,,high,main,support,,\"101 102\"\r\n\
         7,1,inbound,+81312345678,\"'=1+1\",+827012345678,2026-11-18T20:06:40+09:00,2026-11-18T20:06:42+09:00,2026-11-18T20:06:52+09:00,2026-11-18T20:11:40+09:00,10,300,60,1,240,2,환불,high,main,support,101,\"101 102\"\r\n",
        "{}",
        ran.err
    );
    let korean = place.run_in("ko_KR.UTF-8", &["conversations", "--cases", "--csv"]).out;
    assert!(korean.starts_with("\u{feff}상담,케이스,방향,고객,이름,\"우리 번호\""), "{korean}");
    assert!(korean.contains(",높음,main,"), "{korean}");
    let table = place.run(&["conversations", "--cases", "--limit", "1"]).out;
    assert!(table.contains("7-2") && !table.contains("7-1"), "{table}");
    for (arguments, found) in [
        (&["--from", "2026-11-19"][..], vec![2]),
        (&["--to", "2026-11-19"], vec![1]),
        (&["--assignee", "101", "--number", "070-1234-5678"], vec![1]),
        (&["--team", "support"], vec![2, 1]),
        (&["--tag", "환불"], vec![1]),
        (&["--team", "sales"], vec![]),
    ] {
        let all = [&["conversations", "--cases", "--json"], arguments].concat();
        let ran = place.run(&all);
        let json: serde_json::Value = serde_json::from_str(&ran.out).expect(&ran.err);
        let seqs: Vec<_> =
            json.as_array().unwrap().iter().filter_map(|case| case["seq"].as_i64()).collect();
        assert_eq!(seqs, found, "{arguments:?}");
    }
    for wrong in [&["--from", "noon"][..], &["--assignee", "x"], &["--missed"]] {
        let ran = place.run(&[&["conversations", "--cases"], wrong].concat());
        assert_eq!(ran.status, 2, "{wrong:?}: {}", ran.err);
    }
}

/// L180
#[test]
fn cases_are_a_sheet_without_a_daemon() {
    sheet(&with_cases());
}

/// L180
#[test]
fn cases_are_a_sheet_by_the_daemon() {
    let place = with_cases();
    let daemon = Daemon::start(&place);
    sheet(&place);
    daemon.stop();
}

/// More than one page, each of the daemon's or the store's.
#[test]
fn many_cases_come_page_by_page_once_each() {
    let place = Place::new();
    assert_eq!(place.run(&["apply", "office.yaml"]).status, 0);
    let (store, threads) = place.store();
    for seq in 1..=2_300 {
        // Many of a moment: a page ends between them.
        let case = Case { seq, opened: OPENED + i64::from(seq) / 300, ..Case::default() };
        let conversation = Conversation { case, ..first() };
        store.conversation_changed(HeldConversation::whole(conversation));
    }
    threads.close();
    let listed = || {
        let out = place.run(&["conversations", "--cases", "--csv", "--limit", "5000"]).out;
        let rows = out.lines().skip(1).filter_map(|line| line.split(',').nth(1)?.parse().ok());
        rows.collect::<Vec<u32>>()
    };
    let all: Vec<u32> = (1..=2_300).rev().collect();
    assert_eq!(listed(), all);
    let daemon = Daemon::start(&place);
    assert_eq!(listed(), all);
    daemon.stop();
}

/// L182: calls, conversations, cases, customers, agents, workflows and figures are sheets; teams and
/// tags are lists of the office's document (`naru export`).
#[test]
fn workflows_and_how_they_ended_are_a_sheet() {
    let place = Place::new();
    assert_eq!(place.run(&["apply", "office.yaml"]).status, 0);
    let (store, threads) = place.store();
    for end in [WalkEnd::Connected, WalkEnd::CallerLeft, WalkEnd::CallerLeft] {
        let (workflow, version) = ("대표번호, 낮".to_owned(), "v1".to_owned());
        let step = StepId {
            workflow: workflow.clone(),
            version: version.clone(),
            step: "menu".to_owned(),
        };
        let steps = [(step, StepCount { views: 1, ..StepCount::default() })].into();
        store.walk_ended(WalkRecord { workflow, version, began: OPENED, end, steps });
    }
    threads.close();
    let sheet = place.run(&["workflows", "--csv"]);
    assert_eq!(
        sheet.out,
        "\u{feff}workflow,version,\"first run\",end,runs\r\n\
         \"대표번호, 낮\",v1,2026-11-18T20:06:40+09:00,connected,1\r\n\
         \"대표번호, 낮\",v1,2026-11-18T20:06:40+09:00,caller_left,2\r\n",
        "{}",
        sheet.err
    );
    let korean = place.run_in("ko_KR.UTF-8", &["workflows", "--csv"]).out;
    assert!(korean.starts_with("\u{feff}워크플로우,버전,"), "{korean}");
    assert_eq!(place.run(&["workflows", "--csv", "--json"]).status, 2);
    let daemon = Daemon::start(&place);
    let agents = place.run(&["agents", "--csv"]).out;
    assert!(
        agents.starts_with("\u{feff}agent,name,state") && agents.contains("\r\n101,김민지,"),
        "{agents}"
    );
    daemon.stop();
}
