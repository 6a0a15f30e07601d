//! Requests of the screens that set the office up, as the API takes them.

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::client::Client;
use crate::api::comparison_schema::OfficeComparison;
use crate::api::hours_schema::SwitchBody;
use crate::api::refusal::Refusal;
use crate::console::edit::Edit;
use crate::console::fetch::{garbled, get, json, office, send};
use crate::console::report::Report;
use crate::console::setup::{SetupReport, SetupRequest};
use crate::words::Words;

pub(crate) async fn ask(client: &Client, request: SetupRequest) -> Result<Vec<Report>, Refusal> {
    match request {
        SetupRequest::Switch { hours, open } => switch(client, &hours, open).await,
        SetupRequest::Compare { edits, ticket } => {
            let told = compared(client, &edits).await.ok();
            Ok(vec![Report::Setup(SetupReport::Compared { ticket, told })])
        }
    }
}

pub(crate) async fn hours(client: &Client) -> Result<Report, Refusal> {
    Ok(Report::Setup(SetupReport::Hours(get(client, "/v1/hours").await?)))
}

async fn compared(client: &Client, edits: &[Edit]) -> Result<OfficeComparison, Refusal> {
    let mut document = office(client).await?;
    edits.iter().for_each(|edit| drop(edit.apply(&mut document)));
    let body = Bytes::from(document.text());
    let answer = send(client, "POST", "/v1/office/compare", body).await?;
    json(&answer.body).map_err(|_| garbled())
}

async fn switch(client: &Client, name: &str, open: Option<bool>) -> Result<Vec<Report>, Refusal> {
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
