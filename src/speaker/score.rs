//! What the room hears now. Told what shall sound, it gives the samples; it opens nothing.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use tracing::{debug, warn};

use crate::audio::clip::Clip;
use crate::audio::pipe::Reader;
use crate::audio::resampler::Resampler;

/// Why something sounds; a later one is the more urgent and makes the others soft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A call wants to be answered.
    Ring,
    /// Announcements and bells, one after the other.
    Announce,
    /// Somebody speaks to the room.
    Page,
}

impl Purpose {
    pub const ALL: [Self; 3] = [Self::Ring, Self::Announce, Self::Page];
}

/// One thing that sounds, named by whoever started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CueId(pub u64);

#[derive(Debug)]
pub struct Cue {
    pub id: CueId,
    pub purpose: Purpose,
    pub sound: Sound,
    pub volume: Volume,
}

#[derive(Debug)]
pub enum Sound {
    Clip {
        clip: Arc<Clip>,
        repeat: bool,
    },
    /// Live sound, `rate` samples a second; ends when its writer is gone.
    Live {
        reader: Reader,
        rate: u32,
    },
}

/// 0 to 100 percent, as an ear takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Volume(u8);

impl Volume {
    pub const FULL: Self = Self(100);

    /// Above 100 is 100.
    #[must_use]
    pub fn percent(percent: u8) -> Self {
        Self(percent.min(100))
    }

    /// Half the way on a knob is a quarter of the amplitude, 12 dB less.
    fn gain(self) -> f32 {
        (f32::from(self.0) / 100.0).powi(2)
    }
}

/// A sound under a more urgent one keeps this much: -18 dB, heard but not in the way of words.
const DUCKED: f32 = 0.125;
/// How long a change of loudness takes; shorter clicks.
const FADE: Duration = Duration::from_millis(30);
/// Cues that may wait; more are refused.
const MOST: usize = 32;
/// Live sound is kept back this long, so that packets may come unevenly.
const CUSHION: Duration = Duration::from_millis(60);
/// More live sound than this has piled up because two clocks differ: it is cut to the cushion.
const OVERFULL: Duration = Duration::from_millis(240);

/// Phones ring two minutes at most (S33): a ring whose end was lost on the way ends by itself.
const LONGEST_RING: Duration = Duration::from_secs(180);

/// Everything that sounds or waits on one card.
#[derive(Debug)]
pub struct Score {
    rate: u32,
    voices: VecDeque<Voice>,
    mixed: Vec<f32>,
    part: Vec<f32>,
}

#[derive(Debug)]
struct Voice {
    id: CueId,
    purpose: Purpose,
    source: Source,
    rate: u32,
    resampler: Resampler,
    volume: f32,
    /// What is heard now, on its way to what shall be heard.
    gain: Option<f32>,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Sounds, or waits for its turn.
    Due,
    /// Was stopped and fades.
    Leaving,
    Over,
}

#[derive(Debug)]
enum Source {
    /// `left`: samples after which a repeated clip ends.
    Clip {
        clip: Arc<Clip>,
        at: usize,
        repeat: bool,
        left: u64,
    },
    Live {
        reader: Reader,
        filling: bool,
    },
}

