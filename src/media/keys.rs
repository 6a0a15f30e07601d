//! The keys that legs press, and who gets them in which form.

use std::mem;
use std::time::Duration;

use crate::audio::dtmf::is_key;
use crate::leg::{LegId, RoomId};
use crate::media::dialing::Hold;
use crate::media::handle::MediaEvent;
use crate::media::line::Line;
use crate::media::patchbay::{Patchbay, gone};
use crate::media::presses::Way;
use crate::media::telephone_event::Finger;
use crate::time::Moment;

/// A key pressed for someone: what a finger takes.
const TAP: Duration = Duration::from_millis(100);

impl Patchbay {
    /// What others in the room press goes to `to`, if it is there.
    pub fn send_keys_to(&mut self, room: RoomId, to: LegId) {
        if let Some(room) = self.rooms.get_mut(room) {
            room.send_keys_to(to);
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
    pub(in crate::media) fn keys_go_to(&self, leg: LegId) -> Option<LegId> {
        match self.room_of(leg) {
            Some(room) => self.rooms.keys_go_to(room).filter(|to| *to != leg),
            None => self.lines.get(&leg)?.heard_by,
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

    pub(in crate::media) fn tell_digit(&mut self, leg: LegId, digit: Option<char>) {
        if let Some(digit) = digit {
            self.events.push_back(MediaEvent::Digit { leg, digit });
        }
    }

    /// Whether events of one leg can be sent on to the other as they are.
    pub(in crate::media) fn shares_events(&self, leg: LegId, listener: LegId) -> bool {
        let tuning = |leg| self.lines.get(&leg).and_then(|line| line.tuning);
        let (Some(ours), Some(theirs)) = (tuning(leg), tuning(listener)) else { return false };
        ours.codec.agrees(theirs.codec)
            && theirs.telephone_event.is_some()
            && ours.event_clock == theirs.event_clock
    }

    /// A finger's doings are repeated towards the other leg in a form of its own.
    pub(in crate::media) fn dial_on(&mut self, leg: LegId, finger: Option<Finger>, now: Moment) {
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

    /// Presses whose end never came are over.
    pub(in crate::media) fn release_keys(&mut self, now: Moment) {
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
}
