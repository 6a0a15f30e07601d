//! What others hold of the part that tells other systems.

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tracing::warn;

use crate::history::call_id::CallId;
use crate::history::webhook::{Posting, WebhookId};
use crate::history::webhook_end::WebhookEnd;

#[derive(Clone, Debug)]
pub struct WebhookHandle {
    /// None once it is closed.
    postings: Option<mpsc::Sender<Posting>>,
}

/// A posting has come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    pub id: WebhookId,
    pub call: CallId,
    pub step: String,
    pub end: WebhookEnd,
}

impl WebhookHandle {
    #[must_use]
    pub fn channel(capacity: usize) -> (Self, mpsc::Receiver<Posting>) {
        let (postings, received) = mpsc::channel(capacity);
        (Self { postings: Some(postings) }, received)
    }

    /// Nothing more is told; when all handles are closed or gone, the thread ends.
    pub fn close(&mut self) {
        self.postings = None;
    }

    /// Never waits; of what does not fit nothing more is heard.
    pub fn send(&self, posting: Posting) {
        let lost = match &self.postings {
            None => posting,
            Some(postings) => match postings.try_send(posting) {
                Ok(()) => return,
                Err(TrySendError::Full(lost) | TrySendError::Closed(lost)) => lost,
            },
        };
        warn!(origin = lost.told.origin(), "a webhook is lost");
    }
}
