//! Keys as RFC 4733 sends them: what one packet says, and which packets belong to one press.

use std::time::{Duration, Instant};

use crate::media::packet::Packet;

const KEYS: &[u8; 16] = b"0123456789*#ABCD";
/// The volume of our own events, in -dBm0 (RFC 4733 2.5.2.2 gives none; -10 is usual).
const VOLUME: u8 = 10;
/// Without an end and without another packet for so long the key is up again: three packets lost
/// in a row are nothing unusual (RFC 4733 2.5.1.3 leaves the time open).
const FORGOTTEN: Duration = Duration::from_millis(150);
/// Some phones move the timestamp with each packet of one press; they are this close together,
/// and two presses of a finger are not.
const SAME_PRESS: Duration = Duration::from_millis(45);
/// RFC 4733 2.5.1.3: a press longer than its field goes on under a timestamp this much later.
const LONGEST: u32 = 0xffff;

/// What a packet says of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TelephoneEvent {
    pub key: char,
    pub end: bool,
    /// In timestamp ticks.
    pub duration: u16,
}

impl TelephoneEvent {
    /// `None` for what is no key: flash, or too short.
    #[must_use]
    pub fn read(payload: &[u8]) -> Option<Self> {
        let &[code, flags, high, low, ..] = payload else { return None };
        let key = char::from(*KEYS.get(usize::from(code))?);
        Some(Self { key, end: flags & 0x80 != 0, duration: u16::from_be_bytes([high, low]) })
    }

    /// `None` if it is no key.
    #[must_use]
    pub fn write(&self) -> Option<[u8; 4]> {
        let code = KEYS.iter().position(|&key| char::from(key) == self.key)?;
        let [high, low] = self.duration.to_be_bytes();
        Some([code as u8, u8::from(self.end) << 7 | VOLUME, high, low])
    }
}

/// The presses of one leg, each told once however often and in whatever order its packets come.
#[derive(Debug, Default)]
pub struct Keypad {
    press: Option<Press>,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    ssrc: u32,
    timestamp: u32,
    key: char,
    heard: Instant,
    down: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finger {
    Down(char),
    Up,
    /// Down and up again: of the whole press only the end has come.
    Tapped(char),
}

impl Keypad {
    /// Takes a packet in and says what is new in it.
    pub fn read(&mut self, packet: &Packet<'_>, now: Instant) -> Option<Finger> {
        let event = TelephoneEvent::read(packet.payload)?;
        let (ssrc, timestamp, key) = (packet.ssrc, packet.timestamp, event.key);
        if let Some(press) = self.press.as_mut().filter(|press| press.ssrc == ssrc) {
            let ahead = timestamp.wrapping_sub(press.timestamp);
            if ahead > i32::MAX as u32 {
                return None;
            }
            let close = now.saturating_duration_since(press.heard) < SAME_PRESS;
            let goes_on =
                ahead == 0 || press.down && press.key == key && (ahead == LONGEST || close);
            if goes_on {
                let ends = event.end && press.down;
                (press.timestamp, press.heard) = (timestamp, now);
                press.down &= !event.end;
                return ends.then_some(Finger::Up);
            }
        }
        self.press = Some(Press { ssrc, timestamp, key, heard: now, down: !event.end });
        Some(if event.end { Finger::Tapped(key) } else { Finger::Down(key) })
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.press.filter(|press| press.down).map(|press| press.heard + FORGOTTEN)
    }

    /// True once, when the end of a press never came.
    pub fn handle_timeout(&mut self, now: Instant) -> bool {
        let over = self.poll_timeout().is_some_and(|due| due <= now);
        if let Some(press) = self.press.as_mut().filter(|_| over) {
            press.down = false;
        }
        over
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock;

    fn packet(timestamp: u32, payload: &[u8]) -> Packet<'_> {
        Packet { marker: false, payload_type: 101, sequence: 0, timestamp, ssrc: 1, payload }
    }

    fn bytes(key: char, end: bool) -> [u8; 4] {
        TelephoneEvent { key, end, duration: 320 }.write().unwrap()
    }

    #[test]
    fn every_key_reads_back_and_flash_is_none() {
        for key in KEYS.iter().map(|&key| char::from(key)) {
            let event = TelephoneEvent { key, end: true, duration: 800 };
            assert_eq!(TelephoneEvent::read(&event.write().unwrap()), Some(event));
        }
        assert_eq!(TelephoneEvent::read(&[16, 10, 0, 0]), None);
        assert_eq!(TelephoneEvent::read(&[1, 10]), None);
    }

    #[test]
    fn a_press_is_told_once_without_marker_and_with_copies() {
        let mut now = clock::now().ticks;
        let mut keypad = Keypad::default();
        let mut told = Vec::new();
        for (timestamp, key, end) in [
            (1_000, '5', false),
            (1_000, '5', false),
            (1_000, '5', true),
            (1_000, '5', true),
            (1_000, '5', false),
            (3_000, '5', true),
            (1_000, '5', true),
            (3_000, '5', true),
            (5_000, '6', false),
        ] {
            told.extend(keypad.read(&packet(timestamp, &bytes(key, end)), now));
            now += Duration::from_millis(20);
        }
        use Finger::{Down, Tapped, Up};
        assert_eq!(told, [Down('5'), Up, Tapped('5'), Down('6')]);
        assert!(!keypad.handle_timeout(now));
        now += FORGOTTEN;
        assert!(keypad.handle_timeout(now) && !keypad.handle_timeout(now));
    }

    #[test]
    fn a_timestamp_that_moves_with_the_packets_is_one_press() {
        let mut now = clock::now().ticks;
        let mut keypad = Keypad::default();
        let mut told = Vec::new();
        for count in 0..10 {
            told.extend(keypad.read(&packet(count * 160, &bytes('9', count == 9)), now));
            now += Duration::from_millis(20);
        }
        assert_eq!(told, [Finger::Down('9'), Finger::Up]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(payload in proptest::collection::vec(any::<u8>(), 0..9), timestamp: u32) {
            let mut keypad = Keypad::default();
            let now = clock::now().ticks;
            keypad.read(&packet(timestamp, &payload), now);
            keypad.read(&packet(timestamp.wrapping_mul(7), &payload), now);
        }
    }
}
