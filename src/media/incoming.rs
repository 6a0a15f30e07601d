//! What comes in, and the way it takes to whoever hears it.

use std::mem;
use std::net::SocketAddr;
use std::time::Duration;

use crate::leg::LegId;
use crate::media::codec::Codec;
use crate::media::ear::FRAME;
use crate::media::handle::MediaEvent;
use crate::media::line::{self, Hears, Kind, Line};
use crate::media::outbox::Channel;
use crate::media::patchbay::{Patchbay, on_grid};
use crate::time::Moment;

/// Ears are asked on a finer grid than clips: it adds little delay, and one wake-up serves several.
const EAR_GRID: Duration = Duration::from_millis(5);
/// An ear this late is caught up with; anything later is left out (R18).
const MOST_CAUGHT_UP: Duration = Duration::from_millis(60);

impl Patchbay {
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
        let trouble = line.comes_from();
        self.events.extend(trouble.map(|trouble| MediaEvent::Trouble { leg, trouble }));
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

    /// Takes from every ear what is due, and says it to whoever hears the leg.
    pub(in crate::media) fn pull_ears(&mut self, now: Moment) {
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
            let rate = line.pull(due, &mut self.neurons, &mut self.frame);
            let Some(listener) = line.heard_by else { continue };
            let Some(listener) = self.lines.get_mut(&listener) else { continue };
            match rate {
                Some(rate) => listener.speak((&self.frame, rate), now.ticks, &mut self.outbox),
                // What is said after a pause has the time at which it is said (RFC 3550 5.1).
                None => listener.stream.begin(),
            }
        }
    }

    /// Its packets can simply be sent on from now on.
    pub(in crate::media) fn stop_listening(&mut self, leg: LegId) {
        if let Some(line) = self.lines.get_mut(&leg)
            && line.ear.is_some()
        {
            line.decoded = line.decoded_so_far();
            (line.ear, line.ear_due) = (None, None);
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
}
