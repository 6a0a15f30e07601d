//! The whole daemon: it sounds by the API, and lives without any sound.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use naru::audio::detect::{level, loudness, share};
use naru::audio::g711::Law;
use naru::testphone::event::Event;
use naru::testphone::phone::Phone;
use naru::testphone::profile::{Profile, WhenCalled};

use crate::lab::{Lab, furnish, in_lab, sounding};

const SECOND: Duration = Duration::from_secs(1);

struct Daemon {
    child: Child,
    config: String,
}

impl Daemon {
    /// On ports that nobody else in the laboratory's network has.
    fn start(folder: &Path, host: &str, without_alsa: Option<&Path>) -> Self {
        let config = folder.join("config.yaml");
        let text = format!(
            "data_dir: {0}/data\nsip:\n  listen: [udp://{host}:5060]\nspeaker:\n  device: stereo\napi:\n  socket: {0}/api.sock\n",
            folder.display()
        );
        fs::write(&config, text).unwrap();
        let log = fs::File::create(folder.join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_naru"));
        command.args(["serve", "--config"]).arg(&config);
        command.env("ALSA_CONFIG_PATH", folder.join("asound.conf"));
        if let Some(path) = without_alsa {
            command.env("LD_LIBRARY_PATH", path);
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, config: config.display().to_string() }
    }

    fn api(&self, arguments: &[&str]) -> Output {
        self.naru(&[&["api"], arguments].concat())
    }

    fn naru(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_naru"))
            .args(arguments)
            .args(["--config", &self.config])
            .output()
            .unwrap()
    }

    fn told(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.api(arguments).stdout).unwrap()
    }

    fn is_well(&self) -> bool {
        self.api(&["GET", "/v1/health"]).status.success()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        ended.map(drop).unwrap_or_default();
    }
}

