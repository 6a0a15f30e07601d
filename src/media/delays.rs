//! How late a stream's packets come: the shape of its delays, and the wait that suits it.

/// Width of a class of delays.
const CLASS_MICROS: i64 = 5_000;
/// Longer delays than these 300 ms are all alike.
const CLASSES: usize = 60;
/// This part of the packets shall come in time.
const IN_TIME: f32 = 0.985;
/// How much of the past is kept with each packet: it fades over some ten seconds.
const MEMORY: f32 = 0.998;
/// The quickest packet of the last two such spans is the one that had no delay: long enough for
/// jitter to show its least, short enough for 100 ppm of drift to stay below half a millisecond.
const SPAN_MICROS: i64 = 2_000_000;

/// Watches the delays of one stream. Times are in microseconds.
#[derive(Debug)]
pub struct Delays {
    classes: [f32; CLASSES],
    packets: u32,
    span: Option<Span>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    since: i64,
    least: i64,
    before: i64,
}

impl Default for Delays {
    fn default() -> Self {
        Self { classes: [0.0; CLASSES], packets: 0, span: None }
    }
}

impl Delays {
    /// A packet has come `transit` after its timestamp, on clocks that need not agree.
    pub fn observe(&mut self, transit: i64, now: i64) {
        let fresh = Span { since: now, least: transit, before: transit };
        let mut span = self.span.unwrap_or(fresh);
        span.least = span.least.min(transit);
        if now - span.since > SPAN_MICROS {
            span = Span { since: now, least: transit, before: span.least };
        }
        self.span = Some(span);
        let class = usize::try_from((transit - self.least()) / CLASS_MICROS).unwrap_or_default();
        // The first packets weigh as much as each other.
        let packets = self.packets as f32;
        let memory = ((packets + 1.0) / (packets + 2.0)).min(MEMORY);
        self.packets = self.packets.saturating_add(1);
        self.classes.iter_mut().for_each(|weight| *weight *= memory);
        self.classes[class.min(CLASSES - 1)] += 1.0 - memory;
    }

    /// Whether anything has come since the last restart.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.span.is_some()
    }

    /// The transit of a packet without delay.
    #[must_use]
    pub fn least(&self) -> i64 {
        self.span.map_or(0, |span| span.least.min(span.before))
    }

    /// How long to wait for packets, beyond the quickest.
    #[must_use]
    pub fn target(&self) -> i64 {
        let whole: f32 = self.classes.iter().sum();
        let mut reached = 0.0;
        for (class, weight) in (1..).zip(&self.classes) {
            reached += weight;
            if reached >= whole * IN_TIME {
                return class * CLASS_MICROS;
            }
        }
        CLASSES as i64 * CLASS_MICROS
    }

    /// Another clock stands behind the timestamps from now on; how much they jitter is kept.
    pub fn restart(&mut self) {
        self.span = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_follows_the_network_up_and_down() {
        let mut delays = Delays::default();
        let mut run = |count: i64, jitter: i64, from: i64| {
            for at in from..from + count {
                let delay = (at * 7_919 % 101) * jitter * 10;
                delays.observe(delay - 77_000, at * 20_000 + delay);
            }
            delays.target()
        };
        assert_eq!(run(200, 0, 0), 5_000);
        assert!((55_000..=65_000).contains(&run(1_000, 60, 200)));
        assert!((110_000..=125_000).contains(&run(2_000, 120, 1_200)));
        assert!(run(4_000, 10, 3_200) <= 15_000);
    }

    #[test]
    fn drift_is_not_delay() {
        for ppm in [-100, 100] {
            let mut delays = Delays::default();
            for at in 0..30_000_i64 {
                delays.observe(at * 20_000 * ppm / 1_000_000, at * 20_000);
            }
            assert_eq!(delays.target(), 5_000);
        }
    }
}
