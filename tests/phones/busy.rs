//! Customers whom nobody can answer: what they hear, and what is left for the office to do.

use std::time::Duration;

use naru::audio::builtin::{Prompt, prompt};
use naru::testphone::event::{Ending, Event};
use naru::testphone::profile::WhenCalled;
use serde_json::Value;

use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, SECOND_CALLER, with_agents, with_second_trunk};
use crate::people::{
    PICKS_UP, agent, customer, ends, hangs_up, hear_each_other, heard_until_the_end, rings, run,
    stays_quiet, talks,
};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

const DIRECT: &str = "+827012345679";

/// 101 alone, behind a number that says so when nobody can answer.
fn with_words(network: Network) -> String {
    let number = "    route: {team: support}\n    ring_time: 10s\n    \
                  announcements:\n      all_busy: {ko: built-in}\n";
    with_second_trunk(network, &with_agents(network, &["101"], number))
}

fn conversations(site: &Site, conditions: &str) -> Vec<Value> {
    let printed = site.naru(&["api", "GET", &format!("/v1/conversations{conditions}")]);
    let page: Value = serde_json::from_str(&printed).unwrap();
    page["conversations"].as_array().unwrap().clone()
}

fn ended(site: &Site, from: &str) -> Value {
    wait_for(&format!("the record of {from}"), SOON, || {
        let is_it = |call: &Value| call["from"] == from && !call["ended"].is_null();
        site.calls().into_iter().find(is_it)
    })
}

#[test]
fn while_every_agent_talks_a_customer_hears_so_and_is_missed() {
    // S97, S98
    let site = Site::open(with_words);
    let heard = run(async {
        let mut agent = agent(&site, "101", PICKS_UP).await;
        let mut first = customer(&site, 2, OUTSIDE_CALLER).await;
        first.dial(NUMBER).await.unwrap();
        talks(&mut agent).await;
        let mut second = customer(&site, 3, SECOND_CALLER).await;
        second.dial(NUMBER).await.unwrap();
        let heard = heard_until_the_end(&mut second, &prompt(Prompt::AllBusy, "ko")).await;
        hear_each_other(&first, &agent).await;
        hangs_up(&mut first).await;
        heard
    });
    assert!(heard > 0.9, "{heard} of the announcement was heard");
    let record = ended(&site, SECOND_CALLER);
    assert_eq!(record["missed_reason"], Value::from("noOperator"));
    assert!(record["engaged"].is_null(), "{record}");
    assert_eq!(ended(&site, OUTSIDE_CALLER)["outcome"], Value::from("answered"));
}

#[test]
fn when_ring_time_is_over_a_customer_hears_that_all_are_busy() {
    // S31, S32
    let site = Site::open(with_words);
    let (heard, ending) = run(async {
        let mut agent = agent(&site, "101", WhenCalled::RingOnly).await;
        let mut caller = customer(&site, 2, OUTSIDE_CALLER).await;
        caller.dial(NUMBER).await.unwrap();
        rings(&mut agent).await;
        let heard = heard_until_the_end(&mut caller, &prompt(Prompt::AllBusy, "ko")).await;
        (heard, ends(&mut agent).await)
    });
    assert!(heard > 0.9, "{heard} of the announcement was heard");
    assert!(matches!(ending, Ending::Cancelled { .. }), "{ending:?}");
    let record = site.finished_call();
    assert_eq!(record["missed_reason"], Value::from("ringTimeOver"));
    let rang = record["clocks"]["ringing"].as_i64().unwrap();
    assert!((10_000..11_000).contains(&rang), "{record}");
}

#[test]
fn a_blocked_customer_rings_no_phone_and_is_not_called() {
    // L48, L67, L194
    let site = Site::open(|network| {
        with_words(network)
            + &format!(
                "customers:\n  - {{number: \"{OUTSIDE_CALLER}\", name: 박, blocked: true}}\n"
            )
    });
    let (refused, dialled) = run(async {
        let mut agent = agent(&site, "101", WhenCalled::RingOnly).await;
        let mut caller = customer(&site, 2, OUTSIDE_CALLER).await;
        caller.dial(NUMBER).await.unwrap();
        let refused = ends(&mut caller).await;
        // The next thing that the agent's phone hears of is its own call.
        agent.dial("01055501234").await.unwrap();
        let mut next = agent.event(SOON).await.unwrap();
        while matches!(next, Event::Progress { .. }) {
            next = agent.event(SOON).await.unwrap();
        }
        let Event::Ended(dialled) = next else { panic!("{next:?}") };
        stays_quiet(&mut caller, Duration::from_millis(200)).await;
        (refused, dialled)
    });
    assert!(matches!(refused, Ending::Refused { status: 603 }), "{refused:?}");
    assert!(matches!(dialled, Ending::Refused { status: 403 }), "{dialled:?}");
    let record = ended(&site, OUTSIDE_CALLER);
    assert_eq!(record["missed_reason"], Value::from("blockedUser"));
    assert!(record["first_ring"].is_null(), "{record}");
}

#[test]
fn a_missed_customer_is_called_back_in_the_same_conversation_by_the_number_they_know() {
    // S54, S57, L44, L60, L61
    let site = Site::open(|network| {
        with_agents(network, &["101", "102"], "    route: {team: support}\n")
            + &format!("  - {{number: \"{DIRECT}\", route: {{agent: \"101\"}}, ring_time: 10s}}\n")
    });
    let shown = run(async {
        let mut mute = agent(&site, "101", WhenCalled::RingOnly).await;
        let mut back = agent(&site, "102", PICKS_UP).await;
        let mut caller = customer(&site, 2, OUTSIDE_CALLER).await;
        caller.dial(DIRECT).await.unwrap();
        rings(&mut mute).await;
        caller.hang_up().await.unwrap();
        assert_eq!(ends(&mut caller).await, Ending::Refused { status: 487 });
        let missed = wait_for("one missed conversation", SOON, || {
            conversations(&site, "?state=missed").into_iter().next()
        });
        assert_eq!(missed["customer"], Value::from(OUTSIDE_CALLER));
        assert_eq!(missed["reason"], Value::from("userLeft"));
        let listed = site.naru(&["conversations", "--missed"]);
        assert!(listed.contains(OUTSIDE_CALLER), "{listed}");
        let path = format!("/v1/conversations/{}/callback", missed["id"]);
        site.naru(&["api", "POST", &path, r#"{"agent": "102"}"#]);
        rings(&mut back).await;
        let shown = rings(&mut caller).await;
        talks(&mut caller).await;
        hear_each_other(&caller, &back).await;
        hangs_up(&mut caller).await;
        shown
    });
    assert_eq!(shown, DIRECT, "not the default number");
    let kept = wait_for("the conversation is no longer missed", SOON, || {
        let all = conversations(&site, "");
        assert_eq!(all.len(), 1, "one conversation: {all:?}");
        all.into_iter().find(|one| one["state"] != "missed")
    });
    let calls = site.naru(&["api", "GET", &format!("/v1/calls?conversation={}", kept["id"])]);
    let calls: Value = serde_json::from_str(&calls).unwrap();
    let directions: Vec<&Value> =
        calls["calls"].as_array().unwrap().iter().map(|call| &call["direction"]).collect();
    assert_eq!(directions, ["outbound", "inbound"], "newest first");
    assert_eq!(conversations(&site, "?state=missed"), Vec::<Value>::new());
}
