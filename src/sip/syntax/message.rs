//! SIP messages: a first line, raw header fields and a body (RFC 3261 7).

use bytes::Bytes;

use crate::sip::syntax::header::{Headers, Name};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::text::Address;

/// The most header fields a message may have; more is an attack, not a phone.
const MAX_HEADERS: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    /// The Request-URI, raw.
    pub uri: String,
    pub headers: Headers,
    pub body: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// 100 to 699.
    pub status: u16,
    pub reason: String,
    pub headers: Headers,
    pub body: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Request(Request),
    Response(Response),
}

/// Why bytes are no SIP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("the first line is neither a request nor a status line")]
    FirstLine,
    /// The version is not SIP/2.0; a request gets 505.
    #[error("the SIP version is not 2.0")]
    Version,
    #[error("a header line has no colon or an empty name")]
    HeaderLine,
    #[error("more than {MAX_HEADERS} header lines")]
    TooManyHeaders,
    #[error("the empty line after the header is missing")]
    NoEnd,
    #[error("Content-Length is no number or goes past the datagram")]
    ContentLength,
}

impl Message {
    /// Reads one whole message. The body is what `Content-Length` says, or all that is left
    /// (RFC 3261 18.3). Text that is not UTF-8 is taken for Latin-1.
    ///
    /// # Errors
    /// See [`ParseError`]; nothing is read past an error.
    pub fn parse(bytes: &Bytes) -> Result<Self, ParseError> {
        let (head_end, body_start) = head_end(bytes).ok_or(ParseError::NoEnd)?;
        let head = decoded(&bytes[..head_end]);
        let mut lines = unfolded(&head);
        let first = lines.next().ok_or(ParseError::FirstLine)?;
        let headers = parse_headers(lines)?;
        let body = body(bytes, body_start, &headers)?;
        if let Some(rest) = first.strip_prefix("SIP/") {
            let (status, reason) = parse_status(rest)?;
            return Ok(Self::Response(Response { status, reason, headers, body }));
        }
        let (method, uri) = parse_request_line(&first)?;
        Ok(Self::Request(Request { method, uri, headers, body }))
    }

    #[must_use]
    pub fn headers(&self) -> &Headers {
        match self {
            Self::Request(request) => &request.headers,
            Self::Response(response) => &response.headers,
        }
    }

    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        match self {
            Self::Request(request) => request.to_bytes(),
            Self::Response(response) => response.to_bytes(),
        }
    }
}

impl Request {
    #[must_use]
    pub fn new(method: Method, uri: impl Into<String>) -> Self {
        Self { method, uri: uri.into(), headers: Headers::new(), body: Bytes::new() }
    }

    /// Content-Length is written from the body.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        print(&format!("{} {} SIP/2.0", self.method, self.uri), &self.headers, &self.body)
    }

    #[must_use]
    pub fn to(&self) -> Address<'_> {
        Address::parse(self.headers.get(&Name::To).unwrap_or_default())
    }

    #[must_use]
    pub fn from(&self) -> Address<'_> {
        Address::parse(self.headers.get(&Name::From).unwrap_or_default())
    }

    #[must_use]
    pub fn call_id(&self) -> &str {
        self.headers.get(&Name::CallId).unwrap_or_default()
    }

    /// The number of CSeq; `None` if it is missing or no 31-bit number (RFC 3261 8.1.1.5).
    #[must_use]
    pub fn cseq(&self) -> Option<u32> {
        cseq(&self.headers).map(|(number, _)| number)
    }

    /// Starts the response: Via, From, To, Call-ID and CSeq are copied raw (RFC 3261 8.2.6.2).
    #[must_use]
    pub fn response(&self, status: u16) -> Response {
        let mut headers = Headers::new();
        for (name, value) in self.headers.iter() {
            if matches!(name, Name::Via | Name::From | Name::To | Name::CallId | Name::CSeq) {
                headers.push(name.clone(), value);
            }
        }
        Response { status, reason: reason_phrase(status).to_owned(), headers, body: Bytes::new() }
    }

    /// As [`Self::response`], with `tag` put on a To that has none.
    #[must_use]
    pub fn tagged_response(&self, status: u16, tag: &str) -> Response {
        let mut response = self.response(status);
        if self.to().tag().is_none() {
            let to = self.headers.get(&Name::To).unwrap_or_default();
            response.headers.set(Name::To, format!("{to};tag={tag}"));
        }
        response
    }
}

