//! A caller presses real keys in a workflow's menus: as RFC 4733 events, by SIP INFO, as tones.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::hand::{Hand, Stream};
use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, with_agents};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// Three menus, one below the other; the second speaks English from the first's `2` on.
fn scripted(network: Network) -> String {
    with_agents(network, &["101", "102"], "    route: {workflow: main}\n    ring_time: 10s\n")
        + r#"workflows:
  - name: main
    trigger: customer_called
    steps:
      - {name: language, menu: {say: greeting, keys: {"1": topics, "2": english}}}
      - {name: english, language: en, next: topics}
      - {name: topics, menu: {say: greeting, keys: {"3": sales, "9": bye}}}
      - {name: sales, menu: {say: greeting, keys: {"0": support}, star: start}}
      - {name: support, assign: {team: support}, next: connect}
      - {name: connect, connect: {unavailable: bye}}
      - {name: bye, hang_up: missed}
"#
}

fn agent(site: &Site) -> Baresip {
    let server: SocketAddr = site.network.server();
    let plan = Plan::of("102", server);
    Baresip::start(&Plan { tone: 700, answers: true, registers: true, ..plan })
}

/// Where the carrier stands: baresip sends its sound from this machine's own address, whatever
/// address it has for signalling, and sound from elsewhere is a stranger's.
fn carrier() -> SocketAddr {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

fn customer(site: &Site, carrier: SocketAddr) -> Baresip {
    let plan = Plan::of(OUTSIDE_CALLER, site.network.server());
    Baresip::start(&Plan { address: Some(carrier), ..plan })
}

fn live(site: &Site) -> Value {
    let printed = site.naru(&["api", "GET", "/v1/live"]);
    let live: Value = serde_json::from_str(&printed).unwrap();
    live["calls"].get(0).cloned().unwrap_or_default()
}

/// S70: the keys are seen while they are pressed.
fn wait_for_keys(site: &Site, keys: &str) {
    wait_for(&format!("the keys {keys}"), SOON, || (live(site)["keys"] == keys).then_some(()));
}

fn trail(site: &Site, id: &Value) -> String {
    site.naru(&["trail", &id.to_string()])
}

/// Through all three menus, in English, into the team.
#[test]
fn telephone_events_lead_through_three_menus_to_the_team() {
    let carrier = carrier();
    let site = Site::open(|network| {
        scripted(network).replace(&network.trunk().to_string(), &carrier.to_string())
    });
    let mut agent = agent(&site);
    let mut customer = customer(&site, carrier);
    customer.dial(NUMBER);
    customer.wait_for("CALL_ESTABLISHED");
    for keys in ["2", "23", "230"] {
        customer.presses(&keys[keys.len() - 1..]);
        if keys.len() < 3 {
            wait_for_keys(&site, keys);
        }
    }
    agent.wait_for("CALL_ESTABLISHED");
    customer.wait_to_hear(700.0, 0.5);
    customer.hang_up();
    let record = site.finished_call();
    assert_eq!(record["outcome"], Value::from("answered"));
    assert_eq!(record["agent"], Value::from("102"));
    let told = trail(&site, &record["id"]);
    for words in [
        "pressed 2 at 'language'",
        "speaks English",
        "pressed 3 at 'topics'",
        "pressed 0 at 'sales'",
    ] {
        assert!(told.contains(words), "{words} is missing in\n{told}");
    }
    let figures = site.naru(&["workflows", "main"]);
    let menu = figures.lines().find(|line| line.starts_with("language ")).unwrap();
    assert!(menu.contains("2×1"), "{figures}");
}

/// Through three menus in the language of the key `first`, each key told by `press`; S70: the agent
/// sees them in the event stream while the phone still rings. Returns the call.
fn leads_through(first: char, mut press: impl FnMut(&mut Hand, char)) -> (Site, Value) {
    let site = Site::open(scripted);
    let mut agent = Baresip::start(&Plan {
        tone: 700,
        registers: true,
        ..Plan::of("102", site.network.server())
    });
    let mut stream = Stream::open(&site);
    let mut customer = Hand::calls(&site, OUTSIDE_CALLER, NUMBER);
    for keys in [format!("{first}"), format!("{first}3"), format!("{first}30")] {
        press(&mut customer, keys.chars().last().unwrap());
        let told = stream.wait_for(&format!("\"keys\":\"{keys}\""));
        assert!(!told.contains("talking"), "{told}");
    }
    let rings = agent.wait_for("CALL_INCOMING");
    let display = rings["peerdisplayname"].as_str().unwrap_or_default();
    assert!(display.contains(&format!("[{first} 3 0]")), "S70 on the phone's display: {rings}");
    assert_eq!(live(&site)["keys"], format!("{first}30"), "before the answer");
    agent.accepts();
    agent.wait_for("CALL_ESTABLISHED");
    customer.hangs_up();
    let record = site.finished_call();
    assert_eq!((&record["outcome"], &record["agent"]), (&"answered".into(), &"102".into()));
    (site, record)
}

fn leads_through_in_english(press: impl FnMut(&mut Hand, char)) {
    let (site, record) = leads_through('2', press);
    let told = trail(&site, &record["id"]);
    for words in ["pressed 2 at 'language'", "speaks English", "pressed 0 at 'sales'"] {
        assert!(told.contains(words), "{words} is missing in\n{told}");
    }
}

/// The other language of the first menu, told in Korean.
#[test]
fn callers_are_led_through_the_same_menus_in_korean() {
    let (site, record) = leads_through('1', |customer, key| customer.tells_key(key, "dtmf-relay"));
    let call = site.naru(&["api", "GET", &format!("/v1/calls/{}", record["id"])]);
    let call: Value = serde_json::from_str(&call).unwrap();
    let why = call["why"].as_array().unwrap().iter();
    let told: Vec<&str> = why.filter_map(|line| line["words"]["ko"].as_str()).collect();
    let told = told.join("\n");
    for words in ["한국어", "'language' 단계에서 1 키를 눌렀습니다", "'sales' 단계에서 0 키를"]
    {
        assert!(told.contains(words), "{words} is missing in\n{told}");
    }
    assert!(!told.contains("영어"), "{told}");
}

#[test]
fn keys_told_by_info_lead_through_three_menus_to_the_team() {
    let mut kinds = ["dtmf-relay", "dtmf"].into_iter().cycle();
    leads_through_in_english(|customer, key| customer.tells_key(key, kinds.next().unwrap()));
}

#[test]
fn tones_in_the_sound_lead_through_three_menus_to_the_team() {
    leads_through_in_english(Hand::sounds_key);
}
