//! What a leg says, as samples for the room.

use crate::audio::pipe::Writer;
use crate::media::codec::Codec;
use crate::media::decoder::Decoder;

/// Samples a second that the room's reader takes.
const RATE: u32 = 8_000;

#[derive(Debug)]
pub struct Tap {
    into: Writer,
    decoder: Option<(Codec, Decoder)>,
    sound: Vec<i16>,
}

impl Tap {
    #[must_use]
    pub fn new(into: Writer) -> Self {
        Self { into, decoder: None, sound: Vec::new() }
    }

    /// What a full pipe does not take is lost: nobody is waiting for it any more.
    pub fn hear(&mut self, codec: Codec, payload: &[u8]) {
        if self.decoder.as_ref().is_none_or(|(other, _)| *other != codec) {
            self.decoder = Decoder::new(codec, RATE).ok().map(|decoder| (codec, decoder));
        }
        let Some((_, decoder)) = &mut self.decoder else { return };
        self.sound.clear();
        decoder.decode(payload, &mut self.sound);
        // G.722 comes at twice the rate; the mean of two is filter enough for a loudspeaker.
        let step = usize::try_from(decoder.rate() / RATE).unwrap_or(1).max(1);
        let mean = |samples: &[i16]| {
            let sum: i32 = samples.iter().map(|sample| i32::from(*sample)).sum();
            let count = i32::try_from(samples.len()).unwrap_or(1).max(1);
            i16::try_from(sum / count).unwrap_or_default()
        };
        self.into.write(self.sound.chunks(step).map(mean));
    }
}
