//! What the fixed office's daemon answers to the screens that set it up.

use std::sync::Arc;

use jiff::Timestamp;
use naru::api::schema::comparison::{ComparedCall, OfficeComparison};
use naru::api::schema::hours::HoursState;
use naru::api::schema::workflow::WorkflowList;
use naru::console::document::Document;
use naru::console::edit::Edit;
use naru::console::report::Report;
use naru::console::setup::{SetupReport, SetupRequest};
use naru::console::workflow_text::text_of;
use naru::engine::comparison::{Elsewhere, Past, elsewhere};
use naru::engine::opening::told;
use naru::history::call_id::CallId;
use naru::history::figures::workflow_figures::WorkflowFigures;
use naru::history::hours_switch::HoursSwitch;
use naru::office::document::document::parse;
use naru::office::document::print::print;
use naru::office::hours::hours::{Hours, HoursName};
use naru::office::phone_number::PhoneNumber;
use naru::office::snapshot::Office;
use naru::time::{Moment, from_unix_millis};
use naru::words::Words;
use serde_json::json;

use crate::provider::tested;
use crate::world::{NOW, ago, of};
use crate::writing::tried;

#[derive(Debug, Default)]
pub(crate) struct Setup {
    /// Switched by hand.
    switched: Option<(String, bool)>,
}

impl Setup {
    pub(crate) fn answer(&mut self, office: &Office, request: SetupRequest) -> Vec<Report> {
        match request {
            SetupRequest::Sounds => vec![sounds()],
            SetupRequest::RemoveSound(_)
            | SetupRequest::Play { .. }
            | SetupRequest::ImportHolidays { .. }
            | SetupRequest::Presence { .. }
            | SetupRequest::Document { .. }
            | SetupRequest::Pardon(_) => {
                vec![Report::Done(Words::new("했습니다", "done"))]
            }
            SetupRequest::OfNumber(number) => {
                let document = (number == "+827012345678").then(|| {
                    of(json!({
                        "number": number, "name": "사업자등록증.pdf",
                        "media_type": "application/pdf", "octets": 120_400, "added": ago(86_400),
                        "who": "admin",
                    }))
                });
                vec![sounds(), Report::Setup(SetupReport::OfNumber { number, document })]
            }
            SetupRequest::Warnings => {
                let warning = Words::new(
                    "'뒷정리' 워크플로우가 통화 뒤에 실행됩니다. 후처리와 겹치지 않는지 보세요",
                    "the workflow '뒷정리' runs after calls, beside wrap-up; see that both are meant",
                );
                vec![Report::Setup(SetupReport::Warnings(vec![warning]))]
            }
            SetupRequest::WorkflowText(name) => {
                let text = text_of(&print(office, false), &name).unwrap();
                vec![Report::Setup(SetupReport::WorkflowText { name, text })]
            }
            SetupRequest::TryWorkflow(wanted) => {
                let told = tried(office, &wanted);
                vec![Report::Setup(SetupReport::WorkflowTried { ticket: wanted.ticket, told })]
            }
            SetupRequest::TestTrunk(name) => {
                let told = Ok(Box::new(tested(&name)));
                vec![Report::Setup(SetupReport::Tested { name, told })]
            }
            SetupRequest::Bans => vec![Report::Setup(SetupReport::Bans(of(json!([
                {"address": "192.0.2.66", "wrong": 412, "unanswered": 390, "last": ago(12)},
                {"address": "2001:db8:1:2::", "wrong": 9, "unanswered": 1, "last": ago(1_900)},
            ]))))],
            SetupRequest::Workflows => {
                let list = WorkflowList::new(office, vec![old_figures(), figures(office)]);
                vec![Report::Setup(SetupReport::Workflows(Box::new(list)))]
            }
            SetupRequest::Compare { edits, ticket } => {
                vec![Report::Setup(SetupReport::Compared {
                    ticket,
                    told: compared(office, &edits),
                })]
            }
            SetupRequest::Switch { hours, open } => {
                let words = Words::new(format!("{hours} 바꿈"), format!("{hours} switched"));
                self.switched = open.map(|open| (hours, open));
                vec![self.hours(office), Report::Done(words)]
            }
        }
    }

    /// As the office's own code reads them at the fixed moment.
    pub(crate) fn hours(&self, office: &Office) -> Report {
        let states = office.hours.values().map(|hours| self.state(office, hours));
        Report::Setup(SetupReport::Hours(states.collect()))
    }

