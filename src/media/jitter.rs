//! The jitter buffer: packets of one stream in their order, and how the network treats them.

use std::collections::VecDeque;

use crate::media::delays::Delays;

/// Some 2 s of sound: more is no jitter.
const MOST: usize = 100;
/// A timestamp this many seconds from the last belongs to a new clock.
const NEW_CLOCK_SECONDS: i64 = 10;
/// No network brings a packet this much sooner than the quickest of the last seconds (microseconds),
/// and of a clock that was set back by more than this so many packets in a row come too late.
const NEW_CLOCK: i64 = 1_000_000;
const TOO_LATE_IN_A_ROW: u8 = 5;

/// Holds packets until they are due. Timestamps are counted on without wrapping.
#[derive(Debug)]
pub struct Jitter {
    clock: u32,
    queue: VecDeque<Held>,
    spare: Vec<Vec<u8>>,
    last: Option<Last>,
    /// How many packets in a row were far too late.
    too_late: u8,
    pub delays: Delays,
}

/// The newest packet so far.
#[derive(Clone, Copy, Debug)]
struct Last {
    ssrc: u32,
    timestamp: u32,
    extended: i64,
}

/// A packet as it comes in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub ssrc: u32,
    pub sequence: u16,
    pub timestamp: u32,
    pub kind: Content,
    pub payload: &'a [u8],
}

/// One packet that waits.
#[derive(Debug)]
pub struct Held {
    pub sequence: u16,
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
        Self { clock, queue, spare, last: None, too_late: 0, delays: Delays::default() }
    }

    /// Takes a packet in that has come at `now` (microseconds); `played` is the timestamp up to
    /// which all has been played.
    pub fn put(&mut self, arrival: Arrival<'_>, played: Option<i64>, now: i64) -> Taken {
        let (timestamp, mut goes_on) = self.extended(arrival);
        let transit = now - self.micros(timestamp);
        let is_late = played.is_some_and(|played| timestamp < played);
        if goes_on && self.delays.is_known() {
            let early = self.delays.least() - transit;
            let far_too_late = is_late && -early > NEW_CLOCK;
            self.too_late = if far_too_late { self.too_late + 1 } else { 0 };
            goes_on = early < NEW_CLOCK && self.too_late < TOO_LATE_IN_A_ROW;
        }
        if !goes_on {
            self.begin(arrival, timestamp);
        }
        if self.too_late == 0 {
            // No wait would be long enough for the others.
            self.delays.observe(transit, now);
        }
        if goes_on && is_late {
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
        bytes.extend_from_slice(arrival.payload);
        let Arrival { sequence, kind, .. } = arrival;
        self.queue.insert(place, Held { sequence, timestamp, kind, payload: bytes });
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

    /// Another clock stands behind the timestamps from this packet on.
    fn begin(&mut self, Arrival { ssrc, timestamp, .. }: Arrival<'_>, extended: i64) {
        self.clear();
        self.delays.restart();
        self.too_late = 0;
        self.last = Some(Last { ssrc, timestamp, extended });
    }

    /// The timestamp without its wrap, and whether it goes on from the last.
    fn extended(&mut self, Arrival { ssrc, timestamp, .. }: Arrival<'_>) -> (i64, bool) {
        let Some(last) = self.last else {
            let extended = timestamp.into();
            self.last = Some(Last { ssrc, timestamp, extended });
            return (extended, true);
        };
        let moved = i64::from(timestamp.wrapping_sub(last.timestamp) as i32);
        let near = moved.abs() <= NEW_CLOCK_SECONDS * i64::from(self.clock);
        let goes_on = near && ssrc == last.ssrc;
        let extended = last.extended + moved;
        if moved > 0 && goes_on {
            self.last = Some(Last { timestamp, extended, ..last });
        }
        (extended, goes_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(jitter: &mut Jitter, timestamp: u32, played: Option<i64>) -> Taken {
        put_from(jitter, (5, timestamp), played, 0)
    }

    fn put_from(
        jitter: &mut Jitter,
        (ssrc, timestamp): (u32, u32),
        played: Option<i64>,
        now: i64,
    ) -> Taken {
        let (kind, payload) = (Content::Speech, [1, 2].as_slice());
        jitter.put(Arrival { ssrc, sequence: 1, timestamp, kind, payload }, played, now)
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
    fn another_source_starts_anew_wherever_its_clock_stands() {
        for off in [-9 * 8_000, -800, 0, 800, 9 * 8_000] {
            let mut jitter = Jitter::new(8_000);
            put(&mut jitter, 100_000, None);
            let timestamp = 100_000_u32.wrapping_add_signed(off);
            assert_eq!(put_from(&mut jitter, (6, timestamp), Some(100_160), 0), Taken::Restart);
            assert_eq!(jitter.len(), 1, "{off}");
        }
    }

    #[test]
    fn a_clock_that_is_set_is_a_new_one_and_a_straggler_is_late() {
        let mut jitter = Jitter::new(8_000);
        let (mut played, mut now) = (None, 0);
        let mut next = |jitter: &mut Jitter, timestamp: u32| {
            let taken = put_from(jitter, (5, timestamp), played, now);
            now += 20_000;
            if let Some(first) = jitter.first().map(|held| held.timestamp) {
                jitter.skip();
                played = Some(first + 160);
            }
            taken
        };
        for count in 0..200 {
            assert_eq!(next(&mut jitter, 100_000 + count * 160), Taken::Held);
        }
        let end = 100_000 + 200 * 160;
        assert_eq!(next(&mut jitter, end - 3 * 8_000), Taken::Late, "one straggler");
        assert_eq!(next(&mut jitter, end), Taken::Held);
        assert_eq!(next(&mut jitter, end + 3 * 8_000), Taken::Restart, "set forward");
        let back = [0, 160, 320, 480, 640].map(|step| next(&mut jitter, end + step));
        assert_eq!(back[..4], [Taken::Late; 4], "set back");
        assert_eq!(back[4], Taken::Restart);
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
