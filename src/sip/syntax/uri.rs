//! SIP and tel URIs, read leniently from raw text (RFC 3261 19.1, RFC 3966).

/// The parts of a URI, borrowed raw; what a caller needs is decoded by the methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uri<'a> {
    /// `sip`, `sips`, `tel` or whatever stands before the colon, as written.
    pub scheme: &'a str,
    /// User part or telephone number, percent-encoded as written; empty if there is none.
    pub user: &'a str,
    /// Host name or address; IPv6 in its brackets; empty for `tel`.
    pub host: &'a str,
    pub port: Option<u16>,
    /// From the first `;` on, headers after `?` cut off.
    pub parameters: &'a str,
}

impl<'a> Uri<'a> {
    /// # Errors
    /// `None` when there is no scheme, no host in a SIP URI, or the port is no number.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once(':')?;
        if scheme.is_empty()
            || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        {
            return None;
        }
        if scheme.eq_ignore_ascii_case("tel") {
            let end = rest.find(';').unwrap_or(rest.len());
            return Some(Self {
                scheme,
                user: &rest[..end],
                host: "",
                port: None,
                parameters: &rest[end..],
            });
        }
        let (user, rest) = rest.rsplit_once('@').unwrap_or(("", rest));
        let user = user.split(':').next().unwrap_or_default();
        let rest = rest.split('?').next().unwrap_or_default();
        let end = rest.find(';').unwrap_or(rest.len());
        let (host, port) = host_and_port(&rest[..end])?;
        Some(Self { scheme, user, host, port, parameters: &rest[end..] })
    }

    #[must_use]
    pub fn is_sip(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("sip") || self.scheme.eq_ignore_ascii_case("sips")
    }

    /// The user part without its own parameters, percent-decoded.
    #[must_use]
    pub fn user_text(&self) -> String {
        percent_decoded(self.user.split(';').next().unwrap_or_default())
    }

    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        crate::sip::syntax::text::parameter(self.parameters, name)
    }
}

/// `host`, `host:port`, `[v6]`, `[v6]:port`.
#[must_use]
pub fn host_and_port(text: &str) -> Option<(&str, Option<u16>)> {
    let text = text.trim();
    let split = if text.starts_with('[') {
        text.find(']')? + 1
    } else {
        text.find(':').unwrap_or(text.len())
    };
    let (host, rest) = text.split_at(split);
    if host.is_empty() {
        return None;
    }
    match rest.strip_prefix(':') {
        Some(port) => Some((host, Some(port.trim().parse().ok()?))),
        None if rest.is_empty() => Some((host, None)),
        None => None,
    }
}

/// Bad escapes stay as they are; what is not UTF-8 becomes the replacement character.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escape {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_and_odd_uris_are_read() {
        let uri = Uri::parse("sip:%2A97%23;x=y:pw@h_1.example:5070;transport=tcp?a=b").unwrap();
        assert_eq!((uri.host, uri.port), ("h_1.example", Some(5070)));
        assert_eq!(uri.user_text(), "*97#");
        assert_eq!(uri.parameter("Transport"), Some("tcp"));
        let v6 = Uri::parse("sip:101@[::1]:5060;lr").unwrap();
        assert_eq!((v6.host, v6.port, v6.parameter("lr")), ("[::1]", Some(5060), Some("")));
        let tel = Uri::parse("tel:+82-70-1234;phone-context=x").unwrap();
        assert_eq!(tel.user_text(), "+82-70-1234");
        assert_eq!(Uri::parse("sip:h").unwrap().user_text(), "");
    }

    #[test]
    fn nonsense_is_no_uri() {
        for text in ["", "sip", ":x", "sip:", "sip:a@", "sip:a@h:99999", "sip:a@[::1", "<sip:a@b>"]
        {
            assert_eq!(Uri::parse(text), None, "{text}");
        }
    }
}
