//! The other end of the socket, for commands and the console.

use std::io;
use std::path::{Path, PathBuf};

use bytes::{Buf, Bytes};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tracing::debug;

use crate::live::Update;
use crate::words::Words;

/// No answer of ours comes near it; a list holds 1,000 calls at most.
const ANSWER_LIMIT: usize = 256 * 1024 * 1024;

/// A block of the event stream is one update of some hundred bytes.
const BLOCK_LIMIT: usize = 1024 * 1024;

/// The daemon behind a socket.
#[derive(Clone, Debug)]
pub struct Client {
    socket: PathBuf,
}

/// What came back, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
}

impl Answer {
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens: the daemon is down, or the socket is another one.
    #[error("no naru answers at {0}")]
    Down(PathBuf),
    #[error("{0} may not be opened by this user")]
    Forbidden(PathBuf),
    #[error("the daemon broke off: {0}")]
    Broken(String),
    #[error("'{0}' is no request")]
    BadRequest(String),
}

impl ClientError {
    /// What is wrong and what helps.
    #[must_use]
    pub fn words(&self) -> Words {
        let ko = match self {
            Self::Down(socket) => {
                format!("{}에서 답하는 naru가 없습니다. naru serve로 시작하세요", socket.display())
            }
            Self::Forbidden(socket) => {
                format!(
                    "이 사용자는 {}을(를) 열 수 없습니다. naru 그룹에 넣으세요",
                    socket.display()
                )
            }
            Self::Broken(why) => format!("데몬과의 연결이 끊겼습니다: {why}"),
            Self::BadRequest(what) => format!("'{what}'은(는) 요청이 아닙니다"),
        };
        let en = match self {
            Self::Down(_) => format!("{self}; start it with naru serve"),
            Self::Forbidden(_) => format!("{self}; add the user to the group naru"),
            Self::Broken(_) | Self::BadRequest(_) => self.to_string(),
        };
        Words::new(ko, en)
    }
}

impl Client {
    #[must_use]
    pub fn new(socket: &Path) -> Self {
        Self { socket: socket.to_owned() }
    }

    /// Asks once, on a connection of its own. `path` begins with `/v1/`.
    ///
    /// # Errors
    /// When there is no daemon, or it does not finish its answer.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Answer, ClientError> {
        let bad = |_| ClientError::BadRequest(format!("{method} {path}"));
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| ClientError::BadRequest(method.to_owned()))?;
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(HOST, "naru")
            .header(CONTENT_TYPE, content_type)
            .body(Full::new(body))
            .map_err(bad)?;
        let answer = self.send(request).await?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), ANSWER_LIMIT)
            .collect()
            .await
            .map_err(|error| ClientError::Broken(error.to_string()))?;
        Ok(Answer { status, body: body.to_bytes() })
    }

    /// Opens the stream of what happens; nothing that happens from here on is missed.
    ///
    /// # Errors
    /// When there is no daemon, or it gives no stream.
    pub async fn events(&self) -> Result<Events, ClientError> {
        let request = Request::builder()
            .uri("/v1/events")
            .header(HOST, "naru")
            .body(Full::new(Bytes::new()))
            .map_err(|_| ClientError::BadRequest("/v1/events".to_owned()))?;
        let answer = self.send(request).await?;
        if !answer.status().is_success() {
            return Err(ClientError::Broken(answer.status().to_string()));
        }
        let mut events = Events { body: answer.into_body(), read: Vec::new() };
        // The first line says that the subscription stands.
        events.block().await?;
        Ok(events)
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, ClientError> {
        let stream =
            UnixStream::connect(&self.socket).await.map_err(|error| self.unreachable(&error))?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "the daemon closed the connection");
            }
        });
        sender.send_request(request).await.map_err(|error| broken(&error))
    }

    fn unreachable(&self, error: &io::Error) -> ClientError {
        let kind = error.kind();
        if matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) {
            ClientError::Down(self.socket.clone())
        } else if kind == io::ErrorKind::PermissionDenied {
            ClientError::Forbidden(self.socket.clone())
        } else {
            ClientError::Broken(error.to_string())
        }
    }
}

/// What happens, one after the other.
#[derive(Debug)]
pub struct Events {
    body: Incoming,
    /// What has come of blocks that are not whole yet.
    read: Vec<u8>,
}

impl Events {
    /// Waits for what happens next. What this version does not know is passed over. Not
    /// cancellation safe within a block: drop the stream with the wait.
    ///
    /// # Errors
    /// When the daemon has gone, or cut us off because we read too slowly.
    pub async fn next(&mut self) -> Result<Update, ClientError> {
        loop {
            let block = self.block().await?;
            // A comment is a sign of life, or the word that we are too slow before the end.
            let data = block.lines().find_map(|line| line.strip_prefix("data:"));
            let Some(data) = data else { continue };
            match serde_json::from_str(data.trim_start()) {
                Ok(update) => return Ok(update),
                Err(error) => debug!(%error, "an update that is not understood"),
            }
        }
    }

    /// The lines up to the next empty one.
    async fn block(&mut self) -> Result<String, ClientError> {
        loop {
            if let Some(end) = self.read.windows(2).position(|two| two == b"\n\n") {
                let rest = self.read.split_off(end + 2);
                let block = std::mem::replace(&mut self.read, rest);
                return Ok(String::from_utf8_lossy(&block).into_owned());
            }
            if self.read.len() > BLOCK_LIMIT {
                return Err(ClientError::Broken("an update without end".to_owned()));
            }
            let Some(frame) = self.body.frame().await else {
                return Err(ClientError::Broken("the stream has ended".to_owned()));
            };
            let frame = frame.map_err(|error| broken(&error))?;
            if let Ok(data) = frame.into_data() {
                self.read.extend_from_slice(data.chunk());
            }
        }
    }
}

fn broken(error: &hyper::Error) -> ClientError {
    ClientError::Broken(error.to_string())
}
