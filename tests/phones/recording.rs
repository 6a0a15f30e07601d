//! Calls that are recorded, and what the recordings hold.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::of_two;
use crate::site::Site;
use crate::waiting::{SOON, wait_for};
use crate::wav::Recording;

fn in_wav(network: Network) -> String {
    of_two(network) + "policies:\n  recording: {format: wav}\n"
}

fn phone(site: &Site, username: &str, tone: u32) -> Baresip {
    let server = site.network.server();
    Baresip::start(&Plan {
        username,
        server,
        transport: "udp",
        tone,
        answers: true,
        registers: true,
        ..Plan::of(username, server)
    })
}

/// A whole answer of the API, whose body may be anything.
fn fetched(site: &Site, path: &str) -> Vec<u8> {
    let mut socket = UnixStream::connect(site.path("api.sock")).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: naru\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    answer.split_off(body)
}

/// P16, L51: asked for at the API, both sides on channels of their own, found by the call.
#[test]
fn a_call_is_recorded_when_the_api_asks_and_fetched_by_its_number() {
    let site = Site::open(in_wav);
    let mut caller = phone(&site, "101", 440);
    let callee = phone(&site, "102", 700);
    caller.dial("102");
    caller.wait_for("CALL_ESTABLISHED");
    callee.wait_to_hear(440.0, 0.5);
    let live: Value = serde_json::from_str(&site.naru(&["api", "GET", "/v1/live"])).unwrap();
    let id = live["calls"][0]["id"].to_string();
    let ask = format!("/v1/calls/{id}/recording");
    site.naru(&["api", "POST", &ask, r#"{"wish": "begin"}"#]);
    let name = format!("call-{id}-1.wav");
    let file = site.path("data").join("recordings").join(&name);
    wait_for("three seconds of the recording", SOON, || {
        fs::metadata(&file).is_ok_and(|about| about.len() > 3 * 64_000).then_some(())
    });
    caller.hang_up();
    site.finished_call();
    let listed = wait_for("the recording in the list", SOON, || {
        let path = format!("/v1/recordings?call={id}");
        let listed: Value = serde_json::from_str(&site.naru(&["api", "GET", &path])).unwrap();
        listed.as_array().filter(|list| !list.is_empty()).cloned()
    });
    assert_eq!(listed[0]["name"], Value::from(name.clone()));
    let sound = fetched(&site, &format!("/v1/recordings/{name}"));
    let [customer, office] = Recording::sides(&sound);
    assert!(customer.seconds_of(700.0) > 2.0 && office.seconds_of(440.0) > 2.0);
    assert!(customer.seconds_of(440.0) < 0.1 && office.seconds_of(700.0) < 0.1);
    site.naru(&["api", "DELETE", &format!("/v1/recordings/{name}")]);
    assert!(!file.exists());
}
