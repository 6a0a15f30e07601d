//! Answers lists on a connection of its own, so that they never delay a record.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::thread::Builder;

use tracing::{info, warn};

use crate::store::backup;
use crate::store::error::StoreError;
use crate::store::reader::Reader;
use crate::store::request::{Read, Reply, answer};

/// Runs until it is told to close.
pub(crate) fn answer_lists(file: &Path, queue: &Receiver<Read>) {
    let mut kept = None;
    while let Ok(read) = queue.recv() {
        match read {
            Read::Calls { filter, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.calls(&filter)));
            }
            Read::Call { id, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.call(id)));
            }
            Read::Recorded { ids, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.recorded(&ids)));
            }
            Read::Conversations { filter, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.conversations(&filter)));
            }
            Read::Cases { filter, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.cases(&filter)));
            }
            Read::Conversation { id, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.conversation(id)));
            }
            Read::Leads { part, rows, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.leads(&part, rows)));
            }
            Read::Changes { before, rows, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.changes(before, rows)));
            }
            Read::Workflows { reply } => {
                answer(reply, with(&mut kept, file, Reader::workflows));
            }
            Read::Figures { filter, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.figures(&filter)));
            }
            Read::Targets { span, targets, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.count(span, &targets)));
            }
            Read::AgentFigures { span, hours, reply } => {
                let figures = |reader: &Reader| reader.agent_figures(span, hours.as_ref());
                answer(reply, with(&mut kept, file, figures));
            }
            Read::HoursVersions { name, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.hours_versions(&name)));
            }
            Read::Remembered { reply } => {
                answer(reply, with(&mut kept, file, Reader::remembered));
            }
            Read::Sounds { reply } => {
                answer(reply, with(&mut kept, file, Reader::sounds));
            }
            Read::Samples { wanted, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.samples(&wanted)));
            }
            Read::SoundFile { sha256, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.sound_file(&sha256)));
            }
            Read::Documents { reply } => {
                answer(reply, with(&mut kept, file, Reader::documents));
            }
            Read::Document { number, reply } => {
                answer(reply, with(&mut kept, file, |reader| reader.document(&number)));
            }
            Read::Backup { path, reply } => start_backup(file.to_owned(), path, reply),
            Read::Close => return,
        }
    }
}

/// Asks the reader that is there, or a new one after a failure.
fn with<T>(
    kept: &mut Option<Reader>,
    file: &Path,
    ask: impl Fn(&Reader) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let reader = match kept.take() {
        Some(reader) => reader,
        None => Reader::open_file(file)?,
    };
    let answer = ask(&reader)?;
    *kept = Some(reader).filter(Reader::is_lasting);
    Ok(answer)
}

/// Its own thread: a backup of years must not keep lists waiting.
fn start_backup(file: PathBuf, path: PathBuf, reply: Reply<()>) {
    let work = move || {
        let written = backup::write(&file, &path);
        if written.is_ok() {
            info!(backup = %path.display(), "a backup is written");
        }
        answer(reply, written);
    };
    if let Err(error) = Builder::new().name("store-backup".to_owned()).spawn(work) {
        warn!(%error, "no thread for a backup");
    }
}
