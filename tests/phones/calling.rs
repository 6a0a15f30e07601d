//! Calls between phones and from the trunk, as far as SIP and the records show them.

use serde_json::Value;

use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, UNKNOWN_NUMBER, of_two, with_agents};
use crate::raw::Raw;
use crate::sipp::{Sipp, user};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

use naru::testphone::message::Message;

/// Registers `username` from the address at which it will then listen.
fn register(site: &Site, host: u8, username: &str) {
    let phone = Sipp::new("register", site.network.host(host), site.network.server());
    phone.user(user(username, "")).fill("expires", 300).run();
}

fn phone(site: &Site, scenario: &'static str, host: u8) -> Sipp {
    Sipp::new(scenario, site.network.host(host), site.network.server())
}

/// The trunk's user table: who calls, no password, whom.
fn outside(calls: &str) -> String {
    format!("{OUTSIDE_CALLER};;{calls}")
}

fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_else(|| panic!("no {field} in {record}"))
}

#[test]
fn a_caller_hangs_up() {
    let site = Site::open(of_two);
    register(&site, 10, "102");
    let callee = phone(&site, "answer", 10).fill("ring", 200).listen();
    phone(&site, "call", 11).user(user("101", "102")).fill("hold", 300).run();
    callee.finish();
    let record = site.finished_call();
    assert_eq!(text(&record, "direction"), "internal");
    assert_eq!(text(&record, "outcome"), "answered");
    assert_eq!((text(&record, "from"), text(&record, "to")), ("101", "102"));
    assert!(record["engaged"].as_i64() < record["ended"].as_i64(), "{record}");
}

#[test]
fn a_caller_hangs_up_over_tcp() {
    let site = Site::open(of_two);
    register(&site, 10, "102");
    let callee = phone(&site, "answer", 10).fill("ring", 200).listen();
    phone(&site, "call", 11).over_tcp().user(user("101", "102")).fill("hold", 300).run();
    callee.finish();
}

#[test]
fn a_called_phone_hangs_up() {
    let site = Site::open(of_two);
    register(&site, 10, "102");
    let callee = phone(&site, "answer_and_hang_up", 10).fill("hold", 300).listen();
    phone(&site, "call_until_bye", 11).user(user("101", "102")).run();
    callee.finish();
    assert_eq!(text(&site.finished_call(), "outcome"), "answered");
}

#[test]
fn a_caller_who_gives_up_stops_the_ringing() {
    let site = Site::open(of_two);
    register(&site, 10, "102");
    let callee = phone(&site, "ring_until_cancel", 10).listen();
    phone(&site, "call_cancelled", 11).user(user("101", "102")).run();
    callee.finish();
    assert_eq!(text(&site.finished_call(), "outcome"), "cancelled");
}

#[test]
fn a_busy_phone_is_heard_as_busy() {
    let site = Site::open(of_two);
    register(&site, 10, "102");
    let callee = phone(&site, "refuse", 10).fill("status", 486).listen();
    phone(&site, "call_refused", 11).user(user("101", "102")).fill("status", 486).run();
    callee.finish();
    assert_eq!(text(&site.finished_call(), "outcome"), "busy");
}

#[test]
fn nobody_answers_within_the_ring_time() {
    let office = |network| {
        let number = "    route: {agent: \"101\"}\n    ring_time: 10s\n    \
                      announcements: {all_busy: {}}\n";
        with_agents(network, &["101"], number)
    };
    let site = Site::open(office);
    register(&site, 10, "101");
    let callee = phone(&site, "ring_until_cancel", 10).listen();
    let caller = Sipp::new("trunk_call_refused", site.network.trunk(), site.network.server());
    caller.user(outside(NUMBER)).fill("status", 480).run();
    callee.finish();
    let record = site.finished_call();
    assert_eq!(text(&record, "outcome"), "missed");
    assert_eq!(text(&record, "missed_reason"), "ringTimeOver");
}

#[test]
fn the_first_of_a_team_to_answer_takes_the_call() {
    let site = Site::open(of_two);
    register(&site, 10, "101");
    register(&site, 11, "102");
    let winner = phone(&site, "answer", 10).fill("ring", 500).listen();
    let loser = phone(&site, "ring_until_taken", 11).listen();
    let caller = Sipp::new("trunk_call", site.network.trunk(), site.network.server());
    caller.user(outside(NUMBER)).fill("hold", 300).run();
    winner.finish();
    loser.finish();
    let record = site.finished_call();
    assert_eq!(text(&record, "direction"), "inbound");
    assert_eq!(text(&record, "outcome"), "answered");
    assert_eq!(text(&record, "agent"), "101");
    assert_eq!(text(&record, "from"), OUTSIDE_CALLER);
    assert_eq!(text(&record, "number"), NUMBER);
}

#[test]
fn one_phone_at_two_places_rings_at_both() {
    let site = Site::open(of_two);
    register(&site, 10, "102");
    register(&site, 11, "102");
    let winner = phone(&site, "answer", 10).fill("ring", 500).listen();
    let loser = phone(&site, "ring_until_taken", 11).listen();
    phone(&site, "call", 12).user(user("101", "102")).fill("hold", 300).run();
    winner.finish();
    loser.finish();
    assert_eq!(text(&site.finished_call(), "outcome"), "answered");
}

