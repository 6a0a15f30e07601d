//! The thread that talks with the daemon: the stream of what happens, and requests beside it.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::api::client::{Client, ClientError};
use crate::console::action::Request;
use crate::console::ask::ask::answer;
use crate::console::event::Event;
use crate::console::fetch::json;
use crate::console::report::Report;
use crate::live::Live;

/// How soon a daemon that comes back is noticed.
const PATIENCE: Duration = Duration::from_secs(1);

/// What waits to be asked; one person does not press keys faster.
const REQUESTS: usize = 256;

#[derive(Clone, Debug)]
pub struct Link {
    requests: mpsc::Sender<Request>,
}

impl Link {
    /// Starts the thread; it ends when the link is dropped.
    ///
    /// # Errors
    /// When there can be no further thread.
    pub fn start(client: Client, reports: SyncSender<Event>) -> std::io::Result<Self> {
        let (requests, asked) = mpsc::channel(REQUESTS);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let work = move || runtime.block_on(run(client, reports, asked));
        std::thread::Builder::new().name("console-link".to_owned()).spawn(work)?;
        Ok(Self { requests })
    }

    /// False: too much is being asked already.
    #[must_use]
    pub fn ask(&self, request: Request) -> bool {
        self.requests.try_send(request).is_ok()
    }
}

async fn run(client: Client, reports: SyncSender<Event>, mut asked: mpsc::Receiver<Request>) {
    // Ctrl-C in an editor is the editor's; at the console it is a key.
    let _interrupts = signal(SignalKind::interrupt());
    tokio::spawn(listen(client.clone(), reports.clone()));
    while let Some(request) = asked.recv().await {
        let (client, reports) = (client.clone(), reports.clone());
        tokio::spawn(async move {
            for report in answer(&client, request).await {
                tell(&reports, report).await;
            }
        });
    }
}

/// Hears what happens, and tries again for as long as there is a console.
async fn listen(client: Client, reports: SyncSender<Event>) {
    loop {
        let Err(error) = hear(&client, &reports).await else { return };
        if !tell(&reports, Report::Down(error.words())).await {
            return;
        }
        tokio::time::sleep(PATIENCE).await;
    }
}

/// Ends well when there is no console any more.
async fn hear(client: &Client, reports: &SyncSender<Event>) -> Result<(), ClientError> {
    // First the stream, then the state: nothing between the two is missed.
    let mut events = client.events().await?;
    let body = client.request("GET", "/v1/live", "application/json", bytes::Bytes::new()).await?;
    let live: Live = json(&body.body).map_err(|words| ClientError::Broken(words.en))?;
    if !tell(reports, Report::Up(live)).await {
        return Ok(());
    }
    loop {
        let update = events.next().await?;
        if !tell(reports, Report::Update(update)).await {
            return Ok(());
        }
    }
}

/// Waits until the console has taken it; false: it is gone.
async fn tell(reports: &SyncSender<Event>, report: Report) -> bool {
    let mut event = Event::Report(report);
    loop {
        match reports.try_send(event) {
            Ok(()) => return true,
            Err(std::sync::mpsc::TrySendError::Full(back)) => {
                event = back;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(std::sync::mpsc::TrySendError::Disconnected(_)) => return false,
        }
    }
}
