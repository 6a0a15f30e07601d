//! A look at a message that costs next to nothing: what names its transaction, and no more.

use memchr::memchr;

use crate::sip::syntax::via::Via;

/// The first word of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start<'a> {
    /// The method, raw.
    Request(&'a [u8]),
    Status(u16),
}

/// What one pass over the header finds, borrowed raw. Copies of known messages and floods are
/// dealt with from here; only what is new is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scan<'a> {
    pub start: Start<'a>,
    /// The topmost Via.
    pub via: Via<'a>,
    pub call_id: &'a [u8],
    pub cseq: u32,
    /// The method that CSeq names.
    pub cseq_method: &'a [u8],
    /// Whether To has a tag: whether the request belongs to a dialog.
    pub has_to_tag: bool,
    /// Whether it answers a challenge, be it ours or another's.
    pub has_credentials: bool,
}

impl<'a> Scan<'a> {
    /// `None` when the message lacks what names its transaction, or it cannot be read; a full
    /// parse then tells why.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let mut lines = Lines { bytes, at: 0 };
        let start = start(lines.next_line()?)?;
        let (mut via, mut call_id, mut cseq) = (None, None, None);
        let (mut has_to_tag, mut has_credentials) = (false, false);
        while let Some(line) = lines.next_header() {
            match named(line) {
                Some((Wanted::Via, value)) if via.is_none() => via = Some(value),
                Some((Wanted::CallId, value)) if call_id.is_none() => call_id = Some(value),
                Some((Wanted::CSeq, value)) if cseq.is_none() => cseq = Some(value),
                Some((Wanted::To, value)) => has_to_tag |= tagged(value),
                Some((Wanted::Credentials, _)) => has_credentials = true,
                Some(_) | None => {}
            }
        }
        let via = Via::parse(std::str::from_utf8(via?).ok()?)?;
        let (cseq, cseq_method) = number_and_method(cseq?)?;
        let call_id = call_id.filter(|call_id| !call_id.is_empty())?;
        Some(Self { start, via, call_id, cseq, cseq_method, has_to_tag, has_credentials })
    }
}

/// Header lines of raw bytes, with their continuation lines, up to the empty line.
pub struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next physical line without its end.
    pub fn next_line(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        self.at += length + 1;
        let line = &rest[..length];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The next header field, folds included; `None` at the empty line or the end.
    pub fn next_header(&mut self) -> Option<&'a [u8]> {
        let from = self.at;
        let line = self.next_line().filter(|line| !line.is_empty())?;
        let mut to = from + line.len();
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t')) {
            let from = self.at;
            to = from + self.next_line()?.len();
        }
        self.bytes.get(from..to)
    }
}

enum Wanted {
    Via,
    CallId,
    CSeq,
    To,
    Credentials,
}

fn named(line: &[u8]) -> Option<(Wanted, &[u8])> {
    if !matches!(line.first()?.to_ascii_lowercase(), b'v' | b'i' | b'c' | b't' | b'a' | b'p') {
        return None;
    }
    let (name, value) = line.split_at(memchr(b':', line)?);
    let value = value[1..].trim_ascii();
    let name = name.trim_ascii_end();
    let is = |full: &[u8], compact: &[u8]| {
        name.eq_ignore_ascii_case(full) || name.eq_ignore_ascii_case(compact)
    };
    if is(b"via", b"v") {
        Some((Wanted::Via, value))
    } else if is(b"call-id", b"i") {
        Some((Wanted::CallId, value))
    } else if is(b"cseq", b"cseq") {
        Some((Wanted::CSeq, value))
    } else if is(b"to", b"t") {
        Some((Wanted::To, value))
    } else if is(b"authorization", b"proxy-authorization") {
        Some((Wanted::Credentials, value))
    } else {
        None
    }
}