impl Score {
    /// `rate`: samples a second that are asked for.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        Self { rate, voices: VecDeque::new(), mixed: Vec::new(), part: Vec::new() }
    }

    /// The card is another one, or wants another rate: what sounds goes on.
    pub fn set_rate(&mut self, rate: u32) {
        if mem::replace(&mut self.rate, rate) != rate {
            for voice in &mut self.voices {
                voice.resampler = Resampler::new(voice.rate, rate);
            }
        }
    }

    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    pub fn start(&mut self, cue: Cue) {
        if self.voices.len() >= MOST {
            warn!(cue = cue.id.0, "too much wants to sound at once");
            return;
        }
        let (source, rate) = match cue.sound {
            Sound::Clip { clip, repeat } => {
                let rate = clip.rate();
                let left = u64::from(rate) * LONGEST_RING.as_secs();
                (Source::Clip { clip, at: 0, repeat, left }, rate)
            }
            Sound::Live { reader, rate } => (Source::Live { reader, filling: true }, rate),
        };
        self.voices.push_back(Voice {
            id: cue.id,
            purpose: cue.purpose,
            source,
            rate,
            resampler: Resampler::new(rate, self.rate),
            volume: cue.volume.gain(),
            gain: None,
            stage: Stage::Due,
        });
    }

    /// Ends what sounds or waits under this name.
    pub fn stop(&mut self, id: CueId) {
        let found = self.voices.iter_mut().find(|voice| voice.id == id);
        match found {
            Some(voice) if voice.gain.is_none() => voice.stage = Stage::Over,
            Some(voice) => voice.stage = Stage::Leaving,
            None => debug!(cue = id.0, "has sounded already"),
        }
        self.voices.retain(|voice| voice.stage != Stage::Over);
    }

    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.voices.is_empty()
    }

    /// The next samples, one channel.
    pub fn mix(&mut self, out: &mut [i16]) {
        self.mixed.clear();
        self.mixed.resize(out.len(), 0.0);
        self.part.resize(out.len(), 0.0);
        let step = 1.0 / (FADE.as_secs_f32() * self.rate as f32);
        let urgent = self.voices.iter().filter(|v| v.stage == Stage::Due).map(|v| v.purpose).max();
        let mut sounding = [false; Purpose::ALL.len()];
        for voice in &mut self.voices {
            let turn = &mut sounding[voice.purpose as usize];
            // One ring and one announcement at a time; whoever pages is heard at once.
            let waits = voice.purpose != Purpose::Page && *turn && voice.gain.is_none();
            if waits {
                continue;
            }
            *turn |= voice.stage == Stage::Due;
            let ducked = urgent.is_some_and(|urgent| voice.purpose < urgent);
            voice.sound(ducked, step, &mut self.part, &mut self.mixed);
        }
        self.voices.retain(|voice| voice.stage != Stage::Over);
        let (low, high) = (f32::from(i16::MIN), f32::from(i16::MAX));
        for (sample, mixed) in out.iter_mut().zip(&self.mixed) {
            *sample = mixed.round().clamp(low, high) as i16;
        }
    }
}

impl Voice {
    fn sound(&mut self, ducked: bool, step: f32, part: &mut [f32], mixed: &mut [f32]) {
        let target = match self.stage {
            Stage::Due if ducked => self.volume * DUCKED,
            Stage::Due => self.volume,
            Stage::Leaving | Stage::Over => 0.0,
        };
        let mut gain = self.gain.unwrap_or(target);
        self.source.settle(self.rate);
        let source = &mut self.source;
        let filled = self.resampler.fill(part, || source.next());
        for (mixed, sample) in mixed.iter_mut().zip(&part[..filled]) {
            gain += (target - gain).clamp(-step, step);
            *mixed += sample * gain;
        }
        self.gain = Some(gain);
        if filled < part.len() || (self.stage == Stage::Leaving && gain <= 0.0) {
            self.stage = Stage::Over;
        }
    }
}

impl Source {
    /// Keeps live sound between too little and too much.
    fn settle(&mut self, rate: u32) {
        let Self::Live { reader, filling } = self else { return };
        let samples = |time: Duration| (u128::from(rate) * time.as_millis() / 1_000) as usize;
        if reader.waiting() == 0 {
            *filling = !reader.is_over();
        } else if *filling && reader.waiting() >= samples(CUSHION) {
            *filling = false;
        } else if reader.waiting() > samples(OVERFULL) {
            while reader.waiting() > samples(CUSHION) && reader.read().is_some() {}
        }
    }

