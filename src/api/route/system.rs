//! The daemon itself: health, phones, trunks and backups.

use std::path::PathBuf;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use crate::api::answer::{json, unreadable};
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::{ApiRequest, Health, TrunkState};
use crate::api::schema::schema::{FileBody, Registration};

/// Whether the daemon does its work.
#[utoipa::path(get, path = "/v1/health", responses((status = 200, body = Health)))]
pub(crate) async fn health(State(api): State<Api>) -> Result<Json<Health>, Refusal> {
    api.switchboard.ask(|reply| ApiRequest::Health { reply }).await.map(Json)
}

/// The contacts that phones have registered.
#[utoipa::path(get, path = "/v1/registrations",
    responses((status = 200, body = Vec<Registration>)))]
pub(crate) async fn registrations(
    State(api): State<Api>,
) -> Result<Json<Vec<Registration>>, Refusal> {
    let bindings = api.switchboard.ask(|reply| ApiRequest::Registrations { reply }).await?;
    Ok(Json(bindings.into_iter().map(Registration::from).collect()))
}

/// The trunks as they are now.
#[utoipa::path(get, path = "/v1/trunks", responses((status = 200, body = Vec<TrunkState>)))]
pub(crate) async fn trunks(State(api): State<Api>) -> Result<Json<Vec<TrunkState>>, Refusal> {
    api.switchboard.ask(|reply| ApiRequest::Trunks { reply }).await.map(Json)
}

/// Writes office and history into one file, while calls go on. The file's old content is replaced
/// when the new one is whole.
#[utoipa::path(post, path = "/v1/backup", request_body = FileBody,
    responses((status = 200, body = FileBody), (status = 400, body = Refusal)))]
pub(crate) async fn backup(State(api): State<Api>, body: Bytes) -> Result<Json<FileBody>, Refusal> {
    let (asked, path) = file(&body)?;
    api.switchboard.ask_long(|reply| ApiRequest::Backup { path, reply }).await?;
    Ok(Json(asked))
}

/// Replaces office and history by those of a backup, while calls go on.
#[utoipa::path(post, path = "/v1/restore", request_body = FileBody,
    responses((status = 200, body = FileBody), (status = 400, body = Refusal),
        (status = 422, body = Refusal)))]
pub(crate) async fn restore(
    State(api): State<Api>,
    body: Bytes,
) -> Result<Json<FileBody>, Refusal> {
    let (asked, path) = file(&body)?;
    let _turn = api.office_turn.lock().await;
    api.switchboard.ask_long(|reply| ApiRequest::Restore { path, reply }).await?;
    Ok(Json(asked))
}

fn file(body: &Bytes) -> Result<(FileBody, PathBuf), Refusal> {
    let asked: FileBody = json(body)?;
    let path = PathBuf::from(&asked.path);
    if !path.is_absolute() || path.file_name().is_none() || asked.path.contains('\0') {
        return Err(unreadable("path", &asked.path));
    }
    Ok((asked, path))
}
