//! Who hears whom. Told what came in and when, it says what to send; it opens nothing.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::debug;

use crate::audio::clip::Clip;
use crate::audio::dtmf::{Detector, is_key};
use crate::audio::pipe::Writer;
use crate::leg::{LegId, PlayId, RoomId};
use crate::media::codec::Codec;
use crate::media::dialing::{Dialing, Hold};
use crate::media::ear::{FRAME, Figures};
use crate::media::handle::{MediaEvent, Tuning};
use crate::media::identity::Lots;
use crate::media::line::{self, Hears, Kind, Line};
use crate::media::outbox::{Channel, Outbox, Transmit};
use crate::media::packet::LARGEST;
use crate::media::playback::Playback;
use crate::media::presses::{Presses, Way};
use crate::media::pressings::Pressings;
use crate::media::quality::Quality;
use crate::media::reception::Reception;
use crate::media::rooms::Rooms;
use crate::media::rtcp::Reports;
use crate::media::source::Source;
use crate::media::star::Star;
use crate::media::stream::Stream;
use crate::media::tap::Tap;
use crate::media::tape::TapeWriter;
use crate::media::telephone_event::{Finger, Keypad};
use crate::media::watch::Watch;
use crate::time::Moment;

/// All clips start on one grid, so that one wake-up serves every playing leg.
const GRID: Duration = Duration::from_millis(20);
/// Ears are asked on a finer one: it adds little delay, and one wake-up serves several.
const EAR_GRID: Duration = Duration::from_millis(5);
/// An ear this late is caught up with; anything later is left out (R18).
const MOST_CAUGHT_UP: Duration = Duration::from_millis(60);

/// A key pressed for someone: what a finger takes.
const TAP: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub struct Patchbay {
    lines: BTreeMap<LegId, Line>,
    rooms: Rooms,
    pressings: Pressings,
    outbox: Outbox,
    events: VecDeque<MediaEvent>,
    lots: Lots,
    silence: Duration,
    epoch: Instant,
    due: Option<Instant>,
    at_work: Option<LegId>,
    /// Used again and again, so that a frame allocates nothing.
    frame: Vec<i16>,
    ready: Vec<LegId>,
    clear: Vec<u8>,
}

impl Patchbay {
    /// `silence`: how long an answered leg may say nothing before [`MediaEvent::Silent`].
    #[must_use]
    pub fn new(seed: [u8; 32], silence: Duration, now: Moment) -> Self {
        Self {
            lines: BTreeMap::new(),
            rooms: Rooms::default(),
            pressings: Pressings::default(),
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
            Some(line) => line.pages = Some(Tap::new(into)),
            None => gone(leg, "page"),
        }
    }

    /// In the place of an earlier tape; whoever hears the leg goes on doing so.
    pub fn record(&mut self, leg: LegId, tape: TapeWriter) {
        match self.lines.get_mut(&leg) {
            Some(line) => line.tape = Some(tape),
            None => gone(leg, "record"),
        }
    }

    pub fn open_room(&mut self, room: RoomId) {
        self.rooms.open(room);
    }

    /// What others in the room press goes to `to`, if it is there.
    pub fn send_keys_to(&mut self, room: RoomId, to: LegId) {
        if let Some(room) = self.rooms.get_mut(room) {
            room.send_keys_to(to);
        }
    }

    /// Whoever is still in it hears nothing.
    pub fn close_room(&mut self, room: RoomId) {
        for leg in self.rooms.close(room) {
            self.let_hear(leg, Hears::Nothing);
        }
    }

    /// In the place of what the leg heard, and of who heard it.
    pub fn join_room(&mut self, room: RoomId, leg: LegId, announced: bool, now: Moment) {
        if self.rooms.rate(room).is_none() || !self.lines.contains_key(&leg) {
            return gone(leg, "room");
        }
        self.part(leg);
        self.let_hear(leg, Hears::Room(room));
        if let Some(room) = self.rooms.get_mut(room) {
            room.join(leg, announced);
        }
        let first = self.next_tick(now);
        self.rooms.begin(first);
        self.wake_at(first);
    }

