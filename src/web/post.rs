//! One POST to one server.

use std::path::Path;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::office::web_address::{Scheme, WebAddress};
use crate::tls::authorities::client;
use crate::web::answer::{Answer, HEAD_LIMIT, read};
use crate::web::error::WebError;

/// Read at once, in bytes.
const PIECE: usize = 16 * 1024;

/// Posts `body` and reads at most `limit` bytes of what the server answers. Nothing that the
/// answer names is followed. Takes as long as the server does: whoever calls bounds the time.
/// The headers must be free of line ends. Over https the server's certificate must be signed by an
/// authority of the machine, or by one in the PEM file `private`.
///
/// # Errors
/// When the server is not there, or what it says is not HTTP.
pub async fn post(
    address: &WebAddress,
    headers: &[(&str, &str)],
    body: &[u8],
    (limit, private): (usize, Option<&Path>),
) -> Result<Answer, WebError> {
    let head = head(address, headers, body.len());
    match address.scheme() {
        Scheme::Http => {
            let stream = TcpStream::connect((address.host(), address.port())).await?;
            exchange(stream, &head, body, limit).await
        }
        Scheme::Https => {
            let stream = TcpStream::connect((address.host(), address.port())).await?;
            let stream = secured(stream, address.host(), private).await?;
            exchange(stream, &head, body, limit).await
        }
    }
}

/// The machine's authorities are read anew: a certificate that was brought in counts at once.
async fn secured(
    stream: TcpStream,
    host: &str,
    private: Option<&Path>,
) -> Result<TlsStream<TcpStream>, WebError> {
    let believed = client(private).map_err(|fault| WebError::Tls(fault.0.en))?;
    let name = ServerName::try_from(host.to_owned());
    let name = name.map_err(|error| WebError::Tls(error.to_string()))?;
    let shaken = TlsConnector::from(believed).connect(name, stream).await;
    shaken.map_err(|error| WebError::Tls(error.to_string()))
}

fn head(address: &WebAddress, headers: &[(&str, &str)], length: usize) -> String {
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: naru/{}\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n",
        address.path(),
        address.authority(),
        env!("CARGO_PKG_VERSION"),
    )
}

async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    head: &str,
    body: &[u8],
    limit: usize,
) -> Result<Answer, WebError> {
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.flush().await?;
    let (mut come, most) = (Vec::new(), limit + HEAD_LIMIT);
    let mut piece = vec![0; PIECE];
    loop {
        let got = stream.read(&mut piece).await?;
        come.extend_from_slice(piece.get(..got).unwrap_or_default());
        let ended = got == 0 || come.len() > most;
        if let Some(mut answer) = read(&come, ended) {
            answer.whole &= answer.body.len() <= limit;
            answer.body.truncate(limit);
            return Ok(answer);
        }
        if ended {
            return Err(WebError::NoAnswer);
        }
    }
}
