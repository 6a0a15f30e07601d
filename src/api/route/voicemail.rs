//! Messages that callers have left: which there are, and who has heard them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, Uri};
use serde::Deserialize;

use crate::api::answer::{json, query, unreadable};
use crate::api::door::Caller;
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::schema::voicemail::{HeardBody, MessageLine};
use crate::history::recording_name::{Kept, RecordingName};
use crate::history::voice_message::{MessageWish, VoiceMessage};
use crate::office::extension::Extension as Digits;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MessageQuery {
    agent: Option<String>,
    team: Option<String>,
    new: Option<bool>,
}

/// Messages, the newest first.
#[utoipa::path(get, path = "/v1/voicemail",
    params(
        ("agent" = Option<String>, Query,
            description = "Those that this extension hears at *97: theirs and their teams'"),
        ("team" = Option<String>, Query),
        ("new" = Option<bool>, Query, description = "Only those that nobody has heard, or somebody has"),
    ),
    responses((status = 200, body = Vec<MessageLine>), (status = 400, body = Refusal)))]
pub(crate) async fn list(
    State(api): State<Api>,
    uri: Uri,
) -> Result<Json<Vec<MessageLine>>, Refusal> {
    let asked: MessageQuery = query(&uri)?;
    let agent = match asked.agent.as_deref() {
        Some(text) => Some(Digits::parse(text).map_err(|_| unreadable("agent", text))?),
        None => None,
    };
    let found = api.switchboard.ask(|reply| ApiRequest::Messages { agent, reply }).await?;
    let is_wanted = |message: &&VoiceMessage| {
        let in_team = asked
            .team
            .as_ref()
            .is_none_or(|team| message.team.as_ref().is_some_and(|theirs| theirs.0 == *team));
        in_team && asked.new.is_none_or(|new| message.heard.is_none() == new)
    };
    let mut lines: Vec<MessageLine> =
        found.iter().filter(is_wanted).map(MessageLine::from).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok(Json(lines))
}

/// Says that somebody has heard it, or that it shall count as new again.
#[utoipa::path(post, path = "/v1/voicemail/{name}", params(("name" = String, Path)),
    request_body = HeardBody,
    responses((status = 204, description = "Noted"), (status = 400, body = Refusal),
        (status = 404, body = Refusal)))]
pub(crate) async fn hear(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: HeardBody = json(&body)?;
    let wish = if asked.heard { MessageWish::Heard } else { MessageWish::Unheard };
    wished(&api, caller, &name, wish).await
}

/// Deletes a message and its sound for good.
#[utoipa::path(delete, path = "/v1/voicemail/{name}", params(("name" = String, Path)),
    responses((status = 204, description = "It is gone"), (status = 404, body = Refusal)))]
pub(crate) async fn delete(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<StatusCode, Refusal> {
    wished(&api, caller, &name, MessageWish::Delete).await
}

async fn wished(
    api: &Api,
    caller: Caller,
    name: &str,
    wish: MessageWish,
) -> Result<StatusCode, Refusal> {
    let parsed = name.parse::<RecordingName>().ok().filter(|name| name.kept == Kept::Message);
    let name = parsed.ok_or_else(Refusal::not_found)?;
    let who = caller.0;
    api.switchboard.ask(|reply| ApiRequest::MessageWish { name, wish, who, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
