//! Callers who hang up at every kind of step and at every point within it (L81–L83).

use std::collections::BTreeSet;
use std::time::Duration;

use naru::engine::command::{Command, KeepCommand, RecordCommand};
use naru::engine::input::Input;
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Outcome};
use naru::history::missed_reason::MissedReason;
use naru::history::recording_name::{Kept, RecordingName};
use naru::history::walk_record::{WalkEnd, WalkRecord};
use naru::history::webhook::Told;
use naru::history::webhook_end::WebhookEnd;
use naru::leg::{HangupCause, LegEvent, LegId, RecordingEnd, RecordingId};
use naru::office::call_recording::Format;
use naru::office::document::document::parse;
use naru::office::workflow::action::Action;

use crate::leaving_kinds::Happens::{
    self, Answers, ClipEnds, Key, Passes, Recorded, Records, Takes,
};
use crate::leaving_kinds::{CALLBACK, KINDS, Kind, Left, Point, leaves};
use crate::queued;
use crate::simulation::{Desk, OFFICE};

const MAIN: &str = "+827012345670";
const CUSTOMER: &str = "01011111111";

/// A message before it, and a menu after it where something leads on.
fn steps(kind: &Kind) -> String {
    let after = if kind.step.contains("after") {
        ", {name: after, menu: {say: greeting, keys: {\"1\": end}}}"
    } else {
        ""
    };
    format!("{{name: before, say: greeting, next: it}}, {}{after}", kind.step)
}

const MODULE: &str = "  - {name: m, trigger: module, steps: [{name: inside, menu: {say: hold, keys: {\"1\": end}}}]}\n";

fn workflow(trigger: &str, kind: &Kind) -> String {
    format!("  - {{name: w, trigger: {trigger}, steps: [{}]}}\n{MODULE}", steps(kind))
}

/// A caller who hears the message before the step.
fn caller_of(kind: &Kind) -> (Desk, LegId) {
    let text = format!("{OFFICE}\nworkflows:\n{}", workflow("customer_called", kind));
    let mut desk = Desk::open_with(parse(&text, None).unwrap());
    let caller = desk.calls(CUSTOMER, MAIN);
    (desk, caller)
}

/// One who has waited in the queue until the workflow came round to them.
fn waiting_caller_of(kind: &Kind) -> (Desk, LegId) {
    let mut desk = Desk::open_with(queued::office(&workflow("call_queued, delay: 10s", kind)));
    for agent in ["102", "103"] {
        desk.calls("01000000000", MAIN);
        desk.answers(desk.phone(agent));
    }
    let caller = desk.calls(CUSTOMER, MAIN);
    desk.passes(10);
    (desk, caller)
}

fn recording(desk: &Desk) -> (RecordingId, CallId) {
    let begun = desk.commands.iter().rev().find_map(|command| match command {
        Command::Record(RecordCommand::Begin { recording, call, kept: Kept::Message, .. }) => {
            Some((*recording, *call))
        }
        _ => None,
    });
    begun.unwrap()
}

fn happens(what: Happens, desk: &mut Desk, caller: LegId) {
    match what {
        ClipEnds => desk.clip_ends(caller),
        Key(key) => desk.presses(caller, key),
        Passes(seconds) => desk.passes(seconds),
        Takes(device) => desk.answers(desk.phone(device)),
        Answers(well) => {
            let posting = desk.commands.iter().rev().find_map(|command| match command {
                Command::Post(posting) => Some((**posting).clone()),
                _ => None,
            });
            let posting = posting.unwrap();
            let end = if well {
                WebhookEnd::Taken { tries: 1 }
            } else {
                WebhookEnd::Refused { status: 404 }
            };
            let Told::Call(told) = posting.told else { panic!("no workflow tells of targets") };
            let (id, call, step) = (posting.id, told.call, told.step);
            desk.tell(Input::WebhookEnded { id, call, step, end });
        }
        Records => {
            let (recording, call) = recording(desk);
            let name = RecordingName { call, kept: Kept::Message, part: 1, format: Format::Opus };
            desk.tell(Input::RecordingBegan { recording, name });
        }
        Recorded(seconds) => {
            let (recording, call) = recording(desk);
            let (length, end) = (Duration::from_secs(seconds), RecordingEnd::Silence);
            desk.tell(Input::RecordingEnded { recording, call, end, length, spoken: length });
        }
    }
}

/// What is left of the caller's one call, and of their one way through the workflow.
fn left(desk: &Desk) -> Left {
    let is_theirs = |record: &&CallRecord| record.from == "+821011111111";
    let records: Vec<_> = desk.ended.iter().filter(is_theirs).collect();
    let [record] = &records[..] else { panic!("one call, one record: {records:?}") };
    assert_eq!(desk.started.iter().filter(is_theirs).count(), 1);
    let walk = |command: &Command| match command {
        Command::Keep(KeepCommand::WalkEnded(walk)) if walk.workflow == "w" => {
            Some((**walk).clone())
        }
        _ => None,
    };
    let walks: Vec<WalkRecord> = desk.commands.iter().filter_map(walk).collect();
    let [walk] = &walks[..] else { panic!("counted once: {walks:?}") };
    assert!(walk.steps.values().map(|counts| counts.left).sum::<u64>() <= 1);
    let step = walk.steps.iter().find(|(_, counts)| counts.left > 0).map(|(id, _)| {
        let known = ["before", "it", "after", "inside"].into_iter();
        known.into_iter().find(|name| *name == id.step).unwrap()
    });
    let (outcome, reason) = (record.outcome.unwrap(), record.missed_reason);
    Left { outcome, reason, end: walk.end, step }
}

