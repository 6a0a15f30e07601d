//! Which of our addresses a far end sees.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// An address that the machine lost or gained is noticed after so long.
const FRESH: Duration = Duration::from_secs(30);

/// More far ends than an office has; all are forgotten when it is reached.
const MOST: usize = 4096;

/// The kernel's choices, remembered for a while.
#[derive(Debug, Default)]
pub struct Routes(BTreeMap<IpAddr, (IpAddr, Instant)>);

impl Routes {
    /// The address that packets towards `remote` carry. `None` if there is no way there.
    pub fn local(&mut self, remote: IpAddr, now: Instant) -> Option<IpAddr> {
        if let Some((local, found)) = self.0.get(&remote)
            && now.saturating_duration_since(*found) < FRESH
        {
            return Some(*local);
        }
        let local = ask(remote)?;
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(remote, (local, now));
        Some(local)
    }

    /// `bound` as `remote` may be told it.
    pub fn seen(&mut self, bound: SocketAddr, remote: IpAddr, now: Instant) -> Option<SocketAddr> {
        if !bound.ip().is_unspecified() {
            return Some(bound);
        }
        Some(SocketAddr::new(self.local(remote, now)?, bound.port()))
    }
}

/// Connecting a datagram socket sends nothing.
fn ask(remote: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = match remote {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    // Any port but 0 will do.
    socket.connect((remote, 9)).ok()?;
    let local = socket.local_addr().ok()?.ip();
    (!local.is_unspecified()).then_some(local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn loopback_is_seen_from_loopback() {
        let now = clock::now().ticks;
        let mut routes = Routes::default();
        let seen = routes.seen("0.0.0.0:5060".parse().unwrap(), "127.0.0.1".parse().unwrap(), now);
        assert_eq!(seen, Some("127.0.0.1:5060".parse().unwrap()));
        let fixed = "192.0.2.1:5060".parse().unwrap();
        assert_eq!(routes.seen(fixed, "127.0.0.1".parse().unwrap(), now), Some(fixed));
    }
}
