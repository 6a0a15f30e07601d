//! Who hears whom. Told what came in and when, it says what to send; it opens nothing.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::debug;

use crate::audio::clip::Clip;
use crate::audio::pipe::Writer;
use crate::leg::{LegId, PlayId};
use crate::media::handle::{MediaEvent, Tuning};
use crate::media::identity::Lots;
use crate::media::line::{Hears, Kind, Line};
use crate::media::outbox::{Outbox, Transmit};
use crate::media::playback::Playback;
use crate::media::reception::{Heard, Reception};
use crate::media::rtcp::{Reports, Told};
use crate::media::source::Source;
use crate::media::stream::Stream;
use crate::media::watch::Watch;
use crate::time::Moment;

/// All clips start on one grid, so that one wake-up serves every playing leg.
const GRID: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub struct Patchbay {
    lines: BTreeMap<LegId, Line>,
    outbox: Outbox,
    events: VecDeque<MediaEvent>,
    lots: Lots,
    silence: Duration,
    epoch: Instant,
    due: Option<Instant>,
    at_work: Option<LegId>,
}

/// How a leg's sound has fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// What we have heard of it.
    pub heard: Heard,
    /// What it says of us.
    pub told: Told,
    /// Datagrams on its ports that were not its own, and those that were no RTP.
    pub strangers: u64,
    pub malformed: u64,
}

