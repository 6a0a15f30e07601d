//! A server that speaks: `POST /v1/audio/speech`, as many speech servers take it.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::speech::error::SpeechError;
use crate::tls::authorities;

/// More than any head of an answer.
const HEAD_LIMIT: usize = 64 * 1024;
/// What of a server's complaint is worth repeating, in characters.
const COMPLAINT: usize = 300;

/// Asks for a WAV file; at most `limit` bytes are taken.
///
/// # Errors
/// When the server is not there, refuses or says too much.
pub(crate) async fn ask(
    url: &str,
    model: &str,
    key: Option<&str>,
    authorities: Option<&Path>,
    (voice, text): (&str, &str),
    limit: usize,
) -> Result<Vec<u8>, SpeechError> {
    let failed = |why: String| SpeechError::Failed { who: url.to_owned(), why };
    let place =
        Place::of(url).ok_or_else(|| failed("no http:// or https:// address".to_owned()))?;
    let Place { authority, path, .. } = place;
    let body = json!({
        "model": model, "input": text, "voice": voice, "response_format": "wav",
    })
    .to_string();
    let key = key.map(|key| format!("Authorization: Bearer {key}\r\n")).unwrap_or_default();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n\
         Accept: audio/wav\r\n{key}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let told = |error: io::Error| failed(error.to_string());
    let stream = TcpStream::connect((place.host, place.port)).await.map_err(told)?;
    let most = limit + HEAD_LIMIT;
    let answer = if place.secure {
        let believed = believed(authorities).await.map_err(failed)?;
        let name =
            ServerName::try_from(place.host.to_owned()).map_err(|e| failed(e.to_string()))?;
        let stream = TlsConnector::from(believed).connect(name, stream).await.map_err(told)?;
        exchange(stream, &request, most).await
    } else {
        exchange(stream, &request, most).await
    };
    let answer = answer.map_err(told)?;
    if answer.len() > most {
        return Err(SpeechError::TooMuch(url.to_owned()));
    }
    let (status, body) = read(&answer).ok_or_else(|| failed("no HTTP answer".to_owned()))?;
    if status != 200 || body.is_empty() {
        let complaint: String = String::from_utf8_lossy(&body).chars().take(COMPLAINT).collect();
        return Err(failed(format!("{status} {complaint}")));
    }
    Ok(body)
}

/// Read anew for each text, so that a renewed authority is believed at once.
async fn believed(authorities: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let own = authorities.map(Path::to_owned);
    let read = tokio::task::spawn_blocking(move || authorities::client(own.as_deref())).await;
    read.map_err(|error| error.to_string())?.map_err(|fault| fault.0.en)
}

/// One more octet than `most` says that there was more.
async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: &str,
    most: usize,
) -> io::Result<Vec<u8>> {
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    match stream.take(most as u64 + 1).read_to_end(&mut answer).await {
        // Many servers close without a word of TLS; the answer's length tells whether it is whole.
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        Ok(_) | Err(_) => Ok(answer),
    }
}

/// Where a server is, and what it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub(crate) secure: bool,
    /// Host and port as they were written.
    authority: &'a str,
    pub(crate) host: &'a str,
    port: u16,
    path: &'a str,
}

impl<'a> Place<'a> {
    pub(crate) fn of(url: &'a str) -> Option<Self> {
        let (secure, rest) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
            (Some(rest), _) => (false, rest),
            (None, rest) => (true, rest?),
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = if matches!(path, "" | "/") { "/v1/audio/speech" } else { path };
        let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => match authority.rsplit_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let port = match port {
            Some(port) => port.parse().ok()?,
            None if secure => 443,
            None => 80,
        };
        let sound = !host.is_empty() && !url.chars().any(|c| c.is_whitespace() || c.is_control());
        sound.then_some(Self { secure, authority, host, port, path })
    }

    /// Whether a key that is sent there can be read on the way.
    pub(crate) fn tells_all(&self) -> bool {
        let near = self.host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        !self.secure && !near && self.host != "localhost"
    }
}

/// Status and body of a whole answer (RFC 9112).
fn read(answer: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = str::from_utf8(answer.get(..end)?).ok()?;
    let body = answer.get(end + 4..)?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let header = |wanted: &str| {
        head.split("\r\n").skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_ascii_lowercase())
        })
    };
    if header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        return Some((status, unchunked(body)?));
    }
    let length = header("content-length").and_then(|length| length.parse().ok());
    Some((status, body.get(..length.unwrap_or(body.len()))?.to_vec()))
}

/// RFC 9112 7.1.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let line = body.windows(2).position(|two| two == b"\r\n")?;
        let size = str::from_utf8(&body[..line]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        body = body.get(line + 2..)?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(..size)?);
        body = body.get(size.checked_add(2)?..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_in_either_form() {
        let plain = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd";
        assert_eq!(read(plain), Some((200, b"abc".to_vec())));
        let chunked =
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
        assert_eq!(read(chunked), Some((200, b"abc0123456789".to_vec())));
        assert_eq!(read(b"HTTP/1.1 500 No\r\n\r\nwhy"), Some((500, b"why".to_vec())));
        let cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc";
        assert_eq!(read(cut), None);
        assert_eq!(read(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc"), None);
        assert_eq!(read(b"SSH-2.0"), None);
    }

    #[test]
    fn an_address_without_a_path_means_the_usual_one() {
        let place = |url| {
            let Place { secure, host, port, path, .. } = Place::of(url)?;
            Some((secure, host, port, path))
        };
        let usual = "/v1/audio/speech";
        assert_eq!(place("http://tts:8880"), Some((false, "tts", 8_880, usual)));
        assert_eq!(place("http://[::1]/say"), Some((false, "::1", 80, "/say")));
        assert_eq!(place("https://[::1]:81"), Some((true, "::1", 81, usual)));
        assert_eq!(place("https://tts/"), Some((true, "tts", 443, usual)));
        for wrong in ["ftp://tts/", "http://a b/", "http://", "http://a:x/", "https://a:99999/"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_in_clear_is_told_where_others_can_read_it() {
        let tells = |url| Place::of(url).unwrap().tells_all();
        for near in ["http://127.0.0.1:8880", "http://[::1]/", "http://localhost", "https://tts"] {
            assert!(!tells(near), "{near}");
        }
        assert!(tells("http://tts") && tells("http://192.0.2.5:80"));
    }
}
