//! A machine without alsa-lib, and one without a sound card.

use std::fs;
use std::time::Duration;

use naru::speaker::alsa::Alsa;
use naru::speaker::card::CardState;
use naru::speaker::score::Purpose;

use crate::lab::{Lab, assert_ran, child, cue, furnish, in_lab, tone};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn without_a_card_commands_go_nowhere() {
    in_lab("absent::without_a_card_commands_go_nowhere", |lab| {
        let speaker = lab.speaker("hw:7");
        lab.wait(2 * SECOND, "the word", || speaker.state(Purpose::Ring) == Some(CardState::Away));
        for id in 0..200 {
            speaker.start(cue(id, Purpose::Ring, tone(8_000, 500.0, SECOND)));
        }
        assert_eq!(speaker.state(Purpose::Ring), Some(CardState::Away));
    });
}

#[test]
fn without_alsa_lib_there_is_no_card_and_no_harm() {
    const NAME: &str = "absent::without_alsa_lib_there_is_no_card_and_no_harm";
    if std::env::var("LD_LIBRARY_PATH").is_ok_and(|path| path.contains("no-alsa")) {
        assert!(Alsa::load().is_err());
        return in_lab(NAME, |lab: &Lab| {
            let speaker = lab.speaker("mono");
            assert_eq!(speaker.states().count(), 0);
            speaker.start(cue(1, Purpose::Ring, tone(8_000, 500.0, SECOND)));
            speaker.close();
        });
    }
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path());
    // The loader finds this first, and it is no library.
    let without = folder.path().join("no-alsa");
    fs::create_dir(&without).unwrap();
    fs::write(without.join("libasound.so.2"), "").unwrap();
    let output = child(NAME, folder.path()).env("LD_LIBRARY_PATH", &without).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_ran(&output);
}
