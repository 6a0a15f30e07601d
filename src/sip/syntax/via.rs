//! The topmost Via of a message: who sent it, and where its answer goes.

use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

use crate::office::transport::Transport;
use crate::sip::flow::Flow;
use crate::sip::syntax::text::{find_outside, parameter, split_outside};
use crate::sip::syntax::uri::host_and_port;

/// RFC 3261 19.1.2.
const DEFAULT_PORT: u16 = 5060;

/// The start of every branch that is unique by itself (RFC 3261 8.1.1.7).
pub const MAGIC_COOKIE: &str = "z9hG4bK";

/// The first value of a Via line, borrowed raw; folded lines and odd host names are fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via<'a> {
    /// Host name or address; IPv6 in its brackets.
    pub host: &'a str,
    pub port: Option<u16>,
    /// From the first `;` on, up to the next Via value.
    parameters: &'a str,
    /// What stands before the parameters, and what stands after them.
    before: &'a str,
    after: &'a str,
}

impl<'a> Via<'a> {
    /// `None` when there is no `SIP/…/…` or no host. Everything else is taken as it is, the version
    /// too: whoever speaks another one must be told so.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let end = find_outside(text, ',').unwrap_or(text.len());
        let (value, after) = text.split_at(end);
        let (before, parameters) = value.split_at(find_outside(value, ';').unwrap_or(value.len()));
        let (protocol, rest) = before.split_once('/')?;
        let (_version, rest) = rest.split_once('/')?;
        if !protocol.trim().eq_ignore_ascii_case("SIP") {
            return None;
        }
        let rest = rest.trim();
        let sent_by = rest[rest.find(|c: char| c.is_ascii_whitespace())?..].trim();
        let (host, port) = host_and_port(sent_by).unwrap_or((sent_by, None));
        let host = host.trim();
        let plain = !host.is_empty()
            && !host.contains(|c: char| c.is_ascii_whitespace())
            && !before.contains(['"', '<', '>', '\\']);
        plain.then_some(Self { host, port, parameters, before, after })
    }

    /// Not empty.
    #[must_use]
    pub fn branch(&self) -> Option<&'a str> {
        parameter(self.parameters, "branch").filter(|branch| !branch.is_empty())
    }

    /// The branch, if it alone names the transaction (RFC 3261 17.2.3).
    #[must_use]
    pub fn unique_branch(&self) -> Option<&'a str> {
        self.branch().filter(|branch| {
            branch.len() > MAGIC_COOKIE.len()
                && branch.as_bytes()[..MAGIC_COOKIE.len()]
                    .eq_ignore_ascii_case(MAGIC_COOKIE.as_bytes())
        })
    }

    /// The whole line again, with where the message really came from (RFC 3261 18.2.1, RFC 3581 4).
    /// What the sender itself wrote as `received` or as the value of `rport` is taken out.
    #[must_use]
    pub fn with_source(&self, source: SocketAddr) -> String {
        let parts = || split_outside(self.parameters, ';').filter(|part| !part.is_empty());
        let is = |part: &str, name: &str| {
            part.split('=').next().unwrap_or_default().trim().eq_ignore_ascii_case(name)
        };
        let mut line = self.before.trim_end().to_owned();
        // In front, where no unclosed quote of the sender's can swallow it.
        if parts().any(|part| is(part, "rport")) || self.host_ip() != Some(source.ip()) {
            // Writing to a String cannot fail.
            write!(line, ";received={}", source.ip()).unwrap_or_default();
        }
        for part in parts().filter(|part| !is(part, "received")) {
            if is(part, "rport") {
                write!(line, ";rport={}", source.port()).unwrap_or_default();
            } else {
                line.push(';');
                line.push_str(part);
            }
        }
        line.push_str(self.after);
        line
    }

    /// Where the answer to a message that came by `flow` goes (RFC 3261 18.2.2): back the way it
    /// came. Only a sender that gives its true address, another port and no `rport` is answered at
    /// the port it names; behind NAT that port would be worth nothing. `maddr` is never obeyed: it
    /// would let anybody send our answers to a third party.
    #[must_use]
    pub fn answer_flow(&self, flow: Flow) -> Flow {
        let named_port = match flow.transport {
            Transport::Udp => self.named_port(flow.remote.ip()),
            Transport::Tcp | Transport::Tls => None,
        };
        let port = named_port.unwrap_or_else(|| flow.remote.port());
        Flow { remote: SocketAddr::new(flow.remote.ip(), port), ..flow }
    }

    fn named_port(&self, source: IpAddr) -> Option<u16> {
        let symmetric = parameter(self.parameters, "rport").is_some();
        let port = self.port.unwrap_or(DEFAULT_PORT);
        (!symmetric && port != 0 && self.host_ip() == Some(source)).then_some(port)
    }

    fn host_ip(&self) -> Option<IpAddr> {
        let host = self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        host.unwrap_or(self.host).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(remote: &str) -> Flow {
        let local = "192.0.2.1:5060".parse().unwrap();
        Flow { transport: Transport::Udp, local, remote: remote.parse().unwrap(), connection: None }
    }

    #[test]
    fn odd_but_everyday_vias_are_read() {
        let via = Via::parse("SIP/2.0/UDP my_host:5070;BRANCH=z9hG4bK1").unwrap();
        assert_eq!((via.host, via.port), ("my_host", Some(5070)));
        assert_eq!(via.unique_branch(), Some("z9hG4bK1"));
        let via = Via::parse(
            "SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n \
             SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239",
        )
        .unwrap();
        assert_eq!((via.host, via.branch()), ("spindle.example.com", Some("z9hG4bK9ikj8")));
        let via = Via::parse("SIP/2.0/UDP [2001:db8::9:1]:5061;branch=1").unwrap();
        assert_eq!((via.host, via.port), ("[2001:db8::9:1]", Some(5061)));
        assert_eq!(via.unique_branch(), None);
        assert_eq!(Via::parse("SIP/2.0/UDP h;branch=z9hG4bK").unwrap().unique_branch(), None);
        assert_eq!(Via::parse("SIP/2.0/UDP h;branch=ééé-").unwrap().unique_branch(), None);
    }

    #[test]
    fn nonsense_is_no_via() {
        for text in ["", ";", "SIP", "SIP/2.0", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=1", "é/é/é é"]
        {
            assert_eq!(Via::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_true_source_is_written_down_whatever_the_sender_claims() {
        let source = "203.0.113.7:1024".parse().unwrap();
        let line = "SIP/2.0/UDP 10.0.0.1;received=1.1.1.1;rport;branch=z9hG4bK1, SIP/2.0/UDP x";
        assert_eq!(
            Via::parse(line).unwrap().with_source(source),
            "SIP/2.0/UDP 10.0.0.1;received=203.0.113.7;rport=1024;branch=z9hG4bK1, SIP/2.0/UDP x"
        );
        let plain = "SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK1";
        assert_eq!(Via::parse(plain).unwrap().with_source(source), plain);
    }

    #[test]
    fn an_answer_goes_back_to_its_source() {
        for (line, to) in [
            ("SIP/2.0/UDP 192.0.2.9:5070;rport;branch=1", "192.0.2.9:1024"),
            ("SIP/2.0/UDP 192.0.2.9:5070;branch=1", "192.0.2.9:5070"),
            ("SIP/2.0/UDP 192.0.2.9;branch=1", "192.0.2.9:5060"),
            ("SIP/2.0/UDP 10.0.0.9:5070;branch=1", "192.0.2.9:1024"),
            ("SIP/2.0/UDP 192.0.2.9:0;branch=1", "192.0.2.9:1024"),
            ("SIP/2.0/UDP 192.0.2.9:5070;maddr=198.51.100.1;branch=1", "192.0.2.9:5070"),
            ("SIP/2.0/UDP x;maddr=198.51.100.1;received=198.51.100.1", "192.0.2.9:1024"),
        ] {
            let answer = Via::parse(line).unwrap().answer_flow(flow("192.0.2.9:1024"));
            assert_eq!(answer.remote, to.parse().unwrap(), "{line}");
        }
    }
}
