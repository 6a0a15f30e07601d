//! How an agent is present, as the API takes it.

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::agent_schema::PresenceBody;
use crate::api::client::Client;
use crate::api::refusal::Refusal;
use crate::console::fetch::{garbled, send};
use crate::console::report::Report;
use crate::words::Words;

pub(crate) async fn presence(
    client: &Client,
    extension: &str,
    body: &PresenceBody,
) -> Result<Vec<Report>, Refusal> {
    let path = format!("/v1/agents/{}/presence", percent_encoded(extension));
    let body = serde_json::to_vec(body).map_err(|_| garbled())?;
    send(client, "POST", &path, Bytes::from(body)).await?;
    Ok(vec![Report::Done(Words::new(
        format!("{extension}의 상태를 바꿨습니다"),
        format!("the state of {extension} is set"),
    ))])
}
