//! What a span of days comes to, asked of the store.

use crate::api::request::{Reply, StatsAsked};
use crate::api::stats_schema::Stats;
use crate::clock;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::run::Switchboard;

impl Switchboard {
    pub(crate) fn stats(&self, asked: StatsAsked, reply: Reply<Stats>) {
        let filter = asked.filter(clock::now().unix_millis());
        let span = filter.span;
        let stored = self.parts.store.figures(filter);
        later(async move {
            let figures = settled(stored).await;
            answer(reply, figures.map(|figures| Stats::new(span, figures)));
        });
    }
}
