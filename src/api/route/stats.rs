//! What a span of days comes to.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;

use crate::api::answer::{query, unreadable};
use crate::api::hours_query::HoursQuery;
use crate::api::named::office_number;
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::{ApiRequest, StatsAsked};
use crate::api::schema::stats::{AgentStats, Stats};
use crate::history::figures::figures::LONGEST_TARGET;
use crate::history::missed_reason::MissedReason;
use crate::office::team::TeamName;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatsQuery {
    from: Option<i64>,
    to: Option<i64>,
    target: Option<u32>,
    number: Option<String>,
    team: Option<String>,
    compare: Option<bool>,
    without: Option<String>,
    hours: Option<String>,
    time: Option<String>,
    as_today: Option<bool>,
    outside: Option<bool>,
}

/// Calls, conversations and cases of a span of days, with rates and reasons. Calls in progress are
/// not counted.
#[utoipa::path(get, path = "/v1/stats",
    params(
        ("from" = Option<i64>, Query, description = "Milliseconds since 1970; today's first moment unless given"),
        ("to" = Option<i64>, Query, description = "Milliseconds since 1970; now unless given"),
        ("target" = Option<u32>, Query, description = "Seconds within which an answer is in time, 1 to 3600; 20 unless given"),
        ("number" = Option<String>, Query, description = "The office's own number"),
        ("team" = Option<String>, Query, description = "Of the conversations that the calls belong to"),
        ("compare" = Option<bool>, Query, description = "Count the same hours of as many days before, too"),
        ("without" = Option<String>, Query, description = "Reasons, joined by commas, of missed calls that are not counted as missed; such as userLeft"),
        HoursQuery,
    ),
    responses((status = 200, body = Stats), (status = 400, body = Refusal)))]
pub(crate) async fn stats(State(api): State<Api>, uri: Uri) -> Result<Json<Stats>, Refusal> {
    let asked: StatsQuery = query(&uri)?;
    let StatsQuery { from, to, target, number, team, compare, without, .. } = asked;
    let (hours, time, as_today, outside) = (asked.hours, asked.time, asked.as_today, asked.outside);
    let hours = HoursQuery { hours, time, as_today, outside }.filter()?;
    let without = MissedReason::list(&without.unwrap_or_default())
        .map_err(|word| unreadable("without", &word))?;
    if let Some(seconds) = target.filter(|seconds| !(1..=LONGEST_TARGET).contains(seconds)) {
        return Err(unreadable("target", &seconds.to_string()));
    }
    in_order(from, to)?;
    let number = match number.as_deref() {
        Some(text) => Some(office_number(&api, text).await?),
        None => None,
    };
    let (team, compare) = (team.map(TeamName), compare.unwrap_or_default());
    let asked = StatsAsked { from, to, target, number, team, hours, without, compare };
    api.switchboard.ask(|reply| ApiRequest::Stats { asked, reply }).await.map(Json)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentStatsQuery {
    from: Option<i64>,
    to: Option<i64>,
    hours: Option<String>,
    time: Option<String>,
    as_today: Option<bool>,
    outside: Option<bool>,
}

/// Each agent's calls, after-call work and time in each status. Statuses are milliseconds; together
/// they are as long as naru ran and had the agent.
#[utoipa::path(get, path = "/v1/stats/agents",
    params(
        ("from" = Option<i64>, Query, description = "Milliseconds since 1970; today's first moment unless given"),
        ("to" = Option<i64>, Query, description = "Milliseconds since 1970; now unless given"),
        HoursQuery,
    ),
    responses((status = 200, body = AgentStats), (status = 400, body = Refusal)))]
pub(crate) async fn agent_stats(
    State(api): State<Api>,
    uri: Uri,
) -> Result<Json<AgentStats>, Refusal> {
    let AgentStatsQuery { from, to, hours, time, as_today, outside } = query(&uri)?;
    in_order(from, to)?;
    let hours = HoursQuery { hours, time, as_today, outside }.filter()?;
    api.switchboard.ask(|reply| ApiRequest::AgentStats { from, to, hours, reply }).await.map(Json)
}

pub(crate) fn in_order(from: Option<i64>, to: Option<i64>) -> Result<(), Refusal> {
    match to.filter(|to| from.is_some_and(|from| *to < from)) {
        Some(to) => Err(unreadable("to", &to.to_string())),
        None => Ok(()),
    }
}
