//! What a span of days comes to for each agent (L171–L173).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::history::agent_log::AgentStatus;
use crate::history::figures::figures::CallFigures;
use crate::history::figures::moments::Moments;

/// A span, in milliseconds since 1970. What began in it counts; a status counts as far as it lies
/// in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgentSpan {
    pub from: i64,
    pub to: i64,
    /// The present, up to which the last status of each goes on. None: there is no daemon, and it
    /// ends with the last that is known of anything.
    pub now: Option<i64>,
}

/// One agent's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AgentFigures {
    /// Empty: the office has no such agent any more.
    pub name: String,
    /// Calls that they talked on, and missed ones of conversations that are theirs (L172).
    pub calls: CallFigures,
    /// Calls with customers in conversations that are theirs or that they follow, whoever talked
    /// (L172).
    #[serde(default)]
    pub followed: u64,
    /// The talk in those, in milliseconds.
    #[serde(default)]
    pub followed_talk: i64,
    /// After-call work that began in the span and is over.
    pub wrap_ups: u64,
    /// All of it, in milliseconds.
    pub wrapped_up: i64,
    /// Calls in which their phones rang, whoever answered (L183).
    #[serde(default)]
    pub rung: u64,
    /// How long their phones rang in those, in milliseconds: several at once count once.
    #[serde(default)]
    pub rung_time: i64,
    /// How long they were what, in milliseconds (L173). All together they are the time that naru
    /// ran and had the agent.
    pub statuses: BTreeMap<AgentStatus, i64>,
}

impl AgentFigures {
    /// Whether there is anything to show (L171).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls == CallFigures::default()
            && self.followed == 0
            && self.rung == 0
            && self.wrap_ups == 0
            && self.known() == 0
    }

    /// Seconds of one wrap-up on average; the rest is cut.
    #[must_use]
    pub fn average_wrap_up(&self) -> Option<i64> {
        let count = i64::try_from(self.wrap_ups).ok().filter(|count| *count > 0)?;
        Some(self.wrapped_up / count / 1_000)
    }

    /// How long anything is known of them, in milliseconds.
    #[must_use]
    pub fn known(&self) -> i64 {
        self.statuses.values().sum()
    }

    #[must_use]
    pub fn time(&self, status: AgentStatus) -> i64 {
        self.statuses.get(&status).copied().unwrap_or_default()
    }
}

/// How long each status was, in the `counted` moments from `from` to `to`. `changes` are in the order
/// of their times, what came before `from` first; the last one goes on until `to`.
#[must_use]
pub fn times(
    changes: &[(i64, Option<AgentStatus>)],
    (from, to): (i64, i64),
    counted: &Moments,
) -> BTreeMap<AgentStatus, i64> {
    let mut times = BTreeMap::new();
    let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([to]);
    for ((since, status), until) in changes.iter().zip(ends) {
        let length = counted.length(((*since).max(from), until.min(to)));
        if let Some(status) = status
            && length > 0
        {
            *times.entry(*status).or_default() += length;
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const TALKING: Option<AgentStatus> = Some(AgentStatus::Talking);
    const WAITING: Option<AgentStatus> = Some(AgentStatus::Waiting);

    #[test]
    fn a_status_counts_as_far_as_it_lies_in_the_span() {
        let changes = [(0, WAITING), (50, TALKING), (70, WAITING), (90, None), (120, WAITING)];
        let within = |span| times(&changes, span, &Moments::always());
        assert_eq!(
            within((10, 100)),
            [(AgentStatus::Talking, 20), (AgentStatus::Waiting, 60)].into()
        );
        assert_eq!(within((55, 60)), [(AgentStatus::Talking, 5)].into());
        assert_eq!(within((90, 120)), [].into(), "naru was down");
        assert_eq!(within((100, 150)), [(AgentStatus::Waiting, 30)].into());
        assert_eq!(within((-50, 0)), [].into(), "nothing is known before the first");
        let hours = Moments::new([(60, 80), (95, 130)]);
        assert_eq!(
            times(&changes, (0, 150), &hours),
            [(AgentStatus::Talking, 10), (AgentStatus::Waiting, 20)].into(),
            "L171: in certain hours"
        );
    }

    proptest! {
        /// L173: whatever happened, the statuses of a day add up to what is known of it.
        #[test]
        fn times_add_up_to_what_is_known(
            steps in vec((0..100_i64, 0..12_usize), 1..40),
            from in 0..500_i64,
            length in 0..2_000_i64,
        ) {
            let mut at = 0;
            let changes: Vec<_> = steps
                .iter()
                .map(|(step, status)| {
                    at += step;
                    (at, AgentStatus::ALL.get(*status).copied())
                })
                .collect();
            let to = from + length;
            let state = |moment: i64| {
                changes.iter().rev().find(|(at, _)| *at <= moment).and_then(|(_, status)| *status)
            };
            let known = (from..to).filter(|moment| state(*moment).is_some()).count();
            let sum: i64 = times(&changes, (from, to), &Moments::always()).values().sum();
            prop_assert_eq!(sum, i64::try_from(known).unwrap());
        }
    }
}
