//! `kill -9` in the middle of writing, again and again: what was answered is there.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use naru::history::call_filter::CallFilter;
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Clocks, Direction, Outcome};
use naru::history::office_change::Signature;
use naru::leg::HangupCause;
use naru::office::snapshot::Office;
use naru::store::open::open;
use naru::store::reader::Reader;
use naru::store::run::start;

const FOLDER: &str = "NARU_CRASH_FOLDER";
const ROUNDS: u64 = 20;

fn call(id: u64, is_over: bool) -> CallRecord {
    CallRecord {
        id: CallId(id),
        direction: Direction::Internal,
        from: "101".to_owned(),
        from_name: "x".repeat(200),
        to: "102".to_owned(),
        number: None,
        conversation: None,
        presented: None,
        started: 1_000,
        first_waiting: None,
        first_ring: None,
        engaged: None,
        ended: is_over.then_some(2_000),
        outcome: is_over.then_some(Outcome::Answered),
        missed_reason: None,
        voicemail: false,
        cause: is_over.then_some(HangupCause::Normal),
        agent: None,
        clocks: Clocks::default(),
        legs: Vec::new(),
        trail: Vec::new(),
    }
}

/// Not a test: the process that is killed. Says each call that is safely on disk.
#[test]
#[ignore = "run by the test below in a process of its own"]
fn victim() {
    let folder = PathBuf::from(env::var_os(FOLDER).unwrap());
    let opened = open(&folder).unwrap();
    let first = opened.next_call.0;
    let (store, _threads) = start(opened.database).unwrap();
    let mut out = std::io::stdout();
    for id in first.. {
        store.call_started(call(id, false));
        store.call_ended(call(id, true));
        // One more that stays up.
        store.call_started(call(id + 1_000_000, false));
        store.save_office(Arc::new(Office::default()), by()).blocking_recv().unwrap().unwrap();
        writeln!(out, "\nsafe {id}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn kill_9_loses_no_finished_call_and_closes_those_that_were_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected = 1;
    for round in 0..ROUNDS {
        let mut victim = Command::new(env::current_exe().unwrap())
            .args(["--exact", "victim", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(victim.stdout.take().unwrap());
        let safe: u64 = said
            .lines()
            .filter_map(|line| line.unwrap().strip_prefix("safe ")?.parse().ok())
            .nth(usize::try_from(round % 7).unwrap())
            .unwrap();
        victim.kill().unwrap();
        victim.wait().unwrap();
        let opened = open(folder.path()).unwrap();
        assert!(opened.interrupted > 0);
        drop(opened);
        let reader = Reader::open(folder.path()).unwrap();
        for id in [expected, safe] {
            assert_eq!(reader.call(CallId(id)).unwrap(), Some(call(id, true)), "round {round}");
        }
        let newest = reader.calls(&CallFilter { limit: Some(1000), ..CallFilter::default() });
        for call in newest.unwrap() {
            assert!(call.ended.is_some() && call.outcome.is_some(), "call {}", call.id);
        }
        expected = safe;
    }
}

fn by() -> Signature {
    Signature { who: "admin".to_owned(), at: 1 }
}
