//! Cases: each cycle of a conversation from its opening to its close.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;

use crate::api::answer::{query, value};
use crate::api::named::{agent, office_number, tag};
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::route::stats::in_order;
use crate::api::schema::schema::CasePage;
use crate::history::conversation::case_record::{CaseFilter, CaseRecord};
use crate::office::team::TeamName;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseQuery {
    from: Option<i64>,
    to: Option<i64>,
    number: Option<String>,
    assignee: Option<String>,
    team: Option<String>,
    tag: Option<String>,
    before: Option<String>,
    limit: Option<u32>,
}

/// Cases, the one that was opened last first.
#[utoipa::path(get, path = "/v1/cases",
    params(
        ("from" = Option<i64>, Query, description = "Opened at or after, in milliseconds since 1970"),
        ("to" = Option<i64>, Query, description = "Opened before, in milliseconds since 1970"),
        ("number" = Option<String>, Query, description = "The office's own number"),
        ("assignee" = Option<String>, Query, description = "Extension of who was responsible"),
        ("team" = Option<String>, Query),
        ("tag" = Option<String>, Query, description = "Of the case"),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 1000; 100 unless given"),
    ),
    responses((status = 200, body = CasePage), (status = 400, body = Refusal)))]
pub(crate) async fn list(State(api): State<Api>, uri: Uri) -> Result<Json<CasePage>, Refusal> {
    let asked: CaseQuery = query(&uri)?;
    in_order(asked.from, asked.to)?;
    let number = match asked.number.as_deref() {
        Some(text) => Some(office_number(&api, text).await?),
        None => None,
    };
    let filter = CaseFilter {
        from: asked.from,
        to: asked.to,
        number,
        assignee: asked.assignee.as_deref().map(agent).transpose()?,
        team: asked.team.map(TeamName),
        tag: asked.tag.as_deref().map(tag).transpose()?,
        before: asked.before.as_deref().map(|text| value("before", text)).transpose()?,
        limit: asked.limit,
    };
    let rows = filter.rows() as usize;
    let cases = api.switchboard.ask(|reply| ApiRequest::Cases { filter, reply }).await?;
    let last = cases.last().filter(|_| cases.len() == rows);
    let next = last.map(|last: &CaseRecord| last.place().to_string());
    Ok(Json(CasePage { cases, next }))
}
