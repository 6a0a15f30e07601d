//! `naru trunks`, and a provider that answers or does not.

use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use naru::clock;
use naru::testphone::message::Message;

use crate::network::Network;
use crate::office::{NUMBER, OUTSIDE_CALLER, of_two};
use crate::sipp::{Sipp, user};
use crate::site::Site;

#[test]
fn an_admin_tries_a_trunk_out() {
    let site = Site::open(of_two);
    let listed = site.naru(&["trunks"]);
    assert!(listed.contains("carrier"), "{listed}");
    let begun = clock::now().ticks;
    let silent = site.command(&["trunks", "test", "carrier"]);
    assert_eq!(silent.status.code(), Some(1));
    assert!(clock::now().ticks - begun < Duration::from_secs(7));
    let told = String::from_utf8(silent.stdout).unwrap();
    assert!(told.contains("OPTIONS") && told.contains("firewall"), "{told}");

    let provider = UdpSocket::bind(site.network.trunk()).unwrap();
    provider.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let answering = thread::spawn(move || {
        let mut datagram = [0; 4096];
        let (length, from) = provider.recv_from(&mut datagram).unwrap();
        let asked = Message::parse(&datagram[..length]).unwrap();
        assert_eq!(asked.method(), Some("OPTIONS"));
        let answer = Message::answer(&asked, 200, "OK").with("Allow", "INVITE, OPTIONS");
        provider.send_to(&answer.to_bytes(), from).unwrap();
    });
    let told = site.naru(&["trunks", "test", "carrier"]);
    answering.join().unwrap();
    assert!(told.contains("the provider answers: 200 OK"), "{told}");
    assert!(told.contains(&format!("--> {}", site.network.trunk())), "{told}");
    assert!(told.contains("    OPTIONS sip:") && told.contains("    Allow: INVITE, OPTIONS"));
    assert!(told.contains("this trunk does not register"), "{told}");
}

fn phone(site: &Site, scenario: &'static str, host: u8) -> Sipp {
    Sipp::new(scenario, site.network.host(host), site.network.server())
}

fn trunk(site: &Site, scenario: &'static str) -> Sipp {
    Sipp::new(scenario, site.network.trunk(), site.network.server())
}

/// A customer calls, 101 answers, and the customer hangs up after so many milliseconds.
fn customer_calls(site: &Site, (caller, dialled): (&str, &str), hold: u32) {
    phone(site, "register", 10).user(user("101", "")).fill("expires", 300).run();
    let callee = phone(site, "answer", 10).fill("ring", 100).listen();
    trunk(site, "trunk_call").user(format!("{caller};;{dialled}")).fill("hold", hold).run();
    callee.finish();
}

/// P8, L47: numbers come and go as the provider writes them; records have them as the office does.
#[test]
fn numbers_are_written_as_the_provider_wants_them_both_ways() {
    let forms = [
        ("national", ("01055501234", "07012345678"), "021234567"),
        ("e164", ("+821055501234", "+827012345678"), "+8221234567"),
        ("international", ("00821055501234", "00827012345678"), "008221234567"),
    ];
    for (format, (caller, own), outside) in forms {
        let office = |network: Network| {
            let labelled = format!("label: Test\n    format: {format}");
            of_two(network).replace("label: Test", &labelled)
        };
        let site = Site::open(office);
        customer_calls(&site, (caller, own), 100);
        let came = site.finished_call();
        assert_eq!((&came["from"], &came["to"]), (&OUTSIDE_CALLER.into(), &NUMBER.into()));
        assert_eq!((&came["number"], &came["outcome"]), (&NUMBER.into(), &"answered".into()));

        let site = Site::open(office);
        let pattern = |number: &str| number.replace('+', "\\+");
        let provider = trunk(&site, "trunk_answer").fill_text("dialled", &pattern(outside));
        let provider = provider.fill_text("shown", &pattern(own)).fill("ring", 100).listen();
        phone(&site, "call", 11).user(user("102", "02-123-4567")).fill("hold", 100).run();
        provider.finish();
        let went = site.finished_call();
        assert_eq!((&went["to"], &went["presented"]), (&"+8221234567".into(), &NUMBER.into()));
    }
}

/// Nobody sends any sound: the trail says whose is missed and where it should have come from.
#[test]
fn one_way_audio_is_named_in_the_trail() {
    let site = Site::open(of_two);
    customer_calls(&site, (OUTSIDE_CALLER, NUMBER), 5_600);
    let id = site.finished_call()["id"].to_string();
    let trail = site.naru(&["trail", &id]);
    let named = |party: &str, host: std::net::IpAddr| {
        let begins = format!("'{party}' is not heard: 5 seconds after the answer");
        let line = trail.lines().find(|line| line.contains(&begins));
        assert!(line.is_some_and(|line| line.contains(&format!("from {host}:"))), "{trail}");
    };
    named(OUTSIDE_CALLER, site.network.trunk().ip());
    named("101", site.network.host(10).ip());
    assert_eq!(trail.matches("is not heard").count(), 2, "{trail}");
}
