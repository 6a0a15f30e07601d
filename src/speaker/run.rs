//! The speaker's loops: one thread a card. A card that hangs holds up nobody but itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, TryRecvError};
use std::thread;
use std::time::Instant;
use std::{io, mem};

use tracing::{error, info};

use crate::clock;
use crate::speaker::alsa::Alsa;
use crate::speaker::card::{Card, Next, RATE};
use crate::speaker::handle::{CardEnd, CardNames, SpeakerCommand, SpeakerHandle};
use crate::speaker::score::Score;

/// Starts a thread for each card. Without alsa-lib there is none, and the handle's commands go
/// nowhere.
///
/// # Errors
/// When the process has no thread left.
pub fn run(names: &CardNames) -> io::Result<SpeakerHandle> {
    if names.is_empty() {
        return Ok(SpeakerHandle::default());
    }
    let alsa = match Alsa::load() {
        Ok(alsa) => alsa,
        Err(missing) => {
            info!(%missing, "the box has no voice of its own");
            return Ok(SpeakerHandle::default());
        }
    };
    let (handle, ends) = SpeakerHandle::channel(names);
    for end in ends {
        let alsa = alsa.clone();
        // Nobody waits for its end: a driver that hangs must not hold up the daemon's.
        thread::Builder::new().name("speaker".to_owned()).spawn(move || work(&end, &alsa))?;
    }
    Ok(handle)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    GoesOn,
    Done,
}

fn work(end: &CardEnd, alsa: &Alsa) {
    alsa.keep_quiet_here();
    loop {
        let mut desk = Desk::new(end, alsa);
        if catch_unwind(AssertUnwindSafe(|| desk.work())).is_ok() {
            info!(card = %end.name, underruns = desk.card.underruns(), "the speaker has ended");
            return;
        }
        error!(card = %end.name, "the speaker has failed and starts anew; what sounded is lost");
    }
}

struct Desk<'a> {
    end: &'a CardEnd,
    card: Card,
    score: Score,
}

impl<'a> Desk<'a> {
    fn new(end: &'a CardEnd, alsa: &Alsa) -> Self {
        let card = Card::new(end.name.clone(), alsa.clone(), end.sign.clone());
        Self { end, card, score: Score::new(RATE) }
    }

    fn work(&mut self) {
        self.card.probe(clock::now().ticks);
        let mut next = Next::Command;
        while self.obey(mem::replace(&mut next, Next::Now)) == Work::GoesOn {
            next = self.card.play(&mut self.score, clock::now().ticks);
        }
    }

    /// Takes in every command that is there, after waiting for the first as `next` says.
    fn obey(&mut self, next: Next) -> Work {
        let mut first = match next {
            Next::Now => Ok(None),
            Next::Command => self.end.commands.recv().map(Some).map_err(drop),
            Next::At(at) => self.wait(at),
        };
        loop {
            match first {
                Err(()) | Ok(Some(SpeakerCommand::Close)) => return Work::Done,
                Ok(Some(SpeakerCommand::Start(cue))) => self.score.start(cue),
                Ok(Some(SpeakerCommand::Stop(id))) => self.score.stop(id),
                Ok(None) => {}
            }
            first = match self.end.commands.try_recv() {
                Ok(command) => Ok(Some(command)),
                Err(TryRecvError::Disconnected) => Err(()),
                Err(TryRecvError::Empty) => return Work::GoesOn,
            };
        }
    }

    fn wait(&self, until: Instant) -> Result<Option<SpeakerCommand>, ()> {
        let patience = until.saturating_duration_since(clock::now().ticks);
        match self.end.commands.recv_timeout(patience) {
            Ok(command) => Ok(Some(command)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(()),
        }
    }
}
