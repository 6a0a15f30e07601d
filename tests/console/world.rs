//! The fixed office and a daemon that answers for it: what a document says is judged by the office's
//! own code, calls and phones are made up.

use std::sync::OnceLock;

use naru::api::refusal::{Refusal, RefusalKind};
use naru::api::request::{Health, TrunkState};
use naru::api::schema::schema::{
    CallPage, CallWithTrail, ChangeDocuments, ChangeLine, ChangePage, OfficeChanges, Registration,
};
use naru::api::schema::stats::Stats;
use naru::console::action::Request;
use naru::console::document::Document;
use naru::console::edit::Edit;
use naru::console::report::Report;
use naru::history::call_record::CallRecord;
use naru::live::Live;
use naru::office::change::changes::changes;
use naru::office::document::document::parse;
use naru::office::document::print::print;
use naru::office::snapshot::Office;
use naru::words::Words;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::desk;
use crate::empty;
use crate::figures;
use crate::hostile;
use crate::setup::Setup;
use crate::tapes;
use crate::writing::{Editor, badly, well};

/// Wednesday, 2026-11-25 14:03:20 in Seoul.
pub(crate) const NOW: i64 = 1_795_583_000_000;

const OFFICE: &str = include_str!("office.yaml");

/// The office and its document, read once.
fn fixed() -> &'static (Office, Document) {
    static FIXED: OnceLock<(Office, Document)> = OnceLock::new();
    FIXED.get_or_init(|| {
        let office = parse(OFFICE, None).unwrap();
        let document = Document::parse(&print(&office, false)).unwrap();
        (office, document)
    })
}

pub(crate) struct World {
    office: Office,
    live: Live,
    is_down: bool,
    /// Whoever calls has a name that would steer a terminal.
    is_hostile: bool,
    /// Nothing has happened yet.
    is_empty: bool,
    setup: Setup,
    /// What the person at the console does in an editor.
    pub(crate) editor: Editor,
}

impl Default for World {
    fn default() -> Self {
        Self {
            office: fixed().0.clone(),
            live: of(live()),
            is_down: false,
            is_hostile: false,
            is_empty: false,
            setup: Setup::default(),
            editor: well,
        }
    }
}

impl World {
    /// Nobody has set anything up.
    pub(crate) fn empty() -> Self {
        let office = parse("{}", None).unwrap();
        Self { office, live: Live::default(), is_empty: true, ..Self::default() }
    }

    /// The daemon has gone while one was looking.
    pub(crate) fn down() -> Self {
        Self { is_down: true, ..Self::default() }
    }

    /// Whoever writes makes mistakes.
    pub(crate) fn misspelt() -> Self {
        Self { editor: badly, ..Self::default() }
    }

    pub(crate) fn hostile() -> Self {
        Self { is_hostile: true, ..Self::default() }
    }

    pub(crate) fn up(&self) -> Report {
        self.told(Report::Up(self.live.clone()))
    }

    fn told(&self, report: Report) -> Report {
        match (self.is_hostile, self.is_empty) {
            (true, _) => hostile::spoiled(report),
            (_, true) => empty::emptied(report),
            (false, false) => report,
        }
    }

    pub(crate) fn answer(&mut self, request: Request) -> Vec<Report> {
        let answers = self.plainly(request);
        answers.into_iter().map(|report| self.told(report)).collect()
    }

    fn plainly(&mut self, request: Request) -> Vec<Report> {
        vec![match request {
            Request::States => return self.states(),
            Request::CallSip(call) => Report::CallSip { call, sip: Box::new(of(sip())) },
            Request::Desk(request) => return desk::answer(request),
            Request::Tapes(request) => return tapes::answer(&request),
            Request::Stats(filter) => {
                let agents = Box::new(figures::of_agents());
                let stats = Box::new(figures::of_a_week());
                let first = Report::Stats { filter: filter.clone(), stats };
                return vec![first, Report::AgentStats { filter, agents }];
            }
            Request::ExportStats { .. } => Report::Done(Words::new("썼습니다", "written")),
            Request::Setup(request) => return self.setup.answer(&self.office, request),
            Request::Figures => Report::Figures(Box::new(figures())),
            Request::Office => Report::Office(self.document()),
            Request::Calls { before, .. } => {
                let calls = before.map_or_else(calls, |_| Vec::new());
                Report::Calls { page: CallPage { calls, next: None }, is_first: before.is_none() }
            }
            Request::Export { .. } => Report::Done(Words::new("썼습니다", "written")),
            Request::Call(id) => Report::Call(Box::new(call(id))),
            Request::Changes { before } => {
                let page = ChangePage { changes: vec![change()], next: None };
                Report::Changes { page, is_first: before.is_none() }
            }
            Request::Change(_) => Report::Change(Box::new(self.change())),
            Request::Check { edits, ticket } => {
                let (place, verdict) = self.judged(&edits);
                Report::Checked { ticket, place, verdict: verdict.map(|(said, _)| said) }
            }
            Request::Save { edits, ticket } => {
                let (place, verdict) = self.judged(&edits);
                let verdict = verdict.map(|(said, office)| {
                    self.office = office;
                    said
                });
                Report::Saved { ticket, place, verdict }
            }
            Request::Revert { .. } => Report::Done(Words::new("되돌렸습니다", "taken back")),
            Request::HangUp(_) => Report::Done(Words::new("끊었습니다", "ended")),
            Request::Originate { .. } => Report::Done(Words::new("울립니다", "it rings")),
        }]
    }

