//! How one leg is heard: its packets in order, decoded, in frames of 20 ms, whatever the network
//! has done to them.

use std::time::{Duration, Instant};

use crate::audio::noise::Noise;
use crate::audio::opus::OpusUnavailable;
use crate::audio::stretch::{Need, lengthen, shorten};
use crate::media::codec::Codec;
use crate::media::decoder::Decoder;
use crate::media::jitter::{Arrival, Content, Jitter, Taken};
use crate::media::neurons::Neurons;

/// One frame.
pub const FRAME: Duration = Duration::from_millis(20);
/// On a line never heard before: a wake-up that is late shall not be heard.
const FIRST_WAIT: i64 = 8_000;
/// Sound this much older than it need be is shortened.
const TOO_OLD: i64 = 30_000;
/// And this much older is left out.
const FAR_TOO_OLD: i64 = 120_000;
/// From this loss on it is worth a wait to know what comes after a gap.
const LOSSY: f32 = 0.01;
/// One loss is enough, and is forgotten after some seven seconds.
const ONE_LOSS: f32 = 0.02;
const LOSS_MEMORY: f32 = 0.998;
/// So far from the goal seams may be heard.
const URGENT: i64 = 25_000;
/// Without a packet for so long the far end is taken to have stopped. Opus that leaves silence out
/// says every 400 ms how the silence sounds.
const STOPPED: i64 = 600_000;
/// The same after it has said that it would be quiet.
const FORGOTTEN: i64 = 2_000_000;

#[derive(Debug)]
pub struct Ear {
    codec: Codec,
    jitter: Jitter,
    decoder: Decoder,
    epoch: Instant,
    state: State,
    /// Decoded and not yet given out.
    sound: Vec<i16>,
    /// What was given out last, for the seams.
    before: Vec<i16>,
    comfort: Option<Noise>,
    figures: Figures,
    /// Smoothed, in microseconds.
    delay: i64,
    /// Which part of the packets is missing lately.
    lossiness: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    /// The first packets wait for those that may still come before them.
    Starting,
    Running(Progress),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    /// Timestamp of what is to be decoded next, and sequence number of what was decoded last.
    next: i64,
    last: Option<u16>,
    /// Ticks filled while nothing was there, which may turn out to be lost, late or never spoken.
    debt: i64,
    /// Microseconds since the last packet.
    without: i64,
    /// Frames concealed since then; no loss if nothing comes any more.
    owed: u64,
}

/// What the ear has done so far, in frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub frames: u64,
    pub concealed: u64,
    /// Packets that came when their time was over.
    pub late: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulled {
    Frame,
    /// The leg says nothing; nothing need be sent.
    Nothing,
}

impl Ear {
    /// Opus is heard at `rate`, the others at their own.
    ///
    /// # Errors
    /// When Opus cannot be set up.
    pub fn new(codec: Codec, rate: u32, now: Instant) -> Result<Self, OpusUnavailable> {
        let decoder = Decoder::new(codec, rate)?;
        let before = vec![0; decoder.rate() as usize / 25];
        Ok(Self {
            codec,
            jitter: Jitter::new(codec.clock()),
            decoder,
            epoch: now,
            state: State::Idle,
            sound: Vec::new(),
            before,
            comfort: None,
            figures: Figures::default(),
            delay: 0,
            lossiness: 0.0,
        })
    }

    #[must_use]
    pub fn codec(&self) -> Codec {
        self.codec
    }

    #[must_use]
    pub fn rate(&self) -> u32 {
        self.decoder.rate()
    }

    #[must_use]
    pub fn figures(&self) -> Figures {
        self.figures
    }

    /// How long sound waits here, on average.
    #[must_use]
    pub fn delay(&self) -> Duration {
        Duration::from_micros(self.delay.max(0).unsigned_abs())
    }

