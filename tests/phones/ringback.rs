//! What an outside caller hears before anybody answers: the announcement of their language, then the
//! ringback that was chosen.

use std::fs;
use std::future::Future;
use std::time::Duration;

use naru::audio::builtin::{Prompt, looping_ringback, prompt};
use naru::audio::clip::Clip;
use naru::audio::g711::Law;
use naru::audio::tone::{Signal, by_calling_code};
use naru::testphone::event::{Ending, Event};
use naru::testphone::phone::Phone;
use naru::testphone::profile::{Profile, WhenCalled};
use tokio::runtime::Builder;

use crate::network::Network;
use crate::office::{NUMBER, password, with_agents};
use crate::site::Site;

const EXCHANGE: Duration = Duration::from_secs(5);
/// The shortest ring time, a greeting and a slow machine.
const WHOLE_CALL: Duration = Duration::from_secs(40);

fn office(number: &str) -> impl FnOnce(Network) -> String {
    move |network| {
        // Who is not answered hears nothing but the ringback.
        let silent = "    announcements: {all_busy: {}}\n";
        let silent = if number.contains("announcements") { "" } else { silent };
        let number = format!("    route: {{agent: \"101\"}}\n    ring_time: 10s\n{number}{silent}");
        with_agents(network, &["101"], &number)
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn phone(site: &Site) -> Phone {
    let profile = Profile {
        username: "101".to_owned(),
        password: password("101"),
        laws: vec![Law::A, Law::Mu],
        when_called: WhenCalled::RingOnly,
    };
    let server = site.network.server();
    let mut phone = Phone::start(profile, server.ip(), server).await.unwrap();
    phone.register(EXCHANGE).await.unwrap();
    phone
}

async fn outside(site: &Site, caller: &str) -> Phone {
    let profile = Profile {
        username: caller.to_owned(),
        password: String::new(),
        laws: vec![Law::A, Law::Mu],
        when_called: WhenCalled::Refuse(486),
    };
    Phone::start_at(profile, site.network.trunk(), site.network.server()).await.unwrap()
}

/// Nobody answers until ring time is over; what part of the clip was heard until then.
fn heard_while_ringing(site: &Site, clip: &Clip) -> (f64, Duration) {
    heard_at(site, NUMBER, clip)
}

fn heard_at(site: &Site, number: &str, clip: &Clip) -> (f64, Duration) {
    run(async {
        let mut agent = phone(site).await;
        let mut caller = outside(site, "+821055501234").await;
        caller.dial(number).await.unwrap();
        let rings = |event: &Event| matches!(event, Event::Offered { .. });
        agent.wait_for(EXCHANGE, rings).await.unwrap();
        let refused = |event: &Event| *event == Event::Ended(Ending::Refused { status: 480 });
        caller.wait_for(WHOLE_CALL, refused).await.unwrap();
        let heard = caller.heard().await.unwrap();
        (heard.matches(clip), heard.tone(1_000.0))
    })
}

#[test]
fn the_looping_ringback_is_heard_from_the_first_ring_before_any_answer() {
    // S36, S37
    let site = Site::open(office(""));
    let (share, _) = heard_while_ringing(&site, &looping_ringback());
    assert!(share > 0.9, "{share}");
    let record = site.finished_call();
    assert!(record["engaged"].is_null(), "{record}");
}

#[test]
fn the_tone_of_the_numbers_country_is_heard() {
    // S38, S39
    let site = Site::open(office("    ringback: national\n"));
    let tone = by_calling_code("82").tone(Signal::Ringback).clip();
    let (share, _) = heard_while_ringing(&site, &tone);
    assert!(share > 0.9, "{share}");
}

#[test]
fn a_japanese_number_sounds_as_in_japan_whoever_calls() {
    // S38, S40: the tone is of the number's country, not of the caller's.
    const TOKYO: &str = "+81345670001";
    let site = Site::open(|network| {
        office("")(network).replace("blocks: [", "blocks: [\"+81345670000-+81345670099\", ")
            + &format!(
                "  - {{number: \"{TOKYO}\", route: {{agent: \"101\"}}, ring_time: 10s, \
                 ringback: national, announcements: {{all_busy: {{}}}}}}\n"
            )
    });
    let tone = |code| by_calling_code(code).tone(Signal::Ringback).clip();
    let (share, _) = heard_at(&site, TOKYO, &tone("81"));
    assert!(share > 0.9, "{share}");
}

#[test]
fn a_file_of_the_offices_own_is_heard_and_repeated() {
    // S41, S109, S112: a kilohertz of some seconds, at the right speed.
    let site = Site::open(office(""));
    let folder = tempfile::tempdir().unwrap();
    let sound = "tests/sounds/files/44k-stereo.mp3";
    fs::copy(sound, folder.path().join("우리 연결음.mp3")).unwrap();
    let document = folder.path().join("office.yaml");
    let text = office("    ringback: {file: 우리 연결음.mp3}\n")(site.network);
    fs::write(&document, text).unwrap();
    site.naru(&["apply", document.to_str().unwrap()]);
    let (_, tone) = heard_while_ringing(&site, &looping_ringback());
    assert!(tone > Duration::from_secs(7), "{tone:?}");
}

#[test]
fn a_japanese_caller_hears_the_japanese_greeting() {
    // S101, S105
    let site =
        Site::open(office("    announcements:\n      greeting: {ko: built-in, ja: built-in}\n"));
    let (japanese, korean) = run(async {
        let mut agent = phone(&site).await;
        let caller = outside(&site, "+819012345678").await;
        caller.dial(NUMBER).await.unwrap();
        let rings = |event: &Event| matches!(event, Event::Offered { .. });
        agent.wait_for(WHOLE_CALL, rings).await.unwrap();
        let heard = caller.heard().await.unwrap();
        caller.hang_up().await.unwrap();
        let share = |language| heard.matches(&prompt(Prompt::Greeting, language));
        (share("ja"), share("ko"))
    });
    assert!(japanese > 0.9 && korean < 0.5, "{japanese} {korean}");
}
