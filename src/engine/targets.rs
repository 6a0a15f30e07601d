//! Whether today's figures reach their targets, and when somebody is told that they do not (L161,
//! P18).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::warn;

use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, KeepCommand};
use crate::history::figures::figures::CallFigures;
use crate::history::figures::target_alarm::{Metric, TargetAlarm, TargetWarning};
use crate::history::webhook::{Posting, TargetTold, Told};
use crate::live::Update;
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

    pub(crate) fn remember(&mut self, alarms: Vec<TargetAlarm>) {
        let keyed = |alarm: TargetAlarm| ((alarm.scope.clone(), alarm.metric), alarm);
        self.alarms = alarms.into_iter().map(keyed).collect();
    }

    /// The next look is at once, if there is anything to look at.
    pub(crate) fn plan(&mut self, office: &Office, now: Moment) {
        self.due = (!office.targets.is_empty()).then_some(now.ticks);
    }

    /// Whether it is time to count.
    fn is_due(&mut self, now: Moment) -> bool {
        let is_due = self.due.is_some_and(|due| due <= now.ticks);
        if is_due {
            self.due = Some(now.ticks + LOOK);
        }
        is_due
    }

    /// What is to be kept of one figure of one setting, if it is another than it was, and whether
    /// somebody is told.
    fn judge(
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

impl CallEngine {
    /// Asks for today's figures when it is time.
    pub(crate) fn targets_due(&mut self, now: Moment) {
        if self.targets.is_due(now) {
            self.commands.push_back(Command::CountToday(self.office.targets.clone()));
        }
    }

    /// Of settings that have been changed meanwhile the next count tells.
    pub(crate) fn today_counted(&mut self, today: &CountedToday, now: Moment) {
        let office = Arc::clone(&self.office);
        let is_current = |(target, _): &&(Target, CallFigures)| office.targets.contains(target);
        let mut warnings = Vec::new();
        for (target, calls) in today.counted.iter().filter(is_current) {
            for metric in Metric::ALL {
                let (changed, is_told) =
                    self.targets.judge((target, metric), (today.from, calls), now);
                if let Some(alarm) = changed {
                    self.commands.push_back(Command::Keep(KeepCommand::Alarm(Box::new(alarm))));
                }
                let alarm = self.targets.alarms.get(&(target.scope.clone(), metric));
                let warning = alarm.and_then(|alarm| TargetWarning::of(target, alarm, calls));
                if let Some(warning) = warning.as_ref().filter(|_| is_told) {
                    self.tell_below_target(target, warning, now);
                }
                warnings.extend(warning);
            }
        }
        self.warn_of_targets(warnings);
    }

    /// The diary, and whoever else the setting names.
    fn tell_below_target(&mut self, target: &Target, warning: &TargetWarning, now: Moment) {
        let (metric, of) = (warning.metric, target.scope.to_string());
        let (value, goal) = (warning.value, warning.target);
        warn!(?metric, of, value, goal, "a figure of today is below its target");
        let Some(url) = target.webhook.clone() else { return };
        let id = self.desk(now).ids.webhook();
        let told = Told::Target(Box::new(TargetTold {
            id: format!("target-{}-{}", now.unix_millis(), id.0),
            event: "below_target",
            at: now.unix_millis(),
            warning: warning.clone(),
        }));
        self.commands.push_back(Command::Post(Box::new(Posting { id, url, told, waits: false })));
    }

    /// Whoever watches sees what is below now.
    fn warn_of_targets(&mut self, warnings: Vec<TargetWarning>) {
        if self.targets.warnings != warnings {
            self.targets.warnings.clone_from(&warnings);
            self.commands.push_back(Command::Publish(Update::Warnings { warnings }));
        }
    }

    /// Figures of settings that are gone are below nothing.
    pub(crate) fn targets_changed(&mut self, before: &Office, now: Moment) {
        if before.targets == self.office.targets && before.zone() == self.office.zone() {
            return;
        }
        self.targets.plan(&self.office, now);
        if self.office.targets.is_empty() {
            self.warn_of_targets(Vec::new());
        }
    }
}
