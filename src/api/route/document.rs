//! Documents that the office keeps with its numbers (S9): brought in, listed, fetched, removed.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tracing::info;

use crate::api::address::percent_encoded;
use crate::api::answer::query;
use crate::api::door::Caller;
use crate::api::named::number_of;
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::{ApiRequest, DocumentFile};
use crate::api::schema::number::DocumentLine;
use crate::office::number_document::{DocumentName, LARGEST, MediaType, NumberDocument};
use crate::words::Words;

/// Every document, also of numbers that were given back.
#[utoipa::path(get, path = "/v1/numbers/documents",
    responses((status = 200, body = Vec<DocumentLine>)))]
pub(crate) async fn list(State(api): State<Api>) -> Result<Json<Vec<DocumentLine>>, Refusal> {
    let held = api.switchboard.ask(|reply| ApiRequest::Documents { reply }).await?;
    Ok(Json(held.iter().map(DocumentLine::from).collect()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameQuery {
    name: String,
}

/// Keeps a document with a number that is in use, in the place of the one there was. It stays when
/// the number is given back.
#[utoipa::path(put, path = "/v1/numbers/{number}/document",
    params(("number" = String, Path),
        ("name" = String, Query, description = "Of the file, without a folder")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "At most 10 MiB, under its own content type"),
    responses((status = 200, body = DocumentLine), (status = 400, body = Refusal),
        (status = 404, body = Refusal), (status = 413, body = Refusal)))]
pub(crate) async fn keep(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    content: Bytes,
) -> Result<Json<DocumentLine>, Refusal> {
    let asked: NameQuery = query(&uri)?;
    let name = DocumentName::parse(&asked.name).map_err(|wrong| bad("name", &wrong.words()))?;
    let media_type = media_type(&headers, &name)?;
    check_size(&content)?;
    let _turn = api.office_turn.lock().await;
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let number = number_of(&number, &office)?;
    if !office.numbers.contains_key(&number) {
        return Err(Refusal::not_found());
    }
    let file = DocumentFile { number, name, media_type, content, who: caller.0 };
    let held = api.switchboard.ask(|reply| ApiRequest::KeepDocument { file, reply }).await?;
    info!(number = %held.number, name = %held.name, who = %held.who, "a document is kept");
    Ok(Json(DocumentLine::from(&held)))
}

/// A document as it came. A browser saves it and never shows it.
#[utoipa::path(get, path = "/v1/numbers/{number}/document", params(("number" = String, Path)),
    responses((status = 200, description = "The file"), (status = 404, body = Refusal)))]
pub(crate) async fn fetch(
    State(api): State<Api>,
    Path(number): Path<String>,
) -> Result<Response, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let number = number_of(&number, &office)?;
    let document = api.switchboard.ask(|reply| ApiRequest::Document { number, reply }).await?;
    let NumberDocument { held, content } = document;
    // RFC 6266 4.1, RFC 8187 3.2.1: the name in UTF-8, percent-encoded.
    let name = percent_encoded(held.name.as_str());
    let headers = [
        (CONTENT_TYPE, held.media_type.as_str().to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, content).into_response())
}

/// Removes a document for good, also one of a number that was given back.
#[utoipa::path(delete, path = "/v1/numbers/{number}/document", params(("number" = String, Path)),
    responses((status = 204, description = "It is gone"), (status = 404, body = Refusal)))]
pub(crate) async fn remove(
    State(api): State<Api>,
    Path(number): Path<String>,
) -> Result<StatusCode, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let number = number_of(&number, &office)?;
    let asked = number.clone();
    api.switchboard.ask(|reply| ApiRequest::RemoveDocument { number, reply }).await?;
    info!(number = %asked, "a document is removed");
    Ok(StatusCode::NO_CONTENT)
}

/// What the client says it is; a client that says nothing of its own is told by the name.
fn media_type(headers: &HeaderMap, name: &DocumentName) -> Result<MediaType, Refusal> {
    let said = headers.get(CONTENT_TYPE).map(|said| said.to_str().unwrap_or_default());
    match said {
        None | Some("application/octet-stream" | "application/x-www-form-urlencoded") => {
            Ok(MediaType::of_name(name))
        }
        Some(said) => MediaType::parse(said).map_err(|wrong| {
            let words = Words::new(
                "파일 종류는 application/pdf처럼 적습니다".to_owned(),
                wrong.to_string(),
            );
            bad("content-type", &words)
        }),
    }
}

fn check_size(content: &Bytes) -> Result<(), Refusal> {
    if content.is_empty() {
        let words = Words::new("파일이 비어 있습니다", "the file is empty");
        return Err(Refusal::new(RefusalKind::BadRequest, words));
    }
    if content.len() > LARGEST {
        let words = Words::new("서류는 10MiB까지 보관합니다", "a document may have 10 MiB at most");
        return Err(Refusal::new(RefusalKind::TooLarge, words));
    }
    Ok(())
}

fn bad(field: &str, why: &Words) -> Refusal {
    let words = Words::new(format!("{field}: {}", why.ko), format!("{field}: {}", why.en));
    Refusal::new(RefusalKind::BadRequest, words)
}
