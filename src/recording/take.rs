//! One recording in the making: its tracks, its clock, and when it is enough.

use std::io;
use std::time::{Duration, Instant};

use crate::history::recording_name::RecordingName;
use crate::leg::{LegId, RecordingEnd, Side};
use crate::media::tape::TapeReader;
use crate::recording::sheet::Sheet;
use crate::recording::track::{FRAME, Track};

const TWENTY: Duration = Duration::from_millis(20);
/// Mean power of a frame in which somebody speaks: -45 dB.
const SPEECH: i64 = 33_000;

#[derive(Debug)]
pub struct Take {
    pub name: RecordingName,
    tracks: Vec<(Side, Track)>,
    state: State,
    limits: Limits,
    sheet: Sheet,
    /// Frames since somebody last spoke.
    quiet: u64,
    /// Samples of all channels, in turn.
    samples: Vec<i16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The next frame is the one due then.
    Running {
        due: Instant,
    },
    Paused,
}

/// When a recording ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub length: Duration,
    /// After so long without a word.
    pub silence: Option<Duration>,
}

impl Take {
    #[must_use]
    pub fn new(name: RecordingName, sheet: Sheet, limits: Limits, at: Instant) -> Self {
        let state = State::Running { due: at + TWENTY };
        Self { name, tracks: Vec::new(), state, limits, sheet, quiet: 0, samples: Vec::new() }
    }

    pub fn add(&mut self, leg: LegId, side: Side, tape: TapeReader) {
        self.tracks.retain(|(_, track)| track.leg() != leg);
        self.tracks.push((side, Track::new(leg, tape)));
    }

    #[must_use]
    pub fn length(&self) -> Duration {
        TWENTY * u32::try_from(self.sheet.frames()).unwrap_or(u32::MAX)
    }

    /// Until somebody last spoke.
    #[must_use]
    pub fn spoken(&self) -> Duration {
        let frames = self.sheet.frames().saturating_sub(self.quiet);
        TWENTY * u32::try_from(frames).unwrap_or(u32::MAX)
    }

    /// What is said from `at` on is left out, and its time with it.
    pub fn pause(&mut self) {
        self.state = State::Paused;
    }

    pub fn resume(&mut self, at: Instant) {
        if self.state == State::Paused {
            self.tracks.iter_mut().for_each(|(_, track)| track.skip(at));
            self.state = State::Running { due: at + TWENTY };
        }
    }

    /// Writes down what was said until `until`. Says so when it is enough.
    ///
    /// # Errors
    /// When the disk takes no more.
    pub fn advance(&mut self, until: Instant) -> io::Result<Option<RecordingEnd>> {
        match self.state {
            State::Paused => {
                self.tracks.iter_mut().for_each(|(_, track)| track.skip(until));
                Ok(None)
            }
            State::Running { mut due } => {
                while due <= until {
                    self.write_frame(due)?;
                    due += TWENTY;
                    if let Some(end) = self.enough() {
                        return Ok(Some(end));
                    }
                }
                self.state = State::Running { due };
                Ok(None)
            }
        }
    }

    /// # Errors
    /// When the disk takes no more; what is there can be played all the same.
    pub fn finish(self) -> io::Result<()> {
        self.sheet.finish()
    }

    fn write_frame(&mut self, due: Instant) -> io::Result<()> {
        let mut sides = [[0_i32; FRAME]; 2];
        for (side, track) in &mut self.tracks {
            let mix = match (side, self.name.kept.channels()) {
                (Side::Customer, _) | (Side::Office, 1) => &mut sides[0],
                (Side::Office, _) => &mut sides[1],
            };
            track.hear(due, mix);
        }
        let power = |mix: &[i32; FRAME]| {
            mix.iter().map(|s| i64::from(*s).pow(2)).sum::<i64>() / FRAME as i64
        };
        self.quiet = if sides.iter().any(|mix| power(mix) > SPEECH) { 0 } else { self.quiet + 1 };
        let channels = usize::from(self.name.kept.channels());
        self.samples.clear();
        for at in 0..FRAME {
            let clipped =
                |mix: &[i32; FRAME]| mix[at].clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
            self.samples.extend(sides[..channels].iter().map(clipped));
        }
        self.sheet.write(&self.samples)
    }

    fn enough(&self) -> Option<RecordingEnd> {
        let frames = |time: Duration| time.as_millis() as u64 / 20;
        if self.sheet.frames() >= frames(self.limits.length) {
            return Some(RecordingEnd::TooLong);
        }
        let silence = self.limits.silence?;
        (self.quiet >= frames(silence)).then_some(RecordingEnd::Silence)
    }
}
