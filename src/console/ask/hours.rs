//! Requests about operating hours, as the API takes them, and calendar files on the machine of the
//! console.

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::client::Client;
use crate::api::refusal::Refusal;
use crate::api::schema::hours::{ImportedHolidays, SwitchBody};
use crate::console::ask::document::read_file;
use crate::console::fetch::{garbled, get, read, send, send_as};
use crate::console::report::Report;
use crate::console::setup::SetupReport;
use crate::office::hours::ics;
use crate::words::Words;

pub(crate) async fn hours(client: &Client) -> Result<Report, Refusal> {
    Ok(Report::Setup(SetupReport::Hours(get(client, "/v1/hours").await?)))
}

pub(crate) async fn switch(
    client: &Client,
    name: &str,
    open: Option<bool>,
) -> Result<Vec<Report>, Refusal> {
    let path = format!("/v1/hours/{}/switch", percent_encoded(name));
    let body = serde_json::to_vec(&SwitchBody { open }).map_err(|_| garbled())?;
    send(client, "POST", &path, Bytes::from(body)).await?;
    let said = match open {
        Some(true) => Words::new(format!("{name}을(를) 열었습니다"), format!("{name}: opened")),
        Some(false) => Words::new(format!("{name}을(를) 닫았습니다"), format!("{name}: closed")),
        None => Words::new(
            format!("{name}: 다시 정해진 시간을 따릅니다"),
            format!("{name}: by the schedule again"),
        ),
    };
    Ok(vec![hours(client).await?, Report::Done(said)])
}

/// The daemon reads the calendar; it says what the days came to.
pub(crate) async fn import_holidays(
    client: &Client,
    name: &str,
    file: &str,
) -> Result<Vec<Report>, Refusal> {
    let large = Words::new("달력 파일은 1 MB까지 읽습니다", "a calendar may have 1 MB at most");
    let calendar = read_file(file, ics::LONGEST, &large)?;
    let path = format!("/v1/hours/{}/holidays", percent_encoded(name));
    let answer = send_as(client, ("POST", &path), "text/calendar", calendar.into()).await?;
    let found: ImportedHolidays = read(&answer)?;
    Ok(vec![hours(client).await?, Report::Done(found.words())])
}
