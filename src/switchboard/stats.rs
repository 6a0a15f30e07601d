//! What a span of days comes to, asked of the store.

use crate::api::request::Reply;
use crate::api::stats_schema::Stats;
use crate::clock;
use crate::history::figures::{Span, TARGET, midnight};
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::run::Switchboard;

impl Switchboard {
    pub(crate) fn stats(
        &self,
        (from, to): (Option<i64>, Option<i64>),
        target: Option<u32>,
        reply: Reply<Stats>,
    ) {
        let now = clock::now().unix_millis();
        let to = to.unwrap_or(now);
        let from = from.unwrap_or_else(|| midnight(to));
        let span = Span { from, to, target: target.unwrap_or(TARGET) };
        let stored = self.parts.store.figures(span);
        later(async move {
            let figures = settled(stored).await;
            answer(reply, figures.map(|figures| Stats::new(span, figures)));
        });
    }
}
