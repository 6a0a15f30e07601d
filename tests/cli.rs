//! The commands as typed, against a store without a daemon and against an API with a store behind.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use jiff::tz::TimeZone;
use naru::api::door::Doors;
use naru::api::handle::ApiHandle;
use naru::api::refusal::{Refusal, RefusalKind};
use naru::api::request::{ApiRequest, Health, StoreState};
use naru::api::schema::comparison::OfficeComparison;
use naru::api::schema::stats::{AgentStats, Stats};
use naru::api::server::Server;
use naru::audio::import::import;
use naru::engine::call_engine::CallEngine;
use naru::engine::input::Input;
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Clocks, Direction, Outcome};
use naru::history::conversation::lead::Lead;
use naru::history::figures::agent_figures::AgentSpan;
use naru::history::missed_reason::MissedReason;
use naru::history::office_change::Signature;
use naru::leg::HangupCause;
use naru::office::document::document::parse;
use naru::office::extension::Extension;
use naru::office::library::{HeldSound, Speakers};
use naru::office::phone_number::PhoneNumber;
use naru::office::recording::{SoundHash, SoundName};
use naru::office::snapshot::Office;
use naru::store::error::StoreError;
use naru::store::handle::StoreHandle;
use naru::store::open::open;
use naru::store::request::Answer;
use naru::store::run::{StoreThreads, start};
use naru::store::table::sounds::NewSound;
use naru::words::Words;
use tokio::sync::{broadcast, mpsc, watch};

#[path = "cli/cases.rs"]
mod cases;

