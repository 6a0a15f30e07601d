//! What a listener would think of a line, by the E-model (ITU-T G.107): an estimate from loss and
//! delay, not a measurement of speech.

use std::fmt;
use std::time::Duration;

use crate::media::codec::Codec;

/// Packets before anything is said: a second.
const ENOUGH: u64 = 50;
/// G.107 table 2: the rating of a line without any impairment.
const BEST: f64 = 93.2;

/// Mean opinion score, in hundredths: 100 to 450.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mos(u16);

impl Mos {
    #[must_use]
    pub fn hundredths(self) -> u16 {
        self.0
    }

    #[must_use]
    pub fn tenths(self) -> u8 {
        (self.0 / 10).min(u8::MAX.into()) as u8
    }

    /// Of packets that came, and those lost or too late; as [`rating`].
    #[must_use]
    pub fn estimate(codec: Codec, counts: (u64, u64), delay: Duration) -> Option<Self> {
        let rating = rating(codec, counts, delay)?;
        let score = 1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6;
        Some(Self((score.clamp(1.0, 4.5) * 100.0).round() as u16))
    }
}

/// The E-model's rating, 0 to 100, of packets that came, and those lost or too late; `None` until
/// enough has been heard. `delay` is from mouth to ear as far as it is known.
#[must_use]
pub fn rating(codec: Codec, (packets, lost): (u64, u64), delay: Duration) -> Option<f64> {
    if packets + lost < ENOUGH {
        return None;
    }
    let loss = 100.0 * lost as f64 / (packets + lost) as f64;
    let (impairment, robustness) = codec_factors(codec);
    let by_loss = impairment + (95.0 - impairment) * loss / (loss + robustness);
    let millis = delay.as_secs_f64() * 1_000.0;
    // G.107 simplified (as in G.107 Annex B's curve): conversation suffers past 177 ms.
    let by_delay = 0.024 * millis + 0.11 * (millis - 177.3).max(0.0);
    Some((BEST - by_loss - by_delay).clamp(0.0, 100.0))
}

impl fmt::Display for Mos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Equipment impairment and robustness to loss (ITU-T G.113 Appendix I: G.711 with concealment;
/// the others are taken alike, as their values there are of the wideband scale).
fn codec_factors(codec: Codec) -> (f64, f64) {
    match codec {
        Codec::Pcmu | Codec::Pcma | Codec::G722 | Codec::Opus => (0.0, 25.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mos(lost: u64, millis: u64) -> Option<u16> {
        let delay = Duration::from_millis(millis);
        Mos::estimate(Codec::Pcma, (1_000 - lost, lost), delay).map(Mos::hundredths)
    }

    #[test]
    fn loss_and_delay_cost() {
        assert!((435..=442).contains(&mos(0, 20).unwrap()));
        assert!((380..=420).contains(&mos(30, 20).unwrap()));
        assert!(mos(100, 20) < mos(50, 20) && mos(0, 400) < mos(0, 100));
        assert!(mos(999, 20).unwrap() >= 100);
    }

    #[test]
    fn nothing_is_said_before_something_is_heard() {
        assert_eq!(Mos::estimate(Codec::Opus, (49, 0), Duration::ZERO), None);
        assert_eq!(Mos::estimate(Codec::Opus, (0, 0), Duration::ZERO), None);
    }
}