impl Response {
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        print(&format!("SIP/2.0 {} {}", self.status, self.reason), &self.headers, &self.body)
    }

    #[must_use]
    pub fn is_provisional(&self) -> bool {
        self.status < 200
    }

    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    #[must_use]
    pub fn to(&self) -> Address<'_> {
        Address::parse(self.headers.get(&Name::To).unwrap_or_default())
    }

    /// The number and method of CSeq.
    #[must_use]
    pub fn cseq(&self) -> Option<(u32, Method)> {
        cseq(&self.headers)
    }

    #[must_use]
    pub fn with(mut self, name: Name, value: impl Into<String>) -> Self {
        self.headers.push(name, value);
        self
    }
}

/// The number and method of a CSeq line (RFC 3261 20.16).
#[must_use]
pub fn cseq(headers: &Headers) -> Option<(u32, Method)> {
    let (number, method) = headers.get(&Name::CSeq)?.trim().split_once([' ', '\t'])?;
    let number = number.parse().ok().filter(|number: &u32| *number < 1 << 31)?;
    Some((number, Method::parse(method.trim())))
}

fn print(first: &str, headers: &Headers, body: &Bytes) -> Bytes {
    let size: usize =
        headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    let mut text = Vec::with_capacity(first.len() + size + body.len() + 32);
    text.extend_from_slice(first.as_bytes());
    text.extend_from_slice(b"\r\n");
    for (name, value) in headers.iter().filter(|(name, _)| **name != Name::ContentLength) {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    text.extend_from_slice(body);
    Bytes::from(text)
}

/// Where the header ends and the body starts; bare LF is taken for CRLF.
#[must_use]
pub fn head_end(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut at = 0;
    while let Some(found) = bytes.get(at..)?.iter().position(|b| *b == b'\n') {
        let line_end = at + found;
        at = line_end + 1;
        if bytes[at..].starts_with(b"\r\n") {
            return Some((line_end, at + 2));
        }
        if bytes[at..].starts_with(b"\n") {
            return Some((line_end, at + 1));
        }
    }
    None
}

fn decoded(head: &[u8]) -> String {
    std::str::from_utf8(head)
        .map_or_else(|_| head.iter().map(|b| char::from(*b)).collect(), str::to_owned)
}

/// Lines with continuation lines joined to them (RFC 3261 7.3.1).
fn unfolded(head: &str) -> impl Iterator<Item = String> {
    let mut lines = head.split('\n').map(|line| line.trim_end_matches('\r')).peekable();
    std::iter::from_fn(move || {
        let mut line = lines.next()?.to_owned();
        while let Some(more) = lines.next_if(|next| next.starts_with([' ', '\t'])) {
            line.push(' ');
            line.push_str(more.trim());
        }
        Some(line)
    })
}

fn parse_headers(lines: impl Iterator<Item = String>) -> Result<Headers, ParseError> {
    let mut headers = Headers::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(ParseError::HeaderLine)?;
        let name = name.trim_end();
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(ParseError::HeaderLine);
        }
        let name = Name::parse(name);
        // Ours is written anew, so a message without one must still have room for it.
        let room = MAX_HEADERS + usize::from(name == Name::ContentLength);
        if headers.len() >= room {
            return Err(ParseError::TooManyHeaders);
        }
        // A bare CR or NUL inside a value would split or cut the line when it is sent on.
        let clean = value.contains(['\r', '\0']).then(|| value.replace(['\r', '\0'], " "));
        headers.push(name, clean.as_deref().unwrap_or(value).trim());
    }
    Ok(headers)
}

fn body(bytes: &Bytes, start: usize, headers: &Headers) -> Result<Bytes, ParseError> {
    let there = bytes.len() - start;
    let length = match headers.get(&Name::ContentLength) {
        Some(text) => text.trim().parse().map_err(|_| ParseError::ContentLength)?,
        None => there,
    };
    if length > there {
        return Err(ParseError::ContentLength);
    }
    Ok(bytes.slice(start..start + length))
}

fn parse_status(rest: &str) -> Result<(u16, String), ParseError> {
    let rest = rest.strip_prefix("2.0 ").ok_or(ParseError::Version)?;
    let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = status.parse().ok().filter(|status| (100..700).contains(status));
    Ok((status.ok_or(ParseError::FirstLine)?, reason.to_owned()))
}

