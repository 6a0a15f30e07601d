//! Requests of the screens that set the office up, as the API takes them.

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::client::Client;
use crate::api::hours_schema::{HoursState, SwitchBody};
use crate::api::refusal::Refusal;
use crate::console::ask::{garbled, get, json, send};
use crate::console::report::Report;
use crate::console::setup::{SetupReport, SetupRequest};
use crate::words::Words;

pub(crate) async fn ask(client: &Client, request: SetupRequest) -> Result<Vec<Report>, Refusal> {
    match request {
        SetupRequest::Switch { hours, open } => switch(client, &hours, open).await,
    }
}

pub(crate) async fn hours(client: &Client) -> Result<Report, Refusal> {
    Ok(Report::Setup(SetupReport::Hours(get(client, "/v1/hours").await?)))
}

async fn switch(client: &Client, name: &str, open: Option<bool>) -> Result<Vec<Report>, Refusal> {
    let path = format!("/v1/hours/{}/switch", percent_encoded(name));
    let body = serde_json::to_vec(&SwitchBody { open }).map_err(|_| garbled())?;
    let answer = send(client, "POST", &path, Bytes::from(body)).await?;
    let state: HoursState = json(&answer.body).map_err(|_| garbled())?;
    let said = match open {
        Some(true) => Words::new(format!("{name}을(를) 열었습니다"), format!("{name}: opened")),
        Some(false) => Words::new(format!("{name}을(를) 닫았습니다"), format!("{name}: closed")),
        None => Words::new(
            format!("{name}: 다시 정해진 시간을 따릅니다"),
            format!("{name}: by the schedule again"),
        ),
    };
    drop(state);
    Ok(vec![hours(client).await?, Report::Done(said)])
}
