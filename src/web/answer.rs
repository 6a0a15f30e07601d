//! What a server answers (RFC 9112), read no further than it is wanted.

/// More than any head of an answer, in bytes.
pub(crate) const HEAD_LIMIT: usize = 64 * 1024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// Whether the body is all that the server had to say.
    pub whole: bool,
}

/// What has come so far; `None` while more must come for it to be an answer. `ended` says that
/// nothing more will.
pub(crate) fn read(bytes: &[u8], ended: bool) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = str::from_utf8(bytes.get(..end)?).ok()?;
    let body = bytes.get(end + 4..)?;
    let status = head.split("\r\n").next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    let status = status.parse().ok()?;
    let header = |wanted: &str| {
        head.split("\r\n").skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_ascii_lowercase())
        })
    };
    let (body, whole) = if header("transfer-encoding").is_some_and(|c| c.contains("chunked")) {
        unchunked(body)?
    } else if let Some(length) = header("content-length").and_then(|text| text.parse().ok()) {
        (body.get(..length).unwrap_or(body).to_vec(), body.len() >= length)
    } else {
        // RFC 9110 15.3.5: what has no content says nothing more.
        (body.to_vec(), ended || status == 204)
    };
    (whole || ended).then_some(Answer { status, body, whole })
}

/// RFC 9112 7.1: what has come, and whether it is all. Nothing if it cannot be chunks.
fn unchunked(mut body: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut so_far = Vec::new();
    loop {
        let Some(line) = body.windows(2).position(|two| two == b"\r\n") else {
            return Some((so_far, false));
        };
        let size = str::from_utf8(body.get(..line)?).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        body = body.get(line + 2..)?;
        if size == 0 {
            return Some((so_far, true));
        }
        let Some(chunk) = body.get(..size) else {
            so_far.extend_from_slice(body);
            return Some((so_far, false));
        };
        so_far.extend_from_slice(chunk);
        body = body.get(size.checked_add(2)?..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(status: u16, body: &[u8]) -> Answer {
        Answer { status, body: body.to_vec(), whole: true }
    }

    #[test]
    fn answers_are_read_whole_in_either_form() {
        let plain = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd";
        assert_eq!(read(plain, false), Some(whole(200, b"abc")));
        let chunked =
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
        assert_eq!(read(chunked, false), Some(whole(200, b"abc0123456789")));
        assert_eq!(read(b"HTTP/1.1 500 No\r\n\r\nwhy", true), Some(whole(500, b"why")));
        assert_eq!(read(b"HTTP/1.1 204 No\r\n\r\n", false), Some(whole(204, b"")));
    }

    #[test]
    fn what_is_cut_is_waited_for_and_then_known_to_be_cut() {
        for cut in [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nabc".as_slice(),
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        ] {
            assert_eq!(read(cut, false), None);
            let part = Answer { status: 200, body: b"abc".to_vec(), whole: false };
            assert_eq!(read(cut, true), Some(part));
        }
        for none in [
            b"SSH-2.0\r\n\r\n".as_slice(),
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
        ] {
            assert_eq!(read(none, true), None);
        }
    }
}