    pub fn leave_room(&mut self, leg: LegId) {
        if self.room_of(leg).is_some() {
            self.let_hear(leg, Hears::Nothing);
        }
    }

    /// The others in the room hear the leg no more, or again.
    pub fn mute(&mut self, leg: LegId, muted: bool) {
        if let Some(room) = self.room_of(leg).and_then(|room| self.rooms.get_mut(room)) {
            room.mute(leg, muted);
        }
    }

    /// What the leg presses from a star on is not sent on before `pass_keys`.
    pub fn hold_back_star(&mut self, leg: LegId) {
        match self.lines.get_mut(&leg) {
            Some(line) => line.star.watch(),
            None => gone(leg, "star"),
        }
    }

    /// What was held back was for us, and is forgotten, or for the other side.
    pub fn pass_keys(&mut self, leg: LegId, forget: bool, now: Moment) {
        let Some(line) = self.lines.get_mut(&leg) else { return gone(leg, "keys") };
        let kept = line.star.decide();
        if let Some(other) = self.keys_go_to(leg).filter(|_| !forget && !kept.is_empty()) {
            self.dial(other, &kept, now);
        }
    }

    /// Who gets what the leg presses.
    fn keys_go_to(&self, leg: LegId) -> Option<LegId> {
        match self.room_of(leg) {
            Some(room) => self.rooms.keys_go_to(room).filter(|to| *to != leg),
            None => self.lines.get(&leg)?.heard_by,
        }
    }

    fn room_of(&self, leg: LegId) -> Option<RoomId> {
        match self.lines.get(&leg)?.hears {
            Hears::Room(room) => Some(room),
            Hears::Nothing | Hears::Itself | Hears::Leg(_) | Hears::Clip(_) => None,
        }
    }

    /// Signalling says that the leg has pressed a key.
    pub fn digit(&mut self, leg: LegId, digit: char, now: Moment) {
        let Some(line) = self.lines.get_mut(&leg) else { return gone(leg, "digit") };
        let digit = digit.to_ascii_uppercase();
        if !is_key(digit) || !line.presses.is_new(digit, Way::Message, now.ticks) {
            return;
        }
        let finger = Some(Finger::Tapped(digit));
        let held_back = line.star.holds_back(finger);
        self.tell_digit(leg, Some(digit));
        if !held_back {
            self.dial_on(leg, finger, now);
        }
    }

