//! How one leg is spoken to: sound of any rate, converted, coded and cut into packets.

use tracing::warn;

use crate::audio::clip::Clip;
use crate::audio::converter::Converter;
use crate::audio::g711::Law;
use crate::audio::g722::{self, G722Encoder};
use crate::audio::opus::{Effort, OpusEncoder};
use crate::media::codec::{Codec, OpusTerms};
use crate::media::cuts::Cuts;
use crate::media::handle::Tuning;

/// Longer than any packet we make: 60 ms of G.711, or Opus at 64 kbit/s.
pub const PAYLOAD: usize = 640;
/// Up to here two octets of Opus say only that nobody speaks (RFC 6716 2.1.9).
const OPUS_SILENCE: usize = 2;
/// From this loss on the far end's repair is worth its bits (RFC 6716 2.1.7 leaves it open).
const LOSSY: u8 = 1;
/// Below this announced loss libopus spends nothing on repair.
const ANNOUNCED: u8 = 10;
/// Milliseconds of the sound before, after which a new voice goes on where another stopped: both
/// sides of an adaptive codec have then come to the same.
const WARM: u8 = 200;
/// Of what is coded for many, so that few codings serve all of them.
const LOSS_STEP: u8 = 10;
const MOST_LOSS: u8 = 30;

#[derive(Debug)]
pub struct Voice {
    encoder: Encoder,
    form: Form,
    /// Samples a second of the sound given in, and of the encoder.
    from: u32,
    rate: u32,
    converter: Option<Converter>,
    pending: Vec<i16>,
    silent: u32,
}

/// What must be the same for a voice to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    pub codec: Codec,
    pub terms: OpusTerms,
    /// Milliseconds a packet.
    pub ptime: u8,
}

#[derive(Debug)]
enum Encoder {
    Law(Law),
    G722(Box<G722Encoder>),
    Opus(OpusEncoder),
}

/// One packet: how long, and how many RTP ticks; `silent` packets before it were left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub length: usize,
    pub ticks: u32,
    pub silent: u32,
}

impl Form {
    #[must_use]
    pub fn of(tuning: &Tuning) -> Self {
        let tens = tuning.ptime.clamp(10, 60) / 10 * 10;
        let ptime = match (tuning.codec, tens) {
            // RFC 6716 2.1.4 knows no 30 and 50 ms.
            (Codec::Opus, 30) => 20,
            (Codec::Opus, 50) => 40,
            (Codec::Opus | Codec::Pcmu | Codec::Pcma | Codec::G722, tens) => tens,
        };
        Self { codec: tuning.codec, terms: tuning.opus, ptime }
    }

    /// The loss, in percent, for which a packet is coded that many shall take; 0 if the far end
    /// has no use for repair.
    #[must_use]
    pub fn shared_loss(self, loss: u8) -> u8 {
        if self.codec != Codec::Opus || !self.terms.fec || loss < LOSSY {
            return 0;
        }
        loss.clamp(1, MOST_LOSS).div_ceil(LOSS_STEP) * LOSS_STEP
    }
}

impl Voice {
    /// For sound of `from` samples a second; `None` if Opus cannot be set up.
    #[must_use]
    pub fn new(form: Form, from: u32) -> Option<Self> {
        let (encoder, rate) = match form.codec {
            Codec::Pcmu => (Encoder::Law(Law::Mu), form.codec.rate()),
            Codec::Pcma => (Encoder::Law(Law::A), form.codec.rate()),
            Codec::G722 => (Encoder::G722(Box::default()), g722::RATE),
            // Coded as wide as it comes: a phone call costs a third of a concert.
            Codec::Opus => match OpusEncoder::new(from) {
                Ok(encoder) => (Encoder::Opus(encoder), from),
                Err(error) => {
                    warn!(%error, "a leg cannot be spoken to");
                    return None;
                }
            },
        };
        let converter = Converter::new(from, rate);
        let pending = Vec::new();
        Some(Self { encoder, form, from, rate, converter, pending, silent: 0 })
    }

    /// For the packets of a clip from `index` on: nobody hears that another spoke before it.
    #[must_use]
    pub fn within(form: Form, (clip, cuts, index): (&Clip, Cuts, usize)) -> Option<Self> {
        let (rate, samples) = clip.linear();
        let mut voice = Self::new(form, rate)?;
        let mut packet = Vec::with_capacity(cuts.packet());
        let warm = usize::from(WARM.div_ceil(form.ptime.max(1)));
        for before in index.saturating_sub(warm)..index {
            packet.clear();
            cuts.take(samples, before, &mut packet);
            voice.say(&packet);
            voice.next(0, &mut [0; PAYLOAD]);
        }
        voice.silent = 0;
        Some(voice)
    }

    #[must_use]
    pub fn fits(&self, form: Form, from: u32) -> bool {
        (self.form, self.from) == (form, from)
    }

    /// Takes sound in.
    pub fn say(&mut self, sound: &[i16]) {
        match &mut self.converter {
            Some(converter) => converter.convert(sound, &mut self.pending),
            None => self.pending.extend_from_slice(sound),
        }
    }

    /// Codes the next whole packet, if there is one. `loss`: percent the far end has told.
    pub fn next(&mut self, loss: u8, payload: &mut [u8; PAYLOAD]) -> Option<Spoken> {
        loop {
            let millis = usize::from(self.form.ptime);
            let samples = self.rate as usize * millis / 1_000;
            if self.pending.len() < samples {
                return None;
            }
            let sound = &self.pending[..samples];
            let length = match &mut self.encoder {
                Encoder::Law(law) => {
                    for (code, &sample) in payload.iter_mut().zip(sound) {
                        *code = law.encode(sample);
                    }
                    samples
                }
                Encoder::G722(encoder) => encoder.encode(sound, payload),
                Encoder::Opus(encoder) => {
                    encoder.set(effort(self.form.terms, self.rate, loss));
                    encoder.encode(sound, payload)
                }
            };
            self.pending.drain(..samples);
            if length == 0 || self.form.codec == Codec::Opus && length <= OPUS_SILENCE {
                self.silent = self.silent.saturating_add(1);
                continue;
            }
            let ticks = self.form.codec.clock() / 1_000 * u32::from(self.form.ptime);
            return Some(Spoken { length, ticks, silent: std::mem::take(&mut self.silent) });
        }
    }
}

/// As little work as the line allows: repair costs bits and effort, and pays only where packets
/// are lost.
fn effort(terms: OpusTerms, rate: u32, loss: u8) -> Effort {
    let lossy = terms.fec && loss >= LOSSY;
    let (bitrate, complexity) = match (rate, lossy) {
        (8_000, false) => (16_000, 3),
        (8_000, true) => (24_000, 9),
        (16_000, false) => (24_000, 5),
        (_, false) => (32_000, 5),
        (16_000, true) => (28_000, 9),
        (_, true) => (36_000, 9),
    };
    let loss = if lossy { loss.max(ANNOUNCED) } else { 0 };
    Effort { bitrate: bitrate.min(terms.most), complexity, loss, dtx: terms.dtx }
}
