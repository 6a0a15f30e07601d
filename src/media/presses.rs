//! One press is one digit, though a phone may send it in three ways at once.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A report of the same key by another way within this time is the same press.
const SAME: Duration = Duration::from_millis(1_000);
/// Presses that are remembered; nobody presses more in a second.
const MOST: usize = 16;

/// How a press came to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// RFC 4733.
    Event,
    /// Tones in the sound.
    Tone,
    /// SIP INFO.
    Message,
}

#[derive(Debug, Default)]
pub struct Presses {
    recent: VecDeque<Press>,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    key: char,
    at: Instant,
    seen: [bool; 3],
}

impl Presses {
    /// Whether this report is of a press not known yet. Each way reports presses in their order,
    /// so a report belongs to the oldest press of its key which that way has not reported.
    pub fn is_new(&mut self, key: char, way: Way, now: Instant) -> bool {
        let old = |press: &Press| now.saturating_duration_since(press.at) > SAME;
        while self.recent.len() >= MOST || self.recent.front().is_some_and(old) {
            self.recent.pop_front();
        }
        let mut known = self.recent.iter_mut();
        if let Some(press) = known.find(|press| press.key == key && !press.seen[way as usize]) {
            press.seen[way as usize] = true;
            return false;
        }
        let mut seen = [false; 3];
        seen[way as usize] = true;
        self.recent.push_back(Press { key, at: now, seen });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn three_ways_at_once_are_one_press_however_quick_the_finger() {
        use Way::{Event, Message, Tone};
        let start = clock::now().ticks;
        let mut presses = Presses::default();
        let mut count = 0;
        for (millis, way) in [
            (0, Event),
            (30, Tone),
            (150, Event),
            (180, Tone),
            (200, Message),
            (300, Event),
            (330, Tone),
            (350, Message),
            (500, Message),
        ] {
            let now = start + Duration::from_millis(millis);
            count += u32::from(presses.is_new('1', way, now));
        }
        assert_eq!(count, 3);
        assert!(presses.is_new('2', Tone, start + Duration::from_millis(510)));
        assert!(presses.is_new('1', Message, start + Duration::from_secs(5)));
    }
}
