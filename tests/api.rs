//! The API over a real socket, with a switchboard that answers from a script.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use naru::api::client::{Answer, Client, ClientError};
use naru::api::door::Doors;
use naru::api::handle::ApiHandle;
use naru::api::refusal::Refusal;
use naru::api::request::{
    ApiRequest, Health, SpeakerCard, SpeakerState, StatsAsked, StoreState, TrunkLink, TrunkState,
};
use naru::api::schema::ban::BanLine;
use naru::api::schema::comparison::{ComparedCall, OfficeComparison};
use naru::api::schema::hours::HoursState;
use naru::api::schema::schema::RecordingFile;
use naru::api::schema::sip::CallSip;
use naru::api::schema::stats::{AgentStats, Stats};
use naru::api::schema::trunk::TrunkTest;
use naru::api::server::Server;
use naru::binding::Binding;
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Clocks, Direction, Outcome};
use naru::history::conversation::case_record::CaseRecord;
use naru::history::conversation::conversation::{Case, Conversation, ConversationFile, State};
use naru::history::conversation::lead::Lead;
use naru::history::conversation_id::ConversationId;
use naru::history::figures::agent_figures::AgentSpan;
use naru::history::figures::figures::Figures;
use naru::history::figures::workflow_figures::WorkflowFigures;
use naru::history::hours_switch::HoursVersion;
use naru::history::missed_reason::MissedReason;
use naru::history::office_change::{OfficeChange, Signature};
use naru::history::voice_message::{Heard, VoiceMessage};
use naru::leg::HangupCause;
use naru::live::{Live, Update};
use naru::office::device::Username;
use naru::office::document::document::parse;
use naru::office::document::print::print;
use naru::office::library::{HeldSound, Speakers};
use naru::office::phone_number::PhoneNumber;
use naru::office::recording::{SoundHash, SoundName};
use naru::office::snapshot::Office;
use naru::office::team::TeamName;
use naru::office::transport::Transport;
use naru::time::from_unix_millis;
use naru::words::Words;
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc, watch};

/// Longer than a piece that is read at once.
static SOUND: [u8; 150_000] = [7; 150_000];

