//! What a restart and a power cut leave, and how the daemon says it is.

use serde_json::Value;

use crate::office::of_two;
use crate::sipp::{RunningSipp, Sipp, user};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

fn register(site: &Site, host: u8, username: &str) {
    let phone = Sipp::new("register", site.network.host(host), site.network.server());
    phone.user(user(username, "")).fill("expires", 300).run();
}

fn listen(site: &Site, host: u8) -> RunningSipp {
    Sipp::new("answer", site.network.host(host), site.network.server()).fill("ring", 100).listen()
}

fn call(site: &Site, hold: u32) -> RunningSipp {
    let caller = Sipp::new("call", site.network.host(11), site.network.server());
    caller.user(user("101", "102")).fill("hold", hold).start()
}

#[test]
fn a_restart_keeps_registrations() {
    let mut site = Site::open(of_two);
    register(&site, 10, "102");
    site.stop();
    site.start();
    let callee = listen(&site, 10);
    call(&site, 200).finish();
    callee.finish();
}

#[test]
fn a_power_cut_keeps_registrations_and_finished_records() {
    let mut site = Site::open(of_two);
    register(&site, 10, "102");
    let callee = listen(&site, 10);
    call(&site, 200).finish();
    callee.finish();
    let before = site.finished_call();
    site.cut_off();
    site.start();
    assert_eq!(site.calls(), [before]);
    let callee = listen(&site, 10);
    call(&site, 200).finish();
    callee.finish();
}

/// The caller's BYE is answered, and the power goes: the record was on disk before.
#[test]
fn a_record_is_on_disk_when_the_call_has_ended() {
    let mut site = Site::open(of_two);
    register(&site, 10, "102");
    let callee = listen(&site, 10);
    call(&site, 200).finish();
    callee.finish();
    site.cut_off();
    site.start();
    assert_eq!(site.finished_call()["outcome"], Value::from("answered"));
}

#[test]
fn a_call_cut_by_a_crash_is_closed_as_interrupted() {
    let mut site = Site::open(of_two);
    register(&site, 10, "102");
    let callee = listen(&site, 10);
    let caller = call(&site, 20_000);
    wait_for("the call is answered", SOON, || {
        let live = site.naru(&["api", "GET", "/v1/live"]);
        live.contains("\"talking\"").then_some(())
    });
    site.cut_off();
    drop((caller, callee));
    site.start();
    let record = site.finished_call();
    assert_eq!(record["outcome"], Value::from("interrupted"));
    assert!(!record["ended"].is_null());
}

#[test]
fn the_doctor_asks_the_doors_and_names_phones_that_are_not_there() {
    let mut site = Site::open(of_two);
    register(&site, 10, "102");
    let findings: Value = serde_json::from_str(&site.naru(&["doctor", "--json"])).unwrap();
    let said = |state: &str, part: &str| {
        let all = findings.as_array().unwrap().iter();
        all.filter(|finding| finding["state"] == state)
            .any(|finding| finding["what"]["en"].as_str().unwrap().contains(part))
    };
    assert!(said("good", "answers (SIP/2.0 200 OK)"), "{findings}");
    assert!(said("good", "records are being kept"), "{findings}");
    assert!(said("doubtful", "no phone is registered for: 101"), "{findings}");
    site.stop();
    let down = site.command(&["doctor"]);
    assert_eq!(down.status.code(), Some(1), "a daemon that is down is bad");
}
