//! What the other parts hold of the speaker: cheap to clone, sends messages, never waits.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};

use tracing::{debug, warn};

use crate::speaker::card::{CardState, Sign};
use crate::speaker::score::{Cue, CueId, Purpose};

/// Commands that may wait for one card.
const QUEUE: usize = 64;

#[derive(Debug)]
pub enum SpeakerCommand {
    Start(Cue),
    Stop(CueId),
    /// The thread ends.
    Close,
}

/// Which card serves which purpose, by its ALSA PCM name; a purpose without a card is silent.
pub type CardNames = BTreeMap<Purpose, String>;

#[derive(Clone, Debug, Default)]
pub struct SpeakerHandle {
    cards: Arc<[Line]>,
    of: Arc<BTreeMap<Purpose, usize>>,
}

#[derive(Debug)]
struct Line {
    name: String,
    commands: SyncSender<SpeakerCommand>,
    sign: Sign,
}

/// What one card's thread reads and shows.
#[derive(Debug)]
pub struct CardEnd {
    pub name: String,
    pub commands: Receiver<SpeakerCommand>,
    pub sign: Sign,
}

impl SpeakerHandle {
    /// A handle, and an end for each different card.
    #[must_use]
    pub fn channel(names: &CardNames) -> (Self, Vec<CardEnd>) {
        let (mut lines, mut ends, mut of) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (purpose, name) in names {
            let known = lines.iter().position(|line: &Line| line.name == *name);
            let at = known.unwrap_or(lines.len());
            if known.is_none() {
                let (commands, received) = mpsc::sync_channel(QUEUE);
                let sign = Sign::default();
                lines.push(Line { name: name.clone(), commands, sign: sign.clone() });
                ends.push(CardEnd { name: name.clone(), commands: received, sign });
            }
            of.insert(*purpose, at);
        }
        (Self { cards: lines.into(), of: Arc::new(of) }, ends)
    }

    /// Lets something sound on the card of its purpose.
    pub fn start(&self, cue: Cue) {
        match self.of.get(&cue.purpose).and_then(|at| self.cards.get(*at)) {
            Some(card) => card.send(SpeakerCommand::Start(cue)),
            None => debug!(purpose = ?cue.purpose, "there is no sound card for it"),
        }
    }

    /// Ends what was started under this name, wherever it sounds.
    pub fn stop(&self, id: CueId) {
        for card in self.cards.iter() {
            card.send(SpeakerCommand::Stop(id));
        }
    }

    /// Ends the threads.
    pub fn close(&self) {
        for card in self.cards.iter() {
            card.send(SpeakerCommand::Close);
        }
    }

    /// Every card and how it is.
    pub fn states(&self) -> impl Iterator<Item = (&str, CardState)> {
        self.cards.iter().map(|card| (card.name.as_str(), card.sign.read()))
    }

    /// How the card of this purpose is; `None` when there is none.
    #[must_use]
    pub fn state(&self, purpose: Purpose) -> Option<CardState> {
        let at = self.of.get(&purpose)?;
        self.cards.get(*at).map(|card| card.sign.read())
    }
}

impl Line {
    fn send(&self, command: SpeakerCommand) {
        match self.commands.try_send(command) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                warn!(card = %self.name, "the speaker takes no more commands");
            }
            Err(TrySendError::Disconnected(_)) => {
                debug!(card = %self.name, "there is no speaker");
            }
        }
    }
}
