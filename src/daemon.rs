//! Builds the parts, joins them, watches over them and shuts them down.

use std::future::Future;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use sd_notify::NotifyState;
use tokio::runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, broadcast, mpsc, oneshot, watch};
use tokio::time::{interval, timeout};
use tracing::{debug, error, info, warn};

use crate::api::door::Doors;
use crate::api::handle::ApiHandle;
use crate::api::server::Server;
use crate::clock;
use crate::config::settings::{Config, SpeakerConfig};
use crate::engine::call_engine::CallEngine;
use crate::engine::input::Input;
use crate::history::voice_message::VoiceMessage;
use crate::logging::{self, LogHandle};
use crate::media;
use crate::media::handle::{MediaCommand, MediaEvent, MediaHandle};
use crate::media::ports::Ports;
use crate::office::transport::Transport;
use crate::pages;
use crate::recording;
use crate::recording::folder::Folder;
use crate::recording::handle::{RecordingCommand, RecordingHandle};
use crate::sip;
use crate::sip::endpoint::Setup;
use crate::sip::handle::{SipHandle, SipRequest};
use crate::sip::transport::connections::TlsSetup;
use crate::sip::transport::wire::Wire;
use crate::speaker;
use crate::speaker::handle::CardNames;
use crate::speaker::score::Purpose;
use crate::speech::engine::Speech;
use crate::store;
use crate::store::handle::StoreHandle;
use crate::store::open::Opened;
use crate::store::run::StoreThreads;
use crate::switchboard::library::clips;
use crate::switchboard::run::{Inbox, Parts, Switchboard};
use crate::switchboard::sounds::wanted;
use crate::tls;
use crate::tls::certificate::CertificateFiles;
use crate::tls::names::own_names;
use crate::tls::own::own_certificate;
use crate::tls::shown::Shown;
use crate::webhook;
use crate::webhook::delivery;
use crate::webhook::delivery::PACE;
use crate::webhook::handle::{WebhookEvent, WebhookHandle};

/// Commands and events that may wait between two parts; a second of the busiest office is some
/// hundreds.
const QUEUE: usize = 4_096;
/// Requests of the API that may wait; each has somebody looking at a screen.
const REQUESTS: usize = 256;
/// Updates that a slow watcher may be behind.
const UPDATES: usize = 1_024;
/// Two descriptors a leg, two legs a call, and a thousand calls.
const DESCRIPTORS: u64 = 65_536;
/// How often the threads are looked at where no watchdog asks for it.
const UNWATCHED_BEAT: Duration = Duration::from_secs(10);
/// What systemd grants instead of `TimeoutStartSec` where a migration may have much to do, in
/// microseconds: an hour.
const LONGEST_MIGRATION: u32 = 3_600_000_000;
/// How long SIP may be silent before the watchdog is left to bite.
const PULSE_PATIENCE: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or SIGINT, then ends calls and keeps their records.
///
/// # Errors
/// When a part cannot start (a port that is taken, a damaged store, …) or ends by itself.
pub fn run(config: Config, reread: impl Fn() -> Result<Config>) -> Result<()> {
    let log = logging::start(config.log.filter())?;
    raise_descriptor_limit();
    if store::open::may_take_long(&config.data_dir) {
        notify(&[NotifyState::ExtendTimeoutUsec(LONGEST_MIGRATION)]);
    }
    let opened = store::open::open(&config.data_dir)
        .with_context(|| format!("cannot open the store in {}", config.data_dir.display()))?;
    if opened.interrupted > 0 {
        warn!(calls = opened.interrupted, "calls were cut when naru stopped without warning");
    }
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(serve(config, opened, &log, &reread));
    // A name server that never answers must not hold the end up.
    runtime.shutdown_background();
    served
}

/// What was being spoken when naru was cut off is as long as its file.
fn measure(messages: &mut [VoiceMessage], folder: &Folder, store: &StoreHandle) {
    for message in messages.iter_mut().filter(|one| one.seconds.is_none()) {
        message.seconds = Some(folder.seconds(&message.name).unwrap_or_default());
        store.message_kept(message.clone());
    }
}

