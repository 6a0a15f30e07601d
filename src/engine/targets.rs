//! Whether today's figures reach their targets, and when somebody is told that they do not (L161,
//! P18).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::history::figures::figures::CallFigures;
use crate::history::figures::target_alarm::{Metric, TargetAlarm, TargetWarning};
use crate::office::snapshot::Office;
use crate::office::target::{Target, TargetScope};
use crate::time::Moment;

/// How often today's calls are counted (L156).
const LOOK: Duration = Duration::from_secs(60);
/// The same figure of the same setting is told no more often (L161), in milliseconds.
const PAUSE: u64 = 30 * 60 * 1_000;

/// What today's calls come to, for each target.
#[derive(Clone, Debug)]
pub struct CountedToday {
    /// The day's first moment, in milliseconds since 1970.
    pub from: i64,
    pub counted: Vec<(Target, CallFigures)>,
}

/// How far the figures of the day are from their targets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Targets {
    due: Option<Instant>,
    alarms: BTreeMap<(TargetScope, Metric), TargetAlarm>,
    warnings: Vec<TargetWarning>,
}

impl Targets {
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    /// The figures that are below.
    pub(crate) fn warnings(&self) -> Vec<TargetWarning> {
        self.warnings.clone()
    }

    /// What is below now; true: it is other than it was.
    pub(crate) fn warn(&mut self, warnings: &[TargetWarning]) -> bool {
        let is_other = self.warnings != warnings;
        if is_other {
            self.warnings = warnings.to_vec();
        }
        is_other
    }

    /// One figure of one setting, if it is below its target.
    pub(crate) fn warning(
        &self,
        (target, metric): (&Target, Metric),
        calls: &CallFigures,
    ) -> Option<TargetWarning> {
        let alarm = self.alarms.get(&(target.scope.clone(), metric))?;
        TargetWarning::of(target, alarm, calls)
    }

    pub(crate) fn remember(&mut self, alarms: Vec<TargetAlarm>) {
        let keyed = |alarm: TargetAlarm| ((alarm.scope.clone(), alarm.metric), alarm);
        self.alarms = alarms.into_iter().map(keyed).collect();
    }

    /// The next look is at once, if there is anything to look at.
    pub(crate) fn plan(&mut self, office: &Office, now: Moment) {
        self.due = (!office.targets.is_empty()).then_some(now.ticks);
    }

    /// Whether it is time to count.
    pub(crate) fn is_due(&mut self, now: Moment) -> bool {
        let is_due = self.due.is_some_and(|due| due <= now.ticks);
        if is_due {
            self.due = Some(now.ticks + LOOK);
        }
        is_due
    }

    /// What is to be kept of one figure of one setting, if it is another than it was, and whether
    /// somebody is told.
    pub(crate) fn judge(
        &mut self,
        (target, metric): (&Target, Metric),
        (from, calls): (i64, &CallFigures),
        now: Moment,
    ) -> (Option<TargetAlarm>, bool) {
        let goal = metric.goal(target).map(f64::from);
        let is_below = goal.zip(metric.of(calls)).is_some_and(|(goal, value)| value < goal);
        let key = (target.scope.clone(), metric);
        let known = self.alarms.get(&key);
        if !is_below && known.is_none_or(|alarm| alarm.since.is_none()) {
            return (None, false);
        }
        let at = now.unix_millis();
        let before = known.cloned().unwrap_or_else(|| TargetAlarm {
            scope: target.scope.clone(),
            metric,
            since: None,
            told: None,
            counted: 0,
        });
        let since = is_below.then(|| before.since.filter(|since| *since >= from).unwrap_or(at));
        let is_told = is_below && is_news(&before, from, calls.inbound, at);
        let mut alarm = TargetAlarm { since, ..before.clone() };
        if is_told {
            alarm = TargetAlarm { told: Some(at), counted: calls.inbound, ..alarm };
        }
        let is_other = alarm != before;
        self.alarms.insert(key, alarm.clone());
        (is_other.then_some(alarm), is_told)
    }
}

/// At most once in a while, whatever happened between; and while it stays below, only when calls
/// have been counted since: an evening without calls is silent.
fn is_news(alarm: &TargetAlarm, from: i64, inbound: u64, at: i64) -> bool {
    let Some(told) = alarm.told else { return true };
    // The wall clock may be set in either direction.
    let has_paused = at.abs_diff(told) >= PAUSE;
    let is_same = alarm.since.is_some() && told >= from && alarm.counted == inbound;
    has_paused && !is_same
}
