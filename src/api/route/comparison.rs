//! Before an office is changed: what the change would have done to yesterday's calls.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::route::office::{library, office_body};
use crate::api::schema::comparison::OfficeComparison;
use crate::office::document::document::parse_with;

/// Plays yesterday's calls from customers through the office as it is and as the document says, and
/// tells how many would have gone elsewhere. Nothing changes and nothing rings.
#[utoipa::path(post, path = "/v1/office/compare",
    request_body(content(
        (String = "application/yaml"), (crate::api::schema::schema::OfficeBody = "application/json"))),
    responses((status = 200, body = OfficeComparison), (status = 422, body = Refusal)))]
pub(crate) async fn compare(
    State(api): State<Api>,
    body: Bytes,
) -> Result<Json<OfficeComparison>, Refusal> {
    let body = office_body(&body)?;
    let before = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let library = library(&api, &body.sounds, true).await?;
    let after = parse_with(&body.document, Some(&before), library).map_err(Refusal::invalid)?;
    let office = Arc::new(after);
    api.switchboard.ask_long(|reply| ApiRequest::Compare { office, reply }).await.map(Json)
}
