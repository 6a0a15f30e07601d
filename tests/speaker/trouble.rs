//! Cards that run dry, go away and come back.

use std::process::Command;
use std::time::Duration;

use naru::audio::detect::share;
use naru::speaker::card::CardState;
use naru::speaker::score::{CueId, Purpose};

use crate::lab::{cue, in_lab, sounding, tone};

const SECOND: Duration = Duration::from_secs(1);

fn signal(name: &str) -> String {
    format!("(sleep 1; kill -STOP {0}; sleep 0.5; kill -{name} {0})", std::process::id())
}

#[test]
fn a_card_that_runs_dry_plays_on() {
    in_lab("trouble::a_card_that_runs_dry_plays_on", |lab| {
        let speaker = lab.speaker("mono");
        // The whole process stands still for half a second: the card has nothing left to play.
        let mut stall = Command::new("sh").args(["-c", &signal("CONT")]).spawn().unwrap();
        speaker.start(cue(1, Purpose::Announce, tone(8_000, 1_000.0, 3 * SECOND)));
        lab.wait(10 * SECOND, "the end", || {
            speaker.state(Purpose::Announce) == Some(CardState::Idle)
                && !lab.heard("mono").is_empty()
        });
        assert!(stall.wait().unwrap().success());
        let heard = lab.heard("mono");
        let heard = sounding(&heard);
        assert!(heard.len().abs_diff(3 * 48_000) < 480, "nothing is lost: {}", heard.len());
        assert!(share(&heard[4_800..139_200], 48_000, 1_000.0) > 0.999, "not even the phase");
    });
}

#[test]
fn an_unplugged_card_comes_back_by_itself() {
    in_lab("trouble::an_unplugged_card_comes_back_by_itself", |lab| {
        let speaker = lab.speaker("mono");
        speaker.start(cue(1, Purpose::Ring, tone(8_000, 1_000.0, SECOND)));
        lab.wait(3 * SECOND, "sound", || sounding(&lab.heard("mono")).len() > 24_000);
        lab.unplug("mono");
        lab.wait(2 * SECOND, "the loss", || speaker.state(Purpose::Ring) == Some(CardState::Away));
        let before = lab.heard("mono").len();
        lab.pause(SECOND);
        assert_eq!(lab.heard("mono").len(), before);
        lab.plug_in("mono");
        lab.wait(5 * SECOND, "the return", || lab.heard("mono").len() > before + 48_000);
        assert_eq!(speaker.state(Purpose::Ring), Some(CardState::Playing));
        let after = lab.heard("mono").split_off(before);
        assert!(share(&after[4_800..43_200], 48_000, 1_000.0) > 0.99);
        speaker.stop(CueId(1));
        lab.wait(6 * SECOND, "silence", || speaker.state(Purpose::Ring) == Some(CardState::Idle));
    });
}

#[test]
fn what_a_missing_card_could_not_say_is_not_said_later() {
    in_lab("trouble::what_a_missing_card_could_not_say_is_not_said_later", |lab| {
        lab.unplug("mono");
        let speaker = lab.speaker("mono");
        for id in 0..3 {
            speaker.start(cue(id, Purpose::Announce, tone(8_000, 1_000.0, SECOND / 4)));
        }
        lab.wait(2 * SECOND, "the loss", || {
            speaker.state(Purpose::Announce) == Some(CardState::Away)
        });
        lab.pause(2 * SECOND);
        lab.plug_in("mono");
        lab.pause(SECOND);
        assert!(lab.heard("mono").is_empty(), "old news");
        // The next word is tried at once, however long the card was away.
        let start = lab.now();
        speaker.start(cue(9, Purpose::Announce, tone(8_000, 2_000.0, SECOND / 2)));
        lab.wait(3 * SECOND, "news", || !sounding(&lab.heard("mono")).is_empty());
        assert!(lab.now() - start < SECOND);
    });
}
