//! A caller leaves word with a real phone, and an agent listens to it with another.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, with_agents};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};
use crate::wav::Recording;

fn scripted(network: Network) -> String {
    with_agents(network, &["101", "102"], "    route: {workflow: main}\n    ring_time: 10s\n")
        + r#"workflows:
  - name: main
    trigger: customer_called
    steps:
      - {name: language, menu: {say: greeting, keys: {"1": team}}}
      - {name: team, assign: {team: support}, next: word}
      - {name: word, voicemail: {limit: 30s, silence: 20s}}
policies:
  recording: {format: wav}
"#
}

/// baresip sends its sound from this machine's own address.
fn carrier() -> SocketAddr {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

fn listed(site: &Site, path: &str) -> Vec<Value> {
    let listed: Value = serde_json::from_str(&site.naru(&["api", "GET", path])).unwrap();
    listed.as_array().unwrap().clone()
}

fn stage(site: &Site) -> Value {
    let live: Value = serde_json::from_str(&site.naru(&["api", "GET", "/v1/live"])).unwrap();
    live["calls"][0]["stage"].clone()
}

/// Where the one message lies.
fn message(site: &Site) -> PathBuf {
    site.path("data").join("recordings").join("message-1-1.wav")
}

/// A customer who has come to the voicemail by keys, and spoken for five seconds after the tone.
fn speaks(site: &Site, carrier: SocketAddr) -> Baresip {
    speaks_after(site, carrier, "1")
}

/// `keys` lead to the voicemail, if any are needed.
fn speaks_after(site: &Site, carrier: SocketAddr, keys: &str) -> Baresip {
    let plan = Plan::of(OUTSIDE_CALLER, site.network.server());
    let mut customer = Baresip::start(&Plan { address: Some(carrier), tone: 600, ..plan });
    customer.dial(NUMBER);
    customer.wait_for("CALL_ESTABLISHED");
    customer.presses(keys);
    wait_for("the voicemail", SOON, || (stage(site) == "voicemail").then_some(()));
    // Over the words to the tone; during the tone keys do nothing.
    customer.presses("00");
    customer.wait_to_hear(1_000.0, 0.3);
    wait_for("five seconds of the message", SOON, || {
        let octets = std::fs::metadata(message(site)).map_or(0, |about| about.len());
        (octets > 5 * 32_000).then_some(())
    });
    customer
}

/// L98 without a workflow: nobody is there, so the number answers by itself.
#[test]
fn a_number_with_a_voicemail_takes_a_message_when_nobody_is_there() {
    let carrier = carrier();
    let site = Site::open(|network| {
        let number = "    route: {team: support}\n    voicemail: true\n    announcements: {all_busy: {ko: built-in}}\n";
        let office = with_agents(network, &["101", "102"], number)
            + "policies: {recording: {format: wav}}\n";
        office.replace(&network.trunk().to_string(), &carrier.to_string())
    });
    let told = site.naru(&["simulate", "--number", NUMBER, "--caller", OUTSIDE_CALLER]);
    assert!(told.contains("leave a message"), "{told}");
    let mut customer = speaks_after(&site, carrier, "");
    customer.presses("#");
    customer.wait_for("CALL_CLOSED");
    let record = site.finished_call();
    assert_eq!(record["missed_reason"], Value::from("noOperator"), "{record}");
    assert_eq!(record["voicemail"], Value::from(true));
    assert_eq!(listed(&site, "/v1/voicemail?agent=102&new=true").len(), 1);
    let exported = site.naru(&["export"]);
    assert!(exported.contains("voicemail: true"), "{exported}");
}

/// L98: keys by RFC 4733, a tone for a voice, `#` at the end; then `*97`.
#[test]
fn a_caller_leaves_word_and_an_agent_of_the_team_hears_it() {
    let carrier = carrier();
    let site = Site::open(|network| {
        scripted(network).replace(&network.trunk().to_string(), &carrier.to_string())
    });
    let server = site.network.server();
    let mut customer = speaks(&site, carrier);
    let file = message(&site);
    customer.presses("#");
    customer.wait_for("CALL_CLOSED");

    let record = site.finished_call();
    assert_eq!(record["missed_reason"], Value::from("wfVoiceMail"), "{record}");
    assert_eq!(record["voicemail"], Value::from(true));
    let conversations = site.naru(&["conversations", "--missed", "--json"]);
    let conversations: Value = serde_json::from_str(&conversations).unwrap();
    assert_eq!(conversations[0]["team"], Value::from("support"));
    let message = &listed(&site, "/v1/voicemail?agent=102&new=true")[0];
    assert_eq!(message["name"], Value::from("message-1-1.wav"));
    assert!((4..9).contains(&message["seconds"].as_u64().unwrap()), "{message}");
    let fetched = site.path("message.wav");
    site.naru(&["voicemail", "fetch", "message-1-1.wav", fetched.to_str().unwrap()]);
    assert!(Recording::read(&fetched).seconds_of(600.0) > 4.0);

    let plan = Plan::of("102", server);
    let mut agent = Baresip::start(&Plan { registers: true, ..plan });
    agent.dial("*97");
    agent.wait_for("CALL_ESTABLISHED");
    // Over the count, and over when and from where it came.
    agent.presses("00");
    agent.wait_to_hear(600.0, 3.0);
    agent.presses("#");
    agent.wait_for("CALL_CLOSED");
    assert!(listed(&site, "/v1/voicemail?agent=102&new=true").is_empty(), "it was heard");
    assert_eq!(listed(&site, "/v1/voicemail")[0]["heard_by"], Value::from("102"));
    let shown = site.naru(&["voicemail"]);
    assert!(shown.contains("message-1-1.wav") && shown.contains("102"), "{shown}");
    site.naru(&["voicemail", "delete", "message-1-1.wav"]);
    wait_for("the file is gone", SOON, || (!file.exists()).then_some(()));
}

/// L98, R2: what was spoken before the power was cut is a message of its true length.
#[test]
fn a_message_that_a_power_cut_ends_is_listed_with_its_length_and_the_customer_is_missed() {
    let carrier = carrier();
    let mut site = Site::open(|network| {
        scripted(network).replace(&network.trunk().to_string(), &carrier.to_string())
    });
    let _customer = speaks(&site, carrier);
    site.cut_off();
    site.start();
    let message = &listed(&site, "/v1/voicemail?agent=102&new=true")[0];
    assert!((3..9).contains(&message["seconds"].as_u64().unwrap()), "{message}");
    let missed = site.naru(&["conversations", "--missed", "--json"]);
    let missed: Value = serde_json::from_str(&missed).unwrap();
    assert_eq!(missed.as_array().unwrap().len(), 1, "{missed}");
}

/// It has not asked again: its lamp follows the box as before.
#[test]
fn the_lamp_of_a_phone_follows_the_box_after_a_power_cut() {
    let carrier = carrier();
    let mut site = Site::open(|network| {
        scripted(network).replace(&network.trunk().to_string(), &carrier.to_string())
    });
    let plan = Plan::of("102", site.network.server());
    let mut agent = Baresip::start(&Plan { registers: true, has_lamp: true, ..plan });
    let mut customer = speaks(&site, carrier);
    customer.presses("#");
    agent.wait_for_lamp("Voice-Message: 1/0");
    site.cut_off();
    site.start();
    site.naru(&["voicemail", "delete", "message-1-1.wav"]);
    let dark = agent.wait_for_lamp("Voice-Message: 0/0");
    assert!(dark.contains("Messages-Waiting: no"), "{dark}");
}

/// RFC 3842: a phone that subscribes shows what waits, from the first message to the last.
#[test]
fn the_lamp_of_a_phone_follows_the_box() {
    let carrier = carrier();
    let site = Site::open(|network| {
        scripted(network).replace(&network.trunk().to_string(), &carrier.to_string())
    });
    let plan = Plan::of("102", site.network.server());
    let mut agent = Baresip::start(&Plan { registers: true, has_lamp: true, ..plan });
    let mut customer = speaks(&site, carrier);
    customer.presses("#");
    let lit = agent.wait_for_lamp("Voice-Message: 1/0");
    assert!(lit.contains("Messages-Waiting: yes") && lit.contains("sip:*97@"), "{lit}");
    agent.dial("*97");
    agent.wait_for("CALL_ESTABLISHED");
    agent.presses("00");
    agent.wait_to_hear(600.0, 3.0);
    let heard = agent.wait_for_lamp("Voice-Message: 0/1");
    assert!(heard.contains("Messages-Waiting: no"), "{heard}");
    site.naru(&["voicemail", "delete", "message-1-1.wav"]);
    agent.wait_for_lamp("Voice-Message: 0/0");
}
