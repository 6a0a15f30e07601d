//! One request to the daemon and its answer, or why there is none.

use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::api::client::{Answer, Client};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::console::document::Document;
use crate::words::Words;

/// Whoever saves waits for a comparison no longer than this.
pub(crate) const COMPARISON: Duration = Duration::from_secs(4);

pub(crate) async fn office(client: &Client) -> Result<Document, Refusal> {
    let answer = send(client, "GET", "/v1/office", Bytes::new()).await?;
    Document::parse(&String::from_utf8_lossy(&answer.body))
        .map_err(|words| Refusal::new(RefusalKind::Failed, words))
}

pub(crate) async fn get<T: DeserializeOwned>(client: &Client, path: &str) -> Result<T, Refusal> {
    read(&send(client, "GET", path, Bytes::new()).await?)
}

pub(crate) async fn send(
    client: &Client,
    method: &str,
    path: &str,
    body: Bytes,
) -> Result<Answer, Refusal> {
    send_as(client, (method, path), "application/json", body).await
}

/// A body of that kind.
pub(crate) async fn send_as(
    client: &Client,
    (method, path): (&str, &str),
    media_type: &str,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let answer = client
        .request(method, path, media_type, body)
        .await
        .map_err(|error| Refusal::new(RefusalKind::Unavailable, error.words()))?;
    if answer.is_success() {
        return Ok(answer);
    }
    Err(serde_json::from_slice(&answer.body).unwrap_or_else(|_| garbled()))
}

pub(crate) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Refusal> {
    json(&answer.body).map_err(|words| Refusal::new(RefusalKind::Failed, words))
}

/// # Errors
/// When a daemon of another version says something else.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Words> {
    serde_json::from_slice(body).map_err(|_| garbled().message)
}

pub(crate) fn garbled() -> Refusal {
    let words = Words::new(
        "데몬의 답을 이해할 수 없습니다. 콘솔과 데몬의 버전이 같은지 확인하세요",
        "the daemon's answer is not understood; see that console and daemon are of one version",
    );
    Refusal::new(RefusalKind::Failed, words)
}