    /// Takes a packet in. Returns when [`Self::pull`] should be called first, if it has begun.
    pub fn put(&mut self, arrival: Arrival<'_>, now: Instant) -> Option<Instant> {
        let at = self.micros(now);
        let played = match self.state {
            State::Running(progress) => Some(progress.next),
            State::Idle | State::Starting => None,
        };
        match self.jitter.put(arrival, played, at) {
            Taken::Held => {}
            Taken::Copy => return None,
            Taken::Late => {
                self.figures.late += 1;
                return None;
            }
            Taken::Restart => self.state = State::Idle,
        }
        match &mut self.state {
            State::Idle => {
                self.state = State::Starting;
                let first = self.jitter.first()?.timestamp;
                let wait = self.wait() - self.jitter.age(first, at);
                Some(now + Duration::from_micros(wait.max(0).unsigned_abs()))
            }
            State::Starting => None,
            State::Running(progress) => {
                progress.without = 0;
                None
            }
        }
    }

    /// The next 20 ms, in the place of what `frame` held, with as many neurons as are to be had.
    pub fn pull(&mut self, now: Instant, neurons: &mut Neurons, frame: &mut Vec<i16>) -> Pulled {
        frame.clear();
        let at = self.micros(now);
        if !self.runs(at) {
            return Pulled::Nothing;
        }
        let length = self.rate() as usize / 50;
        let age = self.age(at, length);
        self.delay += (age - self.delay) / 16;
        if age > self.wait() + FAR_TOO_OLD {
            self.leave_out(age - self.wait());
        }
        let follows = !self.jitter.is_empty();
        let wants_mending = self.codec == Codec::Opus && self.is_lossy();
        self.decoder.set_means(neurons.means(wants_mending, now));
        self.fill(length);
        if follows {
            self.keep_pace(age, length);
        }
        neurons.spend(self.decoder.take_made_up());
        frame.extend(self.sound.drain(..length));
        self.before.drain(..length.min(self.before.len()));
        self.before.extend_from_slice(frame);
        self.figures.frames += 1;
        self.rest();
        Pulled::Frame
    }

