//! One sound card: open while something sounds, recovered from an underrun, tried again after it
//! was missing, busy or unplugged. What should sound meanwhile passes unheard, at its own pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use tracing::{debug, info, warn};

use crate::speaker::alsa::{Alsa, AlsaError, Pcm, Wish};
use crate::speaker::score::Score;

/// Samples a second that cards are asked for.
pub const RATE: u32 = 48_000;
/// 20 ms.
pub const PERIOD: u32 = RATE / 50;
/// 80 ms: what a busy machine may be late by.
const BUFFER: u32 = 4 * PERIOD;
/// A card that is away is tried again after this, then after twice as long, and so on …
const FIRST_TRY: Duration = Duration::from_millis(250);
/// … up to this.
const LAST_TRY: Duration = Duration::from_secs(8);
/// A card that takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long silence is played before the card is closed: others may want it.
const LINGER: Duration = Duration::from_secs(3);
/// Linux: `EPIPE` is an underrun, `ESTRPIPE` a suspend, `EAGAIN` a full buffer, `EINTR` a signal.
const EPIPE: i32 = -32;
const ESTRPIPE: i32 = -86;
const EAGAIN: i32 = -11;
const EINTR: i32 = -4;

/// How a card is, for those who look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardState {
    /// Nothing sounds; it opened when it was last tried.
    Idle,
    Playing,
    /// Missing, busy or unplugged; it is tried again and again while something shall sound.
    Away,
}

/// A state that others may read at any time.
#[derive(Clone, Debug, Default)]
pub struct Sign(Arc<AtomicU8>);

impl Sign {
    #[must_use]
    pub fn read(&self) -> CardState {
        match self.0.load(Ordering::Relaxed) {
            0 => CardState::Idle,
            1 => CardState::Playing,
            _ => CardState::Away,
        }
    }

    fn show(&self, state: CardState) {
        self.0.store(state as u8, Ordering::Relaxed);
    }
}

#[derive(Debug)]
pub struct Card {
    name: String,
    alsa: Alsa,
    state: State,
    sign: Sign,
    underruns: u64,
    frames: Vec<i16>,
    /// What has been mixed but not taken yet, and where it stands.
    written: usize,
}

#[derive(Debug)]
enum State {
    Closed,
    Open { pcm: Pcm, silent_since: Option<Instant> },
    Away { retry: Instant, pause: Duration, passed: Instant },
}

/// What the loop should do before it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Come back at once; waiting was done in the card.
    Now,
    /// Come back then, or when a command comes.
    At(Instant),
    /// Come back when a command comes.
    Command,
}

impl Card {
    #[must_use]
    pub fn new(name: String, alsa: Alsa, sign: Sign) -> Self {
        Self {
            name,
            alsa,
            state: State::Closed,
            sign,
            underruns: 0,
            frames: Vec::new(),
            written: 0,
        }
    }

    #[must_use]
    pub fn underruns(&self) -> u64 {
        self.underruns
    }

    /// Looks whether the card is there, so that the diary says so at the start.
    pub fn probe(&mut self, now: Instant) {
        self.open(FIRST_TRY, now);
        if let State::Open { pcm, .. } = &self.state {
            info!(card = %self.name, rate = pcm.rate(), channels = pcm.channels(), "sound card");
            self.state = State::Closed;
            self.sign.show(CardState::Idle);
        }
    }

    /// Plays the next part of the score.
    pub fn play(&mut self, score: &mut Score, now: Instant) -> Next {
        match &mut self.state {
            State::Closed if score.is_silent() => return Next::Command,
            State::Closed => {
                self.open(FIRST_TRY, now);
                if let State::Open { pcm, .. } = &self.state {
                    score.set_rate(pcm.rate());
                }
            }
            State::Away { .. } => return self.pass(score, now),
            State::Open { silent_since, .. } => {
                let since = *silent_since.get_or_insert(now);
                if !score.is_silent() {
                    *silent_since = None;
                } else if now.saturating_duration_since(since) >= LINGER {
                    debug!(card = %self.name, "closed");
                    self.state = State::Closed;
                    self.sign.show(CardState::Idle);
                    return Next::Command;
                }
                if let Err(error) = self.feed(score) {
                    self.trouble(&error, now);
                }
            }
        }
        Next::Now
    }

