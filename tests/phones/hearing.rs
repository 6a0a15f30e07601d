//! Calls whose sound is listened to.

use std::net::SocketAddr;

use naru::testphone::demo;
use serde_json::Value;
use tokio::runtime::Builder;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, of_two, with_greeting};
use crate::sipp::Sipp;
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// The demo office, its trunk moved into the test's network.
fn demo_office(network: Network) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/demo-office.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("peer: 127.0.0.2:25060"));
    text.replace("127.0.0.2:25060", &network.trunk().to_string())
}

fn phone(site: &Site, username: &str, tone: u32, transport: &str) -> Baresip {
    let server: SocketAddr = site.network.server();
    let plan = Plan::of(username, server);
    Baresip::start(&Plan { transport, tone, answers: true, registers: true, ..plan })
}

/// Both hear the other's tone and nothing of their own.
fn hear_each_other(caller: &Baresip, callee: &Baresip) {
    caller.wait_to_hear(700.0, 1.0);
    callee.wait_to_hear(440.0, 1.0);
    let (at_caller, at_callee) = (caller.recording().unwrap(), callee.recording().unwrap());
    assert!(at_caller.seconds_of(440.0) < 0.1);
    assert!(at_callee.seconds_of(700.0) < 0.1);
}

#[test]
fn two_phones_hear_each_other_and_the_caller_hangs_up() {
    let site = Site::open(of_two);
    let mut caller = phone(&site, "101", 440, "udp");
    let mut callee = phone(&site, "102", 700, "udp");
    caller.dial("102");
    callee.wait_for("CALL_ESTABLISHED");
    caller.wait_for("CALL_ESTABLISHED");
    hear_each_other(&caller, &callee);
    caller.hang_up();
    callee.wait_for("CALL_CLOSED");
    assert_eq!(site.finished_call()["outcome"], Value::from("answered"));
}

/// P30: loss, jitter, delay and score of each leg are kept with the call.
#[test]
fn how_a_call_sounded_is_kept_with_it() {
    let site = Site::open(of_two);
    let mut caller = phone(&site, "101", 440, "udp");
    let callee = phone(&site, "102", 700, "udp");
    caller.dial("102");
    caller.wait_for("CALL_ESTABLISHED");
    hear_each_other(&caller, &callee);
    // Enough for a score: a second of packets each way.
    caller.wait_to_hear(700.0, 2.0);
    caller.hang_up();
    let id = site.finished_call()["id"].as_u64().unwrap();
    let path = format!("/v1/calls/{id}");
    let qualities = wait_for("how both legs sounded", SOON, || {
        let call: Value = serde_json::from_str(&site.naru(&["api", "GET", &path])).unwrap();
        let legs = call["legs"].as_array().unwrap().clone();
        let known: Vec<Value> = legs.into_iter().map(|mut leg| leg["quality"].take()).collect();
        (known.len() == 2 && known.iter().all(Value::is_object)).then_some(known)
    });
    for quality in &qualities {
        assert!(quality["packets"].as_u64().unwrap() > 50, "{quality}");
        assert_eq!(quality["lost"], 0, "{quality}");
        assert!(quality["mos_hundredths"].as_u64().unwrap() > 350, "{quality}");
    }
    let trail = site.naru(&["trail", &id.to_string()]);
    assert_eq!(trail.matches("MOS ").count(), 2, "{trail}");
}

#[test]
fn two_phones_hear_each_other_over_tcp_and_the_called_one_hangs_up() {
    let site = Site::open(of_two);
    let mut caller = phone(&site, "101", 440, "tcp");
    let mut callee = phone(&site, "102", 700, "tcp");
    caller.dial("102");
    callee.wait_for("CALL_ESTABLISHED");
    hear_each_other(&caller, &callee);
    callee.hang_up();
    caller.wait_for("CALL_CLOSED");
    assert_eq!(site.finished_call()["outcome"], Value::from("answered"));
}

#[test]
fn the_echo_gives_back_what_it_hears() {
    let site = Site::open(of_two);
    let mut caller = phone(&site, "101", 440, "udp");
    caller.dial("*43");
    caller.wait_for("CALL_ESTABLISHED");
    caller.wait_to_hear(440.0, 1.0);
    caller.hang_up();
    assert_eq!(site.finished_call()["to"], Value::from("*43"));
}

#[test]
fn the_demo_call_hears_the_greeting_and_the_agent() {
    let site = Site::open(demo_office);
    let (server, trunk) = (site.network.server(), site.network.trunk());
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    // The second finds the phones as the first did: nobody is left in wrap-up.
    for count in 1..=2 {
        let report = runtime.block_on(demo::run(server, trunk)).unwrap();
        assert!(report.is_good(), "{count}: {report:?}");
        assert_eq!(report.greeting.0, "ko");
        assert_eq!(report.rang, ["101", "102"], "{count}");
        let answered =
            |call: &&Value| call["direction"] == "inbound" && call["outcome"] == "answered";
        wait_for("the call's record", SOON, || {
            (site.calls().iter().filter(answered).count() == count).then_some(())
        });
    }
}

/// Who hangs up while the greeting plays has heard it, and is a missed call with that reason.
#[test]
fn a_caller_who_leaves_in_the_greeting_is_missed() {
    let site = Site::open(with_greeting);
    let caller = Sipp::new("trunk_call", site.network.trunk(), site.network.server());
    caller.user(format!("{OUTSIDE_CALLER};;{NUMBER}")).fill("hold", 500).run();
    let record = site.finished_call();
    assert_eq!(record["outcome"], Value::from("missed"));
    assert!(record["engaged"].is_null(), "{record}");
}
