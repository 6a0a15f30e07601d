//! The office's sound files: brought in, listed, given back, removed.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

use crate::api::answer::{json, query, unreadable, value};
use crate::api::door::Caller;
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::{ApiRequest, HeardSound};
use crate::api::schema::schema::{PlayToBody, SoundLine, SoundList};
use crate::office::extension::Extension as OfficeExtension;
use crate::office::library::{HeldSound, recordings, replaced};
use crate::office::recording::{SoundHash, SoundName};
use crate::office::snapshot::Office;
use crate::words::Words;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameQuery {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrialQuery {
    #[serde(default)]
    dry_run: bool,
}

/// Every sound file that the office has.
#[utoipa::path(get, path = "/v1/sounds", responses((status = 200, body = SoundList)))]
pub(crate) async fn list(State(api): State<Api>) -> Result<Json<SoundList>, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let held = api.switchboard.ask(|reply| ApiRequest::Sounds { reply }).await?;
    Ok(Json(SoundList { sounds: held.into_iter().map(|sound| line(sound, &office)).collect() }))
}

/// Brings a file in under a name. Where the office plays a file of this name, it plays this one from
/// the next call on.
#[utoipa::path(post, path = "/v1/sounds",
    params(("name" = String, Query, description = "Such as `greeting.mp3`")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = SoundLine), (status = 422, body = Refusal)))]
pub(crate) async fn import(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    file: Bytes,
) -> Result<Json<SoundLine>, Refusal> {
    let asked: NameQuery = query(&uri)?;
    let name = read_name(&asked.name)?;
    let _turn = api.office_turn.lock().await;
    let held = add(&api, file, Some(name.clone()), false).await?;
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let after = Arc::new(replaced(&office, &name, held.sha256));
    if *after != *office {
        let (office, who) = (Arc::clone(&after), caller.0);
        api.switchboard.ask(|reply| ApiRequest::SaveOffice { office, who, reply }).await?;
    }
    Ok(Json(line(held, &after)))
}

/// Holds a file for the document that will name it.
#[utoipa::path(put, path = "/v1/sounds/{sha256}",
    params(("sha256" = String, Path, description = "Of the file, which must be so"),
        ("dry_run" = Option<bool>, Query, description = "Only say whether it would be taken")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = SoundLine), (status = 422, body = Refusal)))]
pub(crate) async fn hold(
    State(api): State<Api>,
    Path(sha256): Path<String>,
    uri: Uri,
    file: Bytes,
) -> Result<Json<SoundLine>, Refusal> {
    let asked: TrialQuery = query(&uri)?;
    let sha256: SoundHash = value("sha256", &sha256)?;
    if SoundHash::of(&file) != sha256 {
        let message = Words::new(
            "받은 파일이 주소의 SHA-256과 다릅니다. 다시 보내세요",
            "the file is not the one whose SHA-256 the address names; send it again",
        );
        return Err(Refusal::new(RefusalKind::BadRequest, message));
    }
    let held = add(&api, file, None, asked.dry_run).await?;
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    Ok(Json(line(held, &office)))
}

/// A file as it came.
#[utoipa::path(get, path = "/v1/sounds/{sha256}", params(("sha256" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, body = Refusal)))]
pub(crate) async fn read(
    State(api): State<Api>,
    Path(sha256): Path<String>,
) -> Result<Response, Refusal> {
    let sha256 = value("sha256", &sha256)?;
    let file = api.switchboard.ask(|reply| ApiRequest::SoundFile { sha256, reply }).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], file).into_response())
}

/// Takes a name away; refused while the office plays what is called so.
#[utoipa::path(delete, path = "/v1/sounds", params(("name" = String, Query)),
    responses((status = 204), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(crate) async fn remove(State(api): State<Api>, uri: Uri) -> Result<StatusCode, Refusal> {
    let asked: NameQuery = query(&uri)?;
    let name = read_name(&asked.name)?;
    let _turn = api.office_turn.lock().await;
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    if recordings(&office).iter().any(|recording| recording.name == name) {
        let message = Words::new(
            format!("'{name}'은(는) 번호에서 쓰고 있습니다. 먼저 사무실 문서에서 빼세요"),
            format!("'{name}' is played by a number; take it out of the office's document first"),
        );
        return Err(Refusal::new(RefusalKind::Conflict, message));
    }
    api.switchboard.ask(|reply| ApiRequest::RemoveSound { name, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rings an agent's phones, plays them a sound and hangs up.
#[utoipa::path(post, path = "/v1/sounds/{name}/play",
    params(("name" = String, Path, description = "A sound of the office's own by its name or \
        SHA-256, a recording of a call by its name, or an announcement of the built-in voice such \
        as `built-in:greeting`")),
    request_body = PlayToBody,
    responses((status = 202, description = "The phones ring"), (status = 400, body = Refusal),
        (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(crate) async fn play(
    State(api): State<Api>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let asked: PlayToBody = json(&body)?;
    let agent = OfficeExtension::parse(&asked.extension)
        .map_err(|_| unreadable("extension", &asked.extension))?;
    let (sound, language) = (heard(&name)?, asked.language);
    // A long recording is decoded before the phone rings.
    let wanted = |reply| ApiRequest::PlaySound { sound, agent, language, reply };
    api.switchboard.ask_long(wanted).await?;
    Ok(StatusCode::ACCEPTED)
}

fn no_situation(word: &str) -> Refusal {
    let known = "greeting, all_busy, closed, recording";
    let words = Words::new(
        format!("기본 음성 '{word}'이(가) 없습니다. {known} 중 하나를 적습니다"),
        format!("the built-in voice has no '{word}'; write one of {known}"),
    );
    Refusal::new(RefusalKind::BadRequest, words)
}

fn heard(name: &str) -> Result<HeardSound, Refusal> {
    if let Some(word) = name.strip_prefix("built-in:") {
        let situation = serde_json::from_value(word.into());
        return situation.map(HeardSound::BuiltIn).map_err(|_| no_situation(word));
    }
    if let Ok(sha256) = name.parse() {
        return Ok(HeardSound::Held(sha256));
    }
    read_name(name).map(HeardSound::Named)
}

async fn add(
    api: &Api,
    file: Bytes,
    name: Option<SoundName>,
    trial: bool,
) -> Result<HeldSound, Refusal> {
    api.switchboard.ask_long(|reply| ApiRequest::AddSound { file, name, trial, reply }).await
}

fn read_name(text: &str) -> Result<SoundName, Refusal> {
    SoundName::parse(text).map_err(|_| unreadable("name", text))
}

fn line(sound: HeldSound, office: &Office) -> SoundLine {
    let used = recordings(office).iter().any(|recording| recording.sha256 == sound.sha256);
    SoundLine {
        name: sound.name.map(|name| name.to_string()),
        sha256: sound.sha256.to_string(),
        bytes: sound.bytes,
        milliseconds: sound.millis,
        used,
    }
}
