//! Keys that a phone tells by INFO, in either of the two bodies in use.

use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::Request;

/// The key a request tells of, if it is about one: `application/dtmf-relay` with lines of
/// `Signal=` and `Duration=`, or `application/dtmf` with the key alone.
#[must_use]
pub fn key(request: &Request) -> Option<char> {
    let kind = request.headers.get(&Name::ContentType)?;
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let body = std::str::from_utf8(&request.body).ok()?;
    if kind.eq_ignore_ascii_case("application/dtmf") {
        return named(body);
    }
    if !kind.eq_ignore_ascii_case("application/dtmf-relay") {
        return None;
    }
    body.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        name.trim().eq_ignore_ascii_case("signal").then(|| named(value))?
    })
}

/// A key by its own sign, or `*` and `#` by their numbers in RFC 4733.
fn named(text: &str) -> Option<char> {
    match text.trim() {
        "10" => Some('*'),
        "11" => Some('#'),
        text => {
            let mut signs = text.chars();
            let sign = signs.next().filter(|_| signs.next().is_none())?.to_ascii_uppercase();
            matches!(sign, '0'..='9' | '*' | '#' | 'A'..='D').then_some(sign)
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::sip::syntax::message::Message;

    fn told(kind: &str, body: &str) -> Option<char> {
        let text = format!(
            "INFO sip:1@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n\
             From: <sip:2@x>;tag=a\r\nTo: <sip:1@x>;tag=b\r\nCall-ID: c\r\nCSeq: 2 INFO\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        match Message::parse(&Bytes::from(text)).unwrap() {
            Message::Request(request) => key(&request),
            Message::Response(_) => None,
        }
    }

    #[test]
    fn both_bodies_are_read() {
        assert_eq!(told("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"), Some('5'));
        assert_eq!(told("Application/DTMF-Relay", "signal= *\r\n"), Some('*'));
        assert_eq!(told("application/dtmf-relay", "Signal=11\r\nDuration=1"), Some('#'));
        assert_eq!(told("application/dtmf", "d"), Some('D'));
    }

    #[test]
    fn what_is_no_key_is_none() {
        for (kind, body) in [
            ("application/dtmf", ""),
            ("application/dtmf", "55"),
            ("application/dtmf", "\u{ff15}"),
            ("application/dtmf-relay", "Duration=160"),
            ("application/dtmf-relay", "Signal=flash"),
            ("application/media_control+xml", "5"),
            ("text/plain", "5"),
        ] {
            assert_eq!(told(kind, body), None, "{kind} {body}");
        }
    }
}
