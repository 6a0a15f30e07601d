//! One message on its way: tried until it is taken, refused, or not worth more tries.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tracing::debug;

use crate::clock;
use crate::history::webhook::Posting;
use crate::history::webhook_end::WebhookEnd;
use crate::web::post::post;
use crate::webhook::key::WebhookKey;

/// Of what a server answers, in bytes; only the status counts.
const ANSWER: usize = 64 * 1024;

/// How a message is tried.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For one try.
    pub patience: Duration,
    /// Between one try and the next.
    pub pauses: &'static [Duration],
}

/// A server that is started anew, or has a bad quarter of an hour, still hears of it.
pub const PACE: Pace = Pace {
    patience: Duration::from_secs(10),
    pauses: &[
        Duration::from_secs(2),
        Duration::from_secs(15),
        Duration::from_secs(120),
        Duration::from_secs(900),
    ],
};

/// What stays the same for all messages.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Holds the key.
    pub data: PathBuf,
    /// Authorities beside the machine's, as a PEM file.
    pub ca: Option<PathBuf>,
    pub pace: Pace,
}

/// What one try has come to.
enum Tried {
    Over(WebhookEnd),
    Again(String),
}

pub(crate) struct Delivery {
    pub(crate) posting: Posting,
    pub(crate) setup: Setup,
    /// How many may be on the wire at once.
    pub(crate) lines: Arc<Semaphore>,
}

impl Delivery {
    pub(crate) async fn deliver(&self) -> WebhookEnd {
        let body = match serde_json::to_vec(&self.posting.told) {
            Ok(body) => body,
            Err(error) => return WebhookEnd::GivenUp { tries: 0, why: error.to_string() },
        };
        let mut tries = 0;
        loop {
            tries += 1;
            let why = match self.attempt(&body, tries).await {
                Tried::Over(end) => return end,
                Tried::Again(why) => why,
            };
            debug!(url = %self.posting.url, tries, why, "a webhook was not taken");
            let Some(pause) = self.setup.pace.pauses.get(usize::from(tries) - 1) else {
                return WebhookEnd::GivenUp { tries, why };
            };
            sleep(*pause).await;
        }
    }

    async fn attempt(&self, body: &[u8], tries: u8) -> Tried {
        let Ok(_line) = self.lines.acquire().await else {
            return Tried::Again("the daemon ends".to_owned());
        };
        let signature = match signature(&self.setup.data, body) {
            Ok(signature) => signature,
            Err(error) => return Tried::Again(error.to_string()),
        };
        let headers = [
            ("Content-Type", "application/json"),
            ("Naru-Delivery", self.posting.told.id()),
            ("Naru-Signature", signature.as_str()),
        ];
        let answer = post(&self.posting.url, &headers, body, (ANSWER, self.setup.ca.as_deref()));
        match timeout(self.setup.pace.patience, answer).await {
            Ok(Ok(answer)) => judge(answer.status, tries),
            Ok(Err(error)) => Tried::Again(error.to_string()),
            Err(_) => Tried::Again(format!("no answer in {:?}", self.setup.pace.patience)),
        }
    }
}

fn signature(data: &Path, body: &[u8]) -> std::io::Result<String> {
    let seconds = clock::now().unix_millis().div_euclid(1_000);
    Ok(WebhookKey::load_or_make(data)?.sign(seconds, body))
}

/// RFC 9110, 15: what a server says of itself (5xx, 408, 425, 429) may be another thing tomorrow; what it
/// says of the request stays. A redirection is not followed: the office has named who is told.
fn judge(status: u16, tries: u8) -> Tried {
    match status {
        200..=299 => Tried::Over(WebhookEnd::Taken { tries }),
        408 | 425 | 429 | 500..=599 => Tried::Again(format!("HTTP {status}")),
        _ => Tried::Over(WebhookEnd::Refused { status }),
    }
}
