//! Keys pressed towards a leg: as RFC 4733 events where agreed, as tones where not.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::audio::dtmf::{Tones, is_key};
use crate::media::ear::FRAME;
use crate::media::telephone_event::TelephoneEvent;

/// Keys that may wait; a longer queue is no finger.
const MOST: usize = 32;
/// The shortest press we send (ITU-T Q.24 asks receivers for 40 ms).
const SHORTEST: Duration = Duration::from_millis(60);
/// And the longest that is held.
const LONGEST: Duration = Duration::from_secs(10);
/// Between two presses.
const PAUSE: Duration = Duration::from_millis(60);
/// RFC 4733 2.5.1.4: the end is said three times.
const ENDS: u8 = 3;

#[derive(Debug, Default)]
pub struct Dialing {
    waiting: VecDeque<(char, Hold)>,
    press: Option<Press>,
}

/// How long a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    For(Duration),
    /// Until it is released.
    Held,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    key: char,
    hold: Hold,
    began: Instant,
    due: Instant,
    tones: Option<Tones>,
    ends: u8,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Beginning,
    Down,
    Pausing,
}

/// What is to be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A packet of an event; `first` begins it, with a timestamp of its own.
    Event { event: TelephoneEvent, first: bool },
    /// 20 ms of tones, in the frame handed in.
    Tone,
    /// Nothing but time.
    Pause,
}

impl Dialing {
    pub fn press(&mut self, key: char, hold: Hold) {
        if is_key(key) && self.waiting.len() < MOST {
            self.waiting.push_back((key.to_ascii_uppercase(), hold));
        }
    }

    /// The key that is held is let go.
    pub fn release(&mut self, now: Instant) {
        let held = |hold: &Hold| *hold == Hold::Held;
        if let Some((_, hold)) = self.waiting.iter_mut().find(|(_, hold)| held(hold)) {
            *hold = Hold::For(SHORTEST);
        } else if let Some(press) = self.press.as_mut().filter(|press| held(&press.hold)) {
            press.hold = Hold::For(now.saturating_duration_since(press.began).max(SHORTEST));
        }
    }

    /// Whether the leg hears keys, and nothing else meanwhile.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.press.is_some() || !self.waiting.is_empty()
    }

    /// `None`: at once, if busy.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.press.map(|press| press.due)
    }

    /// The next step, if one is due at `now`. `clock`: ticks a second of agreed events, or `None`
    /// where tones must do; `frame` takes them, at `rate`.
    pub fn step(
        &mut self,
        clock: Option<u32>,
        rate: u32,
        frame: &mut Vec<i16>,
        now: Instant,
    ) -> Option<Step> {
        let mut press = self.press.or_else(|| self.next(clock, rate, now))?;
        if press.due > now {
            self.press = Some(press);
            return None;
        }
        let since = now.saturating_duration_since(press.began) + FRAME;
        press.due = (press.due + FRAME).max(now);
        let over = match press.hold {
            Hold::For(length) => since > length.min(LONGEST),
            Hold::Held => since > LONGEST,
        };
        let step = match press.phase {
            Phase::Pausing => {
                self.press = None;
                return Some(Step::Pause);
            }
            Phase::Beginning | Phase::Down => press.sound(clock, since, over, rate, frame),
        };
        self.press = Some(press);
        Some(step)
    }

    fn next(&mut self, clock: Option<u32>, rate: u32, now: Instant) -> Option<Press> {
        let (key, hold) = self.waiting.pop_front()?;
        let tones = if clock.is_some() { None } else { Tones::of(key, rate) };
        let phase = Phase::Beginning;
        Some(Press { key, hold, began: now, due: now, tones, ends: ENDS, phase })
    }
}

impl Press {
    fn sound(
        &mut self,
        clock: Option<u32>,
        since: Duration,
        over: bool,
        rate: u32,
        frame: &mut Vec<i16>,
    ) -> Step {
        let first = self.phase == Phase::Beginning;
        self.phase = Phase::Down;
        if let Some(tones) = &mut self.tones {
            frame.clear();
            if over {
                self.pause();
                return Step::Pause;
            }
            tones.sound(rate as usize / 50, frame);
            return Step::Tone;
        }
        if over && !first {
            self.ends -= 1;
            if self.ends == 0 {
                self.pause();
            }
        }
        let length = match self.hold {
            Hold::For(length) => since.min(length),
            Hold::Held => since,
        };
        let ticks = length.as_micros() * u128::from(clock.unwrap_or(8_000)) / 1_000_000;
        let duration = u16::try_from(ticks).unwrap_or(u16::MAX);
        let event = TelephoneEvent { key: self.key, end: over && !first, duration };
        Step::Event { event, first }
    }

    fn pause(&mut self) {
        self.phase = Phase::Pausing;
        self.due += PAUSE;
    }
}
