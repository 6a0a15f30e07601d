//! The daemon if it runs, else the store it would use.

use bytes::Bytes;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;

use crate::api::client::{Answer, Client, ClientError};
use crate::api::refusal::Refusal;
use crate::api::request::Health;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::clock;
use crate::config::settings::Config;
use crate::office::zone::zone_named;
use crate::store::error::StoreError;
use crate::store::reader::Reader;
use crate::store::request::Answer as StoreAnswer;
use crate::words::Words;

/// Asks the daemon and waits.
///
/// # Errors
/// When no daemon answers.
pub(crate) fn ask(
    config: &Config,
    method: &str,
    path: &str,
    body: Bytes,
) -> Result<Answer, ClientError> {
    ask_with(config, (method, path), "application/json", body)
}

/// As [`ask`], with a body of another kind.
///
/// # Errors
/// When no daemon answers.
pub(crate) fn ask_with(
    config: &Config,
    (method, path): (&str, &str),
    content_type: &str,
    body: Bytes,
) -> Result<Answer, ClientError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ClientError::Broken(error.to_string()))?;
    let client = Client::new(&config.api.socket);
    runtime.block_on(client.request(method, path, content_type, body))
}

/// As [`ask`], with refusals turned into failures.
///
/// # Errors
/// When no daemon answers, or it refuses.
pub(crate) fn ask_well(
    config: &Config,
    method: &str,
    path: &str,
    body: Bytes,
) -> Result<Answer, Failure> {
    let answer = ask(config, method, path, body)?;
    if answer.is_success() { Ok(answer) } else { Err(refusal(&answer).into()) }
}

/// Asks the daemon; `None` when it is down, which is said. The answer may be a refusal.
///
/// # Errors
/// When the daemon may not be asked or breaks off.
pub(crate) fn answer_if_up(
    terminal: &Terminal,
    config: &Config,
    (method, path): (&str, &str),
    body: Bytes,
) -> Result<Option<Answer>, Failure> {
    match ask(config, method, path, body) {
        Ok(answer) => Ok(Some(answer)),
        Err(ClientError::Down(socket)) => {
            let (socket, folder) = (socket.display(), config.data_dir.display());
            terminal.note(&Words::new(
                format!("{socket}에서 답하는 naru가 없어 {folder}의 데이터베이스를 직접 엽니다"),
                format!("no naru answers at {socket}; the database in {folder} is opened directly"),
            ));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// As [`answer_if_up`], with refusals turned into failures.
///
/// # Errors
/// When the daemon refuses, may not be asked or breaks off.
pub(crate) fn ask_if_up(
    terminal: &Terminal,
    config: &Config,
    request: (&str, &str),
    body: Bytes,
) -> Result<Option<Answer>, Failure> {
    match answer_if_up(terminal, config, request, body)? {
        Some(answer) if !answer.is_success() => Err(refusal(&answer).into()),
        answer => Ok(answer),
    }
}

/// The refusal in an answer that is no success.
pub(crate) fn refusal(answer: &Answer) -> Refusal {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| {
        let text = format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        Refusal { message: Words::new(text.clone(), text), ..Refusal::unavailable() }
    })
}

/// On whose calendar the office counts its days.
///
/// # Errors
/// When neither the daemon nor the store can tell.
pub(crate) fn office_zone(config: &Config) -> Result<TimeZone, Failure> {
    match ask(config, "GET", "/v1/health", Bytes::new()) {
        Ok(answer) if answer.is_success() => {
            Ok(zone_named(&read::<Health>(&answer)?.timezone).unwrap_or_else(clock::zone))
        }
        Ok(answer) => Err(refusal(&answer).into()),
        Err(ClientError::Down(_)) => Ok(Reader::open(&config.data_dir)?.zone()?),
        Err(error) => Err(error.into()),
    }
}

/// Reads an answer's JSON.
///
/// # Errors
/// When the daemon speaks another version of the API.
pub(crate) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| {
        Failure::failed(Words::new(
            format!("데몬의 답을 읽을 수 없습니다. 같은 버전인지 확인하세요: {error}"),
            format!("the daemon's answer cannot be read; see that it is the same version: {error}"),
        ))
    })
}

/// Waits for the store.
///
/// # Errors
/// The store's, or that it has ended.
pub(crate) fn stored<T>(answer: StoreAnswer<T>) -> Result<T, StoreError> {
    answer.blocking_recv().unwrap_or(Err(StoreError::Closed))
}
