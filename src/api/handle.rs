//! What the API's server holds of the switchboard.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::timeout;

use crate::api::refusal::Refusal;
use crate::api::request::{ApiRequest, Reply};

/// A switchboard that takes longer is stuck, or the disk is.
const PATIENCE: Duration = Duration::from_secs(10);
/// Years of history on a slow disk.
const LONG_PATIENCE: Duration = Duration::from_secs(600);

#[derive(Clone, Debug)]
pub struct ApiHandle {
    requests: mpsc::Sender<ApiRequest>,
    /// Whoever holds it is the only one to change the office.
    turn: Arc<Mutex<()>>,
}

impl ApiHandle {
    /// A handle, and the end that the switchboard reads.
    #[must_use]
    pub fn channel(capacity: usize) -> (Self, mpsc::Receiver<ApiRequest>) {
        let (requests, received) = mpsc::channel(capacity);
        (Self { requests, turn: Arc::default() }, received)
    }

    /// Held by whoever reads the office to change it, until the change is live.
    #[must_use]
    pub fn office_turn(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.turn)
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// The switchboard's refusal, or that it does not answer now.
    pub async fn ask<T>(&self, make: impl FnOnce(Reply<T>) -> ApiRequest) -> Result<T, Refusal> {
        self.ask_within(PATIENCE, make).await
    }

    /// As [`ApiHandle::ask`], for what may take minutes.
    ///
    /// # Errors
    /// The same.
    pub async fn ask_long<T>(
        &self,
        make: impl FnOnce(Reply<T>) -> ApiRequest,
    ) -> Result<T, Refusal> {
        self.ask_within(LONG_PATIENCE, make).await
    }

    async fn ask_within<T>(
        &self,
        patience: Duration,
        make: impl FnOnce(Reply<T>) -> ApiRequest,
    ) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.requests.try_send(make(reply)).map_err(|_| Refusal::unavailable())?;
        match timeout(patience, answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(Refusal::unavailable()),
        }
    }
}
