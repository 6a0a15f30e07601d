//! Contact URIs: when two are the same, and what address they name.

use std::net::SocketAddr;

use crate::office::transport::Transport;
use crate::sip::syntax::uri::Uri;

/// RFC 3261 19.1.4 as far as contacts need it: user, host, port and the parameters that count.
#[must_use]
pub fn is_same_uri(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (Some(a), Some(b)) = (Uri::parse(one), Uri::parse(other)) else { return false };
    let same = |name| match (a.parameter(name), b.parameter(name)) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    a.scheme.eq_ignore_ascii_case(b.scheme)
        && a.port == b.port
        && a.host.eq_ignore_ascii_case(b.host)
        && a.user_text() == b.user_text()
        && ["transport", "user", "maddr", "ttl", "method"].into_iter().all(same)
}

/// The address and port a URI names, if its host is no name.
#[must_use]
pub fn literal_address(uri: &str) -> Option<SocketAddr> {
    let uri = Uri::parse(uri)?;
    let address = uri.host.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    let usual =
        if uri.scheme.eq_ignore_ascii_case("sips") { Transport::Tls } else { Transport::Udp };
    Some(SocketAddr::new(address, uri.port.unwrap_or_else(|| usual.default_port())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_differs_and_what_does_not_is_passed_over() {
        for (one, other, same) in [
            ("sip:a@h", "SIP:a@H;ob", true),
            ("sip:%61@h", "sip:a@h", true),
            ("sip:a@h;transport=udp", "sip:a@h;Transport=UDP", true),
            ("sip:a@h;transport=tcp", "sip:a@h", false),
            ("sip:a@h:5060", "sip:a@h", false),
            ("sip:A@h", "sip:a@h", false),
            ("nonsense", "nonsense", true),
            ("nonsense", "sip:a@h", false),
        ] {
            assert_eq!(is_same_uri(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn an_address_is_read_in_both_families() {
        for (uri, address) in [
            ("sip:a@[::1]", Some("[::1]:5060")),
            ("sip:a@192.0.2.1:5062;ob", Some("192.0.2.1:5062")),
            ("sips:a@192.0.2.1", Some("192.0.2.1:5061")),
            ("sip:a@host.example", None),
        ] {
            assert_eq!(literal_address(uri), address.map(|text| text.parse().unwrap()), "{uri}");
        }
    }
}
