//! What workflows do to conversations, in a call and after its end (2.8, 2.10, L76, L79, L131, S71).

use std::collections::{BTreeMap, BTreeSet};

use naru::duty::DutyWish;
use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::history::conversation::conversation::{Conversation, State};
use naru::history::conversation::log::Happening;
use naru::history::conversation::wish::ConversationWish;
use naru::history::conversation_id::ConversationId;
use naru::history::follow_up::FollowUp;
use naru::history::missed_reason::MissedReason;
use naru::history::remembered::Remembered;
use naru::history::trail::trail::Decision;
use naru::history::trail::workflow::WorkflowStory;
use naru::leg::LegId;
use naru::live::AgentState;
use naru::office::document::document::parse;
use naru::office::priority::Priority;

use crate::simulation::{Desk, OFFICE, extension};

const MAIN: &str = "+827012345670";
const TEAM: &str = "+827012345671";
const CUSTOMER: &str = "01011111111";

/// The number without a route, which every workflow meets.
fn desk(workflows: &str) -> Desk {
    desk_with("", workflows)
}

fn desk_with(policies: &str, workflows: &str) -> Desk {
    let text = OFFICE.replacen("policies:\n", &format!("policies:\n{policies}"), 1);
    Desk::open_with(parse(&format!("{text}workflows:\n{workflows}"), None).unwrap())
}

/// As the store holds them: whatever was kept last.
fn stored(desk: &Desk) -> BTreeMap<ConversationId, Conversation> {
    let mut found: BTreeMap<ConversationId, Conversation> = BTreeMap::new();
    for command in &desk.commands {
        if let Command::Keep(KeepCommand::Conversation(kept)) = command {
            let mut kept = (**kept).clone();
            if let Some(before) = found.get(&kept.conversation.id).filter(|_| !kept.whole) {
                kept.complete_from(before);
            }
            found.insert(kept.conversation.id, kept.conversation);
        }
    }
    found
}

fn only(desk: &Desk) -> Conversation {
    let all = stored(desk);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_values().next().unwrap()
}

/// Time goes by, and the store answers what is asked meanwhile.
fn passes(desk: &mut Desk, seconds: u64) {
    let asked = desk.commands.len();
    desk.passes(seconds);
    answer(desk, asked);
}

fn answer(desk: &mut Desk, from: usize) {
    let due = desk.commands[from..].iter().filter_map(|command| match command {
        Command::Keep(KeepCommand::FollowUpDue(one)) => Some((**one).clone()),
        _ => None,
    });
    for one in due.collect::<Vec<_>>() {
        let file = stored(desk).remove(&one.conversation).map(Box::new);
        desk.tell(Input::FollowUp { id: one.id(), file });
    }
}

/// What was written into the log since, and by whom.
fn log(desk: &Desk) -> Vec<(Option<String>, Happening)> {
    let line = |command: &Command| match command {
        Command::Keep(KeepCommand::ConversationLogged(entry)) => {
            Some((entry.who.clone(), entry.what.clone()))
        }
        _ => None,
    };
    desk.commands.iter().filter_map(line).collect()
}

fn by(desk: &Desk, workflow: &str) -> Vec<Happening> {
    let who = Some(format!("workflow:{workflow}"));
    log(desk).into_iter().filter(|(by, _)| *by == who).map(|(_, what)| what).collect()
}

fn told(desk: &Desk) -> Vec<WorkflowStory> {
    let added = desk.commands.iter().filter_map(|command| match command {
        Command::Keep(KeepCommand::TrailAdded { entries, .. }) => Some(entries),
        _ => None,
    });
    let story = |decision: &Decision| match decision {
        Decision::Workflow { story } => Some(story.clone()),
        _ => None,
    };
    added.flatten().filter_map(|entry| story(&entry.decision)).collect()
}

fn planned(desk: &Desk) -> Vec<FollowUp> {
    let one = |command: &Command| match command {
        Command::Keep(KeepCommand::FollowUpPlanned(one)) => Some((**one).clone()),
        _ => None,
    };
    desk.commands.iter().filter_map(one).collect()
}

