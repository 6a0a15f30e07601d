//! The answer to a digest challenge, by MD5 with or without qop (RFC 7616 3.4, RFC 2617 3.2.2).

use md5::{Digest, Md5};

/// What a server asks for in WWW-Authenticate or Proxy-Authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    pub realm: String,
    pub nonce: String,
    pub opaque: Option<String>,
    pub qop_auth: bool,
    pub stale: bool,
}

/// What the answer covers beside the challenge.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub method: &'a str,
    pub uri: &'a str,
    pub cnonce: &'a str,
    /// How many requests have used this nonce, this one included.
    pub nc: u32,
}

impl Challenge {
    /// `None` when it is no MD5 digest challenge.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let parameters = parameters(rest);
        let value = |name: &str| {
            parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v)
        };
        if value("algorithm").is_some_and(|name| !name.eq_ignore_ascii_case("MD5")) {
            return None;
        }
        Some(Self {
            realm: value("realm")?.clone(),
            nonce: value("nonce")?.clone(),
            opaque: value("opaque").cloned(),
            qop_auth: value("qop").is_some_and(|q| q.split(',').any(|one| one.trim() == "auth")),
            stale: value("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
        })
    }

    /// The value of the Authorization or Proxy-Authorization header.
    #[must_use]
    pub fn answer(&self, username: &str, password: &str, question: Question<'_>) -> String {
        let Question { method, uri, cnonce, nc } = question;
        let Self { realm, nonce, .. } = self;
        let ha1 = hex_md5(&format!("{username}:{realm}:{password}"));
        let ha2 = hex_md5(&format!("{method}:{uri}"));
        let mut header = format!(
            "Digest username=\"{username}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
             algorithm=MD5"
        );
        let response = if self.qop_auth {
            header.push_str(&format!(", qop=auth, nc={nc:08x}, cnonce=\"{cnonce}\""));
            hex_md5(&format!("{ha1}:{nonce}:{nc:08x}:{cnonce}:auth:{ha2}"))
        } else {
            hex_md5(&format!("{ha1}:{nonce}:{ha2}"))
        };
        header.push_str(&format!(", response=\"{response}\""));
        if let Some(opaque) = &self.opaque {
            header.push_str(&format!(", opaque=\"{opaque}\""));
        }
        header
    }
}

/// `a="x, y", b=z` as pairs; quotes are taken off.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut quoted = false;
    let mut part = String::new();
    for c in text.chars().chain([',']) {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                if let Some((key, value)) = part.split_once('=') {
                    pairs.push((key.trim().to_owned(), value.trim().to_owned()));
                }
                part.clear();
            }
            _ => part.push(c),
        }
    }
    pairs
}

fn hex_md5(text: &str) -> String {
    Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2617 3.5 works this example through.
    #[test]
    fn the_example_of_the_rfc_comes_out() {
        let challenge = Challenge::parse(
            "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", \
             nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
             opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
        )
        .unwrap();
        let answer = challenge.answer(
            "Mufasa",
            "Circle Of Life",
            Question { method: "GET", uri: "/dir/index.html", cnonce: "0a4f113b", nc: 1 },
        );
        assert!(answer.contains("response=\"6629fae49393a05397450978507c4ef1\""), "{answer}");
        assert!(answer.contains("nc=00000001"));
    }

    #[test]
    fn other_schemes_and_algorithms_are_not_ours() {
        assert_eq!(Challenge::parse("Basic realm=\"x\""), None);
        assert_eq!(Challenge::parse("Digest realm=\"x\", nonce=\"n\", algorithm=SHA-256"), None);
        assert!(Challenge::parse("Digest realm=x,nonce=n,stale=TRUE").unwrap().stale);
    }
}
