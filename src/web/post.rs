//! One POST to one server.

use std::error::Error;
use std::io;
use std::path::Path;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, USER_AGENT};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::office::web_address::{Scheme, WebAddress};
use crate::tls::authorities::client_beside;
use crate::web::answer::Answer;
use crate::web::error::WebError;

/// More than any head of an answer, in bytes.
const HEAD_LIMIT: usize = 64 * 1024;

/// Posts `body` and reads at most `limit` bytes of what the server answers. Nothing that the
/// answer names is followed. Takes as long as the server does: whoever calls bounds the time.
/// Over https the server's certificate must be signed by an authority of the machine, or by one in
/// the PEM file `private`.
///
/// # Errors
/// When the server is not there, what it says is not HTTP, or a header cannot be one.
pub async fn post(
    address: &WebAddress,
    headers: &[(&str, &str)],
    body: &[u8],
    (limit, private): (usize, Option<&Path>),
) -> Result<Answer, WebError> {
    let request = request(address, headers, body)?;
    let stream = TcpStream::connect((address.host(), address.port())).await?;
    match address.scheme() {
        Scheme::Http => exchange(stream, request, limit).await,
        Scheme::Https => {
            exchange(secured(stream, address.host(), private).await?, request, limit).await
        }
    }
}

fn request(
    address: &WebAddress,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Request<Full<Bytes>>, WebError> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(address.path())
        .header(HOST, address.authority())
        .header(USER_AGENT, concat!("naru/", env!("CARGO_PKG_VERSION")))
        .header(CONNECTION, "close");
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let body = Full::new(Bytes::copy_from_slice(body));
    request.body(body).map_err(|error| WebError::Request(error.to_string()))
}

async fn secured(
    stream: TcpStream,
    host: &str,
    private: Option<&Path>,
) -> Result<TlsStream<TcpStream>, WebError> {
    let believed = client_beside(private.map(Path::to_owned)).await;
    let believed = believed.map_err(|fault| WebError::Tls(fault.0.en))?;
    let name = ServerName::try_from(host.to_owned());
    let name = name.map_err(|error| WebError::Tls(error.to_string()))?;
    let shaken = TlsConnector::from(believed).connect(name, stream).await;
    shaken.map_err(|error| WebError::Tls(error.to_string()))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
    limit: usize,
) -> Result<Answer, WebError> {
    let mut http = http1::Builder::new();
    // Names of headers as people write them: not every small server reads them otherwise.
    http.title_case_headers(true).max_buf_size(HEAD_LIMIT);
    let (mut sender, connection) = http.handshake(TokioIo::new(stream)).await?;
    // Ends with us, whatever the server still has to say.
    let mut carried = JoinSet::new();
    carried.spawn(connection);
    let answer = sender.send_request(request).await?;
    let status = answer.status().as_u16();
    let (body, whole) = take(answer.into_body(), limit).await?;
    Ok(Answer { status, body, whole })
}

/// What has come of a body, and whether it is all.
async fn take(mut body: Incoming, limit: usize) -> Result<(Vec<u8>, bool), WebError> {
    let mut taken = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => taken.extend_from_slice(frame.data_ref().map_or(&[], Bytes::as_ref)),
            Err(error) if is_cut(&error) => return Ok((taken, false)),
            Err(error) => return Err(error.into()),
        }
        if taken.len() > limit {
            taken.truncate(limit);
            return Ok((taken, false));
        }
    }
    Ok((taken, true))
}

/// The server has hung up within its answer.
fn is_cut(error: &hyper::Error) -> bool {
    let ended = |inner: &io::Error| inner.kind() == io::ErrorKind::UnexpectedEof;
    error.is_incomplete_message()
        || error.source().and_then(|inner| inner.downcast_ref()).is_some_and(ended)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    /// What comes of a server that says this and hangs up.
    async fn said(answer: &'static [u8]) -> Result<Answer, WebError> {
        let (ours, mut theirs) = duplex(1_000_000);
        let server = async move {
            let mut asked = Vec::new();
            while !asked.ends_with(b"?") {
                theirs.read_buf(&mut asked).await.unwrap();
            }
            theirs.write_all(answer).await.unwrap();
        };
        let address = WebAddress::parse("http://a/b").unwrap();
        let request = request(&address, &[("X", "y")], b"?").unwrap();
        tokio::join!(exchange(ours, request, 100), server).0
    }

    fn whole(status: u16, body: &[u8]) -> Answer {
        Answer { status, body: body.to_vec(), whole: true }
    }

    #[tokio::test]
    async fn answers_are_read_whole_in_either_form() {
        let plain = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd";
        assert_eq!(said(plain).await.unwrap(), whole(200, b"abc"));
        let chunked =
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
        assert_eq!(said(chunked).await.unwrap(), whole(200, b"abc0123456789"));
        assert_eq!(said(b"HTTP/1.1 500 No\r\n\r\nwhy").await.unwrap(), whole(500, b"why"));
        assert_eq!(said(b"HTTP/1.1 204 No\r\n\r\n").await.unwrap(), whole(204, b""));
    }

    #[tokio::test]
    async fn what_is_cut_or_too_long_is_known_to_be_no_whole() {
        for cut in [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nabc".as_slice(),
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        ] {
            let part = Answer { status: 200, body: b"abc".to_vec(), whole: false };
            assert_eq!(said(cut).await, Ok(part));
        }
        let long = said(
            b"HTTP/1.1 200 OK\r\n\r\n\
            0123456789012345678901234567890123456789012345678901234567890123456789\
            0123456789012345678901234567890123456789",
        );
        let long = long.await.unwrap();
        assert_eq!((long.body.len(), long.whole), (100, false));
    }

    #[tokio::test]
    async fn what_is_not_http_is_no_answer() {
        for none in [
            b"SSH-2.0\r\n\r\n".as_slice(),
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
            b"",
        ] {
            assert!(matches!(said(none).await, Err(WebError::NoAnswer(_))), "{none:?}");
        }
        let address = WebAddress::parse("http://a/b").unwrap();
        assert!(matches!(request(&address, &[("X", "y\r\nZ: z")], b""), Err(WebError::Request(_))));
    }
}
