//! Figures, as the API gives them.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use crate::api::address::with_conditions;
use crate::api::client::Client;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::schema::stats::{AgentStats, Stats};
use crate::clock;
use crate::console::ask::zone::zone;
use crate::console::export::{first_moment, keep};
use crate::console::fetch::get;
use crate::console::report::Report;
use crate::console::statistics::{Period, StatsFilter};
use crate::locale::Speech;
use crate::sheet;
use crate::time::unix_millis;
use crate::words::Words;

/// What the office has come to, then what each agent has.
pub(crate) async fn ask(client: &Client, filter: StatsFilter) -> Result<Vec<Report>, Refusal> {
    let zone = zone(client).await?;
    let stats = Box::new(stats(client, &filter, &zone).await?);
    let agents = Box::new(agents(client, &filter, &zone).await?);
    Ok(vec![Report::Stats { filter: filter.clone(), stats }, Report::AgentStats { filter, agents }])
}

async fn stats(client: &Client, filter: &StatsFilter, zone: &TimeZone) -> Result<Stats, Refusal> {
    let mut conditions = time_conditions(filter, zone)?;
    conditions.extend([
        ("number", given(&filter.number)),
        ("team", given(&filter.team)),
        ("target", given(&filter.target)),
        ("compare", Some("true".to_owned())),
    ]);
    get(client, &with_conditions("/v1/stats", &conditions)).await
}

async fn agents(
    client: &Client,
    filter: &StatsFilter,
    zone: &TimeZone,
) -> Result<AgentStats, Refusal> {
    get(client, &with_conditions("/v1/stats/agents", &time_conditions(filter, zone)?)).await
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Which days, and which hours of them.
fn time_conditions(
    filter: &StatsFilter,
    zone: &TimeZone,
) -> Result<Vec<(&'static str, Option<String>)>, Refusal> {
    let (from, to) = span(filter, zone)?;
    Ok(vec![
        ("from", Some(from.to_string())),
        ("to", Some(to.to_string())),
        ("hours", given(&filter.hours)),
        ("outside", (filter.outside && !filter.hours.is_empty()).then(|| "true".to_owned())),
    ])
}

/// Writes them beside the console, on the machine it runs on.
pub(crate) async fn export(
    client: &Client,
    filter: &StatsFilter,
    speech: Speech,
) -> Result<Words, Refusal> {
    let zone = zone(client).await?;
    let stats = stats(client, filter, &zone).await?;
    let day = |millis: i64| {
        let moment = Timestamp::from_millisecond(millis).unwrap_or_default();
        moment.to_zoned(zone.clone()).date().to_string()
    };
    let file = format!("naru-stats-{}-{}.csv", day(stats.from), day(stats.to - 1));
    let mut lines = sheet::figures(speech, &stats.figures);
    lines.push(Vec::new());
    lines.extend(sheet::reasons(speech, &stats.figures));
    lines.push(Vec::new());
    lines.extend(sheet::inflow(speech, &stats.figures, &zone));
    lines.push(Vec::new());
    lines.extend(sheet::week(speech, &stats.figures));
    lines.push(Vec::new());
    lines.extend(sheet::case_times(speech, &stats.figures));
    lines.push(Vec::new());
    lines.extend(sheet::leaders(speech, &stats.figures));
    lines.push(Vec::new());
    let agents = agents(client, filter, &zone).await?;
    let figures = agents.agents.iter().map(|(agent, line)| (agent.as_str(), &line.figures));
    lines.extend(sheet::agents(speech, figures));
    keep(&file, &sheet::table(&lines))?;
    Ok(Words::new(format!("통계를 {file}에 썼습니다"), format!("the figures are in {file}")))
}

fn span(filter: &StatsFilter, zone: &TimeZone) -> Result<(i64, i64), Refusal> {
    let now = unix_millis(clock::now().wall);
    let here = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone.clone());
    let days_ago = |days: i64| -> Result<i64, Refusal> {
        let start =
            here.checked_sub(Span::new().days(days)).and_then(|day| Zoned::start_of_day(&day));
        start.map(|start| start.timestamp().as_millisecond()).map_err(|error| {
            let text = error.to_string();
            Refusal::new(RefusalKind::Failed, Words::new(text.clone(), text))
        })
    };
    Ok(match filter.period {
        Period::Today => (days_ago(0)?, now),
        Period::Yesterday => (days_ago(1)?, days_ago(0)?),
        Period::Week => (days_ago(6)?, now),
        Period::Month => (days_ago(29)?, now),
        Period::Typed => {
            let first = match filter.from.as_str() {
                "" => days_ago(0)?,
                day => first_moment(day, 0, zone)?,
            };
            let last = match filter.to.as_str() {
                "" => now,
                day => first_moment(day, 1, zone)?.min(now),
            };
            (first, last.max(first))
        }
    })
}
