//! The tools against each other, with no naru between: what fails here is no fault of naru's.

use std::time::Duration;

use naru::audio::g711::Law;
use naru::testphone::event::{Ending, Event};
use naru::testphone::phone::Phone;
use naru::testphone::profile::{Profile, WhenCalled};
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

use crate::baresip::{Baresip, Plan};
use crate::network::Network;
use crate::sipp::{Sipp, user};
use crate::waiting::SOON;

#[test]
fn the_scenarios_of_caller_and_phone_fit() {
    let network = Network::new();
    let (caller, phone) = (network.host(10), network.host(11));
    let answering = Sipp::new("answer", phone, caller).fill("ring", 100).listen();
    let calling = Sipp::new("trunk_call", caller, phone).fill("hold", 100);
    calling.user(user("101", "102")).run();
    answering.finish();
}

#[test]
fn the_scenarios_of_a_refusal_fit() {
    let network = Network::new();
    let (caller, phone) = (network.host(10), network.host(11));
    let refusing = Sipp::new("refuse", phone, caller).fill("status", 486).listen();
    let calling = Sipp::new("trunk_call_refused", caller, phone).fill("status", 486);
    calling.user(user("101", "102")).run();
    refusing.finish();
}

#[test]
fn a_test_phone_and_baresip_hear_each_other() {
    let server = Network::new().server();
    let plan = Plan { tone: 700, answers: true, ..Plan::of("102", server) };
    let mut callee = Baresip::start(&plan);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let heard = runtime.block_on(async {
        let profile = Profile {
            username: "101".to_owned(),
            password: String::new(),
            laws: vec![Law::Mu],
            when_called: WhenCalled::RingOnly,
        };
        let mut caller = Phone::start(profile, server.ip(), callee.address()).await.unwrap();
        caller.say(Some(440.0)).await.unwrap();
        caller.dial("102").await.unwrap();
        caller.wait_for(SOON, |event| *event == Event::Answered).await.unwrap();
        let mut heard = Duration::ZERO;
        let listening = timeout(SOON, async {
            while heard < Duration::from_secs(1) {
                sleep(Duration::from_millis(100)).await;
                heard += caller.heard().await.unwrap().tone(700.0);
            }
        });
        listening.await.unwrap();
        caller.hang_up().await.unwrap();
        let ended = Event::Ended(Ending::WeHungUp);
        caller.wait_for(SOON, |event| *event == ended).await.unwrap();
        heard
    });
    callee.wait_for("CALL_CLOSED");
    assert!(heard >= Duration::from_secs(1));
    assert!(callee.recording().unwrap().seconds_of(440.0) > 0.5);
}
