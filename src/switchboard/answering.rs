//! How an answer finds its way back without the loop waiting for it.

use std::future::Future;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::Reply;
use crate::store::error::StoreError;
use crate::store::request::Answer;
use crate::words::Words;

/// Hands the store's answer on when it comes.
pub(crate) fn forward<T: Send + 'static>(stored: Answer<T>, reply: Reply<T>) {
    later(async move { answer(reply, settled(stored).await) });
}

/// # Errors
/// The store's, as a refusal.
pub(crate) async fn settled<T>(stored: Answer<T>) -> Result<T, Refusal> {
    match stored.await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(refusal(&error)),
        Err(_) => Err(Refusal::unavailable()),
    }
}

fn refusal(error: &StoreError) -> Refusal {
    let kind = match error {
        StoreError::NotABackup(_) | StoreError::Newer { .. } => RefusalKind::Invalid,
        StoreError::NoHours(_) => RefusalKind::BadRequest,
        StoreError::LibraryFull { .. } => RefusalKind::Conflict,
        StoreError::Busy | StoreError::Closed => RefusalKind::Unavailable,
        StoreError::DiskFull
        | StoreError::ReadOnly(_)
        | StoreError::Damaged(_)
        | StoreError::Older
        | StoreError::NoDatabase(_)
        | StoreError::InUse(_)
        | StoreError::File(_)
        | StoreError::Refused(_) => RefusalKind::Failed,
    };
    let Words { ko, en } = error.message();
    Refusal::new(kind, Words::new(ko, en))
}

/// The loop never waits for an answer: what must, waits beside it.
pub(crate) fn later(work: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(work));
}

pub(crate) fn answer<T>(reply: Reply<T>, result: Result<T, Refusal>) {
    // Whoever asked may have gone away.
    drop(reply.send(result));
}
