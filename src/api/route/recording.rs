//! Recordings of calls: which there are, what they sound like, and whether a call is recorded.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use tokio::task::spawn_blocking;
use tracing::info;

use crate::api::answer::{json, query, value};
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::schema::schema::{RecordBody, RecordingFile};
use crate::history::call_id::CallId;
use crate::history::recording_name::RecordingName;

/// Read at once; an hour of sound is never in memory as a whole.
const PIECE: usize = 64 * 1024;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordingQuery {
    call: Option<u64>,
}

/// The recordings of a call, or all.
#[utoipa::path(get, path = "/v1/recordings",
    params(("call" = Option<u64>, Query, description = "Of this call alone")),
    responses((status = 200, body = Vec<RecordingFile>), (status = 400, body = Refusal)))]
pub(crate) async fn list(
    State(api): State<Api>,
    uri: Uri,
) -> Result<Json<Vec<RecordingFile>>, Refusal> {
    let asked: RecordingQuery = query(&uri)?;
    let call = asked.call.map(CallId);
    api.switchboard.ask(|reply| ApiRequest::Recordings { call, reply }).await.map(Json)
}

/// The sound of a recording: Opus in Ogg, or WAV. Each fetching is noted in the log (L54).
#[utoipa::path(get, path = "/v1/recordings/{name}", params(("name" = String, Path)),
    responses((status = 200, description = "The sound file"), (status = 404, body = Refusal)))]
pub(crate) async fn fetch(
    State(api): State<Api>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let name = named(&name)?;
    let path = api.switchboard.ask(|reply| ApiRequest::RecordingPath { name, reply }).await?;
    let (file, length) = open(path).await.map_err(|_| Refusal::not_found())?;
    info!(%name, "a recording is fetched");
    let pieces = stream::try_unfold(file, |file| async move {
        let read = spawn_blocking(move || piece(file)).await.map_err(io::Error::other)?;
        read.map(|(file, bytes)| (!bytes.is_empty()).then_some((bytes, file)))
    });
    let headers = [
        (CONTENT_TYPE, name.format.media_type().to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// Deletes a recording for good.
#[utoipa::path(delete, path = "/v1/recordings/{name}", params(("name" = String, Path)),
    responses((status = 204, description = "It is gone"), (status = 404, body = Refusal),
        (status = 409, body = Refusal, description = "It is still being written")))]
pub(crate) async fn delete(
    State(api): State<Api>,
    Path(name): Path<String>,
) -> Result<StatusCode, Refusal> {
    let name = named(&name)?;
    api.switchboard.ask(|reply| ApiRequest::DeleteRecording { name, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins, pauses, resumes or ends the recording of a call; whoever is recorded is told first.
#[utoipa::path(post, path = "/v1/calls/{id}/recording", params(("id" = u64, Path)),
    request_body = RecordBody,
    responses((status = 202, description = "Being done, where the call allows it"),
        (status = 400, body = Refusal), (status = 404, body = Refusal)))]
pub(crate) async fn record(
    State(api): State<Api>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let (call, asked): (CallId, RecordBody) = (CallId(value("id", &id)?), json(&body)?);
    let wish = asked.wish;
    api.switchboard.ask(|reply| ApiRequest::Record { call, wish, reply }).await?;
    Ok(StatusCode::ACCEPTED)
}

/// What is no name of ours is nowhere: nothing else of the address ever becomes a path (S7).
fn named(text: &str) -> Result<RecordingName, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

async fn open(path: PathBuf) -> io::Result<(File, u64)> {
    let opened = spawn_blocking(move || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok((file, length))
    });
    opened.await.map_err(io::Error::other)?
}

fn piece(mut file: File) -> io::Result<(File, Bytes)> {
    let mut piece = vec![0; PIECE];
    let length = file.read(&mut piece)?;
    piece.truncate(length);
    Ok((file, piece.into()))
}