    fn document(&self) -> Document {
        let (office, document) = fixed();
        if self.office == *office {
            return document.clone();
        }
        Document::parse(&print(&self.office, false)).unwrap()
    }

    /// As the daemon does: the edited document is read whole, by the office's own rules.
    fn judged(&self, edits: &[Edit]) -> (String, Result<(OfficeChanges, Office), Refusal>) {
        let mut document = self.document();
        let mut place = String::new();
        for edit in edits {
            let Some(made) = edit.apply(&mut document) else {
                let words = Words::new("그사이에 없어졌습니다", "it has been removed");
                return (place, Err(Refusal::new(RefusalKind::Conflict, words)));
            };
            place = made;
        }
        let verdict = parse(&document.text(), Some(&self.office)).map_err(Refusal::invalid);
        let told = verdict.map(|office| {
            let all = changes(&self.office, &office).into_iter().map(|change| change.words);
            (OfficeChanges { applied: false, changes: all.collect(), warnings: Vec::new() }, office)
        });
        (place, told)
    }

    fn states(&self) -> Vec<Report> {
        let mut reports = vec![
            Report::Health(of::<Health>(health())),
            Report::Registrations(of::<Vec<Registration>>(registrations())),
            Report::Trunks(of::<Vec<TrunkState>>(trunks())),
            self.setup.hours(&self.office),
            Report::Figures(Box::new(figures())),
        ];
        if self.is_down {
            let words = Words::new("나루가 답하지 않습니다", "no naru answers");
            reports.push(Report::Down(words));
        }
        reports
    }

    fn change(&self) -> ChangeDocuments {
        let after = print(&self.office, false);
        let before = after.replace("ring_time: 40s", "ring_time: 30s");
        ChangeDocuments { change: change(), before, after }
    }
}

pub(crate) fn of<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Seconds before now, in milliseconds since 1970.
pub(crate) fn ago(seconds: i64) -> i64 {
    NOW - seconds * 1_000
}

fn live() -> Value {
    let call = |id: u64, stage: &str, since: i64, agent: Value, keys: &str| {
        json!({
            "id": id, "direction": "inbound", "from": "+821098765432",
            "from_name": if id == 91 { "박서연" } else { "" }, "to": "+827012345678",
            "stage": stage, "started": ago(since + 10), "stage_since": ago(since), "agent": agent,
            "keys": keys,
        })
    };
    let agent = |extension: &str, name: &str, state: &str| {
        json!({
            "extension": extension, "name": name, "state": state, "since": ago(600), "seat": true,
            "activity": "available", "do_not_disturb": false, "wrap_up": null,
        })
    };
    json!({
        "calls": [
            call(91, "talking", 125, json!("101"), ""),
            call(92, "queued", 40, Value::Null, ""),
            call(93, "workflow", 8, Value::Null, "1"),
        ],
        "agents": [
            agent("101", "김민지", "talking"),
            agent("102", "Lee Jun", "waiting"),
            agent("103", "한동훈", "offline"),
        ],
    })
}

fn health() -> Value {
    json!({
        "ok": true, "version": "0.1.0", "started": ago(90_000), "calls": 3, "registrations": 3,
        "timezone": "Asia/Seoul",
        "store": {"writable": true, "waiting": 0, "lost": 0},
    })
}

fn registrations() -> Value {
    let phone = |device: &str, source: &str, user_agent: &str| {
        json!({
            "device": device, "contact": format!("sip:{device}@{source}"), "source": source,
            "transport": "udp", "user_agent": user_agent, "expires": ago(-300),
        })
    };
    json!([
        phone("101", "192.0.2.11:5060", "Deskphone 4.2"),
        phone("101", "192.0.2.12:5060", ""),
        phone("102", "192.0.2.13:5062", ""),
    ])
}

fn trunks() -> Value {
    json!([
        {"name": "carrier", "label": "KT", "peer": "192.0.2.10:5060", "server": null,
            "link": "address"},
        {"name": "backup", "label": "", "peer": null, "server": "sip.example.net",
            "link": "failed"},
    ])
}

