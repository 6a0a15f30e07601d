//! Where another server is reached over HTTP.

use std::fmt;

use serde::{Deserialize, Serialize};

/// In bytes; longer ones are refused by many servers.
const LONGEST: usize = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

/// `http://host[:port]/path?query` or the same with `https`, made of what may stand in a request
/// as it is: no blanks, no control characters, no fragment, no user or password (RFC 3986, 3.2.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebAddress(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write an address as http://host:port/path")]
pub struct NoWebAddress;

impl WebAddress {
    /// # Errors
    /// When the text is no such address.
    pub fn parse(text: &str) -> Result<Self, NoWebAddress> {
        let address = Self(text.to_owned());
        let is_plain = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_tidy = !text.contains(['#', '\\', '"', '<', '>', '^', '`', '{', '|', '}']);
        let (host, port) = address.split().ok_or(NoWebAddress)?;
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
        let has_host = !host.is_empty() && host.chars().all(is_host);
        let has_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
        let is_good = is_plain && is_tidy && has_host && has_port;
        if is_good { Ok(address) } else { Err(NoWebAddress) }
    }

    fn rest(&self) -> Option<(Scheme, &str)> {
        let http = self.0.strip_prefix("http://").map(|rest| (Scheme::Http, rest));
        http.or_else(|| self.0.strip_prefix("https://").map(|rest| (Scheme::Https, rest)))
    }

    /// The host without the brackets of an IPv6 address, and what stands behind its colon.
    fn split(&self) -> Option<(&str, Option<&str>)> {
        self.rest()?;
        let authority = self.authority();
        if let Some(rest) = authority.strip_prefix('[') {
            let (host, after) = rest.split_once(']')?;
            return match after {
                "" => Some((host, None)),
                _ => Some((host, Some(after.strip_prefix(':')?))),
            };
        }
        match authority.split_once(':') {
            Some((_, port)) if port.contains(':') => None,
            Some((host, port)) => Some((host, Some(port))),
            None => Some((authority, None)),
        }
    }

    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.rest().map_or(Scheme::Http, |(scheme, _)| scheme)
    }

    /// A name, or an address without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.split().map_or("", |(host, _)| host)
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        let written = self.split().and_then(|(_, port)| port).and_then(|port| port.parse().ok());
        written.unwrap_or(match self.scheme() {
            Scheme::Http => 80,
            Scheme::Https => 443,
        })
    }

    /// Host and port as they stand in `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        let rest = self.rest().map_or("", |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or_default()
    }

    /// Path and query, `/` at least.
    #[must_use]
    pub fn path(&self) -> String {
        let rest = self.rest().map_or("", |(_, rest)| rest);
        let path = rest.get(self.authority().len()..).unwrap_or_default();
        if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for WebAddress {
    type Error = NoWebAddress;

    fn try_from(text: String) -> Result<Self, NoWebAddress> {
        Self::parse(&text)
    }
}

impl From<WebAddress> for String {
    fn from(address: WebAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Scheme, String, u16, String, String) {
        let read = WebAddress::parse(text).unwrap();
        let (host, authority) = (read.host().to_owned(), read.authority().to_owned());
        (read.scheme(), host, read.port(), authority, read.path())
    }

    fn told(
        scheme: Scheme,
        host: &str,
        port: u16,
        authority: &str,
        path: &str,
    ) -> (Scheme, String, u16, String, String) {
        (scheme, host.to_owned(), port, authority.to_owned(), path.to_owned())
    }

    #[test]
    fn an_address_is_taken_apart() {
        let (http, https) = (Scheme::Http, Scheme::Https);
        assert_eq!(parts("http://crm"), told(http, "crm", 80, "crm", "/"));
        let with_port = told(https, "a.example", 8443, "a.example:8443", "/x/y?z=1");
        assert_eq!(parts("https://a.example:8443/x/y?z=1"), with_port);
        assert_eq!(parts("https://[::1]/say"), told(https, "::1", 443, "[::1]", "/say"));
        assert_eq!(parts("http://[::1]:80?a"), told(http, "::1", 80, "[::1]:80", "/?a"));
    }

    #[test]
    fn what_could_break_a_request_is_no_address() {
        for wrong in [
            "",
            "crm",
            "ftp://a/",
            "http://",
            "http:///x",
            "http://a b/",
            "http://a/\r\nX: y",
            "http://u:p@a/",
            "http://a:b@c/",
            "http://a:0/",
            "http://a:99999/",
            "http://a:/",
            "http://::1/",
            "http://[::1/",
            "http://[::1]x/",
            "http://한국/",
            "http://a/#x",
        ] {
            assert_eq!(WebAddress::parse(wrong), Err(NoWebAddress), "{wrong}");
        }
        assert_eq!(
            WebAddress::parse(&format!("http://a/{}", "x".repeat(2_000))),
            Err(NoWebAddress)
        );
    }
}