async fn serve(
    config: Config,
    mut opened: Opened,
    log: &LogHandle,
    reread: &impl Fn() -> Result<Config>,
) -> Result<()> {
    // Whatever can be taken by others is taken first: a deaf daemon must not look alive.
    let (wire, renewal) = listen(&config)?;
    let server = Server::bind(doors(&config))?;
    let signals = Signals::new()?;

    let (media, media_told, media_thread) = start_media(&config)?;

    let (store, store_threads) = store::run::start(opened.database)?;
    let (sip, sip_requests) = SipHandle::channel(QUEUE);
    let (sip_events, sip_told) = mpsc::channel(QUEUE);
    let (api, asked) = ApiHandle::channel(REQUESTS);
    let (updates, _) = broadcast::channel(UPDATES);
    let (stop, stopping) = watch::channel(false);
    let office_turn = api.office_turn();
    let api_thread = start_api(server, api, updates.clone(), stopping.clone())?;

    let office = Arc::new(opened.office);
    let setup = Setup {
        secret: secret()?,
        domain: config.sip.domain.clone(),
        external_address: config.sip.external_address,
        office: Arc::clone(&office),
        bindings: opened.bindings,
        watchers: opened.watchers,
        media: media.clone(),
    };
    let clips = clips(&store, wanted(&office)).await.map_err(|refusal| anyhow!(refusal.message))?;
    let speaker = speaker::run::run(&cards(&config.speaker))?;
    let (recording, recording_commands) = RecordingHandle::channel(QUEUE);
    let (recording_events, recording_told) = mpsc::channel(QUEUE);
    let (folder, rules) = (config.data_dir.join("recordings"), office.recording.rules);
    measure(&mut opened.remembered.messages, &Folder::new(folder.clone()), &store);
    let recording_thread =
        recording::run::run(folder, rules, recording_commands, recording_events)?;
    let (webhook, webhook_told, webhook_thread) = start_webhook(&config)?;
    let parts = Parts {
        sip: sip.clone(),
        media: media.clone(),
        store,
        speaker: speaker.clone(),
        speech: Arc::new(Speech::of(&config.speech, config.tls.ca.as_deref())),
        webhook,
        recording: recording.clone(),
        updates,
        office_turn,
    };
    let mut engine = CallEngine::new(Arc::clone(&office), opened.next_call);
    engine.recall(opened.duties, &opened.handled, clock::now());
    engine.handle(Input::Remembered(Box::new(opened.remembered)), clock::now());
    let switchboard = Switchboard::new(engine, office, parts, clips);
    let inbox = Inbox {
        sip: sip_told,
        media: media_told,
        recording: recording_told,
        webhook: webhook_told,
        asked,
        stop: stopping,
    };

    let threads = Threads {
        media: media_thread,
        recording: recording_thread,
        webhook: webhook_thread,
        store: store_threads,
        api: api_thread,
    };
    let calls = async {
        tokio::join!(sip::run::run(wire, setup, sip_requests, sip_events), switchboard.run(inbox));
    };
    let reload = || {
        renewal.notify_one();
        log.set(reread()?.log.filter())
    };
    let ended = supervise(calls, &threads, &sip, signals, &stop, reload).await;
    info!("ending");
    stop.send_replace(true);
    media.send(MediaCommand::Stop);
    recording.send(RecordingCommand::Close);
    speaker.close();
    threads.close();
    ended
}

