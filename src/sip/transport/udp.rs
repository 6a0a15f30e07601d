//! The datagram socket's two ends: a sender that never waits and a receiving loop.

use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use nix::sys::socket::{MsgFlags, SockaddrStorage, recvmsg};
use tokio::io::Interest;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tracing::{debug, error, trace, warn};

use crate::clock;
use crate::office::transport::Transport;
use crate::sip::flow::Flow;
use crate::sip::transport::arrival::Arrival;
use crate::sip::transport::routes::Routes;

/// The longest datagram there is.
const LONGEST: usize = 65_536;

/// After so many datagrams others get a turn.
const BATCH: usize = 64;

/// After an error that lasts.
const PAUSE: Duration = Duration::from_millis(100);

/// Sends; shares its socket with the loop.
#[derive(Debug)]
pub struct UdpSender {
    /// The address it is bound to.
    pub bound: SocketAddr,
    socket: UdpSocket,
}

impl UdpSender {
    /// # Errors
    /// The socket cannot be shared.
    pub fn of(socket: &UdpSocket) -> io::Result<Self> {
        Ok(Self { bound: socket.local_addr()?, socket: socket.try_clone()? })
    }

    /// What the kernel does not take at once is lost; it will be sent again.
    pub fn send(&self, remote: SocketAddr, bytes: &[u8]) {
        let mut sent = self.socket.send_to(bytes, remote);
        if matches!(&sent, Err(error) if error.kind() == io::ErrorKind::ConnectionRefused) {
            // That was said of an earlier datagram, perhaps to somebody else.
            sent = self.socket.send_to(bytes, remote);
        }
        match sent {
            Ok(_) => trace!(%remote, length = bytes.len(), "sent"),
            Err(error) => debug!(%remote, %error, "not sent"),
        }
    }
}

/// Receives until the wire is dropped; a panic or an error costs one datagram.
pub async fn receive(socket: UdpSocket, arrivals: mpsc::Sender<Arrival>) {
    let socket = match tokio::net::UdpSocket::from_std(socket) {
        Ok(socket) => socket,
        Err(error) => return error!(%error, "a bound socket cannot be watched"),
    };
    while !arrivals.is_closed() {
        let turn = AssertUnwindSafe(receive_all(&socket, &arrivals)).catch_unwind().await;
        match turn {
            Ok(Ok(())) => return,
            Ok(Err(error)) => warn!(%error, "receiving pauses"),
            Err(_) => error!("receiving panicked and goes on"),
        }
        sleep(PAUSE).await;
    }
}

/// Ends well when nobody takes arrivals any more.
async fn receive_all(
    socket: &tokio::net::UdpSocket,
    arrivals: &mpsc::Sender<Arrival>,
) -> io::Result<()> {
    let bound = socket.local_addr()?;
    let mut routes = Routes::default();
    let mut buffer = vec![0; LONGEST];
    loop {
        let ready = socket.ready(Interest::READABLE | Interest::ERROR).await?;
        for _ in 0..BATCH {
            let (length, remote) = match socket.try_recv_from(&mut buffer) {
                Ok(received) => received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // Said of something sent; the error queue has the details.
                Err(_) => continue,
            };
            let Some(flow) = flow(&mut routes, bound, remote) else { continue };
            let bytes = Bytes::copy_from_slice(&buffer[..length]);
            // Waiting here leaves a flood in the kernel's buffer, which drops what is too much.
            if arrivals.send(Arrival::Message { bytes, flow }).await.is_err() {
                return Ok(());
            }
        }
        if ready.is_error() {
            for remote in unreachable(socket) {
                let Some(flow) = flow(&mut routes, bound, remote) else { continue };
                if arrivals.send(Arrival::Closed { flow, why: None }).await.is_err() {
                    return Ok(());
                }
            }
        }
        // A flood must not keep the loop's thread from everything else.
        tokio::task::yield_now().await;
    }
}

/// An answer to port 0 could not be sent.
fn flow(routes: &mut Routes, bound: SocketAddr, remote: SocketAddr) -> Option<Flow> {
    let local = routes.seen(bound, remote.ip(), clock::now().ticks)?;
    let flow = Flow { transport: Transport::Udp, local, remote, connection: None };
    (remote.port() != 0).then_some(flow)
}

/// The far ends that the kernel's error queue (ip(7)) says are not there.
fn unreachable(socket: &tokio::net::UdpSocket) -> Vec<SocketAddr> {
    let mut gone = Vec::new();
    for _ in 0..BATCH {
        let next = socket.try_io(Interest::ERROR, || {
            let mut start = [0; 64];
            let mut parts = [IoSliceMut::new(&mut start)];
            let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
            let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, None, flags)?;
            Ok(message.address.as_ref().and_then(address))
        });
        match next {
            Ok(remote) => gone.extend(remote),
            Err(_) => break,
        }
    }
    gone
}

fn address(storage: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = storage.as_sockaddr_in().map(|address| SocketAddr::V4((*address).into()));
    v4.or_else(|| storage.as_sockaddr_in6().map(|address| SocketAddr::V6((*address).into())))
}
