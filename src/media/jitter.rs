//! The jitter buffer: packets of one stream in their order, and how the network treats them.

use std::collections::VecDeque;

use crate::media::delays::Delays;

/// Some 2 s of sound: more is no jitter.
const MOST: usize = 100;
/// A timestamp this many seconds from the last belongs to a new clock.
const NEW_CLOCK_SECONDS: i64 = 10;

/// Holds packets until they are due. Timestamps are counted on without wrapping.
#[derive(Debug)]
pub struct Jitter {
    clock: u32,
    queue: VecDeque<Held>,
    spare: Vec<Vec<u8>>,
    last: Option<(u32, i64)>,
    pub delays: Delays,
}

/// One packet that waits.
#[derive(Debug)]
pub struct Held {
    pub timestamp: i64,
    pub kind: Content,
    pub payload: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Speech,
    /// RFC 3389.
    Comfort,
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Held,
    /// It was held already.
    Copy,
    /// Its time is over.
    Late,
    /// It starts a new clock: nothing before it waits any more.
    Restart,
}

impl Jitter {
    /// `clock`: ticks a second of the timestamps.
    #[must_use]
    pub fn new(clock: u32) -> Self {
        let (queue, spare) = (VecDeque::with_capacity(MOST), Vec::new());
        Self { clock, queue, spare, last: None, delays: Delays::default() }
    }

    /// Takes a packet in that has come at `now` (microseconds); `played` is the timestamp up to
    /// which all has been played.
    pub fn put(
        &mut self,
        (timestamp, kind, payload): (u32, Content, &[u8]),
        played: Option<i64>,
        now: i64,
    ) -> Taken {
        let (timestamp, goes_on) = self.extended(timestamp);
        if !goes_on {
            self.clear();
            self.delays.restart();
        }
        self.delays.observe(now - self.micros(timestamp), now);
        if goes_on && played.is_some_and(|played| timestamp < played) {
            return Taken::Late;
        }
        let place = self.queue.partition_point(|held| held.timestamp < timestamp);
        if self.queue.get(place).is_some_and(|held| held.timestamp == timestamp) {
            return Taken::Copy;
        }
        if self.queue.len() >= MOST {
            self.skip();
        }
        let place = place.min(self.queue.len());
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(payload);
        self.queue.insert(place, Held { timestamp, kind, payload: bytes });
        if goes_on { Taken::Held } else { Taken::Restart }
    }

    /// The packet that is next in order.
    #[must_use]
    pub fn first(&self) -> Option<&Held> {
        self.queue.front()
    }

    /// Gives up the packet that is next in order.
    pub fn skip(&mut self) {
        if let Some(held) = self.queue.pop_front() {
            self.spare.push(held.payload);
        }
    }

    pub fn clear(&mut self) {
        while !self.queue.is_empty() {
            self.skip();
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// How long sound of `timestamp` has waited at `now`, beyond the quickest way here.
    #[must_use]
    pub fn age(&self, timestamp: i64, now: i64) -> i64 {
        now - self.micros(timestamp) - self.delays.least()
    }

    #[must_use]
    pub fn micros(&self, ticks: i64) -> i64 {
        ticks * 1_000_000 / i64::from(self.clock)
    }

    /// The timestamp without its wrap, and whether it goes on from the last.
    fn extended(&mut self, timestamp: u32) -> (i64, bool) {
        let Some((last, extended)) = self.last else {
            self.last = Some((timestamp, timestamp.into()));
            return (timestamp.into(), true);
        };
        let moved = i64::from(timestamp.wrapping_sub(last) as i32);
        let goes_on = moved.abs() <= NEW_CLOCK_SECONDS * i64::from(self.clock);
        let extended = extended + moved;
        if moved > 0 || !goes_on {
            self.last = Some((timestamp, extended));
        }
        (extended, goes_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(jitter: &mut Jitter, timestamp: u32, played: Option<i64>) -> Taken {
        jitter.put((timestamp, Content::Speech, &[1, 2]), played, 0)
    }

    #[test]
    fn disorder_is_put_in_order_round_the_wrap() {
        let mut jitter = Jitter::new(8_000);
        let start = u32::MAX - 200;
        for step in [0, 2, 1, 3, 2] {
            let taken = put(&mut jitter, start.wrapping_add(step * 160), None);
            let copy = jitter.len() == 4 && step == 2;
            assert_eq!(taken, if copy { Taken::Copy } else { Taken::Held });
        }
        let order = std::iter::from_fn(|| {
            let first = jitter.first()?.timestamp;
            jitter.skip();
            Some(first - i64::from(start))
        });
        assert_eq!(order.collect::<Vec<_>>(), [0, 160, 320, 480]);
    }

    #[test]
    fn what_comes_too_late_and_what_starts_anew_are_told() {
        let mut jitter = Jitter::new(8_000);
        put(&mut jitter, 1_000, None);
        assert_eq!(put(&mut jitter, 840, Some(1_000)), Taken::Late);
        assert_eq!(put(&mut jitter, 900_000, Some(1_000)), Taken::Restart);
        assert_eq!(jitter.len(), 1);
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut jitter = Jitter::new(8_000);
        for count in 0..1_000 {
            put(&mut jitter, count * 8, None);
        }
        assert_eq!(jitter.len(), MOST);
    }
}
