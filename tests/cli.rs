//! The commands as typed, against a store without a daemon and against an API with a store behind.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use naru::api::door::Doors;
use naru::api::handle::ApiHandle;
use naru::api::refusal::{Refusal, RefusalKind};
use naru::api::request::ApiRequest;
use naru::api::server::Server;
use naru::history::call_record::{CallId, CallRecord, Direction, MissedReason, Outcome};
use naru::history::office_change::Signature;
use naru::leg::HangupCause;
use naru::office::extension::Extension;
use naru::office::phone_number::PhoneNumber;
use naru::office::snapshot::Office;
use naru::store::error::StoreError;
use naru::store::handle::{Answer, StoreHandle};
use naru::store::open::open;
use naru::store::run::{StoreThreads, start};
use tokio::sync::{broadcast, mpsc, watch};

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
        let ran = Command::new(env!("CARGO_BIN_EXE_naru"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LC_ALL", locale)
            .env("TZ", "Asia/Seoul")
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
        presented: None,
        started: 1_795_000_000_000,
        first_ring: Some(1_795_000_001_000),
        engaged: Some(1_795_000_005_000),
        ended: Some(1_795_000_070_500),
        outcome: Some(Outcome::Answered),
        missed_reason: None,
        cause: Some(HangupCause::Normal),
        agent: Extension::parse("101").ok(),
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

fn answer(mut requests: mpsc::Receiver<ApiRequest>, store: &StoreHandle, mut office: Arc<Office>) {
    while let Some(request) = requests.blocking_recv() {
        match request {
            ApiRequest::Calls { filter, reply } => {
                reply.send(wait(store.calls(filter))).unwrap();
            }
            ApiRequest::Call { id, reply } => {
                let call = wait(store.call(id));
                reply.send(call.and_then(|call| call.ok_or_else(Refusal::not_found))).unwrap();
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
            ApiRequest::Health { .. }
            | ApiRequest::Live { .. }
            | ApiRequest::Registrations { .. }
            | ApiRequest::Trunks { .. }
            | ApiRequest::SoundRoom { .. }
            | ApiRequest::Speaker { .. }
            | ApiRequest::Originate { .. }
            | ApiRequest::HangUp { .. } => {}
        }
    }
}

fn wait<T>(answer: Answer<T>) -> Result<T, Refusal> {
    let result = answer.blocking_recv().unwrap_or(Err(StoreError::Closed));
    result.map_err(|error| Refusal::new(RefusalKind::Failed, error.message()))
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
         bad.yaml:2: colour: is no setting here; known are data_dir, log, sip, media, speaker, api, tls\n"
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
    assert!(dry.out.ends_with("would change; nothing has changed yet\n"), "{}", dry.out);
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
        "\u{feff}id,started,direction,from,from_name,to,number,presented,first_ring,engaged,ended,outcome,missed_reason,agent,talked_seconds\r\n\
         2,2026-11-18T20:06:40+09:00,inbound,,\"'=evil\\u{1b}[2J\",+827012345678,+827012345678,,2026-11-18T20:06:41+09:00,,2026-11-18T20:07:50+09:00,missed,ringTimeOver,,\r\n\
         1,2026-11-18T20:06:40+09:00,inbound,+81312345678,田中,+827012345678,+827012345678,,2026-11-18T20:06:41+09:00,2026-11-18T20:06:45+09:00,2026-11-18T20:07:50+09:00,answered,,101,65\r\n"
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
fn packages_get_their_man_pages_and_completions() {
    let place = Place::new();
    assert_eq!(place.run(&["generate", "man", "man"]).status, 0);
    assert_eq!(place.run(&["generate", "completions", "shell"]).status, 0);
    assert!(fs::read_to_string(place.path("man/naru-apply.1")).unwrap().contains("dry"));
    for file in ["shell/naru.bash", "shell/_naru", "shell/naru.fish"] {
        assert!(place.path(file).exists(), "{file}");
    }
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
