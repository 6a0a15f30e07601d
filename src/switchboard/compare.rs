//! Yesterday's calls, played through the office as it is and as it might be.

use std::sync::Arc;

use crate::api::refusal::Refusal;
use crate::api::request::Reply;
use crate::api::schema::comparison::{ComparedCall, OfficeComparison};
use crate::clock;
use crate::engine::comparison::{Elsewhere, Past, elsewhere};
use crate::history::call_filter::CallFilter;
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Direction};
use crate::history::figures::span::midnight;
use crate::office::snapshot::Office;
use crate::store::handle::StoreHandle;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::run::Switchboard;
use crate::switchboard::zone::zone_of;

/// Calls that are played: a second of one processor at the most.
const MOST: usize = 300;
const EXAMPLES: usize = 5;

impl Switchboard {
    pub(crate) fn compare(&self, after: Arc<Office>, reply: Reply<OfficeComparison>) {
        let before = Arc::clone(&self.office);
        let store = self.parts.store.clone();
        later(async move { answer(reply, compared(&store, before, after).await) });
    }
}

async fn compared(
    store: &StoreHandle,
    before: Arc<Office>,
    after: Arc<Office>,
) -> Result<OfficeComparison, Refusal> {
    let now = clock::now();
    let zone = zone_of(&before);
    let to = midnight(now.unix_millis(), &zone);
    let from = midnight(to - 1, &zone);
    let (ids, has_more) = of_the_day(store, from, to).await?;
    let is_sample = has_more || ids.len() > MOST;
    let mut calls = Vec::new();
    for id in spread(&ids) {
        let record = settled(store.call(id)).await?;
        calls.extend(record.as_ref().and_then(Past::of));
    }
    let count = calls.len();
    // Played beside the loop: calls of this moment do not wait for those of yesterday.
    let work = tokio::task::spawn_blocking(move || elsewhere(&before, &after, &calls, now));
    let found = work.await.map_err(|_| Refusal::unavailable())?;
    let example = |call: &Elsewhere| ComparedCall {
        id: call.id.0,
        before: call.before.words(),
        after: call.after.words(),
    };
    Ok(OfficeComparison {
        from,
        to,
        calls: count,
        is_sample,
        elsewhere: found.len(),
        examples: found.iter().take(EXAMPLES).map(example).collect(),
    })
}

/// The newest calls of the day from customers, and whether there are more of them.
async fn of_the_day(
    store: &StoreHandle,
    from: i64,
    to: i64,
) -> Result<(Vec<CallId>, bool), Refusal> {
    let filter = CallFilter {
        from: Some(from),
        to: Some(to),
        direction: Some(Direction::Inbound),
        limit: Some(1_000),
        ..CallFilter::default()
    };
    let has_more = |calls: &[CallRecord]| u32::try_from(calls.len()) == Ok(filter.rows());
    let calls = settled(store.calls(filter.clone())).await?;
    let ids = calls.iter().filter(|call| call.number.is_some()).map(|call| call.id);
    Ok((ids.collect(), has_more(&calls)))
}

/// As many as are played, evenly over the day.
fn spread(ids: &[CallId]) -> impl Iterator<Item = CallId> {
    let step = ids.len().div_ceil(MOST).max(1);
    ids.iter().step_by(step).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_day_is_played_in_part_and_all_over() {
        let ids: Vec<CallId> = (0..1_000).map(CallId).collect();
        let played: Vec<CallId> = spread(&ids).collect();
        assert_eq!((played.len(), played[0], played[249]), (250, CallId(0), CallId(996)));
        assert_eq!(spread(&ids[..MOST]).count(), MOST);
        assert_eq!(spread(&[]).count(), 0);
    }
}