fn parse_request_line(line: &str) -> Result<(Method, String), ParseError> {
    let mut words = line.split(' ');
    let (Some(method), Some(uri), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(ParseError::FirstLine);
    };
    let token = |b: u8| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b);
    if method.is_empty() || !method.bytes().all(token) || uri.is_empty() {
        return Err(ParseError::FirstLine);
    }
    if !version.eq_ignore_ascii_case("SIP/2.0") {
        return Err(if version.starts_with("SIP/") {
            ParseError::Version
        } else {
            ParseError::FirstLine
        });
    }
    Ok((Method::parse(method), uri.to_owned()))
}

/// The usual words for a status (RFC 3261 21 and the registry).
#[must_use]
pub fn reason_phrase(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        180 => "Ringing",
        181 => "Call Is Being Forwarded",
        183 => "Session Progress",
        200 => "OK",
        202 => "Accepted",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        420 => "Bad Extension",
        421 => "Extension Required",
        422 => "Session Interval Too Small",
        423 => "Interval Too Brief",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        483 => "Too Many Hops",
        484 => "Address Incomplete",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        489 => "Bad Event",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        504 => "Server Time-out",
        505 => "Version Not Supported",
        513 => "Message Too Large",
        600 => "Busy Everywhere",
        603 => "Decline",
        604 => "Does Not Exist Anywhere",
        606 => "Not Acceptable",
        _ => "Response",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Message, ParseError> {
        Message::parse(&Bytes::copy_from_slice(text.as_bytes()))
    }

    #[test]
    fn a_message_is_printed_as_it_was_read() {
        let text = "INVITE sip:*97#1@h_x SIP/2.0\r\nVia: SIP/2.0/UDP h_1;branch=z9hG4bK1\r\n\
                    From: \"A \\\" B\" <sip:a@b>;TAG=1\r\nX-Own: v\r\nContent-Length: 4\r\n\r\nbody";
        let message = parse(text).unwrap();
        let printed = message.to_bytes();
        assert_eq!(parse(std::str::from_utf8(&printed).unwrap()).unwrap().to_bytes(), printed);
        let Message::Request(request) = message else { panic!("a request") };
        assert_eq!(request.from().tag(), Some("1"));
        assert_eq!(&request.body[..], b"body");
    }

    #[test]
    fn compact_folded_and_bare_lf_headers_are_read() {
        let message =
            parse("SIP/2.0 200 OK\nv: SIP/2.0/UDP a\n ;branch=1\ni: x\nl: 0\n\nrest").unwrap();
        assert_eq!(message.headers().get(&Name::Via), Some("SIP/2.0/UDP a ;branch=1"));
        assert_eq!(message.headers().get(&Name::CallId), Some("x"));
    }

    #[test]
    fn a_length_past_the_end_is_refused_without_harm() {
        for length in ["5", "18446744073709551614", "99999999999999999999999", "-1", "x"] {
            let text = format!("BYE sip:a SIP/2.0\r\nContent-Length: {length}\r\n\r\n");
            assert_eq!(parse(&text), Err(ParseError::ContentLength), "{length}");
        }
    }

    #[test]
    fn a_message_with_the_most_header_lines_can_still_be_sent_on() {
        let text = format!("BYE sip:a SIP/2.0\r\n{}\r\n", "X: y\r\n".repeat(MAX_HEADERS));
        let printed = parse(&text).unwrap().to_bytes();
        assert!(Message::parse(&printed).is_ok());
        let text = format!("BYE sip:a SIP/2.0\r\n{}\r\n", "X: y\r\n".repeat(MAX_HEADERS + 1));
        assert_eq!(parse(&text), Err(ParseError::TooManyHeaders));
    }

    #[test]
    fn what_is_no_sip_is_refused() {
        for (text, error) in [
            ("\r\n\r\n", ParseError::FirstLine),
            ("INVITE sip:a SIP/3.0\r\n\r\n", ParseError::Version),
            ("GET / HTTP/1.1\r\n\r\n", ParseError::FirstLine),
            ("INVITE  sip:a SIP/2.0\r\n\r\n", ParseError::FirstLine),
            ("BYE sip:a SIP/2.0\r\nno colon\r\n\r\n", ParseError::HeaderLine),
            ("BYE sip:a SIP/2.0\r\n", ParseError::NoEnd),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }
}
