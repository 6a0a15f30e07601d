//! How long something took each time, as one length that says most of it.

use serde::{Deserialize, Serialize};

/// Lengths of time, all in milliseconds (L174).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Lengths {
    pub count: u64,
    /// All together.
    pub total: i64,
    /// As many were shorter as longer; of an even number half way between the two in the middle.
    pub median: Option<i64>,
}

impl Lengths {
    #[must_use]
    pub fn of(mut all: Vec<i64>) -> Self {
        let (count, total) = (all.len(), all.iter().sum());
        Self { count: count as u64, total, median: median(&mut all) }
    }

    /// Whole seconds; the rest is cut.
    #[must_use]
    pub fn average(self) -> Option<i64> {
        let count = i64::try_from(self.count).ok().filter(|count| *count > 0)?;
        Some(self.total / count / 1_000)
    }

    /// Whole seconds; the rest is cut.
    #[must_use]
    pub fn middle(self) -> Option<i64> {
        self.median.map(|median| median / 1_000)
    }
}

fn median(all: &mut [i64]) -> Option<i64> {
    let is_even = all.len().is_multiple_of(2);
    if all.is_empty() {
        return None;
    }
    let (below, upper, _) = all.select_nth_unstable(all.len() / 2);
    let lower = below.iter().max().copied().filter(|_| is_even).unwrap_or(*upper);
    Some(lower + (*upper - lower) / 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// L174
    #[test]
    fn one_long_wait_moves_the_mean_and_not_the_median() {
        assert_eq!(Lengths::of(Vec::new()), Lengths::default());
        let odd = Lengths::of(vec![9_000, 1_000, 2_000]);
        assert_eq!((odd.average(), odd.middle()), (Some(4), Some(2)));
        let even = Lengths::of(vec![100_000, 1_000, 4_000, 2_000]);
        assert_eq!((even.average(), even.median), (Some(26), Some(3_000)));
    }

    proptest! {
        #[test]
        fn as_many_are_shorter_as_longer(all in prop::collection::vec(0..1_000_i64, 1..40)) {
            let median = Lengths::of(all.clone()).median.unwrap();
            let shorter = all.iter().filter(|length| **length < median).count();
            let longer = all.iter().filter(|length| **length > median).count();
            prop_assert!(shorter * 2 <= all.len() && longer * 2 <= all.len());
        }
    }
}
