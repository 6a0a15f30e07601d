//! The messages of a call, as `naru trail --sip` draws them.

use serde_json::Value;

use crate::office::{NUMBER, OUTSIDE_CALLER, of_two};
use crate::sipp::{Sipp, user};
use crate::site::Site;

#[test]
fn the_messages_of_a_call_are_drawn_as_they_went() {
    let site = Site::open(of_two);
    let at = |scenario, host| Sipp::new(scenario, site.network.host(host), site.network.server());
    for (host, username) in [(10, "101"), (11, "102")] {
        at("register", host).user(user(username, "")).fill("expires", 300).run();
    }
    let winner = at("answer", 10).fill("ring", 500).listen();
    let loser = at("ring_until_taken", 11).listen();
    let caller = Sipp::new("trunk_call", site.network.trunk(), site.network.server());
    caller.user(format!("{OUTSIDE_CALLER};;{NUMBER}")).fill("hold", 300).run();
    winner.finish();
    loser.finish();
    let id = site.finished_call()["id"].to_string();
    let told = site.naru(&["api", "GET", &format!("/v1/calls/{id}/sip")]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let parties: Vec<&str> = told["parties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|party| party["party"].as_str().unwrap())
        .collect();
    assert_eq!(parties, ["carrier", "101", "102"]);
    let of = |leg: &Value| -> Vec<String> {
        let steps = told["steps"].as_array().unwrap().iter().filter(|step| step["leg"] == *leg);
        let line = |step: &Value| {
            let way = if step["sent"].as_bool().unwrap() { '>' } else { '<' };
            format!("{way}{}", step["message"].as_str().unwrap())
        };
        steps.map(line).collect()
    };
    let [carrier, first, second] = [0, 1, 2].map(|at| of(&told["parties"][at]["leg"]));
    assert_eq!(carrier.first().map(String::as_str), Some("<INVITE"));
    assert!(carrier.contains(&">200 OK".to_owned()), "{carrier:?}");
    assert!(carrier.contains(&"<BYE".to_owned()), "{carrier:?}");
    assert_eq!(first[..2], [">INVITE".to_owned(), "<180 Ringing".to_owned()]);
    assert!(second.contains(&">CANCEL".to_owned()), "{second:?}");
    let drawn = site.naru(&["trail", &id, "--sip"]);
    assert!(drawn.lines().next().unwrap().trim_start().starts_with("carrier"), "{drawn}");
    assert!(drawn.contains("|------- INVITE -------->|"), "{drawn}");
    assert!(drawn.contains("CANCEL"), "{drawn}");
    assert!(drawn.contains("102  SIP;cause=200"), "{drawn}");
    assert!(!drawn.contains("secret-"), "{drawn}");
}
