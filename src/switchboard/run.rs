//! The loop. One input, then drain: an event is given to the engine, every command it answers with
//! is performed, and only then does the loop look for the next event.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, broadcast, mpsc, watch};
use tokio::time::{sleep_until, timeout};
use tracing::{debug, info};

use crate::api::request::ApiRequest;
use crate::clock;
use crate::engine::call_engine::CallEngine;
use crate::engine::input::Input;
use crate::history::agent_log::AgentLog;
use crate::leg::{LegId, PlayId};
use crate::live::Update;
use crate::media::handle::{MediaEvent, MediaHandle};
use crate::office::snapshot::Office;
use crate::recording::handle::{RecordingCommand, RecordingEvent, RecordingHandle};
use crate::sip::handle::{SipEvent, SipHandle, SipRequest};
use crate::speaker::handle::SpeakerHandle;
use crate::speech::engine::Speech;
use crate::store::handle::StoreHandle;
use crate::switchboard::event::{Event, Found, Stored};
use crate::switchboard::qualities::Qualities;
use crate::switchboard::sounds::{Clips, Sounds};
use crate::switchboard::tagged::Tagging;
use crate::webhook::handle::{WebhookEvent, WebhookHandle};

/// How long the loop sleeps when the engine waits for nothing.
const IDLE: Duration = Duration::from_secs(3_600);
/// How long the end waits for a part that has nothing left to do but to say so.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Offices that may be on their way to the disk at once; admins are few.
const SAVES: usize = 16;

/// Owner of the engine and of the handles to everything it commands.
#[derive(Debug)]
pub struct Switchboard {
    pub(crate) engine: CallEngine,
    pub(crate) office: Arc<Office>,
    pub(crate) parts: Parts,
    pub(crate) sounds: Sounds,
    /// Milliseconds since 1970.
    pub(crate) started: i64,
    /// Where saves that are done come back to the loop.
    pub(crate) stored: mpsc::Sender<Stored>,
    saves: mpsc::Receiver<Stored>,
    /// Where what the store finds comes back to the loop.
    pub(crate) found: mpsc::Sender<Found>,
    finds: mpsc::Receiver<Found>,
    pub(crate) qualities: Qualities,
    pub(crate) tagging: Tagging,
    /// What is being read from the disk for a leg to hear.
    pub(crate) reading: BTreeMap<LegId, PlayId>,
}

/// What the switchboard commands.
#[derive(Clone, Debug)]
pub struct Parts {
    pub sip: SipHandle,
    pub media: MediaHandle,
    pub store: StoreHandle,
    pub speaker: SpeakerHandle,
    pub speech: Arc<Speech>,
    pub webhook: WebhookHandle,
    pub recording: RecordingHandle,
    pub updates: broadcast::Sender<Update>,
    /// Whoever holds it is the only one to change the office.
    pub office_turn: Arc<Mutex<()>>,
}

/// What the switchboard listens to.
#[derive(Debug)]
pub struct Inbox {
    pub sip: mpsc::Receiver<SipEvent>,
    pub media: mpsc::Receiver<MediaEvent>,
    pub recording: mpsc::Receiver<RecordingEvent>,
    pub webhook: mpsc::Receiver<WebhookEvent>,
    pub asked: mpsc::Receiver<ApiRequest>,
    /// Turns true when the daemon is to stop.
    pub stop: watch::Receiver<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    Stopping,
}

impl Switchboard {
    #[must_use]
    pub fn new(engine: CallEngine, office: Arc<Office>, parts: Parts, clips: Clips) -> Self {
        let (stored, saves) = mpsc::channel(SAVES);
        let (found, finds) = mpsc::channel(SAVES);
        let started = clock::now().unix_millis();
        let sounds = Sounds::new(&office, clips);
        let (reading, tagging) = (BTreeMap::new(), Tagging::default());
        let qualities = Qualities::default();
        Self {
            engine,
            office,
            parts,
            sounds,
            started,
            stored,
            saves,
            found,
            finds,
            qualities,
            reading,
            tagging,
        }
    }

    /// Runs until SIP has ended after a stop, or until a part it stands on has gone away.
    pub async fn run(mut self, mut inbox: Inbox) {
        let mut phase = Phase::Open;
        self.handle(Event::Due);
        while let Some(event) = self.next_event(&mut inbox, phase).await {
            if matches!(event, Event::Stop) {
                phase = Phase::Stopping;
            }
            self.handle(event);
        }
        self.hear_the_last_of_webhooks(inbox.webhook).await;
        self.parts.store.agent_logged(AgentLog::Over { at: clock::now().unix_millis() });
        info!("the switchboard has stopped");
    }

