//! Trunks over TCP and TLS: another naru is the provider, and sipp, which shares no code with ours.

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::{of_two, password};
use crate::sipp::{Sipp, user};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// Ours, with an account at that server instead of an address.
fn office(network: Network, server: &str, transport: &str) -> String {
    let account = format!(
        "register: {{server: \"{server}\", username: \"101\", password: {}}}\n    transport: {transport}",
        password("101")
    );
    of_two(network).replacen(&format!("peer: {}", network.trunk()), &account, 1)
}

fn is_registered(site: &Site) -> bool {
    let told = site.naru(&["api", "GET", "/v1/trunks"]);
    let trunks: Value = serde_json::from_str(&told).unwrap();
    trunks[0]["link"] == "registered"
}

/// The words of each step of the trunk's test, and whether it went well.
fn tested(site: &Site) -> (bool, String) {
    let told = site.command(&["trunks", "test", "carrier", "--json"]);
    let report: Value = serde_json::from_slice(&told.stdout).unwrap();
    let steps = report["steps"].as_array().unwrap();
    let words: Vec<&str> = steps.iter().filter_map(|step| step["words"]["en"].as_str()).collect();
    assert_eq!(told.status.success(), report["ok"] == true);
    (report["ok"] == true, words.join("\n"))
}

fn the_providers_binding(provider: &Site) -> Option<Value> {
    provider.registrations().into_iter().find(|binding| binding["device"] == "101")
}

#[test]
fn a_trunk_registers_over_tls_and_again_when_the_provider_comes_back() {
    let mut provider = Site::open(of_two);
    let authority = provider.path("data").join("tls.crt");
    let server = provider.network.secure_server().to_string();
    let config = format!("tls: {{ca: {}}}\n", authority.display());
    let site = Site::open_with(|network| office(network, &server, "tls"), &config);
    wait_for("the trunk is registered", SOON, || is_registered(&site).then_some(()));
    let binding = the_providers_binding(&provider).unwrap();
    assert_eq!(binding["transport"], "tls", "{binding}");
    let (went_well, told) = tested(&site);
    assert!(went_well, "{told}");
    provider.stop();
    provider.start();
    let again = wait_for("the trunk registers anew", SOON.saturating_mul(3), || {
        the_providers_binding(&provider).filter(|again| again["source"] != binding["source"])
    });
    assert_eq!(again["transport"], "tls", "{again}");
}

/// Signalling over TLS, sound as SRTP: a customer at the provider and an agent of the office hear each
/// other, and the trail says that the trunk's side is encrypted.
#[test]
fn sound_goes_both_ways_through_an_encrypted_trunk() {
    let provider = Site::open(|network| {
        let password = format!("password: {}", password("101"));
        of_two(network).replace(&password, &format!("{password}, srtp: required"))
    });
    let authority = provider.path("data").join("tls.crt");
    let server = provider.network.secure_server().to_string();
    let config = format!("tls: {{ca: {}}}\n", authority.display());
    let encrypted = |network| {
        office(network, &server, "tls").replacen(
            "transport: tls",
            "transport: tls\n    srtp: required",
            1,
        )
    };
    let site = Site::open_with(encrypted, &config);
    wait_for("the trunk is registered", SOON, || is_registered(&site).then_some(()));
    let agent = Baresip::start(&Plan {
        tone: 700,
        answers: true,
        registers: true,
        ..Plan::of("101", site.network.server())
    });
    let mut customer = Baresip::start(&Plan {
        tone: 440,
        registers: true,
        ..Plan::of("102", provider.network.server())
    });
    customer.dial("101");
    customer.wait_for("CALL_ESTABLISHED");
    agent.wait_to_hear(440.0, 1.0);
    customer.wait_to_hear(700.0, 1.0);
    customer.hang_up();
    let call = site.finished_call();
    assert_eq!(call["outcome"], "answered");
    let trail = site.naru(&["trail", &call["id"].to_string()]);
    assert!(trail.contains("encrypted"), "{trail}");
}

#[test]
fn a_provider_that_is_somebody_else_is_named_and_told_nothing() {
    let provider = Site::open(of_two);
    let server = provider.network.secure_server().to_string();
    let site = Site::open(|network| office(network, &server, "tls"));
    let (went_well, told) = tested(&site);
    assert!(!went_well && told.contains("its certificate cannot be believed"), "{told}");
    assert!(!is_registered(&site));
    assert!(the_providers_binding(&provider).is_none());
}

#[test]
fn a_trunk_registers_over_tcp_and_a_wrong_port_is_told() {
    let provider = Site::open(of_two);
    let server = provider.network.server().to_string();
    let site = Site::open(|network| office(network, &server, "tcp"));
    wait_for("the trunk is registered", SOON, || is_registered(&site).then_some(()));
    assert_eq!(the_providers_binding(&provider).unwrap()["transport"], "tcp");
    let nobody = provider.network.host(9).to_string();
    let lost = Site::open(|network| office(network, &nobody, "tcp"));
    let (went_well, told) = tested(&lost);
    assert!(!went_well && told.contains("cannot be connected to"), "{told}");
}

#[test]
fn a_call_goes_out_over_tcp_and_comes_to_an_end() {
    let site = Site::open(|network| {
        let peer = format!("peer: {}", network.trunk());
        of_two(network).replacen(&peer, &format!("{peer}\n    transport: tcp"), 1)
    });
    let provider = Sipp::new("trunk_answer", site.network.trunk(), site.network.server());
    let provider = provider.over_tcp().fill_text("dialled", "\\+8221234567");
    let provider = provider.fill_text("shown", "\\+827012345678").fill("ring", 200).listen();
    let caller = Sipp::new("call", site.network.host(11), site.network.server());
    caller.user(user("101", "02-123-4567")).fill("hold", 200).run();
    provider.finish();
    let call = site.finished_call();
    assert_eq!(call["outcome"], "answered");
    let told = site.naru(&["api", "GET", &format!("/v1/calls/{}/sip", call["id"])]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let trunk = site.network.trunk().to_string();
    let steps = told["steps"].as_array().unwrap().iter();
    let carried: Vec<&Value> = steps.filter(|step| step["peer"] == trunk.as_str()).collect();
    assert!(carried.len() >= 5 && carried.iter().all(|step| step["transport"] == "tcp"));
}