    fn open(&mut self, pause: Duration, now: Instant) {
        let was_away = self.sign.read() == CardState::Away;
        let wish = Wish { rate: RATE, period: PERIOD, buffer: BUFFER };
        match self.alsa.open(&self.name, wish) {
            Ok(pcm) => {
                if was_away {
                    info!(card = %self.name, "the sound card is back");
                }
                self.written = 0;
                self.frames.clear();
                self.state = State::Open { pcm, silent_since: None };
                self.sign.show(CardState::Playing);
            }
            Err(error) => {
                if !was_away {
                    warn!(card = %self.name, %error, "no sound: the sound card cannot be opened");
                }
                self.go_away(pause, now);
            }
        }
    }

    fn go_away(&mut self, pause: Duration, now: Instant) {
        let passed = match self.state {
            State::Away { passed, .. } => passed,
            State::Closed | State::Open { .. } => now,
        };
        self.state = State::Away { retry: now + pause, pause, passed };
        self.sign.show(CardState::Away);
    }

    /// Writes until the card wants no more or a period is through.
    fn feed(&mut self, score: &mut Score) -> Result<(), AlsaError> {
        let State::Open { pcm, .. } = &mut self.state else { return Ok(()) };
        if self.written == self.frames.len() {
            let (period, channels) = (pcm.period() as usize, pcm.channels() as usize);
            self.frames.resize(period * channels, 0);
            self.written = 0;
            score.mix(&mut self.frames[..period]);
            for at in (0..period).rev() {
                let sample = self.frames[at];
                self.frames[at * channels..(at + 1) * channels].fill(sample);
            }
        }
        if !pcm.wait(PATIENCE)? {
            let words = "the sound card takes nothing any more".to_owned();
            return Err(AlsaError { code: 0, words });
        }
        let taken = pcm.write(&self.frames[self.written..])?;
        self.written += taken * pcm.channels() as usize;
        Ok(())
    }

    fn trouble(&mut self, error: &AlsaError, now: Instant) {
        let State::Open { pcm, .. } = &mut self.state else { return };
        let recovered = match error.code {
            EAGAIN | EINTR => return,
            EPIPE | ESTRPIPE => pcm.recover(error),
            _ => Err(error.clone()),
        };
        match recovered {
            Ok(()) => {
                self.underruns += 1;
                debug!(card = %self.name, underruns = self.underruns, "the sound card ran dry");
            }
            Err(error) => {
                warn!(card = %self.name, %error, "the sound card is gone");
                self.go_away(FIRST_TRY, now);
            }
        }
    }

    /// Without a card time goes on: an announcement that could not be heard is over when it would
    /// have been.
    fn pass(&mut self, score: &mut Score, now: Instant) -> Next {
        let State::Away { retry, pause, passed } = &mut self.state else { return Next::Now };
        let rate = score.rate();
        let period = Duration::from_secs(1) / 50;
        self.frames.resize((rate / 50) as usize, 0);
        while *passed + period <= now && !score.is_silent() {
            score.mix(&mut self.frames);
            *passed += period;
        }
        if score.is_silent() {
            // The next sound tries it again at once.
            self.state = State::Closed;
            return Next::Command;
        }
        if now < *retry {
            return Next::At((*passed + period).min(*retry));
        }
        let longer = (*pause * 2).min(LAST_TRY);
        self.open(longer, now);
        if let State::Open { pcm, .. } = &self.state {
            score.set_rate(pcm.rate());
        }
        Next::Now
    }
}