    /// Whether nothing has come for so long that nothing need be asked for.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.state == State::Idle
    }

    fn runs(&mut self, at: i64) -> bool {
        match self.state {
            State::Idle => false,
            State::Running(_) => true,
            State::Starting => {
                let Some(first) = self.jitter.first() else { return false };
                let first = first.timestamp;
                if self.jitter.age(first, at) < self.wait() {
                    return false;
                }
                let (last, debt, without, owed) = (None, 0, 0, 0);
                self.state = State::Running(Progress { next: first, last, debt, without, owed });
                true
            }
        }
    }

    /// How old the next packet will be when it is needed, beyond the quickest way here.
    fn age(&self, at: i64, length: usize) -> i64 {
        let State::Running(Progress { next, debt, .. }) = self.state else { return 0 };
        // What was filled in is most often lost, and not only late.
        let next = next + debt;
        let frames = (self.sound.len() / length) as i64;
        self.jitter.age(next, at) + frames * FRAME.as_micros() as i64
    }

    fn is_lossy(&self) -> bool {
        self.lossiness > LOSSY
    }

    fn wait(&self) -> i64 {
        let wait = self.jitter.delays.target().max(FIRST_WAIT);
        // The packet after a lost one must be here when it is to mend the gap, or to be led up to.
        let looks_ahead = match self.codec {
            Codec::Pcmu | Codec::Pcma | Codec::Opus => true,
            Codec::G722 => false,
        };
        if looks_ahead && self.is_lossy() { wait + FRAME.as_micros() as i64 } else { wait }
    }

    /// Decodes, or conceals, until a frame is there.
    fn fill(&mut self, length: usize) {
        while self.sound.len() < length {
            self.decode_next(length);
        }
    }

    fn decode_next(&mut self, length: usize) {
        let State::Running(progress) = &mut self.state else {
            return self.sound.resize(length, 0);
        };
        let per_frame = i64::from(self.codec.clock()) / 50;
        let Some(held) = self.jitter.first() else {
            if self.decoder.is_silent() || self.comfort.is_some() {
                progress.next += per_frame;
            } else {
                progress.debt += per_frame;
                progress.owed += 1;
            }
            progress.without += FRAME.as_micros() as i64;
            return self.conceal(length);
        };
        let gap = held.timestamp - progress.next;
        // Time has passed and no number is missing: nobody spoke (RFC 3551 4.1).
        let was_pause =
            gap > 0 && progress.last.is_some_and(|l| l.wrapping_add(1) == held.sequence);
        let owed = std::mem::take(&mut progress.owed);
        self.figures.concealed += if was_pause { 0 } else { owed };
        if gap > 0 {
            return self.cross(gap, was_pause, per_frame);
        }
        progress.debt = 0;
        progress.last = Some(held.sequence);
        self.lossiness *= LOSS_MEMORY;
        let samples = match held.kind {
            Content::Comfort => {
                // RFC 3389 3.1: the level in -dBov; the spectrum is left to the ear.
                let level = held.payload.first().map_or(127, |byte| byte & 0x7f);
                self.comfort = Some(Noise::new(level));
                length
            }
            Content::Speech => {
                self.comfort = None;
                let samples = self.decoder.length(&held.payload);
                self.decoder.decode(&held.payload, &mut self.sound);
                samples
            }
        };
        let ticks = samples as i64 * i64::from(self.codec.clock()) / i64::from(self.decoder.rate());
        progress.next = held.timestamp.max(progress.next) + ticks.max(1);
        self.jitter.skip();
        if let Some(noise) = &mut self.comfort {
            noise.fill(samples, &mut self.sound);
        }
    }

    /// Comes nearer to the first packet that is here, `gap` ticks ahead.
    fn cross(&mut self, gap: i64, was_pause: bool, per_frame: i64) {
        let State::Running(progress) = &mut self.state else { return };
        let Some(held) = self.jitter.first() else { return };
        if !was_pause {
            self.lossiness += ONE_LOSS * (1.0 - self.lossiness);
        }
        let paid = gap.min(progress.debt);
        progress.next += paid;
        progress.debt = 0;
        if paid == gap {
            return;
        }
        let (clock, rate) = (i64::from(self.codec.clock()), i64::from(self.decoder.rate()));
        let reach = self.decoder.repairs(&held.payload) as i64 * clock / rate;
        let missing = gap - paid;
        let speech = held.kind == Content::Speech && !was_pause;
        let repair = speech && missing <= reach.max(per_frame);
        let missing = if repair { missing } else { missing.min(per_frame) };
        progress.next += missing;
        let samples = (missing * rate / clock) as usize;
        if self.comfort.is_some() || was_pause {
            return self.conceal(samples);
        }
        let after = Some(held.payload.as_slice()).filter(|_| repair);
        self.decoder.conceal(samples, after, &mut self.sound);
        self.figures.concealed += 1;
    }

    fn conceal(&mut self, length: usize) {
        match &mut self.comfort {
            Some(noise) => noise.fill(length, &mut self.sound),
            None => self.decoder.conceal(length, None, &mut self.sound),
        }
    }

    /// A little longer or shorter, so that packets come neither too late nor far too early.
    fn keep_pace(&mut self, age: i64, length: usize) {
        let (goal, rate) = (self.wait(), self.decoder.rate());
        let need = |off: i64| if off > URGENT { Need::Must } else { Need::Wish };
        if age < goal {
            lengthen(&self.before, &mut self.sound, rate, need(goal - age));
        } else if age > goal + TOO_OLD && !self.jitter.is_empty() {
            if self.sound.len() < 2 * length {
                self.decode_next(length);
            }
            shorten(&self.before, &mut self.sound, rate, need(age - goal - TOO_OLD));
            self.fill(length);
        }
    }

    /// What piled up while the network stood still would only be heard as delay.
    fn leave_out(&mut self, excess: i64) {
        let State::Running(progress) = &mut self.state else { return };
        progress.next += excess * i64::from(self.codec.clock()) / 1_000_000;
        progress.debt = 0;
        let next = progress.next;
        while self.jitter.first().is_some_and(|held| held.timestamp < next) {
            self.jitter.skip();
            self.figures.late += 1;
        }
    }

    /// The far end has stopped: what it says next begins anew.
    fn rest(&mut self) {
        let State::Running(Progress { without, .. }) = self.state else { return };
        let quiet = self.decoder.is_silent() || self.comfort.is_some();
        if without >= if quiet { FORGOTTEN } else { STOPPED } {
            self.state = State::Idle;
            self.comfort = None;
            self.sound.clear();
        }
    }

    fn micros(&self, now: Instant) -> i64 {
        now.saturating_duration_since(self.epoch).as_micros() as i64
    }
}
