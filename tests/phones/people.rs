//! The people of the tests: agents at their phones and customers at the trunk, with ears.

use std::future::Future;
use std::thread;
use std::time::Duration;

use naru::audio::clip::Clip;
use naru::audio::g711::Law;
use naru::testphone::event::{Ending, Event};
use naru::testphone::phone::Phone;
use naru::testphone::profile::{Profile, WhenCalled};
use serde_json::Value;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::office::password;
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// A greeting, a ring time of ten seconds, a last announcement and a slow machine.
pub(crate) const WHOLE_CALL: Duration = Duration::from_secs(45);
/// How soon a phone in these tests picks up, long enough to be seen ringing.
pub(crate) const PICKS_UP: WhenCalled = WhenCalled::AnswerAfter(Duration::from_millis(300));

/// The phones run on a thread of their own, so that a test that waits for the daemon stops none.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let handle = runtime.handle().clone();
    // Dropped when the work is over, also by a panic.
    let (_over, until) = oneshot::channel::<()>();
    thread::spawn(move || runtime.block_on(until));
    handle.block_on(work)
}

fn profile(username: &str, password: String, when_called: WhenCalled) -> Profile {
    let laws = vec![Law::A, Law::Mu];
    Profile { username: username.to_owned(), password, laws, when_called }
}

/// An agent's phone, registered.
pub(crate) async fn agent(site: &Site, extension: &str, when_called: WhenCalled) -> Phone {
    let profile = profile(extension, password(extension), when_called);
    let server = site.network.server();
    let mut phone = Phone::start(profile, server.ip(), server).await.unwrap();
    phone.register(SOON).await.unwrap();
    phone
}

/// A customer behind the trunk at the `host`-th address (2 is the office's first trunk).
pub(crate) async fn customer(site: &Site, host: u8, caller: &str) -> Phone {
    let profile = profile(caller, String::new(), PICKS_UP);
    Phone::start_at(profile, site.network.host(host), site.network.server()).await.unwrap()
}

/// Waits until the phone rings; returns the number that it shows.
pub(crate) async fn rings(phone: &mut Phone) -> String {
    let rings = |event: &Event| matches!(event, Event::Offered { .. });
    let rung = phone.wait_for(WHOLE_CALL, rings).await.unwrap();
    let Event::Offered { caller } = rung else { panic!("{rung:?}") };
    caller
}

pub(crate) async fn talks(phone: &mut Phone) {
    phone.wait_for(SOON, |event| *event == Event::Answered).await.unwrap();
}

/// How the phone's call ended.
pub(crate) async fn ends(phone: &mut Phone) -> Ending {
    let is_end = |event: &Event| matches!(event, Event::Ended(_));
    let ended = phone.wait_for(WHOLE_CALL, is_end).await.unwrap();
    let Event::Ended(ending) = ended else { panic!("{ended:?}") };
    ending
}

pub(crate) async fn hangs_up(phone: &mut Phone) {
    phone.hang_up().await.unwrap();
    assert_eq!(ends(phone).await, Ending::WeHungUp);
}

/// Both hear the other's tone.
pub(crate) async fn hear_each_other(one: &Phone, other: &Phone) {
    one.say(Some(440.0)).await.unwrap();
    other.say(Some(700.0)).await.unwrap();
    hears(one, 700.0).await;
    hears(other, 440.0).await;
}

/// Waits until 200 ms of a tone have come in.
async fn hears(phone: &Phone, hertz: f64) {
    let mut heard = Duration::ZERO;
    let listening = timeout(SOON, async {
        while heard < Duration::from_millis(200) {
            sleep(Duration::from_millis(50)).await;
            heard += phone.heard().await.unwrap().tone(hertz);
        }
    });
    assert!(listening.await.is_ok(), "{} never hears {hertz} Hz", phone.name());
}

/// For so long nothing happens to the phone: nothing rings, and its call goes on as it is.
pub(crate) async fn stays_quiet(phone: &mut Phone, length: Duration) {
    let happened = timeout(length, phone.event(2 * length)).await;
    assert!(happened.is_err(), "{} was to be left alone: {happened:?}", phone.name());
}

/// What part of a clip the phone has heard by the end of its call, which the office ends.
pub(crate) async fn heard_until_the_end(phone: &mut Phone, clip: &Clip) -> f64 {
    assert_eq!(ends(phone).await, Ending::TheyHungUp);
    phone.heard().await.unwrap().matches(clip)
}

/// The office this second.
pub(crate) fn live(site: &Site) -> Value {
    serde_json::from_str(&site.naru(&["api", "GET", "/v1/live"])).unwrap()
}

/// The call of that caller in progress, once it is at a stage.
pub(crate) fn at_stage(site: &Site, from: &str, stage: &str) -> Value {
    wait_for(&format!("{from} is {stage}"), SOON, || {
        let live = live(site);
        let calls = live["calls"].as_array()?.clone();
        calls.into_iter().find(|call| call["from"] == from && call["stage"] == stage)
    })
}

/// Waits until the agent is in that state.
pub(crate) fn is_now(site: &Site, extension: &str, state: &str) {
    wait_for(&format!("{extension} is {state}"), SOON, || {
        let live = live(site);
        let agents = live["agents"].as_array()?;
        let agent = agents.iter().find(|agent| agent["extension"] == extension)?;
        (agent["state"] == state).then_some(())
    });
}
