//! What others hold of the part that tells other systems.

use tokio::sync::mpsc;
use tracing::warn;

use crate::history::call_id::CallId;
use crate::history::webhook::{Posting, WebhookId};
use crate::history::webhook_end::WebhookEnd;

#[derive(Clone, Debug)]
pub struct WebhookHandle {
    postings: mpsc::Sender<Posting>,
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
        (Self { postings }, received)
    }

    /// Never waits; of what does not fit nothing more is heard.
    pub fn send(&self, posting: Posting) {
        if let Err(error) = self.postings.try_send(posting) {
            let (mpsc::error::TrySendError::Full(lost) | mpsc::error::TrySendError::Closed(lost)) =
                error;
            warn!(call = %lost.told.call, workflow = lost.told.workflow, "a webhook is lost");
        }
    }
}
