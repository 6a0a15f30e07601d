//! The API's loop: takes connections, bounds them, hands requests to the routes.

use std::io;
use std::net::TcpListener as StdTcpListener;
use std::os::unix::net::UnixListener as StdUnixListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Extension;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{Semaphore, broadcast, watch};
use tokio::time::timeout;
use tracing::{debug, info, warn};

use crate::api::door::{Caller, Door, Doors, Token, open_address, open_socket};
use crate::api::handle::ApiHandle;
use crate::api::reach::{Api, End};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::routes::router;
use crate::live::Update;
use crate::office::number_document::LARGEST;
use crate::words::Words;

/// An office document of thousands of numbers is well below.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// A sound file, and a little more so that the refusal can say why.
const SOUND_LIMIT: usize = 41 * 1024 * 1024;
/// A document of a number, and a little more so that the refusal can say why.
const DOCUMENT_LIMIT: usize = LARGEST + 1024;
/// For a whole body; the office's documents come over a LAN.
const BODY_PATIENCE: Duration = Duration::from_secs(10);
/// For a file that may be large.
const SOUND_PATIENCE: Duration = Duration::from_secs(60);
/// For a request's head, and for the next request on an open connection.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);
/// Consoles, wallboards and scripts of one office, by each door.
const CONNECTIONS: usize = 128;
/// When the system has no file for a connection, others must end first.
const BREATH: Duration = Duration::from_millis(100);
/// For answers under way when the daemon stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// The doors, open but not yet served: so that a taken one ends the start.
#[derive(Debug)]
pub struct Server {
    path: PathBuf,
    socket: StdUnixListener,
    address: Option<(StdTcpListener, Token)>,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl Server {
    /// Opens the doors.
    ///
    /// # Errors
    /// When a socket or address is taken, or the token cannot be had.
    pub fn bind(doors: Doors) -> anyhow::Result<Self> {
        let socket = open_socket(&doors.socket)?;
        let address = match doors.listen {
            Some(listen) => Some((open_address(listen)?, Token::load_or_make(&doors.token_file)?)),
            None => None,
        };
        Ok(Self { path: doors.socket, socket, address })
    }

    /// Serves until `shutdown` turns true, on a runtime of its own; give it its own thread.
    ///
    /// # Errors
    /// When the runtime or a listener fails, which the daemon must not survive.
    pub fn run(
        self,
        switchboard: ApiHandle,
        updates: broadcast::Sender<Update>,
        shutdown: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("no runtime for the API")?;
        let end = End(shutdown);
        let office_turn = switchboard.office_turn();
        let api = Api { switchboard, updates, office_turn, end: end.clone() };
        runtime.block_on(self.serve(api, end))?;
        runtime.shutdown_timeout(FAREWELL);
        Ok(())
    }

    async fn serve(self, api: Api, end: End) -> anyhow::Result<()> {
        // `bounded` is the only limit; the framework's own of 2 MB would refuse sound files.
        let routes = router(api).layer(DefaultBodyLimit::disable()).layer(from_fn(bounded));
        let socket = UnixListener::from_std(self.socket).context("api.socket")?;
        info!(socket = %self.path.display(), "the API is open");
        let open = routes.clone().layer(Extension(Door::Socket));
        let next = async || {
            let (stream, _) = socket.accept().await?;
            let caller = Caller::of(&stream);
            Ok((stream, caller))
        };
        let by_socket = accept(next, open, end.clone());
        let by_address = async {
            let Some((listener, token)) = self.address else { return Ok(()) };
            let listener = TcpListener::from_std(listener).context("api.listen")?;
            let guarded = routes
                .layer(from_fn(move |request, next| guard(token.clone(), request, next)))
                .layer(Extension(Door::Address));
            let next = async || {
                let (stream, _) = listener.accept().await?;
                Ok((stream, Caller::with_token()))
            };
            accept(next, guarded, end.clone()).await;
            Ok::<_, anyhow::Error>(())
        };
        let ((), by_address) = tokio::join!(by_socket, by_address);
        if let Err(error) = std::fs::remove_file(&self.path) {
            debug!(%error, "the socket stays behind");
        }
        by_address
    }
}

/// Lets clients in until the end. Each door has its own places: strangers at the address cannot
/// shut out the console.
async fn accept<S>(next: impl AsyncFn() -> io::Result<(S, Caller)>, routes: Router, end: End)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let let_in = async || loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match next().await {
            Ok((stream, caller)) => {
                let routes = routes.clone().layer(Extension(caller));
                let work = converse(stream, routes, end.clone());
                tokio::spawn(async move {
                    work.await;
                    drop(place);
                });
            }
            Err(error) => catch_breath(&error).await,
        }
    };
    tokio::select! {
        () = let_in() => {}
        () = end.clone().wait() => {}
    }
    // Answers under way get their time; nobody new comes in.
    let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
    drop(timeout(FAREWELL, places.acquire_many(all)).await);
}

async fn catch_breath(error: &io::Error) {
    warn!(%error, "a client of the API could not be let in");
    tokio::time::sleep(BREATH).await;
}

/// One connection until its end; a stopping daemon lets the current answer finish.
async fn converse<S>(stream: S, routes: Router, end: End)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    tokio::pin!(connection);
    let finished = tokio::select! {
        finished = connection.as_mut() => finished,
        () = end.wait() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = finished {
        debug!(%error, "a client of the API went away");
    }
}

/// Reads the whole body first, within bounds of size and time.
async fn bounded(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let (limit, patience) = bounds(head.uri.path());
    match timeout(patience, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(head, Body::from(bytes))).await,
        Ok(Err(_)) => {
            let message = Words::new("내용이 너무 깁니다", "the body is too long");
            Refusal::new(RefusalKind::TooLarge, message).into_response()
        }
        Err(_) => {
            let message =
                Words::new("내용이 제때 오지 않았습니다", "the body did not come in time");
            Refusal::new(RefusalKind::TooSlow, message).into_response()
        }
    }
}

/// How much a body may have, and how long it may take.
fn bounds(path: &str) -> (usize, Duration) {
    if path.starts_with("/v1/sounds") {
        (SOUND_LIMIT, SOUND_PATIENCE)
    } else if path.starts_with("/v1/numbers/") && path.ends_with("/document") {
        (DOCUMENT_LIMIT, SOUND_PATIENCE)
    } else {
        (BODY_LIMIT, BODY_PATIENCE)
    }
}

async fn guard(token: Token, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION);
    if token.is_in(given.and_then(|value| value.to_str().ok())) {
        return next.run(request).await;
    }
    let message = Words::new(
        "Authorization: Bearer 뒤에 data_dir/api.token의 토큰을 보내세요",
        "send the token of data_dir/api.token as Authorization: Bearer",
    );
    let refusal = Refusal::new(RefusalKind::NoToken, message).into_response();
    ([(header::WWW_AUTHENTICATE, "Bearer")], refusal).into_response()
}
