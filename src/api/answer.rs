//! Extractors that refuse in our words instead of the framework's.

use std::str::FromStr;

use axum::body::Bytes;
use serde::de::DeserializeOwned;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::words::Words;

/// Reads a JSON body, whatever its content type says.
///
/// # Errors
/// 400 with the place where it stops making sense.
pub(crate) fn json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        bad_request(
            format!("JSON을 읽을 수 없습니다: {error}"),
            format!("the JSON cannot be read: {error}"),
        )
    })
}

/// Reads the part of an address after `?`; unknown fields are refused.
///
/// # Errors
/// 400 with the name of the field.
pub(crate) fn query<T: DeserializeOwned>(uri: &axum::http::Uri) -> Result<T, Refusal> {
    axum::extract::Query::try_from_uri(uri).map(|query| query.0).map_err(|error| {
        let reason = error.to_string();
        bad_request(
            format!("주소의 조건을 읽을 수 없습니다: {reason}"),
            format!("the conditions in the address cannot be read: {reason}"),
        )
    })
}

/// Reads one value from its text.
///
/// # Errors
/// 400 with the name of the field.
pub(crate) fn value<T: FromStr>(field: &str, text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| unreadable(field, text))
}

pub(crate) fn unreadable(field: &str, text: &str) -> Refusal {
    bad_request(
        format!("{field}: '{text}'을(를) 읽을 수 없습니다"),
        format!("{field}: '{text}' cannot be read"),
    )
}

pub(crate) fn bad_request(ko: String, en: String) -> Refusal {
    Refusal::new(RefusalKind::BadRequest, Words::new(ko, en))
}
