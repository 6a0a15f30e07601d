//! Stretches of time: which moments count.

/// In milliseconds since 1970, in their order and apart from each other. Each holds its first
/// moment and not its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moments(Vec<(i64, i64)>);

impl Moments {
    /// Every moment.
    #[must_use]
    pub fn always() -> Self {
        Self(vec![(i64::MIN, i64::MAX)])
    }

    /// `stretches` are in the order of the clock and do not overlap; those that touch become one.
    #[must_use]
    pub fn new(stretches: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut all: Vec<(i64, i64)> = Vec::new();
        for (from, to) in stretches.into_iter().filter(|(from, to)| from < to) {
            match all.last_mut() {
                Some((_, end)) if *end >= from => *end = to.max(*end),
                Some(_) | None => all.push((from, to)),
            }
        }
        Self(all)
    }

    /// The moments between `from` and `to` that are not among these.
    #[must_use]
    pub fn others(&self, (from, to): (i64, i64)) -> Self {
        let begins = std::iter::once(from).chain(self.0.iter().map(|(_, end)| *end));
        let ends = self.0.iter().map(|(begin, _)| *begin).chain([to]);
        Self::new(begins.zip(ends).map(|(begin, end)| (begin.max(from), end.min(to))))
    }

    #[must_use]
    pub fn hold(&self, at: i64) -> bool {
        let next = self.0.partition_point(|(from, _)| *from <= at);
        let last = next.checked_sub(1).and_then(|last| self.0.get(last));
        last.is_some_and(|(_, to)| at < *to)
    }

    /// How much of `from` to `to` lies in them, in milliseconds.
    #[must_use]
    pub fn length(&self, (from, to): (i64, i64)) -> i64 {
        let first = self.0.partition_point(|(_, end)| *end <= from);
        let parts = self.0.iter().skip(first).take_while(|(begin, _)| *begin < to);
        parts.map(|(begin, end)| to.min(*end).saturating_sub(from.max(*begin))).sum::<i64>().max(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Inside and outside are all there is, and nothing is in both.
        #[test]
        fn a_moment_is_either_inside_or_outside(
            steps in vec((0..5_i64, 0..5_i64), 0..12),
            from in 0..20_i64,
            long in 0..60_i64,
        ) {
            let mut at = 0;
            let stretches: Vec<_> = steps
                .iter()
                .map(|(gap, length)| {
                    let from = at + gap;
                    at = from + length;
                    (from, at)
                })
                .collect();
            let (inside, span) = (Moments::new(stretches.clone()), (from, from + long));
            let outside = inside.others(span);
            for moment in from..from + long {
                let held = stretches.iter().any(|(from, to)| (*from..*to).contains(&moment));
                prop_assert_eq!((inside.hold(moment), outside.hold(moment)), (held, !held));
            }
            prop_assert!(!outside.hold(from - 1) && !outside.hold(from + long));
            prop_assert_eq!(inside.length(span) + outside.length(span), long);
            prop_assert_eq!(Moments::always().length(span), long);
        }
    }
}
