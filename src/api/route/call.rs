//! Calls: those that were, those that are, and new ones.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use serde::Deserialize;

use crate::api::answer::{json, query, unreadable, value};
use crate::api::hours_query::HoursQuery;
use crate::api::named::{agent, office_number, own_number};
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::schema::schema::{CallPage, CallWithTrail, OriginateBody, TrailLine};
use crate::api::schema::sip::CallSip;
use crate::history::call_filter::CallFilter;
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Direction, Outcome};
use crate::history::conversation_id::ConversationId;
use crate::live::Live;
use crate::office::language::Language;
use crate::words::Words;

/// Calls in progress and agents, this second.
#[utoipa::path(get, path = "/v1/live", responses((status = 200, body = Live)))]
pub(crate) async fn live(State(api): State<Api>) -> Result<Json<Live>, Refusal> {
    api.switchboard.ask(|reply| ApiRequest::Live { reply }).await.map(Json)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CallQuery {
    from: Option<i64>,
    to: Option<i64>,
    conversation: Option<u64>,
    number: Option<String>,
    party: Option<String>,
    agent: Option<String>,
    direction: Option<Direction>,
    outcome: Option<Outcome>,
    hours: Option<String>,
    time: Option<String>,
    as_today: Option<bool>,
    outside: Option<bool>,
    before: Option<u64>,
    limit: Option<u32>,
}

/// Calls, newest first.
#[utoipa::path(get, path = "/v1/calls",
    params(
        ("from" = Option<i64>, Query, description = "Started at or after; milliseconds since 1970"),
        ("to" = Option<i64>, Query, description = "Started before; milliseconds since 1970"),
        ("conversation" = Option<u64>, Query, description = "The one that the calls belong to"),
        ("number" = Option<String>, Query, description = "The office's own number"),
        ("party" = Option<String>, Query, description = "Part of a number or name of either side"),
        ("agent" = Option<String>, Query, description = "Extension of the agent who talked"),
        ("direction" = Option<Direction>, Query),
        ("outcome" = Option<Outcome>, Query),
        HoursQuery,
        ("before" = Option<u64>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 1000; 100 unless given"),
    ),
    responses((status = 200, body = CallPage), (status = 400, body = Refusal)))]
pub(crate) async fn calls(State(api): State<Api>, uri: Uri) -> Result<Json<CallPage>, Refusal> {
    let asked: CallQuery = query(&uri)?;
    let number = match asked.number.as_deref() {
        Some(text) => Some(office_number(&api, text).await?),
        None => None,
    };
    let (hours, time) = (asked.hours, asked.time);
    let narrowed = HoursQuery { hours, time, as_today: asked.as_today, outside: asked.outside };
    let filter = CallFilter {
        from: asked.from,
        to: asked.to,
        conversation: asked.conversation.map(ConversationId),
        number,
        party: asked.party,
        agent: asked.agent.as_deref().map(agent).transpose()?,
        direction: asked.direction,
        outcome: asked.outcome,
        hours: narrowed.filter()?,
        before: asked.before.map(CallId),
        limit: asked.limit,
    };
    let rows = filter.rows() as usize;
    let calls = api.switchboard.ask(|reply| ApiRequest::Calls { filter, reply }).await?;
    let next = calls.last().filter(|_| calls.len() == rows).map(|call| call.id.0);
    Ok(Json(CallPage { calls, next }))
}

/// One call, its legs and its trail.
#[utoipa::path(get, path = "/v1/calls/{id}", params(("id" = u64, Path)),
    responses((status = 200, body = CallWithTrail), (status = 404, body = Refusal)))]
pub(crate) async fn call(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<CallWithTrail>, Refusal> {
    let id = CallId(value("id", &id)?);
    let call = api.switchboard.ask(|reply| ApiRequest::Call { id, reply }).await?;
    Ok(Json(with_trail(call)))
}

pub(crate) fn with_trail(call: CallRecord) -> CallWithTrail {
    let why = call.trail.iter().map(|entry| TrailLine {
        at: entry.at,
        words: Words::new(entry.decision.words(Language::Ko), entry.decision.words(Language::En)),
    });
    CallWithTrail { why: why.collect(), call }
}

/// The SIP messages of a recent call: who sent what to whom. Neither bodies nor passwords.
#[utoipa::path(get, path = "/v1/calls/{id}/sip", params(("id" = u64, Path)),
    responses((status = 200, body = CallSip), (status = 404, body = Refusal)))]
pub(crate) async fn sip(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<CallSip>, Refusal> {
    let id = CallId(value("id", &id)?);
    api.switchboard.ask(|reply| ApiRequest::CallSip { id, reply }).await.map(Json)
}

/// Rings the agent's phones, then calls what the agent would have dialled.
#[utoipa::path(post, path = "/v1/calls", request_body = OriginateBody,
    responses((status = 202, description = "The phones ring"), (status = 400, body = Refusal),
        (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(crate) async fn originate(State(api): State<Api>, body: Bytes) -> Result<StatusCode, Refusal> {
    let asked: OriginateBody = json(&body)?;
    let agent = agent(&asked.agent)?;
    // What a phone can dial: RFC 3261's user part without escapes, of a length that is a number.
    let is_dialable = (1..=64).contains(&asked.to.len())
        && asked.to.bytes().all(|b| b.is_ascii_alphanumeric() || b"+*#-. ()".contains(&b));
    if !is_dialable {
        return Err(unreadable("to", &asked.to));
    }
    let to = asked.to.chars().filter(|c| !"-. ()".contains(*c)).collect();
    let number = match asked.number.as_deref() {
        Some(text) => Some(own_number(&api, text).await?),
        None => None,
    };
    api.switchboard.ask(|reply| ApiRequest::Originate { agent, to, number, reply }).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Ends a call.
#[utoipa::path(delete, path = "/v1/calls/{id}", params(("id" = u64, Path)),
    responses((status = 202, description = "Being ended"), (status = 404, body = Refusal)))]
pub(crate) async fn hang_up(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let id = CallId(value("id", &id)?);
    api.switchboard.ask(|reply| ApiRequest::HangUp { id, reply }).await?;
    Ok(StatusCode::ACCEPTED)
}
