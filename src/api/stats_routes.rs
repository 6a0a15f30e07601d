//! What a span of days comes to.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;

use crate::api::answer::{query, unreadable};
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::routes::Api;
use crate::api::stats_schema::Stats;
use crate::history::figures::LONGEST_TARGET;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatsQuery {
    from: Option<i64>,
    to: Option<i64>,
    target: Option<u32>,
}

/// Calls, conversations and cases of a span of days, with rates and reasons. Calls in progress are
/// not counted.
#[utoipa::path(get, path = "/v1/stats",
    params(
        ("from" = Option<i64>, Query, description = "Milliseconds since 1970; today's first moment unless given"),
        ("to" = Option<i64>, Query, description = "Milliseconds since 1970; now unless given"),
        ("target" = Option<u32>, Query, description = "Seconds within which an answer is in time, 1 to 3600; 20 unless given"),
    ),
    responses((status = 200, body = Stats), (status = 400, body = Refusal)))]
pub(crate) async fn stats(State(api): State<Api>, uri: Uri) -> Result<Json<Stats>, Refusal> {
    let StatsQuery { from, to, target } = query(&uri)?;
    if let Some(seconds) = target.filter(|seconds| !(1..=LONGEST_TARGET).contains(seconds)) {
        return Err(unreadable("target", &seconds.to_string()));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(unreadable("to", &to.to_string()));
    }
    let asked = |reply| ApiRequest::Stats { from, to, target, reply };
    api.switchboard.ask(asked).await.map(Json)
}
