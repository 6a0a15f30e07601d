//! Who hears whom. Told what came in and when, it says what to send; it opens nothing.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use tracing::debug;

use crate::audio::dtmf::Detector;
use crate::leg::LegId;
use crate::media::clip::pressings::Pressings;
use crate::media::dialing::Dialing;
use crate::media::ear::Figures;
use crate::media::handle::{MediaEvent, Tuning};
use crate::media::identity::Lots;
use crate::media::line::{Hears, Line};
use crate::media::neurons::Neurons;
use crate::media::outbox::{Outbox, Transmit};
use crate::media::packet::LARGEST;
use crate::media::presses::Presses;
use crate::media::report::quality::Quality;
use crate::media::report::reception::Reception;
use crate::media::report::rtcp::Reports;
use crate::media::report::watch::Watch;
use crate::media::rooms::Rooms;
use crate::media::source::Source;
use crate::media::star::Star;
use crate::media::stream::Stream;
use crate::media::telephone_event::Keypad;
use crate::media::trouble::Troubles;
use crate::time::Moment;

/// All clips start on one grid, so that one wake-up serves every playing leg.
const GRID: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub struct Patchbay {
    pub(in crate::media) lines: BTreeMap<LegId, Line>,
    pub(in crate::media) rooms: Rooms,
    pub(in crate::media) pressings: Pressings,
    pub(in crate::media) neurons: Neurons,
    pub(in crate::media) outbox: Outbox,
    pub(in crate::media) events: VecDeque<MediaEvent>,
    pub(in crate::media) lots: Lots,
    pub(in crate::media) silence: Duration,
    pub(in crate::media) epoch: Instant,
    pub(in crate::media) due: Option<Instant>,
    pub(in crate::media) at_work: Option<LegId>,
    /// Used again and again, so that a frame allocates nothing.
    pub(in crate::media) frame: Vec<i16>,
    pub(in crate::media) ready: Vec<LegId>,
    pub(in crate::media) clear: Vec<u8>,
}

impl Patchbay {
    /// `silence`: how long an answered leg may say nothing before [`MediaEvent::Silent`].
    #[must_use]
    pub fn new(seed: [u8; 32], silence: Duration, now: Moment) -> Self {
        Self {
            lines: BTreeMap::new(),
            rooms: Rooms::default(),
            pressings: Pressings::default(),
            neurons: Neurons::default(),
            outbox: Outbox::default(),
            events: VecDeque::new(),
            lots: Lots::new(seed),
            silence,
            epoch: now.ticks,
            due: None,
            at_work: None,
            frame: Vec::new(),
            ready: Vec::new(),
            clear: Vec::with_capacity(LARGEST),
        }
    }

    pub fn open(&mut self, leg: LegId, now: Moment) {
        let (ssrc, numbers) = (self.lots.draw() as u32, self.lots.draw());
        let reports = Reports::new(self.lots.draw(), now.ticks);
        self.wake_at(reports.due());
        let line = Line {
            leg,
            tuning: None,
            source: Source::default(),
            // RFC 3711 3.3.1: far from the wrap, or the loss of the first packets costs the rest.
            stream: Stream::new(ssrc, numbers as u16 & 0x7fff, (numbers >> 32) as u32),
            reception: Reception::default(),
            reports,
            reports_from: None,
            hears: Hears::Nothing,
            heard_by: None,
            pages: None,
            tape: None,
            watch: Watch::Off,
            troubles: Troubles::default(),
            ear: None,
            decoded: Figures::default(),
            ear_due: None,
            voice: None,
            keypad: Keypad::default(),
            tones: Detector::default(),
            presses: Presses::default(),
            dialing: Dialing::default(),
            srtp: None,
            star: Star::default(),
            strangers: 0,
            malformed: 0,
            forged: 0,
            replayed: 0,
        };
        self.lines.insert(leg, line);
    }

    pub fn tune(&mut self, leg: LegId, tuning: Tuning, now: Moment) {
        let first = self.next_tick(now);
        let Some(line) = self.lines.get_mut(&leg) else { return gone(leg, "tune") };
        line.tune(tuning, self.silence, now.ticks);
        if let Hears::Clip(playback) = &mut line.hears {
            playback.start(first);
        }
        self.wake_at(first);
    }

