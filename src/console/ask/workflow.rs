//! Requests about the text of one workflow, as the API takes them.

use bytes::Bytes;
use tokio::time::timeout;

use crate::api::client::Client;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::schema::comparison::OfficeComparison;
use crate::api::schema::schema::OfficeChanges;
use crate::console::fetch::{COMPARISON, read, send};
use crate::console::report::Report;
use crate::console::setup::{SetupReport, Tried, WorkflowTry};
use crate::console::workflow_text::{Spliced, spliced, text_of};
use crate::words::Words;

pub(crate) async fn text(client: &Client, name: String) -> Result<Vec<Report>, Refusal> {
    let text = text_of(&document(client).await?, &name).ok_or_else(gone)?;
    Ok(vec![Report::Setup(SetupReport::WorkflowText { name, text })])
}

/// Says what a text would change, and what is wrong with it; saves it when that is asked.
pub(crate) async fn tried(client: &Client, wanted: &WorkflowTry) -> Vec<Report> {
    let told = attempt(client, wanted).await;
    vec![Report::Setup(SetupReport::WorkflowTried { ticket: wanted.ticket, told })]
}

async fn attempt(client: &Client, wanted: &WorkflowTry) -> Result<Tried, Refusal> {
    let document = document(client).await?;
    let name = wanted.name.as_deref();
    let made = spliced(&document, name, &wanted.text).ok_or_else(gone)?;
    let how = if wanted.saves { "" } else { "?dry_run=true" };
    let body = Bytes::from(made.document.clone());
    let answer = send(client, "PUT", &format!("/v1/office{how}"), body).await;
    let answer = answer.map_err(|refusal| by_own_lines(&made, refusal))?;
    let told: OfficeChanges = read(&answer)?;
    let changes = told.changes;
    let compares = !wanted.saves && !changes.is_empty();
    let compared = if compares { compared(client, made.document).await } else { None };
    Ok(Tried { changes, compared })
}

async fn compared(client: &Client, document: String) -> Option<OfficeComparison> {
    let asked = send(client, "POST", "/v1/office/compare", Bytes::from(document));
    let answer = timeout(COMPARISON, asked).await.ok()?.ok()?;
    read(&answer).ok()
}

fn by_own_lines(made: &Spliced, refusal: Refusal) -> Refusal {
    let errors = refusal.errors.iter().map(|fault| made.own(fault)).collect();
    Refusal { errors, ..refusal }
}

async fn document(client: &Client) -> Result<String, Refusal> {
    let answer = send(client, "GET", "/v1/office", Bytes::new()).await?;
    Ok(String::from_utf8_lossy(&answer.body).into_owned())
}

fn gone() -> Refusal {
    let words = Words::new("그사이에 없어졌습니다", "it has been removed in the meantime");
    Refusal::new(RefusalKind::Conflict, words)
}
