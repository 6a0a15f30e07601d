//! Today's figures held against their targets: told, not told too often, not told again (L161, P18).

use std::sync::Arc;

use naru::engine::call_engine::CallEngine;
use naru::engine::command::{Command, KeepCommand};
use naru::engine::input::Input;
use naru::engine::targets::CountedToday;
use naru::history::call_id::CallId;
use naru::history::figures::figures::CallFigures;
use naru::history::figures::target_alarm::{Metric, TargetAlarm, TargetWarning};
use naru::history::remembered::Remembered;
use naru::history::webhook::{TargetTold, Told};
use naru::live::Update;
use naru::office::document::document::parse;
use naru::office::snapshot::Office;

use crate::simulation::{Desk, OFFICE};

const MINUTE: u64 = 60;
const URL: &str = "https://crm.example/alarm";

fn office(targets: &str) -> Office {
    parse(&format!("{OFFICE}  targets:\n{targets}"), None).unwrap()
}

fn of_all() -> Office {
    office(&format!("    - {{answer_rate: 80, service_level: 70, webhook: \"{URL}\"}}\n"))
}

fn calls(answered: u64, in_time: u64, missed: u64) -> CallFigures {
    let inbound = answered + missed;
    CallFigures { inbound, answered, missed, in_time, ..CallFigures::default() }
}

/// A minute goes by, and the store tells what it has counted, as it was asked to.
fn counts(desk: &mut Desk, calls: &CallFigures) {
    // The desk begins with the clock of the machine, which hardly moves while it is wound.
    let from = naru::clock::now().unix_millis() - 3_600_000;
    counts_since(desk, from, calls);
}

fn counts_since(desk: &mut Desk, from: i64, calls: &CallFigures) {
    desk.commands.clear();
    desk.passes(MINUTE);
    let mut asked = desk.commands.iter().filter_map(|command| match command {
        Command::CountToday(targets) => Some(targets.clone()),
        _ => None,
    });
    let targets = asked.next_back().expect("today's calls are counted every minute");
    let counted = targets.into_iter().map(|target| (target, calls.clone())).collect();
    desk.tell(Input::TodayCounted(CountedToday { from, counted }));
}

fn told(desk: &Desk) -> Vec<TargetTold> {
    let posted = desk.commands.iter().filter_map(|command| match command {
        Command::Post(posting) => match &posting.told {
            Told::Target(told) => {
                assert_eq!(posting.url.to_string(), URL);
                Some((**told).clone())
            }
            Told::Call(_) => None,
        },
        _ => None,
    });
    posted.collect()
}

fn metrics(desk: &Desk) -> Vec<Metric> {
    told(desk).iter().map(|told| told.warning.metric).collect()
}

fn warnings(desk: &Desk) -> Vec<TargetWarning> {
    desk.engine.live().warnings
}

fn kept(desk: &Desk) -> Vec<TargetAlarm> {
    let kept = desk.commands.iter().filter_map(|command| match command {
        Command::Keep(KeepCommand::Alarm(alarm)) => Some((**alarm).clone()),
        _ => None,
    });
    kept.collect()
}

/// Another daemon begins with what was written down.
fn starts_again(desk: &mut Desk, alarms: Vec<TargetAlarm>) {
    desk.engine = CallEngine::new(Arc::new(of_all()), CallId(100));
    desk.tell(Input::Remembered(Box::new(Remembered { alarms, ..Remembered::default() })));
}

fn open(office: Office) -> Desk {
    let mut desk = Desk::open_with(office);
    desk.tell(Input::Remembered(Box::default()));
    desk
}

#[test]
fn a_figure_that_falls_below_its_target_is_told_and_one_that_recovers_is_gone() {
    let mut desk = open(of_all());
    counts(&mut desk, &CallFigures::default());
    assert!(warnings(&desk).is_empty() && told(&desk).is_empty(), "nothing was counted: no figure");
    counts(&mut desk, &calls(8, 7, 2));
    assert!(warnings(&desk).is_empty(), "80 % is not below 80 %");
    counts(&mut desk, &calls(8, 7, 3));
    assert_eq!(metrics(&desk), [Metric::AnswerRate, Metric::ServiceLevel]);
    let first = &told(&desk)[0];
    assert_eq!(
        (first.event, first.warning.target, first.warning.inbound),
        ("below_target", 80, 11)
    );
    assert!((first.warning.value - 800.0 / 11.0).abs() < 1e-9, "{}", first.warning.value);
    assert_eq!(warnings(&desk).len(), 2);
    let published = |update: &Update| match update {
        Update::Warnings { warnings } => Some(warnings.len()),
        _ => None,
    };
    assert_eq!(desk.updates.iter().filter_map(published).collect::<Vec<_>>(), [2]);
    counts(&mut desk, &calls(20, 15, 3));
    assert_eq!(
        warnings(&desk).iter().map(|one| one.metric).collect::<Vec<_>>(),
        [Metric::ServiceLevel]
    );
    assert!(told(&desk).is_empty());
    counts(&mut desk, &calls(40, 35, 3));
    assert!(warnings(&desk).is_empty());
    assert_eq!(desk.updates.iter().filter_map(published).collect::<Vec<_>>(), [2, 1, 0]);
}