#[test]
fn an_agent_calls_out_and_the_right_number_is_shown() {
    // S79, S80, L44: no number is routed to 102, so the default number is shown; the number routed
    // to 101 is 101's own.
    let office = |network| {
        with_agents(network, &["101", "102"], "    presented: \"+8215881234\"\n")
            .replace("    label: Test", "    label: Test\n    presentable: [\"+8215881234\"]")
            + "  - {number: \"+827012345679\", route: {agent: \"101\"}}\n"
    };
    for (agent, shown) in [("102", "+8215881234"), ("101", "+827012345679")] {
        let site = Site::open(office);
        let trunk = Sipp::new("trunk_answer", site.network.trunk(), site.network.server());
        let pattern = |number: &str| number.replace('+', "\\+");
        let trunk = trunk.fill_text("dialled", &pattern("+8221234567"));
        let trunk = trunk.fill_text("shown", &pattern(shown)).fill("ring", 200).listen();
        phone(&site, "call", 11).user(user(agent, "02-123-4567")).fill("hold", 200).run();
        trunk.finish();
        let record = site.finished_call();
        assert_eq!(text(&record, "direction"), "outbound");
        assert_eq!(text(&record, "to"), "+8221234567");
        assert_eq!(text(&record, "presented"), shown);
    }
}

#[test]
fn abroad_is_closed_until_it_is_opened() {
    let site = Site::open(of_two);
    phone(&site, "call_refused", 11).user(user("101", "0081312345678")).fill("status", 403).run();
    assert_eq!(text(&site.finished_call(), "outcome"), "failed");
}

#[test]
fn an_unknown_number_is_404_and_written_down() {
    let site = Site::open(of_two);
    let caller = Sipp::new("trunk_call_refused", site.network.trunk(), site.network.server());
    caller.user(outside(UNKNOWN_NUMBER)).fill("status", 404).run();
    let record = site.finished_call();
    assert_eq!(text(&record, "direction"), "inbound");
    assert_eq!(text(&record, "to"), UNKNOWN_NUMBER);
    assert_eq!(text(&record, "outcome"), "missed");
    assert_eq!(text(&record, "missed_reason"), "unregisteredNumber");
    assert!(record["engaged"].is_null(), "{record}");
}

#[test]
fn an_unknown_extension_is_404() {
    let site = Site::open(of_two);
    phone(&site, "call_refused", 10).user(user("101", "188")).fill("status", 404).run();
    assert_eq!(text(&site.finished_call(), "outcome"), "failed");
}

/// An address that is no trunk and gives no password reaches nobody (goal S2).
#[test]
fn a_stranger_rings_no_phone() {
    let site = Site::open(of_two);
    register(&site, 10, "102");
    let (local, server) = (site.network.host(99), site.network.server());
    for dialled in ["102", NUMBER, "00442012345678"] {
        let invite = Message::request("INVITE", &format!("sip:{dialled}@{server}"))
            .with("Via", &format!("SIP/2.0/UDP {local};rport;branch=z9hG4bK{dialled}"))
            .with("Max-Forwards", "70")
            .with("From", &format!("<sip:102@{local}>;tag=x"))
            .with("To", &format!("<sip:{dialled}@{server}>"))
            .with("Call-ID", dialled)
            .with("CSeq", "1 INVITE")
            .with("Contact", &format!("<sip:102@{local}>"));
        let status = Raw::new(local, server).ask(&invite).status().unwrap();
        assert!(matches!(status, 401 | 403 | 407), "{dialled}: {status}");
    }
    assert_eq!(site.calls(), Vec::<Value>::new());
}

#[test]
fn fifty_calls_at_once() {
    const PAIRS: u16 = 50;
    let extension = |group: u16, count: u16| (group * 100 + count).to_string();
    let office = |network: Network| {
        let all: Vec<String> =
            (0..PAIRS).flat_map(|n| [extension(2, n), extension(3, n)]).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        with_agents(network, &all, "    route: off\n")
    };
    let site = Site::open(office);
    let (registering, callees, callers) = (0..PAIRS).fold(
        (
            phone(&site, "register", 10).fill("expires", 300),
            phone(&site, "answer", 10).fill("ring", 1_000),
            phone(&site, "call", 11).fill("hold", 3_000),
        ),
        |(registering, callees, callers), n| {
            let (caller, callee) = (extension(2, n), extension(3, n));
            (
                registering.user(user(&callee, "")),
                callees.user(user(&callee, "")),
                callers.user(user(&caller, &callee)),
            )
        },
    );
    registering.run();
    let callees = callees.listen();
    callers.run();
    callees.finish();
    let finished = wait_for("every call has its record", SOON, || {
        let calls = site.calls();
        let finished = calls.iter().filter(|call| call["outcome"] == "answered").count();
        (finished == usize::from(PAIRS)).then_some(calls)
    });
    let overlap = finished.iter().map(|call| call["engaged"].as_i64()).max()
        < finished.iter().map(|call| call["ended"].as_i64()).min();
    assert!(overlap, "the calls were not up at the same time");
}
