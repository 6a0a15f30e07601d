//! The other end of the socket, for commands and the console.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tracing::debug;

/// No answer of ours comes near it; a list holds 1,000 calls at most.
const ANSWER_LIMIT: usize = 256 * 1024 * 1024;

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
        let stream =
            UnixStream::connect(&self.socket).await.map_err(|error| self.unreachable(&error))?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "the daemon closed the connection");
            }
        });
        let answer = sender.send_request(request).await.map_err(|error| broken(&error))?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), ANSWER_LIMIT)
            .collect()
            .await
            .map_err(|error| ClientError::Broken(error.to_string()))?;
        Ok(Answer { status, body: body.to_bytes() })
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

fn broken(error: &hyper::Error) -> ClientError {
    ClientError::Broken(error.to_string())
}
