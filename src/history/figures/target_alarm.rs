//! A figure of today that is below its target, and who has been told (L161).

use serde::{Deserialize, Serialize};

use crate::history::figures::figures::CallFigures;
use crate::office::phone_number::PhoneNumber;
use crate::office::target::{Target, TargetScope, TargetTime};
use crate::words::Words;

/// What is held against a target.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    AnswerRate,
    ServiceLevel,
}

impl Metric {
    pub const ALL: [Self; 2] = [Self::AnswerRate, Self::ServiceLevel];

    /// Percent; none: nobody minds.
    #[must_use]
    pub fn goal(self, target: &Target) -> Option<u8> {
        match self {
            Self::AnswerRate => target.answer_rate,
            Self::ServiceLevel => target.service_level,
        }
    }

    /// Percent, as everybody sees it; none: nothing was counted.
    #[must_use]
    pub fn of(self, calls: &CallFigures) -> Option<f64> {
        match self {
            Self::AnswerRate => calls.answer_rate(),
            Self::ServiceLevel => calls.service_level(),
        }
    }
}

/// One figure of one setting, as it must be known again after a restart. Times are milliseconds
/// since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetAlarm {
    pub scope: TargetScope,
    pub metric: Metric,
    /// Since when it is below its target; none: it is not.
    pub since: Option<i64>,
    /// When somebody was told last.
    pub told: Option<i64>,
    /// Inbound calls that were counted then.
    pub counted: u64,
}

/// A figure of today below its target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TargetWarning {
    pub metric: Metric,
    /// Percent: what it shall be, and what it is.
    pub target: u8,
    pub value: f64,
    /// Seconds within which an answer is in time.
    pub within: u32,
    /// Of these numbers alone; empty: of all.
    #[schema(value_type = Vec<String>)]
    pub numbers: Vec<PhoneNumber>,
    /// Of calls that began within these hours alone: a set's name.
    pub hours: Option<String>,
    /// Of calls that began at these times of the day alone: `09:00-18:00`.
    pub time: Option<String>,
    /// Since when it is below, in milliseconds since 1970.
    pub since: i64,
    /// When that was told last; at most once in 30 minutes.
    pub told: Option<i64>,
    /// Inbound calls of today so far.
    pub inbound: u64,
    pub answered: u64,
    pub missed: u64,
}

impl TargetWarning {
    /// None: the figure is not below its target.
    #[must_use]
    pub fn of(target: &Target, alarm: &TargetAlarm, calls: &CallFigures) -> Option<Self> {
        let (hours, time) = match &target.scope.time {
            TargetTime::Always => (None, None),
            TargetTime::Hours(name) => (Some(name.to_string()), None),
            TargetTime::Daily(range) => (None, Some(range.to_string())),
        };
        Some(Self {
            metric: alarm.metric,
            target: alarm.metric.goal(target)?,
            value: alarm.metric.of(calls)?,
            within: target.within,
            numbers: target.scope.numbers.iter().cloned().collect(),
            hours,
            time,
            since: alarm.since?,
            told: alarm.told,
            inbound: calls.inbound,
            answered: calls.answered,
            missed: calls.missed,
        })
    }

    /// Whether it is about every call of the day, as the first screen shows it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.numbers.is_empty() && self.hours.is_none() && self.time.is_none()
    }

    #[must_use]
    pub fn words(&self) -> Words {
        let Self { target, value, within, answered, inbound, .. } = self;
        let numbers = self.numbers.iter().map(ToString::to_string);
        let scope: Vec<String> =
            numbers.chain(self.hours.clone()).chain(self.time.clone()).collect();
        let scope =
            if scope.is_empty() { String::new() } else { format!(" ({})", scope.join(", ")) };
        let (ko, en) = match self.metric {
            Metric::AnswerRate => (
                format!("응답률 {value:.1} % (목표 {target} %, {inbound}건 중 {answered}건)"),
                format!(
                    "answer rate {value:.1} %, target {target} %: {answered} of {inbound} calls"
                ),
            ),
            Metric::ServiceLevel => (
                format!("서비스 레벨 {value:.1} % ({within}초, 목표 {target} %)"),
                format!("service level {value:.1} % within {within} s, target {target} %"),
            ),
        };
        Words::new(
            format!("오늘 목표 미달{scope}: {ko}"),
            format!("below target today{scope}: {en}"),
        )
    }
}
