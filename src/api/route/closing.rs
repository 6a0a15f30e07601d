//! Many conversations closed at once (L62).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answer::{json, unreadable};
use crate::api::door::Caller;
use crate::api::named::agent;
use crate::api::named::office_number;
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::ApiRequest;
use crate::history::conversation::filter::{ConversationFilter, StateName};
use crate::history::conversation::wish::ConversationWish;
use crate::history::conversation_id::ConversationId;
use crate::office::tag::Tag;
use crate::office::team::TeamName;
use crate::words::Words;

/// Conversations of one request.
const MOST: usize = 1_000;

/// Either `ids`, or every conversation in a state, narrowed by the other fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CloseBody {
    /// At most 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<StateName>,
    /// Part of the customer's number or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// The office's own number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// As this agent, who must hold a seat (L29).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Closed {
    pub closed: usize,
    /// Of the `ids`, those that are no conversation.
    pub missing: Vec<u64>,
    /// The state holds more than 1000: ask again.
    pub more: bool,
}

/// Closes several conversations: those of `ids`, or all of a state, such as `missed`.
#[utoipa::path(post, path = "/v1/conversations/close", request_body = CloseBody,
    responses((status = 200, body = Closed), (status = 400, body = Refusal),
        (status = 403, body = Refusal)))]
pub(crate) async fn close_many(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Json<Closed>, Refusal> {
    let asked: CloseBody = json(&body)?;
    let actor = asked.agent.as_deref().map(agent).transpose()?;
    let (ids, more) = wanted(&api, asked).await?;
    let mut told = Closed { closed: 0, missing: Vec::new(), more };
    for id in ids {
        let (agent, who) = (actor.clone(), caller.0.clone());
        let wish = ConversationWish::Close;
        let closed =
            api.switchboard.ask(|reply| ApiRequest::Wish { id, wish, agent, who, reply }).await;
        match closed {
            Ok(()) => told.closed += 1,
            Err(refusal) if refusal.kind == RefusalKind::NotFound => told.missing.push(id.0),
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(Json(told))
}

async fn wanted(api: &Api, asked: CloseBody) -> Result<(Vec<ConversationId>, bool), Refusal> {
    if let Some(ids) = asked.ids {
        let has_more = asked.state.is_some()
            || [&asked.party, &asked.number, &asked.assignee, &asked.team, &asked.tag]
                .iter()
                .any(|field| field.is_some());
        if has_more || ids.len() > MOST {
            return Err(unclear());
        }
        return Ok((ids.into_iter().map(ConversationId).collect(), false));
    }
    let state = match asked.state {
        None | Some(StateName::Closed | StateName::Initial | StateName::Queued) => {
            return Err(unclear());
        }
        Some(state @ (StateName::Opened | StateName::Snoozed | StateName::Missed)) => state,
    };
    let number = match asked.number.as_deref() {
        Some(text) => Some(office_number(api, text).await?),
        None => None,
    };
    let tag = asked.tag.as_deref();
    let filter = ConversationFilter {
        state: Some(state),
        party: asked.party,
        number,
        assignee: asked.assignee.as_deref().map(agent).transpose()?,
        team: asked.team.map(TeamName),
        tag: tag.map(|text| Tag::parse(text).map_err(|_| unreadable("tag", text))).transpose()?,
        before: None,
        limit: u32::try_from(MOST).ok(),
    };
    let found = api.switchboard.ask(|reply| ApiRequest::Conversations { filter, reply }).await?;
    let more = found.len() >= MOST;
    Ok((found.into_iter().map(|one| one.id).collect(), more))
}

fn unclear() -> Refusal {
    let words = Words::new(
        "ids(1000개까지)나 state(missed, opened, snoozed) 가운데 하나를 적으세요",
        "give either ids, at most 1000, or a state: missed, opened or snoozed",
    );
    Refusal::new(RefusalKind::BadRequest, words)
}
