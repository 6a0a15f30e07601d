//! A call on which people talk: who is invited, muted, put on hold.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::api::answer::{json, unreadable, value};
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::schema::schema::{HoldBody, InviteBody, MuteBody};
use crate::history::call_id::CallId;
use crate::leg::ConferenceWish;
use crate::office::extension::Extension;

/// Rings a colleague's phones; whoever picks up talks with the others, ten at most (L32).
#[utoipa::path(post, path = "/v1/calls/{id}/invite", params(("id" = u64, Path)),
    request_body = InviteBody,
    responses((status = 202, description = "The phones ring"), (status = 400, body = Refusal),
        (status = 404, body = Refusal),
        (status = 409, body = Refusal, description = "Nobody talks, the call is full, or they cannot come")))]
pub(crate) async fn invite(
    State(api): State<Api>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: InviteBody = json(&body)?;
    wish(&api, &id, ConferenceWish::Invite(extension(&asked.extension)?)).await
}

/// Lets the others on the call not hear an agent, or hear them again; they go on hearing.
#[utoipa::path(post, path = "/v1/calls/{id}/mute", params(("id" = u64, Path)),
    request_body = MuteBody,
    responses((status = 202, description = "Done"), (status = 400, body = Refusal),
        (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(crate) async fn mute(
    State(api): State<Api>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: MuteBody = json(&body)?;
    let agent = extension(&asked.extension)?;
    wish(&api, &id, ConferenceWish::Mute { agent, muted: asked.muted }).await
}

/// Lets the customer hear music while the agents may talk, or takes them back (L39).
#[utoipa::path(post, path = "/v1/calls/{id}/hold", params(("id" = u64, Path)),
    request_body = HoldBody,
    responses((status = 202, description = "Done"), (status = 400, body = Refusal),
        (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(crate) async fn hold(
    State(api): State<Api>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: HoldBody = json(&body)?;
    wish(&api, &id, ConferenceWish::Hold(asked.held)).await
}

async fn wish(api: &Api, id: &str, wish: ConferenceWish) -> Result<StatusCode, Refusal> {
    let id = CallId(value("id", id)?);
    api.switchboard.ask(|reply| ApiRequest::Conference { id, wish, reply }).await?;
    Ok(StatusCode::ACCEPTED)
}

fn extension(text: &str) -> Result<Extension, Refusal> {
    Extension::parse(text).map_err(|_| unreadable("extension", text))
}
