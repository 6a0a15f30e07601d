//! What a span of days comes to, asked of the store.

use crate::api::request::{Reply, StatsAsked};
use crate::api::schema::stats::{AgentStats, Stats};
use crate::clock;
use crate::history::figures::agent_figures::AgentSpan;
use crate::history::figures::figures::midnight;
use crate::history::figures::hours_filter::HoursFilter;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::run::Switchboard;

impl Switchboard {
    pub(crate) fn stats(&self, asked: StatsAsked, reply: Reply<Stats>) {
        let filter = asked.filter(clock::now().unix_millis());
        let stored = self.parts.store.figures(filter.clone());
        later(async move {
            let figures = settled(stored).await;
            answer(reply, figures.map(|figures| Stats::new(&filter, figures)));
        });
    }

    pub(crate) fn agent_stats(
        &self,
        (from, to): (Option<i64>, Option<i64>),
        hours: Option<HoursFilter>,
        reply: Reply<AgentStats>,
    ) {
        let now = clock::now().unix_millis();
        let to = to.unwrap_or(now);
        let span = AgentSpan { from: from.unwrap_or_else(|| midnight(to)), to, now: Some(now) };
        let stored = self.parts.store.agent_figures(span, hours.clone());
        later(async move {
            let agents = settled(stored).await;
            answer(reply, agents.map(|agents| AgentStats::new(span, hours, agents)));
        });
    }
}
