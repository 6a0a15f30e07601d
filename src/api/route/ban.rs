//! Addresses that are not answered all they ask: listed, and let go.

use std::net::IpAddr;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::api::answer::unreadable;
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::schema::ban::BanLine;

/// Addresses whose wrong passwords are no longer all answered, or that ask without end and never give
/// a password, the latest first. The right password is let in from there all the same.
#[utoipa::path(get, path = "/v1/bans", responses((status = 200, body = Vec<BanLine>)))]
pub(crate) async fn list(State(api): State<Api>) -> Result<Json<Vec<BanLine>>, Refusal> {
    api.switchboard.ask(|reply| ApiRequest::Bans { reply }).await.map(Json)
}

/// Answers an address again.
#[utoipa::path(delete, path = "/v1/bans/{address}", params(("address" = String, Path)),
    responses((status = 204), (status = 400, body = Refusal), (status = 404, body = Refusal)))]
pub(crate) async fn pardon(
    State(api): State<Api>,
    Path(address): Path<String>,
) -> Result<StatusCode, Refusal> {
    let source: IpAddr = address.parse().map_err(|_| unreadable("address", &address))?;
    api.switchboard.ask(|reply| ApiRequest::Pardon { source, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
