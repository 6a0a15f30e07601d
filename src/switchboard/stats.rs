//! What a span of days comes to, asked of the store.

use tracing::warn;

use crate::api::request::{Reply, StatsAsked};
use crate::api::schema::stats::{AgentStats, Stats};
use crate::clock;
use crate::engine::targets::CountedToday;
use crate::history::figures::agent_figures::AgentSpan;
use crate::history::figures::hours_filter::HoursFilter;
use crate::history::figures::span::midnight;
use crate::office::target::Target;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::conversing::go_on;
use crate::switchboard::event::Found;
use crate::switchboard::run::Switchboard;
use crate::switchboard::zone::zone_of;

impl Switchboard {
    pub(crate) fn stats(&self, asked: StatsAsked, reply: Reply<Stats>) {
        let filter = asked.filter(clock::now().unix_millis(), &zone_of(&self.office));
        let stored = self.parts.store.figures(filter.clone());
        later(async move {
            let figures = settled(stored).await;
            answer(reply, figures.map(|figures| Stats::new(&filter, figures)));
        });
    }

    /// For the engine to hold against targets. A count that fails is made again in a minute.
    pub(crate) fn count_today(&self, targets: Vec<Target>) {
        let now = clock::now().unix_millis();
        let from = midnight(now, &zone_of(&self.office));
        let stored = self.parts.store.count((from, now), targets);
        let found = self.found.clone();
        later(async move {
            match settled(stored).await {
                Ok(counted) => go_on(&found, Found::Today(CountedToday { from, counted })).await,
                Err(refusal) => warn!(why = refusal.message.en, "today's calls are not counted"),
            }
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
        let from = from.unwrap_or_else(|| midnight(to, &zone_of(&self.office)));
        let span = AgentSpan { from, to, now: Some(now) };
        let stored = self.parts.store.agent_figures(span, hours.clone());
        later(async move {
            let agents = settled(stored).await;
            answer(reply, agents.map(|agents| AgentStats::new(span, hours, agents)));
        });
    }
}
