//! What the API asks of recordings.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::Reply;
use crate::api::schema::schema::RecordingFile;
use crate::engine::input::Input;
use crate::history::call_id::CallId;
use crate::history::recording_name::RecordingName;
use crate::history::voice_message::MessageWish;
use crate::leg::RecordingWish;
use crate::recording::folder::Found;
use crate::recording::handle::Answer;
use crate::store::handle::StoreHandle;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::run::Switchboard;
use crate::time::unix_millis;
use crate::words::Words;

impl Switchboard {
    pub(crate) fn recordings(&self, call: Option<CallId>, reply: Reply<Vec<RecordingFile>>) {
        let listed = self.parts.recording.list(call);
        let store = self.parts.store.clone();
        later(async move { answer(reply, described(listed, &store).await) });
    }

    pub(crate) fn record(&mut self, call: CallId, wish: RecordingWish, reply: Reply<()>) {
        if !self.engine.live().calls.iter().any(|live| live.id == call) {
            return answer(reply, Err(Refusal::not_found()));
        }
        self.tell(Input::Record { call, wish });
        answer(reply, Ok(()));
    }

    pub(crate) fn recording_path(&self, name: RecordingName, reply: Reply<PathBuf>) {
        let found = self.parts.recording.find(name);
        later(async move { answer(reply, kept(found).await) });
    }

    pub(crate) fn delete_recording(&mut self, name: RecordingName, reply: Reply<()>) {
        if self.engine.message(&name).is_some() {
            return self.wish_message(name, MessageWish::Delete, String::new(), reply);
        }
        let deleted = self.parts.recording.delete(name);
        later(async move { answer(reply, kept(deleted).await) });
    }
}

/// The newest first, with what the history knows of their calls.
async fn described(
    listed: Answer<Vec<Found>>,
    store: &StoreHandle,
) -> Result<Vec<RecordingFile>, Refusal> {
    let mut listed = kept(listed).await?;
    listed.sort_by_key(|found| std::cmp::Reverse(found.name));
    let ids = listed.iter().map(|found| found.name.call).collect();
    // What they sound like matters more than what the history says of them.
    let calls = settled(store.recorded(ids)).await.unwrap_or_default();
    let file = |found: Found| RecordingFile {
        name: found.name.to_string(),
        call: found.name.call.0,
        octets: found.octets,
        written: unix_millis(found.written),
        of: calls.get(&found.name.call).cloned(),
    };
    Ok(listed.into_iter().map(file).collect())
}

/// # Errors
/// Recording's, as a refusal.
pub(crate) async fn kept<T>(asked: Answer<T>) -> Result<T, Refusal> {
    let error = match asked.await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => error,
        Err(_) => return Err(Refusal::unavailable()),
    };
    Err(if error.kind() == ErrorKind::NotFound {
        Refusal::not_found()
    } else if error.kind() == ErrorKind::ResourceBusy {
        let words = Words::new("아직 녹음하고 있습니다", "it is still being recorded");
        Refusal::new(RefusalKind::Conflict, words)
    } else {
        let words = Words::new(
            format!("녹음 폴더를 쓸 수 없습니다: {error}"),
            format!("the folder of recordings cannot be used: {error}"),
        );
        Refusal::new(RefusalKind::Failed, words)
    })
}