    /// What could not be told any more stands in the trails of its calls.
    async fn hear_the_last_of_webhooks(&mut self, mut told: mpsc::Receiver<WebhookEvent>) {
        self.parts.webhook.close();
        while let Ok(Some(event)) = timeout(LAST_WORDS, told.recv()).await {
            self.handle(Event::Webhook(event));
        }
    }

    async fn next_event(&mut self, inbox: &mut Inbox, phase: Phase) -> Option<Event> {
        let due = self.engine.poll_timeout();
        let wake = due.map(|(at, _)| at).into_iter().chain(self.engine.poll_mark()).min();
        let wake = wake.unwrap_or_else(|| clock::now().ticks + IDLE);
        tokio::select! {
            biased;
            event = inbox.sip.recv() => event.map(Event::Sip),
            event = inbox.media.recv() => event.map(Event::Media),
            event = inbox.recording.recv() => event.map(Event::Recording),
            told = inbox.webhook.recv() => told.map(Event::Webhook),
            found = self.finds.recv() => found.map(Event::Found),
            stored = self.saves.recv() => stored.map(Event::Stored),
            changed = inbox.stop.changed(), if phase == Phase::Open => {
                changed.ok().map(|()| Event::Stop)
            }
            asked = inbox.asked.recv() => asked.map(Event::Asked),
            () = sleep_until(wake.into()) => {
                debug!(why = due.map_or("idle", |(_, why)| why), "due");
                Some(Event::Due)
            }
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Sip(event) => self.handle_sip(event),
            Event::Media(MediaEvent::PlayEnded { leg, play }) => {
                self.tell(Input::PlayEnded { leg, play });
            }
            Event::Media(MediaEvent::Silent { leg }) => self.tell(Input::MediaLost { leg }),
            Event::Media(MediaEvent::Trouble { leg, trouble }) => {
                self.tell(Input::SoundTrouble { leg, trouble });
            }
            Event::Media(MediaEvent::Digit { leg, digit }) => {
                self.tell(Input::Digit { leg, digit });
            }
            Event::Recording(RecordingEvent::Began { recording, name }) => {
                self.tell(Input::RecordingBegan { recording, name });
            }
            Event::Recording(RecordingEvent::Ended { recording, call, end, length, spoken }) => {
                self.tell(Input::RecordingEnded { recording, call, end, length, spoken });
            }
            Event::Media(MediaEvent::Quality { leg, quality }) => {
                let known = self.qualities.sounded(leg, &quality);
                known.into_iter().for_each(|known| self.parts.store.leg_sounded(known));
            }
            Event::Webhook(WebhookEvent { id, call, step, end }) => {
                self.tell(Input::WebhookEnded { id, call, step, end });
            }
            Event::Recording(RecordingEvent::Expired { name }) => self.message_expired(name),
            Event::Asked(request) => self.administer(request),
            Event::Stored(Stored { office, clips, remembered, reply }) => {
                self.sounds.adopt(&office, clips);
                self.adopt(&office);
                if let Some(remembered) = remembered {
                    self.tell(Input::Remembered(remembered));
                }
                // Whoever asked may have gone away; the office is live all the same.
                drop(reply.send(Ok(())));
            }
            Event::Found(found) => self.go_on(found),
            Event::Due => {
                self.engine.handle_timeout(clock::now());
                self.drain();
            }
            Event::Stop => {
                self.tell(Input::Stop);
                self.parts.sip.send(SipRequest::Stop);
            }
        }
    }

    fn handle_sip(&mut self, event: SipEvent) {
        match event {
            SipEvent::Leg(event) => self.tell(Input::Leg(event)),
            SipEvent::Bindings(changes) => self.parts.store.bindings_changed(changes),
            SipEvent::Watchers(changes) => self.parts.store.watchers_changed(changes),
            SipEvent::Registered { device, registered } => {
                self.tell(Input::Registered { device, registered });
            }
        }
    }

    pub(crate) fn tell(&mut self, input: Input) {
        self.engine.handle(input, clock::now());
        self.drain();
    }

    /// New calls follow `office` from here on.
    fn adopt(&mut self, office: &Arc<Office>) {
        self.office = Arc::clone(office);
        self.parts.recording.send(RecordingCommand::Rules(office.recording.rules));
        self.parts.sip.send(SipRequest::OfficeChanged(Arc::clone(office)));
        self.tell(Input::OfficeChanged(Arc::clone(office)));
        info!("the office has changed");
    }

    fn drain(&mut self) {
        while let Some(command) = self.engine.poll_command() {
            self.perform(command);
        }
    }
}