fn start(line: &[u8]) -> Option<Start<'_>> {
    if let Some(rest) = line.strip_prefix(b"SIP/2.0 ") {
        let digits = rest.get(..3).filter(|_| rest.get(3).is_none_or(|b| *b == b' '))?;
        let status = std::str::from_utf8(digits).ok()?.parse().ok()?;
        return (100..700).contains(&status).then_some(Start::Status(status));
    }
    let method = &line[..memchr(b' ', line)?];
    let version = line.len().checked_sub(8).map(|from| &line[from..])?;
    version
        .eq_ignore_ascii_case(b" SIP/2.0")
        .then_some(Start::Request(method))
        .filter(|_| !method.is_empty())
}

fn number_and_method(value: &[u8]) -> Option<(u32, &[u8])> {
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    let (number, method) = value.split_at(digits);
    let number = std::str::from_utf8(number).ok()?.parse().ok()?;
    method.first().filter(|b| b.is_ascii_whitespace())?;
    Some((number, method.trim_ascii())).filter(|(_, method)| !method.is_empty())
}

/// Whether a To value has a tag. A `;tag=` inside of quotes would be taken for one too; what
/// hangs on the answer bears that.
fn tagged(value: &[u8]) -> bool {
    let from = value.iter().rposition(|b| *b == b'>').unwrap_or(0);
    value[from..].split(|b| *b == b';').skip(1).any(|part| {
        let name = &part[..memchr(b'=', part).unwrap_or(part.len())];
        name.trim_ascii().eq_ignore_ascii_case(b"tag")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_transaction_is_found() {
        let text = b"INVITE sip:a@b SIP/2.0\r\nVIA : SIP/2.0/UDP h_1\r\n ;branch=z9hG4bK7\r\n\
                     v: SIP/2.0/UDP other;branch=z9hG4bK8\r\nt: <sip:x;tag=1>;TAG=9\r\n\
                     I: 1@h\r\ncseq:  7\tINVITE\r\n\r\nVia: in the body";
        let scan = Scan::of(text).unwrap();
        assert_eq!(scan.start, Start::Request(b"INVITE"));
        assert_eq!((scan.via.host, scan.via.branch()), ("h_1", Some("z9hG4bK7")));
        assert_eq!((scan.call_id, scan.cseq, scan.cseq_method), (&b"1@h"[..], 7, &b"INVITE"[..]));
        assert!(scan.has_to_tag && !scan.has_credentials);
        for name in ["Authorization", "proxy-authorization"] {
            let text = format!(
                "A b SIP/2.0\r\nv: SIP/2.0/UDP h\r\ni: 1\r\ncseq: 1 A\r\n{name}: x\r\n\r\n"
            );
            assert!(Scan::of(text.as_bytes()).unwrap().has_credentials, "{name}");
        }
    }

    #[test]
    fn a_tag_of_the_uri_is_no_tag() {
        assert!(!tagged(b"<sip:a;tag=1@h>"));
        assert!(!tagged(b"sip:a@h"));
        assert!(tagged(b"sip:a@h ; tag = 1"));
    }

    #[test]
    fn what_names_no_transaction_is_left_to_the_parser() {
        for text in [
            "",
            "\r\n\r\n",
            "INVITE sip:a SIP/2.0\r\n\r\n",
            "SIP/2.0 99 X\r\nv: SIP/2.0/UDP h\r\ni: 1\r\ncseq: 1 A\r\n\r\n",
            "SIP/2.0 2000 X\r\nv: SIP/2.0/UDP h\r\ni: 1\r\ncseq: 1 A\r\n\r\n",
            "A b SIP/2.0\r\nv: SIP/2.0/UDP h\r\ni: 1\r\ncseq: 4294967296 A\r\n\r\n",
            "A b SIP/2.0\r\nv: SIP/2.0/UDP h\r\ni: 1\r\ncseq: 1A\r\n\r\n",
            "A b SIP/2.0\r\nv: nonsense\r\ni: 1\r\ncseq: 1 A\r\n\r\n",
            "A b SIP/2.0\r\nv: SIP/2.0/UDP h\r\ni:\r\ncseq: 1 A\r\n\r\n",
        ] {
            assert_eq!(Scan::of(text.as_bytes()), None, "{text:?}");
        }
    }
}
