//! One leg's part of a recording: its packets, heard as the leg's partner heard them.

use std::time::Instant;

use tracing::warn;

use crate::audio::converter::Converter;
use crate::leg::LegId;
use crate::media::codec::Codec;
use crate::media::ear::{Ear, Pulled};
use crate::media::jitter::Arrival;
use crate::media::neurons::Neurons;
use crate::media::tape::{TapeReader, Taped};

/// Samples a second of every recording: all that a wideband telephone carries.
pub const RATE: u32 = 16_000;
/// Samples of 20 ms.
pub const FRAME: usize = 320;

#[derive(Debug)]
pub struct Track {
    leg: LegId,
    tape: TapeReader,
    ear: Option<Ear>,
    neurons: Neurons,
    converter: Option<(u32, Converter)>,
    payload: Vec<u8>,
    said: Vec<i16>,
    converted: Vec<i16>,
}

impl Track {
    #[must_use]
    pub fn new(leg: LegId, tape: TapeReader) -> Self {
        let (payload, said, converted) = (Vec::new(), Vec::new(), Vec::new());
        let neurons = Neurons::concealing_alone();
        Self { leg, tape, ear: None, neurons, converter: None, payload, said, converted }
    }

    #[must_use]
    pub fn leg(&self) -> LegId {
        self.leg
    }

    /// Adds to `mix` the 20 ms that were to be heard at `due`. Call it for every frame in turn.
    pub fn hear(&mut self, due: Instant, mix: &mut [i32; FRAME]) {
        self.take_in(due);
        let Some(ear) = &mut self.ear else { return };
        if ear.pull(due, &mut self.neurons, &mut self.said) == Pulled::Nothing {
            return;
        }
        let rate = ear.rate();
        if self.converter.as_ref().is_none_or(|(from, _)| *from != rate) {
            self.converter = Converter::new(rate, RATE).map(|made| (rate, made));
        }
        let sound = match &mut self.converter {
            Some((_, converter)) => {
                self.converted.clear();
                converter.convert(&self.said, &mut self.converted);
                &self.converted
            }
            None => &self.said,
        };
        for (sum, sample) in mix.iter_mut().zip(sound) {
            *sum += i32::from(*sample);
        }
    }

    /// Leaves out what was said until `until`.
    pub fn skip(&mut self, until: Instant) {
        while self.tape.peek().is_some_and(|next| next.at <= until) {
            self.tape.read(&mut self.payload);
        }
        self.ear = None;
    }

    fn take_in(&mut self, due: Instant) {
        while self.tape.peek().is_some_and(|next| next.at <= due) {
            let Some(packet) = self.tape.read(&mut self.payload) else { return };
            let fits = |ear: &Ear| ear.codec() == packet.codec;
            if !self.ear.as_ref().is_some_and(fits) {
                let rate = if packet.codec == Codec::Opus { RATE } else { packet.codec.rate() };
                self.ear = match Ear::new(packet.codec, rate, packet.at) {
                    Ok(ear) => Some(ear),
                    Err(error) => {
                        warn!(leg = %self.leg, %error, "a leg cannot be recorded");
                        None
                    }
                };
            }
            if let Some(ear) = &mut self.ear {
                let Taped { ssrc, sequence, timestamp, content: kind, at, .. } = packet;
                let payload = &self.payload;
                ear.put(Arrival { ssrc, sequence, timestamp, kind, payload }, at);
            }
        }
    }
}