    fn next(&mut self) -> Option<i16> {
        match self {
            Self::Clip { clip, at, repeat, left } => {
                let samples = clip.samples();
                *left = left.checked_sub(1)?;
                if *at >= samples.len() && *repeat {
                    *at = 0;
                }
                let sample = samples.get(*at).copied();
                *at += 1;
                sample
            }
            Self::Live { reader, filling } => {
                let sample = if *filling { None } else { reader.read() };
                // Until the writer is gone, what is missing is a pause.
                sample.or_else(|| (!reader.is_over()).then_some(0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::detect::{level, loudness, share};
    use crate::audio::pipe::pipe;
    use crate::audio::tone::sine;

    const RATE: u32 = 48_000;
    /// What remains of a faded edge is left out of measurements.
    const EDGE: usize = 2_400;

    fn tone(id: u64, purpose: Purpose, hz: f64, millis: u64) -> Cue {
        let samples = sine(8_000, hz, -12.0, Duration::from_millis(millis));
        let sound = Sound::Clip { clip: Arc::new(Clip::new(8_000, samples)), repeat: false };
        Cue { id: CueId(id), purpose, sound, volume: Volume::FULL }
    }

    fn ring(id: u64, hz: f64) -> Cue {
        let mut cue = tone(id, Purpose::Ring, hz, 1_000);
        if let Sound::Clip { repeat, .. } = &mut cue.sound {
            *repeat = true;
        }
        cue
    }

    fn mixed(score: &mut Score, millis: usize) -> Vec<i16> {
        let mut heard = vec![0; RATE as usize / 1_000 * millis];
        for part in heard.chunks_mut(960) {
            score.mix(part);
        }
        heard
    }

    #[test]
    fn a_ring_sounds_until_it_is_stopped_and_leaves_no_click() {
        let mut score = Score::new(RATE);
        score.start(ring(1, 1_000.0));
        let heard = mixed(&mut score, 3_000);
        assert!(share(&heard[EDGE..], RATE, 1_000.0) > 0.999);
        score.stop(CueId(1));
        let fading = mixed(&mut score, 200);
        let jump = fading.windows(2).map(|w| w[0].abs_diff(w[1])).max().unwrap();
        assert!(jump < 1_200, "{jump}");
        assert!(score.is_silent());
        assert!(loudness(&fading[EDGE..]) < -100.0);
    }

    #[test]
    fn an_announcement_makes_the_ring_soft_and_lets_it_back() {
        let mut score = Score::new(RATE);
        score.start(ring(1, 500.0));
        let before = level(&mixed(&mut score, 400)[EDGE..], RATE, 500.0);
        score.start(tone(2, Purpose::Announce, 2_000.0, 500));
        let under = mixed(&mut score, 400);
        assert!((before - level(&under[EDGE..], RATE, 500.0) - 18.06).abs() < 0.3);
        assert!((level(&under[EDGE..], RATE, 2_000.0) + 12.0).abs() < 0.3);
        mixed(&mut score, 200);
        let after = level(&mixed(&mut score, 400)[EDGE..], RATE, 500.0);
        assert!((before - after).abs() < 0.3, "{before} {after}");
    }

    #[test]
    fn announcements_wait_for_each_other_and_a_second_ring_for_the_first() {
        let mut score = Score::new(RATE);
        score.start(tone(1, Purpose::Announce, 800.0, 500));
        score.start(tone(2, Purpose::Announce, 1_600.0, 500));
        let heard = mixed(&mut score, 1_100);
        assert!(share(&heard[EDGE..20_000], RATE, 800.0) > 0.99);
        assert!(share(&heard[28_000..44_000], RATE, 1_600.0) > 0.99);
        assert!(score.is_silent());
        score.start(ring(3, 700.0));
        score.start(ring(4, 900.0));
        assert!(share(&mixed(&mut score, 300)[EDGE..], RATE, 700.0) > 0.99);
        score.stop(CueId(3));
        assert!(share(&mixed(&mut score, 300)[EDGE..], RATE, 900.0) > 0.99);
    }

    #[test]
    fn volume_is_a_knob_for_ears() {
        let mut score = Score::new(RATE);
        let mut half = ring(1, 1_000.0);
        half.volume = Volume::percent(50);
        score.start(half);
        let heard = level(&mixed(&mut score, 500)[EDGE..], RATE, 1_000.0);
        assert!((heard + 24.04).abs() < 0.3, "{heard}");
    }

    #[test]
    fn live_sound_rides_over_uneven_packets_and_ends_with_its_writer() {
        let (mut writer, reader) = pipe(8_000);
        let mut score = Score::new(RATE);
        let sound = Sound::Live { reader, rate: 8_000 };
        score.start(Cue { id: CueId(1), purpose: Purpose::Page, sound, volume: Volume::FULL });
        let mut speech = sine(8_000, 1_000.0, -12.0, Duration::from_secs(2)).into_iter();
        let mut heard = Vec::new();
        for tick in 0..100 {
            // Two packets at once every other tick.
            if tick % 2 == 0 {
                writer.write(speech.by_ref().take(320));
            }
            heard.extend(mixed(&mut score, 20));
        }
        assert!(share(&heard[9_600..90_000], RATE, 1_000.0) > 0.999, "no gap");
        drop(writer);
        mixed(&mut score, 200);
        assert!(score.is_silent());
    }

    #[test]
    fn too_loud_a_mix_is_limited_not_wrapped() {
        let mut score = Score::new(RATE);
        for id in 0..40 {
            let samples = vec![i16::MAX; 8_000];
            let sound = Sound::Clip { clip: Arc::new(Clip::new(8_000, samples)), repeat: true };
            let volume = Volume::FULL;
            score.start(Cue { id: CueId(id), purpose: Purpose::Page, sound, volume });
        }
        assert!(mixed(&mut score, 100)[EDGE..].iter().all(|&sample| sample == i16::MAX));
    }
}