    /// Presses keys towards the leg, one after the other.
    pub fn dial(&mut self, leg: LegId, digits: &str, now: Moment) {
        let Some(line) = self.lines.get_mut(&leg) else { return gone(leg, "dial") };
        for digit in digits.chars() {
            line.dialing.press(digit, Hold::For(TAP));
        }
        self.wake_at(now.ticks);
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

    /// A datagram has come to the leg's RTP port.
    pub fn handle_rtp(&mut self, leg: LegId, from: SocketAddr, datagram: &[u8], now: Moment) {
        self.at_work = Some(leg);
        let Some(line) = self.lines.get_mut(&leg) else { return };
        if line.srtp.is_none() {
            return self.take_sound(leg, from, datagram, now);
        }
        let mut clear = mem::take(&mut self.clear);
        if line.decrypt(Channel::Rtp, datagram, &mut clear) {
            self.take_sound(leg, from, &clear, now);
        }
        self.clear = clear;
    }

    fn take_sound(&mut self, leg: LegId, from: SocketAddr, datagram: &[u8], now: Moment) {
        let Some(line) = self.lines.get_mut(&leg) else { return };
        let Some(heard) = line.hear(from, datagram, self.silence, now.ticks) else { return };
        if let (Some(tap), Kind::Speech(codec)) = (&mut line.pages, &heard.kind) {
            tap.hear(*codec, heard.packet.payload);
        }
        if !matches!(line.hears, Hears::Room(room) if self.rooms.is_muted(room, leg)) {
            line.keep(&heard, now.ticks);
        }
        let (digit, finger) = line.finger(&heard, now.ticks);
        let held_back = heard.kind == Kind::Event && line.star.holds_back(finger);
        let lossy = line.reception.is_lossy();
        let listener = match line.hears {
            Hears::Itself => Some(leg),
            Hears::Room(room) => {
                // The room asks for it when it is due.
                if let Some(rate) = self.rooms.rate(room) {
                    line.listen(&heard, rate, now.ticks);
                }
                self.tell_digit(leg, digit);
                return self.dial_on(leg, finger.filter(|_| !held_back), now);
            }
            Hears::Nothing | Hears::Leg(_) | Hears::Clip(_) => line.heard_by,
        };
        self.tell_digit(leg, digit);
        let Some(listener) = listener else { return };
        let alone = held_back || !self.shares_events(leg, listener);
        if heard.kind == Kind::Event && listener != leg && alone {
            if let Some(line) = self.lines.get_mut(&listener) {
                line.stream.skip(&heard.packet, now.ticks);
            }
            return self.dial_on(leg, finger.filter(|_| !held_back), now);
        }
        let Some(theirs) = self.lines.get(&listener).and_then(|line| line.tuning) else { return };
        // A lossy line is mended where that costs nothing but time; phones mend the others.
        let mends = |codec: Codec| codec.law().is_some() && lossy && listener != leg;
        if let Kind::Speech(codec) = heard.kind
            && (!codec.agrees(theirs.codec) || mends(codec))
        {
            return self.listen(leg, &heard, codec.rate().min(theirs.codec.rate()), now);
        }
        if heard.kind == Kind::Comfort {
            return self.listen(leg, &heard, theirs.codec.rate(), now);
        }
        self.stop_listening(leg);
        let Some(line) = self.lines.get_mut(&listener) else { return };
        if listener == leg && heard.kind == Kind::Event {
            // A phone must not obey its own digits.
            line.stream.skip(&heard.packet, now.ticks);
        } else {
            line.pass(&heard, now.ticks, &mut self.outbox);
        }
    }

    fn tell_digit(&mut self, leg: LegId, digit: Option<char>) {
        if let Some(digit) = digit {
            self.events.push_back(MediaEvent::Digit { leg, digit });
        }
    }

    /// Whether events of one leg can be sent on to the other as they are.
    fn shares_events(&self, leg: LegId, listener: LegId) -> bool {
        let tuning = |leg| self.lines.get(&leg).and_then(|line| line.tuning);
        let (Some(ours), Some(theirs)) = (tuning(leg), tuning(listener)) else { return false };
        ours.codec.agrees(theirs.codec)
            && theirs.telephone_event.is_some()
            && ours.event_clock == theirs.event_clock
    }

    /// A finger's doings are repeated towards the other leg in a form of its own.
    fn dial_on(&mut self, leg: LegId, finger: Option<Finger>, now: Moment) {
        if finger.is_none() {
            return;
        }
        let Some(other) = self.keys_go_to(leg) else { return };
        let Some(listener) = self.lines.get_mut(&other) else { return };
        match finger {
            Some(Finger::Down(key)) => listener.dialing.press(key, Hold::Held),
            Some(Finger::Tapped(key)) => listener.dialing.press(key, Hold::For(TAP)),
            Some(Finger::Up) => listener.dialing.release(now.ticks),
            None => return,
        }
        self.wake_at(now.ticks);
    }

    /// What the leg says must be decoded for whoever hears it.
    fn listen(&mut self, leg: LegId, heard: &line::Heard<'_>, rate: u32, now: Moment) {
        let Some(line) = self.lines.get_mut(&leg) else { return };
        let due = line.listen(heard, rate, now.ticks);
        if let Some(due) = due.filter(|_| line.ear_due.is_none()) {
            let due = on_grid(self.epoch, EAR_GRID, due);
            line.ear_due = Some(due);
            self.wake_at(due);
        }
    }

    /// A datagram has come to the leg's RTCP port.
    pub fn handle_rtcp(&mut self, leg: LegId, from: SocketAddr, datagram: &[u8], now: Moment) {
        self.at_work = Some(leg);
        let Some(line) = self.lines.get_mut(&leg) else { return };
        if line.srtp.is_none() {
            return line.hear_report(from, datagram, self.silence, now);
        }
        if line.decrypt(Channel::Rtcp, datagram, &mut self.clear) {
            line.hear_report(from, &self.clear, self.silence, now);
        }
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        if self.due.is_none_or(|due| due > now.ticks) {
            return;
        }
        self.due = None;
        self.release_keys(now);
        self.pull_ears(now);
        self.rooms.handle_timeout(&mut self.lines, now, &mut self.outbox);
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
            if line.reports.due() <= now.ticks {
                line.report(self.lots.draw(), now, &mut self.outbox);
            }
            let dues = [
                Some(line.reports.due()),
                line.watch.poll_timeout(),
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

    /// Presses whose end never came are over.
    fn release_keys(&mut self, now: Moment) {
        let mut ready = mem::take(&mut self.ready);
        let over = |line: &mut Line| line.keypad.handle_timeout(now.ticks).then_some(line.leg);
        ready.extend(self.lines.values_mut().filter_map(over));
        for &leg in &ready {
            if let Some(other) = self.keys_go_to(leg)
                && let Some(other) = self.lines.get_mut(&other)
            {
                other.dialing.release(now.ticks);
            }
        }
        ready.clear();
        self.ready = ready;
    }

    /// Takes from every ear what is due, and says it to whoever hears the leg.
    fn pull_ears(&mut self, now: Moment) {
        let due = |line: &Line| line.ear_due.is_some_and(|due| due <= now.ticks);
        let mut ready = mem::take(&mut self.ready);
        ready.extend(self.lines.values().filter(|line| due(line)).map(|line| line.leg));
        for &leg in &ready {
            self.pull_ear(leg, now);
        }
        ready.clear();
        self.ready = ready;
    }

    fn pull_ear(&mut self, leg: LegId, now: Moment) {
        self.at_work = Some(leg);
        while let Some(line) = self.lines.get_mut(&leg) {
            let Some(due) = line.ear_due.filter(|due| *due <= now.ticks) else { return };
            let late = now.ticks.saturating_duration_since(due);
            let from = if late > MOST_CAUGHT_UP { now.ticks } else { due };
            let idle = line.ear.as_ref().is_none_or(|ear| ear.is_idle());
            line.ear_due = (!idle).then_some(from + FRAME);
            let Some(rate) = line.pull(due, &mut self.frame) else { continue };
            let Some(listener) = line.heard_by else { continue };
            let Some(listener) = self.lines.get_mut(&listener) else { continue };
            listener.speak((&self.frame, rate), now.ticks, &mut self.outbox);
        }
    }

    /// Its packets can simply be sent on from now on.
    fn stop_listening(&mut self, leg: LegId) {
        if let Some(line) = self.lines.get_mut(&leg)
            && line.ear.is_some()
        {
            line.decoded = line.decoded_so_far();
            (line.ear, line.ear_due) = (None, None);
        }
    }

    fn let_hear(&mut self, leg: LegId, hears: Hears) {
        let Some(line) = self.lines.get_mut(&leg) else { return gone(leg, "hear") };
        line.stream.begin();
        match mem::replace(&mut line.hears, hears) {
            Hears::Leg(partner) => {
                if let Some(partner) = self.lines.get_mut(&partner) {
                    partner.heard_by = None;
                }
            }
            Hears::Room(room) => {
                line.decoded = line.decoded_so_far();
                (line.ear, line.ear_due) = (None, None);
                if let Some(room) = self.rooms.get_mut(room) {
                    room.leave(leg);
                }
            }
            Hears::Nothing | Hears::Itself | Hears::Clip(_) => {}
        }
    }

    fn next_tick(&self, now: Moment) -> Instant {
        on_grid(self.epoch, GRID, now.ticks)
    }

    fn wake_at(&mut self, at: Instant) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }
}

/// The first instant of the grid that is not before `at`.
fn on_grid(epoch: Instant, grid: Duration, at: Instant) -> Instant {
    let (since, grid) = (at.saturating_duration_since(epoch).as_micros(), grid.as_micros());
    at + Duration::from_micros(((grid - since % grid) % grid) as u64)
}

/// Commands race with hang-ups.
fn gone(leg: LegId, wanted: &'static str) {
    debug!(%leg, wanted, "no such leg");
}
