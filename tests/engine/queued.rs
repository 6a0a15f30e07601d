//! Workflows that come round to callers who wait in the queue (L74, L91, L95, L97, L203).

use naru::audio::builtin::Prompt;
use naru::engine::command::{Command, KeepCommand};
use naru::history::call_record::{CallRecord, Outcome};
use naru::history::conversation::conversation::State;
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::Decision;
use naru::history::trail::workflow::WorkflowStory;
use naru::history::walk_record::{WalkEnd, WalkRecord};
use naru::leg::LegId;
use naru::live::Stage;
use naru::office::announcement::{Situation, Sound};
use naru::office::document::document::parse;
use naru::office::language::Language;
use naru::office::saying::Saying;
use naru::office::snapshot::Office;

use crate::simulation::{Desk, OFFICE};

const MAIN: &str = "+827012345670";
const TEAM: &str = "+827012345671";

/// `support` is an automatic team, which the number's own workflow gives its calls to.
pub(crate) fn office(queued: &str) -> Office {
    let members = r#"members: ["102", "103"]"#;
    let text = OFFICE
        .replacen(members, &format!("{members}, assignment: longest_idle"), 1)
        .replacen("route: off", "route: {workflow: main}", 1);
    let text = format!(
        "{text}\nworkflows:\n  - {{name: main, trigger: customer_called, steps: [{{name: a, assign: {{team: support}}, next: b}}, {{name: b, connect: {{unavailable: end}}}}]}}\n{queued}"
    );
    parse(&text, None).unwrap()
}

fn desk(queued: &str) -> Desk {
    Desk::open_with(office(queued))
}

/// Both members talk with others, and one more customer waits.
fn waiting(queued: &str) -> (Desk, LegId, [LegId; 2]) {
    let mut desk = desk(queued);
    let talks = ["102", "103"].map(|agent| {
        let caller = desk.calls("01000000000", MAIN);
        desk.answers(desk.phone(agent));
        caller
    });
    let caller = desk.calls("01011111111", MAIN);
    assert_eq!(desk.engine.live().calls.last().unwrap().stage, Stage::Queued);
    desk.commands.clear();
    (desk, caller, talks)
}

fn busy() -> Sound {
    Sound::BuiltIn { situation: Situation::AllBusy, language: Language::Ko }
}

fn heard(desk: &Desk, leg: LegId) -> Sound {
    desk.hears(leg).unwrap().1
}

fn walks(desk: &Desk, name: &str) -> Vec<WalkRecord> {
    let walk = |command: &Command| match command {
        Command::Keep(KeepCommand::WalkEnded(record)) if record.workflow == name => {
            Some((**record).clone())
        }
        _ => None,
    };
    desk.commands.iter().filter_map(walk).collect()
}

fn record(desk: &Desk) -> &CallRecord {
    desk.ended.iter().find(|record| record.from == "+821011111111").unwrap()
}

fn told(desk: &Desk, story: &WorkflowStory) -> usize {
    let is_told = |decision: &Decision| *decision == Decision::Workflow { story: story.clone() };
    record(desk).trail.iter().filter(|entry| is_told(&entry.decision)).count()
}

pub(crate) const WORDS: &str = "  - {name: words, trigger: call_queued, delay: 30s, repeat: 2, steps: [{name: say, say: all_busy, next: end}]}\n";

#[test]
fn words_come_round_with_music_between() {
    // L74, L124
    let (mut desk, caller, talks) = waiting(WORDS);
    desk.passes(29);
    assert!(desk.hears(caller).is_none(), "the music goes on");
    desk.passes(1);
    assert_eq!(heard(&desk, caller), busy());
    assert_eq!(desk.engine.live().calls.last().unwrap().stage, Stage::Queued, "keeps the place");
    desk.passes(8);
    desk.clip_ends(caller);
    assert_eq!(heard(&desk, caller), Sound::LoopingRingback);
    desk.passes(29);
    assert_eq!(heard(&desk, caller), Sound::LoopingRingback, "counted from the end of the words");
    desk.passes(1);
    desk.clip_ends(caller);
    desk.passes(30);
    assert_eq!(heard(&desk, caller), busy(), "the third and last");
    // Whoever becomes free takes the call in the middle of a word.
    desk.hangs_up(talks[0]);
    assert_eq!(heard(&desk, caller), Sound::LoopingRingback);
    desk.answers(desk.phone("102"));
    desk.hangs_up(caller);
    assert_eq!(record(&desk).outcome, Some(Outcome::Answered));
    let ends: Vec<WalkEnd> = walks(&desk, "words").iter().map(|walk| walk.end).collect();
    assert_eq!(ends, [WalkEnd::Finished, WalkEnd::Finished, WalkEnd::Connected]);
    assert_eq!(record(&desk).clocks.queue, 29_000 + 1_000 + 8_000 + 30_000 + 30_000);
}

