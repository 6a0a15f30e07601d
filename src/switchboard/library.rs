//! The office's sound files: made ready, kept, given back. What takes long is done beside the loop.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::spawn_blocking;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::Reply;
use crate::audio::clip::Clip;
use crate::audio::import::import;
use crate::clock;
use crate::office::language::Language;
use crate::office::library::HeldSound;
use crate::office::recording::{SoundHash, SoundName};
use crate::office::spoken::Spoken;
use crate::store::handle::StoreHandle;
use crate::store::table::sounds::NewSound;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::run::Switchboard;
use crate::switchboard::sounds::Clips;
use crate::words::Words;

impl Switchboard {
    pub(crate) fn add_sound(
        &self,
        (file, name): (Bytes, Option<SoundName>),
        trial: bool,
        reply: Reply<HeldSound>,
    ) {
        let store = self.parts.store.clone();
        let added = clock::now().unix_millis();
        later(async move {
            let made = spawn_blocking(move || made(&file, added)).await;
            let sound = match made.unwrap_or_else(|_| Err(Refusal::unavailable())) {
                Ok(sound) => sound,
                Err(refusal) => return answer(reply, Err(refusal)),
            };
            if trial {
                return answer(reply, Ok(held(&sound, name)));
            }
            answer(reply, settled(store.add_sound(sound, name)).await);
        });
    }

    pub(crate) fn speak(&self, language: Language, spoken: Spoken, reply: Reply<HeldSound>) {
        let (speech, store) = (Arc::clone(&self.parts.speech), self.parts.store.clone());
        let added = clock::now().unix_millis();
        later(async move {
            let said = speech.speak(language, &spoken.voice, spoken.text.as_str()).await;
            let file = match said {
                Ok(file) => file,
                Err(error) => {
                    let refusal = Refusal::new(RefusalKind::Invalid, error.words());
                    return answer(reply, Err(refusal));
                }
            };
            let made = spawn_blocking(move || {
                let sound = made(&file, added)?;
                let (sha256, said) = (spoken.sha256(language), serde_json::to_string(&spoken).ok());
                Ok(NewSound { sha256, said, ..sound })
            });
            match made.await.unwrap_or_else(|_| Err(Refusal::unavailable())) {
                Ok(sound) => answer(reply, settled(store.add_sound(sound, None)).await),
                Err(refusal) => answer(reply, Err(refusal)),
            }
        });
    }

    pub(crate) fn remove_sound(&self, name: SoundName, reply: Reply<()>) {
        let removed = self.parts.store.remove_sound(name, clock::now().unix_millis());
        later(async move {
            let found = settled(removed).await;
            let found = found.and_then(|found| found.then_some(()).ok_or_else(Refusal::not_found));
            answer(reply, found);
        });
    }

    pub(crate) fn sound_file(&self, sha256: SoundHash, reply: Reply<Vec<u8>>) {
        let found = self.parts.store.sound_file(sha256);
        later(async move {
            let found = settled(found).await;
            answer(reply, found.and_then(|file| file.ok_or_else(Refusal::not_found)));
        });
    }
}

fn made(file: &[u8], added: i64) -> Result<NewSound, Refusal> {
    let clip = import(file).map_err(|error| {
        Refusal::new(RefusalKind::Invalid, Words::new(error.korean(), error.to_string()))
    })?;
    let samples = clip.samples().to_vec();
    let sha256 = SoundHash::of(file);
    Ok(NewSound { sha256, said: None, file: file.to_vec(), rate: clip.rate(), samples, added })
}

fn held(sound: &NewSound, name: Option<SoundName>) -> HeldSound {
    let millis = sound.samples.len() as u64 * 1_000 / u64::from(sound.rate.max(1));
    let (sha256, bytes) = (sound.sha256, sound.file.len() as u64);
    HeldSound { name, sha256, bytes, millis }
}

/// Sounds of the office, ready for any telephone, so that no call waits for them.
///
/// # Errors
/// When the store cannot be read.
pub async fn clips(store: &StoreHandle, wanted: BTreeSet<SoundHash>) -> Result<Clips, Refusal> {
    if wanted.is_empty() {
        return Ok(Clips::new());
    }
    let found = settled(store.samples(wanted)).await?;
    let ready = spawn_blocking(move || {
        let ready = found.into_iter().map(|sound| {
            let clip = Clip::new(sound.rate, sound.samples);
            clip.prepare();
            (sound.sha256, Arc::new(clip))
        });
        ready.collect()
    });
    ready.await.map_err(|_| Refusal::unavailable())
}
