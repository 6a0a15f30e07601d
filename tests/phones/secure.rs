//! Phones over TLS: baresip's own, which is OpenSSL's.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::office::{of_two, password};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

fn phone(site: &Site, username: &str, tone: u32) -> Baresip {
    with_encryption(site, username, tone, "srtp-mand")
}

fn with_encryption(site: &Site, username: &str, tone: u32, encryption: &str) -> Baresip {
    let own = site.path("data").join("tls.crt");
    Baresip::start(&Plan {
        tone,
        transport: "tls",
        answers: true,
        registers: true,
        encryption: Some(encryption),
        authority: Some(&own),
        // Its own TLS port is the next one, which must be free, too.
        address: Some(site.network.host(if username == "101" { 10 } else { 11 })),
        ..Plan::of(username, site.network.secure_server())
    })
}

/// 101 and 102, both with phones that must encrypt.
fn site() -> Site {
    Site::open(|network| {
        ["101", "102"].into_iter().fold(of_two(network), |text, extension| {
            let password = format!("password: {}", password(extension));
            text.replace(&password, &format!("{password}, srtp: required"))
        })
    })
}

#[test]
fn two_phones_register_and_talk_with_nothing_in_clear() {
    let site = site();
    let mut caller = phone(&site, "101", 440);
    let callee = phone(&site, "102", 700);
    for registered in site.registrations() {
        assert_eq!(registered["transport"], "tls", "{registered}");
    }
    caller.dial("102");
    caller.wait_for("CALL_ESTABLISHED");
    callee.wait_to_hear(440.0, 1.0);
    caller.wait_to_hear(700.0, 1.0);
    let call = site.calls()[0]["id"].to_string();
    let ladder = site.naru(&["api", "GET", &format!("/v1/calls/{call}/sip")]);
    let ladder: Value = serde_json::from_str(&ladder).unwrap();
    let steps = ladder["steps"].as_array().unwrap();
    assert!(steps.len() > 8 && steps.iter().all(|step| step["transport"] == "tls"), "{ladder}");
    caller.hang_up();
    site.finished_call();
}

#[test]
fn a_phone_in_clear_and_one_over_tls_talk() {
    let site = Site::open(of_two);
    let mut caller = Baresip::start(&Plan {
        tone: 440,
        registers: true,
        ..Plan::of("101", site.network.server())
    });
    let callee = with_encryption(&site, "102", 700, "srtp");
    caller.dial("102");
    caller.wait_for("CALL_ESTABLISHED");
    callee.wait_to_hear(440.0, 0.5);
    caller.wait_to_hear(700.0, 0.5);
    caller.hang_up();
    site.finished_call();
}

/// Connections that never shake hands, and one that does so a byte at a time, hold nobody up; they
/// are closed in the end.
#[test]
fn who_does_not_shake_hands_holds_nobody_up() {
    let site = site();
    let connect = || TcpStream::connect(site.network.secure_server()).unwrap();
    let mut silent: Vec<TcpStream> = (0..40).map(|_| connect()).collect();
    for slow in silent.iter_mut().step_by(2) {
        slow.write_all(&[0x16, 0x03]).unwrap();
    }
    phone(&site, "101", 440);
    for connection in &mut silent {
        connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        assert!(connection.read(&mut [0; 64]).is_ok_and(|length| length == 0));
    }
}

/// Signing in again, phones are shown the certificate that has taken the other's place.
#[test]
fn a_renewed_certificate_is_shown_without_a_restart() {
    let site = Site::open(of_two);
    let other = Site::open(of_two);
    let (old, new) = (site.path("data"), other.path("data"));
    for file in ["tls.key", "tls.crt"] {
        fs::copy(new.join(file), old.join(file)).unwrap();
    }
    site.hang_up_signal();
    wait_for("the new certificate is shown", SOON, || {
        let shown = Command::new("openssl")
            .args(["s_client", "-showcerts", "-connect"])
            .arg(site.network.secure_server().to_string())
            .stdin(Stdio::null())
            .output()
            .expect("packaging/test installs openssl");
        let shown = String::from_utf8_lossy(&shown.stdout).replace(char::is_whitespace, "");
        let wanted = fs::read_to_string(new.join("tls.crt")).unwrap();
        shown.contains(&wanted.replace(char::is_whitespace, "")).then_some(())
    });
}

#[test]
fn a_key_of_another_certificate_is_refused_at_start_by_name() {
    let site = Site::open(of_two);
    let other = Site::open(of_two);
    let (certificate, key) =
        (site.path("data").join("tls.crt"), other.path("data").join("tls.key"));
    let config = site.path("wrong.yaml");
    let text = format!(
        "data_dir: {}\nsip: {{listen: ['tls://{}']}}\napi: {{socket: {}}}\ntls: {{certificate: {}, key: {}}}\n",
        site.path("wrong").display(),
        site.network.host(9),
        site.path("wrong.sock").display(),
        certificate.display(),
        key.display(),
    );
    fs::write(&config, text).unwrap();
    let run = |command: &str| {
        let naru = Command::new(env!("CARGO_BIN_EXE_naru"))
            .env("LANG", "C.UTF-8")
            .args([command, "--config"])
            .arg(&config)
            .output()
            .unwrap();
        let told = [naru.stdout, naru.stderr].concat();
        (naru.status.success(), String::from_utf8(told).unwrap())
    };
    for command in ["serve", "doctor"] {
        let (went_well, told) = run(command);
        assert!(!went_well, "{told}");
        let key = key.to_str().unwrap();
        assert!(told.contains(key) && told.contains("is not the key of"), "{command}: {told}");
    }
}
