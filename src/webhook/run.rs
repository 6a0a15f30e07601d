//! The thread that tells other systems.

use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use tokio::runtime;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use crate::history::webhook::{Posting, Told};
use crate::history::webhook_end::WebhookEnd;
use crate::webhook::delivery::{Delivery, Setup};
use crate::webhook::handle::WebhookEvent;

/// Messages that wait for their next try, in all: some minutes of the busiest office while a server is away.
const MOST: usize = 2_000;
/// Servers that may be spoken to at once.
const LINES: usize = 32;

/// Ends when nobody holds a handle any more. What has not been told by then is not told, and of each
/// such message of a call one event says so.
///
/// # Errors
/// When the thread cannot start.
pub fn run(
    setup: Setup,
    postings: mpsc::Receiver<Posting>,
    events: mpsc::Sender<WebhookEvent>,
) -> io::Result<JoinHandle<()>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    Builder::new().name("webhook".to_owned()).spawn(move || {
        runtime.block_on(tell(setup, postings, events));
        // A name server that never answers must not hold the end up.
        runtime.shutdown_background();
    })
}

async fn tell(
    setup: Setup,
    mut postings: mpsc::Receiver<Posting>,
    events: mpsc::Sender<WebhookEvent>,
) {
    let lines = Arc::new(Semaphore::new(LINES));
    let mut under_way = JoinSet::new();
    let (stop, stopped) = watch::channel(());
    loop {
        tokio::select! {
            posting = postings.recv() => {
                let Some(posting) = posting else { break };
                if under_way.len() >= MOST {
                    over(posting, WebhookEnd::TooMany, &events);
                    continue;
                }
                let (setup, lines) = (setup.clone(), Arc::clone(&lines));
                let delivery = Delivery { posting, setup, lines };
                under_way.spawn(until_stopped(delivery, stopped.clone()));
            }
            Some(done) = under_way.join_next() => {
                if let Ok((posting, end)) = done {
                    over(posting, end, &events);
                }
            }
        }
    }
    drop(stop);
    while let Some(done) = under_way.join_next().await {
        if let Ok((posting, end)) = done {
            over(posting, end, &events);
        }
    }
}

async fn until_stopped(
    delivery: Delivery,
    mut stopped: watch::Receiver<()>,
) -> (Posting, WebhookEnd) {
    let end = tokio::select! {
        end = delivery.deliver() => end,
        // Nothing is ever sent here: it says that the other end is gone.
        _ = stopped.changed() => WebhookEnd::Cut,
    };
    (delivery.posting, end)
}

/// To the diary, and to the trail of the call that it is about.
fn over(posting: Posting, end: WebhookEnd, events: &mpsc::Sender<WebhookEvent>) {
    let Posting { id, url, told, waits: _ } = posting;
    let (origin, server) = (told.origin(), url.authority());
    if end.is_well() {
        info!(origin, id = told.id(), server, "a webhook was taken");
    } else {
        let why = end.words(origin).en;
        warn!(origin, id = told.id(), server, why, "a webhook failed");
    }
    let told = match told {
        Told::Call(told) => told,
        Told::Target(_) => return,
    };
    let event = WebhookEvent { id, call: told.call, step: told.step, end };
    if events.try_send(event).is_err() {
        warn!("nobody hears what came of a webhook");
    }
}
