//! Requests about recordings and messages, as the API takes them.

use bytes::Bytes;
use serde_json::json;

use crate::api::address::percent_encoded;
use crate::api::client::Client;
use crate::api::refusal::Refusal;
use crate::console::fetch::{get, send};
use crate::console::report::Report;
use crate::console::tapes::{TapeReport, TapeRequest};
use crate::words::Words;

pub(crate) async fn ask(client: &Client, request: TapeRequest) -> Result<Vec<Report>, Refusal> {
    let changed = |ko: &str, en: &str| {
        vec![Report::Done(Words::new(ko, en)), Report::Tapes(TapeReport::Changed)]
    };
    Ok(match request {
        TapeRequest::Recordings => {
            let found = get(client, "/v1/recordings").await?;
            vec![Report::Tapes(TapeReport::Recordings(found))]
        }
        TapeRequest::Messages => {
            let found = get(client, "/v1/voicemail").await?;
            vec![Report::Tapes(TapeReport::Messages(found))]
        }
        TapeRequest::DeleteRecording(name) => {
            let path = format!("/v1/recordings/{}", percent_encoded(&name));
            send(client, "DELETE", &path, Bytes::new()).await?;
            changed("녹음을 지웠습니다", "the recording is gone")
        }
        TapeRequest::DeleteMessage(name) => {
            let path = format!("/v1/voicemail/{}", percent_encoded(&name));
            send(client, "DELETE", &path, Bytes::new()).await?;
            changed("메시지를 지웠습니다", "the message is gone")
        }
        TapeRequest::Hear { name, heard } => {
            let path = format!("/v1/voicemail/{}", percent_encoded(&name));
            let body = json!({ "heard": heard }).to_string();
            send(client, "POST", &path, body.into()).await?;
            if heard {
                changed("들은 것으로 했습니다", "it counts as heard")
            } else {
                changed("새 메시지로 했습니다", "it counts as new")
            }
        }
        TapeRequest::Play { name, agent } => {
            let path = format!("/v1/sounds/{}/play", percent_encoded(&name));
            let body = json!({ "extension": agent }).to_string();
            send(client, "POST", &path, body.into()).await?;
            vec![Report::Done(Words::new(
                format!("{agent}의 전화기가 울립니다. 받으면 들립니다"),
                format!("{agent}'s phone rings; answer it and listen"),
            ))]
        }
    })
}