const OFFICE: &str = "\
agents:
  - {extension: \"101\", name: 김민지, devices: [{username: \"101\", password: secret-101}]}
  - {extension: \"102\", name: Lee, devices: [{username: \"102\", password: secret-102}]}
teams:
  - {name: support, members: [\"101\", \"102\"]}
";

struct Place {
    folder: tempfile::TempDir,
}

struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display();
        let config = format!("data_dir: {path}/data\napi: {{socket: {path}/api.sock}}\n");
        fs::write(folder.path().join("config.yaml"), config).unwrap();
        fs::write(folder.path().join("office.yaml"), OFFICE).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run_in(&self, locale: &str, arguments: &[&str]) -> Ran {
        self.run_at("Asia/Seoul", locale, arguments)
    }

    /// On a machine whose clock shows the time of another place.
    fn run_at(&self, zone: &str, locale: &str, arguments: &[&str]) -> Ran {
        let ran = Command::new(env!("CARGO_BIN_EXE_naru"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LC_ALL", locale)
            .env("TZ", zone)
            .output()
            .unwrap();
        let place = self.folder.path().display().to_string();
        let text = |bytes| String::from_utf8(bytes).unwrap().replace(&place, "PLACE");
        Ran { status: ran.status.code().unwrap(), out: text(ran.stdout), err: text(ran.stderr) }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("C.UTF-8", arguments)
    }

    fn store(&self) -> (StoreHandle, StoreThreads) {
        start(open(&self.path("data")).unwrap().database).unwrap()
    }

    fn with_calls(&self) {
        let (store, threads) = self.store();
        calls().into_iter().for_each(|call| store.call_ended(call));
        threads.close();
    }
}

fn calls() -> Vec<CallRecord> {
    let answered = CallRecord {
        id: CallId(1),
        direction: Direction::Inbound,
        from: "+81312345678".to_owned(),
        from_name: "田中".to_owned(),
        to: "+827012345678".to_owned(),
        number: PhoneNumber::parse("+827012345678").ok(),
        conversation: None,
        presented: None,
        started: 1_795_000_000_000,
        first_waiting: None,
        first_ring: Some(1_795_000_001_000),
        engaged: Some(1_795_000_005_000),
        ended: Some(1_795_000_070_500),
        outcome: Some(Outcome::Answered),
        missed_reason: None,
        voicemail: false,
        cause: Some(HangupCause::Normal),
        agent: Extension::parse("101").ok(),
        clocks: Clocks::default(),
        legs: Vec::new(),
        trail: Vec::new(),
    };
    let missed = CallRecord {
        id: CallId(2),
        from: String::new(),
        from_name: "=evil\u{1b}[2J".to_owned(),
        engaged: None,
        outcome: Some(Outcome::Missed),
        missed_reason: Some(MissedReason::RingTimeOver),
        agent: None,
        ..answered.clone()
    };
    vec![answered, missed]
}

/// An API whose switchboard is the store alone.
struct Daemon {
    stop: watch::Sender<bool>,
    threads: Vec<JoinHandle<()>>,
}

impl Daemon {
    fn start(place: &Place) -> Self {
        let opened = open(&place.path("data")).unwrap();
        let office = Arc::new(opened.office.clone());
        let (store, store_threads) = start(opened.database).unwrap();
        let doors = Doors {
            socket: place.path("api.sock"),
            listen: None,
            token_file: place.path("data/api.token"),
        };
        let server = Server::bind(doors).unwrap();
        let (handle, requests) = ApiHandle::channel(16);
        let (updates, _) = broadcast::channel(4);
        let (stop, stopping) = watch::channel(false);
        let serving = thread::spawn(move || server.run(handle, updates, stopping).unwrap());
        let switching = thread::spawn(move || {
            answer(requests, &store, office);
            store_threads.close();
        });
        Self { stop, threads: vec![serving, switching] }
    }

    fn stop(self) {
        self.stop.send(true).unwrap();
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

#[expect(clippy::too_many_lines, reason = "an answer for each request")]
fn answer(mut requests: mpsc::Receiver<ApiRequest>, store: &StoreHandle, mut office: Arc<Office>) {
    let mut engine = CallEngine::new(Arc::clone(&office), CallId(1));
    while let Some(request) = requests.blocking_recv() {
        match request {
            ApiRequest::Live { reply } => reply.send(Ok(engine.live())).unwrap(),
            ApiRequest::Agent { agent, wishes, reply } => {
                for wish in wishes {
                    let agent = agent.clone();
                    engine.handle(Input::Agent { agent, wish }, naru::clock::now());
                }
                let agents = engine.live().agents;
                let found = agents.into_iter().find(|live| live.extension == agent);
                reply.send(found.ok_or_else(Refusal::not_found)).unwrap();
            }
            ApiRequest::Calls { filter, reply } => {
                reply.send(wait(store.calls(filter))).unwrap();
            }
            ApiRequest::Call { id, reply } => {
                let call = wait(store.call(id));
                reply.send(call.and_then(|call| call.ok_or_else(Refusal::not_found))).unwrap();
            }
            ApiRequest::Conversations { filter, reply } => {
                reply.send(wait(store.conversations(filter))).unwrap();
            }
            ApiRequest::Cases { filter, reply } => {
                reply.send(wait(store.cases(filter))).unwrap();
            }
            ApiRequest::Conversation { id, reply } => {
                let file = wait(store.conversation(id));
                reply.send(file.and_then(|file| file.ok_or_else(Refusal::not_found))).unwrap();
            }
            ApiRequest::Leads { part, rows, reply } => {
                reply.send(wait(store.leads(part, rows))).unwrap();
            }
            ApiRequest::Office { reply } => reply.send(Ok(Arc::clone(&office))).unwrap(),
            ApiRequest::SaveOffice { office: new, who, reply } => {
                office = Arc::clone(&new);
                reply.send(wait(store.save_office(new, Signature { who, at: 1 }))).unwrap();
            }
            ApiRequest::Backup { path, reply } => reply.send(wait(store.backup(path))).unwrap(),
            ApiRequest::Restore { path, reply } => {
                let restored = wait(store.restore(path));
                reply.send(restored.map(|restored| office = Arc::new(restored))).unwrap();
            }
            ApiRequest::OfficeChanges { before, rows, reply } => {
                reply.send(wait(store.changes(before, rows))).unwrap();
            }
            ApiRequest::Health { reply } => {
                let store = StoreState { writable: true, waiting: 0, lost: 0 };
                let version = "1".to_owned();
                let (started, calls, registrations) = (0, 0, 0);
                let health = Health {
                    ok: true,
                    version,
                    started,
                    calls,
                    registrations,
                    timezone: String::new(),
                    store,
                };
                reply.send(Ok(health)).unwrap();
            }
            ApiRequest::Sounds { reply } => reply.send(wait(store.sounds())).unwrap(),
            ApiRequest::AddSound { file, name, trial, reply } => {
                reply.send(add_sound(store, &file, name, trial)).unwrap();
            }
            ApiRequest::Speakers { reply } => reply.send(Ok(Speakers::default())).unwrap(),
            ApiRequest::Speak { .. } => {}
            ApiRequest::RemoveSound { name, reply } => {
                let removed = wait(store.remove_sound(name, i64::MAX));
                let found = |found: bool| found.then_some(()).ok_or_else(Refusal::not_found);
                reply.send(removed.and_then(found)).unwrap();
            }
            ApiRequest::SoundFile { sha256, reply } => {
                let file = wait(store.sound_file(sha256));
                reply.send(file.and_then(|file| file.ok_or_else(Refusal::not_found))).unwrap();
            }
            ApiRequest::Stats { asked, reply } => {
                let filter = asked.filter(0, &TimeZone::system());
                let figures = wait(store.figures(filter.clone()));
                reply.send(figures.map(|figures| Stats::new(&filter, figures))).unwrap();
            }
            ApiRequest::AgentStats { from, to, hours, reply } => {
                let now = naru::clock::now().unix_millis();
                let (from, to) = (from.unwrap_or_default(), to.unwrap_or(now));
                let span = AgentSpan { from, to, now: Some(now) };
                let agents = wait(store.agent_figures(span, hours.clone()));
                reply.send(agents.map(|agents| AgentStats::new(span, hours, agents))).unwrap();
            }
            ApiRequest::Compare { reply, .. } => {
                let (calls, elsewhere) = (42, 5);
                let (is_sample, examples) = (false, Vec::new());
                let told =
                    OfficeComparison { from: 0, to: 1, calls, is_sample, elsewhere, examples };
                reply.send(Ok(told)).unwrap();
            }
            ApiRequest::Simulate { .. }
            | ApiRequest::Wish { .. }
            | ApiRequest::Queue { .. }
            | ApiRequest::KeepDocument { .. }
            | ApiRequest::Document { .. }
            | ApiRequest::RemoveDocument { .. }
            | ApiRequest::Documents { .. }
            | ApiRequest::CallBack { .. }
            | ApiRequest::Hours { .. }
            | ApiRequest::SwitchHours { .. }
            | ApiRequest::HoursVersions { .. }
            | ApiRequest::Registrations { .. }
            | ApiRequest::Bans { .. }
            | ApiRequest::Pardon { .. }
            | ApiRequest::Workflows { .. }
            | ApiRequest::Trunks { .. }
            | ApiRequest::SoundRoom { .. }
            | ApiRequest::Speaker { .. }
            | ApiRequest::Originate { .. }
            | ApiRequest::Messages { .. }
            | ApiRequest::MessageWish { .. }
            | ApiRequest::Recordings { .. }
            | ApiRequest::PlaySound { .. }
            | ApiRequest::Conference { .. }
            | ApiRequest::RecordingPath { .. }
            | ApiRequest::DeleteRecording { .. }
            | ApiRequest::Record { .. }
            | ApiRequest::CallSip { .. }
            | ApiRequest::TestTrunk { .. }
            | ApiRequest::HangUp { .. } => {}
        }
    }
}

#[test]
fn agents_are_listed_and_changed() {
    let place = Place::new();
    place.run(&["apply", "office.yaml"]);
    let daemon = Daemon::start(&place);
    let ran = place.run(&["agents"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("101") && ran.out.contains("offline"), "{}", ran.out);
    let ran = place.run(&["agents", "101", "--activity", "eat", "--do-not-disturb", "on"]);
    assert!(ran.out.contains("eating") && ran.out.contains("on"), "{} {}", ran.out, ran.err);
    let ran = place.run_in("ko_KR.UTF-8", &["agents", "101"]);
    assert!(ran.out.contains("식사") && ran.out.contains("켬"), "{}", ran.out);
    let ran = place.run(&["agents", "101", "--seat", "off", "--json"]);
    assert!(ran.out.contains(r#""seat": false"#), "{}", ran.out);
    assert_eq!(place.run(&["agents", "101", "--activity", "asleep"]).status, 2);
    assert_eq!(place.run(&["agents", "999", "--seat", "on"]).status, 1);
    assert_eq!(place.run(&["agents", "--seat", "on"]).status, 2, "whose?");
    daemon.stop();
    assert_eq!(place.run(&["agents"]).status, 1, "only the daemon knows");
}

fn add_sound(
    store: &StoreHandle,
    file: &[u8],
    name: Option<SoundName>,
    trial: bool,
) -> Result<HeldSound, Refusal> {
    let clip = import(file).map_err(|error| {
        Refusal::new(RefusalKind::Invalid, Words::new(error.korean(), error.to_string()))
    })?;
    let (rate, samples) = (clip.rate(), clip.samples().to_vec());
    let sha256 = SoundHash::of(file);
    if trial {
        return Ok(HeldSound { name, sha256, bytes: 0, millis: 0 });
    }
    let file = file.to_vec();
    wait(store.add_sound(NewSound { sha256, said: None, file, rate, samples, added: 1 }, name))
}

fn wait<T>(answer: Answer<T>) -> Result<T, Refusal> {
    let result = answer.blocking_recv().unwrap_or(Err(StoreError::Closed));
    result.map_err(|error| {
        let is_asked_wrong = matches!(error, StoreError::NoHours(_));
        let kind = if is_asked_wrong { RefusalKind::BadRequest } else { RefusalKind::Failed };
        Refusal::new(kind, error.message())
    })
}

#[test]
fn check_names_every_fault() {
    let place = Place::new();
    let ran = place.run(&["check"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "./config.yaml: ok\n"));
    fs::write(place.path("bad.yaml"), "log: loud\ncolour: red\n").unwrap();
    let ran = place.run(&["check", "--config", "bad.yaml"]);
    assert_eq!(ran.status, 2);
    assert_eq!(
        ran.err,
        "bad.yaml:1: log: 'loud' is no level; write one of error, warn, info, debug, trace\n\
         bad.yaml:2: colour: is no setting here; known are data_dir, log, sip, media, speaker, speech, api, tls\n"
    );
    let ran = place.run_in("ko_KR.UTF-8", &["--config", "bad.yaml", "check"]);
    assert!(ran.err.starts_with("bad.yaml:1: log: 'loud'은(는) 없는 단계입니다."), "{}", ran.err);
    let ran = place.run(&["check", "--config", "missing.yaml"]);
    assert_eq!(ran.status, 2);
}

#[test]
fn wrong_use_is_status_2_and_help_speaks_korean() {
    let place = Place::new();
    for wrong in [&["fly"][..], &["calls", "--json", "--csv"], &["trail", "x"], &[]] {
        assert_eq!(place.run(wrong).status, 2, "{wrong:?}");
    }
    let ran = place.run_in("ko_KR.UTF-8", &["--help"]);
    assert_eq!(ran.status, 0);
    assert!(ran.out.contains("사무실을 파일에 적힌 대로 만듭니다"), "{}", ran.out);
    assert!(place.run(&["--version"]).out.starts_with("naru "));
}

/// The same steps with and without a daemon say the same on stdout.
fn apply_and_export(place: &Place) {
    let dry = place.run(&["apply", "office.yaml", "--dry-run"]);
    assert_eq!(dry.status, 0, "{}", dry.err);
    assert!(dry.out.contains("would change; nothing has changed yet\n"), "{}", dry.out);
    let ran = place.run(&["apply", "office.yaml"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("101") && ran.out.ends_with(" changed\n"), "{}", ran.out);
    let hidden = place.run(&["export"]).out;
    assert!(hidden.contains("김민지") && !hidden.contains("secret"), "{hidden}");
    fs::write(place.path("again.yaml"), &hidden).unwrap();
    assert_eq!(place.run(&["apply", "again.yaml"]).out, "nothing changes\n");
    assert!(place.run(&["export", "--secrets"]).out.contains("secret-101"));
    fs::write(place.path("bad.yaml"), "agents:\n  - {extension: \"1\", name: x}\ncolour: red\n")
        .unwrap();
    let ran = place.run(&["apply", "bad.yaml"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("bad.yaml:2: agents[0].extension: '1'"), "{}", ran.err);
    assert!(ran.err.contains("bad.yaml:3: colour: "), "{}", ran.err);
    assert_eq!(place.run(&["export"]).out, hidden);
}

#[test]
fn an_office_is_applied_and_exported_without_a_daemon() {
    let place = Place::new();
    let ran = place.run(&["apply", "office.yaml", "--dry-run"]);
    assert!(ran.err.contains("no naru answers at PLACE/api.sock; the database in PLACE/data"));
    assert!(!place.path("data").exists());
    apply_and_export(&place);
}

#[test]
fn an_office_is_applied_and_exported_by_the_daemon() {
    let place = Place::new();
    let daemon = Daemon::start(&place);
    let dry = place.run(&["apply", "office.yaml", "--dry-run"]);
    // The daemon has yesterday's calls.
    let last = "nothing has changed yet\n5 of yesterday's 42 calls would have gone elsewhere\n";
    assert!(dry.out.ends_with(last), "{}{}", dry.out, dry.err);
    apply_and_export(&place);
    assert_eq!(place.run(&["export"]).err, "");
    daemon.stop();
}

fn list(place: &Place) {
    assert_eq!(
        place.run(&["calls"]).out,
        "\
ID  STARTED              DIRECTION  FROM               TO             OUTCOME                  TALKED  AGENT
2   2026-11-18 20:06:40  inbound    =evil\\u{1b}[2J     +827012345678  missed (ring time over)
1   2026-11-18 20:06:40  inbound    田中 +81312345678  +827012345678  answered                 1:05    101
"
    );
    let korean = place.run_in("ko_KR.UTF-8", &["calls", "--limit", "1"]).out;
    assert!(korean.contains("부재중 (연결 시간 초과)"), "{korean}");
    assert_eq!(
        place.run(&["calls", "--csv"]).out,
        "\u{feff}id,started,direction,from,from_name,to,number,presented,first_ring,engaged,ended,outcome,missed_reason,agent,talked_seconds,first_waiting,conversation\r\n\
         2,2026-11-18T20:06:40+09:00,missed,,\"'=evil\\u{1b}[2J\",+827012345678,+827012345678,,2026-11-18T20:06:41+09:00,,2026-11-18T20:07:50+09:00,missed,ringTimeOver,,,,\r\n\
         1,2026-11-18T20:06:40+09:00,inbound,+81312345678,田中,+827012345678,+827012345678,,2026-11-18T20:06:41+09:00,2026-11-18T20:06:45+09:00,2026-11-18T20:07:50+09:00,answered,,101,65,,\r\n"
    );
    let json: Vec<CallRecord> = serde_json::from_str(&place.run(&["calls", "--json"]).out).unwrap();
    assert_eq!(json, calls().into_iter().rev().collect::<Vec<_>>());
    for (arguments, found) in [
        (&["--number", "070-1234-5678", "--outcome", "missed"][..], 1),
        (&["--from", "2026-11-18 20:06:40", "--party", "田"], 1),
        (&["--to", "2026-11-18"], 0),
        (&["--from", "2026-11-18T11:06:40Z", "--agent", "101"], 1),
        (&["--before", "2", "--direction", "inbound"], 1),
    ] {
        let all: Vec<&str> = ["calls", "--json"].iter().chain(arguments).copied().collect();
        let json: Vec<CallRecord> = serde_json::from_str(&place.run(&all).out).unwrap();
        assert_eq!(json.len(), found, "{arguments:?}");
    }
    for wrong in [["--from", "noon"], ["--outcome", "good"], ["--agent", "x"], ["--number", "x"]] {
        let ran = place.run(&["calls", wrong[0], wrong[1]]);
        assert_eq!(ran.status, 2, "{wrong:?}: {}", ran.err);
    }
    assert!(place.run(&["trail", "1"]).out.contains("田中"));
    assert_eq!(place.run(&["trail", "9"]).status, 1);
}

#[test]
fn calls_are_listed_without_a_daemon() {
    let place = Place::new();
    place.with_calls();
    list(&place);
}

#[test]
fn calls_are_listed_by_the_daemon() {
    let place = Place::new();
    place.with_calls();
    let daemon = Daemon::start(&place);
    list(&place);
    let ran = place.run(&["api", "get", "/v1/calls/2"]);
    assert_eq!(ran.status, 0);
    assert!(ran.out.contains("\"id\":2"), "{}", ran.out);
    assert_eq!(place.run(&["api", "GET", "/v1/calls/x"]).status, 2);
    assert_eq!(place.run(&["api", "GET", "/v1/calls/9"]).status, 1);
    daemon.stop();
    assert_eq!(place.run(&["api", "GET", "/v1/calls/2"]).status, 1);
}

#[test]
fn a_backup_comes_back_with_and_without_a_daemon() {
    let (old, new) = (Place::new(), Place::new());
    old.with_calls();
    assert_eq!(old.run(&["apply", "office.yaml"]).status, 0);
    let file = new.path("backup.tar");
    let file = file.to_str().unwrap();
    let daemon = Daemon::start(&old);
    let ran = old.run(&["backup", file]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    daemon.stop();
    // Into an empty folder, then over a running office, then out of a relative path again.
    let ran = new.run(&["restore", "backup.tar"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(new.run(&["export", "--secrets"]).out, old.run(&["export", "--secrets"]).out);
    let daemon = Daemon::start(&new);
    fs::write(new.path("empty.yaml"), "agents: []\n").unwrap();
    assert_eq!(new.run(&["apply", "empty.yaml"]).status, 0);
    assert_eq!(new.run(&["restore", "backup.tar"]).status, 0);
    assert_eq!(new.run(&["export"]).out, old.run(&["export"]).out);
    daemon.stop();
    assert_eq!(new.run(&["backup", "second.tar"]).status, 0);
    fs::write(new.path("backup.tar"), "not a backup").unwrap();
    let ran = new.run(&["restore", "backup.tar"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("no backup of naru"), "{}", ran.err);
    assert!(Path::new(&new.path("second.tar")).metadata().unwrap().len() > 10_000);
}

#[test]
fn recordings_are_taken_into_a_backup_when_they_are_wanted_and_come_back_with_it() {
    let (old, new) = (Place::new(), Place::new());
    old.with_calls();
    let recordings = Path::new(&old.path("data/recordings")).to_owned();
    fs::create_dir_all(&recordings).unwrap();
    fs::write(recordings.join("call-1-1.opus"), vec![5; 1_500_000]).unwrap();
    fs::write(recordings.join("message-2-1.wav"), "word").unwrap();
    let (bare, whole) = (new.path("bare.tar"), new.path("whole.tar"));
    let (bare, whole) = (bare.to_str().unwrap(), whole.to_str().unwrap());
    let daemon = Daemon::start(&old);
    let ran = old.run(&["backup", bare]);
    assert!(ran.err.contains("2 recordings and messages (2 MB) left out"), "{}", ran.err);
    let ran = old.run(&["backup", whole, "--with-recordings"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("with 2 recordings and messages (2 MB)"), "{}", ran.err);
    daemon.stop();
    assert_eq!(old.run(&["backup", whole, "--with-recordings"]).status, 0, "without a daemon, too");
    assert!(!Path::new(&new.path("whole.tar.unfinished")).exists());
    let there = new.path("data/recordings");
    let there = Path::new(&there);
    let ran = new.run(&["restore", whole]);
    assert!(ran.err.contains("not brought back") && !there.exists(), "{}", ran.err);
    let ran = new.run_in("ko_KR.UTF-8", &["restore", whole, "--with-recordings"]);
    assert!(ran.err.contains("녹음과 음성 메시지 2개(2 MB)를 되돌렸습니다"), "{}", ran.err);
    assert_eq!(fs::read(there.join("call-1-1.opus")).unwrap(), vec![5; 1_500_000]);
    assert_eq!(fs::read(there.join("message-2-1.wav")).unwrap(), b"word");
    list(&new);
    // A damaged recording is known before anything is touched.
    let mut bytes = fs::read(whole).unwrap();
    let at = bytes.windows(600).position(|all| all == [5; 600]).unwrap();
    bytes[at] = 6;
    fs::write(whole, bytes).unwrap();
    fs::remove_dir_all(there).unwrap();
    let ran = new.run(&["restore", whole, "--with-recordings"]);
    assert!(ran.status == 1 && ran.err.contains("a recording in it is damaged"), "{}", ran.err);
    assert!(!there.exists());
}

#[test]
fn packages_get_their_man_pages_and_completions() {
    let place = Place::new();
    assert_eq!(place.run(&["generate", "man", "man"]).status, 0);
    assert_eq!(place.run(&["generate", "completions", "shell"]).status, 0);
    assert!(fs::read_to_string(place.path("man/naru-apply.1")).unwrap().contains("dry"));
    for file in ["shell/naru.bash", "shell/_naru", "shell/naru.fish"] {
        assert!(place.path(file).exists(), "{file}");
    }
}

const WITH_SOUNDS: &str = "\
trunks:
  - {name: t, peer: \"192.0.2.1:5060\", blocks: [\"+827012345678\"]}
numbers:
  - number: \"+827012345678\"
    ringback: {file: 소리/연결음.mp3}
    announcements:
      greeting: {ko: {file: \"소리/인사 말.wav\"}, en: {file: \"소리/인사 말.wav\"}, ja: built-in}
";

fn put_sound(place: &Place, from: &str, to: &str) {
    let path = place.path(to);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::copy(Path::new("tests/sounds/files").join(from), path).unwrap();
}

/// S108, S109, S112: files of any name lie beside the document, come with it and come back.
fn sounds_come_with_the_document(place: &Place) {
    fs::write(place.path("office.yaml"), WITH_SOUNDS).unwrap();
    put_sound(place, "안내 음성.wav", "소리/인사 말.wav");
    let ran = place.run(&["apply", "office.yaml"]);
    assert_eq!(ran.status, 2);
    let missing = "office.yaml:5: numbers[0].ringback.file: there is no sound file '소리/연결음.mp3'; put it beside";
    assert!(ran.err.contains(missing), "{}", ran.err);
    fs::write(place.path("소리/연결음.mp3"), "Dear customers").unwrap();
    let ran = place.run(&["apply", "office.yaml", "--dry-run"]);
    let damaged =
        "office.yaml:5: numbers[0].ringback.file: '소리/연결음.mp3': this is no sound file; mp4";
    assert!(ran.status == 2 && ran.err.contains(damaged), "{}", ran.err);
    put_sound(place, "22k.mp3", "소리/연결음.mp3");
    let dry = place.run(&["apply", "office.yaml", "--dry-run"]);
    assert!(dry.out.contains("nothing has changed yet\n"), "{}{}", dry.out, dry.err);
    let ran = place.run(&["apply", "office.yaml"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let list = place.run(&["prompts", "list"]).out;
    assert_eq!(list.lines().count(), 3, "{list}");
    assert!(list.contains("소리/인사 말.wav") && list.contains("yes"), "{list}");

    let exported = place.run(&["export", "--sounds", "out"]).out;
    assert!(exported.contains("ja: built-in") && !exported.contains("sha256"), "{exported}");
    for name in ["소리/인사 말.wav", "소리/연결음.mp3"] {
        let out = fs::read(place.path("out").join(name)).unwrap();
        assert_eq!(out, fs::read(place.path(name)).unwrap(), "{name}");
    }
    fs::remove_dir_all(place.path("소리")).unwrap();
    fs::write(place.path("again.yaml"), &exported).unwrap();
    assert_eq!(place.run(&["apply", "again.yaml"]).out, "nothing changes\n");

    // Another file under the same name is a change, and is heard at once.
    put_sound(place, "44k.m4a", "소리/연결음.mp3");
    let changed = place.run(&["apply", "again.yaml"]).out;
    assert!(
        changed.contains("ringback: '소리/연결음.mp3' is another now")
            && changed.ends_with("1 changed\n"),
        "{changed}"
    );
}

fn sounds_are_kept_by_name(place: &Place) {
    put_sound(place, "narrow.amr", "뻐꾸기.amr");
    let ran = place.run_in("ko_KR.UTF-8", &["prompts", "import", "뻐꾸기.amr"]);
    assert!(ran.out.starts_with("뻐꾸기.amr: "), "{}{}", ran.out, ran.err);
    let refused = place.run(&["prompts", "import", "office.yaml"]);
    assert!(
        refused.status == 2 && refused.err.contains("office.yaml: this is no sound file"),
        "{}",
        refused.err
    );
    let refused = place.run(&["prompts", "remove", "소리/연결음.mp3"]);
    assert!(
        refused.status == 1 && refused.err.contains("is played by a number"),
        "{}",
        refused.err
    );
    assert_eq!(place.run(&["prompts", "remove", "뻐꾸기.amr"]).status, 0);
    assert_eq!(place.run(&["prompts", "remove", "뻐꾸기.amr"]).status, 1);
    let list = place.run(&["prompts", "list", "--json"]).out;
    assert!(!list.contains("뻐꾸기"), "{list}");
}

#[test]
fn sound_files_are_taken_without_a_daemon() {
    let place = Place::new();
    sounds_come_with_the_document(&place);
    sounds_are_kept_by_name(&place);
}

#[test]
fn sound_files_are_taken_by_the_daemon() {
    let place = Place::new();
    let daemon = Daemon::start(&place);
    sounds_come_with_the_document(&place);
    sounds_are_kept_by_name(&place);
    // A file under a name that the office plays is heard from the next call on.
    let told = place.run(&["prompts", "import", "소리/연결음.mp3", "--name", "소리/인사 말.wav"]);
    assert!(told.out.contains("from the next call on"), "{}{}", told.out, told.err);
    let exact = place.run(&["export", "--secrets"]).out;
    let sums = exact
        .matches(&SoundHash::of(&fs::read(place.path("소리/연결음.mp3")).unwrap()).to_string())
        .count();
    assert_eq!(sums, 3, "{exact}");
    daemon.stop();
}

#[test]
fn customers_and_leads_are_listed_without_a_daemon() {
    let place = Place::new();
    let office = format!(
        "{OFFICE}customers:\n  - {{number: \"+81312345678\", name: 田中, language: ja}}\n  - {{number: 010-0000-1111, blocked: true}}\n"
    );
    fs::write(place.path("office.yaml"), office).unwrap();
    assert_eq!(place.run(&["apply", "office.yaml"]).status, 0);
    let (store, threads) = place.store();
    let number = PhoneNumber::parse("+821055501234").unwrap();
    store.lead_met(Lead {
        number,
        name: "=1+1".to_owned(),
        first_met: 1,
        last_met: 1_795_000_000_000,
    });
    threads.close();
    let listed = place.run(&["customers"]);
    assert!(listed.out.contains("田中") && listed.out.contains("+821055501234"), "{}", listed.out);
    assert!(!listed.out.contains("+821000001111"), "L194: {}", listed.out);
    assert!(place.run(&["customers", "--kind", "blocked"]).out.contains("+821000001111"));
    let csv = place.run(&["customers", "--csv"]).out;
    assert!(csv.starts_with('\u{feff}') && csv.contains("\"'=1+1\""), "{csv}");
    let json = place.run(&["customers", "--kind", "leads", "--json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["number"], "+821055501234");
    assert_eq!(place.run(&["customers", "--kind", "x"]).status, 2);
    let refused = place.run_in("ko_KR.UTF-8", &["customers", "block", "010-5550-1234"]);
    assert_eq!(refused.status, 1);
    assert!(refused.err.contains("naru serve"), "{}", refused.err);
    let exported = place.run(&["export"]).out;
    assert!(exported.contains("name: \"田中\""), "{exported}");
    fs::write(place.path("again.yaml"), exported).unwrap();
    assert!(place.run(&["apply", "again.yaml"]).out.contains("nothing changes"));
}

#[test]
fn the_doctor_names_what_is_wrong_and_the_fix() {
    let place = Place::new();
    let ran = place.run(&["doctor"]);
    assert_eq!(ran.status, 1, "no daemon is bad: {}", ran.out);
    assert!(ran.out.contains("no naru answers at"), "{}", ran.out);
    assert!(ran.out.contains("  → systemctl start naru\n"), "{}", ran.out);
    let korean = place.run_in("ko_KR.UTF-8", &["doctor"]);
    assert!(korean.out.contains("답하는 naru가 없습니다"), "{}", korean.out);
}

/// S107: a text is spoken when it is applied, once, and refused where nobody can speak it.
#[test]
fn texts_are_spoken_when_they_are_applied() {
    let place = Place::new();
    let office = |greeting: &str| {
        let text = WITH_SOUNDS.replace("{file: 소리/연결음.mp3}", "looping");
        let line = text.lines().find(|line| line.contains("greeting")).unwrap().to_owned();
        let text = text.replace(&line, &format!("      greeting: {greeting}"));
        fs::write(place.path("office.yaml"), text).unwrap();
    };
    let engine = |speech: &str| {
        let config = fs::read_to_string(place.path("config.yaml")).unwrap();
        let config = config.split("speech:").next().unwrap().to_owned();
        fs::write(place.path("config.yaml"), format!("{config}speech: {speech}\n")).unwrap();
    };
    let refused = |about: &str| {
        let ran = place.run(&["apply", "office.yaml"]);
        assert_eq!(ran.status, 2, "{}{}", ran.out, ran.err);
        let place = "office.yaml:7: numbers[0].announcements.greeting.ko.text: ";
        assert!(ran.err.contains(place) && ran.err.contains(about), "{}", ran.err);
    };
    office("{ko: {text: 안녕하세요}}");
    refused("no voice speaks ko");
    engine("{command: [no-such-program], voices: {ko: minji}}");
    refused("there is no no-such-program");
    let wav = Path::new("tests/sounds/files/8k-16bit.wav").canonicalize().unwrap();
    engine(&format!("{{command: [cat, {}], voices: {{ko: minji}}}}", wav.display()));
    let ran = place.run(&["apply", "office.yaml"]);
    assert!(ran.status == 0 && ran.out.contains("added"), "{}{}", ran.out, ran.err);
    let exported = place.run(&["export"]).out;
    assert!(exported.contains("ko: {text: \"안녕하세요\", voice: \"minji\"}"), "{exported}");

    engine("{command: [cat, /no/such/file], voices: {ko: minji}}");
    assert_eq!(
        place.run(&["apply", "office.yaml"]).out,
        "nothing changes\n",
        "it is spoken already"
    );
    office("{ko: {text: 어서 오세요}}");
    refused("cat failed: ");
    assert_eq!(place.run(&["export"]).out, exported, "nothing has changed");
}

/// L153, L158, S73: the figures are those of the list.
fn stats(place: &Place) {
    let ran = place.run(&["stats", "--from", "2026-11-01", "--to", "2026-11-30", "--json"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let stats: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let listed = place.run(&["calls", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    let outcomes = |outcome: &str| {
        let calls = listed.as_array().unwrap().iter();
        calls.filter(|call| call["outcome"] == outcome).count()
    };
    assert_eq!(stats["calls"]["answered"], outcomes("answered"));
    assert_eq!(stats["calls"]["missed"], outcomes("missed"));
    assert_eq!(stats["answer_rate"], 50.0);
    assert_eq!(stats["calls"]["reasons"]["ringTimeOver"], 1);
    assert_eq!(stats["agents"]["101"]["answered"], 1);

    let korean = place.run_in("ko_KR.UTF-8", &["stats", "--from", "2026-11-01"]);
    assert!(korean.out.contains("부재중: 연결 시간 초과  1"), "{}", korean.out);
    let sheet = place.run(&["stats", "--from", "2026-11-01", "--csv"]);
    assert!(sheet.out.starts_with("\u{feff},inbound,answered,missed"), "{}", sheet.out);
    assert_eq!(place.run(&["stats", "--target", "0"]).status, 2);
}

/// C9, L168, L175: both calls came on a Wednesday at 11:06 by UTC, when the office was open; since
/// then it opens in the afternoon.
fn with_hours(place: &Place) {
    let (store, threads) = place.store();
    for (at, range) in [(1_794_000_000_000, "09:00-12:00"), (1_795_500_000_000, "13:00-15:00")] {
        let text = format!(
            "hours: [{{name: day, timezone: UTC, week: {{wed: [\"{range}\"]}}}}]\npolicies: {{timezone: Asia/Seoul}}\n"
        );
        let office = Arc::new(parse(&text, None).unwrap());
        let by = Signature { who: "admin".to_owned(), at };
        store.save_office(office, by).blocking_recv().unwrap().unwrap();
    }
    threads.close();
}

fn narrowed(place: &Place) {
    for (how, calls) in [
        (&["--hours", "day"][..], 2),
        (&["--hours", "day", "--outside"], 0),
        (&["--hours", "day", "--as-today"], 0),
        (&["--hours", "day", "--as-today", "--outside"], 2),
    ] {
        let run = |command: &[&str]| {
            let ran = place.run(&[command, &["--json"], how].concat());
            assert_eq!(ran.status, 0, "{}", ran.err);
            serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()
        };
        let listed = run(&["calls"]).as_array().unwrap().len();
        let counted = run(&["stats", "--from", "2026-11-01"]);
        assert_eq!((listed, &counted["calls"]["inbound"]), (calls, &calls.into()), "{how:?}");
        let of_agents = run(&["stats", "--agents", "--from", "2026-11-01"]);
        assert_eq!(of_agents["agents"]["101"].is_object(), calls > 0, "{of_agents}");
    }
    let of_day = ["stats", "--from", "2026-11-01", "--hours", "day", "--as-today", "--outside"];
    let korean = place.run_in("ko_KR.UTF-8", &of_day).out;
    assert!(korean.contains("day 밖 (지금 정의로)"), "{korean}");
    for wrong in [&["--hours", "night"][..], &["--outside"], &["--time", "noon"]] {
        for command in [&["calls"][..], &["stats"], &["stats", "--agents"]] {
            let ran = place.run(&[command, wrong].concat());
            assert_eq!(ran.status, 2, "{wrong:?} {}{}", ran.out, ran.err);
        }
    }
}

/// L162, L183: when they called, as a table and as sheets. It was a Wednesday evening in Seoul.
fn by_time(place: &Place) {
    let of_day = |more: &[&str]| {
        let ran = place.run(&[&["stats", "--to", "2026-11-18T21:00"], more].concat());
        assert_eq!(ran.status, 0, "{}", ran.err);
        ran.out
    };
    let stats: serde_json::Value = serde_json::from_str(&of_day(&["--json"])).unwrap();
    let week = serde_json::json!([{
        "weekday": "wed", "hour": 20, "inbound": 2, "answered": 1, "missed": 1, "outbound": 0,
    }]);
    assert_eq!(stats["week"], week);
    let inflow = stats["inflow"].as_array().unwrap();
    let five_past_eight = 1_794_999_900_000_i64;
    let step = serde_json::json!({"from": five_past_eight, "inbound": 2, "missed": 1});
    assert_eq!((inflow.len(), &inflow[13]), (24, &step));
    let others = inflow.iter().filter(|step| step["inbound"] == 0).count();
    assert_eq!(others, 23);
    let table = of_day(&["--by-weekday"]);
    let cells: Vec<Vec<&str>> =
        table.lines().map(|line| line.split_whitespace().collect()).collect();
    let expected = [
        vec!["inbound", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        vec!["20:00", "0", "0", "2", "0", "0", "0", "0"],
    ];
    assert_eq!(cells, expected, "{table}");
    let sheet = of_day(&["--by-weekday", "--csv"]);
    let expected = "\u{feff}weekday,hour,inbound,answered,missed,outbound\r\nWed,20,2,1,1,0\r\n";
    assert_eq!(sheet, expected);
    let sheet = of_day(&["--csv"]);
    assert!(sheet.contains("\r\n2026-11-18T20:05:00+09:00,2,1\r\n"), "{sheet}");
    let korean =
        place.run_in("ko_KR.UTF-8", &["stats", "--to", "2026-11-18T21:00", "--by-weekday"]);
    assert!(korean.out.contains("수"), "{}", korean.out);
    assert_eq!(place.run(&["stats", "--by-weekday", "--agents"]).status, 2);
}

/// L156: whatever the clock of another place shows, a day begins at midnight here.
fn midnight_here(place: &Place) {
    for (to, inbound) in [
        ("2026-11-18T20:06", 0),
        ("2026-11-18T23:59:59", 2),
        ("2026-11-19T00:00", 0),
        ("2026-11-19T08:00", 0),
    ] {
        let ran = place.run(&["stats", "--to", to, "--json"]);
        let stats: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(stats["calls"]["inbound"], inbound, "{to}");
    }
}

/// Times are shown and read on the office's clock, whatever this machine's shows.
#[test]
fn times_are_the_offices_wherever_they_are_read() {
    let place = Place::new();
    place.with_calls();
    with_hours(&place);
    for command in [
        &["calls"][..],
        &["calls", "--csv"],
        &["calls", "--from", "2026-11-18 20:06:40", "--to", "2026-11-18T20:06:41"],
        &["trail", "1"],
        &["stats", "--from", "2026-11-18", "--to", "2026-11-19"],
    ] {
        let here = place.run_at("Asia/Seoul", "C.UTF-8", command);
        let there = place.run_at("America/New_York", "C.UTF-8", command);
        assert_eq!(here.status, 0, "{}", here.err);
        assert!(here.out.contains("2026-11-18"), "{}", here.out);
        assert_eq!(here.out, there.out);
    }
}

/// L156: the clock goes on over midnight, and the figures of today begin again.
#[test]
fn figures_of_today_begin_again_at_midnight() {
    let place = Place::new();
    let (store, threads) = place.store();
    let midnight = naru::history::figures::span::midnight(1_795_000_000_000, &TimeZone::system());
    for (id, started) in (1..).zip([midnight - 60_000, midnight - 1, midnight]) {
        let (ended, engaged) = (Some(started + 1_000), Some(started));
        let call = calls().remove(0);
        store.call_ended(CallRecord { id: CallId(id), started, ended, engaged, ..call });
    }
    threads.close();
    let (store, threads) = place.store();
    let counted = |now: i64| {
        let filter = naru::api::request::StatsAsked::default().filter(now, &TimeZone::system());
        let figures = wait(store.figures(filter)).unwrap();
        let of_two_hours: u64 = figures.inflow.iter().map(|step| step.inbound).sum();
        (figures.calls.inbound, of_two_hours)
    };
    assert_eq!(counted(midnight - 1), (1, 1));
    assert_eq!(counted(midnight), (0, 2), "the last two hours go on");
    assert_eq!(counted(midnight + 1), (1, 3));
    assert_eq!(counted(midnight + 3 * 3_600_000), (1, 0));
    threads.close();
}

#[test]
fn figures_are_told_without_a_daemon() {
    let place = Place::new();
    place.with_calls();
    with_hours(&place);
    stats(&place);
    by_time(&place);
    midnight_here(&place);
    narrowed(&place);
}

/// L156: days are the office's, also on a machine whose clock shows another time.
#[test]
fn figures_are_of_the_offices_days_wherever_the_box_stands() {
    let place = Place::new();
    place.with_calls();
    with_hours(&place);
    for zone in ["America/New_York", "UTC", "Pacific/Kiritimati", "Asia/Seoul"] {
        let of_day = ["stats", "--from", "2026-11-18", "--to", "2026-11-18T21:00"];
        let json = place.run_at(zone, "C.UTF-8", &[&of_day[..], &["--json"]].concat());
        let stats: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!(stats["calls"]["inbound"], 2, "{zone}");
        assert_eq!(stats["hours"]["20"]["inbound"], 2, "{zone}: the office's evening");
        assert_eq!(stats["days"]["2026-11-18"]["inbound"], 2, "{zone}");
        assert_eq!(stats["from"], 1_794_927_600_000_i64, "{zone}: midnight in Seoul");
        let told = place.run_at(zone, "C.UTF-8", &of_day).out;
        assert!(told.contains("2026-11-18 00:00:00 – 2026-11-18 21:00:00"), "{zone}: {told}");
    }
}

#[test]
fn figures_are_told_by_the_daemon() {
    let place = Place::new();
    place.with_calls();
    with_hours(&place);
    let daemon = Daemon::start(&place);
    stats(&place);
    narrowed(&place);
    daemon.stop();
}
