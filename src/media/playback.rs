//! A clip on its way to a leg: where it stands, and when its next packet is due.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::audio::clip::Clip;
use crate::audio::g711::{Law, RATE};
use crate::leg::PlayId;

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
    due: Option<Instant>,
}

/// What became of a packet's worth of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Filled,
    /// Everything has been played; nothing was filled.
    Ended,
}

impl Playback {
    #[must_use]
    pub fn new(play: PlayId, clip: Arc<Clip>, repeat: bool) -> Self {
        Self { play, clip, repeat, at: 0, rate: RATE, due: None }
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

    /// Fills `codes` with what comes next; the last packet is filled up with silence, a
    /// repeated clip goes on with its beginning.
    pub fn fill(&mut self, law: Law, codes: &mut [u8]) -> Progress {
        let clip = Arc::clone(&self.clip);
        self.fill_from(clip.coded(law), RATE, law.silence(), codes)
    }

    /// The same in samples, 20 ms at the clip's own rate, which is returned.
    pub fn fill_linear(&mut self, frame: &mut Vec<i16>) -> (u32, Progress) {
        let clip = Arc::clone(&self.clip);
        let (rate, samples) = clip.linear();
        frame.resize(rate as usize / 50, 0);
        (rate, self.fill_from(samples, rate, 0, frame))
    }

    fn fill_from<T: Copy>(
        &mut self,
        sound: &[T],
        rate: u32,
        silence: T,
        out: &mut [T],
    ) -> Progress {
        if rate != self.rate {
            // The leg has changed its codec.
            self.at = (self.at as u64 * u64::from(rate) / u64::from(self.rate)) as usize;
            self.rate = rate;
        }
        if self.at >= sound.len() {
            if sound.is_empty() && self.repeat {
                out.fill(silence);
                return Progress::Filled;
            }
            return Progress::Ended;
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
        Progress::Filled
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
        assert_eq!(once.fill(Law::A, &mut codes), Progress::Filled);
        assert_eq!(once.fill(Law::A, &mut codes), Progress::Filled);
        assert_eq!(codes, [0xd5; 4]);
        assert_eq!(once.fill(Law::A, &mut codes), Progress::Ended);
    }

    #[test]
    fn a_repeated_clip_has_no_gap_however_short() {
        let mut endless = playback(vec![8, 264, 24], true);
        let mut codes = [0; 8];
        assert_eq!(endless.fill(Law::A, &mut codes), Progress::Filled);
        assert_eq!(codes, [0xd5, 0xc5, 0xd4, 0xd5, 0xc5, 0xd4, 0xd5, 0xc5]);
        let mut nothing = playback(Vec::new(), true);
        assert_eq!(nothing.fill(Law::Mu, &mut codes), Progress::Filled);
        assert_eq!(codes, [0xff; 8]);
    }
}
