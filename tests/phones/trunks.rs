//! `naru trunks`, and a provider that answers or does not.

use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use naru::clock;
use naru::testphone::message::Message;

use crate::office::of_two;
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
