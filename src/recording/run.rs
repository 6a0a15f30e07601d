//! The recording thread: takes commands, empties the tapes, writes.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tracing::warn;

use crate::clock;
use crate::office::call_recording::RecordingRules;
use crate::recording::handle::{RecordingCommand, RecordingEvent};
use crate::recording::recorder::Recorder;

/// How often tapes are emptied: they hold seconds.
const BUSY: Duration = Duration::from_millis(100);
/// How often an idle thread looks whether a recording has reached its age.
const IDLE: Duration = Duration::from_secs(60);

/// Starts the thread. It ends at [`RecordingCommand::Close`], and closes what is being recorded.
///
/// # Errors
/// When the process has no thread left.
pub fn run(
    folder: PathBuf,
    rules: RecordingRules,
    commands: Receiver<RecordingCommand>,
    events: Sender<RecordingEvent>,
) -> io::Result<JoinHandle<()>> {
    let mut recorder = Recorder::new(folder, rules);
    let work = move || {
        while goes_on(&mut recorder, &commands) {
            recorder.advance(clock::now());
            tell(&mut recorder, &events);
        }
        recorder.close(clock::now());
        tell(&mut recorder, &events);
    };
    Builder::new().name("recording".to_owned()).spawn(work)
}

fn goes_on(recorder: &mut Recorder, commands: &Receiver<RecordingCommand>) -> bool {
    let wait = if recorder.is_busy() { BUSY } else { IDLE };
    match commands.recv_timeout(wait) {
        Ok(RecordingCommand::Close) | Err(RecvTimeoutError::Disconnected) => false,
        Ok(command) => {
            recorder.handle(command, clock::now());
            true
        }
        Err(RecvTimeoutError::Timeout) => true,
    }
}

fn tell(recorder: &mut Recorder, events: &Sender<RecordingEvent>) {
    while let Some(event) = recorder.poll_event() {
        if let Err(refused) = events.try_send(event) {
            warn!(%refused, "nobody takes what recording tells");
        }
    }
}
