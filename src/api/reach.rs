//! What every route can reach.

use std::sync::Arc;

use tokio::sync::{Mutex, broadcast, watch};

use crate::api::handle::ApiHandle;
use crate::live::Update;

/// What every route can reach.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) switchboard: ApiHandle,
    pub(crate) updates: broadcast::Sender<Update>,
    /// Held while a document replaces the office.
    pub(crate) office_turn: Arc<Mutex<()>>,
    pub(crate) end: End,
}

/// Tells streams that the daemon stops.
#[derive(Clone, Debug)]
pub(crate) struct End(pub(crate) watch::Receiver<bool>);

impl End {
    pub(crate) async fn wait(mut self) {
        // A sender that is gone means the same.
        drop(self.0.wait_for(|ended| *ended).await);
    }
}
