//! Finds the samples of a sound that the engine has named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tracing::warn;

use crate::audio::builtin::{Prompt, looping_ringback, prompt, room_chime};
use crate::audio::clip::Clip;
use crate::audio::g711::RATE;
use crate::audio::tone::{Signal, by_calling_code};
use crate::office::announcement::{Situation, Sound};
use crate::office::library::sounds;
use crate::office::recording::SoundHash;
use crate::office::snapshot::Office;

/// Sounds of the office's own, ready to be played.
pub type Clips = BTreeMap<SoundHash, Arc<Clip>>;

/// Every sound is made once and shared by all who hear it.
#[derive(Debug)]
pub struct Sounds {
    ringbacks: BTreeMap<String, Arc<Clip>>,
    recorded: Clips,
    /// Of the office in force: of those before it, calls in progress may still play the last.
    wanted: BTreeSet<SoundHash>,
}

impl Sounds {
    #[must_use]
    pub fn new(office: &Office, clips: Clips) -> Self {
        Self { ringbacks: BTreeMap::new(), recorded: clips, wanted: wanted(office) }
    }

    /// The sounds of `office` that are not ready yet.
    #[must_use]
    pub fn missing(&self, office: &Office) -> BTreeSet<SoundHash> {
        let mut missing = wanted(office);
        missing.retain(|sha256| !self.recorded.contains_key(sha256));
        missing
    }

    /// New calls hear the sounds of `office` from here on.
    pub fn adopt(&mut self, office: &Office, clips: Clips) {
        let before = std::mem::replace(&mut self.wanted, wanted(office));
        self.recorded.extend(clips);
        self.recorded.retain(|sha256, _| self.wanted.contains(sha256) || before.contains(sha256));
    }

    #[must_use]
    pub fn clip(&mut self, sound: &Sound) -> Arc<Clip> {
        match sound {
            Sound::BuiltIn { situation, language } => prompt(spoken(*situation), language.code()),
            Sound::Recorded(sha256) => self.recorded(sha256),
            Sound::LoopingRingback => looping_ringback(),
            Sound::NationalRingback { country } => self.ringback(country),
            Sound::Chime => room_chime(),
        }
    }

    /// One that is gone is over as soon as it is played: the call goes on.
    fn recorded(&self, sha256: &SoundHash) -> Arc<Clip> {
        self.recorded.get(sha256).cloned().unwrap_or_else(|| {
            warn!(?sha256, "a sound of the office is not there");
            Arc::new(Clip::new(RATE, Vec::new()))
        })
    }

    fn ringback(&mut self, country: &str) -> Arc<Clip> {
        let made = self
            .ringbacks
            .entry(country.to_owned())
            .or_insert_with(|| Arc::new(by_calling_code(country).tone(Signal::Ringback).clip()));
        Arc::clone(made)
    }
}

/// The sounds of its own that the office plays.
#[must_use]
pub fn wanted(office: &Office) -> BTreeSet<SoundHash> {
    sounds(office)
}

fn spoken(situation: Situation) -> Prompt {
    match situation {
        Situation::Greeting => Prompt::Greeting,
        Situation::AllBusy => Prompt::AllBusy,
        Situation::Closed => Prompt::Closed,
        Situation::Recording => Prompt::Recording,
    }
}
