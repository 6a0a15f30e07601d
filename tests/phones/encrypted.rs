//! Phones that encrypt their sound: baresip's own SRTP, which shares no code with ours.

use std::fs;

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::{of_two, password};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};
use crate::wav::Recording;

/// 101 and 102 with what is wanted of each one's encryption.
fn office(network: Network, wanted: [&str; 2]) -> String {
    let mut text = of_two(network) + "policies:\n  recording: {format: wav}\n";
    for (extension, srtp) in ["101", "102"].into_iter().zip(wanted) {
        let password = format!("password: {}", password(extension));
        text = text.replace(&password, &format!("{password}, srtp: {srtp}"));
    }
    text
}

fn phone(site: &Site, username: &str, tone: u32, encryption: Option<&str>) -> Baresip {
    let server = site.network.server();
    Baresip::start(&Plan {
        tone,
        answers: true,
        registers: true,
        encryption,
        ..Plan::of(username, server)
    })
}

/// How often the call's trail says that sound is encrypted.
fn encrypted(site: &Site) -> usize {
    let id = site.finished_call()["id"].to_string();
    let call = site.naru(&["api", "GET", &format!("/v1/calls/{id}")]);
    let call: Value = serde_json::from_str(&call).unwrap();
    let trail = call["trail"].as_array().unwrap();
    trail.iter().filter(|entry| entry["decision"]["kind"] == "encrypted").count()
}

#[test]
fn a_phone_that_encrypts_and_one_that_does_not_hear_each_other() {
    let site = Site::open(|network| office(network, ["required", "off"]));
    let mut caller = phone(&site, "101", 440, Some("srtp-mand"));
    let callee = phone(&site, "102", 700, None);
    caller.dial("102");
    caller.wait_for("CALL_ESTABLISHED");
    callee.wait_to_hear(440.0, 1.0);
    caller.wait_to_hear(700.0, 1.0);
    caller.hang_up();
    assert_eq!(encrypted(&site), 1);
}

#[test]
fn two_phones_that_encrypt_hear_each_other_and_are_recorded() {
    let site = Site::open(|network| office(network, ["optional", "required"]));
    let mut caller = phone(&site, "101", 440, Some("srtp"));
    let callee = phone(&site, "102", 700, Some("srtp-mand"));
    caller.dial("102");
    caller.wait_for("CALL_ESTABLISHED");
    callee.wait_to_hear(440.0, 0.5);
    let live: Value = serde_json::from_str(&site.naru(&["api", "GET", "/v1/live"])).unwrap();
    let id = live["calls"][0]["id"].to_string();
    let ask = format!("/v1/calls/{id}/recording");
    site.naru(&["api", "POST", &ask, r#"{"wish": "begin"}"#]);
    let file = site.path("data").join("recordings").join(format!("call-{id}-1.wav"));
    wait_for("three seconds of the recording", SOON, || {
        fs::metadata(&file).is_ok_and(|about| about.len() > 3 * 64_000).then_some(())
    });
    caller.wait_to_hear(700.0, 1.0);
    caller.hang_up();
    assert_eq!(encrypted(&site), 2);
    let [customer, office] = Recording::sides(&fs::read(&file).unwrap());
    assert!(customer.seconds_of(700.0) > 1.5 && office.seconds_of(440.0) > 1.5);
}

/// A called phone that must encrypt, rung from one that cannot: each leg is settled by itself.
#[test]
fn a_phone_that_must_encrypt_is_called_from_one_that_cannot() {
    let site = Site::open(|network| office(network, ["off", "required"]));
    let mut caller = phone(&site, "101", 440, None);
    let callee = phone(&site, "102", 700, Some("srtp-mand"));
    caller.dial("102");
    caller.wait_for("CALL_ESTABLISHED");
    callee.wait_to_hear(440.0, 1.0);
    caller.wait_to_hear(700.0, 1.0);
    caller.hang_up();
    assert_eq!(encrypted(&site), 1);
}
