//! The recipes that come with naru: each is a whole office, and does what its first line says (L88).

use std::time::{Duration, SystemTime};

use naru::engine::call_engine::CallEngine;
use naru::engine::command::{Command, KeepCommand, LegCommand, SoundCommand};
use naru::engine::input::Input;
use naru::engine::rehearsal::{Keystroke, Rehearsed};
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Outcome};
use naru::history::missed_reason::MissedReason;
use naru::history::trail::trail::Decision;
use naru::history::trail::workflow::WorkflowStory;
use naru::leg::{LegEvent, Target};
use naru::office::document::document::parse_with;
use naru::office::language::Language;
use naru::office::library::Library;
use naru::office::snapshot::Office;
use naru::office::trunk::TrunkName;
use naru::office::warnings::warnings;
use std::sync::Arc;

const NUMBER: &str = "+827012345678";

fn office(recipe: &str) -> Office {
    let path = format!("{}/packaging/recipes/{recipe}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut library = Library::default();
    for (language, voice) in [(Language::Ko, "ko"), (Language::En, "en")] {
        library.speakers.voices.insert(language, Ok(voice.to_owned()));
    }
    let office = parse_with(&text, None, library);
    let office = office.unwrap_or_else(|faults| panic!("{path}: {faults:#?}"));
    assert_eq!(warnings(&office), [], "{recipe}");
    office
}

/// An engine whose every phone is registered.
fn engine(recipe: &str) -> CallEngine {
    let office = office(recipe);
    let phones: Vec<_> = office.agents.values().flat_map(|agent| agent.devices.clone()).collect();
    let mut engine = CallEngine::new(Arc::new(office), CallId(1));
    for phone in phones {
        let device = phone.username;
        engine.handle(Input::Registered { device, registered: true }, naru::clock::now());
    }
    engine
}

fn at(text: &str) -> SystemTime {
    let wall: jiff::Zoned = text.parse().unwrap();
    SystemTime::from(wall.timestamp())
}

/// As `naru simulate` would tell it.
fn simulated(engine: &CallEngine, keys: &str, at: SystemTime) -> CallRecord {
    called(engine, "010-9876-5432", keys, at)
}

fn called(engine: &CallEngine, caller: &str, keys: &str, at: SystemTime) -> CallRecord {
    let call = Rehearsed {
        trunk: TrunkName("carrier".to_owned()),
        caller: caller.to_owned(),
        dialled: NUMBER.to_owned(),
        keys: keys.chars().map(Keystroke::from).collect(),
        at,
    };
    engine.rehearse(&call, naru::clock::now()).unwrap()
}

fn steps(record: &CallRecord) -> Vec<&str> {
    record
        .trail
        .iter()
        .filter_map(|entry| match &entry.decision {
            Decision::Workflow { story: WorkflowStory::Step(step) } => Some(step.as_str()),
            _ => None,
        })
        .collect()
}

fn rung(record: &CallRecord) -> Vec<&str> {
    record.legs.iter().skip(1).map(|leg| leg.party.as_str()).collect()
}

const NOON: &str = "2026-11-30T12:10:00[Asia/Seoul]";
const MORNING: &str = "2026-11-30T10:00:00[Asia/Seoul]";
const NIGHT: &str = "2026-11-30T22:00:00[Asia/Seoul]";

#[test]
fn the_menu_leads_to_a_team_in_either_language() {
    let engine = engine("menu");
    let record = simulated(&engine, "22", at(MORNING));
    let way = ["언어", "English", "문의", "지원 태그", "지원 배정", "지원 연결"];
    assert_eq!(steps(&record), way);
    assert_eq!(rung(&record), ["102"]);
    let record = simulated(&engine, "11", at(MORNING));
    assert_eq!(rung(&record), ["101"]);
    let record = simulated(&engine, "2*11", at(MORNING));
    assert_eq!(rung(&record), ["101"], "the star goes back to the first step");
    let record = simulated(&engine, "", at(MORNING));
    assert_eq!(record.missed_reason, Some(MissedReason::WfEndCall), "no key at all");
}

#[test]
fn who_waits_may_leave_a_number_or_go_on_waiting() {
    let mut engine = engine("callback");
    // Both agents talk.
    for leg in 1..=2 {
        let arrival = naru::leg::Arrival {
            leg: naru::leg::LegId::arrived(leg),
            origin: naru::leg::Origin::Trunk(TrunkName("carrier".to_owned())),
            dialled: NUMBER.to_owned(),
            caller_number: format!("0101111000{leg}"),
            caller_name: String::new(),
        };
        engine.handle(Input::Leg(LegEvent::Arrived(arrival)), naru::clock::now());
        talk(&mut engine);
    }
    let promised = |record: &CallRecord| {
        assert_eq!(record.missed_reason, Some(MissedReason::WfEndCall));
        let mut stories = record.trail.iter().filter_map(|entry| match &entry.decision {
            Decision::Workflow { story: WorkflowStory::CallbackPromised { number } } => {
                Some(number.clone())
            }
            _ => None,
        });
        stories.next()
    };
    let record = simulated(&engine, "1", at(MORNING));
    assert_eq!(promised(&record).as_deref(), Some("+821098765432"));
    let withheld = called(&engine, "", "10212345678#", at(MORNING));
    assert_eq!(promised(&withheld).as_deref(), Some("+82212345678"));
    let abroad = called(&engine, "+13125550123", "10212345678#", at(MORNING));
    assert_eq!(promised(&abroad).as_deref(), Some("+82212345678"), "the office calls Korea only");
    // Who presses nothing, or the star, hears the offer four times and waits on for the hour.
    for keys in ["", "****"] {
        let record = simulated(&engine, keys, at(MORNING));
        assert_eq!(record.missed_reason, Some(MissedReason::AbandonedInQueue), "{keys}");
        let offers = steps(&record).iter().filter(|step| **step == "물어보기").count();
        assert_eq!(offers, 4, "{keys}");
    }
}

/// The greeting ends, a phone rings and is answered.
fn talk(engine: &mut CallEngine) {
    let mut waiting: Vec<Command> = std::iter::from_fn(|| engine.poll_command()).collect();
    while let Some(command) = (!waiting.is_empty()).then(|| waiting.remove(0)) {
        let input = match command {
            Command::Sound(SoundCommand::Play { leg, play, repeat: false, .. }) => {
                Input::PlayEnded { leg, play }
            }
            Command::Leg(LegCommand::Ring(request))
                if matches!(request.target, Target::Device(_)) =>
            {
                Input::Leg(LegEvent::Answered { leg: request.leg })
            }
            _ => continue,
        };
        engine.handle(input, naru::clock::now());
        waiting.extend(std::iter::from_fn(|| engine.poll_command()));
    }
}

#[test]
fn outside_of_the_hours_the_caller_may_leave_a_message() {
    let engine = engine("closed");
    assert_eq!(rung(&simulated(&engine, "", at(MORNING))), ["101"]);
    let night = simulated(&engine, "", at(NIGHT));
    assert_eq!(steps(&night), ["시간", "메시지 배정", "닫힘", "메시지"]);
    assert_eq!(night.missed_reason, Some(MissedReason::WfVoiceMail));
    let noon = simulated(&engine, "", at(NOON));
    assert_eq!(steps(&noon), ["시간", "점심", "점심 끝"]);
    assert_eq!(noon.missed_reason, Some(MissedReason::WfEndCall));
    let holiday = simulated(&engine, "", at("2026-12-25T10:00:00[Asia/Seoul]"));
    assert_eq!(steps(&holiday), steps(&night), "a public holiday");
}

#[test]
fn a_missed_call_comes_back_in_half_an_hour() {
    let engine = engine("reminder");
    let record = simulated(&engine, "", at(MORNING));
    assert_eq!(record.outcome, Some(Outcome::Missed));
    assert_eq!(rung(&record), ["101"]);
    // What follows the end is played in tests/engine/after_call.rs; here it is planned.
    let mut engine = engine;
    let leg = naru::leg::LegId::arrived(1);
    let arrival = naru::leg::Arrival {
        leg,
        origin: naru::leg::Origin::Trunk(TrunkName("carrier".to_owned())),
        dialled: NUMBER.to_owned(),
        caller_number: "01098765432".to_owned(),
        caller_name: String::new(),
    };
    engine.handle(Input::Leg(LegEvent::Arrived(arrival)), naru::clock::now());
    let cause = naru::leg::HangupCause::Normal;
    engine.handle(Input::Leg(LegEvent::Ended { leg, cause }), naru::clock::now());
    let planned: Vec<String> = std::iter::from_fn(|| engine.poll_command())
        .filter_map(|command| match command {
            Command::Keep(KeepCommand::FollowUpPlanned(one)) => Some(one.workflow.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(planned, ["다시 걸기"]);
    let (due, _) = engine.poll_timeout().unwrap();
    assert!(due.saturating_duration_since(naru::clock::now().ticks) <= Duration::from_secs(60));
}

/// Whatever the recipes name is there in five languages or in words of their own, and every recipe is
/// named in the README.
#[test]
fn every_recipe_is_tried_here_and_told_of() {
    let folder = format!("{}/packaging/recipes", env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(format!("{}/README.md", env!("CARGO_MANIFEST_DIR")));
    let readme = readme.unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["callback.yaml", "closed.yaml", "menu.yaml", "reminder.yaml"]);
    for name in names {
        assert!(readme.contains(&format!("packaging/recipes/{name}")), "{name}");
    }
}
