//! On whose clock the days of a request are meant.

use jiff::tz::TimeZone;

use crate::api::client::Client;
use crate::api::refusal::Refusal;
use crate::api::request::Health;
use crate::clock;
use crate::console::fetch::get;
use crate::office::zone::zone_named;

/// Days are the office's, also where this machine's clock shows another time.
pub(crate) async fn zone(client: &Client) -> Result<TimeZone, Refusal> {
    let health: Health = get(client, "/v1/health").await?;
    Ok(zone_named(&health.timezone).unwrap_or_else(clock::zone))
}
