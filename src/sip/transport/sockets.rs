//! Sockets made ready for SIP.

use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};

use nix::sys::socket::setsockopt;
use nix::sys::socket::sockopt::{Ipv4RecvErr, Ipv6RecvErr};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tracing::debug;

/// A second of 2,000 requests fits; the kernel may give less.
const RECEIVE_BUFFER: usize = 4 * 1024 * 1024;

/// CS3, for signalling (RFC 4594 3.2), in the place of the type-of-service byte.
const TYPE_OF_SERVICE: u32 = 24 << 2;

/// Connections that may wait for being accepted.
const BACKLOG: i32 = 256;

/// # Errors
/// The address is taken, not ours or not allowed.
pub fn udp(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    prepare(&socket, address)?;
    if let Err(error) = socket.set_recv_buffer_size(RECEIVE_BUFFER) {
        debug!(%error, "the receive buffer stays as it is");
    }
    let told = match address {
        SocketAddr::V4(_) => setsockopt(&socket, Ipv4RecvErr, &true),
        SocketAddr::V6(_) => setsockopt(&socket, Ipv6RecvErr, &true),
    };
    if let Err(error) = told {
        debug!(%error, "unreachable peers will not be noticed at once");
    }
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// # Errors
/// As [`udp`].
pub fn tcp_listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    prepare(&socket, address)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn prepare(socket: &Socket, address: SocketAddr) -> io::Result<()> {
    socket.set_nonblocking(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    mark(&SockRef::from(socket), address);
    Ok(())
}

/// Marks what is sent as signalling. A network that does not care is no reason to be silent.
pub fn mark(socket: &SockRef<'_>, address: SocketAddr) {
    let marked = match address {
        SocketAddr::V4(_) => socket.set_tos_v4(TYPE_OF_SERVICE),
        SocketAddr::V6(_) => socket.set_tclass_v6(TYPE_OF_SERVICE),
    };
    if let Err(error) = marked {
        debug!(%error, "packets stay unmarked");
    }
}