/// All that has happened when the caller stands at one of the kind's points, and what is left then.
fn points(kind: &Kind) -> impl Iterator<Item = (Vec<Happens>, Left)> {
    let first = [(Passes(0), leaves("before")), (ClipEnds, kind.first)];
    let points: Vec<Point> = first.into_iter().chain(kind.then.iter().copied()).collect();
    (1..=points.len()).map(move |many| {
        let (so_far, last) = (&points[..many], points[many - 1].1);
        (so_far.iter().map(|(what, _)| *what).collect(), last)
    })
}

/// Every point of the kind, each in a call of its own.
fn at_every_point(
    kind: &Kind,
    open: fn(&Kind) -> (Desk, LegId),
    expected: fn(Left) -> Left,
    goes: fn(LegId) -> Input,
) {
    for (so_far, last) in points(kind) {
        let (mut desk, caller) = open(kind);
        so_far.iter().for_each(|what| happens(*what, &mut desk, caller));
        desk.tell(goes(caller));
        // Recording may be silent about what it has.
        desk.passes(2);
        let told = format!("{} {:?} after {so_far:?}", kind.step, goes(caller));
        let found = left(&desk);
        assert_eq!(found, expected(last), "{told}");
        // What comes too late moves nothing.
        desk.hangs_up(caller);
        desk.presses(caller, '1');
        desk.passes(600);
        assert_eq!(left(&desk), found, "{told}, later");
    }
}

fn hangs_up(leg: LegId) -> Input {
    Input::Leg(LegEvent::Ended { leg, cause: HangupCause::Normal })
}

/// The line is dead.
fn falls_silent(leg: LegId) -> Input {
    Input::MediaLost { leg }
}

#[test]
fn who_hangs_up_in_a_step_is_recorded_once_and_missed_only_after_the_workflow() {
    for kind in &KINDS {
        at_every_point(kind, caller_of, |left| left, hangs_up);
        at_every_point(kind, caller_of, |left| left, falls_silent);
    }
}

/// A caller who waits has come in long ago: whoever leaves is missed, wherever they stood.
fn of_one_who_waits(left: Left) -> Left {
    let missed = |reason| Left { outcome: Outcome::Missed, reason: Some(reason), ..left };
    match left.end {
        WalkEnd::CallerLeft => missed(MissedReason::UserLeftInQueued),
        WalkEnd::Voicemail if left.outcome == Outcome::NotEntered => missed(MissedReason::UserLeft),
        _ => left,
    }
}

#[test]
fn who_hangs_up_in_a_step_while_they_wait_is_missed_once() {
    // L74, L82
    for kind in KINDS.iter().filter(|kind| kind.anywhere).chain([&CALLBACK]) {
        at_every_point(kind, waiting_caller_of, of_one_who_waits, hangs_up);
        at_every_point(kind, waiting_caller_of, of_one_who_waits, falls_silent);
    }
}

#[test]
fn a_call_that_is_ended_from_inside_in_a_step_is_recorded_and_counted_once() {
    for kind in &KINDS {
        for (so_far, last) in points(kind) {
            for input in [Input::Stop, Input::HangUp { call: CallId(1) }] {
                let (mut desk, caller) = caller_of(kind);
                so_far.iter().for_each(|what| happens(*what, &mut desk, caller));
                desk.tell(input);
                desk.passes(600);
                assert!(desk.hung_up(caller).is_some());
                let found = left(&desk);
                assert_eq!(found.step, last.step, "{} after {so_far:?}", kind.step);
                assert!(found.outcome != Outcome::Failed && found.outcome != Outcome::Cancelled);
            }
        }
    }
}

/// As many names as there are kinds of steps: who adds a kind is told here that its caller may hang
/// up in it, too.
fn name(action: &Action) -> &'static str {
    match action {
        Action::Say(_) => "say",
        Action::Menu(_) => "menu",
        Action::Digits(_) => "digits",
        Action::Branch { .. } => "branch",
        Action::Quick(_) => "quick",
        Action::Do(_) => "do",
        Action::Connect { .. } => "connect",
        Action::HangUp(_) => "hang_up",
        Action::Voicemail(_) => "voicemail",
        Action::Callback(_) => "callback",
        Action::Module(_) => "module",
        Action::Webhook(_) => "webhook",
    }
}

#[test]
fn no_kind_of_step_is_left_out() {
    let kinds = KINDS.iter().chain([&CALLBACK]).map(|kind| {
        let trigger =
            if kind.step.contains("callback") { "call_queued" } else { "customer_called" };
        let text = format!("workflows:\n{}", workflow(trigger, kind));
        let office = parse(&text, None).unwrap();
        name(&office.workflows[0].steps[1].action)
    });
    assert_eq!(kinds.collect::<BTreeSet<_>>().len(), 12);
}
