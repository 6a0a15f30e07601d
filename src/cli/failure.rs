//! How a command ends that did not end well.

use crate::api::client::ClientError;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::config::reading::ConfigErrors;
use crate::store::error::StoreError;
use crate::words::Words;

/// What is said on stderr, and the exit status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub status: u8,
    /// None: whoever read our output has gone, or everything is said already.
    pub message: Option<Words>,
}

impl Failure {
    /// Exit 1: it did not work.
    #[must_use]
    pub fn failed(message: Words) -> Self {
        Self { status: 1, message: Some(message) }
    }

    /// Exit 2: what was typed or read is not right.
    #[must_use]
    pub fn invalid(message: Words) -> Self {
        Self { status: 2, message: Some(message) }
    }

    /// A file of the user's that cannot be read or written.
    #[must_use]
    pub fn file(file: &std::path::Path, error: &std::io::Error) -> Self {
        let text = format!("{}: {error}", file.display());
        Self::failed(Words::new(text.clone(), text))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self { status: 0, message: None };
        }
        Self::failed(Words::new(
            format!("출력할 수 없습니다: {error}"),
            format!("cannot write: {error}"),
        ))
    }
}

impl From<ConfigErrors> for Failure {
    fn from(errors: ConfigErrors) -> Self {
        Self::invalid(errors.lines())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let status = if matches!(error, StoreError::NoHours(_)) { 2 } else { 1 };
        Self { status, message: Some(error.message()) }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::failed(error.words())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.kind {
            RefusalKind::BadRequest | RefusalKind::Invalid => Self::invalid(refusal.message),
            RefusalKind::NoToken
            | RefusalKind::Forbidden
            | RefusalKind::NotFound
            | RefusalKind::Conflict
            | RefusalKind::TooSlow
            | RefusalKind::TooLarge
            | RefusalKind::Failed
            | RefusalKind::Unavailable => Self::failed(refusal.message),
        }
    }
}