fn done(desk: &Desk) -> usize {
    desk.commands
        .iter()
        .filter(|command| matches!(command, Command::Keep(KeepCommand::FollowUpDone(_))))
        .count()
}

/// A call that 101 answers and the customer ends.
fn talk(desk: &mut Desk) -> LegId {
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.answers(desk.phone("101"));
    desk.hangs_up(caller);
    caller
}

const CHORES: &str = r#"
  - name: ivr
    trigger: customer_called
    steps: [{name: m, menu: {say: greeting, keys: {"1": tag}}}, {name: tag, tag: [refund, vip], next: untag}, {name: untag, untag: [vip], next: see}, {name: see, branch: [{when: {tags: [refund]}, to: note}], otherwise: end}, {name: note, note: 환불 문의, next: rank}, {name: rank, priority: high, next: follow}, {name: follow, follow: ["102"], next: tell}, {name: tell, describe: 고객이 환불을 원합니다, next: give}, {name: give, assign: {agent: "103"}, next: end}]
"#;

#[test]
fn what_a_workflow_does_in_a_call_stands_in_the_conversation() {
    // L95, L101, L131
    let mut desk = desk(CHORES);
    let caller = desk.calls(CUSTOMER, MAIN);
    assert_eq!(only(&desk).state, State::Initial);
    desk.presses(caller, '1');
    let conversation = only(&desk);
    let tags: Vec<&str> = conversation.tags.iter().map(|tag| tag.as_str()).collect();
    assert_eq!((tags, conversation.priority), (vec!["refund"], Priority::High));
    assert_eq!(conversation.description, "고객이 환불을 원합니다");
    assert_eq!(conversation.followers, BTreeSet::from([extension("102"), extension("103")]));
    assert_eq!(
        (conversation.state, conversation.assignee),
        (State::Opened, Some(extension("103")))
    );
    assert_eq!(conversation.case.tags, conversation.tags, "L180");
    let kinds: Vec<Happening> = by(&desk, "ivr");
    assert!(
        matches!(
            kinds.as_slice(),
            [
                Happening::Tagged { .. },
                Happening::Tagged { .. },
                Happening::Note { .. },
                Happening::Prioritised { priority: Priority::High },
                Happening::Followed { .. },
                Happening::Described,
                Happening::Assigned { team: None, .. },
            ]
        ),
        "{kinds:?}"
    );
    desk.hangs_up(caller);
}

#[test]
fn a_conversation_takes_eight_tags_and_the_trail_says_what_was_left_out() {
    // L30
    let eight = "[a, b, c, d, e, f, g, h]";
    let mut desk = desk(&format!(
        "  - {{name: w, trigger: call_entered, steps: [{{name: a, tag: {eight}, next: b}}, {{name: b, tag: [i], next: end}}]}}\n"
    ));
    let caller = desk.calls(CUSTOMER, MAIN);
    assert_eq!(only(&desk).tags.len(), 8);
    desk.hangs_up(caller);
    let full = Decision::Workflow { story: WorkflowStory::TagsFull };
    assert!(desk.decided(|decision| *decision == full));
}

#[test]
fn a_tag_comes_off_a_conversation_that_was_reopened_by_its_bare_id() {
    let text = OFFICE.replacen("route: off", "route: off, continuation: always", 1);
    let workflows = "  - {name: w, trigger: call_entered, steps: [{name: a, untag: [old], next: b}, {name: b, tag: [new], next: end}]}\n";
    let mut desk = Desk::open_with(parse(&format!("{text}workflows:\n{workflows}"), None).unwrap());
    talk(&mut desk);
    let file = Box::new(only(&desk));
    let tags = ["old", "kept"].map(|tag| naru::office::tag::Tag::parse(tag).unwrap());
    let wish = ConversationWish::Tag { tags: BTreeSet::from(tags) };
    desk.tell(Input::Conversation { file, wish, who: "101".to_owned() });
    talk(&mut desk);
    let tags = only(&desk).tags;
    let tags: Vec<&str> = tags.iter().map(|tag| tag.as_str()).collect();
    assert_eq!(tags, ["kept", "new"]);
}