fn figures() -> Stats {
    let calls = |inbound: u64, answered: u64| {
        json!({
            "inbound": inbound, "answered": answered, "missed": inbound - answered, "uncounted": 0,
            "outbound": 5, "outbound_answered": 4, "internal": 7, "in_time": answered,
            "at_speed": answered, "waited": 120_000, "talked": 3_600_000, "reasons": {},
        })
    };
    of(json!({
        "from": ago(50_600), "to": NOW, "target": 20, "answer_rate": 87.5, "service_level": 75.0,
        "speed_level": 80.0, "outbound_rate": 80.0, "average_wait": 8, "average_talk": 190,
        "calls": calls(24, 21), "numbers": {}, "agents": {},
        "hours": {"09": calls(4, 4), "10": calls(9, 7), "11": calls(6, 6), "13": calls(5, 4)},
        "conversations": 18, "cases": 12,
    }))
}

pub(crate) fn record(id: u64, fields: &Value) -> CallRecord {
    let mut record = json!({
        "id": id, "direction": "inbound", "from": "+821098765432", "from_name": "박서연",
        "to": "+827012345678", "number": "+827012345678", "presented": null,
        "started": ago(3_600), "first_waiting": ago(3_590), "first_ring": ago(3_590),
        "engaged": ago(3_580), "ended": ago(3_400), "outcome": "answered", "missed_reason": null,
        "cause": null, "agent": "101", "legs": [], "trail": [],
    });
    let all = record.as_object_mut().unwrap();
    all.extend(fields.as_object().unwrap().clone());
    of(record)
}

fn calls() -> Vec<CallRecord> {
    vec![
        record(90, &json!({})),
        record(
            89,
            &json!({
                "from": "+81312345678", "from_name": "田中", "started": ago(7_200),
                "engaged": null, "ended": ago(7_150), "outcome": "missed",
                "missed_reason": "notInOperation", "agent": null,
            }),
        ),
        record(
            88,
            &json!({
                "direction": "outbound", "from": "102", "from_name": "Lee Jun",
                "to": "+82212345678", "started": ago(90_000), "engaged": ago(89_990),
                "ended": ago(89_000), "agent": "102",
            }),
        ),
    ]
}

fn call(id: u64) -> CallWithTrail {
    let leg = |leg: u64, party: &str, from: i64| {
        json!({
            "leg": leg, "party": party, "agent": null, "started": ago(from),
            "ringing": ago(from - 2), "answered": ago(from - 20), "ended": ago(3_400),
            "cause": null,
        })
    };
    let quality = |lost: u64, mos: Value| {
        json!({
            "packets": 9_000 - lost, "lost": lost, "late": 4, "jitter_ms": 3, "delay_ms": 40,
            "round_trip_ms": 12, "lost_there_percent": 0, "mos_hundredths": mos,
        })
    };
    let mut legs = json!({"legs": [leg(1, "carrier", 3_600), leg(2, "101", 3_598)]});
    legs["legs"][0]["quality"] = quality(900, json!(295));
    legs["legs"][1]["quality"] = quality(9, json!(438));
    let line = |seconds: i64, ko: &str, en: &str| json!({"at": ago(seconds), "words": {"ko": ko, "en": en}});
    let why = vec![
        line(
            3_600,
            "회선 carrier에서 +821098765432이(가) +827012345678(으)로 걸었습니다",
            "+821098765432 called +827012345678 by the trunk carrier",
        ),
        line(
            3_600,
            "운영시간 '사무실': 수요일 13:00-18:00이라 열려 있습니다",
            "hours '사무실': Wednesday 13:00-18:00, so it is open",
        ),
        line(3_590, "101 김민지의 전화기 2대가 울립니다", "2 phones of 101 김민지 ring"),
        line(3_580, "101 김민지가 받았습니다", "101 김민지 answered"),
    ];
    CallWithTrail { call: record(id, &legs), why: why.into_iter().map(of).collect() }
}

fn sip() -> Value {
    let step = |at: i64, leg: u64, sent: bool, message: &str, cseq: &str| {
        json!({
            "at": ago(at), "leg": leg, "sent": sent, "peer": "192.0.2.10:5060",
            "transport": "udp", "message": message, "cseq": cseq, "reason": null,
        })
    };
    json!({
        "parties": [
            {"leg": 1, "party": "carrier", "arrived": true, "left_out": 0},
            {"leg": 2, "party": "101", "arrived": false, "left_out": 3},
        ],
        "steps": [
            step(3_600, 1, false, "INVITE", "1 INVITE"),
            step(3_600, 1, true, "100 Trying", "1 INVITE"),
            step(3_598, 2, true, "INVITE", "1 INVITE"),
            step(3_597, 2, false, "180 Ringing", "1 INVITE"),
            step(3_580, 2, false, "200 OK", "1 INVITE"),
            step(3_580, 1, true, "200 OK", "1 INVITE"),
            step(3_400, 1, false, "BYE", "2 BYE"),
        ],
    })
}

fn change() -> ChangeLine {
    of(json!({
        "id": 12, "at": ago(5_000), "who": "admin",
        "changes": [{"ko": "번호 +827012345678 벨이 울리는 시간: 30초 → 40초",
            "en": "number +827012345678, ring time: 30 s → 40 s"}],
    }))
}
