//! A SIP message as a test phone reads and writes it: a start line, headers in order, a body.

/// Above this a datagram is no message for a test phone (RFC 3261 18.1.1 sends such by TCP).
const MAX_BYTES: usize = 65_535;

/// Long and compact names of the headers a test phone looks for (RFC 3261 7.3.3).
const COMPACT: &[(&str, &str)] = &[
    ("Via", "v"),
    ("From", "f"),
    ("To", "t"),
    ("Call-ID", "i"),
    ("Contact", "m"),
    ("Content-Length", "l"),
    ("Content-Type", "c"),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub start: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Message {
    #[must_use]
    pub fn request(method: &str, uri: &str) -> Self {
        Self { start: format!("{method} {uri} SIP/2.0"), headers: Vec::new(), body: String::new() }
    }

    /// An answer to `request`, with the headers that RFC 3261 8.2.6.2 has us copy.
    #[must_use]
    pub fn answer(request: &Self, status: u16, reason: &str) -> Self {
        let copied = ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"];
        let headers = copied
            .iter()
            .flat_map(|name| request.all(name).map(|value| ((*name).to_owned(), value.to_owned())))
            .collect();
        Self { start: format!("SIP/2.0 {status} {reason}"), headers, body: String::new() }
    }

    /// `None` when the bytes are no SIP message, among them keep-alives.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_BYTES {
            return None;
        }
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let start = lines.next()?.to_owned();
        if !start.contains("SIP/2.0") {
            return None;
        }
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines {
            if line.starts_with([' ', '\t']) {
                let (_, value) = headers.last_mut()?;
                value.push(' ');
                value.push_str(line.trim());
            } else {
                let (name, value) = line.split_once(':')?;
                headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Some(Self { start, headers, body: body.to_owned() })
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn with_session(mut self, description: String) -> Self {
        self.body = description;
        self.with("Content-Type", "application/sdp")
    }

    pub fn replace(&mut self, name: &str, value: &str) {
        for (_, kept) in self.headers.iter_mut().filter(|(n, _)| n.eq_ignore_ascii_case(name)) {
            value.clone_into(kept);
        }
    }

    /// The first header of that name, compact or not.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| is_named(n, name)).map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(n, _)| is_named(n, name)).map(|(_, value)| value.as_str())
    }

    /// The method of a request.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        let (method, _) = self.start.split_once(' ')?;
        (method != "SIP/2.0").then_some(method)
    }

    /// The Request-URI of a request.
    #[must_use]
    pub fn uri(&self) -> Option<&str> {
        self.method()?;
        self.start.split(' ').nth(1)
    }

    /// The status of an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        let rest = self.start.strip_prefix("SIP/2.0 ")?;
        rest.split(' ').next()?.parse().ok()
    }

    /// Number and method of the CSeq header.
    #[must_use]
    pub fn cseq(&self) -> Option<(u32, &str)> {
        let (number, method) = self.header("CSeq")?.split_once(' ')?;
        Some((number.parse().ok()?, method.trim()))
    }

    #[must_use]
    pub fn call_id(&self) -> &str {
        self.header("Call-ID").unwrap_or_default()
    }

    /// The branch of the topmost Via: what ties answers to requests (RFC 3261 17.1.3).
    #[must_use]
    pub fn branch(&self) -> &str {
        self.header("Via").and_then(|via| parameter(via, "branch")).unwrap_or_default()
    }

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.start);
        for (name, value) in &self.headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{}", self.body.len(), self.body));
        text.into_bytes()
    }
}

fn is_named(header: &str, name: &str) -> bool {
    let compact = COMPACT.iter().find(|(long, _)| *long == name);
    header.eq_ignore_ascii_case(name)
        || compact.is_some_and(|(_, short)| header.eq_ignore_ascii_case(short))
}

/// A header's parameter: `tag` of `<sip:a@b;x=1>;tag=9` is `9`. Parameters inside `<…>` are the
/// URI's and not looked at.
#[must_use]
pub fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let outside = header.rfind('>').map_or(header, |at| &header[at + 1..]);
    outside.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The URI of a header such as From, To or Contact, without the angle brackets.
#[must_use]
pub fn uri_of(header: &str) -> &str {
    match (header.find('<'), header.rfind('>')) {
        (Some(from), Some(to)) if from < to => &header[from + 1..to],
        _ => header.split(';').next().unwrap_or_default().trim(),
    }
}

/// The user part of a URI: `101` of `sip:101@office.example:5060`.
#[must_use]
pub fn user_of(uri: &str) -> &str {
    let rest = uri.split_once(':').map_or(uri, |(_, rest)| rest);
    rest.split_once('@').map_or("", |(user, _)| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:101@10.0.0.1 SIP/2.0\r\n\
        v: SIP/2.0/UDP 10.0.0.9:5060;rport;branch=z9hG4bK1\r\n\
        f: \"A; B\" <sip:102@x;p=1>;tag=aa\r\nTo: <sip:101@x>\r\ni: c1\r\n\
        Subject: long\r\n  one\r\nCSeq: 7 INVITE\r\nContent-Length: 2\r\n\r\nhi";

    #[test]
    fn a_request_is_read_with_compact_and_folded_headers() {
        let invite = Message::parse(INVITE.as_bytes()).unwrap();
        assert_eq!(invite.method(), Some("INVITE"));
        assert_eq!(invite.uri(), Some("sip:101@10.0.0.1"));
        assert_eq!(invite.cseq(), Some((7, "INVITE")));
        assert_eq!(invite.branch(), "z9hG4bK1");
        assert_eq!(invite.header("Subject"), Some("long one"));
        assert_eq!(parameter(invite.header("From").unwrap(), "tag"), Some("aa"));
        assert_eq!(user_of(uri_of(invite.header("From").unwrap())), "102");
        assert_eq!(invite.body, "hi");
    }

    #[test]
    fn an_answer_survives_its_own_wire_form() {
        let invite = Message::parse(INVITE.as_bytes()).unwrap();
        let answer = Message::answer(&invite, 180, "Ringing");
        let read = Message::parse(&answer.to_bytes()).unwrap();
        assert_eq!(read.status(), Some(180));
        assert_eq!(read.call_id(), "c1");
        assert_eq!(read.method(), None);
    }

    #[test]
    fn what_is_no_message_is_none() {
        for bytes in [&b""[..], b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\xff\xfe\r\n\r\n"] {
            assert_eq!(Message::parse(bytes), None);
        }
    }
}
