//! What a test phone has heard, and whether it was the right thing.

use std::time::Duration;

use crate::audio::clip::Clip;
use crate::audio::detect::{loudness, share};
use crate::audio::g711::RATE;
use crate::testphone::fingerprint::share_heard;
use crate::testphone::rtp::Piece;

/// Longer than any test call; later sound is not kept.
const MAX_SAMPLES: usize = 120 * RATE as usize;
/// A pause in the stream up to this long is heard as silence; a longer one is a new stream.
const MAX_PAUSE: u32 = 5 * RATE;
/// A tone is looked for in pieces of 20 ms.
const BLOCK: usize = RATE as usize / 50;
/// Quieter than this, in dB of full scale, a piece is silence.
const SILENCE: f64 = -50.0;
/// The part of a piece's energy that must lie in the tone.
const TONE_SHARE: f64 = 0.8;

/// Sound at 8 kHz in the order of its time stamps.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    samples: Vec<i16>,
    /// Source and time stamp of the sample that comes next.
    next: Option<(u32, u32)>,
}

impl Heard {
    pub fn take_in(&mut self, piece: &Piece) {
        if let Some((ssrc, timestamp)) = self.next
            && ssrc == piece.ssrc
        {
            let pause = piece.timestamp.wrapping_sub(timestamp);
            if pause > u32::MAX / 2 {
                return; // late or twice
            }
            if pause <= MAX_PAUSE {
                self.push(std::iter::repeat_n(0, pause as usize));
            }
        }
        self.push(piece.samples.iter().copied());
        let after = piece.timestamp.wrapping_add(piece.samples.len() as u32);
        self.next = Some((piece.ssrc, after));
    }

    /// How long it was in all.
    #[must_use]
    pub fn length(&self) -> Duration {
        Duration::from_secs_f64(self.samples.len() as f64 / f64::from(RATE))
    }

    /// How long a tone of `hertz` was heard.
    #[must_use]
    pub fn tone(&self, hertz: f64) -> Duration {
        let with_tone = self
            .samples
            .chunks_exact(BLOCK)
            .filter(|block| loudness(block) > SILENCE)
            .filter(|block| share(block, RATE, hertz) >= TONE_SHARE)
            .count();
        Duration::from_millis(20) * u32::try_from(with_tone).unwrap_or(u32::MAX)
    }

    /// The part of a clip that was heard, 0 to 1: see `fingerprint`.
    #[must_use]
    pub fn matches(&self, clip: &Clip) -> f64 {
        share_heard(&self.samples, clip)
    }

    fn push(&mut self, samples: impl Iterator<Item = i16>) {
        let room = MAX_SAMPLES - self.samples.len();
        self.samples.extend(samples.take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::g711::Law;
    use crate::testphone::rtp::Voice;

    fn tone(hertz: f64, packets: usize) -> Vec<Piece> {
        let mut voice = Voice::new(1);
        voice.set_tone(Some(hertz));
        (0..packets).map(|_| Piece::parse(&voice.packet(Law::Mu)).unwrap()).collect()
    }

    #[test]
    fn a_tone_is_heard_for_as_long_as_it_sounds() {
        let mut heard = Heard::default();
        tone(700.0, 25).iter().for_each(|piece| heard.take_in(piece));
        assert_eq!(heard.tone(700.0), Duration::from_millis(500));
        assert_eq!(heard.tone(1_000.0), Duration::ZERO);
    }

    #[test]
    fn a_lost_packet_is_silence_and_a_late_one_is_dropped() {
        let mut heard = Heard::default();
        let pieces = tone(700.0, 4);
        for at in [0, 2, 1, 2, 3] {
            heard.take_in(&pieces[at]);
        }
        assert_eq!(heard.length(), Duration::from_millis(80));
        assert_eq!(heard.tone(700.0), Duration::from_millis(60));
    }

    #[test]
    fn a_recording_has_an_end() {
        let mut heard = Heard::default();
        heard.push(std::iter::repeat_n(0, 2 * MAX_SAMPLES));
        assert_eq!(heard.length(), Duration::from_secs(120));
        heard.push([1].into_iter());
        assert_eq!(heard.length(), Duration::from_secs(120));
    }
}
