//! A clip coded once for all who hear it in one form.
//!
//! Whoever comes to a packet first has it coded; the others take the copy. So a clip costs its
//! hearers together what it would cost one, and nothing is coded before it is due.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use crate::audio::clip::Clip;
use crate::media::codec::Codec;
use crate::media::cuts::Cuts;
use crate::media::voice::{Form, PAYLOAD, Voice};

/// Octets a second of the codecs that are pressed; Opus seldom takes so many.
const G722: usize = 8_000;
const OPUS: usize = 4_000;
/// The coder stays with who leads: somebody elsewhere in the clip gets it when it is idle so long.
const IDLE: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub struct Pressing {
    clip: Weak<Clip>,
    form: Form,
    loss: u8,
    cuts: Cuts,
    /// Where each packet lies in `octets`, once it is coded.
    grooves: Vec<Groove>,
    octets: Vec<u8>,
    voice: Voice,
    /// The packet that the voice comes to next, and when it coded one last.
    head: usize,
    coded: Option<Instant>,
    used: Instant,
    frame: Vec<i16>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Groove {
    start: u32,
    length: u16,
    coded: bool,
}

impl Pressing {
    /// Of nothing yet. `None` if the codec cannot be set up.
    #[must_use]
    pub fn new(clip: &Arc<Clip>, form: Form, loss: u8, cuts: Cuts, now: Instant) -> Option<Self> {
        let (rate, samples) = clip.linear();
        Some(Self {
            clip: Arc::downgrade(clip),
            form,
            loss,
            cuts,
            grooves: vec![Groove::default(); cuts.count()],
            octets: Vec::with_capacity(octets(form, rate, samples.len())),
            voice: Voice::new(form, rate)?,
            head: 0,
            coded: None,
            used: now,
            frame: Vec::with_capacity(cuts.packet()),
        })
    }

    /// What a pressing will weigh, in octets.
    #[must_use]
    pub fn estimate(clip: &Clip, form: Form, cuts: Cuts) -> usize {
        let (rate, samples) = clip.linear();
        octets(form, rate, samples.len()) + cuts.count() * size_of::<Groove>()
    }

    #[must_use]
    pub fn weight(&self) -> usize {
        self.octets.capacity() + self.grooves.capacity() * size_of::<Groove>()
    }

    /// When somebody took a packet last.
    #[must_use]
    pub fn used(&self) -> Instant {
        self.used
    }

    #[must_use]
    pub fn is_of(&self, clip: &Arc<Clip>, cuts: Cuts) -> bool {
        self.cuts == cuts && self.clip.as_ptr() == Arc::as_ptr(clip)
    }

    /// Nobody can hear it any more.
    #[must_use]
    pub fn is_forgotten(&self) -> bool {
        self.clip.strong_count() == 0
    }

    /// A packet, coded now if it must be; empty where nobody speaks. `None` while the coder is busy
    /// elsewhere in the clip.
    pub fn packet(&mut self, clip: &Clip, index: usize, now: Instant) -> Option<&[u8]> {
        self.used = now;
        if !self.grooves.get(index)?.coded && !self.press(clip, index, now) {
            return None;
        }
        let Groove { start, length, .. } = self.grooves[index];
        self.octets.get(start as usize..start as usize + usize::from(length))
    }

    fn press(&mut self, clip: &Clip, index: usize, now: Instant) -> bool {
        if index != self.head {
            let busy = |coded| now.saturating_duration_since(coded) < IDLE;
            if self.coded.is_some_and(busy) || !self.move_to(clip, index) {
                return false;
            }
        }
        let mut payload = [0; PAYLOAD];
        let length = self.code(clip, index, &mut payload);
        let Ok(start) = u32::try_from(self.octets.len()) else { return false };
        self.octets.extend_from_slice(&payload[..length]);
        self.grooves[index] = Groove { start, length: length as u16, coded: true };
        (self.head, self.coded) = (self.cuts.after(index), Some(now));
        true
    }

    fn move_to(&mut self, clip: &Clip, index: usize) -> bool {
        let voice = Voice::within(self.form, (clip, self.cuts, index));
        voice.is_some_and(|voice| {
            self.voice = voice;
            true
        })
    }

    fn code(&mut self, clip: &Clip, index: usize, payload: &mut [u8; PAYLOAD]) -> usize {
        self.frame.clear();
        self.cuts.take(clip.linear().1, index, &mut self.frame);
        self.voice.say(&self.frame);
        self.voice.next(self.loss, payload).map_or(0, |spoken| spoken.length)
    }
}

fn octets(form: Form, rate: u32, samples: usize) -> usize {
    let a_second = match form.codec {
        Codec::Opus => OPUS,
        Codec::G722 | Codec::Pcmu | Codec::Pcma => G722,
    };
    (samples as u64 * a_second as u64 / u64::from(rate.max(1))) as usize
}
