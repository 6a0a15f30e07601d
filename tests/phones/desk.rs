//! The desk by its commands: missed conversations closed together, numbers picked, calls tried.

use naru::audio::g711::Law;
use naru::testphone::event::Event;
use naru::testphone::phone::Phone;
use naru::testphone::profile::{Profile, WhenCalled};
use serde_json::Value;
use tokio::runtime::Builder;

use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, of_two};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// Calls that nobody takes: no phone is registered.
fn missed_calls(site: &Site, count: usize) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (trunk, server) = (site.network.trunk(), site.network.server());
        let profile = Profile {
            username: OUTSIDE_CALLER.to_owned(),
            password: String::new(),
            laws: vec![Law::A],
            when_called: WhenCalled::Refuse(486),
        };
        let mut caller = Phone::start_at(profile, trunk, server).await.unwrap();
        for _ in 0..count {
            caller.dial(NUMBER).await.unwrap();
            let is_end = |event: &Event| matches!(event, Event::Ended(_));
            caller.wait_for(SOON, is_end).await.unwrap();
        }
    });
    wait_until(site, "missed", count);
}

/// What is written is read a moment later.
fn wait_until(site: &Site, state: &str, count: usize) {
    wait_for(&format!("{count} are {state}"), SOON, || {
        (states(site, state) == count).then_some(())
    });
}

fn states(site: &Site, state: &str) -> usize {
    let listed = site.naru(&["conversations", "--state", state, "--json"]);
    serde_json::from_str::<Value>(&listed).unwrap().as_array().unwrap().len()
}

fn ids(site: &Site) -> Vec<String> {
    let listed = site.naru(&["conversations", "--missed", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    listed.as_array().unwrap().iter().map(|one| one["id"].to_string()).collect()
}

/// L62, L29: several by their numbers or by a state, and only by those who hold a seat.
#[test]
fn missed_conversations_are_closed_together() {
    let site = Site::open(of_two);
    missed_calls(&site, 5);
    let ids = ids(&site);
    site.naru(&["agents", "101", "--seat", "off"]);
    let refused = site.command(&["conversations", "close", &ids[0], "--agent", "101"]);
    assert_eq!(refused.status.code(), Some(1), "L29");
    let path = format!("/v1/conversations/{}/snooze?agent=101", ids[0]);
    let refused = site.command(&["api", "POST", &path, r#"{"for": "1h"}"#]);
    assert!(!refused.status.success(), "L29");
    assert_eq!(states(&site, "missed"), 5);

    let told = site.naru(&["conversations", "close", &ids[0], &ids[1], "--agent", "102"]);
    assert!(told.contains('2'), "{told}");
    wait_until(&site, "closed", 2);
    assert_eq!(states(&site, "missed"), 3);
    let log = site.naru(&["conversations", "show", &ids[0]]);
    assert!(log.contains("102"), "who has closed it: {log}");
    let unknown = site.command(&["conversations", "close", &ids[2], "999"]);
    assert_eq!(unknown.status.code(), Some(1));
    wait_until(&site, "closed", 3);
    site.naru(&["conversations", "close", "--state", "missed", "--party", "no such customer"]);
    assert_eq!(states(&site, "missed"), 2);
    site.naru(&["conversations", "close", "--state", "missed"]);
    wait_until(&site, "closed", 5);
    assert_eq!(states(&site, "missed"), 0);
    for wrong in [
        r#"{}"#,
        r#"{"state": "closed"}"#,
        r#"{"ids": [1], "state": "missed"}"#,
        r#"{"agent": "x", "ids": [1]}"#,
    ] {
        let refused = site.command(&["api", "POST", "/v1/conversations/close", wrong]);
        assert!(!refused.status.success(), "{wrong}");
    }
}

/// L44: picked with a call or by itself, and only a number of the office.
#[test]
fn an_agent_picks_the_number_that_is_shown() {
    let mut site = Site::open(of_two);
    let shown = |site: &Site| {
        let listed = site.naru(&["agents", "101", "--json"]);
        serde_json::from_str::<Value>(&listed).unwrap()[0]["shown"].clone()
    };
    assert!(shown(&site).is_null());
    let body = r#"{"agent": "101", "to": "01012345678", "number": "070-1234-5678"}"#;
    site.naru(&["api", "POST", "/v1/calls", body]);
    assert_eq!(shown(&site), NUMBER);
    site.stop();
    site.start();
    assert_eq!(shown(&site), NUMBER, "over a restart");
    for wrong in ["+827012345699", "x"] {
        assert!(!site.command(&["agents", "101", "--number", wrong]).status.success());
        let body = format!(r#"{{"agent": "101", "to": "01012345678", "number": "{wrong}"}}"#);
        assert!(!site.command(&["api", "POST", "/v1/calls", &body]).status.success());
    }
    site.naru(&["agents", "101", "--number", "auto"]);
    assert!(shown(&site).is_null());
}

/// A caller who waits cannot be helped when there is none (L119, L122).
#[test]
fn nobody_waits_and_so_nobody_is_moved() {
    let site = Site::open(of_two);
    for wrong in [
        ["calls", "priority", "7", "high"],
        ["calls", "assign", "7", "101"],
        ["calls", "assign", "7", "x"],
    ] {
        assert!(!site.command(&wrong).status.success(), "{wrong:?}");
    }
    assert_eq!(site.command(&["calls", "priority", "7", "urgent"]).status.code(), Some(2));
}

fn in_new_york(network: Network) -> String {
    of_two(network)
        + "    hours: ny\nhours:\n  - {name: ny, timezone: America/New_York, week: {mon: [\"09:00-18:00\"]}}\n"
}

/// A time without a zone is by the clock of the number's hours, wherever it is asked.
#[test]
fn a_rehearsal_is_by_the_clock_of_the_number() {
    let site = Site::open(in_new_york);
    let trail = |at: &str| site.naru(&["simulate", "--number", NUMBER, "--at", at]);
    // 2026-12-21 is a Monday; New York is five hours behind UTC then.
    for open in ["2026-12-21T10:00", "2026-12-21 17:59", "2026-12-21T15:00Z"] {
        assert!(!trail(open).contains("are closed"), "{open}: {}", trail(open));
    }
    for closed in ["2026-12-21T08:59", "2026-12-21", "2026-12-21T10:00Z", "2026-12-22T10:00"] {
        assert!(trail(closed).contains("are closed"), "{closed}: {}", trail(closed));
    }
    let both = format!(r#"{{"number": "{NUMBER}", "at": 1, "at_local": "2026-12-21T10:00"}}"#);
    assert!(!site.command(&["api", "POST", "/v1/simulate", &both]).status.success());
}
