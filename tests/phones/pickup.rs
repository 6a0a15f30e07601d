//! Calls that ring at a colleague's phone, taken by a code.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, with_agents};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// The number rings 102 alone; all three are of one team.
fn office(network: Network) -> String {
    let number = "    route: {agent: \"102\"}\n    announcements: {all_busy: {}}\n";
    with_agents(network, &["101", "102", "103"], number)
}

fn phone(site: &Site, username: &str, tone: u32) -> Baresip {
    let plan = Plan::of(username, site.network.server());
    Baresip::start(&Plan { tone, registers: true, ..plan })
}

/// The only call that is over, and how it is told.
fn over(site: &Site) -> (Value, String) {
    let call = wait_for("the call's record", SOON, || {
        let calls = site.calls();
        calls.into_iter().find(|call| !call["ended"].is_null())
    });
    let told = site.naru(&["trail", &call["id"].to_string()]);
    (call, told)
}

#[test]
fn a_colleagues_call_is_picked_up_by_extension_and_heard_both_ways() {
    let site = Site::open(office);
    let (mut caller, mut rung) = (phone(&site, "103", 500), phone(&site, "102", 700));
    let mut picker = phone(&site, "101", 900);
    caller.dial("102");
    rung.wait_for("CALL_INCOMING");
    picker.dial("**102");
    picker.wait_for("CALL_ESTABLISHED");
    caller.wait_for("CALL_ESTABLISHED");
    rung.wait_for("CALL_CLOSED");
    caller.wait_to_hear(900.0, 1.0);
    picker.wait_to_hear(500.0, 1.0);
    picker.hang_up();
    caller.wait_for("CALL_CLOSED");
    let (call, told) = over(&site);
    assert_eq!(site.calls().len(), 1, "one call, one record");
    assert_eq!((&call["outcome"], &call["agent"]), (&"answered".into(), &"101".into()));
    assert!(told.contains("picks the call up at '101' while it rings at Agent 102"), "{told}");

    // Nothing rings any more: the phone is told so.
    picker.dial("**102");
    picker.wait_for("CALL_CLOSED");
}

#[test]
fn a_customer_who_rings_in_the_team_is_picked_up_without_knowing_where() {
    // baresip sends its sound from this machine's own address.
    let carrier = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let trunk = |network: Network| network.trunk().to_string();
    let site = Site::open(|network| office(network).replace(&trunk(network), &carrier.to_string()));
    let mut rung = phone(&site, "102", 700);
    let mut picker = phone(&site, "103", 900);
    let mut customer = customer(&site, carrier);
    customer.dial(NUMBER);
    rung.wait_for("CALL_INCOMING");
    picker.dial("*8");
    picker.wait_for("CALL_ESTABLISHED");
    rung.wait_for("CALL_CLOSED");
    customer.wait_to_hear(900.0, 1.0);
    picker.wait_to_hear(600.0, 1.0);
    customer.hang_up();
    picker.wait_for("CALL_CLOSED");
    let (call, told) = over(&site);
    assert_eq!(site.calls().len(), 1, "one call, one record");
    assert_eq!((&call["from"], &call["agent"]), (&OUTSIDE_CALLER.into(), &"103".into()));
    assert!(told.contains("Agent 103 (103) picks the call up"), "{told}");
}

fn customer(site: &Site, carrier: SocketAddr) -> Baresip {
    let plan = Plan::of(OUTSIDE_CALLER, site.network.server());
    Baresip::start(&Plan { address: Some(carrier), tone: 600, ..plan })
}
