//! The office as one document: read, checked, changed whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::api::answer::{query, value};
use crate::api::door::{Caller, Door};
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::ApiRequest;
use crate::api::schema::schema::{OfficeBody, OfficeChanges};
use crate::clock;
use crate::office::change::changes::changes;
use crate::office::document::document::parse_with;
use crate::office::document::holidays::{Sender, settle};
use crate::office::document::print::print;
use crate::office::document::sounds::place_of_text;
use crate::office::library::{Library, texts};
use crate::office::recording::{SoundHash, SoundName};
use crate::office::snapshot::Office;
use crate::office::warnings::{Warning, warnings};
use crate::words::Words;
use crate::yaml::Fault;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadQuery {
    #[serde(default)]
    secrets: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WriteQuery {
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    by_hand: bool,
}

/// The office as the document that `PUT` takes.
#[utoipa::path(get, path = "/v1/office",
    params(("secrets" = Option<bool>, Query, description = "With passwords; on the Unix socket only")),
    responses((status = 200, content_type = "application/yaml", body = String),
        (status = 403, body = Refusal)))]
pub(crate) async fn read(
    State(api): State<Api>,
    Extension(door): Extension<Door>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let asked: ReadQuery = query(&uri)?;
    if asked.secrets && door != Door::Socket {
        let message = Words::new(
            "비밀번호는 유닉스 소켓으로만 볼 수 있습니다",
            "secrets are shown on the Unix socket only",
        );
        return Err(Refusal::new(RefusalKind::Forbidden, message));
    }
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let text = print(&office, asked.secrets);
    Ok(([(header::CONTENT_TYPE, "application/yaml; charset=utf-8")], text).into_response())
}

/// Makes the office as the document says, in one step, or refuses it whole. As JSON the document
/// comes with the sound files that lie beside it.
#[utoipa::path(put, path = "/v1/office",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would change"),
        ("by_hand" = Option<bool>, Query, description = "Somebody changes single things: a new holiday must begin later than today")),
    request_body(content(
        (String = "application/yaml"), (OfficeBody = "application/json"))),
    responses((status = 200, body = OfficeChanges), (status = 422, body = Refusal)))]
pub(crate) async fn write(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    body: Bytes,
) -> Result<Json<OfficeChanges>, Refusal> {
    let asked: WriteQuery = query(&uri)?;
    let body = office_body(&body)?;
    // One at a time: each document is compared with the office that it replaces.
    let _turn = api.office_turn.lock().await;
    let before = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let library = library(&api, &body.sounds, asked.dry_run).await?;
    let held = library.held.clone().unwrap_or_default();
    let mut after = parse_with(&body.document, Some(&before), library).map_err(Refusal::invalid)?;
    let sender = if asked.by_hand { Sender::Hand } else { Sender::File };
    let today = (clock::now().timestamp(), sender);
    let told = settle(&body.document, &mut after, &before, today).map_err(Refusal::invalid)?;
    if !asked.dry_run {
        speak(&api, &after, (&body.document, &held)).await?;
    }
    let changes = changes(&before, &after).into_iter().map(|change| change.words).collect();
    let applied = !asked.dry_run;
    let warnings = warnings(&after).into_iter().chain(told).collect();
    if applied && *before != after {
        let (office, who) = (Arc::new(after), caller.0);
        api.switchboard.ask(|reply| ApiRequest::SaveOffice { office, who, reply }).await?;
    }
    Ok(Json(OfficeChanges { applied, changes, warnings }))
}

/// What the office should look at, though nothing keeps it from being saved: the warning beside
/// wrap-up among them (S27).
#[utoipa::path(get, path = "/v1/office/warnings", responses((status = 200, body = Vec<Warning>)))]
pub(crate) async fn worries(State(api): State<Api>) -> Result<Json<Vec<Warning>>, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    Ok(Json(warnings(&office)))
}

/// Told apart by what it is: every JSON is YAML, but no document has a key `document`.
pub(crate) fn office_body(body: &Bytes) -> Result<OfficeBody, Refusal> {
    if let Ok(body) = serde_json::from_slice(body) {
        return Ok(body);
    }
    let text = str::from_utf8(body).map_err(|_| {
        let message = Words::new("UTF-8이 아닙니다", "this is not UTF-8");
        Refusal::new(RefusalKind::BadRequest, message)
    })?;
    Ok(OfficeBody { document: text.to_owned(), sounds: BTreeMap::new() })
}

/// What the document may name. A trial believes what its sender has beside it.
pub(crate) async fn library(
    api: &Api,
    beside: &BTreeMap<String, String>,
    trial: bool,
) -> Result<Library, Refusal> {
    let held = api.switchboard.ask(|reply| ApiRequest::Sounds { reply }).await?;
    let mut library = Library::of(&held);
    library.speakers = api.switchboard.ask(|reply| ApiRequest::Speakers { reply }).await?;
    for (name, sha256) in beside {
        let name: SoundName = value("sounds", name)?;
        let sha256: SoundHash = value("sounds", sha256)?;
        library.beside.insert(name, sha256);
        if trial {
            library.held.get_or_insert_default().insert(sha256);
        }
    }
    Ok(library)
}

/// Has every text spoken that is not yet; one that cannot be is refused where it stands.
async fn speak(
    api: &Api,
    office: &Office,
    (document, held): (&str, &BTreeSet<SoundHash>),
) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    for (language, spoken) in texts(office) {
        if held.contains(&spoken.sha256(language)) {
            continue;
        }
        let wish = spoken.clone();
        let ask = |reply| ApiRequest::Speak { language, spoken: wish, reply };
        let Err(refusal) = api.switchboard.ask_long(ask).await else { continue };
        if refusal.kind != RefusalKind::Invalid {
            return Err(refusal);
        }
        let (line, field) = place_of_text(document, language, &spoken.text);
        faults.push(Fault { line, field, message: refusal.message });
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}
