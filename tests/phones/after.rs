//! What workflows do after calls, in a real daemon: from its store, over a power cut, to customers.

use std::net::TcpListener;

use serde_json::Value;

use crate::hand::Hand;
use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, with_agents};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

fn office(network: Network, delay: &str) -> String {
    with_agents(
        network,
        &["101"],
        "    route: off\n    ring_time: 10s\n    announcements: {all_busy: {}}\n",
    ) + &format!(
        r#"workflows:
  - name: after
    trigger: call_ended
    delay: {delay}
    steps:
      - {{name: tag, tag: [recall], next: customer}}
      - {{name: customer, tag_customer: [vip], next: snooze}}
      - {{name: snooze, conversation: {{snooze: 1h}}, next: note}}
      - {{name: note, note: 다시 걸기, next: end}}
policies:
  wrap_up: {{enabled: true}}
"#
    )
}

fn get(site: &Site, path: &str) -> Value {
    serde_json::from_str(&site.naru(&["api", "GET", path])).unwrap()
}

/// The only conversation, once it is put off.
fn wait_for_snooze(site: &Site) -> Value {
    wait_for("the conversation is snoozed", SOON, || {
        let all = get(site, "/v1/conversations");
        let one = all["conversations"].get(0)?.clone();
        (one["state"] == "snoozed").then_some(one)
    })
}

#[test]
fn a_workflow_after_a_call_changes_conversation_and_customer() {
    // S71, L76, L101
    let site = Site::open(|network| office(network, "1s"));
    let mut customer = Hand::refused(&site, OUTSIDE_CALLER, NUMBER);
    let conversation = wait_for_snooze(&site);
    assert_eq!(conversation["tags"], serde_json::json!(["recall"]));
    let customer_path = format!("/v1/customers/{OUTSIDE_CALLER}");
    wait_for("the customer has a profile with the tag", SOON, || {
        (get(&site, &customer_path)["tags"] == serde_json::json!(["vip"])).then_some(())
    });
    let changes = get(&site, "/v1/office/changes");
    assert_eq!(changes["changes"][0]["who"], "workflow:after", "a change like any other");
    let record = site.finished_call();
    let told = wait_for("the trail goes on after the call", SOON, || {
        let told = site.naru(&["trail", &record["id"].to_string()]);
        told.contains("works after the call").then_some(told)
    });
    assert!(told.contains("The customer is tagged vip."), "{told}");
    let shown = site.naru(&["conversations", "show", &conversation["id"].to_string()]);
    assert!(shown.contains("the workflow 'after'") && shown.contains("다시 걸기"), "{shown}");
    // The tag is there already: the office is not changed again.
    let count = changes["changes"].as_array().unwrap().len();
    customer.is_refused_again(NUMBER);
    wait_for("the second call's workflow is over", SOON, || {
        let calls = site.calls();
        let told = site.naru(&["trail", &calls[0]["id"].to_string()]);
        (calls.len() == 2 && told.contains("works after the call")).then_some(())
    });
    assert_eq!(get(&site, "/v1/office/changes")["changes"].as_array().unwrap().len(), count);
    // S27, S28
    let warnings = get(&site, "/v1/office/warnings");
    assert_eq!(warnings[0]["concern"], "wrap_up_twice");
    assert!(site.naru(&["apply", site.path("office.yaml").to_str().unwrap()]).contains("'after'"));
}

#[test]
fn a_workflow_that_waits_after_a_call_outlives_a_power_cut() {
    // L76
    let mut site = Site::open(|network| office(network, "3s"));
    Hand::refused(&site, OUTSIDE_CALLER, NUMBER);
    let record = site.finished_call();
    assert_eq!(record["outcome"], "missed");
    site.cut_off();
    site.start();
    let conversation = wait_for_snooze(&site);
    assert_eq!(conversation["tags"], serde_json::json!(["recall"]));
}

#[test]
fn a_webhook_that_the_end_of_the_daemon_cuts_off_stands_in_the_trail() {
    // P18
    let mut server = None;
    let mut site = Site::open(|network| {
        let listener = TcpListener::bind((network.host(5).ip(), 0)).unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        server = Some(listener);
        with_agents(
            network,
            &["101"],
            "    route: off\n    ring_time: 10s\n    announcements: {all_busy: {}}\n",
        ) + &format!(
            "workflows: [{{name: after, trigger: call_ended, delay: 0s, steps: [{{name: tell, webhook: {{url: \"{url}\"}}, next: end}}]}}]\n"
        )
    });
    Hand::refused(&site, OUTSIDE_CALLER, NUMBER);
    let record = site.finished_call();
    // The server takes the message and says nothing.
    let (_held, _) = server.unwrap().accept().unwrap();
    site.stop();
    let told = site.naru(&["trail", &record["id"].to_string()]);
    assert!(
        told.contains("naru was stopped before the other system had taken what 'tell' tells"),
        "{told}"
    );
}
