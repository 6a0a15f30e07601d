//! Conversations: the list, one with all that happened in it, and what people do to it.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, Uri};
use serde::Deserialize;

use crate::api::answer::{json, query, unreadable, value};
use crate::api::door::Caller;
use crate::api::named::{self, agent, office_number};
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::ApiRequest;
use crate::api::schema::schema::{
    AssignBody, CallBackBody, ConversationDetail, ConversationPage, NoteBody, SnoozeBody, TagsBody,
};
use crate::history::conversation::conversation::{LONGEST_DESCRIPTION, LONGEST_NOTE};
use crate::history::conversation::filter::{ConversationFilter, Place, StateName};
use crate::history::conversation::wish::ConversationWish;
use crate::history::conversation_id::ConversationId;
use crate::office::duration;
use crate::office::extension::Extension as Digits;
use crate::office::tag::{CONVERSATION_TAGS, Tag};
use crate::office::team::TeamName;
use crate::words::Words;

/// 1 minute to 180 days (L25).
const SNOOZE_SECONDS: std::ops::RangeInclusive<u64> = 60..=180 * 86_400;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConversationQuery {
    state: Option<StateName>,
    party: Option<String>,
    number: Option<String>,
    assignee: Option<String>,
    team: Option<String>,
    tag: Option<String>,
    before: Option<String>,
    limit: Option<u32>,
}

/// Conversations, the one that something happened in last first.
#[utoipa::path(get, path = "/v1/conversations",
    params(
        ("state" = Option<StateName>, Query),
        ("party" = Option<String>, Query, description = "Part of the customer's number or name"),
        ("number" = Option<String>, Query, description = "The office's own number"),
        ("assignee" = Option<String>, Query, description = "Extension of who is responsible"),
        ("team" = Option<String>, Query),
        ("tag" = Option<String>, Query),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 1000; 100 unless given"),
    ),
    responses((status = 200, body = ConversationPage), (status = 400, body = Refusal)))]
pub(crate) async fn list(
    State(api): State<Api>,
    uri: Uri,
) -> Result<Json<ConversationPage>, Refusal> {
    let asked: ConversationQuery = query(&uri)?;
    let number = match asked.number.as_deref() {
        Some(text) => Some(office_number(&api, text).await?),
        None => None,
    };
    let party = asked.party.map(|party| match party.strip_prefix(' ') {
        // In an address `+` means a blank.
        Some(digits) => format!("+{digits}"),
        None => party,
    });
    let filter = ConversationFilter {
        state: asked.state,
        party,
        number,
        assignee: asked.assignee.as_deref().map(agent).transpose()?,
        team: asked.team.map(TeamName),
        tag: asked.tag.as_deref().map(named::tag).transpose()?,
        before: asked.before.as_deref().map(|text| value("before", text)).transpose()?,
        limit: asked.limit,
    };
    let rows = filter.rows() as usize;
    let conversations =
        api.switchboard.ask(|reply| ApiRequest::Conversations { filter, reply }).await?;
    let last = conversations.last().filter(|_| conversations.len() == rows);
    let next = last.map(|last| Place { active: last.active(), id: last.id }.to_string());
    Ok(Json(ConversationPage { conversations, next }))
}

/// One conversation with its cases, its calls and what happened.
#[utoipa::path(get, path = "/v1/conversations/{id}", params(("id" = u64, Path)),
    responses((status = 200, body = ConversationDetail), (status = 404, body = Refusal)))]
pub(crate) async fn read(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<ConversationDetail>, Refusal> {
    let id = ConversationId(value("id", &id)?);
    let file = api.switchboard.ask(|reply| ApiRequest::Conversation { id, reply }).await?;
    Ok(Json(ConversationDetail {
        conversation: file.conversation,
        cases: file.cases,
        calls: file.calls,
        log: file.log,
    }))
}

/// Nothing is left to do. Ends whatever it was: open, snoozed or missed.
#[utoipa::path(post, path = "/v1/conversations/{id}/close",
    params(("id" = u64, Path),
        ("agent" = Option<String>, Query, description = "As this agent, who must hold a seat")),
    responses((status = 202, description = "Closed"), (status = 403, body = Refusal),
        (status = 404, body = Refusal)))]
pub(crate) async fn close(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<StatusCode, Refusal> {
    wish_as(&api, (acting(&uri)?, caller), &id, ConversationWish::Close).await
}

/// Opens it again; a missed one loses its reason.
#[utoipa::path(post, path = "/v1/conversations/{id}/open", params(("id" = u64, Path)),
    responses((status = 202, description = "Open"), (status = 404, body = Refusal)))]
pub(crate) async fn open(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    wish(&api, caller, &id, ConversationWish::Open).await
}

/// Takes the customer off the list of those who are called when their turn comes (L88). The
/// conversation stays missed.
#[utoipa::path(post, path = "/v1/conversations/{id}/cancel-callback", params(("id" = u64, Path)),
    responses((status = 202, description = "Nobody calls any more"), (status = 404, body = Refusal),
        (status = 409, body = Refusal, description = "No call back was promised")))]
pub(crate) async fn cancel_callback(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    wish(&api, caller, &id, ConversationWish::CancelCallback).await
}

/// Puts it away for a time of 1 minute to 180 days; then it is open again.
#[utoipa::path(post, path = "/v1/conversations/{id}/snooze",
    params(("id" = u64, Path),
        ("agent" = Option<String>, Query, description = "As this agent, who must hold a seat")),
    request_body = SnoozeBody,
    responses((status = 202, description = "Snoozed"), (status = 400, body = Refusal),
        (status = 403, body = Refusal), (status = 404, body = Refusal)))]
