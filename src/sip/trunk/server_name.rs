//! The name of a trunk's server: what is looked up for it, and where it led.

use std::net::{IpAddr, SocketAddr};

use crate::office::transport::Transport;
use crate::sip::syntax::uri::host_and_port;

/// What is to be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerName {
    /// Host or host:port, as the office wrote it.
    pub server: String,
    pub transport: Transport,
}

/// Where a name led.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The best first; none: it could not be found out.
    pub addresses: Vec<SocketAddr>,
    /// The name of the service that told them (RFC 3263 4.2); none: the host's own addresses.
    pub service: Option<String>,
}

/// One address of a trunk's server, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkTarget {
    pub address: SocketAddr,
    pub transport: Transport,
    /// What its certificate must say, if it shows one.
    pub host: String,
}

impl ServerName {
    /// The host without its port and without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let host = host_and_port(&self.server).map_or(self.server.as_str(), |(host, _)| host);
        host.trim_matches(['[', ']'])
    }

    /// The port that is written, else that of the transport.
    #[must_use]
    pub fn port(&self) -> u16 {
        let written = host_and_port(&self.server).and_then(|(_, port)| port);
        written.unwrap_or_else(|| self.transport.default_port())
    }

    /// The service whose servers are asked for (RFC 3263 4.2): only when no port is written, and of
    /// a name that DNS may know.
    #[must_use]
    pub fn service(&self) -> Option<String> {
        let (host, port) = host_and_port(&self.server)?;
        if port.is_some() || !host.contains('.') || self.address().is_some() {
            return None;
        }
        let service = match self.transport {
            Transport::Udp => "_sip._udp",
            Transport::Tcp => "_sip._tcp",
            Transport::Tls => "_sips._tcp",
        };
        Some(format!("{service}.{}", host.trim_end_matches('.')))
    }

    /// The address, if it is none of a name.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        let ip = self.host().parse::<IpAddr>().ok()?;
        Some(SocketAddr::new(ip, self.port()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_asked_for_only_where_no_port_is_written() {
        for (server, transport, service) in [
            ("sip.carrier.example", Transport::Udp, Some("_sip._udp.sip.carrier.example")),
            ("carrier.example", Transport::Tcp, Some("_sip._tcp.carrier.example")),
            ("carrier.example", Transport::Tls, Some("_sips._tcp.carrier.example")),
            ("carrier.example:5060", Transport::Udp, None),
            ("192.0.2.1", Transport::Udp, None),
            ("[2001:db8::1]", Transport::Udp, None),
            ("pbx", Transport::Udp, None),
        ] {
            let name = ServerName { server: server.to_owned(), transport };
            assert_eq!(name.service().as_deref(), service, "{server}");
        }
    }

    #[test]
    fn an_address_needs_no_look_up() {
        for (server, transport, address) in [
            ("192.0.2.1", Transport::Tls, Some("192.0.2.1:5061")),
            ("[2001:db8::1]:7000", Transport::Udp, Some("[2001:db8::1]:7000")),
            ("carrier.example", Transport::Udp, None),
        ] {
            let name = ServerName { server: server.to_owned(), transport };
            let expected = address.map(|text| text.parse().unwrap());
            assert_eq!(name.address(), expected, "{server}");
        }
    }
}