const OFFICE: &str = "\
agents:
  - {extension: \"101\", name: 김민지, devices: [{username: \"101\", password: secret-101}]}
  - {extension: \"102\", name: Lee, devices: [{username: \"102\", password: secret-102}]}
";

fn record(id: u64) -> CallRecord {
    CallRecord {
        id: CallId(id),
        direction: Direction::Internal,
        from: "101".to_owned(),
        from_name: String::new(),
        to: "102".to_owned(),
        number: None,
        conversation: None,
        presented: None,
        started: 1_000,
        first_waiting: None,
        first_ring: None,
        engaged: None,
        ended: Some(2_000),
        outcome: Some(Outcome::Answered),
        missed_reason: None,
        voicemail: false,
        cause: Some(HangupCause::Normal),
        agent: None,
        clocks: Clocks::default(),
        legs: Vec::new(),
        trail: Vec::new(),
    }
}

fn sound() -> HeldSound {
    let name = SoundName::parse("인사.wav").ok();
    HeldSound { name, sha256: SoundHash::of(b"abc"), bytes: 3, millis: 1_500 }
}

fn message(call: u64, team: &str) -> VoiceMessage {
    let at = i64::try_from(call).unwrap();
    VoiceMessage {
        name: format!("message-{call}-1.opus").parse().unwrap(),
        conversation: Some(ConversationId(3)),
        from: "+821098765432".to_owned(),
        from_name: String::new(),
        number: None,
        team: Some(TeamName(team.to_owned())),
        agent: None,
        at,
        seconds: Some(12),
        heard: (call == 2).then(|| Heard { at, who: "102".to_owned() }),
    }
}

/// Answers as a switchboard would, and tells what it was asked to do.
struct FakeSwitchboard {
    office: Arc<Office>,
    changes: Vec<OfficeChange>,
    recording: Option<PathBuf>,
    told: mpsc::UnboundedSender<String>,
}

impl FakeSwitchboard {
    fn run(mut self, mut requests: mpsc::Receiver<ApiRequest>) {
        while let Some(request) = requests.blocking_recv() {
            self.take(request);
        }
    }

    fn tell(&self, what: impl Into<String>) {
        self.told.send(what.into()).unwrap();
    }

    #[expect(clippy::too_many_lines, reason = "an answer for each request")]
    fn take(&mut self, request: ApiRequest) {
        match request {
            ApiRequest::Health { reply } => {
                let store = StoreState { writable: true, waiting: 0, lost: 0 };
                let version = "1".to_owned();
                let health = Health {
                    ok: true,
                    version,
                    started: 5,
                    calls: 0,
                    registrations: 1,
                    timezone: String::new(),
                    store,
                };
                reply.send(Ok(health)).unwrap();
            }
            ApiRequest::Live { reply } => reply.send(Ok(Live::default())).unwrap(),
            ApiRequest::Calls { filter, reply } => {
                self.tell(format!("{filter:?}"));
                let calls = (1..=u64::from(filter.rows().min(3))).rev().map(record).collect();
                reply.send(Ok(calls)).unwrap();
            }
            ApiRequest::Call { id, reply } => {
                let known = (id == CallId(7)).then(|| record(7)).ok_or_else(Refusal::not_found);
                reply.send(known).unwrap();
            }
            ApiRequest::CallSip { id, reply } => {
                let known = (id == CallId(7)).then(CallSip::default);
                reply.send(known.ok_or_else(Refusal::not_found)).unwrap();
            }
            ApiRequest::Conversations { filter, reply } => {
                self.tell(format!("{filter:?}"));
                reply.send(Ok(vec![conversation()])).unwrap();
            }
            ApiRequest::Cases { filter, reply } => {
                self.tell(format!("{filter:?}"));
                reply.send(Ok(vec![case()])).unwrap();
            }
            ApiRequest::Conversation { id, reply } => {
                let file = (id == ConversationId(3)).then(|| ConversationFile {
                    conversation: conversation(),
                    cases: vec![Case { seq: 1, ..Case::default() }],
                    calls: vec![record(7)],
                    log: Vec::new(),
                });
                reply.send(file.ok_or_else(Refusal::not_found)).unwrap();
            }
            ApiRequest::Queue { call, wish, who, reply } => {
                self.tell(format!("{who} wishes {call} {wish:?}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Wish { id, wish, agent: _, who, reply } => {
                self.tell(format!("{who} wishes {id} {wish:?}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::CallBack { id, agent, again, reply } => {
                self.tell(format!("{agent} calls {id} back {again}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Leads { part, rows, reply } => {
                self.tell(format!("leads {part} {rows}"));
                reply.send(Ok(vec![lead()])).unwrap();
            }
            ApiRequest::Office { reply } => reply.send(Ok(Arc::clone(&self.office))).unwrap(),
            ApiRequest::SaveOffice { office, who, reply } => {
                self.tell(format!("save {}", office.agents.len()));
                let signature = Signature { who, at: 9 };
                let (before, after) = (print(&self.office, true), print(&office, true));
                let id = self.changes.len() as u64 + 1;
                self.changes.insert(0, OfficeChange { id, signature, before, after });
                self.office = office;
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::OfficeChanges { before, rows, reply } => {
                let below = self.changes.iter().filter(|one| before.is_none_or(|id| one.id < id));
                reply.send(Ok(below.take(rows as usize).cloned().collect())).unwrap();
            }
            ApiRequest::Bans { reply } => {
                let ban = BanLine {
                    address: "192.0.2.66".to_owned(),
                    wrong: 40,
                    unanswered: 25,
                    dropped: 0,
                    last: 9,
                };
                reply.send(Ok(vec![ban])).unwrap();
            }
            ApiRequest::Pardon { source, reply } => {
                self.tell(format!("pardon {source}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Compare { office, reply } => {
                self.tell(format!("compare with {} teams", office.teams.len()));
                let example = ComparedCall {
                    id: 7,
                    before: Words::new("팀", "team"),
                    after: Words::new("닫힘", "closed"),
                };
                let compared = OfficeComparison {
                    from: 1,
                    to: 2,
                    calls: 3,
                    is_sample: false,
                    elsewhere: 1,
                    examples: vec![example],
                };
                reply.send(Ok(compared)).unwrap();
            }
            ApiRequest::Simulate { call, reply } => {
                self.tell(format!("{call:?}"));
                reply.send(Ok(record(0))).unwrap();
            }
            ApiRequest::Hours { reply } => {
                let states = self.office.hours.keys().map(|name| hours(&name.0));
                reply.send(Ok(states.collect())).unwrap();
            }
            ApiRequest::SwitchHours { name, open, who: _, reply } => {
                self.tell(format!("switch {name} {open:?}"));
                let known = self.office.hours.contains_key(&name);
                reply.send(known.then(|| hours(&name.0)).ok_or_else(Refusal::not_found)).unwrap();
            }
            ApiRequest::HoursVersions { name, reply } => {
                let version = HoursVersion { since: 3, definition: None };
                let known = self.office.hours.contains_key(&name);
                reply.send(Ok(known.then_some(version).into_iter().collect())).unwrap();
            }
            ApiRequest::Sounds { reply } => reply.send(Ok(vec![sound()])).unwrap(),
            ApiRequest::AddSound { file, name, trial, reply } => {
                self.tell(format!("sound {} {name:?} {trial}", file.len()));
                reply.send(Ok(HeldSound { name, ..sound() })).unwrap();
            }
            ApiRequest::Speakers { reply } => reply.send(Ok(Speakers::default())).unwrap(),
            ApiRequest::Speak { language, spoken, reply } => {
                self.tell(format!("speak {language} {}", spoken.text));
                reply.send(Ok(sound())).unwrap();
            }
            ApiRequest::RemoveSound { name, reply } => {
                self.tell(format!("remove {name}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::SoundFile { sha256, reply } => {
                let known = (sha256 == sound().sha256).then(|| b"abc".to_vec());
                reply.send(known.ok_or_else(Refusal::not_found)).unwrap();
            }
            ApiRequest::Stats { asked, reply } => {
                let asked = StatsAsked { from: asked.from.or(Some(1)), ..asked };
                reply
                    .send(Ok(Stats::new(
                        &asked.filter(2, &jiff::tz::TimeZone::UTC),
                        Figures::default(),
                    )))
                    .unwrap();
            }
            ApiRequest::AgentStats { from, to, hours, reply } => {
                let (from, to) = (from.unwrap_or(1), to.unwrap_or(2));
                let span = AgentSpan { from, to, now: None };
                reply.send(Ok(AgentStats::new(span, hours, BTreeMap::new()))).unwrap();
            }
            ApiRequest::Documents { reply } => reply.send(Ok(Vec::new())).unwrap(),
            ApiRequest::KeepDocument { .. }
            | ApiRequest::Document { .. }
            | ApiRequest::RemoveDocument { .. } => {}
            ApiRequest::Workflows { reply } => reply.send(Ok(vec![figures()])).unwrap(),
            ApiRequest::Registrations { reply } => reply.send(Ok(vec![binding()])).unwrap(),
            ApiRequest::TestTrunk { trunk, reply } => {
                let known = trunk.0 == "carrier";
                let test =
                    TrunkTest { trunk: trunk.0, ok: true, steps: Vec::new(), messages: Vec::new() };
                reply.send(known.then_some(test).ok_or_else(Refusal::not_found)).unwrap();
            }
            ApiRequest::Trunks { reply } => reply.send(Ok(vec![trunk()])).unwrap(),
            ApiRequest::Originate { agent, to, number: _, reply } => {
                self.tell(format!("originate {agent} {to}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Agent { agent, wishes, reply } => {
                self.tell(format!("{agent} {wishes:?}"));
                reply.send(Err(Refusal::not_found())).unwrap();
            }
            ApiRequest::SoundRoom { sound, volume, reply } => {
                self.tell(format!("{sound:?} {volume}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Speaker { reply } => {
                let card = SpeakerCard { card: "default".to_owned(), state: SpeakerState::Away };
                reply.send(Ok(vec![card])).unwrap();
            }
            ApiRequest::Recordings { call, reply } => {
                self.tell(format!("recordings {call:?}"));
                let file = RecordingFile {
                    name: "call-7-1.opus".to_owned(),
                    call: 7,
                    octets: 9,
                    written: 5,
                    of: None,
                };
                reply.send(Ok(vec![file])).unwrap();
            }
            ApiRequest::RecordingPath { name, reply } => {
                let path = self.recording.clone().filter(|_| name.call == CallId(7));
                reply.send(path.ok_or_else(Refusal::not_found)).unwrap();
            }
            ApiRequest::DeleteRecording { name, reply } => {
                self.tell(format!("delete {name}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Messages { agent, reply } => {
                self.tell(format!("messages {agent:?}"));
                reply.send(Ok(vec![message(1, "support"), message(2, "sales")])).unwrap();
            }
            ApiRequest::MessageWish { name, wish, who, reply } => {
                self.tell(format!("{who} wishes {name} {wish:?}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Record { call, wish, reply } => {
                self.tell(format!("record {call} {wish:?}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::PlaySound { sound, agent, language, reply } => {
                self.tell(format!("play {sound:?} to {agent} {language:?}"));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Conference { id, wish, reply } => {
                self.tell(format!("conference {id} {wish:?}"));
                reply.send(Ok(())).unwrap();
            }
            // Dropped unanswered: the switchboard has no answer.
            ApiRequest::HangUp { id, reply } => {
                self.tell(format!("hang up {id}"));
                drop(reply);
            }
            ApiRequest::Backup { path, reply } => {
                self.tell(format!("backup {}", path.display()));
                reply.send(Ok(())).unwrap();
            }
            ApiRequest::Restore { path, reply } => {
                self.tell(format!("restore {}", path.display()));
                reply.send(Ok(())).unwrap();
            }
        }
    }
}

fn hours(name: &str) -> HoursState {
    HoursState {
        name: name.to_owned(),
        timezone: "Asia/Seoul".to_owned(),
        open: true,
        why: Words::new("열림", "open"),
        until: None,
        switched: None,
        today: "2026-11-25".to_owned(),
        used_by: Vec::new(),
    }
}

fn binding() -> Binding {
    Binding {
        device: Username::parse("101").unwrap(),
        contact: "sip:101@10.0.0.1".to_owned(),
        path: Vec::new(),
        source: "10.0.0.1:5060".parse().unwrap(),
        transport: Transport::Udp,
        instance: None,
        call_id: "x".to_owned(),
        cseq: 1,
        user_agent: "phone".to_owned(),
        expires: from_unix_millis(9_000),
    }
}

fn figures() -> WorkflowFigures {
    let workflow = "main".to_owned();
    WorkflowFigures { workflow, version: "v".to_owned(), first: 5, ..WorkflowFigures::default() }
}

fn lead() -> Lead {
    let number = PhoneNumber::parse("+821012345678").unwrap();
    Lead { number, name: "최".to_owned(), first_met: 5, last_met: 6 }
}

fn trunk() -> TrunkState {
    TrunkState {
        name: "carrier".to_owned(),
        label: "KT".to_owned(),
        peer: Some("192.0.2.10:5060".to_owned()),
        server: None,
        transport: Transport::Udp,
        link: TrunkLink::Address,
    }
}

struct Daemon {
    folder: tempfile::TempDir,
    told: mpsc::UnboundedReceiver<String>,
    updates: broadcast::Sender<Update>,
    stop: watch::Sender<bool>,
    server: JoinHandle<anyhow::Result<()>>,
    runtime: tokio::runtime::Runtime,
}

impl Daemon {
    fn start(listen: Option<SocketAddr>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let doors = Doors {
            socket: folder.path().join("api.sock"),
            listen,
            token_file: folder.path().join("api.token"),
        };
        let server = Server::bind(doors).unwrap();
        let (handle, requests) = ApiHandle::channel(16);
        let (told_to, told) = mpsc::unbounded_channel();
        let office = Arc::new(parse(OFFICE, None).unwrap());
        let path = folder.path().join("recording");
        std::fs::write(&path, SOUND).unwrap();
        let (changes, recording) = (Vec::new(), Some(path));
        thread::spawn(|| {
            FakeSwitchboard { office, changes, recording, told: told_to }.run(requests);
        });
        let (updates, _) = broadcast::channel(4);
        let (stop, stopping) = watch::channel(false);
        let for_server = updates.clone();
        let server = thread::spawn(move || server.run(handle, for_server, stopping));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { folder, told, updates, stop, server, runtime }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("api.sock")
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let client = Client::new(&self.socket());
        let body = body.to_owned().into();
        self.runtime.block_on(client.request(method, path, "application/json", body)).unwrap()
    }

    fn json(&self, method: &str, path: &str, body: &str, status: u16) -> Value {
        let answer = self.ask(method, path, body);
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, status, "{method} {path}: {text}");
        serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
    }

    fn told(&mut self) -> String {
        self.told.blocking_recv().unwrap()
    }

    fn stop(self) {
        self.stop.send(true).unwrap();
        self.server.join().unwrap().unwrap();
        assert!(!self.folder.path().join("api.sock").exists());
    }
}

#[test]
fn lists_and_states_are_read() {
    let mut daemon = Daemon::start(None);
    assert_eq!(daemon.json("GET", "/v1/health", "", 200)["store"]["writable"], json!(true));
    assert_eq!(
        daemon.json("GET", "/v1/live", "", 200),
        json!({"calls": [], "agents": [], "callbacks": [], "warnings": []})
    );
    let registrations = daemon.json("GET", "/v1/registrations", "", 200);
    assert_eq!(registrations[0]["device"], json!("101"));
    assert_eq!(registrations[0]["expires"], json!(9000));
    let workflows = daemon.json("GET", "/v1/workflows", "", 200);
    assert_eq!(workflows["figures"][0]["first"], json!(5));
    assert_eq!(daemon.json("GET", "/v1/trunks", "", 200)[0]["link"], json!("address"));
    let page = daemon.json("GET", "/v1/calls?limit=2&before=9&party=%EA%B9%80", "", 200);
    assert_eq!(page["next"], json!(1));
    assert_eq!(page["calls"].as_array().unwrap().len(), 2);
    let asked = daemon.told();
    assert!(asked.contains("before: Some(CallId(9))") && asked.contains("김"), "{asked}");
    for typed in ["+827012345678", "%2B827012345678", "070-1234-5678"] {
        daemon.json("GET", &format!("/v1/calls?number={typed}&outcome=no_answer"), "", 200);
        assert!(daemon.told().contains("+827012345678"), "{typed}");
    }
    assert_eq!(daemon.json("GET", "/v1/calls/7", "", 200)["id"], json!(7));
    assert_eq!(daemon.json("POST", "/v1/trunks/carrier/test", "", 200)["ok"], json!(true));
    assert_eq!(daemon.json("GET", "/v1/calls/7/sip", "", 200)["steps"], json!([]));
    daemon.stop();
}

#[test]
fn what_is_wrong_is_refused_in_both_languages() {
    let daemon = Daemon::start(None);
    for (method, path, body, status) in [
        ("GET", "/v1/calls?limit=many", "", 400),
        ("GET", "/v1/calls?colour=red", "", 400),
        ("GET", "/v1/calls?number=abc", "", 400),
        ("GET", "/v1/calls/8", "", 404),
        ("GET", "/v1/calls/8/sip", "", 404),
        ("POST", "/v1/trunks/other/test", "", 404),
        ("GET", "/v1/calls/x", "", 400),
        ("GET", "/v2", "", 404),
        ("PATCH", "/v1/office", "", 404),
        ("POST", "/v1/calls", "{", 400),
        ("POST", "/v1/agents/x/presence", "{}", 400),
        ("POST", "/v1/agents/101/presence", r#"{"activity": "asleep"}"#, 400),
        ("POST", "/v1/agents/101/presence", r#"{"mood": "good"}"#, 400),
        ("POST", "/v1/calls", r#"{"agent": "x", "to": "102"}"#, 400),
        ("POST", "/v1/calls", r#"{"agent": "101", "to": "102\r\nX: y"}"#, 400),
        ("POST", "/v1/backup", r#"{"path": "relative.tar"}"#, 400),
        ("POST", "/v1/backup", r#"{"path": "/"}"#, 400),
        ("DELETE", "/v1/calls/7", "", 503),
    ] {
        let refusal: Refusal =
            serde_json::from_value(daemon.json(method, path, body, status)).unwrap();
        assert!(!refusal.message.ko.is_empty() && !refusal.message.en.is_empty());
    }
    let long = "x".repeat(5 * 1024 * 1024);
    let client = Client::new(&daemon.socket());
    let sent =
        daemon.runtime.block_on(client.request("PUT", "/v1/office", "text/yaml", long.into()));
    // The server may close before it has read everything.
    assert!(sent.is_err() || sent.unwrap().status == 413);
    daemon.stop();
}

#[test]
fn agents_are_listed_and_spoken_for() {
    let mut daemon = Daemon::start(None);
    assert_eq!(daemon.json("GET", "/v1/agents", "", 200), json!([]));
    let wishes = r#"{"seat": true, "activity": "in_meeting", "end_wrap_up": true}"#;
    daemon.json("POST", "/v1/agents/101/presence", wishes, 404);
    assert_eq!(daemon.told(), "101 [Seat(true), Activity(InMeeting), EndWrapUp]");
    daemon.json("POST", "/v1/agents/101/presence", r#"{"do_not_disturb": false}"#, 404);
    assert_eq!(daemon.told(), "101 [DoNotDisturb(false)]");
    let silence = r#"{"do_not_disturb": true, "do_not_disturb_for": "2h"}"#;
    daemon.json("POST", "/v1/agents/101/presence", silence, 404);
    assert_eq!(daemon.told(), "101 [DoNotDisturbFor(7200s)]");
    let silence = r#"{"do_not_disturb_until": 1800000000000}"#;
    daemon.json("POST", "/v1/agents/101/presence", silence, 404);
    assert_eq!(daemon.told(), "101 [DoNotDisturbUntil(1800000000000)]");
    for wrong in [
        r#"{"do_not_disturb_for": "soon"}"#,
        r#"{"do_not_disturb": false, "do_not_disturb_for": "2h"}"#,
        r#"{"do_not_disturb_until": 1800000000000, "do_not_disturb_for": "2h"}"#,
    ] {
        daemon.json("POST", "/v1/agents/101/presence", wrong, 400);
    }
    daemon.stop();
}

#[test]
fn calls_are_placed_and_files_written() {
    let mut daemon = Daemon::start(None);
    daemon.json("POST", "/v1/calls", r#"{"agent": "101", "to": "02-123-4567"}"#, 202);
    assert_eq!(daemon.told(), "originate 101 021234567");
    daemon.json("POST", "/v1/backup", r#"{"path": "/tmp/백업.tar"}"#, 200);
    assert_eq!(daemon.told(), "backup /tmp/백업.tar");
    daemon.json("POST", "/v1/restore", r#"{"path": "/tmp/백업.tar"}"#, 200);
    assert_eq!(daemon.told(), "restore /tmp/백업.tar");
    daemon.stop();
}

#[test]
fn a_lead_becomes_a_customer_is_blocked_and_takes_another_lead() {
    // L21, L194, L195
    let mut daemon = Daemon::start(None);
    let all = daemon.json("GET", "/v1/customers?party=010", "", 200);
    assert_eq!(all[0]["number"], json!("+821012345678"));
    assert_eq!((&all[0]["lead"], &all[0]["name"]), (&json!(true), &json!("최")));
    let path = "/v1/customers/010-1234-5678";
    assert_eq!(daemon.json("GET", path, "", 200)["last_met"], json!(6));
    let body = r#"{"language": "ja", "tags": ["vip", "서울"], "blocked": true}"#;
    let made = daemon.json("PUT", path, body, 200);
    assert_eq!(made["name"], json!("최"), "what is known of the lead");
    assert_eq!((&made["lead"], &made["blocked"]), (&json!(false), &json!(true)));
    assert_eq!(daemon.json("GET", "/v1/customers", "", 200), json!([]), "blocked ones are hidden");
    assert_eq!(daemon.json("GET", "/v1/customers?kind=blocked", "", 200), json!([made]));
    daemon.json("PUT", path, r#"{"blocked": false, "name": "최서연"}"#, 200);
    let merged = daemon.json("POST", &format!("{path}/merge"), r#"{"lead": "02-555-0100"}"#, 200);
    assert_eq!(merged["also"], json!(["+8225550100"]));
    let other = daemon.json("GET", "/v1/customers/025550100", "", 200);
    assert_eq!((&other["name"], &other["tags"]), (&json!("최서연"), &json!(["vip", "서울"])));
    daemon.json("POST", &format!("{path}/merge"), r#"{"lead": "02-555-0100"}"#, 409);
    daemon.json("POST", "/v1/customers/0312345678/merge", r#"{"lead": "02-555-0199"}"#, 409);
    let many: Vec<String> = (0..21).map(|at| format!("t{at}")).collect();
    daemon.json("PUT", path, &json!({ "tags": many }).to_string(), 400);
    daemon.json("PUT", path, r#"{"language": "xx"}"#, 400);
    daemon.json("PUT", path, r#"{"name": " x"}"#, 422);
    daemon.json("GET", "/v1/customers?kind=friends", "", 400);
    assert_eq!(daemon.ask("DELETE", path, "").status, 204);
    daemon.json("DELETE", path, "", 404);
    let told = std::iter::from_fn(|| daemon.told.try_recv().ok());
    assert_eq!(told.filter(|what| what.starts_with("save")).count(), 4);
    daemon.stop();
}

#[test]
fn hours_are_read_switched_and_filled_from_a_calendar() {
    let mut daemon = Daemon::start(None);
    let office =
        format!("{OFFICE}hours:\n  - {{name: 밤 근무, week: {{mon: [\"20:00-08:00\"]}}}}\n");
    daemon.json("PUT", "/v1/office", &office, 200);
    assert_eq!(daemon.told(), "save 2");
    let night = "/v1/hours/%EB%B0%A4%20%EA%B7%BC%EB%AC%B4";
    assert_eq!(daemon.json("GET", "/v1/hours", "", 200)[0]["name"], "밤 근무");
    for (body, told) in [
        (r#"{"open": true}"#, "switch 밤 근무 Some(true)"),
        (r#"{"open": null}"#, "switch 밤 근무 None"),
    ] {
        daemon.json("POST", &format!("{night}/switch"), body, 200);
        assert_eq!(daemon.told(), told);
    }
    daemon.json("POST", &format!("{night}/switch"), r#"{"open": "yes"}"#, 400);
    daemon.json("POST", "/v1/hours/day/switch", r#"{"open": true}"#, 404);
    assert_eq!(daemon.told(), "switch day Some(true)");
    assert_eq!(daemon.json("GET", &format!("{night}/versions"), "", 200)[0]["since"], 3);
    daemon.json("GET", "/v1/hours/day/versions", "", 404);

    let calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nSUMMARY:신정\n\
        END:VEVENT\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20200101\nEND:VEVENT\nEND:VCALENDAR\n";
    let holidays = format!("{night}/holidays");
    assert_eq!(
        daemon.json("POST", &holidays, calendar, 200),
        json!({"added": 1, "known": 0, "past": 1, "beyond": 0, "skipped": 0})
    );
    assert_eq!(daemon.told(), "save 2");
    assert_eq!(
        daemon.json("POST", &holidays, calendar, 200),
        json!({"added": 0, "known": 1, "past": 1, "beyond": 0, "skipped": 0})
    );
    let text = String::from_utf8(daemon.ask("GET", "/v1/office", "").body.to_vec()).unwrap();
    assert!(text.contains("{date: 2027-01-01, name: \"신정\"}"), "{text}");
    daemon.json("POST", &holidays, "no calendar", 422);
    daemon.json("POST", "/v1/hours/day/holidays", calendar, 404);
    daemon.stop();
}

#[test]
fn numbers_are_listed_claimed_and_given_back() {
    let mut daemon = Daemon::start(None);
    let office = format!(
        "{OFFICE}trunks:\n  - {{name: kt, label: KT, peer: 192.0.2.1, blocks: [\"+827012345600-+827012345601\"]}}\n"
    );
    daemon.json("PUT", "/v1/office", &office, 200);
    daemon.told();
    let free = daemon.json("GET", "/v1/numbers/free?find=5601", "", 200);
    assert_eq!(free, json!([{"number": "+827012345601", "trunk": "kt", "label": "KT"}]));
    let item = r#"{"number": "070-1234-5601", "default": true, "route": {"agent": "101"}}"#;
    let line = json!({
        "number": "+827012345601", "presented": null, "route": "agent 101", "default": true,
        "hours": null, "trunk": "kt", "label": "KT", "document": null,
    });
    assert_eq!(daemon.json("POST", "/v1/numbers", item, 201), line);
    daemon.told();
    assert_eq!(daemon.json("GET", "/v1/numbers", "", 200), json!([line]));
    daemon.json("POST", "/v1/numbers", item, 409);
    daemon.json("POST", "/v1/numbers", r#"{"number": "070-1234-5699"}"#, 422);
    daemon.json("POST", "/v1/numbers", r#"{"number": "x"}"#, 400);
    daemon.json("POST", "/v1/numbers", r#"{"number": "+827012345600"}"#, 201);
    daemon.told();
    let default = "/v1/numbers/+827012345601";
    daemon.json("DELETE", default, "", 409);
    daemon.json("DELETE", &format!("{default}?default=%2B827012345600"), "", 200);
    daemon.told();
    let left = daemon.json("GET", "/v1/numbers", "", 200);
    assert_eq!((&left[0]["number"], &left[0]["default"]), (&json!("+827012345600"), &json!(true)));
    daemon.json("DELETE", default, "", 409);

    let wish =
        r#"{"number": "07012345600", "caller": "+81312345678", "at": 5, "keys": ["1", "*"]}"#;
    assert_eq!(daemon.json("POST", "/v1/simulate", wish, 200)["from"], "101");
    assert_eq!(
        daemon.told(),
        "Simulation { number: \"07012345600\", caller: \"+81312345678\", at: Some(Exact(5)), keys: ['1', '*'] }"
    );
    daemon.json("POST", "/v1/simulate", r#"{"number": "1", "keys": ["12"]}"#, 400);
    daemon.stop();
}

#[test]
fn the_room_is_spoken_to() {
    let mut daemon = Daemon::start(None);
    assert_eq!(
        daemon.json("GET", "/v1/speaker", "", 200),
        json!([{"card": "default", "state": "away"}])
    );
    daemon.json("POST", "/v1/speaker/play", r#"{"sound": "chime", "volume": 30}"#, 202);
    assert_eq!(daemon.told(), "Sound(Chime) 30");
    let words = r#"{"announcement": "closed", "language": "ja"}"#;
    daemon.json("POST", "/v1/speaker/announce", words, 202);
    assert_eq!(daemon.told(), "Words { situation: Closed, language: Some(Ja) } 80");
    for (path, body) in [
        ("/v1/speaker/play", r#"{"sound": "drum"}"#),
        ("/v1/speaker/play", r#"{"sound": "chime", "volume": 101}"#),
        ("/v1/speaker/announce", r#"{"announcement": "closed", "language": "xx"}"#),
        ("/v1/speaker/announce", r#"{"text": "hello"}"#),
    ] {
        daemon.json("POST", path, body, 400);
    }
    daemon.stop();
}

fn conversation() -> Conversation {
    Conversation {
        id: ConversationId(3),
        customer: PhoneNumber::parse("+821012345678").ok(),
        name: "이서연".to_owned(),
        number: None,
        direction: Direction::Inbound,
        created: 1,
        state: State::Missed { since: 5, reason: MissedReason::UserLeft },
        team: None,
        assignee: None,
        followers: BTreeSet::new(),
        tags: BTreeSet::new(),
        description: String::new(),
        priority: Default::default(),
        last_call: 5,
        last_note: None,
        handled: None,
        reminded: None,
        case: Case { seq: 1, ..Case::default() },
    }
}

fn case() -> CaseRecord {
    let one = conversation();
    CaseRecord {
        conversation: one.id,
        case: Case { opened: 5, ..one.case },
        customer: one.customer,
        name: one.name,
        number: None,
        direction: one.direction,
        priority: one.priority,
        workflow: None,
        team: None,
        assignee: None,
        followers: BTreeSet::new(),
    }
}

/// L179, L180
#[test]
fn cases_are_listed_by_when_they_were_opened() {
    let mut daemon = Daemon::start(None);
    let page = daemon.json("GET", "/v1/cases?from=5&to=9&assignee=101&limit=1", "", 200);
    let told = daemon.told();
    assert!(told.contains("from: Some(5), to: Some(9)") && told.contains("101"), "{told}");
    assert_eq!((&page["cases"][0]["opened"], &page["cases"][0]["seq"]), (&json!(5), &json!(1)));
    assert_eq!(page["next"], "5.3.1", "a full page may have another");
    daemon.json("GET", "/v1/cases?before=5.3.1&limit=2", "", 200);
    assert!(daemon.told().contains("CasePlace { opened: 5"));
    for wrong in ["before=5.3", "from=9&to=5", "assignee=x", "state=closed", "number=x"] {
        daemon.json("GET", &format!("/v1/cases?{wrong}"), "", 400);
    }
    daemon.stop();
}

/// S54, S56, L25, L30, L60–L63: what may be done to a conversation, and how far.
#[test]
fn conversations_are_listed_and_taken_care_of() {
    let mut daemon = Daemon::start(None);
    let page = daemon.json("GET", "/v1/conversations?state=missed&limit=1", "", 200);
    assert!(daemon.told().contains("state: Some(Missed)"));
    assert_eq!(page["conversations"][0]["state"], "missed");
    assert_eq!(page["conversations"][0]["reason"], "userLeft");
    assert_eq!(page["next"], "5.3", "a full page may have another");
    daemon.json("GET", "/v1/conversations?state=lost", "", 400);
    let one = daemon.json("GET", "/v1/conversations/3", "", 200);
    assert_eq!((&one["name"], &one["calls"][0]["id"]), (&json!("이서연"), &json!(7)));
    daemon.json("GET", "/v1/conversations/4", "", 404);
    let mut post = |path: &str, body: &str, status| {
        daemon.json("POST", &format!("/v1/conversations/3/{path}"), body, status);
        if status == 202 { daemon.told() } else { String::new() }
    };
    assert!(post("close", "", 202).ends_with("wishes 3 Close"));
    assert!(post("open", "", 202).ends_with("wishes 3 Open"));
    assert!(post("snooze", r#"{"for": "3h"}"#, 202).ends_with("Snooze { length: 10800000 }"));
    post("snooze", r#"{"for": "181d"}"#, 400);
    post("snooze", r#"{"for": "59s"}"#, 400);
    assert!(post("notes", r#"{"text": " 내일 "}"#, 202).ends_with("Note { text: \"내일\" }"));
    post("notes", r#"{"text": " "}"#, 400);
    let long = json!({"text": "가".repeat(1001)}).to_string();
    post("description", &long, 400);
    let nine: Vec<String> = (0..9).map(|tag| format!("t{tag}")).collect();
    post("tags", &json!({"tags": nine}).to_string(), 400);
    assert!(post("tags", r#"{"tags": ["vip"]}"#, 202).contains("vip"));
    post("assign", r#"{"agent": "999"}"#, 400);
    post("missed", "", 404);
    assert_eq!(post("callback", r#"{"agent": "101"}"#, 202), "101 calls 3 back false");
    daemon.stop();
}

/// L98
#[test]
fn messages_are_listed_heard_and_deleted() {
    let mut daemon = Daemon::start(None);
    let names = |daemon: &Daemon, path: &str| {
        let listed = daemon.json("GET", path, "", 200);
        let names = listed.as_array().unwrap().iter().map(|one| one["name"].clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(
        names(&daemon, "/v1/voicemail?agent=102"),
        ["message-2-1.opus", "message-1-1.opus"],
        "the newest first"
    );
    assert_eq!(daemon.told(), "messages Some(Extension(\"102\"))");
    assert_eq!(names(&daemon, "/v1/voicemail?new=true"), ["message-1-1.opus"]);
    assert_eq!(names(&daemon, "/v1/voicemail?team=sales&new=true"), [""; 0]);
    daemon.json("GET", "/v1/voicemail?agent=x", "", 400);
    let (_, _) = (daemon.told(), daemon.told());
    daemon.json("POST", "/v1/voicemail/message-1-1.opus", r#"{"heard": true}"#, 204);
    assert!(daemon.told().ends_with(" wishes message-1-1.opus Heard"));
    daemon.json("DELETE", "/v1/voicemail/message-1-1.opus", "", 204);
    assert!(daemon.told().ends_with(" wishes message-1-1.opus Delete"));
    daemon.json("DELETE", "/v1/voicemail/call-1-1.opus", "", 404);
    daemon.stop();
}

/// L52, L54: found by the call, fetched, deleted; no name ever leads elsewhere.
#[test]
fn recordings_are_listed_fetched_and_deleted() {
    let mut daemon = Daemon::start(None);
    let file = json!([{"name": "call-7-1.opus", "call": 7, "octets": 9, "written": 5, "of": null}]);
    assert_eq!(daemon.json("GET", "/v1/recordings?call=7", "", 200), file);
    assert_eq!(daemon.told(), "recordings Some(CallId(7))");
    assert_eq!(daemon.ask("GET", "/v1/recordings/call-7-1.opus", "").body.as_ref(), SOUND);
    for name in ["call-8-1.opus", "call-7-1.mp3", "..%2Frecording", "call-07-1.opus"] {
        daemon.json("GET", &format!("/v1/recordings/{name}"), "", 404);
    }
    daemon.json("DELETE", "/v1/recordings/call-7-2.wav", "", 204);
    assert_eq!(daemon.told(), "delete call-7-2.wav");
    daemon.json("POST", "/v1/calls/7/recording", r#"{"wish": "pause"}"#, 202);
    assert_eq!(daemon.told(), "record 7 Pause");
    daemon.json("POST", "/v1/calls/7/recording", r#"{"wish": "eat"}"#, 400);
    daemon.stop();
}

/// L31: what is wanted of a call is handed on as it was said, and nothing else is taken.
#[test]
fn a_call_may_be_joined_muted_and_held() {
    let mut daemon = Daemon::start(None);
    daemon.json("POST", "/v1/calls/7/invite", r#"{"extension": "103"}"#, 202);
    assert!(daemon.told().starts_with("conference 7 Invite"));
    daemon.json("POST", "/v1/calls/7/mute", r#"{"extension": "103", "muted": true}"#, 202);
    assert!(daemon.told().contains("muted: true"));
    daemon.json("POST", "/v1/calls/7/hold", r#"{"held": true}"#, 202);
    assert_eq!(daemon.told(), "conference 7 Hold(true)");
    for (path, body) in [
        ("/v1/calls/7/invite", r#"{"extension": "1"}"#),
        ("/v1/calls/x/invite", r#"{"extension": "103"}"#),
        ("/v1/calls/7/mute", r#"{"extension": "103"}"#),
        ("/v1/calls/7/hold", r#"{"held": "yes"}"#),
        ("/v1/calls/7/hold", r#"{"held": true, "for": 3}"#),
    ] {
        daemon.json("POST", path, body, 400);
    }
    daemon.stop();
}

#[test]
fn a_sound_is_played_by_its_name_its_hash_or_its_situation() {
    let mut daemon = Daemon::start(None);
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    for (name, told) in [
        ("%EC%9D%B8%EC%82%AC%20%EB%A7%90.wav", "Named"),
        (hash, "Held"),
        ("built-in:all_busy", "BuiltIn(AllBusy)"),
        ("call-7-1.opus", "Named"),
    ] {
        let path = format!("/v1/sounds/{name}/play");
        daemon.json("POST", &path, r#"{"extension": "101", "language": "ja"}"#, 202);
        let heard = daemon.told();
        assert!(heard.starts_with(&format!("play {told}")), "{heard}");
        assert!(heard.ends_with("Some(Ja)"), "{heard}");
    }
    daemon.json("POST", "/v1/sounds/built-in:lunch/play", r#"{"extension": "101"}"#, 400);
    daemon.json("POST", "/v1/sounds/a.wav/play", r#"{"extension": "x"}"#, 400);
    daemon.json("POST", "/v1/sounds/..%2Fa.wav/play", r#"{"extension": "101"}"#, 400);
    daemon.stop();
}

#[test]
fn addresses_that_guess_are_listed_and_let_go() {
    // S3 of the goals of trust: the list of bans is visible.
    let mut daemon = Daemon::start(None);
    let bans = daemon.json("GET", "/v1/bans", "", 200);
    let told =
        json!([{"address": "192.0.2.66", "wrong": 40, "unanswered": 25, "dropped": 0, "last": 9}]);
    assert_eq!(bans, told);
    assert_eq!(daemon.ask("DELETE", "/v1/bans/192.0.2.66", "").status, 204);
    assert_eq!(daemon.told(), "pardon 192.0.2.66");
    daemon.json("DELETE", "/v1/bans/everybody", "", 400);
    daemon.stop();
}

#[test]
fn a_document_is_compared_before_it_is_saved() {
    let mut daemon = Daemon::start(None);
    let document = format!("{OFFICE}teams:\n  - {{name: new, members: [\"101\"]}}\n");
    let told = daemon.json("POST", "/v1/office/compare", &document, 200);
    assert_eq!((&told["calls"], &told["elsewhere"]), (&json!(3), &json!(1)));
    assert_eq!(told["examples"][0]["before"]["ko"], json!("팀"));
    assert_eq!(daemon.told(), "compare with 1 teams");
    // What could not be saved is not compared.
    let refused =
        daemon.json("POST", "/v1/office/compare", "teams: [{name: new, members: [\"9\"]}]", 422);
    assert_eq!(refused["kind"], json!("invalid"));
    daemon.stop();
}

#[test]
fn the_office_is_read_and_replaced_whole() {
    let mut daemon = Daemon::start(None);
    let hidden = String::from_utf8(daemon.ask("GET", "/v1/office", "").body.to_vec()).unwrap();
    assert!(hidden.contains("김민지") && !hidden.contains("secret-101"), "{hidden}");
    let shown = daemon.ask("GET", "/v1/office?secrets=true", "").body;
    let shown = String::from_utf8(shown.to_vec()).unwrap();
    assert!(shown.contains("secret-101"));
    // What is read changes nothing when it is written, with or without secrets.
    for same in [&hidden, &shown] {
        let answer = daemon.json("PUT", "/v1/office", same, 200);
        assert_eq!(answer, json!({"applied": true, "changes": []}));
    }
    let renamed = shown.replace("Lee", "이준");
    let answer = daemon.json("PUT", "/v1/office?dry_run=true", &renamed, 200);
    assert_eq!(answer["applied"], json!(false));
    assert_eq!(answer["changes"].as_array().unwrap().len(), 1);
    let answer = daemon.json("PUT", "/v1/office", &renamed, 200);
    assert_eq!(answer["changes"].as_array().unwrap().len(), 1);
    assert_eq!(daemon.told(), "save 2");
    let bad = "agents:\n  - {extension: \"1\", name: x}\ncolour: red\n";
    let refusal: Refusal =
        serde_json::from_value(daemon.json("PUT", "/v1/office", bad, 422)).unwrap();
    assert!(refusal.errors.len() >= 2, "{refusal:?}");
    assert!(refusal.errors.iter().any(|error| error.line == 2));
    daemon.stop();
}

#[test]
fn events_stream_and_slow_readers_are_cut_off() {
    let daemon = Daemon::start(None);
    let mut stream = UnixStream::connect(daemon.socket()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(b"GET /v1/events HTTP/1.1\r\nHost: naru\r\n\r\n").unwrap();
    let mut text = read_until(&mut stream, ": ready");
    assert!(text.contains("text/event-stream"), "{text}");
    daemon.updates.send(Update::CallEnded { id: CallId(3) }).unwrap();
    text = read_until(&mut stream, "\n\n");
    assert!(
        text.contains("event: call_ended\ndata: {\"event\":\"call_ended\",\"id\":3}"),
        "{text}"
    );
    // Far more than the socket's buffers and the channel hold, without reading.
    let device = "x".repeat(10_000);
    for _ in 0..500 {
        let update = Update::Registration { device: device.clone(), registered: true };
        if daemon.updates.send(update).is_err() {
            // The only reader has been cut off already.
            break;
        }
    }
    let rest = read_until(&mut stream, "\r\n0\r\n\r\n");
    assert!(rest.contains(": too slow"), "{}", rest.len());
    daemon.stop();
}

fn read_until(stream: &mut impl Read, end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(end) {
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "closed after {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    text
}

#[test]
fn a_stream_ends_when_the_daemon_stops() {
    let daemon = Daemon::start(None);
    let mut stream = UnixStream::connect(daemon.socket()).unwrap();
    stream.write_all(b"GET /v1/events HTTP/1.1\r\nHost: naru\r\n\r\n").unwrap();
    read_until(&mut stream, ": ready");
    daemon.stop();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
}

fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn over_tcp(address: SocketAddr, path: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn an_address_wants_the_token_and_shows_no_secrets() {
    let address = free_address();
    let daemon = Daemon::start(Some(address));
    let token = std::fs::read_to_string(daemon.folder.path().join("api.token")).unwrap();
    let token = token.trim();
    assert!(over_tcp(address, "/v1/health", "wrong").starts_with("HTTP/1.1 401"));
    assert!(over_tcp(address, "/v1/health", token).starts_with("HTTP/1.1 200"));
    let office = over_tcp(address, "/v1/office", token);
    assert!(office.starts_with("HTTP/1.1 200") && !office.contains("secret-101"));
    assert!(over_tcp(address, "/v1/office?secrets=true", token).starts_with("HTTP/1.1 403"));
    daemon.stop();
}

#[test]
fn a_daemon_that_is_down_is_told_apart() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::new(Path::new("/nonexistent/api.sock"));
    let asked = runtime.block_on(client.request("GET", "/v1/health", "", Vec::new().into()));
    assert!(matches!(asked, Err(ClientError::Down(_))));
}

#[test]
fn a_change_is_listed_with_its_author_and_taken_back() {
    let mut daemon = Daemon::start(None);
    let office = String::from_utf8(daemon.ask("GET", "/v1/office", "").body.to_vec()).unwrap();
    let first = office.replacen("김민지", "김서연", 1);
    daemon.json("PUT", "/v1/office", &first, 200);
    daemon.told();
    let second = first.replacen("\"Lee\"", "\"Choi\"", 1);
    assert_ne!(second, first);
    daemon.json("PUT", "/v1/office", &second, 200);
    daemon.told();

    let page = daemon.json("GET", "/v1/office/changes", "", 200);
    assert_eq!(page["changes"].as_array().unwrap().len(), 2, "{page}");
    let user = nix::unistd::User::from_uid(nix::unistd::Uid::current()).unwrap().unwrap();
    assert_eq!(page["changes"][0]["who"], json!(user.name));
    assert!(page["changes"][1]["changes"][0]["ko"].as_str().unwrap().contains("김서연"), "{page}");
    let one = daemon.json("GET", "/v1/office/changes/1", "", 200);
    assert!(one["before"].as_str().unwrap().contains("김민지"));
    assert!(!one.to_string().contains("secret-101"), "{one}");

    // The older one is taken back; the newer one stays, and passwords too.
    let told = daemon.json("POST", "/v1/office/changes/1/revert?dry_run=true", "", 200);
    assert_eq!(told["applied"], json!(false));
    daemon.json("POST", "/v1/office/changes/1/revert", "", 200);
    daemon.told();
    let shown = daemon.ask("GET", "/v1/office?secrets=true", "").body;
    let shown = String::from_utf8(shown.to_vec()).unwrap();
    assert!(shown.contains("김민지") && shown.contains("Choi"), "{shown}");
    assert!(shown.contains("secret-101"), "{shown}");

    // What was changed again since is not taken back blindly.
    daemon.json("PUT", "/v1/office", &second.replacen("Choi", "Park", 1), 200);
    daemon.told();
    let refused = daemon.json("POST", "/v1/office/changes/2/revert", "", 409);
    assert!(refused["message"]["en"].as_str().unwrap().starts_with("102:"), "{refused}");
    daemon.json("POST", "/v1/office/changes/99/revert", "", 404);
    daemon.stop();
}

/// L152, L158.
#[test]
fn figures_are_asked_for_by_span_and_target() {
    let daemon = Daemon::start(None);
    let stats = daemon.json("GET", "/v1/stats", "", 200);
    assert_eq!((&stats["target"], &stats["from"]), (&json!(20), &json!(1)));
    let stats = daemon.json("GET", "/v1/stats?from=5&to=9&target=60", "", 200);
    assert_eq!((&stats["target"], &stats["to"]), (&json!(60), &json!(9)));
    for wrong in ["target=0", "target=3601", "from=9&to=5", "from=x", "outside=true"] {
        daemon.json("GET", &format!("/v1/stats?{wrong}"), "", 400);
    }
    // L160, L168, L175
    let narrowed = |path: &str| daemon.json("GET", path, "", 200)["narrowed_by"].clone();
    let then = json!({"within": {"then": "day"}, "outside": false});
    assert_eq!(narrowed("/v1/stats?hours=day"), then);
    let today = json!({"within": {"today": "day"}, "outside": true});
    assert_eq!(narrowed("/v1/stats/agents?hours=day&as_today=true&outside=true"), today);
    let daily = json!({"within": {"daily": "09:00-12:00"}, "outside": false});
    assert_eq!(narrowed("/v1/stats?time=09:00-12:00"), daily);
    for wrong in ["time=9-12", "time=09:00-12:00&hours=day", "as_today=true"] {
        for path in ["/v1/stats", "/v1/stats/agents", "/v1/calls"] {
            daemon.json("GET", &format!("{path}?{wrong}"), "", 400);
        }
    }
    daemon.stop();
}