/// Waits for the end: a part's, which is a failure, or the one that was asked for.
async fn supervise(
    calls: impl Future<Output = ()>,
    threads: &Threads,
    sip: &SipHandle,
    mut signals: Signals,
    stop: &watch::Sender<bool>,
    reload: impl Fn() -> Result<()>,
) -> Result<()> {
    tokio::pin!(calls);
    let pulse = watchdog(threads, sip);
    tokio::pin!(pulse);
    notify(&[NotifyState::Ready]);
    info!("naru is ready");
    let_pages_go();
    loop {
        tokio::select! {
            () = &mut calls => bail!("SIP or the switchboard has ended"),
            failed = &mut pulse => return Err(failed),
            wanted = signals.next() => match wanted {
                Wanted::Reload => match reload() {
                    Ok(()) => info!("the log level has been read again"),
                    Err(error) => warn!(error = format!("{error:#}"), "config.yaml is refused"),
                },
                Wanted::End => break,
            },
        }
    }
    notify(&[NotifyState::Stopping]);
    stop.send_replace(true);
    calls.await;
    Ok(())
}

fn let_pages_go() {
    if let Err(error) = pages::let_go() {
        debug!(%error, "the program stays in memory as it is");
    }
}

/// Tells systemd that naru lives, as long as SIP answers and no thread has ended.
async fn watchdog(threads: &Threads, sip: &SipHandle) -> anyhow::Error {
    let mut allowed = 0;
    let asked = sd_notify::watchdog_enabled(false, &mut allowed);
    let beat = if asked { Duration::from_micros(allowed) / 3 } else { UNWATCHED_BEAT };
    let mut beat = interval(beat);
    loop {
        beat.tick().await;
        if let Some(thread) = threads.ended() {
            return anyhow!("the {thread} thread has ended");
        }
        let (ask, pulse) = oneshot::channel();
        sip.send(SipRequest::Bindings(ask));
        match timeout(PULSE_PATIENCE, pulse).await {
            Ok(Ok(_)) => notify(&[NotifyState::Watchdog]),
            Ok(Err(_)) | Err(_) => error!("SIP gives no sign of life"),
        }
    }
}

struct Threads {
    media: JoinHandle<()>,
    recording: JoinHandle<()>,
    webhook: JoinHandle<()>,
    store: StoreThreads,
    api: JoinHandle<()>,
}

impl Threads {
    /// A thread that has ended by itself.
    fn ended(&self) -> Option<&'static str> {
        if self.media.is_finished() {
            Some("media")
        } else if self.recording.is_finished() {
            Some("recording")
        } else if self.webhook.is_finished() {
            Some("webhook")
        } else if self.store.has_failed() {
            Some("store")
        } else if self.api.is_finished() {
            Some("API")
        } else {
            None
        }
    }

    /// Media and API have been told to end; the store writes what it has, last.
    fn close(self) {
        for (name, thread) in [
            ("media", self.media),
            ("recording", self.recording),
            ("webhook", self.webhook),
            ("API", self.api),
        ] {
            if thread.join().is_err() {
                error!(thread = name, "a thread has failed");
            }
        }
        self.store.close();
    }
}

/// What whoever runs the daemon wants of it.
enum Wanted {
    /// SIGTERM, SIGINT
    End,
    /// SIGHUP
    Reload,
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    reload: Signal,
}

impl Signals {
    fn new() -> Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            reload: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Wanted {
        tokio::select! {
            _ = self.terminate.recv() => Wanted::End,
            _ = self.interrupt.recv() => Wanted::End,
            _ = self.reload.recv() => Wanted::Reload,
        }
    }
}

fn cards(config: &SpeakerConfig) -> CardNames {
    let of = [
        (Purpose::Ring, &config.ring),
        (Purpose::Announce, &config.announce),
        (Purpose::Page, &config.page),
    ];
    of.into_iter().filter_map(|(purpose, name)| Some((purpose, name.clone()?))).collect()
}

/// Every door of SIP, and what has the certificate looked at anew.
fn listen(config: &Config) -> Result<(Wire, Arc<Notify>)> {
    let certificate = certificate(config)?;
    let tls = TlsSetup {
        shown: certificate.as_ref().map(Shown::watched),
        authorities: config.tls.ca.clone(),
    };
    let wire = Wire::bind(&config.sip.listen, tls)?;
    for (transport, address) in wire.listening() {
        info!(%transport, %address, "SIP listens");
    }
    let renewal = Arc::new(Notify::new());
    if let Some(certificate) = certificate {
        tokio::spawn(certificate.keep(Arc::clone(&renewal)));
    }
    Ok((wire, renewal))
}

