//! Several phones on one call: who hears whom, and what a hold does (L31–L42).

use std::net::SocketAddr;

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::office::with_agents;
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

const TONES: [(&str, u32); 4] = [("101", 440), ("102", 700), ("103", 1_000), ("104", 1_300)];

fn of_four(network: Network) -> String {
    with_agents(network, &["101", "102", "103", "104"], "    route: {team: support}\n")
        + "policies:\n  conference: {tones: false}\n"
}

fn phone(site: &Site, at: usize) -> Baresip {
    let (username, tone) = TONES[at];
    let server: SocketAddr = site.network.server();
    let plan = Plan::of(username, server);
    Baresip::start(&Plan { tone, answers: true, registers: true, ..plan })
}

fn live(site: &Site) -> Value {
    let printed = site.naru(&["api", "GET", "/v1/live"]);
    let live: Value = serde_json::from_str(&printed).unwrap();
    live["calls"][0].clone()
}

/// Waits until so many talk; returns the call's number.
fn talk(site: &Site, count: usize) -> String {
    wait_for(&format!("{count} talk"), SOON, || {
        let call = live(site);
        let talks = call["participants"].as_array()?.iter().filter(|one| one["talks"] == true);
        (talks.count() == count).then(|| call["id"].to_string())
    })
}

/// How much of a tone somebody has heard in the last second of their recording.
fn lately(phone: &Baresip, hertz: u32) -> f64 {
    phone.recording().map_or(0.0, |heard| heard.last(1.0).seconds_of(f64::from(hertz)))
}

/// Of tones mixed with others there is a share; alone it is all.
fn hears(phone: &Baresip, tones: &[u32]) {
    wait_for(&format!("{tones:?} together"), SOON, || {
        let heard = phone.recording()?.last(0.5);
        let all = tones.iter().all(|hertz| heard.share_of(f64::from(*hertz)) > 0.2);
        all.then_some(())
    });
}

/// Extension calls extension, a third is invited, leaves, and the two go on.
#[test]
fn three_phones_hear_each_other_and_two_go_on() {
    let site = Site::open(of_four);
    let (mut one, two, mut three) = (phone(&site, 0), phone(&site, 1), phone(&site, 2));
    one.dial("102");
    let call = talk(&site, 2);
    two.wait_to_hear(440.0, 0.5);
    let said = site.naru(&["calls", "invite", &call, "103"]);
    assert!(said.contains("103"), "{said}");
    three.wait_for("CALL_ESTABLISHED");
    talk(&site, 3);
    hears(&one, &[700, 1_000]);
    hears(&two, &[440, 1_000]);
    hears(&three, &[440, 700]);
    for (phone, own) in [(&one, 440.0), (&two, 700.0), (&three, 1_000.0)] {
        assert!(
            phone.recording().unwrap().last(0.5).share_of(own) < 0.01,
            "nobody hears themselves"
        );
    }
    let again = site.command(&["calls", "invite", &call, "103"]);
    assert!(!again.status.success(), "they are here already");
    three.hang_up();
    talk(&site, 2);
    wait_for("only 102 is heard", SOON, || (lately(&one, 700) > 0.9).then_some(()));
    one.hang_up();
    let record = site.finished_call();
    assert_eq!(record["outcome"], Value::from("answered"));
    let answered = record["legs"].as_array().unwrap();
    assert_eq!(answered.iter().filter(|leg| !leg["answered"].is_null()).count(), 3, "{record}");
    let trail = site.naru(&["trail", &record["id"].to_string()]);
    assert!(trail.contains("3 talk now"), "{trail}");
}

/// The keys `*3103#` on the desk phone of the one who called.
#[test]
fn a_desk_phone_invites_by_its_keys_and_all_are_ended() {
    let site = Site::open(of_four);
    let (mut one, two, mut three) = (phone(&site, 0), phone(&site, 1), phone(&site, 2));
    one.dial("102");
    let call = talk(&site, 2);
    two.wait_to_hear(440.0, 0.5);
    one.presses("*3103#");
    three.wait_for("CALL_ESTABLISHED");
    talk(&site, 3);
    hears(&two, &[440, 1_000]);
    site.naru(&["calls", "mute", &call, "103"]);
    wait_for("103 is not heard", SOON, || (lately(&two, 440) > 0.9).then_some(()));
    site.naru(&["calls", "end", &call]);
    three.wait_for("CALL_CLOSED");
    one.wait_for("CALL_CLOSED");
    assert_eq!(site.finished_call()["outcome"], Value::from("answered"));
}

/// L39: the other side hears music, and the one who holds again afterwards.
#[test]
fn a_phone_that_holds_leaves_the_other_with_music() {
    let site = Site::open(of_four);
    let (mut one, two) = (phone(&site, 0), phone(&site, 1));
    one.dial("102");
    talk(&site, 2);
    two.wait_to_hear(440.0, 0.5);
    one.hold(true);
    wait_for("the hold is seen", SOON, || (live(&site)["held"] == true).then_some(()));
    assert_eq!(live(&site)["held_by"], Value::from("101"));
    wait_for("music and no tone", SOON, || {
        let heard = two.recording()?.last(1.0);
        (heard.loudness() > 100.0 && heard.share_of(440.0) < 0.1).then_some(())
    });
    one.hold(false);
    wait_for("the tone again", SOON, || (lately(&two, 440) > 0.9).then_some(()));
    assert_eq!(live(&site)["held"], Value::from(false));
    one.hang_up();
    assert_eq!(site.finished_call()["outcome"], Value::from("answered"));
}