fn after(options: &str, steps: &str) -> String {
    format!("  - {{name: after, trigger: call_ended{options}, steps: [{steps}]}}\n")
}

const SNOOZE: &str =
    "{name: z, conversation: {snooze: 1h}, next: n}, {name: n, note: 다시 걸기, next: end}";

#[test]
fn a_call_leaves_a_reminder() {
    // S71, L76: a minute unless told
    let mut desk = desk_with("  wrap_up: {enabled: false}\n", &after("", SNOOZE));
    talk(&mut desk);
    assert!(only(&desk).state.is_closed(), "S26");
    passes(&mut desk, 59);
    assert_eq!(done(&desk), 0);
    passes(&mut desk, 1);
    let conversation = only(&desk);
    let State::Snoozed { since, until } = conversation.state else { panic!("{conversation:?}") };
    assert_eq!((until - since, conversation.case.seq), (3_600_000, 2), "L177: a new case");
    assert!(matches!(
        by(&desk, "after").as_slice(),
        [Happening::Reopened, Happening::Snoozed { .. }, Happening::Note { .. }]
    ));
    assert_eq!(told(&desk).len(), 3, "the trail of the call that is over goes on");
    assert_eq!((planned(&desk).len(), done(&desk)), (1, 1));
    desk.passes(3_600);
    assert_eq!(only(&desk).state, State::Opened, "L25");
}

#[test]
fn a_workflow_that_closes_ends_the_work_after_the_call() {
    // S20, S28: what overlaps with wrap-up
    let close = after(", delay: 30s", "{name: c, conversation: close, next: end}");
    let mut desk = desk_with("  wrap_up: {enabled: true, limit: 2m}\n", &close);
    talk(&mut desk);
    assert_eq!(desk.state("101"), AgentState::WrappingUp);
    passes(&mut desk, 30);
    assert!(only(&desk).state.is_closed());
    assert_eq!(desk.state("101"), AgentState::Waiting);
    // Opening what is open changes nothing.
    let open = after(", delay: 30s", "{name: o, conversation: open, next: end}");
    let mut desk = desk_with("  wrap_up: {enabled: true, limit: 2m}\n", &open);
    talk(&mut desk);
    passes(&mut desk, 30);
    assert_eq!((only(&desk).state, desk.state("101")), (State::Opened, AgentState::WrappingUp));
    desk.tell(Input::Agent { agent: extension("101"), wish: DutyWish::EndWrapUp });
    assert!(only(&desk).state.is_closed());
}

#[test]
fn the_scope_and_the_reason_say_which_calls_are_meant() {
    // L76, L78
    let menu = "  - {name: ivr, trigger: customer_called, steps: [{name: m, menu: {say: greeting, keys: {\"1\": end}}}]}\n";
    let runs = |options: &str, play: fn(&mut Desk)| {
        let workflow = after(&format!(", delay: 0s{options}"), "{name: t, tag: x, next: end}");
        let mut desk = desk(&format!("{menu}{workflow}"));
        play(&mut desk);
        passes(&mut desk, 1);
        done(&desk) == 1
    };
    let left_menu = |desk: &mut Desk| {
        let caller = desk.calls(CUSTOMER, MAIN);
        desk.hangs_up(caller);
    };
    let left_ringing = |desk: &mut Desk| {
        let caller = desk.calls(CUSTOMER, MAIN);
        desk.presses(caller, '1');
        desk.hangs_up(caller);
    };
    let answered = |desk: &mut Desk| {
        let caller = desk.calls(CUSTOMER, MAIN);
        desk.presses(caller, '1');
        desk.answers(desk.phone("101"));
        desk.hangs_up(caller);
    };
    let out = |desk: &mut Desk| {
        let caller = desk.dials("101", CUSTOMER);
        desk.hangs_up(caller);
    };
    let direct = |desk: &mut Desk| {
        let caller = desk.calls(CUSTOMER, TEAM);
        desk.hangs_up(caller);
    };
    let inside = |desk: &mut Desk| {
        let caller = desk.dials("101", "102");
        desk.hangs_up(caller);
    };
    for (options, expected) in [
        ("", [true, true, true, true]),
        (", scope: entered", [false, true, true, true]),
        (", scope: not_entered", [true, false, false, false]),
        (", missed: [user_left]", [true, true, false, false]),
        (", missed: [user_left], scope: not_entered", [true, false, false, false]),
        (", missed: [ring_time_over, no_operator]", [false, false, false, false]),
        (", active: false", [false, false, false, false]),
    ] {
        let ran = [
            runs(options, left_menu),
            runs(options, left_ringing),
            runs(options, answered),
            runs(options, out),
        ];
        assert_eq!(ran, expected, "{options}");
        assert!(!runs(options, direct), "S82");
        assert!(!runs(options, inside), "colleagues leave no conversation");
    }
}

