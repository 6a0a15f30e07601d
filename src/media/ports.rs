//! The RTP port range, handed out in pairs.

use std::io;
use std::net::{IpAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU16, Ordering};

/// Even RTP port and odd RTCP port above it (RFC 3550 11), handed out round the range so that a
/// port just given back is the last to be used again.
#[derive(Debug)]
pub struct Ports {
    range: RangeInclusive<u16>,
    next: AtomicU16,
}

impl Ports {
    #[must_use]
    pub fn new(range: RangeInclusive<u16>) -> Self {
        let next = AtomicU16::new(*range.start());
        Self { range, next }
    }

    /// # Errors
    /// When every pair of the range is taken or the address cannot be bound.
    pub fn bind_pair(&self, local: IpAddr) -> io::Result<(UdpSocket, UdpSocket)> {
        let (first, last) =
            (u32::from(*self.range.start()).next_multiple_of(2), u32::from(*self.range.end()));
        let pairs = (last + 1).saturating_sub(first) / 2;
        let mut refused =
            io::Error::new(io::ErrorKind::AddrNotAvailable, "no RTP ports configured");
        for _ in 0..pairs {
            let count = u32::from(self.next.fetch_add(1, Ordering::Relaxed)) % pairs;
            let Ok(port) = u16::try_from(first + 2 * count) else { continue };
            match bind(local, port) {
                Ok(pair) => return Ok(pair),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => refused = error,
                Err(error) => return Err(error),
            }
        }
        Err(refused)
    }
}

fn bind(local: IpAddr, port: u16) -> io::Result<(UdpSocket, UdpSocket)> {
    let rtp = UdpSocket::bind((local, port))?;
    let rtcp = UdpSocket::bind((local, port + 1))?;
    rtp.set_nonblocking(true)?;
    rtcp.set_nonblocking(true)?;
    Ok((rtp, rtcp))
}
