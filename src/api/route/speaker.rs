//! The room's loudspeaker.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;

use crate::api::answer::{json, value};
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::{ApiRequest, RoomWish, SpeakerCard};
use crate::api::schema::schema::{AnnounceBody, PlayBody};
use crate::office::room_sound::Percent;

/// The box's sound cards; none: it has no voice.
#[utoipa::path(get, path = "/v1/speaker", responses((status = 200, body = Vec<SpeakerCard>)))]
pub(crate) async fn cards(State(api): State<Api>) -> Result<Json<Vec<SpeakerCard>>, Refusal> {
    api.switchboard.ask(|reply| ApiRequest::Speaker { reply }).await.map(Json)
}

/// Says a built-in announcement to the room, after what is being said there.
#[utoipa::path(post, path = "/v1/speaker/announce", request_body = AnnounceBody,
    responses((status = 202, description = "It will be said"), (status = 400, body = Refusal),
        (status = 409, body = Refusal)))]
pub(crate) async fn announce(State(api): State<Api>, body: Bytes) -> Result<StatusCode, Refusal> {
    let asked: AnnounceBody = json(&body)?;
    let language = asked.language.as_deref().map(|code| value("language", code)).transpose()?;
    let words = RoomWish::Words { situation: asked.announcement, language };
    sound(&api, words, asked.volume).await
}

/// Plays a sound to the room, once.
#[utoipa::path(post, path = "/v1/speaker/play", request_body = PlayBody,
    responses((status = 202, description = "It will sound"), (status = 400, body = Refusal),
        (status = 409, body = Refusal)))]
pub(crate) async fn play(State(api): State<Api>, body: Bytes) -> Result<StatusCode, Refusal> {
    let asked: PlayBody = json(&body)?;
    sound(&api, RoomWish::Sound(asked.sound), asked.volume).await
}

async fn sound(api: &Api, sound: RoomWish, volume: Option<Percent>) -> Result<StatusCode, Refusal> {
    let volume = volume.unwrap_or_default();
    api.switchboard.ask(|reply| ApiRequest::SoundRoom { sound, volume, reply }).await?;
    Ok(StatusCode::ACCEPTED)
}
