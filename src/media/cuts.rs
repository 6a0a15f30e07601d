//! How a clip is cut into packets of one length, once or round and round.

use std::time::Duration;

/// A lap of a repeated clip that fits no whole number of packets is so long at least, so that what
/// is left out at its seam is little.
const LONG_LAP: Duration = Duration::from_secs(10);
/// So many times a short clip is taken to fill whole packets exactly.
const MOST_TIMES: usize = 12;
/// No lap is shorter: its beginning must have settled before it comes again.
const SHORT_LAP: Duration = Duration::from_secs(1);
/// The beginning of a lap is cut twice, from silence and out of the lap before: a coder has settled
/// after so much sound, and the second lap joins the first there.
const LEAD: Duration = Duration::from_millis(400);
/// Over so much sound the seam is faded where a piece is left out.
const FADE: Duration = Duration::from_millis(20);

/// All lengths in samples of the clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cuts {
    length: usize,
    packet: usize,
    /// Packets of the whole clip, or of a lap.
    whole: usize,
    /// Packets of the next lap, after which the first goes on; 0 if the clip is not repeated.
    lead: usize,
    /// Left out at the seam.
    skip: usize,
    fade: usize,
}

impl Cuts {
    /// A clip of `length` samples, `rate` a second, in packets of `ptime` milliseconds. `None` if
    /// there is nothing to cut.
    #[must_use]
    pub fn new(length: usize, rate: u32, ptime: u8, repeat: bool) -> Option<Self> {
        let packet = rate as usize * usize::from(ptime) / 1_000;
        if length == 0 || packet == 0 {
            return None;
        }
        if !repeat {
            let whole = length.div_ceil(packet);
            return Some(Self { length, packet, whole, lead: 0, skip: 0, fade: 0 });
        }
        let samples = |span: Duration| (span.as_micros() * u128::from(rate) / 1_000_000) as usize;
        let lap = if length < samples(LONG_LAP) {
            let exact = (1..=MOST_TIMES).find(|times| (times * length).is_multiple_of(packet));
            let (unit, least) = match exact {
                Some(times) => (times * length, samples(SHORT_LAP)),
                None => (length, samples(LONG_LAP)),
            };
            unit * least.div_ceil(unit)
        } else {
            length
        };
        Some(Self {
            length,
            packet,
            whole: lap / packet,
            lead: samples(LEAD).div_ceil(packet),
            skip: lap % packet,
            fade: samples(FADE),
        })
    }

    /// How many packets there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.whole + self.lead
    }

    /// Samples a packet.
    #[must_use]
    pub fn packet(&self) -> usize {
        self.packet
    }

    /// The packet after `index`; [`Self::count`] after the last of a clip that is played once.
    #[must_use]
    pub fn after(&self, index: usize) -> usize {
        if index + 1 == self.count() && self.lead > 0 { self.lead } else { index + 1 }
    }

    /// Where in the clip the packet begins.
    #[must_use]
    pub fn position(&self, index: usize) -> usize {
        let at = index * self.packet;
        if self.lead == 0 { at.min(self.length) } else { self.in_lap(at) % self.length }
    }

    /// The packet in which this place of the clip lies.
    #[must_use]
    pub fn index(&self, position: usize) -> usize {
        (position / self.packet).min(self.count())
    }

    /// Appends the samples of a packet; after the end of the clip there is silence.
    pub fn take(&self, clip: &[i16], index: usize, samples: &mut Vec<i16>) {
        let start = index * self.packet;
        samples.extend((start..start + self.packet).map(|at| self.sample(clip, at)));
    }

    fn sample(&self, clip: &[i16], at: usize) -> i16 {
        let sample = |at: usize| clip.get(at).copied().unwrap_or(0);
        if self.lead == 0 {
            return sample(at);
        }
        let at = self.in_lap(at);
        let goes = sample(at % self.length);
        let left = self.whole * self.packet - at;
        if self.skip == 0 || left > self.fade {
            return goes;
        }
        let comes = f32::from(sample((at + self.skip) % self.length));
        let share = (left as f32 - 0.5) / self.fade as f32;
        (f32::from(goes) * share + comes * (1.0 - share)).round() as i16
    }

    fn in_lap(&self, at: usize) -> usize {
        at % (self.whole * self.packet)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    #[test]
    fn a_clip_that_is_played_once_ends_in_silence() {
        let cuts = Cuts::new(350, 8_000, 20, false).unwrap();
        assert_eq!((cuts.count(), cuts.after(1), cuts.after(2)), (3, 2, 3));
        let mut samples = Vec::new();
        cuts.take(&[7; 350], 2, &mut samples);
        assert_eq!((samples.len(), samples[29], samples[30]), (160, 7, 0));
        assert_eq!((cuts.position(2), cuts.position(3)), (320, 350));
        assert_eq!(Cuts::new(0, 8_000, 20, true), None);
    }

    #[test]
    fn a_lap_is_exact_where_a_few_times_the_clip_fill_whole_packets() {
        // 1,010 ms twice are 101 packets of 20 ms.
        let cuts = Cuts::new(8_080, 8_000, 20, true).unwrap();
        assert_eq!((cuts.whole, cuts.skip, cuts.lead), (101, 0, 20));
        assert_eq!(cuts.after(120), 20);
        assert_eq!((cuts.position(101), cuts.position(51)), (0, 80));
        // A short one is taken often enough that it has settled before it comes again.
        assert_eq!(Cuts::new(160, 8_000, 20, true).unwrap().whole, 50);
    }

    #[test]
    fn a_lap_that_cannot_be_exact_is_long_and_its_seam_has_no_step() {
        for (length, ptime) in [(24_137, 20), (200_003, 40), (333, 60)] {
            let period = length as f64 / 12.0;
            let clip: Vec<i16> =
                (0..length).map(|at| ((at as f64 / period * TAU).sin() * 9_000.0) as i16).collect();
            let steepest = 9_000.0 * TAU / period + 2.0;
            let cuts = Cuts::new(length, 16_000, ptime, true).unwrap();
            assert!(cuts.skip > 0 && cuts.whole * cuts.packet > 159_000, "{cuts:?}");
            let mut heard = Vec::new();
            for index in [cuts.whole - 2, cuts.whole - 1, cuts.whole, cuts.whole + 1] {
                cuts.take(&clip, index, &mut heard);
            }
            let steps = heard.windows(2).map(|pair| f64::from(pair[0].abs_diff(pair[1])));
            let most = steps.fold(0.0, f64::max);
            // A fade adds its own slope to that of the sound.
            assert!(most <= steepest + 18_000.0 / 320.0, "{length}: {most} {steepest}");
        }
    }
}
