//! Why a request was not done, in words for people and a kind for programs.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::Words;
use crate::yaml::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// 400: the request cannot be read.
    BadRequest,
    /// 401: the token is missing or wrong.
    NoToken,
    /// 403: not by this way.
    Forbidden,
    /// 404
    NotFound,
    /// 409: it does not fit what is so now.
    Conflict,
    /// 408: the body did not come in time.
    TooSlow,
    /// 413: the body is longer than any of ours.
    TooLarge,
    /// 422: read, and not right; `errors` says where.
    Invalid,
    /// 500
    Failed,
    /// 503: not now.
    Unavailable,
}

/// The body of every answer that is not 2xx.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    pub kind: RefusalKind,
    pub message: Words,
    /// What is wrong where, when a document was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}

impl Refusal {
    #[must_use]
    pub fn new(kind: RefusalKind, message: Words) -> Self {
        Self { kind, message, errors: Vec::new() }
    }

    #[must_use]
    pub fn invalid(errors: Vec<Fault>) -> Self {
        let message = Words::new(
            "문서를 받을 수 없습니다. 아무것도 바뀌지 않았습니다",
            "the document is refused; nothing has changed",
        );
        Self { kind: RefusalKind::Invalid, message, errors }
    }

    #[must_use]
    pub fn not_found() -> Self {
        Self::new(RefusalKind::NotFound, Words::new("없습니다", "there is no such thing"))
    }

    #[must_use]
    pub fn unavailable() -> Self {
        let message = Words::new(
            "지금은 답할 수 없습니다. 다시 시도하세요",
            "no answer can be given now; try again",
        );
        Self::new(RefusalKind::Unavailable, message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self.kind {
            RefusalKind::BadRequest => StatusCode::BAD_REQUEST,
            RefusalKind::NoToken => StatusCode::UNAUTHORIZED,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::TooSlow => StatusCode::REQUEST_TIMEOUT,
            RefusalKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, Json(self)).into_response()
    }
}