    fn state(&self, office: &Office, hours: &Hours) -> HoursState {
        let now = Timestamp::from_millisecond(NOW).unwrap();
        let scheduled = hours.scheduled(now);
        let until = scheduled.until.map(Timestamp::as_millisecond);
        let by_hand = self.switched.as_ref().filter(|(name, _)| *name == hours.name.0);
        let switched = by_hand.map(|(name, open)| HoursSwitch {
            hours: HoursName(name.clone()),
            open: Some(*open),
            at: NOW,
            until,
            who: "admin".to_owned(),
        });
        let open = by_hand.map_or(scheduled.is_open, |(_, open)| *open);
        let words = told(hours, None, scheduled, from_unix_millis(NOW));
        let follows = |own: &Option<HoursName>| own.as_ref() == Some(&hours.name);
        let numbers = office.numbers.values().filter(|number| follows(&number.hours));
        let teams = office.teams.values().filter(|team| follows(&team.hours));
        let numbers = numbers.map(|number| number.number.to_string());
        HoursState {
            name: hours.name.to_string(),
            timezone: hours.timezone.iana_name().unwrap_or_default().to_owned(),
            open,
            why: Words::new(words.korean(), words.english()),
            until,
            switched,
            today: words.at.date().to_string(),
            used_by: numbers.chain(teams.map(|team| team.name.to_string())).collect(),
        }
    }
}

/// Two calls of yesterday, by the rule that the daemon uses.
fn compared(office: &Office, edits: &[Edit]) -> Option<OfficeComparison> {
    let mut document = Document::parse(&print(office, false)).unwrap();
    edits.iter().for_each(|edit| drop(edit.apply(&mut document)));
    let after = parse(&document.text(), Some(office)).ok()?;
    let past = |hours: i64| Past {
        id: CallId(hours.unsigned_abs()),
        caller: "+821098765432".to_owned(),
        number: PhoneNumber::parse("+827012345678").unwrap(),
        keys: Vec::new(),
        at: from_unix_millis(NOW - hours * 3_600_000),
    };
    // At 17:03 and at 11:03.
    let calls = [past(21), past(27)];
    let ticks = naru::clock::now().ticks;
    let now = Moment { ticks, wall: from_unix_millis(NOW) };
    let found = elsewhere(&Arc::new(office.clone()), &Arc::new(after), &calls, now);
    let example = |call: &Elsewhere| ComparedCall {
        id: call.id.0,
        before: call.before.words(),
        after: call.after.words(),
    };
    Some(OfficeComparison {
        from: 0,
        to: NOW,
        calls: calls.len(),
        is_sample: false,
        elsewhere: found.len(),
        examples: found.iter().map(example).collect(),
    })
}

fn sounds() -> Report {
    let sound = |name: &str, sha256: &str, used: bool| {
        json!({
            "name": name, "sha256": sha256, "bytes": 48_321, "milliseconds": 6_400, "used": used,
        })
    };
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let list =
        json!([sound("인사/hello.mp3", known, true), sound("연결음.wav", &"0".repeat(64), false),]);
    Report::Setup(SetupReport::Sounds(of(list)))
}

fn figures(office: &Office) -> WorkflowFigures {
    of(json!({
        "workflow": "대표번호", "version": office.workflows.first().map_or_else(String::new, |one| one.version()), "first": ago(400_000),
        "runs": {"connected": 81, "caller_left": 14, "voicemail": 6, "failed": 1},
        "days": {},
        "steps": {
            "인사": {"views": 102, "left": 4, "keys": {}},
            "시간": {"views": 98, "left": 0, "keys": {}},
            "메뉴": {"views": 98, "left": 10, "keys": {"1": 61, "2": 25, "0": 2}},
            "주문": {"views": 25, "left": 0, "keys": {}},
            "상담": {"views": 88, "left": 0, "keys": {}},
            "연결": {"views": 88, "left": 0, "keys": {}},
            "음성": {"views": 6, "left": 0, "keys": {}},
        },
    }))
}

/// Of a text that is no longer in force.
fn old_figures() -> WorkflowFigures {
    of(json!({
        "workflow": "대표번호", "version": "0123abcd", "first": ago(4_000_000),
        "runs": {"finished": 3}, "days": {}, "steps": {"인사": {"views": 3, "left": 1, "keys": {}}},
    }))
}
