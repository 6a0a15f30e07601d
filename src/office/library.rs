//! The sounds that a document may name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::office::announcement::Voice;
use crate::office::language::Language;
use crate::office::number::Ringback;
use crate::office::recording::{Recording, SoundHash, SoundName};
use crate::office::snapshot::Office;
use crate::office::spoken::Spoken;
use crate::office::workflow::speech::Speech;
use crate::words::Words;

/// Octets that all sounds of the office may take together, as they came and as they are played:
/// some four hours of announcements and music.
pub const MOST_SOUND: u64 = 512 * 1024 * 1024;

/// What each name stands for, and what is there at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Library {
    pub named: BTreeMap<SoundName, SoundHash>,
    /// Files that lie beside the document and have been brought in for it.
    pub beside: BTreeMap<SoundName, SoundHash>,
    /// `None`: what a document says is believed; it may be older than what is kept.
    pub held: Option<BTreeSet<SoundHash>>,
    pub speakers: Speakers,
}

/// Who speaks the office's texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speakers {
    /// Or why nobody does.
    pub engine: Result<(), Words>,
    /// The usual voice of each language, or why it has none.
    pub voices: BTreeMap<Language, Result<String, Words>>,
}

impl Default for Speakers {
    fn default() -> Self {
        Self { engine: Ok(()), voices: BTreeMap::new() }
    }
}

impl Library {
    /// What the store holds.
    #[must_use]
    pub fn of(held: &[HeldSound]) -> Self {
        let named =
            held.iter().filter_map(|sound| Some((sound.name.clone()?, sound.sha256))).collect();
        let held = Some(held.iter().map(|sound| sound.sha256).collect());
        Self { named, held, ..Self::default() }
    }

    /// Names that lead nowhere else mean what they meant in `previous`.
    pub(crate) fn after(mut self, previous: Option<&Office>) -> Self {
        for recording in previous.into_iter().flat_map(recordings) {
            self.named.entry(recording.name.clone()).or_insert(recording.sha256);
        }
        self
    }

    pub(crate) fn holds(&self, hash: &SoundHash) -> bool {
        self.held.as_ref().is_none_or(|held| held.contains(hash))
    }
}

/// A sound as the store holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSound {
    /// None: the office has it, but no name leads to it any more.
    pub name: Option<SoundName>,
    pub sha256: SoundHash,
    /// Of the file.
    pub bytes: u64,
    pub millis: u64,
}

/// The sound files that the office plays.
#[must_use]
pub fn recordings(office: &Office) -> BTreeSet<&Recording> {
    let voices = office.numbers.values().flat_map(|number| {
        let spoken = number.announcements.values().flat_map(BTreeMap::values);
        let announced = spoken.filter_map(|voice| match voice {
            Voice::BuiltIn | Voice::Text(_) => None,
            Voice::File(recording) => Some(recording),
        });
        let heard = match &number.ringback {
            Ringback::File(recording) => Some(recording),
            Ringback::Looping | Ringback::National => None,
        };
        announced.chain(heard)
    });
    let spoken = office.workflows.iter().flat_map(|workflow| &workflow.steps);
    let spoken = spoken.flat_map(|step| step.action.words()).flat_map(Speech::voices);
    let spoken = spoken.filter_map(|voice| match voice {
        Voice::BuiltIn | Voice::Text(_) => None,
        Voice::File(recording) => Some(recording),
    });
    voices.chain(spoken).collect()
}

/// The texts that the office has spoken, with their languages.
#[must_use]
pub fn texts(office: &Office) -> BTreeSet<(Language, &Spoken)> {
    let voices = office
        .numbers
        .values()
        .flat_map(|number| number.announcements.values().flat_map(|voices| voices.iter()));
    let steps = office.workflows.iter().flat_map(|workflow| &workflow.steps);
    let scripted = steps.flat_map(|step| step.action.words()).flat_map(Speech::spoken);
    let texts = voices.chain(scripted).filter_map(|(language, voice)| match voice {
        Voice::BuiltIn | Voice::File(_) => None,
        Voice::Text(spoken) => Some((*language, spoken)),
    });
    texts.collect()
}

/// Every sound of its own that the office plays.
#[must_use]
pub fn sounds(office: &Office) -> BTreeSet<SoundHash> {
    let recorded = recordings(office).into_iter().map(|recording| recording.sha256);
    let spoken = texts(office).into_iter().map(|(language, spoken)| spoken.sha256(language));
    recorded.chain(spoken).collect()
}

/// The office with another sound under `name`, wherever it plays it.
#[must_use]
pub fn replaced(office: &Office, name: &SoundName, by: SoundHash) -> Office {
    let mut office = office.clone();
    let replace = |recording: &mut Recording| {
        if recording.name == *name {
            recording.sha256 = by;
        }
    };
    for number in office.numbers.values_mut() {
        for voice in number.announcements.values_mut().flat_map(BTreeMap::values_mut) {
            match voice {
                Voice::BuiltIn | Voice::Text(_) => {}
                Voice::File(recording) => replace(recording),
            }
        }
        match &mut number.ringback {
            Ringback::File(recording) => replace(recording),
            Ringback::Looping | Ringback::National => {}
        }
    }
    for workflow in &mut office.workflows {
        let steps = Arc::make_mut(workflow).steps.iter_mut();
        let words = steps.flat_map(|step| step.action.words_mut());
        for voice in words.flat_map(Speech::voices_mut) {
            match voice {
                Voice::BuiltIn | Voice::Text(_) => {}
                Voice::File(recording) => replace(recording),
            }
        }
    }
    office
}