#[test]
fn the_turns_end_and_the_music_does_not() {
    let (mut desk, caller, _) = waiting(WORDS);
    for _ in 0..3 {
        desk.passes(30);
        assert_eq!(heard(&desk, caller), busy());
        desk.clip_ends(caller);
    }
    let said = desk.commands.len();
    desk.passes(600);
    assert_eq!(desk.commands.len(), said, "nothing more comes");
    assert_eq!(heard(&desk, caller), Sound::LoopingRingback);
    // L120
    desk.passes(3_600);
    desk.clip_ends(caller);
    assert_eq!(record(&desk).missed_reason, Some(MissedReason::AbandonedInQueue));
}

/// L124: where the caller stands, by the queue as it is when it is said.
#[test]
fn a_caller_who_waits_is_told_their_place_and_how_long_it_may_take() {
    let round = "  - {name: round, trigger: call_queued, delay: 30s, repeat: 2, steps: [{name: a, say: [queue_still, place, wait], next: b}, {name: b, say: wait, next: end}]}\n";
    let (mut desk, caller, talks) = waiting(round);
    let behind = desk.calls("01022222222", MAIN);
    desk.passes(30);
    let still = Saying::Prompt(Prompt::QueueStill);
    let said = |sayings| Sound::Said { sayings, language: Language::Ko };
    assert_eq!(heard(&desk, caller), said(vec![still.clone(), Saying::Place(1)]));
    assert_eq!(heard(&desk, behind), said(vec![still.clone(), Saying::Place(2)]));
    // Nobody can tell how long yet: nothing is said of it, and the music comes back.
    desk.clip_ends(behind);
    assert_eq!(heard(&desk, behind), Sound::LoopingRingback);
    desk.passes(20);
    desk.hangs_up(talks[0]);
    desk.answers(desk.phone("102"));
    desk.passes(10);
    // One talk of 50 s, two on duty, first in line.
    let told = vec![still, Saying::Place(1), Saying::Wait { minutes: 1 }];
    assert_eq!(heard(&desk, behind), said(told));
    desk.clip_ends(behind);
    assert_eq!(heard(&desk, behind), said(vec![Saying::Wait { minutes: 1 }]));
}

/// L98: who will not wait leaves word; the call had come in, so it is missed in any case.
#[test]
fn a_caller_who_waits_may_leave_word_instead() {
    let leave = "  - {name: leave, trigger: call_queued, delay: 10s, steps: [{name: menu, menu: {say: all_busy, keys: {\"1\": word}, star: wait}}, {name: word, voicemail: }]}\n";
    let (mut desk, caller, _) = waiting(leave);
    desk.passes(10);
    desk.presses(caller, '1');
    assert_eq!(desk.engine.live().calls.last().unwrap().stage, Stage::Voicemail);
    assert_eq!(walks(&desk, "leave")[0].end, WalkEnd::Voicemail);
    desk.hangs_up(caller);
    assert_eq!(record(&desk).outcome, Some(Outcome::Missed));
    assert_eq!(record(&desk).missed_reason, Some(MissedReason::UserLeft));
    assert!(!record(&desk).voicemail);
}

pub(crate) const OFFER: &str = "  - {name: offer, trigger: call_queued, delay: 10s, steps: [{name: menu, menu: {say: all_busy, keys: {\"1\": bye, \"2\": done}, star: wait, wait: 5s, tries: 1}}, {name: bye, hang_up: missed}, {name: done, hang_up: done}]}\n";

#[test]
fn a_key_ends_the_call_or_goes_on_waiting() {
    // L91: the star keeps the place
    let (mut desk, caller, _) = waiting(OFFER);
    desk.passes(10);
    desk.presses(caller, '*');
    assert_eq!(heard(&desk, caller), Sound::LoopingRingback);
    desk.hangs_up(caller);
    assert_eq!(record(&desk).missed_reason, Some(MissedReason::UserLeftInQueued));
    assert_eq!(told(&desk, &WorkflowStory::WaitsOn), 1);

    // L97
    let (mut desk, caller, _) = waiting(OFFER);
    desk.passes(10);
    desk.presses(caller, '1');
    assert_eq!(record(&desk).missed_reason, Some(MissedReason::WfEndCall));
    assert_eq!(walks(&desk, "offer")[0].end, WalkEnd::HungUp);

    let (mut desk, caller, _) = waiting(OFFER);
    desk.passes(10);
    desk.presses(caller, '2');
    assert_eq!(record(&desk).outcome, Some(Outcome::NotEntered));
    let state = desk.commands.iter().rev().find_map(|command| match command {
        Command::Keep(KeepCommand::Conversation(held)) => Some(held.conversation.state),
        _ => None,
    });
    assert!(state.unwrap().is_closed(), "L97: it lands in the closed ones: {state:?}");
}

#[test]
fn who_presses_nothing_keeps_the_place() {
    let (mut desk, caller, _) = waiting(OFFER);
    desk.passes(10);
    desk.clip_ends(caller);
    desk.passes(5);
    assert_eq!(desk.hung_up(caller), None);
    assert_eq!(heard(&desk, caller), Sound::LoopingRingback);
    assert_eq!(walks(&desk, "offer")[0].end, WalkEnd::NoInput);
}

