//! What admins changed: listed, shown, taken back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::Uri;
use serde::Deserialize;

use crate::api::answer::{query, value};
use crate::api::door::Caller;
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::ApiRequest;
use crate::api::schema::schema::{ChangeDocuments, ChangeLine, ChangePage, OfficeChanges};
use crate::history::office_change::OfficeChange;
use crate::office::change::changes::changes;
use crate::office::change::revert::revert;
use crate::office::document::document::{parse, parse_with};
use crate::office::document::print::print;
use crate::office::library::Library;
use crate::office::snapshot::Office;
use crate::office::warnings::warnings;
use crate::words::Words;

/// Of one page; each is two whole documents.
const ROWS: u32 = 50;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    before: Option<u64>,
    limit: Option<u32>,
}

/// Changes of the office, newest first.
#[utoipa::path(get, path = "/v1/office/changes",
    params(("before" = Option<u64>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 50; 50 unless given")),
    responses((status = 200, body = ChangePage), (status = 400, body = Refusal)))]
pub(crate) async fn list(State(api): State<Api>, uri: Uri) -> Result<Json<ChangePage>, Refusal> {
    let asked: PageQuery = query(&uri)?;
    let rows = asked.limit.unwrap_or(ROWS).clamp(1, ROWS);
    let before = asked.before;
    let found =
        api.switchboard.ask(|reply| ApiRequest::OfficeChanges { before, rows, reply }).await?;
    let is_last = found.len() < rows as usize;
    let next = found.last().filter(|_| !is_last).map(|change| change.id);
    Ok(Json(ChangePage { changes: found.iter().map(line).collect(), next }))
}

/// One change with the office before and after it, without passwords.
#[utoipa::path(get, path = "/v1/office/changes/{id}", params(("id" = u64, Path)),
    responses((status = 200, body = ChangeDocuments), (status = 404, body = Refusal)))]
pub(crate) async fn read(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<ChangeDocuments>, Refusal> {
    let change = find(&api, value("id", &id)?).await?;
    let (before, after) = offices(&change)?;
    let (before, after) = (print(&before, false), print(&after, false));
    Ok(Json(ChangeDocuments { change: line(&change), before, after }))
}

/// Takes one change back and leaves what came after it; refused when the same was changed again.
#[utoipa::path(post, path = "/v1/office/changes/{id}/revert",
    params(("id" = u64, Path),
        ("dry_run" = Option<bool>, Query, description = "Only say what would change")),
    responses((status = 200, body = OfficeChanges), (status = 404, body = Refusal),
        (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(crate) async fn undo(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Json<OfficeChanges>, Refusal> {
    let asked: UndoQuery = query(&uri)?;
    let _turn = api.office_turn.lock().await;
    let change = find(&api, value("id", &id)?).await?;
    let (before, after) = offices(&change)?;
    let now = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let office = revert(&now, &before, &after).map_err(|again| {
        let all = |pick: fn(&Words) -> &str| again.iter().map(pick).collect::<Vec<_>>().join("; ");
        let words = Words::new(all(|words| &words.ko), all(|words| &words.en));
        Refusal::new(RefusalKind::Conflict, words)
    })?;
    // What is taken back may miss what was removed since.
    let held = api.switchboard.ask(|reply| ApiRequest::Sounds { reply }).await?;
    let office = parse_with(&print(&office, true), None, Library::of(&held));
    let office = office.map_err(Refusal::invalid)?;
    let told = changes(&now, &office).into_iter().map(|change| change.words).collect();
    let (applied, warnings) = (!asked.dry_run, warnings(&office));
    if applied && office != *now {
        let (office, who) = (Arc::new(office), caller.0);
        api.switchboard.ask(|reply| ApiRequest::SaveOffice { office, who, reply }).await?;
    }
    Ok(Json(OfficeChanges { applied, changes: told, warnings }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UndoQuery {
    #[serde(default)]
    dry_run: bool,
}

async fn find(api: &Api, id: u64) -> Result<OfficeChange, Refusal> {
    let (before, rows) = (id.checked_add(1), 1);
    let found =
        api.switchboard.ask(|reply| ApiRequest::OfficeChanges { before, rows, reply }).await?;
    found.into_iter().find(|change| change.id == id).ok_or_else(Refusal::not_found)
}

fn offices(change: &OfficeChange) -> Result<(Office, Office), Refusal> {
    let read = |text: &str| parse(text, None).map_err(Refusal::invalid);
    Ok((read(&change.before)?, read(&change.after)?))
}

fn line(change: &OfficeChange) -> ChangeLine {
    let words = match offices(change) {
        Ok((before, after)) => {
            changes(&before, &after).into_iter().map(|change| change.words).collect()
        }
        Err(_) => vec![Words::new(
            "다른 버전이 쓴 변경이라 읽을 수 없습니다",
            "written by another version; it cannot be read",
        )],
    };
    ChangeLine {
        id: change.id,
        at: change.signature.at,
        who: change.signature.who.clone(),
        changes: words,
    }
}
