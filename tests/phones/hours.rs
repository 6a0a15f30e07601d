//! Calls outside of operating hours, as the caller hears them.

use std::time::Duration;

use naru::audio::builtin::{Prompt, prompt};
use naru::audio::g711::Law;
use naru::testphone::event::{Ending, Event};
use naru::testphone::phone::Phone;
use naru::testphone::profile::{Profile, WhenCalled};
use serde_json::Value;
use tokio::runtime::Builder;

use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, of_two};
use crate::site::Site;

/// Longer than the announcement.
const UNTIL_THE_END: Duration = Duration::from_secs(20);

/// Open on no day of the week.
fn never_open(network: Network) -> String {
    of_two(network) + "    hours: office\nhours:\n  - {name: office, week: {}}\n"
}

/// Calls the number; returns how the call ended and how much of the words was heard.
async fn call(site: &Site) -> (Event, f64) {
    let profile = Profile {
        username: OUTSIDE_CALLER.to_owned(),
        password: String::new(),
        laws: vec![Law::A],
        when_called: WhenCalled::Refuse(486),
    };
    let (trunk, server) = (site.network.trunk(), site.network.server());
    let mut caller = Phone::start_at(profile, trunk, server).await.unwrap();
    caller.dial(NUMBER).await.unwrap();
    let is_end = |event: &Event| matches!(event, Event::Ended(_));
    let ended = caller.wait_for(UNTIL_THE_END, is_end).await.unwrap();
    (ended, caller.heard().await.unwrap().matches(&prompt(Prompt::Closed, "ko")))
}

#[test]
fn a_caller_outside_of_the_hours_hears_so_and_is_missed() {
    // S99, S100
    let site = Site::open(never_open);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (ended, heard) = runtime.block_on(call(&site));
    assert_eq!(ended, Event::Ended(Ending::TheyHungUp));
    assert!(heard > 0.9, "{heard} of the announcement was heard");
    let record = site.finished_call();
    assert_eq!(record["outcome"], Value::from("missed"));
    assert_eq!(record["missed_reason"], Value::from("notInOperation"));
    let trail = site.naru(&["trail", "1"]);
    assert!(trail.contains("hours 'office' are closed"), "{trail}");
}

#[test]
fn a_hand_opens_the_hours_and_a_restart_does_not_close_them() {
    let mut site = Site::open(never_open);
    let open = || -> Value { serde_json::from_str(&site.naru(&["hours", "--json"])).unwrap() };
    assert_eq!(open()[0]["open"], Value::from(false));
    site.naru(&["hours", "open", "office"]);
    assert_eq!(open()[0]["open"], Value::from(true));
    site.stop();
    site.start();
    let state: Value = serde_json::from_str(&site.naru(&["hours", "--json"])).unwrap();
    assert_eq!(state[0]["open"], Value::from(true));
    site.naru(&["hours", "auto", "office"]);
    let state: Value = serde_json::from_str(&site.naru(&["hours", "--json"])).unwrap();
    assert_eq!(state[0]["open"], Value::from(false));
    assert_eq!(state[0]["used_by"], Value::from(vec![NUMBER]));
}
