//! Agents: how each stands, and what they, or an admin for them, say about it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};

use crate::api::agent_schema::PresenceBody;
use crate::api::answer::{json, unreadable};
use crate::api::named::own_number;
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::duty::DutyWish;
use crate::live::LiveAgent;
use crate::office::extension::Extension;

/// Every agent, this second.
#[utoipa::path(get, path = "/v1/agents", responses((status = 200, body = Vec<LiveAgent>)))]
pub(crate) async fn agents(State(api): State<Api>) -> Result<Json<Vec<LiveAgent>>, Refusal> {
    let live = api.switchboard.ask(|reply| ApiRequest::Live { reply }).await?;
    Ok(Json(live.agents))
}

/// Sets seat, activity, do-not-disturb, also with an end, and the number that their calls show, or
/// ends the work after a call (L138). What is not given stays as it is; a call in progress goes on.
#[utoipa::path(post, path = "/v1/agents/{extension}/presence", request_body = PresenceBody,
    params(("extension" = String, Path)),
    responses((status = 200, body = LiveAgent), (status = 400, body = Refusal),
        (status = 404, body = Refusal)))]
pub(crate) async fn presence(
    State(api): State<Api>,
    Path(extension): Path<String>,
    body: Bytes,
) -> Result<Json<LiveAgent>, Refusal> {
    let agent = Extension::parse(&extension).map_err(|_| unreadable("extension", &extension))?;
    let asked: PresenceBody = json(&body)?;
    let silence = asked.silence()?;
    let number = match asked.number.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(text) => Some(Some(own_number(&api, text).await?)),
    };
    let wishes = [
        asked.seat.map(DutyWish::Seat),
        asked.activity.map(DutyWish::Activity),
        silence,
        asked.end_wrap_up.then_some(DutyWish::EndWrapUp),
        number.map(DutyWish::Show),
    ];
    let wishes = wishes.into_iter().flatten().collect();
    api.switchboard.ask(|reply| ApiRequest::Agent { agent, wishes, reply }).await.map(Json)
}
