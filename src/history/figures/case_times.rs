//! What cases come to: how long they took, and who saw them through (L174).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::history::figures::lengths::Lengths;

/// How long customers waited for the office, and the office for an end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseTimes {
    /// From the opening of a case to the first talk in it, of those first answered in the span: also
    /// of cases that are still open.
    pub first_response: Lengths,
    /// From a customer's call to the talk that follows, in the same call or in a later one of the
    /// conversation.
    pub reply: Lengths,
    /// From the opening to the close, without the time spent snoozed, of those closed in the span.
    pub handling: Lengths,
    pub one_stop: OneStop,
}

/// Closed cases whose assignee at the close was the first one too, whoever had it between (A→B→A
/// counts for A).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneStop {
    /// Those of which both are known.
    pub cases: u64,
    pub kept: u64,
}

impl OneStop {
    pub fn count(&mut self, first: Option<&str>, last: Option<&str>) {
        if let (Some(first), Some(last)) = (first, last) {
            self.cases += 1;
            self.kept += u64::from(first == last);
        }
    }

    /// Percent; none without a case.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.cases > 0).then(|| self.kept as f64 * 100.0 / self.cases as f64)
    }
}

/// One line of the leader board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Leader {
    /// 1 is first; those with as many share a place, and the next has as many more: 1, 1, 3.
    pub place: u64,
    /// Whether others have the same place.
    pub tied: bool,
    /// The extension.
    pub agent: String,
    /// Cases that were theirs when they were closed.
    pub closed: u64,
}

/// Most first; those with as many by their extensions.
#[must_use]
pub fn leaders(closed: &BTreeMap<String, u64>) -> Vec<Leader> {
    let mut all: Vec<(&String, u64)> =
        closed.iter().map(|(agent, count)| (agent, *count)).collect();
    all.sort_by(|(one, most), (other, more)| more.cmp(most).then_with(|| one.cmp(other)));
    let with = |count: u64| all.iter().filter(move |(_, other)| *other == count).count();
    let ahead = |count: u64| all.iter().filter(move |(_, other)| *other > count).count();
    let line = |(agent, count): &(&String, u64)| Leader {
        place: ahead(*count) as u64 + 1,
        tied: with(*count) > 1,
        agent: (*agent).clone(),
        closed: *count,
    };
    all.iter().map(line).collect()
}

/// Customers' calls that wait for a talk, by conversation: the moment of the first.
#[derive(Debug, Default)]
pub struct Replies {
    waiting: BTreeMap<i64, i64>,
    lengths: Vec<i64>,
}

impl Replies {
    /// The calls of all conversations in the order in which they began. Times are milliseconds.
    pub fn call(&mut self, conversation: i64, asked: Option<i64>, engaged: Option<i64>) {
        let since = self.waiting.get(&conversation).copied().or(asked);
        match (since, engaged) {
            (Some(since), Some(engaged)) => {
                self.waiting.remove(&conversation);
                self.lengths.push((engaged - since).max(0));
            }
            (Some(since), None) => {
                self.waiting.insert(conversation, since);
            }
            (None, _) => {}
        }
    }

    #[must_use]
    pub fn told(self) -> Lengths {
        Lengths::of(self.lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// L174: those with as many share a place, and it is said.
    #[test]
    fn as_many_closed_is_the_same_place() {
        let closed = [("101", 4), ("102", 7), ("103", 4), ("104", 1)];
        let closed = closed.map(|(agent, count)| (agent.to_owned(), count)).into();
        let told: Vec<_> = leaders(&closed)
            .into_iter()
            .map(|line| (line.place, line.agent, line.closed, line.tied))
            .collect();
        let line = |place, agent: &str, closed, tied| (place, agent.to_owned(), closed, tied);
        let expected = [
            line(1, "102", 7, false),
            line(2, "101", 4, true),
            line(2, "103", 4, true),
            line(4, "104", 1, false),
        ];
        assert_eq!(told, expected);
    }

    /// L174: the customer has asked when they first called, however often they did.
    #[test]
    fn a_reply_is_the_talk_that_follows_a_call() {
        let mut replies = Replies::default();
        replies.call(1, Some(0), Some(5_000));
        replies.call(2, Some(1_000), None);
        replies.call(1, None, Some(9_000));
        replies.call(2, Some(60_000), None);
        replies.call(2, None, None);
        replies.call(2, None, Some(301_000));
        replies.call(3, Some(2_000), None);
        let told = replies.told();
        assert_eq!((told.count, told.total), (2, 305_000), "nobody has answered the third");
        let mut kept = OneStop::default();
        kept.count(Some("101"), Some("101"));
        kept.count(Some("101"), Some("102"));
        kept.count(None, Some("102"));
        assert_eq!((kept.cases, kept.rate()), (2, Some(50.0)));
    }
}
