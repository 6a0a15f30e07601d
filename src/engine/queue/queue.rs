//! Who waits for which team, in which order, and how long it may take.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::history::call_id::CallId;
use crate::live::LiveQueue;
use crate::office::priority::Priority;
use crate::office::team::TeamName;

/// L120: callers who may wait for one team.
pub const MOST_WAITING: usize = 200;
/// L120: how long one caller may wait.
pub const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
/// How many of a team's latest calls tell how long one takes.
const PACE: usize = 20;

/// Priority, and since when the caller waits for an agent, in milliseconds since 1970: who was given
/// to somebody that did not take the call comes back before those who came later.
pub(crate) type Place = (Priority, i64);

/// One caller's place. Ordered as they are served: by priority, then by arrival (L122).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket {
    pub(crate) place: Place,
    /// Grows by one with every caller who begins to wait.
    pub(crate) arrival: u64,
    pub(crate) call: CallId,
    pub(crate) team: TeamName,
}

#[derive(Clone, Debug, Default)]
pub struct Queues {
    waiting: BTreeMap<CallId, Ticket>,
    arrivals: u64,
    pace: BTreeMap<TeamName, VecDeque<Duration>>,
}

impl Queues {
    /// The call waits for a team, or waits no more.
    pub(crate) fn waits(&mut self, call: CallId, waiting: Option<(&TeamName, Place)>) {
        match waiting {
            None => drop(self.waiting.remove(&call)),
            Some((team, place)) => match self.waiting.get_mut(&call) {
                Some(ticket) => ticket.place = place,
                None => {
                    self.arrivals += 1;
                    let (arrival, team) = (self.arrivals, team.clone());
                    self.waiting.insert(call, Ticket { place, arrival, call, team });
                }
            },
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Everybody who waits, in the order in which they are served, whatever their team.
    pub(crate) fn in_order(&self) -> Vec<Ticket> {
        let mut tickets: Vec<Ticket> = self.waiting.values().cloned().collect();
        tickets.sort();
        tickets
    }

    pub(crate) fn length(&self, team: &TeamName) -> usize {
        self.waiting.values().filter(|ticket| ticket.team == *team).count()
    }

    /// Callers who wait, by team.
    pub(crate) fn lengths(&self) -> BTreeMap<TeamName, usize> {
        let mut lengths = BTreeMap::new();
        for ticket in self.waiting.values() {
            *lengths.entry(ticket.team.clone()).or_default() += 1;
        }
        lengths
    }

    /// How many of them somebody with this place comes after.
    pub(crate) fn ahead(&self, team: &TeamName, place: Place) -> usize {
        let is_ahead = |ticket: &&Ticket| ticket.team == *team && ticket.place <= place;
        self.waiting.values().filter(is_ahead).count()
    }

    /// The team has finished a call that took so long.
    pub(crate) fn took(&mut self, team: &TeamName, time: Duration) {
        let pace = self.pace.entry(team.clone()).or_default();
        pace.push_back(time);
        if pace.len() > PACE {
            pace.pop_front();
        }
    }

    /// Where everybody stands; `on_duty` tells how many of a team take calls at all just now.
    pub(crate) fn places(
        &self,
        on_duty: impl Fn(&TeamName) -> usize,
    ) -> BTreeMap<CallId, LiveQueue> {
        let mut counts: BTreeMap<TeamName, usize> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for Ticket { place: (priority, _), call, team, .. } in self.in_order() {
            let count = counts.entry(team.clone()).or_default();
            *count += 1;
            let expected_seconds = self.expected(&team, *count, on_duty(&team));
            let place = LiveQueue { team, position: *count, priority, expected_seconds };
            places.insert(call, place);
        }
        places
    }

    /// Agents become free one after another, each after the time that the latest calls took.
    pub(crate) fn expected(&self, team: &TeamName, position: usize, on_duty: usize) -> Option<u64> {
        let pace = self.pace.get(team).filter(|pace| !pace.is_empty())?;
        let (calls, ahead) = (u64::try_from(pace.len()).ok()?, u64::try_from(position).ok()?);
        let on_duty = u64::try_from(on_duty).ok().filter(|agents| *agents > 0)?;
        let sum: u64 = pace.iter().map(Duration::as_secs).sum();
        Some((sum * ahead).div_ceil(calls * on_duty))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(name: &str) -> TeamName {
        TeamName(name.to_owned())
    }

    fn positions(queues: &Queues) -> Vec<(u64, usize, Option<u64>)> {
        let places = queues.places(|_| 2);
        places.iter().map(|(id, at)| (id.0, at.position, at.expected_seconds)).collect()
    }

    #[test]
    fn priority_then_arrival_and_each_team_counts_for_itself() {
        // L122
        let (sales, support) = (team("sales"), team("support"));
        let mut queues = Queues::default();
        queues.waits(CallId(1), Some((&support, (Priority::Medium, 0))));
        queues.waits(CallId(2), Some((&support, (Priority::Low, 0))));
        queues.waits(CallId(3), Some((&sales, (Priority::Medium, 0))));
        queues.waits(CallId(4), Some((&support, (Priority::Medium, 0))));
        queues.waits(CallId(5), Some((&support, (Priority::High, 0))));
        assert_eq!(
            positions(&queues),
            [(1, 2, None), (2, 4, None), (3, 1, None), (4, 3, None), (5, 1, None)]
        );
        let order: Vec<u64> = queues.in_order().iter().map(|ticket| ticket.call.0).collect();
        assert_eq!(order, [5, 1, 3, 4, 2]);
        assert_eq!((queues.length(&support), queues.length(&sales)), (4, 1));
        queues.waits(CallId(5), None);
        queues.waits(CallId(2), Some((&support, (Priority::High, 0))));
        let order: Vec<u64> = queues.in_order().iter().map(|ticket| ticket.call.0).collect();
        assert_eq!(order, [2, 1, 3, 4], "raised while waiting");
        queues.waits(CallId(6), Some((&support, (Priority::Medium, -1))));
        let order: Vec<u64> = queues.in_order().iter().map(|ticket| ticket.call.0).collect();
        assert_eq!(order, [2, 6, 1, 3, 4], "has waited for longer");
    }

    #[test]
    fn the_wait_is_told_from_the_latest_calls() {
        let support = team("support");
        let mut queues = Queues::default();
        queues.waits(CallId(1), Some((&support, (Priority::Medium, 0))));
        queues.waits(CallId(2), Some((&support, (Priority::Medium, 0))));
        queues.took(&support, Duration::from_secs(100));
        queues.took(&support, Duration::from_secs(301));
        assert_eq!(positions(&queues), [(1, 1, Some(101)), (2, 2, Some(201))]);
        for _ in 0..PACE {
            queues.took(&support, Duration::from_secs(10));
        }
        assert_eq!(positions(&queues), [(1, 1, Some(5)), (2, 2, Some(10))]);
        assert_eq!(queues.places(|_| 0)[&CallId(1)].expected_seconds, None, "nobody is there");
    }
}
