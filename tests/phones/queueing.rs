//! Customers who wait for a member of an automatic team.

use naru::audio::builtin::{Prompt, looping_ringback, prompt};
use naru::testphone::event::Event;
use naru::testphone::phone::Phone;
use serde_json::Value;

use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, SECOND_CALLER, with_agents, with_second_trunk};
use crate::people::{
    PICKS_UP, agent, at_stage, customer, hangs_up, hear_each_other, heard_until_the_end, is_now,
    rings, run, stays_quiet, talks,
};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// 101 is the whole team, which is given one call after the other.
fn automatic(network: Network) -> String {
    let number = "    hours: office\n    route: {team: support}\n    ring_time: 10s\n";
    let office = with_agents(network, &["101"], number)
        .replace("members: [\"101\"]", "members: [\"101\"], assignment: longest_idle");
    with_second_trunk(network, &office) + "hours:\n  - {name: office}\n"
}

fn with_wrap_up(limit: &str) -> impl FnOnce(Network) -> String {
    let policies = format!("policies:\n  wrap_up: {{enabled: true, limit: {limit}}}\n");
    move |network| automatic(network) + &policies
}

/// A customer whom 101 talks with.
async fn first_customer(site: &Site, agent: &mut Phone) -> Phone {
    let mut first = customer(site, 2, OUTSIDE_CALLER).await;
    first.dial(NUMBER).await.unwrap();
    talks(agent).await;
    talks(&mut first).await;
    first
}

/// A customer who waits.
async fn second_customer(site: &Site) -> Phone {
    let mut second = customer(site, 3, SECOND_CALLER).await;
    second.dial(NUMBER).await.unwrap();
    talks(&mut second).await;
    let call = at_stage(site, SECOND_CALLER, "queued");
    assert_eq!(call["queue"]["position"], Value::from(1));
    second
}

fn record(site: &Site, from: &str) -> Value {
    wait_for(&format!("the record of {from}"), SOON, || {
        let is_it = |call: &Value| call["from"] == from && !call["ended"].is_null();
        site.calls().into_iter().find(is_it)
    })
}

#[test]
fn who_waits_is_given_to_the_agent_who_becomes_free() {
    // L117, S35
    let site = Site::open(automatic);
    let heard = run(async {
        let mut agent = agent(&site, "101", PICKS_UP).await;
        let mut first = first_customer(&site, &mut agent).await;
        let mut second = second_customer(&site).await;
        let clip = looping_ringback();
        // Once round, as whoever waits hears it.
        stays_quiet(&mut second, clip.duration()).await;
        let heard = second.heard().await.unwrap().matches(&clip);
        hangs_up(&mut first).await;
        assert_eq!(rings(&mut agent).await, SECOND_CALLER);
        talks(&mut agent).await;
        hear_each_other(&second, &agent).await;
        hangs_up(&mut second).await;
        heard
    });
    assert!(heard > 0.8, "{heard} of the ringback was heard");
    let record = record(&site, SECOND_CALLER);
    assert_eq!(record["outcome"], Value::from("answered"));
    assert!(record["clocks"]["queue"].as_i64() > Some(0), "{record}");
    assert!(record["clocks"]["ringing"].as_i64() < Some(5_000), "{record}");
}

#[test]
fn nothing_rings_in_wrap_up_until_the_agent_or_an_admin_ends_it() {
    // S19, S20, L15
    let site = Site::open(with_wrap_up("none"));
    run(async {
        let mut agent = agent(&site, "101", PICKS_UP).await;
        let mut first = first_customer(&site, &mut agent).await;
        hangs_up(&mut first).await;
        is_now(&site, "101", "wrapping_up");
        let mut second = second_customer(&site).await;
        // Whatever comes next to the phone is the end of the first call and its own call to *55.
        agent.dial("*55").await.unwrap();
        let mut seen = Vec::new();
        while !matches!(seen.last(), Some(Event::Offered { .. })) {
            seen.push(agent.event(SOON).await.unwrap());
        }
        let answered = seen.iter().position(|event| *event == Event::Answered);
        assert!(answered.is_some_and(|at| at + 1 < seen.len()), "rung too early: {seen:?}");
        talks(&mut agent).await;
        hear_each_other(&second, &agent).await;
        hangs_up(&mut second).await;

        is_now(&site, "101", "wrapping_up");
        first.dial(NUMBER).await.unwrap();
        at_stage(&site, OUTSIDE_CALLER, "queued");
        site.naru(&["api", "POST", "/v1/agents/101/presence", r#"{"end_wrap_up": true}"#]);
        assert_eq!(rings(&mut agent).await, OUTSIDE_CALLER);
        talks(&mut agent).await;
        hangs_up(&mut first).await;
    });
}

#[test]
fn when_wrap_up_has_lasted_its_time_the_next_customer_rings() {
    // S21, S23
    let site = Site::open(with_wrap_up("10s"));
    run(async {
        let mut agent = agent(&site, "101", PICKS_UP).await;
        let mut first = first_customer(&site, &mut agent).await;
        hangs_up(&mut first).await;
        is_now(&site, "101", "wrapping_up");
        let mut second = second_customer(&site).await;
        rings(&mut agent).await;
        talks(&mut agent).await;
        hangs_up(&mut second).await;
    });
    let (first, second) = (record(&site, OUTSIDE_CALLER), record(&site, SECOND_CALLER));
    let rested = second["first_ring"].as_i64().unwrap() - first["ended"].as_i64().unwrap();
    assert!((10_000..12_000).contains(&rested), "{rested} ms");
}

#[test]
fn who_waits_when_a_hand_closes_the_office_hears_so() {
    // L120, C14, L146
    let site = Site::open(automatic);
    let heard = run(async {
        let mut agent = agent(&site, "101", PICKS_UP).await;
        let mut first = first_customer(&site, &mut agent).await;
        let mut second = second_customer(&site).await;
        site.naru(&["hours", "close", "office"]);
        let heard = heard_until_the_end(&mut second, &prompt(Prompt::Closed, "ko")).await;
        hear_each_other(&first, &agent).await;
        hangs_up(&mut first).await;
        heard
    });
    assert!(heard > 0.9, "{heard} of the announcement was heard");
    let record = record(&site, SECOND_CALLER);
    assert_eq!(record["missed_reason"], Value::from("notInOperation"));
    assert!(record["clocks"]["queue"].as_i64() > Some(0), "{record}");
}
