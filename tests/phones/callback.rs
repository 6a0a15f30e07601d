//! A customer in the queue hangs up with a key, and is called when their turn comes.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, with_agents};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// One agent, who talks while the customer calls.
fn scripted(network: Network) -> String {
    let office =
        with_agents(network, &["101", "102"], "    route: {workflow: main}\n    ring_time: 10s\n");
    let members = "members: [\"101\", \"102\"]";
    assert!(office.contains(members), "{office}");
    office.replace(members, "members: [\"102\"], assignment: longest_idle")
        + r#"workflows:
  - name: main
    trigger: customer_called
    steps:
      - {name: team, assign: {team: support}, next: connect}
      - {name: connect, connect: {unavailable: end}}
  - name: offer
    trigger: call_queued
    delay: 1s
    steps:
      - {name: ask, menu: {say: [place, queue_callback], keys: {"1": back}, star: wait}}
      - {name: back, callback: {tries: 1}}
"#
}

/// baresip sends its sound from this machine's own address.
fn carrier() -> SocketAddr {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

fn live(site: &Site) -> Value {
    serde_json::from_str(&site.naru(&["api", "GET", "/v1/live"])).unwrap()
}

/// L74, L88: one phone is the customer's, before and after.
#[test]
fn a_customer_hangs_up_in_the_queue_and_is_called_in_turn() {
    let carrier = carrier();
    let site = Site::open(|network| {
        scripted(network).replace(&network.trunk().to_string(), &carrier.to_string())
    });
    let server = site.network.server();
    let phone = |username, tone| {
        let plan = Plan::of(username, server);
        Baresip::start(&Plan { tone, answers: true, registers: true, ..plan })
    };
    let (mut colleague, mut agent) = (phone("101", 500), phone("102", 700));
    colleague.dial("102");
    agent.wait_for("CALL_ESTABLISHED");
    let plan = Plan::of(OUTSIDE_CALLER, server);
    let plan = Plan { address: Some(carrier), tone: 600, answers: true, ..plan };
    let mut customer = Baresip::start(&plan);
    customer.dial(NUMBER);
    customer.wait_for("CALL_ESTABLISHED");
    wait_for("the offer", SOON, || {
        let calls = live(&site)["calls"].clone();
        let calls = calls.as_array().unwrap().iter().any(|call| call["stage"] == "queued");
        calls.then_some(())
    });
    wait_for("the promise", SOON, || {
        customer.presses("1");
        let callbacks = live(&site)["callbacks"].clone();
        (callbacks[0]["position"] == 1 && callbacks[0]["left"] == 1).then_some(())
    });
    customer.wait_for("CALL_CLOSED");
    let listed = site.naru(&["conversations", "--missed"]);
    assert!(listed.contains("in turn"), "{listed}");

    // The agent becomes free: their phone rings first, then the customer's.
    colleague.hang_up();
    agent.wait_for("CALL_CLOSED");
    agent.wait_for("CALL_ESTABLISHED");
    customer.wait_for("CALL_ESTABLISHED");
    customer.wait_to_hear(700.0, 0.5);
    agent.wait_to_hear(600.0, 0.5);
    assert_eq!(live(&site)["callbacks"].as_array().map(Vec::len), Some(0));
    customer.hang_up();
    agent.wait_for("CALL_CLOSED");
    let told = wait_for("the conversation's log", SOON, || {
        let told = site.naru(&["conversations", "show", "1"]);
        told.contains("no call back is needed any more").then_some(told)
    });
    for words in ["to be called in turn", "called back by 102", "answered call"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let calls: Value = serde_json::from_str(&site.naru(&["calls", "--json"])).unwrap();
    let of_one = |call: &&Value| call["conversation"] == 1;
    assert_eq!(calls.as_array().unwrap().iter().filter(of_one).count(), 2);
}