    /// The leg is gone. What is still to be sent must be sent before its sockets are closed.
    pub fn close(&mut self, leg: LegId, now: Moment) {
        self.part(leg);
        let Some(quality) = self.quality(leg) else { return };
        if let Some(mut line) = self.lines.remove(&leg) {
            line.say_goodbye(now.ticks, &mut self.outbox);
        }
        self.events.push_back(MediaEvent::Quality { leg, quality });
        let Quality { heard, told, decoded, delay, mos, .. } = quality;
        debug!(
            %leg,
            packets = heard.packets,
            lost = heard.lost,
            late = decoded.late,
            jitter_ms = heard.jitter.as_millis(),
            delay_ms = delay.as_millis(),
            round_trip_ms = told.round_trip.map(|trip| trip.as_millis()),
            mos = mos.map(tracing::field::display),
            strangers = quality.strangers,
            malformed = quality.malformed,
            forged = quality.forged,
            replayed = quality.replayed,
            "sound has ended"
        );
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        if self.due.is_none_or(|due| due > now.ticks) {
            return;
        }
        self.due = None;
        self.release_keys(now);
        self.pull_ears(now);
        let neurons = &mut self.neurons;
        self.rooms.handle_timeout(&mut self.lines, now, neurons, &mut self.outbox);
        self.due = self.rooms.poll_timeout();
        for (&leg, line) in &mut self.lines {
            self.at_work = Some(leg);
            if let Some(play) = line.tick(now.ticks, &mut self.pressings, &mut self.outbox) {
                self.events.push_back(MediaEvent::PlayEnded { leg, play });
            }
            line.tick_keys(now.ticks, &mut self.outbox);
            if line.watch.handle_timeout(now.ticks) {
                self.events.push_back(MediaEvent::Silent { leg });
            }
            let missed = line.missed(now.ticks);
            self.events.extend(missed.map(|trouble| MediaEvent::Trouble { leg, trouble }));
            if line.reports.due() <= now.ticks {
                line.report(self.lots.draw(), now, &mut self.outbox);
            }
            let dues = [
                Some(line.reports.due()),
                line.watch.poll_timeout(),
                line.troubles.poll_timeout(),
                line.clip_due(),
                line.ear_due,
                line.keys_due(),
            ];
            self.due = dues.into_iter().chain([self.due]).flatten().min();
        }
    }

    /// The machine or the process has stood still: what the legs did meanwhile says nothing.
    pub fn handle_stall(&mut self, now: Moment) {
        for line in self.lines.values_mut() {
            line.watch.stalled(self.silence, now.ticks);
            line.troubles.stalled(now.ticks);
        }
    }

    /// When [`Self::handle_timeout`] wants to be called. It may turn out to be too early.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    pub fn poll_transmit(&mut self) -> Option<Transmit<'_>> {
        self.outbox.take()
    }

    pub fn poll_event(&mut self) -> Option<MediaEvent> {
        self.events.pop_front()
    }

    #[must_use]
    pub fn quality(&self, leg: LegId) -> Option<Quality> {
        Some(self.lines.get(&leg)?.quality())
    }

    /// Removes the leg in whose service the last call did not return, and says it is silent.
    pub fn drop_faulty(&mut self, now: Moment) -> Option<LegId> {
        let leg = self.at_work.take()?;
        self.close(leg, now);
        self.events.push_back(MediaEvent::Silent { leg });
        self.due = Some(self.epoch);
        Some(leg)
    }

    pub(in crate::media) fn next_tick(&self, now: Moment) -> Instant {
        on_grid(self.epoch, GRID, now.ticks)
    }

    pub(in crate::media) fn wake_at(&mut self, at: Instant) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }
}

/// The first instant of the grid that is not before `at`.
pub(in crate::media) fn on_grid(epoch: Instant, grid: Duration, at: Instant) -> Instant {
    let (since, grid) = (at.saturating_duration_since(epoch).as_micros(), grid.as_micros());
    at + Duration::from_micros(((grid - since % grid) % grid) as u64)
}

/// Commands race with hang-ups.
pub(in crate::media) fn gone(leg: LegId, wanted: &'static str) {
    debug!(%leg, wanted, "no such leg");
}
