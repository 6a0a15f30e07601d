//! The RTP port range, handed out in pairs.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU32, Ordering};

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tracing::debug;

/// DSCP EF, expedited forwarding (RFC 3246, RFC 4594 4.1), in the upper six bits of the octet.
const EXPEDITED: u32 = 46 << 2;
/// About a second and a half of sound: more would be too old to be of use.
const RECEIVE_BUFFER: usize = 32 * 1_024;

/// Even RTP port and odd RTCP port above it (RFC 3550 11), handed out round the range so that a
/// port just given back is the last to be used again.
#[derive(Debug)]
pub struct Ports {
    first: u32,
    pairs: u32,
    next: AtomicU32,
}

impl Ports {
    #[must_use]
    pub fn new(range: RangeInclusive<u16>) -> Self {
        let first = u32::from(*range.start()).next_multiple_of(2);
        let pairs = (u32::from(*range.end()) + 1).saturating_sub(first) / 2;
        Self { first, pairs, next: AtomicU32::new(0) }
    }

    /// # Errors
    /// When every pair of the range is taken or the address cannot be bound.
    pub fn bind_pair(&self, local: IpAddr) -> io::Result<(UdpSocket, UdpSocket)> {
        let mut refused =
            io::Error::new(io::ErrorKind::AddrNotAvailable, "no RTP ports configured");
        for _ in 0..self.pairs {
            let count = self.next.fetch_add(1, Ordering::Relaxed) % self.pairs;
            let Ok(port) = u16::try_from(self.first + 2 * count) else { continue };
            match bind(local, port).and_then(|rtp| Ok((rtp, bind(local, port + 1)?))) {
                Ok(pair) => return Ok(pair),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => refused = error,
                Err(error) => return Err(error),
            }
        }
        Err(refused)
    }
}

fn bind(local: IpAddr, port: u16) -> io::Result<UdpSocket> {
    let address = SocketAddr::new(local, port);
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if local.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    let socket = UdpSocket::from(socket);
    prefer(&socket, local);
    Ok(socket)
}

/// What the network and the kernel should know; sound goes through without, too.
fn prefer(socket: &UdpSocket, local: IpAddr) {
    let options = SockRef::from(socket);
    let marked = match local {
        IpAddr::V4(_) => options.set_tos_v4(EXPEDITED),
        IpAddr::V6(_) => options.set_tclass_v6(EXPEDITED),
    };
    if let Err(error) = marked.and_then(|()| options.set_recv_buffer_size(RECEIVE_BUFFER)) {
        debug!(%error, "a media socket stays as the kernel made it");
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn port(pair: &(UdpSocket, UdpSocket)) -> u16 {
        let (rtp, rtcp) =
            (pair.0.local_addr().unwrap().port(), pair.1.local_addr().unwrap().port());
        assert_eq!((rtp % 2, rtcp), (0, rtp + 1));
        rtp
    }

    #[test]
    fn pairs_go_round_the_range_until_it_is_used_up() {
        let ports = Ports::new(47_001..=47_008);
        let pairs: Vec<_> = (0..3).map(|_| ports.bind_pair(LOCAL).unwrap()).collect();
        assert_eq!(pairs.iter().map(port).collect::<Vec<_>>(), [47_002, 47_004, 47_006]);
        assert_eq!(ports.bind_pair(LOCAL).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(pairs);
        assert_eq!(port(&ports.bind_pair(LOCAL).unwrap()), 47_002);
        assert_eq!(port(&ports.bind_pair(LOCAL).unwrap()), 47_004);
    }

    #[test]
    fn the_highest_port_and_no_port_are_ranges_too() {
        assert!(Ports::new(65_534..=65_535).bind_pair(LOCAL).is_ok());
        let none = Ports::new(47_011..=47_012).bind_pair(LOCAL).unwrap_err();
        assert_eq!(none.kind(), io::ErrorKind::AddrNotAvailable);
    }

    #[test]
    fn an_ipv6_pair_leaves_ipv4_alone() {
        let (six, four) = (Ports::new(47_020..=47_021), Ports::new(47_020..=47_021));
        let pair = six.bind_pair(IpAddr::V6(Ipv6Addr::UNSPECIFIED)).unwrap();
        assert_eq!(port(&pair), 47_020);
        assert_eq!(port(&four.bind_pair(LOCAL).unwrap()), 47_020);
    }
}