#[test]
fn the_api_lets_the_room_hear_a_chime_and_words() {
    in_lab("daemon::the_api_lets_the_room_hear_a_chime_and_words", |lab: &Lab| {
        let daemon = Daemon::start(lab.folder(), "127.77.1.1", None);
        lab.wait(20 * SECOND, "the daemon", || daemon.is_well());
        lab.wait(5 * SECOND, "the card", || {
            daemon.told(&["GET", "/v1/speaker"]).contains("\"idle\"")
        });
        let played = daemon.api(&["POST", "/v1/speaker/play", r#"{"sound": "chime"}"#]);
        assert!(played.status.success(), "{played:?}");
        lab.wait(10 * SECOND, "the chime", || sounding(&lab.heard("stereo")).len() > 60_000);
        let heard = lab.heard("stereo");
        let chime = sounding(&heard);
        assert!(level(&chime[2_400..14_400], 48_000, 659.26) > -30.0);
        assert!(level(&chime[31_200..43_200], 48_000, 523.25) > -30.0);
        let words = r#"{"announcement": "all_busy", "language": "ko", "volume": 100}"#;
        let said = daemon.api(&["POST", "/v1/speaker/announce", words]);
        assert!(said.status.success(), "{said:?}");
        lab.wait(10 * SECOND, "words", || {
            let heard = lab.heard("stereo");
            loudness(&heard[heard.len().saturating_sub(24_000)..]) > -35.0
        });
        for wrong in [r#"{"sound": "drum"}"#, r#"{"sound": "chime", "volume": 0}"#] {
            assert!(!daemon.api(&["POST", "/v1/speaker/play", wrong]).status.success());
        }
        let log = fs::read_to_string(lab.folder().join("log")).unwrap();
        assert!(!log.contains("ALSA lib"), "{log}");
    });
}

const OFFICE: &str = r#"
agents:
  - {extension: "101", name: Kim, devices: [{username: "101", password: a}], speaker: {volume: 100}}
  - {extension: "102", name: Lee, devices: [{username: "102", password: b}]}
"#;

async fn phone(server: SocketAddr, username: &str, password: &str) -> Phone {
    let profile = Profile {
        username: username.to_owned(),
        password: password.to_owned(),
        laws: vec![Law::Mu],
        when_called: WhenCalled::RingOnly,
    };
    let mut phone = Phone::start(profile, server.ip(), server).await.unwrap();
    phone.register(5 * SECOND).await.unwrap();
    phone
}

/// Rings in the room while a phone rings, then plays what the caller says to it.
async fn ring_and_page(lab: &Lab, server: SocketAddr) {
    let mut called = phone(server, "101", "a").await;
    let mut caller = phone(server, "102", "b").await;
    caller.dial("101").await.unwrap();
    called.wait_for(5 * SECOND, |event| matches!(event, Event::Offered { .. })).await.unwrap();
    tokio::time::sleep(4 * SECOND).await;
    caller.hang_up().await.unwrap();
    caller.wait_for(5 * SECOND, |event| matches!(event, Event::Ended(_))).await.unwrap();
    tokio::time::sleep(SECOND).await;
    let heard = lab.heard("stereo");
    let ring = sounding(&heard);
    let seconds = ring.len() as f64 / 48_000.0;
    assert!((3.0..5.0).contains(&seconds), "rang {seconds} s beside a phone that rang 4 s");
    assert!(
        level(&ring[2_400..7_200], 48_000, 523.25) > -30.0,
        "the looping ringback's first note"
    );
    assert!(loudness(&heard[heard.len() - 24_000..]) < -80.0, "and stopped with the call");

    let before = lab.heard("stereo").len();
    caller.dial("*81").await.unwrap();
    caller.wait_for(5 * SECOND, |event| *event == Event::Answered).await.unwrap();
    caller.say(Some(1_000.0)).await.unwrap();
    tokio::time::sleep(3 * SECOND).await;
    caller.hang_up().await.unwrap();
    tokio::time::sleep(SECOND).await;
    let page = lab.heard("stereo").split_off(before);
    let page = sounding(&page);
    let seconds = page.len() as f64 / 48_000.0;
    assert!((2.0..4.5).contains(&seconds), "three seconds of speech became {seconds}");
    assert!(share(&page[9_600..86_400], 48_000, 1_000.0) > 0.9);
}

#[test]
fn the_room_rings_beside_a_phone_and_hears_who_dials_81() {
    in_lab("daemon::the_room_rings_beside_a_phone_and_hears_who_dials_81", |lab: &Lab| {
        let daemon = Daemon::start(lab.folder(), "127.77.1.3", None);
        lab.wait(20 * SECOND, "the daemon", || daemon.is_well());
        let office = lab.folder().join("office.yaml");
        fs::write(&office, OFFICE).unwrap();
        let applied = daemon.naru(&["apply", office.to_str().unwrap()]);
        assert!(applied.status.success(), "{applied:?}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(ring_and_page(lab, "127.77.1.3:5060".parse().unwrap()));
    });
}

#[test]
fn a_machine_without_alsa_lib_runs_the_daemon_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path());
    let without = folder.path().join("no-alsa");
    fs::create_dir(&without).unwrap();
    fs::write(without.join("libasound.so.2"), "").unwrap();
    let lab = Lab::at(folder.path());
    let daemon = Daemon::start(folder.path(), "127.77.1.2", Some(&without));
    lab.wait(20 * SECOND, "the daemon", || daemon.is_well());
    assert_eq!(daemon.told(&["GET", "/v1/speaker"]).trim(), "[]");
    let refused = daemon.api(&["POST", "/v1/speaker/play", r#"{"sound": "chime"}"#]);
    assert!(!refused.status.success());
    let words = String::from_utf8_lossy(&refused.stderr).into_owned()
        + &String::from_utf8_lossy(&refused.stdout);
    assert!(words.contains("there is no loudspeaker now") || words.contains("스피커가 없습니다"));
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("no voice of its own"), "{log}");
}
