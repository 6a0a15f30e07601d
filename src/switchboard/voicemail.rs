//! Messages that callers have left: read from the disk to be heard, listed, forgotten.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tracing::warn;

use crate::api::refusal::Refusal;
use crate::api::request::Reply;
use crate::audio::clip::Clip;
use crate::audio::g711::RATE;
use crate::audio::import::import;
use crate::engine::input::Input;
use crate::history::recording_name::{Kept, RecordingName};
use crate::history::voice_message::{MessageWish, VoiceMessage};
use crate::leg::{LegId, PlayId};
use crate::media::handle::MediaCommand;
use crate::office::extension::Extension;
use crate::switchboard::answering::{answer, later};
use crate::switchboard::event::Found;
use crate::switchboard::run::Switchboard;

/// The silence that ended a message is left out, but for so much of it.
const TAIL: Duration = Duration::from_millis(500);

impl Switchboard {
    /// Reads a message beside the loop; the leg hears it when it is ready.
    pub(crate) fn read_message(&mut self, leg: LegId, play: PlayId, name: RecordingName) {
        self.reading.insert(leg, play);
        let found = self.parts.recording.find(name);
        let seconds = self.engine.message(&name).and_then(|message| message.seconds);
        let back = self.found.clone();
        later(async move {
            let read = match found.await {
                Ok(Ok(path)) => spawn_blocking(move || read(&path, seconds)).await.ok().flatten(),
                Ok(Err(_)) | Err(_) => None,
            };
            let clip = read.unwrap_or_else(|| {
                warn!(%name, "a message cannot be read");
                Clip::new(RATE, Vec::new())
            });
            // The loop has ended only if the daemon has.
            drop(back.send(Found::Message { leg, play, clip: Arc::new(clip) }).await);
        });
    }

    /// Unless the leg has been given something else meanwhile.
    pub(crate) fn play_message(&mut self, leg: LegId, play: PlayId, clip: Arc<Clip>) {
        if self.reading.get(&leg) == Some(&play) {
            self.reading.remove(&leg);
            self.parts.media.send(MediaCommand::Play { leg, play, clip, repeat: false });
        }
    }

    /// What the leg hears now takes the place of a message that is still being read.
    pub(crate) fn stop_reading(&mut self, leg: LegId) {
        self.reading.remove(&leg);
    }

    pub(crate) fn delete_message(&self, name: RecordingName) {
        self.parts.store.message_gone(name);
        // One that has reached its age is gone already.
        drop(self.parts.recording.delete(name));
    }

    pub(crate) fn message_expired(&mut self, name: RecordingName) {
        if name.kept == Kept::Message {
            let who = "naru".to_owned();
            self.tell(Input::Message { name, wish: MessageWish::Delete, who });
        }
    }

    /// Those of an agent, or all.
    pub(crate) fn messages(&self, agent: Option<&Extension>, reply: Reply<Vec<VoiceMessage>>) {
        let Some(agent) = agent else { return answer(reply, Ok(self.engine.messages())) };
        let found = self.engine.messages_of(agent);
        answer(reply, found.ok_or_else(Refusal::not_found));
    }

    pub(crate) fn wish_message(
        &mut self,
        name: RecordingName,
        wish: MessageWish,
        who: String,
        reply: Reply<()>,
    ) {
        if self.engine.message(&name).is_none() {
            return answer(reply, Err(Refusal::not_found()));
        }
        self.tell(Input::Message { name, wish, who });
        answer(reply, Ok(()));
    }
}

fn read(path: &Path, seconds: Option<u64>) -> Option<Clip> {
    let file = std::fs::read(path).ok()?;
    let whole = import(&file).ok()?;
    let longest = match seconds {
        // Whole seconds are told; one more may have begun.
        Some(seconds @ 1..) => Duration::from_secs(seconds + 1) + TAIL,
        Some(0) | None => whole.duration(),
    };
    let samples = longest.as_millis() * u128::from(whole.rate()) / 1_000;
    let samples = usize::try_from(samples).unwrap_or(usize::MAX).min(whole.samples().len());
    let clip = Clip::new(whole.rate(), whole.samples()[..samples].to_vec());
    clip.prepare();
    Some(clip)
}
