//! Sounds that are played to a phone because somebody asks.

use std::fs;
use std::time::Duration;

use naru::audio::tone::sine;
use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::office::of_two;
use crate::site::Site;

fn phone(site: &Site, answers: bool) -> Baresip {
    let plan = Plan::of("101", site.network.server());
    Baresip::start(&Plan { answers, registers: true, ..plan })
}

/// A tone of two seconds as a file that people have.
fn tone_file(hertz: f64) -> Vec<u8> {
    let samples = sine(16_000, hertz, -12.0, Duration::from_secs(2));
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(16_000_u32.to_le_bytes());
    file.extend(32_000_u32.to_le_bytes());
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

/// A name with blanks and Hangul, to its end, and then the phone is hung up.
#[test]
fn a_sound_of_the_office_is_heard_on_the_phone() {
    let site = Site::open(of_two);
    let path = site.path("인사 말.wav");
    fs::write(&path, tone_file(1_000.0)).unwrap();
    site.naru(&["prompts", "import", path.to_str().unwrap()]);
    let mut phone = phone(&site, true);
    site.naru(&["prompts", "play", "인사 말.wav", "--to", "101"]);
    phone.wait_for("CALL_CLOSED");
    let heard = phone.recording().unwrap().seconds_of(1_000.0);
    assert!((1.7..=2.1).contains(&heard), "{heard}");
    let record = site.finished_call();
    assert_eq!(record["outcome"], Value::from("answered"));
    assert_eq!(record["to"], Value::from("인사 말.wav"));
    let trail = site.naru(&["trail", &record["id"].to_string()]);
    assert!(trail.contains("인사 말.wav"), "{trail}");
}

/// What two people have said to each other, from the recording of their call.
#[test]
fn a_recording_and_the_built_in_voice_are_heard_too() {
    let site = Site::open(of_two);
    let folder = site.path("data").join("recordings");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("call-7-1.wav"), tone_file(700.0)).unwrap();
    let mut phone = phone(&site, true);
    site.naru(&["prompts", "play", "call-7-1.wav", "--to", "101"]);
    phone.wait_for("CALL_CLOSED");
    assert!(phone.recording().unwrap().seconds_of(700.0) > 1.7);
    site.finished_call();
    site.naru(&["prompts", "play", "built-in:closed", "--language", "ja", "--to", "101"]);
    phone.wait_for("CALL_ESTABLISHED");
    phone.wait_for("CALL_CLOSED");
}

#[test]
fn what_cannot_be_played_is_refused_with_the_reason() {
    let site = Site::open(of_two);
    let refused = |name: &str, to: &str, why: &str| {
        let output = site.command(&["prompts", "play", name, "--to", to]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(why), "{name} {to}: {said}");
    };
    refused("built-in:closed", "101", "no phone of theirs is registered");
    refused("built-in:closed", "999", "no extension 999");
    refused("built-in:lunch", "101", "no 'lunch'");
    let _phone = phone(&site, false);
    refused("nothing.wav", "101", "");
    refused("call-99-1.wav", "101", "");
    assert_eq!(site.calls(), Vec::<Value>::new());
}