#[test]
fn who_left_the_menu_may_be_brought_into_the_inbox() {
    // L78: with what they had typed
    let workflows = format!(
        "  - {{name: ivr, trigger: customer_called, steps: [{{name: d, digits: {{say: greeting, field: order, least: 4}}, next: m}}, {{name: m, menu: {{say: greeting, keys: {{\"1\": end}}}}}}]}}\n{}",
        after(
            ", scope: not_entered, only: {field: order, is: \"1234\"}",
            "{name: o, conversation: open, next: a}, {name: a, assign: {team: support}, next: end}"
        )
    );
    let mut desk = desk(&workflows);
    let caller = desk.calls(CUSTOMER, MAIN);
    "1234#".chars().for_each(|key| desk.presses(caller, key));
    desk.hangs_up(caller);
    assert_eq!(only(&desk).state, State::Initial, "L81");
    passes(&mut desk, 60);
    let conversation = only(&desk);
    assert_eq!(conversation.state, State::Opened);
    assert_eq!(conversation.team.unwrap().0, "support");
}

#[test]
fn a_customer_who_calls_again_is_not_cut_off() {
    let text = OFFICE.replacen("route: off", "route: off, continuation: always", 1);
    let close = after("", "{name: c, conversation: close, next: end}");
    let mut desk = Desk::open_with(parse(&format!("{text}workflows:\n{close}"), None).unwrap());
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.hangs_up(caller);
    assert!(matches!(only(&desk).state, State::Missed { reason: MissedReason::UserLeft, .. }));
    desk.passes(30);
    let again = desk.calls(CUSTOMER, MAIN);
    desk.answers(desk.phone("101"));
    passes(&mut desk, 30);
    assert_eq!(only(&desk).state, State::Opened);
    assert!(told(&desk).contains(&WorkflowStory::ConversationBusy));
    desk.hangs_up(again);
    passes(&mut desk, 60);
    assert!(only(&desk).state.is_closed());
}

#[test]
fn what_waits_is_remembered_and_run_after_a_restart() {
    let mut desk = desk(&after(", delay: 72h", SNOOZE));
    talk(&mut desk);
    let waits = planned(&desk);
    let file = only(&desk);
    let mut again = self::desk(&after(", delay: 72h", SNOOZE));
    again.now = desk.now.after(std::time::Duration::from_secs(72 * 3_600 - 10));
    let remembered = Remembered { follow_ups: waits, ..Remembered::default() };
    again.tell(Input::Remembered(Box::new(remembered)));
    again.passes(9);
    assert_eq!(
        again
            .commands
            .iter()
            .filter(|c| matches!(c, Command::Keep(KeepCommand::FollowUpDue(_))))
            .count(),
        0
    );
    again.passes(1);
    let Some(Command::Keep(KeepCommand::FollowUpDue(one))) = again.commands.last().cloned() else {
        panic!()
    };
    again.tell(Input::FollowUp { id: one.id(), file: Some(Box::new(file)) });
    assert!(matches!(only(&again).state, State::Snoozed { .. }));
    // One whose office has no such workflow any more is let go of.
    let mut gone =
        self::desk("  - {name: x, trigger: call_ended, steps: [{name: a, tag: x, next: end}]}\n");
    let remembered = Remembered { follow_ups: planned(&desk), ..Remembered::default() };
    gone.now = again.now;
    gone.tell(Input::Remembered(Box::new(remembered)));
    gone.passes(1);
    gone.tell(Input::FollowUp { id: one.id(), file: Some(Box::new(only(&desk))) });
    assert_eq!((done(&gone), by(&gone, "after").len()), (1, 0));
    assert_eq!(gone.engine.poll_timeout(), None);
}

