//! The office's workflows, and how callers go through them.

use axum::Json;
use axum::extract::State;

use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::schema::workflow::WorkflowList;

/// Every workflow in the order in which they are asked, and the figures of each of its versions.
#[utoipa::path(get, path = "/v1/workflows", responses((status = 200, body = WorkflowList)))]
pub(crate) async fn workflows(State(api): State<Api>) -> Result<Json<WorkflowList>, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let figures = api.switchboard.ask(|reply| ApiRequest::Workflows { reply }).await?;
    Ok(Json(WorkflowList::new(&office, figures)))
}
