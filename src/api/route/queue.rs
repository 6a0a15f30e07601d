//! Callers who wait in a queue: moved, or put through to an agent by hand.

use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;

use crate::api::answer::{json, value};
use crate::api::door::Caller;
use crate::api::named::agent;
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::schema::schema::{GiveBody, PriorityBody};
use crate::history::call_id::CallId;
use crate::history::queue_wish::QueueWish;

/// Moves a caller who waits before or behind the others (L122). Among equals who came first is
/// first.
#[utoipa::path(post, path = "/v1/calls/{id}/priority", params(("id" = u64, Path)),
    request_body = PriorityBody,
    responses((status = 204, description = "It is so"), (status = 400, body = Refusal),
        (status = 404, body = Refusal),
        (status = 409, body = Refusal, description = "The call does not wait in a queue")))]
pub(crate) async fn place(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let call = CallId(value("id", &id)?);
    let PriorityBody { priority } = json(&body)?;
    wish(&api, call, QueueWish::Place(priority), caller).await
}

/// Puts a caller who waits through to an agent (L119). The caller leaves the queue for good: if the
/// agent does not take the call, all who take unassigned calls ring for what is left of the ring
/// time (L121).
#[utoipa::path(post, path = "/v1/calls/{id}/assign", params(("id" = u64, Path)),
    request_body = GiveBody,
    responses((status = 204, description = "The agent's phones ring"), (status = 400, body = Refusal),
        (status = 404, body = Refusal),
        (status = 409, body = Refusal,
            description = "The call does not wait, or the agent's phones may not ring now")))]
pub(crate) async fn give(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let call = CallId(value("id", &id)?);
    let asked: GiveBody = json(&body)?;
    wish(&api, call, QueueWish::Give(agent(&asked.agent)?), caller).await
}

async fn wish(
    api: &Api,
    call: CallId,
    wish: QueueWish,
    caller: Caller,
) -> Result<StatusCode, Refusal> {
    let who = caller.0;
    api.switchboard.ask(|reply| ApiRequest::Queue { call, wish, who, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
