//! A laboratory with sound cards of its own: each test runs in a child process whose alsa-lib knows
//! them and nothing else of the machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use naru::audio::clip::Clip;
use naru::audio::tone::sine;
use naru::clock;
use naru::speaker::handle::{CardNames, SpeakerHandle};
use naru::speaker::run;
use naru::speaker::score::{Cue, CueId, Purpose, Sound, Volume};

const FOLDER: &str = "NARU_SPEAKER_LAB";

/// Name, rate and channels of the cards.
const CARDS: [(&str, u32, usize); 4] =
    [("mono", 48_000, 1), ("stereo", 48_000, 2), ("slow", 16_000, 1), ("odd", 44_100, 2)];

pub(crate) struct Lab {
    folder: PathBuf,
}

/// Runs `body` in the laboratory; `test` is the path of the test that calls.
pub(crate) fn in_lab(test: &str, body: impl FnOnce(&Lab)) {
    if let Ok(folder) = env::var(FOLDER) {
        return body(&Lab { folder: folder.into() });
    }
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path());
    let output = child(test, folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}{said}", String::from_utf8_lossy(&output.stdout));
    assert!(!said.contains("ALSA lib"), "alsa-lib talks to the terminal: {said}");
    assert_ran(&output);
}

/// The test `test` of this program, run once more in `folder`.
pub(crate) fn child(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env(FOLDER, folder);
    command.env("ALSA_CONFIG_PATH", folder.join("asound.conf"));
    command
}

pub(crate) fn assert_ran(output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "the name of the test is wrong: {said}");
}

/// Builds the card's plug-in and says which cards there are.
pub(crate) fn furnish(folder: &Path) {
    let plugin = folder.join("libasound_module_pcm_labcard.so");
    let built = Command::new("cc")
        .args(["-O2", "-Wall", "-shared", "-fPIC", "-DPIC", "-o"])
        .arg(&plugin)
        .args(["tests/speaker/labcard.c", "-lasound"])
        .status()
        .unwrap();
    assert!(built.success(), "the lab's card needs cc and libasound2-dev");
    let mut text = format!("pcm_type.labcard {{ lib \"{}\" }}\n", plugin.display());
    for (name, rate, channels) in CARDS {
        let (file, unplug) = (folder.join(name), folder.join(format!("{name}.unplug")));
        text += &format!(
            "pcm.{name} {{ type labcard file \"{}\" unplug \"{}\" rate {rate} channels {channels} }}\n",
            file.display(),
            unplug.display(),
        );
    }
    fs::write(folder.join("asound.conf"), text).unwrap();
}

impl Lab {
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A speaker that uses one card for everything.
    #[expect(clippy::unused_self, reason = "who holds the lab holds its cards and its time")]
    pub(crate) fn speaker(&self, card: &str) -> SpeakerHandle {
        let names: CardNames = Purpose::ALL.map(|purpose| (purpose, card.to_owned())).into();
        run::run(&names).unwrap()
    }

    /// What the card has been given so far: its first channel.
    pub(crate) fn heard(&self, card: &str) -> Vec<i16> {
        let (_, _, channels) = CARDS.into_iter().find(|(name, ..)| *name == card).unwrap();
        let bytes = fs::read(self.folder.join(card)).unwrap_or_default();
        let (frames, _) = bytes.as_chunks::<2>();
        frames.iter().step_by(channels).map(|&pair| i16::from_le_bytes(pair)).collect()
    }

    pub(crate) fn unplug(&self, card: &str) {
        fs::write(self.folder.join(format!("{card}.unplug")), "").unwrap();
    }

    pub(crate) fn plug_in(&self, card: &str) {
        fs::remove_file(self.folder.join(format!("{card}.unplug"))).unwrap();
    }

    /// Waits until `done`, at most `limit`.
    pub(crate) fn wait(&self, limit: Duration, what: &str, mut done: impl FnMut() -> bool) {
        let start = self.now();
        while !done() {
            assert!(self.now() - start < limit, "{what} has not come in {limit:?}");
            self.pause(Duration::from_millis(10));
        }
    }

    #[expect(clippy::unused_self, reason = "who holds the lab holds its cards and its time")]
    pub(crate) fn now(&self) -> Instant {
        clock::now().ticks
    }

    #[expect(clippy::unused_self, reason = "who holds the lab holds its cards and its time")]
    pub(crate) fn pause(&self, time: Duration) {
        thread::park_timeout(time);
    }
}

pub(crate) fn tone(rate: u32, hz: f64, time: Duration) -> Arc<Clip> {
    Arc::new(Clip::new(rate, sine(rate, hz, -12.0, time)))
}

pub(crate) fn cue(id: u64, purpose: Purpose, clip: Arc<Clip>) -> Cue {
    let sound = Sound::Clip { clip, repeat: purpose == Purpose::Ring };
    Cue { id: CueId(id), purpose, sound, volume: Volume::FULL }
}

/// The part that is not silent.
pub(crate) fn sounding(samples: &[i16]) -> &[i16] {
    let loud = |sample: &i16| sample.unsigned_abs() > 200;
    let Some(first) = samples.iter().position(loud) else { return &[] };
    let last = samples.iter().rposition(loud).unwrap();
    &samples[first..=last]
}
