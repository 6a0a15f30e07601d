//! Cuts the messages out of a TCP stream (RFC 3261 18.3, RFC 5626 4.4.1).

use std::time::{Duration, Instant};

use bytes::{Buf, Bytes, BytesMut};
use memchr::memchr;

use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::head_end;
use crate::sip::syntax::prescan::Lines;

/// Header and body of one message together; the longest a datagram could be.
pub const MAX_MESSAGE: usize = 65_536;

/// A new connection has so long to say something whole.
const FIRST_MESSAGE: Duration = Duration::from_secs(10);
/// A message once begun has so long to end.
const WHOLE_MESSAGE: Duration = Duration::from_secs(20);
/// A phone renews its registration within the hour, and most ping much more often.
const IDLE: Duration = Duration::from_secs(75 * 60);

/// One thing cut out of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    Message(Bytes),
    /// A double CRLF; wants a single one back.
    Ping,
}

/// Why the stream cannot be read any further; the connection is to be closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("a message of more than {MAX_MESSAGE} bytes")]
    TooLong,
    #[error("not SIP")]
    NotSip,
    /// With the header, so that it can be answered.
    #[error("no usable Content-Length")]
    ContentLength(Bytes),
}

/// The bytes that came and are no whole message yet.
#[derive(Debug)]
pub struct Framer {
    buffer: BytesMut,
    part: Part,
    /// When the connection must have got further.
    deadline: Instant,
    /// Whether a message has ever come; pings alone keep no connection.
    has_spoken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Between messages.
    Between,
    /// In a header; it does not end before `searched`.
    Head { searched: usize },
    /// In a body; the whole message has `length` bytes.
    Body { length: usize },
}

impl Framer {
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            buffer: BytesMut::new(),
            part: Part::Between,
            deadline: now + FIRST_MESSAGE,
            has_spoken: false,
        }
    }

    /// Close the connection then, unless more has come.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Takes in what was read. Ask [`Self::poll_frame`] until `None` before the next.
    pub fn handle_bytes(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// # Errors
    /// Nothing can be read after an error.
    pub fn poll_frame(&mut self, now: Instant) -> Result<Option<Frame>, FrameError> {
        loop {
            match self.part {
                Part::Between => {
                    if let Some(frame) = self.between(now)? {
                        return Ok(Some(frame));
                    }
                    if self.part == Part::Between {
                        return Ok(None);
                    }
                }
                Part::Head { searched } => {
                    if !self.head(searched)? {
                        return Ok(None);
                    }
                }
                Part::Body { length } if self.buffer.len() < length => return Ok(None),
                Part::Body { length } => {
                    self.ended(now);
                    return Ok(Some(Frame::Message(self.buffer.split_to(length).freeze())));
                }
            }
        }
    }

    /// Line ends before a message are skipped; four bytes of them are a ping.
    fn between(&mut self, now: Instant) -> Result<Option<Frame>, FrameError> {
        loop {
            if self.buffer.starts_with(b"\r\n\r\n") {
                self.buffer.advance(4);
                if self.has_spoken {
                    self.deadline = now + IDLE;
                }
                return Ok(Some(Frame::Ping));
            }
            match self.buffer[..] {
                [] | [b'\r'] | [b'\r', b'\n'] | [b'\r', b'\n', b'\r'] => return Ok(None),
                [b'\r', b'\n', ..] => self.buffer.advance(2),
                [b'\n', ..] => self.buffer.advance(1),
                [first, ..] if first.is_ascii_graphic() => break,
                [_, ..] => return Err(FrameError::NotSip),
            }
        }
        self.part = Part::Head { searched: 0 };
        if self.has_spoken {
            self.deadline = now + WHOLE_MESSAGE;
        }
        Ok(None)
    }

    /// Whether the header has ended.
    fn head(&mut self, searched: usize) -> Result<bool, FrameError> {
        let from = searched.saturating_sub(3);
        let Some((_, body)) = head_end(&self.buffer[from..]) else {
            self.part = Part::Head { searched: self.buffer.len() };
            let line = memchr(b'\n', &self.buffer[..]);
            if line.is_some_and(|end| !names_sip(&self.buffer[..end])) {
                return Err(FrameError::NotSip);
            }
            return if self.buffer.len() > MAX_MESSAGE {
                Err(FrameError::TooLong)
            } else {
                Ok(false)
            };
        };
        let head = &self.buffer[..from + body];
        let first = memchr(b'\n', head).unwrap_or(head.len());
        if !names_sip(&head[..first]) {
            return Err(FrameError::NotSip);
        }
        let Some(length) = content_length(head) else {
            let head = Bytes::copy_from_slice(head);
            return Err(FrameError::ContentLength(head));
        };
        let length = length.saturating_add(head.len());
        if length > MAX_MESSAGE {
            return Err(FrameError::TooLong);
        }
        self.part = Part::Body { length };
        Ok(true)
    }

    fn ended(&mut self, now: Instant) {
        self.part = Part::Between;
        self.has_spoken = true;
        self.deadline = now + IDLE;
    }
}

