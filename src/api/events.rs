//! The stream of what happens, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use crate::api::reach::Api;
use crate::live::Update;

/// Shorter than the patience of any proxy.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Everything that happens from now on. Who reads too slowly is told so and cut off: ask
/// `/v1/live` and come again.
#[utoipa::path(get, path = "/v1/events",
    responses((status = 200, content_type = "text/event-stream", body = Update)))]
pub(crate) async fn events(
    State(api): State<Api>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // The first line tells the client that nothing from here on is missed.
    let ready = stream::once(async { Ok(Event::default().comment("ready")) });
    let updates = BroadcastStream::new(api.updates.subscribe()).scan(true, |is_open, update| {
        let event = is_open.then(|| event(update, is_open));
        async move { event.map(Ok) }
    });
    let end = api.end.clone();
    let stream = ready.chain(updates).take_until(async move { end.wait().await });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn event(update: Result<Update, BroadcastStreamRecvError>, is_open: &mut bool) -> Event {
    let missed = match update {
        Ok(update) => match Event::default().event(name(&update)).json_data(&update) {
            Ok(event) => return event,
            Err(error) => error.to_string(),
        },
        Err(BroadcastStreamRecvError::Lagged(missed)) => format!("{missed} updates missed"),
    };
    *is_open = false;
    Event::default().comment(format!("too slow: {missed}; read /v1/live and come again"))
}

fn name(update: &Update) -> &'static str {
    match update {
        Update::Call { .. } => "call",
        Update::CallEnded { .. } => "call_ended",
        Update::Agent { .. } => "agent",
        Update::Conversation { .. } => "conversation",
        Update::Alert { .. } => "alert",
        Update::OfficeChanged => "office_changed",
        Update::HoursSwitched { .. } => "hours_switched",
        Update::Warnings { .. } => "warnings",
        Update::Registration { .. } => "registration",
    }
}
