//! Which of several free agents is given a call, pure (behaviour.md 2.13).

use crate::history::trail::trail::Chosen;
use crate::office::extension::Extension;
use crate::office::team::Assignment;

/// L128: what lies further back does not count.
pub const LOOKS_BACK: i64 = 30 * 24 * 3_600 * 1_000;

/// A free agent, as the rules see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub agent: Extension,
    pub in_progress: usize,
    /// When they were last given a call, in milliseconds since 1970.
    pub given: Option<i64>,
}

/// The agent and why; `None` when nobody is free, or the team gives its calls to all at once.
/// `before` is the one agent who has talked with this customer; several count as nobody (L127).
#[must_use]
pub fn choose(
    assignment: Assignment,
    free: &[Standing],
    before: Option<&Extension>,
    now: i64,
) -> Option<(Extension, Chosen)> {
    match assignment {
        Assignment::Manual => None,
        Assignment::FastResponse => fewest(free),
        Assignment::PreviousAgent => {
            let known = free.iter().find(|standing| Some(&standing.agent) == before);
            known
                .map(|standing| (standing.agent.clone(), Chosen::TalkedBefore))
                .or_else(|| fewest(free))
        }
        Assignment::LongestIdle => {
            let since = |standing: &&Standing| {
                let given = standing.given.filter(|given| now.saturating_sub(*given) <= LOOKS_BACK);
                (given, standing.agent.clone())
            };
            let idle = free.iter().min_by_key(since)?;
            Some((idle.agent.clone(), Chosen::LongestIdle))
        }
    }
}

/// L126. Who was never given a call was given one longest ago; among equals the lowest extension.
fn fewest(free: &[Standing]) -> Option<(Extension, Chosen)> {
    let rank =
        |standing: &&Standing| (standing.in_progress, standing.given, standing.agent.clone());
    let chosen = free.iter().min_by_key(rank)?;
    Some((chosen.agent.clone(), Chosen::FewestInProgress))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;
    const DAY: i64 = 24 * 3_600 * 1_000;

    fn agent(extension: &str) -> Extension {
        Extension::parse(extension).unwrap()
    }

    fn free(standings: &[(&str, usize, Option<i64>)]) -> Vec<Standing> {
        let standing = |(extension, in_progress, ago): &(&str, usize, Option<i64>)| Standing {
            agent: agent(extension),
            in_progress: *in_progress,
            given: ago.map(|ago| NOW - ago),
        };
        standings.iter().map(standing).collect()
    }

    fn chosen(
        assignment: Assignment,
        standings: &[(&str, usize, Option<i64>)],
        before: Option<&str>,
    ) -> Option<(String, Chosen)> {
        let before = before.map(agent);
        choose(assignment, &free(standings), before.as_ref(), NOW)
            .map(|(agent, because)| (agent.to_string(), because))
    }

    #[test]
    fn fast_response_takes_the_fewest_then_the_longest_ago() {
        // L126
        use Assignment::FastResponse;
        let fewest = |extension: &str| Some((extension.to_owned(), Chosen::FewestInProgress));
        let one = [("101", 2, Some(90)), ("102", 1, Some(5)), ("103", 1, Some(50))];
        assert_eq!(chosen(FastResponse, &one, None), fewest("103"));
        let never = [("101", 0, Some(DAY)), ("102", 0, None)];
        assert_eq!(chosen(FastResponse, &never, None), fewest("102"));
        assert_eq!(
            chosen(FastResponse, &[("102", 0, None), ("101", 0, None)], None),
            fewest("101")
        );
        assert_eq!(chosen(FastResponse, &[], None), None);
    }

    #[test]
    fn the_one_who_knows_the_customer_comes_first_else_fast_response() {
        // L127
        use Assignment::PreviousAgent;
        let team = [("101", 0, Some(500)), ("102", 3, Some(1))];
        let before = chosen(PreviousAgent, &team, Some("102"));
        assert_eq!(before, Some(("102".to_owned(), Chosen::TalkedBefore)));
        for unknown in [None, Some("109")] {
            let fallback = chosen(PreviousAgent, &team, unknown);
            assert_eq!(fallback, Some(("101".to_owned(), Chosen::FewestInProgress)));
        }
    }

    #[test]
    fn the_longest_idle_looks_back_thirty_days() {
        // L128
        use Assignment::LongestIdle;
        let idle = |extension: &str| Some((extension.to_owned(), Chosen::LongestIdle));
        let team = [("101", 0, Some(10)), ("102", 9, Some(20)), ("103", 0, Some(15))];
        assert_eq!(chosen(LongestIdle, &team, Some("101")), idle("102"));
        let old = [("101", 0, Some(40 * DAY)), ("102", 0, Some(31 * DAY)), ("103", 0, Some(DAY))];
        let equal = "beyond 30 days all are equal";
        assert_eq!(chosen(LongestIdle, &old, None), idle("101"), "{equal}");
        let edge = [("101", 0, Some(30 * DAY)), ("102", 0, None)];
        assert_eq!(chosen(LongestIdle, &edge, None), idle("102"), "never is longer than long");
    }

    #[test]
    fn a_manual_team_chooses_nobody() {
        assert_eq!(chosen(Assignment::Manual, &[("101", 0, None)], Some("101")), None);
    }
}