fn names_sip(line: &[u8]) -> bool {
    line.windows(4).any(|word| word.eq_ignore_ascii_case(b"SIP/"))
}

/// 0 without one (a stream needs it, but what else could it mean); `None` if it is no number or
/// there are two that differ.
fn content_length(head: &[u8]) -> Option<usize> {
    let mut lines = Lines::new(head);
    lines.next_line()?;
    let mut found = None;
    while let Some(line) = lines.next_header() {
        let Some(colon) = memchr(b':', line) else { continue };
        let name = std::str::from_utf8(line[..colon].trim_ascii()).unwrap_or_default();
        if Name::parse(name) != Name::ContentLength {
            continue;
        }
        let value = std::str::from_utf8(line[colon + 1..].trim_ascii()).ok()?;
        let length = value.parse().ok().filter(|_| !value.starts_with('+'))?;
        if found.is_some_and(|other: usize| other != length) {
            return None;
        }
        found = Some(length);
    }
    Some(found.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    const ONE: &str = "BYE sip:a SIP/2.0\r\nl: 3\r\nVia: x\r\n\r\nabc";
    const TWO: &str = "SIP/2.0 200 OK\r\nContent-Length : 0\r\n\r\n";

    fn frames(framer: &mut Framer, bytes: &[u8], now: Instant) -> Vec<Frame> {
        framer.handle_bytes(bytes);
        std::iter::from_fn(|| framer.poll_frame(now).unwrap()).collect()
    }

    #[test]
    fn any_cut_gives_the_same_messages() {
        let now = clock::now().ticks;
        let stream = format!("\r\n\r\n{ONE}{TWO}\r\n\r\n\r\n{ONE}");
        let message = |text: &str| Frame::Message(Bytes::copy_from_slice(text.as_bytes()));
        let expected = [Frame::Ping, message(ONE), message(TWO), Frame::Ping, message(ONE)];
        for step in 1..stream.len() {
            let mut framer = Framer::new(now);
            let mut got = Vec::new();
            for piece in stream.as_bytes().chunks(step) {
                got.extend(frames(&mut framer, piece, now));
            }
            assert_eq!(got, expected, "{step}");
        }
    }

    #[test]
    fn a_stream_that_is_no_sip_ends_at_once() {
        let now = clock::now().ticks;
        for bytes in [&b"\x16\x03\x01"[..], b"GET / HTTP/1.1\r\n", b"\0", b"hello\n"] {
            let mut framer = Framer::new(now);
            framer.handle_bytes(bytes);
            assert_eq!(framer.poll_frame(now), Err(FrameError::NotSip));
        }
    }

    #[test]
    fn lengths_that_lie_end_the_stream_with_the_head_to_answer() {
        let now = clock::now().ticks;
        for lines in ["l: -1", "l: x", "l: 99999999999999999999", "l:", "l: 1\r\nl: 2", "l: +1"] {
            let text = format!("BYE sip:a SIP/2.0\r\n{lines}\r\n\r\n");
            let mut framer = Framer::new(now);
            framer.handle_bytes(text.as_bytes());
            let head = Bytes::copy_from_slice(text.as_bytes());
            assert_eq!(framer.poll_frame(now), Err(FrameError::ContentLength(head)), "{lines}");
        }
        let mut framer = Framer::new(now);
        framer.handle_bytes(b"BYE sip:a SIP/2.0\r\nl: 18446744073709551614\r\n\r\n");
        assert_eq!(framer.poll_frame(now), Err(FrameError::TooLong));
    }

    #[test]
    fn one_endless_header_is_cut_off() {
        let now = clock::now().ticks;
        let mut framer = Framer::new(now);
        framer.handle_bytes(b"BYE sip:a SIP/2.0\r\nX: ");
        let mut fed = 0;
        let error = loop {
            match framer.poll_frame(now) {
                Ok(frame) => assert_eq!(frame, None),
                Err(error) => break error,
            }
            framer.handle_bytes(&[b'a'; 1000]);
            fed += 1000;
        };
        assert_eq!(error, FrameError::TooLong);
        assert!(fed <= MAX_MESSAGE + 1000);
    }

    #[test]
    fn time_limits_follow_what_has_come() {
        let start = clock::now().ticks;
        let later = start + Duration::from_secs(5);
        let mut framer = Framer::new(start);
        assert!(frames(&mut framer, b"BYE sip", later).is_empty());
        assert_eq!(framer.deadline(), start + FIRST_MESSAGE);
        assert_eq!(frames(&mut framer, b":a SIP/2.0\r\n\r\n", later).len(), 1);
        assert_eq!(framer.deadline(), later + IDLE);
        assert!(frames(&mut framer, b"B", later).is_empty());
        assert_eq!(framer.deadline(), later + WHOLE_MESSAGE);
        assert!(frames(&mut framer, b"Y", later + WHOLE_MESSAGE).is_empty());
        assert_eq!(framer.deadline(), later + WHOLE_MESSAGE);
    }
}