/// What phones are shown over TLS, if it is listened to: the office's certificate, or our own.
fn certificate(config: &Config) -> Result<Option<Shown>> {
    if let Some(authorities) = &config.tls.ca {
        tls::authorities::client(Some(authorities))?;
    }
    if !config.sip.listen.iter().any(|(transport, _)| *transport == Transport::Tls) {
        return Ok(None);
    }
    let files = match (&config.tls.certificate, &config.tls.key) {
        (Some(certificate), Some(key)) => {
            CertificateFiles { certificate: certificate.clone(), key: key.clone() }
        }
        (Some(_), None) | (None, _) => {
            let listened = config.sip.listen.iter().map(|(_, address)| address.ip());
            let addresses: Vec<_> = listened.chain(config.sip.external_address).collect();
            let names = own_names(config.sip.domain.as_deref(), &addresses);
            let own = own_certificate(&config.data_dir, &names).with_context(|| {
                format!("cannot make a certificate in {}", config.data_dir.display())
            })?;
            if own.is_new {
                let file = own.files.certificate.display();
                info!(%file, "made a certificate for TLS; phones must be told to accept it");
            }
            own.files
        }
    };
    Ok(Some(Shown::open(files)?))
}

fn doors(config: &Config) -> Doors {
    Doors {
        socket: config.api.socket.clone(),
        listen: config.api.listen,
        token_file: config.data_dir.join("api.token"),
    }
}

type Media = (MediaHandle, mpsc::Receiver<MediaEvent>, JoinHandle<()>);

fn start_media(config: &Config) -> Result<Media> {
    let (handle, commands) = MediaHandle::channel(QUEUE, Ports::new(config.media.ports.clone()));
    let (events, told) = mpsc::channel(QUEUE);
    let thread = media::run::run(&handle, commands, events, media::run::SILENCE)?;
    Ok((handle, told, thread))
}

type Webhook = (WebhookHandle, mpsc::Receiver<WebhookEvent>, JoinHandle<()>);

fn start_webhook(config: &Config) -> Result<Webhook> {
    let (handle, postings) = WebhookHandle::channel(QUEUE);
    let (events, told) = mpsc::channel(QUEUE);
    let (data, ca) = (config.data_dir.clone(), config.tls.ca.clone());
    let setup = delivery::Setup { data, ca, pace: PACE };
    let thread = webhook::run::run(setup, postings, events)?;
    Ok((handle, told, thread))
}

fn start_api(
    server: Server,
    api: ApiHandle,
    updates: broadcast::Sender<crate::live::Update>,
    stopping: watch::Receiver<bool>,
) -> Result<JoinHandle<()>> {
    let serve = move || {
        if let Err(error) = server.run(api, updates, stopping) {
            error!(error = format!("{error:#}"), "the API has failed");
        }
    };
    Ok(Builder::new().name("api".to_owned()).spawn(serve)?)
}

fn secret() -> Result<[u8; 64]> {
    let mut secret = [0; 64];
    getrandom::fill(&mut secret).map_err(|error| anyhow!("no random numbers: {error}"))?;
    Ok(secret)
}

/// A call needs more descriptors than the usual 1,024 leave for a full house (goal R19).
fn raise_descriptor_limit() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(soft, hard)| {
        let wanted = DESCRIPTORS.min(hard);
        if soft < wanted { setrlimit(Resource::RLIMIT_NOFILE, wanted, hard) } else { Ok(()) }
    });
    if let Err(error) = raised {
        warn!(%error, "the limit of open files stays as it is");
    }
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(false, states) {
        warn!(%error, "systemd could not be told");
    }
}