#[test]
fn a_caller_is_given_to_another_who_can_take_the_call() {
    // L95
    let to = |agent: &str| {
        format!(
            "  - {{name: move, trigger: call_queued, delay: 20s, steps: [{{name: c, clear: team, next: a}}, {{name: a, assign: {{agent: \"{agent}\"}}, next: end}}]}}\n"
        )
    };
    let (mut desk, caller, _) = waiting(&to("101"));
    desk.passes(20);
    assert_eq!(desk.rung().last().unwrap(), "101-soft");
    desk.answers(desk.phone("101"));
    desk.hangs_up(caller);
    assert_eq!(record(&desk).agent.as_ref().unwrap().as_str(), "101");
    assert!(matches!(
        desk.commands.iter().find_map(|command| match command {
            Command::Keep(KeepCommand::Conversation(held)) => Some(held.conversation.state),
            _ => None,
        }),
        Some(State::Opened)
    ));
    // Busy with another: the caller does not lose the place for that.
    let (mut desk, caller, talks) = waiting(&to("103"));
    desk.passes(20);
    assert_eq!(desk.hung_up(caller), None);
    assert_eq!(desk.engine.live().calls.last().unwrap().stage, Stage::Queued);
    desk.hangs_up(talks[0]);
    assert_eq!(desk.rung().last().unwrap(), "102", "the team's next still takes it");
    desk.hangs_up(caller);
    assert_eq!(told(&desk, &WorkflowStory::Unavailable), 1);
}

#[test]
fn a_workflow_raises_who_waits() {
    // L122
    let raise = "  - {name: raise, trigger: call_queued, delay: 60s, only: {caller: \"+8210222\"}, steps: [{name: p, priority: high, next: end}]}\n";
    let (mut desk, first, talks) = waiting(raise);
    let second = desk.calls("01022222222", MAIN);
    let places = |desk: &Desk| {
        let calls = desk.engine.live().calls;
        let waiting = calls.into_iter().filter_map(|call| Some((call.from, call.queue?.position)));
        waiting.collect::<Vec<_>>()
    };
    let (one, two) = ("+821011111111".to_owned(), "+821022222222".to_owned());
    assert_eq!(places(&desk), [(one.clone(), 1), (two.clone(), 2)]);
    desk.passes(60);
    assert_eq!(places(&desk), [(one, 2), (two, 1)]);
    desk.hangs_up(talks[0]);
    desk.answers(desk.phone("102"));
    assert!(desk.is_joined(second, desk.phone("102")));
    desk.hangs_up(first);
}

#[test]
fn the_topmost_speaks_and_what_works_in_the_background_works() {
    // L203
    let both = format!(
        "  - {{name: tag, trigger: call_queued, delay: 30s, steps: [{{name: t, tag: slow, next: end}}]}}\n{WORDS}  - {{name: other, trigger: call_queued, delay: 30s, steps: [{{name: s, say: closed, next: end}}]}}\n"
    );
    let (mut desk, caller, _) = waiting(&both);
    desk.passes(30);
    assert_eq!(heard(&desk, caller), busy());
    assert_eq!(walks(&desk, "tag").len(), 1);
    desk.clip_ends(caller);
    assert_eq!(heard(&desk, caller), Sound::LoopingRingback, "the other has missed its turn");
    desk.hangs_up(caller);
    assert!(walks(&desk, "other").is_empty());
    let order: Vec<&Decision> = record(&desk).trail.iter().map(|entry| &entry.decision).collect();
    let at = |wanted: WorkflowStory| {
        let wanted = Decision::Workflow { story: wanted };
        order.iter().position(|decision| **decision == wanted).unwrap()
    };
    let name = |name: &str| naru::office::workflow::name::WorkflowName(name.to_owned());
    let first = at(WorkflowStory::WhileWaiting(name("words")));
    assert!(first < at(WorkflowStory::Background(name("tag"))), "who speaks goes first");
}

#[test]
fn the_length_of_the_queue_can_be_asked() {
    let long = "  - {name: long, trigger: call_queued, delay: 5s, only: {queue: {team: support, at_least: 2}}, steps: [{name: s, say: all_busy, next: end}]}\n";
    let (mut desk, caller, _) = waiting(long);
    desk.passes(5);
    assert!(desk.hears(caller).is_none(), "one waits");
    let (mut desk, caller, _) = waiting(long);
    desk.calls("01022222222", MAIN);
    desk.passes(5);
    assert_eq!(heard(&desk, caller), busy());
}

#[test]
fn a_number_that_leads_straight_to_a_team_runs_none() {
    // S82
    let mut desk = desk(WORDS);
    for agent in ["102", "103"] {
        desk.calls("01000000000", MAIN);
        desk.answers(desk.phone(agent));
    }
    let caller = desk.calls("01011111111", TEAM);
    desk.clip_ends(caller);
    desk.passes(120);
    assert_eq!(heard(&desk, caller), Sound::LoopingRingback);
    assert!(walks(&desk, "words").is_empty());
}
