//! How many of the networks of neurons that conceal and mend Opus may work at once: on a bad day of
//! the network all calls want them, and none may lose its time to them.

use std::time::{Duration, Instant};

use crate::audio::opus::Means;

/// The budget is of so much time.
const WINDOW: Duration = Duration::from_millis(20);
/// Frames that are mended in a window, at some 100 µs each.
const MOST_MENDED: u16 = 20;
/// Frames that are concealed by neurons in a window, at some 200 µs each.
const MOST_CONCEALED: u16 = 10;

/// The budget of one thread. What asks first gets it; as ears are asked in the same order every
/// 20 ms, the same calls keep it.
#[derive(Debug)]
pub struct Neurons {
    most_mended: u16,
    since: Option<Instant>,
    mended: u16,
    concealed: u16,
}

impl Default for Neurons {
    fn default() -> Self {
        Self { most_mended: MOST_MENDED, since: None, mended: 0, concealed: 0 }
    }
}

impl Neurons {
    /// Only what is missing is made up, and what comes is left as it is.
    #[must_use]
    pub fn concealing_alone() -> Self {
        Self { most_mended: 0, ..Self::default() }
    }

    /// What one ear may use for its next 20 ms, at `now`.
    pub fn means(&mut self, is_lossy: bool, now: Instant) -> Means {
        let over = |since: Instant| now.saturating_duration_since(since) >= WINDOW;
        if self.since.is_none_or(over) {
            (self.since, self.mended, self.concealed) = (Some(now), 0, 0);
        }
        if self.concealed >= MOST_CONCEALED {
            return Means::Plain;
        }
        if !is_lossy || self.mended >= self.most_mended {
            return Means::Concealing;
        }
        self.mended += 1;
        Means::Mending
    }

    /// So many losses have been concealed by neurons.
    pub fn spend(&mut self, made_up: u16) {
        self.concealed = self.concealed.saturating_add(made_up);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn a_bad_day_for_all_is_bounded_and_over_with_the_window() {
        let mut neurons = Neurons::default();
        let mut now = clock::now().ticks;
        for _ in 0..3 {
            let granted: Vec<Means> = (0..100).map(|_| neurons.means(true, now)).collect();
            let count = |means| granted.iter().filter(|granted| **granted == means).count();
            assert_eq!(count(Means::Mending), usize::from(MOST_MENDED));
            assert_eq!(count(Means::Concealing), 100 - usize::from(MOST_MENDED));
            assert!(
                granted[..20].iter().all(|granted| *granted == Means::Mending),
                "who asks first"
            );
            neurons.spend(MOST_CONCEALED);
            assert_eq!(neurons.means(true, now + WINDOW / 2), Means::Plain);
            now += WINDOW;
        }
    }

    #[test]
    fn a_clean_line_takes_nothing_from_the_others() {
        let mut neurons = Neurons::default();
        let now = clock::now().ticks;
        assert!((0..500).all(|_| neurons.means(false, now) == Means::Concealing));
        assert_eq!(neurons.means(true, now), Means::Mending);
        assert_eq!(Neurons::concealing_alone().means(true, now), Means::Concealing);
    }
}
