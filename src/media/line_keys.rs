//! Keys that a leg presses, and keys pressed towards it.

use std::time::Instant;

use crate::media::dialing::Step;
use crate::media::line::{Heard, Hears, Kind, Line, stamped};
use crate::media::outbox::{Channel, Outbox};
use crate::media::presses::Way;
use crate::media::telephone_event::Finger;

/// Keys' tones are made at this rate; all of them lie below its half.
const TONE_RATE: u32 = 8_000;

impl Line {
    /// What a packet of the leg's says of its keys: a press that is news, and what its finger does.
    pub fn finger(&mut self, heard: &Heard<'_>, now: Instant) -> (Option<char>, Option<Finger>) {
        match heard.kind {
            Kind::Event => {
                let finger = self.keypad.read(&heard.packet, now);
                let key = match finger {
                    Some(Finger::Down(key) | Finger::Tapped(key)) => Some(key),
                    Some(Finger::Up) | None => None,
                };
                (key.filter(|&key| self.presses.is_new(key, Way::Event, now)), finger)
            }
            Kind::Speech(codec) => {
                let Some(law) = codec.law().filter(|_| self.may_dial_by_tones()) else {
                    return (None, None);
                };
                let key = self.tones.hear_coded(law, heard.packet.payload);
                (key.filter(|&key| self.presses.is_new(key, Way::Tone, now)), None)
            }
            Kind::Comfort => (None, None),
        }
    }

    /// Towards another phone tones are simply heard; listening to each packet of a call for them
    /// would cost a third of its relay, and phones with events do not send tones.
    fn may_dial_by_tones(&self) -> bool {
        let events = self.tuning.is_some_and(|tuning| tuning.telephone_event.is_some());
        !(events && matches!(self.hears, Hears::Leg(_)))
    }

    /// Sends what is due of the keys pressed towards the leg.
    pub fn tick_keys(&mut self, now: Instant, outbox: &mut Outbox) {
        if !self.dialing.is_busy() {
            return;
        }
        let Some(tuning) = self.tuning else { return };
        let clock = tuning.telephone_event.map(|_| tuning.event_clock);
        let mut frame = Vec::new();
        while let Some(step) = self.dialing.step(clock, TONE_RATE, &mut frame, now) {
            match step {
                Step::Event { event, first } => {
                    let (Some((tuning, to)), Some(payload)) = (self.open(), event.write()) else {
                        continue;
                    };
                    let Some(payload_type) = tuning.telephone_event else { continue };
                    let stamp = self.stream.press(first, now);
                    self.stream.count(payload.len());
                    outbox.push(
                        (self.leg, Channel::Rtp),
                        to,
                        self.srtp.as_deref_mut(),
                        |datagram| stamped(stamp, payload_type, &payload).write(datagram),
                    );
                }
                Step::Tone => self.utter((&frame, TONE_RATE), now, outbox),
                Step::Pause => {}
            }
        }
        if !self.dialing.is_busy() {
            self.stream.begin();
        }
    }

    /// When keys pressed towards the leg, or its own, want attention.
    #[must_use]
    pub fn keys_due(&self) -> Option<Instant> {
        self.dialing.due().into_iter().chain(self.keypad.poll_timeout()).min()
    }
}