#[test]
fn many_that_are_due_at_once_are_looked_after_a_few_at_a_time() {
    let mut desk = desk(&after(", delay: 60s", "{name: t, tag: x, next: end}"));
    for count in 0..100 {
        let caller = desk.calls(&format!("0101111{count:04}"), MAIN);
        desk.hangs_up(caller);
    }
    let from = desk.commands.len();
    desk.passes(60);
    let asked = |desk: &Desk| {
        desk.commands
            .iter()
            .filter(|c| matches!(c, Command::Keep(KeepCommand::FollowUpDue(_))))
            .count()
    };
    assert_eq!(asked(&desk), 16);
    let mut from = from;
    for _ in 0..10 {
        let until = desk.commands.len();
        answer(&mut desk, from);
        from = until;
        desk.passes(0);
    }
    assert_eq!((asked(&desk), done(&desk)), (100, 100));
}

#[test]
fn a_conversation_that_is_not_to_be_had_is_asked_for_again() {
    let mut desk = desk_with("  wrap_up: {enabled: false}\n", &after(", delay: 1m", SNOOZE));
    talk(&mut desk);
    desk.passes(60);
    let id = planned(&desk)[0].id();
    desk.tell(Input::FollowUp { id: id.clone(), file: None });
    assert_eq!(done(&desk), 0);
    passes(&mut desk, 60);
    assert_eq!(done(&desk), 1);
    assert!(matches!(only(&desk).state, State::Snoozed { .. }));
    // And not for ever.
    let mut desk = desk_with("  wrap_up: {enabled: false}\n", &after(", delay: 1m", SNOOZE));
    talk(&mut desk);
    for _ in 0..72 * 60 + 2 {
        desk.passes(60);
        desk.tell(Input::FollowUp { id: id.clone(), file: None });
    }
    assert_eq!((done(&desk), desk.engine.poll_timeout()), (1, None));
}

#[test]
fn a_customer_is_tagged_once_and_a_withheld_number_never() {
    // L101
    let tag = "  - {name: w, trigger: call_entered, steps: [{name: a, tag_customer: [vip], next: end}]}\n";
    let mut desk = desk(tag);
    let tagged = |desk: &Desk| {
        let wanted = |command: &Command| match command {
            Command::Keep(KeepCommand::TagCustomer { number, tags, .. }) => {
                Some((number.to_string(), tags.len()))
            }
            _ => None,
        };
        desk.commands.iter().filter_map(wanted).collect::<Vec<_>>()
    };
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.hangs_up(caller);
    let caller = desk.calls("", MAIN);
    desk.hangs_up(caller);
    assert_eq!(tagged(&desk), [("+821011111111".to_owned(), 1)]);
    assert!(matches!(by(&desk, "w").as_slice(), [Happening::CustomerTagged { .. }, ..]));
    let known = format!(
        "{OFFICE}customers: [{{number: \"+821011111111\", tags: [vip]}}]\nworkflows:\n{tag}"
    );
    let mut desk = Desk::open_with(parse(&known, None).unwrap());
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.hangs_up(caller);
    assert!(tagged(&desk).is_empty(), "has it already");
}
