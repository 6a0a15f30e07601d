//! A server that speaks: `POST /v1/audio/speech`, as many speech servers take it.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::speech::error::SpeechError;

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
    (voice, text): (&str, &str),
    limit: usize,
) -> Result<Vec<u8>, SpeechError> {
    let failed = |why: String| SpeechError::Failed { who: url.to_owned(), why };
    let (host, path) = parts(url).ok_or_else(|| failed("no http:// address".to_owned()))?;
    let body = json!({
        "model": model, "input": text, "voice": voice, "response_format": "wav",
    })
    .to_string();
    let key = key.map(|key| format!("Authorization: Bearer {key}\r\n")).unwrap_or_default();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Accept: audio/wav\r\n{key}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let address = if host.rsplit(']').next().is_some_and(|end| end.contains(':')) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let told = |error: std::io::Error| failed(error.to_string());
    let mut stream = TcpStream::connect(address).await.map_err(told)?;
    stream.write_all(request.as_bytes()).await.map_err(told)?;
    let mut answer = Vec::new();
    let most = (limit + HEAD_LIMIT) as u64;
    (&mut stream).take(most + 1).read_to_end(&mut answer).await.map_err(told)?;
    if answer.len() as u64 > most {
        return Err(SpeechError::TooMuch(url.to_owned()));
    }
    let (status, body) = read(&answer).ok_or_else(|| failed("no HTTP answer".to_owned()))?;
    if status != 200 || body.is_empty() {
        let complaint: String = String::from_utf8_lossy(&body).chars().take(COMPLAINT).collect();
        return Err(failed(format!("{status} {complaint}")));
    }
    Ok(body)
}

/// Host with port, and path.
pub(crate) fn parts(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let path = if path == "/" { "/v1/audio/speech" } else { path };
    let sound = !host.is_empty() && !url.chars().any(|c| c.is_whitespace() || c.is_control());
    sound.then_some((host, path))
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
    let length = length.unwrap_or(body.len()).min(body.len());
    Some((status, body[..length].to_vec()))
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
        assert_eq!(read(b"SSH-2.0"), None);
    }

    #[test]
    fn an_address_without_a_path_means_the_usual_one() {
        assert_eq!(parts("http://tts:8880"), Some(("tts:8880", "/v1/audio/speech")));
        assert_eq!(parts("http://[::1]:80/say"), Some(("[::1]:80", "/say")));
        assert_eq!(parts("https://tts/"), None);
        assert_eq!(parts("http://a b/"), None);
    }
}
