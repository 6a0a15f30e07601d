//! What a test of a trunk has found out.

use std::net::SocketAddr;
use std::time::Duration;

use crate::sip::syntax::text::{split_outside, without_controls};
use crate::sip::trunk::server_name::Found;

/// Header lines of one message that are shown, and characters of one line.
const MOST_LINES: usize = 40;
const LONGEST_LINE: usize = 256;
/// What a listener could guess a password by, and what would let him in.
const SECRETS: [&str; 6] = ["response", "nonce", "cnonce", "opaque", "nextnonce", "rspauth"];

/// The report of one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkReport {
    /// The name that had to be looked up, if one had.
    pub server: Option<String>,
    /// In the order of [`Check`].
    pub steps: Vec<CheckedStep>,
    pub messages: Vec<CheckedMessage>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedStep {
    pub check: Check,
    pub finding: Finding,
    pub took: Duration,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Whether the server's name leads somewhere.
    Name,
    /// Whether somebody answers there.
    Options,
    /// Whether we are let in.
    Registration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// There is nothing to look at: an address instead of a name, a trunk that does not register.
    NotNeeded,
    /// What it needs was not to be had.
    NotTried,
    Leads(Found),
    NotFound,
    /// The last final answer.
    Answered {
        status: u16,
        reason: String,
    },
    NoAnswer,
    /// The connection failed, in the words of whoever noticed.
    NotConnected(String),
    /// We have no socket from which that address can be reached.
    NoWay,
}

/// One message of the test: its head, with credentials masked and without a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedMessage {
    /// Since the test began.
    pub after: Duration,
    pub sent: bool,
    pub peer: SocketAddr,
    pub lines: Vec<String>,
}

/// The head of a message as people may see it.
#[must_use]
pub fn shown_head(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let lines = head.take_while(|line| !line.is_empty()).take(MOST_LINES);
    lines.map(|line| masked(&cut(&without_controls(line)))).collect()
}

fn cut(line: &str) -> String {
    line.chars().take(LONGEST_LINE).collect()
}

/// Credentials and challenges keep who and how, and lose what they prove it by.
fn masked(line: &str) -> String {
    let Some((name, value)) = line.split_once(':') else { return line.to_owned() };
    let guarded = ["authorization", "authenticate", "authentication-info"];
    let lower = name.trim().to_ascii_lowercase();
    if !guarded.iter().any(|ending| lower.ends_with(ending)) {
        return line.to_owned();
    }
    let value = value.trim();
    let (scheme, parameters) = value.split_once(' ').unwrap_or(("", value));
    let known = scheme.eq_ignore_ascii_case("digest") || lower.ends_with("-info");
    if !known {
        return format!("{name}: {scheme} ***");
    }
    let parts: Vec<String> = split_outside(parameters, ',').map(masked_parameter).collect();
    format!("{name}: {scheme} {}", parts.join(", "))
}

fn masked_parameter(part: &str) -> String {
    let part = part.trim();
    let name = part.split('=').next().unwrap_or_default().trim();
    let secret = SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(name));
    if secret { format!("{name}=***") } else { part.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_masked_and_the_body_is_left_out() {
        let message = b"REGISTER sip:h SIP/2.0\r\nTo: <sip:u@h>\r\nAuthorization: Digest \
            username=\"u\", realm=\"a, b\", nonce=\"n0nce\", uri=\"sip:h\", \
            response=\"0123abcd\", cnonce=\"c\", qop=auth, nc=00000001\r\n\
            Proxy-Authorization: Basic dTpw\r\nX: \x1b[2Jred\r\n\r\nresponse=secret body";
        let shown = shown_head(message);
        assert_eq!(
            shown,
            [
                "REGISTER sip:h SIP/2.0",
                "To: <sip:u@h>",
                "Authorization: Digest username=\"u\", realm=\"a, b\", nonce=***, uri=\"sip:h\", \
                 response=***, cnonce=***, qop=auth, nc=00000001",
                "Proxy-Authorization: Basic ***",
                "X: [2Jred",
            ]
        );
    }
}
