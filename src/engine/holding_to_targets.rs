//! Asks for today's figures, and tells of those that are below their targets (L161, P18).

use std::sync::Arc;

use tracing::warn;

use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, KeepCommand};
use crate::engine::targets::CountedToday;
use crate::history::figures::figures::CallFigures;
use crate::history::figures::target_alarm::{Metric, TargetWarning};
use crate::history::webhook::{Posting, TargetTold, Told};
use crate::live::Update;
use crate::office::snapshot::Office;
use crate::office::target::Target;
use crate::time::Moment;

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
                let warning = self.targets.warning((target, metric), calls);
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
        if self.targets.warn(&warnings) {
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
