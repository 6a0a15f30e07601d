//! Figures as the API tells them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::history::figures::agent_figures::{AgentFigures, AgentSpan};
use crate::history::figures::figures::{Figures, FiguresFilter};
use crate::history::figures::hours_filter::HoursFilter;
use crate::history::figures::span::Span;

/// A span of days and what it comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Stats {
    /// Milliseconds since 1970.
    pub from: i64,
    pub to: i64,
    /// Seconds.
    pub target: u32,
    /// Which hours alone are counted; none: all.
    #[serde(default)]
    pub narrowed_by: Option<HoursFilter>,
    /// Percent; missing where nothing was counted.
    pub answer_rate: Option<f64>,
    pub service_level: Option<f64>,
    /// The service level counted from the first ring.
    pub speed_level: Option<f64>,
    pub outbound_rate: Option<f64>,
    /// Seconds.
    pub average_wait: Option<i64>,
    pub average_talk: Option<i64>,
    /// After-call work (L165).
    #[serde(default)]
    pub average_wrap_up: Option<i64>,
    /// From the opening of a case to the first talk in it, of cases still open too.
    #[serde(default)]
    pub average_first_response: Option<i64>,
    #[serde(default)]
    pub median_first_response: Option<i64>,
    /// From a customer's call to the talk that follows, in the same call or a later one.
    #[serde(default)]
    pub average_reply: Option<i64>,
    #[serde(default)]
    pub median_reply: Option<i64>,
    /// From the opening of a case to its close, without the time spent snoozed.
    #[serde(default)]
    pub average_lead: Option<i64>,
    #[serde(default)]
    pub median_lead: Option<i64>,
    /// Percent of closed cases whose assignee at the close was the first one too.
    #[serde(default)]
    pub one_stop_rate: Option<f64>,
    #[serde(flatten)]
    pub figures: Figures,
}

impl Stats {
    #[must_use]
    pub fn new(filter: &FiguresFilter, figures: Figures) -> Self {
        let Span { from, to, target } = filter.span;
        let (calls, times) = (&figures.calls, &figures.case_times);
        Self {
            from,
            to,
            target,
            narrowed_by: filter.hours.clone(),
            answer_rate: calls.answer_rate(),
            service_level: calls.service_level(),
            speed_level: calls.speed_level(),
            outbound_rate: calls.outbound_rate(),
            average_wait: calls.average_wait(),
            average_talk: calls.average_talk(),
            average_wrap_up: figures.after_calls.average(),
            average_first_response: times.first_response.average(),
            median_first_response: times.first_response.middle(),
            average_reply: times.reply.average(),
            median_reply: times.reply.middle(),
            average_lead: times.handling.average(),
            median_lead: times.handling.middle(),
            one_stop_rate: times.one_stop.rate(),
            figures,
        }
    }
}

/// A span of days and what it comes to for each agent of whom there is something to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentStats {
    /// Milliseconds since 1970.
    pub from: i64,
    pub to: i64,
    /// Which hours alone are counted; none: all.
    #[serde(default)]
    pub narrowed_by: Option<HoursFilter>,
    /// By extension.
    pub agents: BTreeMap<String, AgentLine>,
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentLine {
    /// Seconds; missing where nothing was counted.
    pub average_talk: Option<i64>,
    pub average_wrap_up: Option<i64>,
    #[serde(flatten)]
    pub figures: AgentFigures,
}

impl AgentStats {
    #[must_use]
    pub fn new(
        span: AgentSpan,
        hours: Option<HoursFilter>,
        agents: BTreeMap<String, AgentFigures>,
    ) -> Self {
        let line = |figures: AgentFigures| AgentLine {
            average_talk: figures.calls.average_talk(),
            average_wrap_up: figures.average_wrap_up(),
            figures,
        };
        let agents = agents.into_iter().map(|(agent, figures)| (agent, line(figures))).collect();
        Self { from: span.from, to: span.to, narrowed_by: hours, agents }
    }
}
