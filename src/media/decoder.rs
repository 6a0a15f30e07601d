//! From packets of a codec to samples, and something to hear where a packet is missing.

use crate::audio::g711::Law;
use crate::audio::g722::{self, G722Decoder};
use crate::audio::opus::{Means, OpusDecoder, OpusUnavailable};
use crate::audio::plc::Concealer;
use crate::media::codec::Codec;

/// Two octets or less of Opus say only that nobody speaks (RFC 6716 2.1.9).
const OPUS_SILENCE: usize = 2;

/// No more of the packet after a gap is looked at: 20 ms of G.711.
const MOST_AHEAD: usize = 160;

#[derive(Debug)]
pub enum Decoder {
    Law(Law, Concealer),
    G722(Box<G722Decoder>, Concealer),
    Opus { decoder: OpusDecoder, rate: u32, silent: bool },
}

impl Decoder {
    /// Opus is decoded at `rate`, the others at their own.
    ///
    /// # Errors
    /// When Opus cannot be set up.
    pub fn new(codec: Codec, rate: u32) -> Result<Self, OpusUnavailable> {
        Ok(match codec {
            Codec::Pcmu => Self::Law(Law::Mu, Concealer::new(codec.rate())),
            Codec::Pcma => Self::Law(Law::A, Concealer::new(codec.rate())),
            Codec::G722 => Self::G722(Box::default(), Concealer::new(codec.rate())),
            Codec::Opus => Self::Opus { decoder: OpusDecoder::new(rate)?, rate, silent: false },
        })
    }

    /// Samples a second.
    #[must_use]
    pub fn rate(&self) -> u32 {
        match self {
            Self::Law(..) => 8_000,
            Self::G722(..) => g722::RATE,
            Self::Opus { rate, .. } => *rate,
        }
    }

    /// What it may use from the next packet on; of no meaning to other codecs than Opus.
    pub fn set_means(&mut self, means: Means) {
        match self {
            Self::Law(..) | Self::G722(..) => {}
            Self::Opus { decoder, .. } => decoder.set_means(means),
        }
    }

    /// How many losses have been concealed by neurons since this was last asked.
    pub fn take_made_up(&mut self) -> u16 {
        match self {
            Self::Law(..) | Self::G722(..) => 0,
            Self::Opus { decoder, .. } => decoder.take_made_up(),
        }
    }

    /// Whether the far end has said that it will be quiet for a while.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        match self {
            Self::Law(..) | Self::G722(..) => false,
            Self::Opus { silent, .. } => *silent,
        }
    }

    /// Samples that a payload holds; none if it is broken.
    #[must_use]
    pub fn length(&self, payload: &[u8]) -> usize {
        match self {
            Self::Law(..) => payload.len(),
            Self::G722(..) => payload.len() * 2,
            Self::Opus { decoder, .. } => decoder.length(payload).unwrap_or_default(),
        }
    }

    /// Samples before the packet that it can repair beyond 20 ms: Opus' repair is of a whole packet
    /// before it, which may be longer.
    #[must_use]
    pub fn repairs(&self, payload: &[u8]) -> usize {
        match self {
            Self::Law(..) | Self::G722(..) => 0,
            Self::Opus { .. } => self.length(payload),
        }
    }

    pub fn decode(&mut self, payload: &[u8], sound: &mut Vec<i16>) {
        let start = sound.len();
        match self {
            Self::Law(law, concealer) => {
                sound.extend(payload.iter().map(|&code| law.decode(code)));
                concealer.heard(&mut sound[start..]);
            }
            Self::G722(decoder, concealer) => {
                decoder.decode(payload, sound);
                concealer.heard(&mut sound[start..]);
            }
            Self::Opus { decoder, silent, .. } => {
                *silent = payload.len() <= OPUS_SILENCE;
                decoder.decode(payload, sound);
            }
        }
    }

    /// Appends `length` samples for what never came; `next` is the packet right after it, if here.
    pub fn conceal(&mut self, length: usize, next: Option<&[u8]>, sound: &mut Vec<i16>) {
        match self {
            Self::Law(law, concealer) => match next {
                Some(next) => {
                    let mut after = [0; MOST_AHEAD];
                    let known = next.len().min(MOST_AHEAD);
                    for (sample, &code) in after.iter_mut().zip(next) {
                        *sample = law.decode(code);
                    }
                    concealer.bridge(length, &after[..known], sound);
                }
                None => concealer.conceal(length, sound),
            },
            Self::G722(_, concealer) => concealer.conceal(length, sound),
            Self::Opus { decoder, .. } => match next {
                Some(next) => decoder.repair(next, length, sound),
                None => decoder.conceal(length, sound),
            },
        }
    }
}