impl Patchbay {
    /// `silence`: how long an answered leg may say nothing before [`MediaEvent::Silent`].
    #[must_use]
    pub fn new(seed: [u8; 32], silence: Duration, now: Moment) -> Self {
        Self {
            lines: BTreeMap::new(),
            outbox: Outbox::default(),
            events: VecDeque::new(),
            lots: Lots::new(seed),
            silence,
            epoch: now.ticks,
            due: None,
            at_work: None,
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
            stream: Stream::new(ssrc, numbers as u16, (numbers >> 32) as u32),
            reception: Reception::default(),
            reports,
            reports_from: None,
            hears: Hears::Nothing,
            heard_by: None,
            pages: None,
            watch: Watch::Off,
            strangers: 0,
            malformed: 0,
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

    /// Both hear each other, and nothing and nobody else.
    pub fn join(&mut self, one: LegId, other: LegId) {
        if one == other || !self.lines.contains_key(&one) || !self.lines.contains_key(&other) {
            return gone(one, "join");
        }
        self.part(one);
        self.part(other);
        for (leg, partner) in [(one, other), (other, one)] {
            if let Some(line) = self.lines.get_mut(&leg) {
                (line.hears, line.heard_by) = (Hears::Leg(partner), Some(partner));
            }
        }
    }

    /// Neither hears nor is heard.
    pub fn part(&mut self, leg: LegId) {
        self.let_hear(leg, Hears::Nothing);
        let line = self.lines.get_mut(&leg);
        let listener = line.and_then(|line| {
            line.pages = None;
            line.heard_by.take()
        });
        if let Some(listener) = listener.and_then(|listener| self.lines.get_mut(&listener)) {
            listener.hears = Hears::Nothing;
            listener.stream.begin();
        }
    }

    /// In the place of what the leg heard; whoever hears the leg goes on doing so. A leg that is
    /// not tuned yet hears the clip from its beginning as soon as it is.
    pub fn play(
        &mut self,
        leg: LegId,
        play: PlayId,
        (clip, repeat): (Arc<Clip>, bool),
        now: Moment,
    ) {
        let mut playback = Playback::new(play, clip, repeat);
        let first = self.next_tick(now);
        if self.lines.get(&leg).is_some_and(|line| line.tuning.is_some()) {
            playback.start(first);
            self.wake_at(first);
        }
        self.let_hear(leg, Hears::Clip(playback));
    }

    pub fn echo(&mut self, leg: LegId) {
        self.part(leg);
        self.let_hear(leg, Hears::Itself);
    }

    /// Whoever reads `into` hears the leg, and the leg hears nothing.
    pub fn page(&mut self, leg: LegId, into: Writer) {
        self.part(leg);
        match self.lines.get_mut(&leg) {
            Some(line) => line.pages = Some(into),
            None => gone(leg, "page"),
        }
    }

    /// The leg is gone. What is still to be sent must be sent before its sockets are closed.
    pub fn close(&mut self, leg: LegId, now: Moment) {
        self.part(leg);
        let Some(quality) = self.quality(leg) else { return };
        if let Some(line) = self.lines.remove(&leg) {
            line.say_goodbye(now.ticks, &mut self.outbox);
        }
        let Quality { heard, told, strangers, malformed } = quality;
        debug!(
            %leg,
            packets = heard.packets,
            lost = heard.lost,
            jitter_ms = heard.jitter.as_millis(),
            round_trip_ms = told.round_trip.map(|trip| trip.as_millis()),
            strangers,
            malformed,
            "sound has ended"
        );
    }

    /// A datagram has come to the leg's RTP port.
    pub fn handle_rtp(&mut self, leg: LegId, from: SocketAddr, datagram: &[u8], now: Moment) {
        self.at_work = Some(leg);
        let Some(line) = self.lines.get_mut(&leg) else { return };
        let heard = line.hear(from, datagram, self.silence, now.ticks);
        if let (Some(heard), Some(pipe)) = (&heard, &mut line.pages) {
            heard.write_to(pipe);
        }
        let listener = match line.hears {
            Hears::Itself => Some(leg),
            Hears::Nothing | Hears::Leg(_) | Hears::Clip(_) => line.heard_by,
        };
        let (Some(heard), Some(listener)) = (heard, listener) else { return };
        let Some(line) = self.lines.get_mut(&listener) else { return };
        if listener == leg && heard.kind == Kind::Event {
            // A phone must not obey its own digits.
            line.stream.skip(&heard.packet, now.ticks);
        } else {
            line.pass(&heard, now.ticks, &mut self.outbox);
        }
    }

    /// A datagram has come to the leg's RTCP port.
    pub fn handle_rtcp(&mut self, leg: LegId, from: SocketAddr, datagram: &[u8], now: Moment) {
        self.at_work = Some(leg);
        if let Some(line) = self.lines.get_mut(&leg) {
            line.hear_report(from, datagram, self.silence, now);
        }
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        if self.due.is_none_or(|due| due > now.ticks) {
            return;
        }
        self.due = None;
        for (&leg, line) in &mut self.lines {
            self.at_work = Some(leg);
            if let Some(play) = line.tick(now.ticks, &mut self.outbox) {
                self.events.push_back(MediaEvent::PlayEnded { leg, play });
            }
            if line.watch.handle_timeout(now.ticks) {
                self.events.push_back(MediaEvent::Silent { leg });
            }
            if line.reports.due() <= now.ticks {
                line.report(self.lots.draw(), now, &mut self.outbox);
            }
            let dues = [Some(line.reports.due()), line.watch.poll_timeout(), line.clip_due()];
            self.due = dues.into_iter().chain([self.due]).flatten().min();
        }
    }

    /// The machine or the process has stood still: what the legs did meanwhile says nothing.
    pub fn handle_stall(&mut self, now: Moment) {
        for line in self.lines.values_mut() {
            line.watch.stalled(self.silence, now.ticks);
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
        let line = self.lines.get(&leg)?;
        Some(Quality {
            heard: line.reception.heard(),
            told: line.reports.told(),
            strangers: line.strangers,
            malformed: line.malformed,
        })
    }

    /// Removes the leg in whose service the last call did not return, and says it is silent.
    pub fn drop_faulty(&mut self, now: Moment) -> Option<LegId> {
        let leg = self.at_work.take()?;
        self.close(leg, now);
        self.events.push_back(MediaEvent::Silent { leg });
        self.due = Some(self.epoch);
        Some(leg)
    }

    fn let_hear(&mut self, leg: LegId, hears: Hears) {
        let Some(line) = self.lines.get_mut(&leg) else { return gone(leg, "hear") };
        line.stream.begin();
        if let Hears::Leg(partner) = mem::replace(&mut line.hears, hears)
            && let Some(partner) = self.lines.get_mut(&partner)
        {
            partner.heard_by = None;
        }
    }

    fn next_tick(&self, now: Moment) -> Instant {
        let since = now.ticks.saturating_duration_since(self.epoch).as_micros();
        let into = (since % GRID.as_micros()) as u64;
        let wait =
            Duration::from_micros((GRID.as_micros() as u64 - into) % GRID.as_micros() as u64);
        now.ticks + wait
    }

    fn wake_at(&mut self, at: Instant) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }
}

/// Commands race with hang-ups.
fn gone(leg: LegId, wanted: &'static str) {
    debug!(%leg, wanted, "no such leg");
}
