//! Whose phones ring for a customer, and whose are left alone: the alert for calls that are nobody's
//! (S92, L4), do not disturb with an end (L3) and phones that are not to ring (L6).

use std::time::Duration;

use naru::testphone::event::Event;
use naru::testphone::phone::Phone;
use naru::testphone::profile::WhenCalled;
use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, with_agents};
use crate::people::{PICKS_UP, agent, customer, ends, hangs_up, rings, run, stays_quiet, talks};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// How long a phone is watched that is not to ring.
const A_WHILE: Duration = Duration::from_millis(1_500);

/// A number that nobody's is. 101 has the alert; 102 has it, too, and takes no phone calls; 103 has
/// none.
fn nobodys(network: Network) -> String {
    let number = "    route: off\n    ring_time: 10s\n    announcements: {all_busy: {}}\n";
    with_agents(network, &["101", "102", "103"], number)
        .replace("name: Agent 101,", "name: Agent 101, unassigned_calls: true,")
        .replace("name: Agent 102,", "name: Agent 102, unassigned_calls: true, phone_calls: false,")
}

/// Hangs up before anybody has answered.
async fn gives_up(phone: &mut Phone) {
    phone.hang_up().await.unwrap();
    ends(phone).await;
}

/// S92, L4
#[test]
fn a_call_that_is_nobodys_rings_the_real_phone_of_who_has_the_alert_and_no_other() {
    let site = Site::open(nobodys);
    let mut desk_phone =
        Baresip::start(&Plan { registers: true, ..Plan::of("101", site.network.server()) });
    run(async {
        let mut no_calls = agent(&site, "102", PICKS_UP).await;
        let mut no_alert = agent(&site, "103", PICKS_UP).await;
        let mut caller = customer(&site, 2, OUTSIDE_CALLER).await;
        caller.dial(NUMBER).await.unwrap();
        let ringing = desk_phone.wait_for("CALL_INCOMING");
        assert!(ringing.to_string().contains("5501234"), "it shows who calls: {ringing}");
        stays_quiet(&mut no_calls, A_WHILE).await;
        stays_quiet(&mut no_alert, A_WHILE).await;
        desk_phone.accepts();
        talks(&mut caller).await;
        hangs_up(&mut caller).await;
    });
    let record = site.finished_call();
    assert_eq!((&record["outcome"], &record["agent"]), (&"answered".into(), &"101".into()));
    let trail = site.naru(&["trail", &record["id"].to_string()]);
    assert!(trail.contains("Agent 102 (102)"), "the trail says why 102 did not ring: {trail}");
}

/// L5: with the alert off everywhere, nobody rings and the customer is missed.
#[test]
fn without_the_alert_a_call_that_is_nobodys_is_missed() {
    let site = Site::open(|network| {
        nobodys(network).replace("unassigned_calls: true", "unassigned_calls: false")
    });
    run(async {
        let mut desk_phone = agent(&site, "101", PICKS_UP).await;
        let mut caller = customer(&site, 2, OUTSIDE_CALLER).await;
        caller.dial(NUMBER).await.unwrap();
        ends(&mut caller).await;
        stays_quiet(&mut desk_phone, A_WHILE).await;
    });
    assert_eq!(site.finished_call()["missed_reason"], Value::from("noOperator"));
}

fn of_101(site: &Site) -> Value {
    let printed = site.naru(&["agents", "101", "--json"]);
    let agents: Value = serde_json::from_str(&printed).unwrap();
    agents[0].clone()
}

/// L3: the end outlives the daemon, and then the phone rings again without anybody's doing.
#[test]
fn a_silence_with_an_end_outlives_the_daemon_and_ends_by_itself() {
    let mut site = Site::open(|network| {
        let number =
            "    route: {team: support}\n    ring_time: 10s\n    announcements: {all_busy: {}}\n";
        with_agents(network, &["101"], number)
    });
    site.naru(&["agents", "101", "--do-not-disturb", "8s"]);
    let before = of_101(&site);
    assert!(before["do_not_disturb_until"].is_i64(), "{before}");
    site.stop();
    site.start();
    let after = of_101(&site);
    assert_eq!(after["do_not_disturb_until"], before["do_not_disturb_until"]);
    let refused = site.command(&["agents", "101", "--do-not-disturb", "91d"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("90"), "{refused:?}");
    let is_over = || (of_101(&site)["do_not_disturb"] == false).then_some(());
    wait_for("the silence ends", SOON + SOON, is_over);
    run(async {
        let mut desk_phone = agent(&site, "101", WhenCalled::RingOnly).await;
        let mut caller = customer(&site, 2, OUTSIDE_CALLER).await;
        caller.dial(NUMBER).await.unwrap();
        rings(&mut desk_phone).await;
        gives_up(&mut caller).await;
    });
}

/// L6: a phone that is not to ring is a phone all the same.
#[test]
fn a_phone_that_is_not_to_ring_stays_quiet_and_calls_out() {
    let site = Site::open(|network| {
        let number =
            "    route: {team: support}\n    ring_time: 10s\n    announcements: {all_busy: {}}\n";
        with_agents(network, &["101", "102"], number)
            .replace("password: secret-102}", "password: secret-102, rings: false}")
    });
    let told = site.naru(&["api", "GET", "/v1/office/warnings"]);
    assert!(told.contains("rings_nowhere") && told.contains("102"), "{told}");
    run(async {
        let mut first = agent(&site, "101", WhenCalled::RingOnly).await;
        let mut silent = agent(&site, "102", PICKS_UP).await;
        let mut caller = customer(&site, 2, OUTSIDE_CALLER).await;
        caller.dial(NUMBER).await.unwrap();
        rings(&mut first).await;
        stays_quiet(&mut silent, A_WHILE).await;
        gives_up(&mut caller).await;
        first.wait_for(SOON, |event| matches!(event, Event::Ended(_))).await.unwrap();
        silent.dial("101").await.unwrap();
        rings(&mut first).await;
        gives_up(&mut silent).await;
    });
}
