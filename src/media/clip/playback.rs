//! A clip on its way to a leg: where it stands, and when its next packet is due.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::audio::clip::Clip;
use crate::audio::g711::{Law, RATE};
use crate::leg::PlayId;
use crate::media::cuts::Cuts;
use crate::media::voice::Form;

/// A tick this late is caught up with; anything later moves the clock (R18).
const MOST_CAUGHT_UP: Duration = Duration::from_millis(60);

#[derive(Debug)]
pub struct Playback {
    pub play: PlayId,
    clip: Arc<Clip>,
    repeat: bool,
    /// Position in samples of `rate` a second.
    at: usize,
    rate: u32,
    /// The same in whole packets, while it goes on by these.
    cut: Option<(Cuts, usize)>,
    /// Packets left out, because nobody speaks in them.
    pub silent: u32,
    /// The leg's own voice has said the last packet.
    pub live: bool,
    /// Where its own voice finds the samples of a packet.
    pub frame: Vec<i16>,
    due: Option<Instant>,
}

/// What became of a packet's worth of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Sounds,
    /// Everything has been played.
    Ended,
}

impl Playback {
    #[must_use]
    pub fn new(play: PlayId, clip: Arc<Clip>, repeat: bool) -> Self {
        Self {
            play,
            clip,
            repeat,
            at: 0,
            rate: RATE,
            cut: None,
            silent: 0,
            live: false,
            frame: Vec::new(),
            due: None,
        }
    }

    /// When the next packet is due; `None` until [`Self::start`].
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// The clock starts at `first`; before the leg is tuned, no word is lost.
    pub fn start(&mut self, first: Instant) {
        self.due.get_or_insert(first);
    }

    /// Moves the clock by one packet and returns how many packets' time is given up because the
    /// tick came far too late: the clip then goes on where it stood, later.
    pub fn advance(&mut self, ptime: Duration, now: Instant) -> u32 {
        let Some(due) = self.due else { return 0 };
        let late = now.saturating_duration_since(due);
        let skipped = if late <= MOST_CAUGHT_UP {
            0
        } else {
            (late.as_micros() / ptime.as_micros().max(1)).try_into().unwrap_or(u32::MAX)
        };
        self.due = Some(due + ptime.saturating_mul(skipped.saturating_add(1)));
        skipped
    }

    #[must_use]
    pub fn clip(&self) -> &Arc<Clip> {
        &self.clip
    }

    /// The packet of that length that comes next; [`Cuts::count`] when everything has been played.
    /// `None` if there is nothing in the clip.
    #[must_use]
    pub fn packet(&mut self, form: Form) -> Option<(Cuts, usize)> {
        let (rate, samples) = self.clip.linear();
        let length = samples.len();
        let cuts = Cuts::new(length, rate, form.ptime, self.repeat)?;
        if let Some((_, index)) = self.cut.filter(|(now, _)| *now == cuts) {
            return Some((cuts, index));
        }
        self.settle();
        self.change_rate(rate);
        let ended = self.at >= length && !self.repeat;
        Some((cuts, if ended { cuts.count() } else { cuts.index(self.at) }))
    }

    /// The packet has been dealt with.
    pub fn pass(&mut self, (cuts, index): (Cuts, usize)) {
        self.cut = Some((cuts, cuts.after(index)));
    }

    /// It was not sent, or there is nothing in it.
    pub fn left_out(&mut self) {
        self.silent = self.silent.saturating_add(1);
        self.live = false;
    }

    /// What becomes of a clip in which there is nothing: one that is repeated lasts.
    #[must_use]
    pub fn nothing(&self) -> Step {
        if self.repeat { Step::Sounds } else { Step::Ended }
    }

    /// Fills `codes` with what comes next; the last packet is filled up with silence, a
    /// repeated clip goes on with its beginning.
    pub fn fill(&mut self, law: Law, codes: &mut [u8]) -> Step {
        self.settle();
        self.change_rate(RATE);
        let clip = Arc::clone(&self.clip);
        self.fill_from(clip.coded(law), law.silence(), codes)
    }

    fn fill_from(&mut self, sound: &[u8], silence: u8, out: &mut [u8]) -> Step {
        if self.at >= sound.len() {
            if sound.is_empty() && self.repeat {
                out.fill(silence);
                return Step::Sounds;
            }
            return Step::Ended;
        }
        let mut filled = 0;
        while filled < out.len() {
            let part = &sound[self.at..sound.len().min(self.at + out.len() - filled)];
            out[filled..filled + part.len()].copy_from_slice(part);
            filled += part.len();
            self.at += part.len();
            if self.at < sound.len() {
                continue;
            }
            if !self.repeat {
                out[filled..].fill(silence);
                break;
            }
            self.at = 0;
        }
        Step::Sounds
    }

    /// The leg has changed the length of its packets, or its codec.
    fn settle(&mut self) {
        if let Some((cuts, index)) = self.cut.take() {
            (self.at, self.rate) = (cuts.position(index), self.clip.linear().0);
        }
    }

    fn change_rate(&mut self, rate: u32) {
        if rate != self.rate {
            self.at = (self.at as u64 * u64::from(rate) / u64::from(self.rate)) as usize;
            self.rate = rate;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn playback(samples: Vec<i16>, repeat: bool) -> Playback {
        Playback::new(PlayId(1), Arc::new(Clip::new(8_000, samples)), repeat)
    }

    #[test]
    fn the_last_packet_is_filled_up_with_silence() {
        let mut once = playback(vec![8; 6], false);
        let mut codes = [0; 4];
        assert_eq!(once.fill(Law::A, &mut codes), Step::Sounds);
        assert_eq!(once.fill(Law::A, &mut codes), Step::Sounds);
        assert_eq!(codes, [0xd5; 4]);
        assert_eq!(once.fill(Law::A, &mut codes), Step::Ended);
    }

    #[test]
    fn a_repeated_clip_has_no_gap_however_short() {
        let mut endless = playback(vec![8, 264, 24], true);
        let mut codes = [0; 8];
        assert_eq!(endless.fill(Law::A, &mut codes), Step::Sounds);
        assert_eq!(codes, [0xd5, 0xc5, 0xd4, 0xd5, 0xc5, 0xd4, 0xd5, 0xc5]);
        let mut nothing = playback(Vec::new(), true);
        assert_eq!(nothing.fill(Law::Mu, &mut codes), Step::Sounds);
        assert_eq!(codes, [0xff; 8]);
    }
}