#[test]
fn the_same_figure_is_told_once_in_half_an_hour_and_not_when_nothing_was_counted_since() {
    let mut desk = open(of_all());
    counts(&mut desk, &calls(1, 1, 1));
    assert_eq!(metrics(&desk), [Metric::AnswerRate, Metric::ServiceLevel]);
    let mut last = 2;
    for _ in 0..29 {
        last += 1;
        counts(&mut desk, &calls(last, last, last));
        assert!(told(&desk).is_empty(), "each minute another call, and nobody is told");
    }
    counts(&mut desk, &calls(50, 50, 50));
    assert_eq!(metrics(&desk).len(), 2, "half an hour is over");
    for _ in 0..120 {
        counts(&mut desk, &calls(50, 50, 50));
        assert!(told(&desk).is_empty(), "the evening is silent");
    }
    assert_eq!(warnings(&desk).len(), 2, "and the figure is still what it is");
    counts(&mut desk, &calls(50, 50, 51));
    assert_eq!(metrics(&desk).len(), 2);
    // One that recovers and falls again within the half hour is seen and not told.
    counts(&mut desk, &calls(500, 500, 51));
    assert!(warnings(&desk).is_empty());
    counts(&mut desk, &calls(500, 500, 200));
    assert_eq!((warnings(&desk).len(), told(&desk).len()), (1, 0));
}

#[test]
fn a_restart_does_not_tell_it_again() {
    let mut desk = open(of_all());
    counts(&mut desk, &calls(1, 1, 1));
    let alarms = kept(&desk);
    assert_eq!(alarms.len(), 2);
    let since = warnings(&desk)[0].since;
    starts_again(&mut desk, alarms.clone());
    counts(&mut desk, &calls(1, 1, 2));
    assert!(told(&desk).is_empty());
    assert_eq!(warnings(&desk)[0].since, since, "it has been below all the time");
    desk.passes(30 * MINUTE);
    counts(&mut desk, &calls(1, 1, 3));
    assert_eq!(metrics(&desk).len(), 2, "another half hour, another call");
    // A night later it is another day: what it was counts no more.
    starts_again(&mut desk, alarms);
    desk.passes(40 * MINUTE);
    let midnight = desk.now.unix_millis();
    counts_since(&mut desk, midnight, &calls(1, 1, 1));
    assert_eq!(metrics(&desk).len(), 2, "as many calls as yesterday, and another day");
    assert!(warnings(&desk)[0].since >= midnight);
}

#[test]
fn each_setting_tells_for_itself_and_one_that_is_gone_is_silent() {
    let of_number = format!(
        "    - {{answer_rate: 80, webhook: \"{URL}\"}}\n    - {{answer_rate: 90, numbers: [\"+827012345672\"], time: \"00:00-24:00\", webhook: \"{URL}\"}}\n"
    );
    let mut desk = open(office(&of_number));
    counts(&mut desk, &calls(85, 85, 15));
    let scopes: Vec<Vec<String>> = told(&desk)
        .iter()
        .map(|told| told.warning.numbers.iter().map(ToString::to_string).collect())
        .collect();
    assert_eq!(scopes, [["+827012345672".to_owned()]]);
    assert_eq!(told(&desk)[0].warning.time.as_deref(), Some("00:00-24:00"));
    let words = told(&desk)[0].warning.words();
    assert_eq!(
        words.en,
        "below target today (+827012345672, 00:00-24:00): answer rate 85.0 %, target 90 %: 85 of 100 calls"
    );
    desk.tell(Input::OfficeChanged(Arc::new(office("    - {answer_rate: 0}\n"))));
    counts(&mut desk, &calls(0, 0, 15));
    assert!(warnings(&desk).is_empty() && told(&desk).is_empty(), "0 is off");
    desk.tell(Input::OfficeChanged(Arc::new(crate::simulation::office())));
    desk.commands.clear();
    desk.passes(5 * MINUTE);
    let asks = |command: &&Command| matches!(command, Command::CountToday(_));
    assert_eq!(desk.commands.iter().filter(asks).count(), 0, "nothing is counted for nobody");
}
