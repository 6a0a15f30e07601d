//! Finds the samples of a sound that the engine has named.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audio::builtin::{Prompt, looping_ringback, prompt, room_chime};
use crate::audio::clip::Clip;
use crate::audio::tone::{Signal, by_calling_code};
use crate::office::announcement::{Situation, Sound};

/// Tones are made once and shared by all who hear them.
#[derive(Debug, Default)]
pub struct Sounds {
    ringbacks: BTreeMap<String, Arc<Clip>>,
}

impl Sounds {
    #[must_use]
    pub fn clip(&mut self, sound: &Sound) -> Arc<Clip> {
        match sound {
            Sound::BuiltIn { situation, language } => prompt(spoken(*situation), language.code()),
            Sound::LoopingRingback => looping_ringback(),
            Sound::NationalRingback { country } => self.ringback(country),
            Sound::Chime => room_chime(),
        }
    }

    fn ringback(&mut self, country: &str) -> Arc<Clip> {
        let made = self
            .ringbacks
            .entry(country.to_owned())
            .or_insert_with(|| Arc::new(by_calling_code(country).tone(Signal::Ringback).clip()));
        Arc::clone(made)
    }
}

fn spoken(situation: Situation) -> Prompt {
    match situation {
        Situation::Greeting => Prompt::Greeting,
        Situation::AllBusy => Prompt::AllBusy,
        Situation::Closed => Prompt::Closed,
        Situation::Recording => Prompt::Recording,
    }
}
