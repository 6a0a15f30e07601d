//! Figures, as the API gives them.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use crate::api::address::with_conditions;
use crate::api::client::Client;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::stats_schema::Stats;
use crate::clock;
use crate::console::export::{first_moment, keep};
use crate::console::fetch::get;
use crate::console::statistics::{Period, StatsFilter};
use crate::locale::Speech;
use crate::sheet;
use crate::time::unix_millis;
use crate::words::Words;

pub(crate) async fn stats(client: &Client, filter: &StatsFilter) -> Result<Stats, Refusal> {
    let (from, to) = span(filter)?;
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    let conditions = [
        ("from", Some(from.to_string())),
        ("to", Some(to.to_string())),
        ("number", given(&filter.number)),
        ("team", given(&filter.team)),
        ("hours", given(&filter.hours)),
        ("outside", (filter.outside && !filter.hours.is_empty()).then(|| "true".to_owned())),
        ("target", given(&filter.target)),
        ("compare", Some("true".to_owned())),
    ];
    get(client, &with_conditions("/v1/stats", &conditions)).await
}

/// Writes them beside the console, on the machine it runs on.
pub(crate) async fn export(
    client: &Client,
    filter: &StatsFilter,
    speech: Speech,
) -> Result<Words, Refusal> {
    let stats = stats(client, filter).await?;
    let day = |millis: i64| {
        let moment = Timestamp::from_millisecond(millis).unwrap_or_default();
        moment.to_zoned(TimeZone::system()).date().to_string()
    };
    let file = format!("naru-stats-{}-{}.csv", day(stats.from), day(stats.to - 1));
    let mut lines = sheet::figures(speech, &stats.figures);
    lines.push(Vec::new());
    lines.extend(sheet::reasons(speech, &stats.figures));
    keep(&file, &sheet::table(&lines))?;
    Ok(Words::new(format!("통계를 {file}에 썼습니다"), format!("the figures are in {file}")))
}

fn span(filter: &StatsFilter) -> Result<(i64, i64), Refusal> {
    let now = unix_millis(clock::now().wall);
    let here = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(TimeZone::system());
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
            let zone = TimeZone::system();
            let first = match filter.from.as_str() {
                "" => days_ago(0)?,
                day => first_moment(day, 0, &zone)?,
            };
            let last = match filter.to.as_str() {
                "" => now,
                day => first_moment(day, 1, &zone)?.min(now),
            };
            (first, last.max(first))
        }
    })
}