pub(crate) async fn snooze(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: SnoozeBody = json(&body)?;
    let length = duration::parse(&asked.time).map_err(|_| unreadable("for", &asked.time))?;
    if !SNOOZE_SECONDS.contains(&length.as_secs()) {
        return Err(bad(
            "보류 시간은 1분(1m)부터 180일(180d)까지입니다".to_owned(),
            "a conversation is put away for 1m to 180d".to_owned(),
        ));
    }
    let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    wish_as(&api, (acting(&uri)?, caller), &id, ConversationWish::Snooze { length }).await
}

/// Writes a note that colleagues read; the customer never sees it.
#[utoipa::path(post, path = "/v1/conversations/{id}/notes", params(("id" = u64, Path)),
    request_body = NoteBody,
    responses((status = 202, description = "Noted"), (status = 400, body = Refusal),
        (status = 404, body = Refusal)))]
pub(crate) async fn note(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: NoteBody = json(&body)?;
    let text = bounded(&asked.text, 1, LONGEST_NOTE)?;
    wish(&api, caller, &id, ConversationWish::Note { text }).await
}

/// Says what it is about; at most 1000 characters.
#[utoipa::path(post, path = "/v1/conversations/{id}/description", params(("id" = u64, Path)),
    request_body = NoteBody,
    responses((status = 202, description = "Described"), (status = 400, body = Refusal),
        (status = 404, body = Refusal)))]
pub(crate) async fn describe(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: NoteBody = json(&body)?;
    let text = bounded(&asked.text, 0, LONGEST_DESCRIPTION)?;
    wish(&api, caller, &id, ConversationWish::Describe { text }).await
}

/// All tags of the conversation, at most 8.
#[utoipa::path(post, path = "/v1/conversations/{id}/tags", params(("id" = u64, Path)),
    request_body = TagsBody,
    responses((status = 202, description = "Tagged"), (status = 400, body = Refusal),
        (status = 404, body = Refusal)))]
pub(crate) async fn tag(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: TagsBody = json(&body)?;
    let tags: Result<BTreeSet<Tag>, Refusal> = asked
        .tags
        .iter()
        .map(|text| Tag::parse(text).map_err(|_| unreadable("tags", text)))
        .collect();
    let tags = tags?;
    if tags.len() > CONVERSATION_TAGS {
        return Err(bad(
            format!("상담 태그는 {CONVERSATION_TAGS}개까지입니다"),
            format!("a conversation has at most {CONVERSATION_TAGS} tags"),
        ));
    }
    wish(&api, caller, &id, ConversationWish::Tag { tags }).await
}

/// Says who is responsible, and which team; what is left out is nobody. With a team alone whoever is
/// responsible stays so if they are in it; else a team that assigns by itself finds the next one,
/// also when it is the same team as before (L134). A caller who waits for another team waits for
/// this one then.
#[utoipa::path(post, path = "/v1/conversations/{id}/assign", params(("id" = u64, Path)),
    request_body = AssignBody,
    responses((status = 202, description = "Assigned"), (status = 400, body = Refusal),
        (status = 404, body = Refusal)))]
pub(crate) async fn assign(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: AssignBody = json(&body)?;
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let agent = asked.agent.as_deref().map(agent).transpose()?;
    if let Some(nobody) = agent.as_ref().filter(|agent| !office.agents.contains_key(agent)) {
        return Err(unreadable("agent", nobody.as_str()));
    }
    let team = asked.team.map(TeamName);
    if let Some(nobody) = team.as_ref().filter(|team| !office.teams.contains_key(team)) {
        return Err(unreadable("team", &nobody.0));
    }
    wish(&api, caller, &id, ConversationWish::Assign { agent, team }).await
}

/// Calls the customer: the agent's phones ring first, and the customer sees the number they had
/// dialled. One that has been called back already is called again only with `again`.
#[utoipa::path(post, path = "/v1/conversations/{id}/callback", params(("id" = u64, Path)),
    request_body = CallBackBody,
    responses((status = 202, description = "The phones ring"), (status = 400, body = Refusal),
        (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(crate) async fn call_back(
    State(api): State<Api>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: CallBackBody = json(&body)?;
    let id = ConversationId(value("id", &id)?);
    let (agent, again) = (agent(&asked.agent)?, asked.again);
    api.switchboard.ask(|reply| ApiRequest::CallBack { id, agent, again, reply }).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn wish(
    api: &Api,
    caller: Caller,
    id: &str,
    wish: ConversationWish,
) -> Result<StatusCode, Refusal> {
    wish_as(api, (None, caller), id, wish).await
}

async fn wish_as(
    api: &Api,
    (agent, caller): (Option<Digits>, Caller),
    id: &str,
    wish: ConversationWish,
) -> Result<StatusCode, Refusal> {
    let (id, who) = (ConversationId(value("id", id)?), caller.0);
    api.switchboard.ask(|reply| ApiRequest::Wish { id, wish, agent, who, reply }).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActingQuery {
    agent: Option<String>,
}

/// As which agent somebody acts (L29).
fn acting(uri: &Uri) -> Result<Option<Digits>, Refusal> {
    let asked: ActingQuery = query(uri)?;
    asked.agent.as_deref().map(agent).transpose()
}

fn bounded(text: &str, least: usize, most: usize) -> Result<String, Refusal> {
    if (least..=most).contains(&text.trim().chars().count()) {
        return Ok(text.trim().to_owned());
    }
    Err(bad(format!("{least}~{most}자로 적습니다"), format!("write {least} to {most} characters")))
}

fn bad(ko: String, en: String) -> Refusal {
    Refusal::new(RefusalKind::BadRequest, Words::new(ko, en))
}
