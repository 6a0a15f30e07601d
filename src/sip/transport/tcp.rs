//! TCP: the accepting loop, and what one connection reads and writes.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use nix::sys::socket::setsockopt;
use nix::sys::socket::sockopt::TcpUserTimeout;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout, timeout_at};
use tracing::{debug, error, warn};

use crate::clock;
use crate::office::transport::Transport;
use crate::sip::flow::Flow;
use crate::sip::syntax::framer::{Frame, FrameError, Framer};
use crate::sip::transport::arrival::Arrival;
use crate::sip::transport::sockets::mark;

/// A far end that does not take the connection by then is not there.
const CONNECT: Duration = Duration::from_secs(4);

/// A far end that takes nothing for so long is given up.
const WRITE: Duration = Duration::from_secs(10);

/// After an error of accepting, such as too many open files; it would come again at once.
const PAUSE: Duration = Duration::from_millis(100);

/// How often a connection that we opened is kept open through NATs (RFC 5626 4.4.1: below 120 s).
const PING_EVERY: Duration = Duration::from_secs(100);

/// A server that is gone without a word is noticed when it has confirmed nothing for so long.
const UNCONFIRMED_MS: u32 = 20_000;

/// RFC 5626 4.4.1.
const PING: &[u8] = b"\r\n\r\n";
const PONG: Bytes = Bytes::from_static(b"\r\n");

/// Accepts until the wire is dropped.
pub async fn accept(listener: TcpListener, transport: Transport, arrivals: mpsc::Sender<Arrival>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return error!(%error, "a bound socket cannot be watched"),
    };
    let mut failing = false;
    while !arrivals.is_closed() {
        let accepted = listener.accept().await.and_then(|(stream, remote)| {
            Ok(Arrival::Connected { local: stream.local_addr()?, stream, transport, remote })
        });
        match accepted {
            Ok(arrival) => {
                failing = false;
                if arrivals.send(arrival).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                if !failing {
                    warn!(%error, "accepting connections pauses");
                }
                failing = true;
                sleep(PAUSE).await;
            }
        }
    }
}

/// Serves an accepted connection until it ends, which is said in any case.
pub async fn serve(stream: TcpStream, flow: Flow, queue: Queue, arrivals: mpsc::Sender<Arrival>) {
    guarded(flow, arrivals.clone(), converse(stream, flow, queue, arrivals)).await;
}

/// Connects, then serves.
pub async fn connect(flow: Flow, queue: Queue, arrivals: mpsc::Sender<Arrival>) {
    let conversation = async {
        let stream = open(flow.remote).await?;
        converse(stream, flow, queue, arrivals.clone()).await
    };
    guarded(flow, arrivals.clone(), conversation).await;
}

/// Both ends of the messages that wait to be written.
#[derive(Debug)]
pub struct Queue {
    pub sender: mpsc::Sender<Bytes>,
    pub receiver: mpsc::Receiver<Bytes>,
    /// Whether it is us who hold the connection open.
    pub pings: bool,
}

/// Runs one connection and says in any case that it has ended.
pub async fn guarded(
    flow: Flow,
    arrivals: mpsc::Sender<Arrival>,
    conversation: impl Future<Output = io::Result<()>>,
) {
    let why = match AssertUnwindSafe(conversation).catch_unwind().await {
        Ok(Ok(())) => {
            debug!(remote = %flow.remote, "connection closed");
            None
        }
        Ok(Err(error)) => {
            debug!(remote = %flow.remote, %error, "connection ended");
            Some(error.to_string())
        }
        Err(_) => {
            error!(remote = %flow.remote, "a connection panicked");
            None
        }
    };
    if arrivals.send(Arrival::Closed { flow, why }).await.is_err() {
        debug!("the wire is gone");
    }
}

/// Connects in time, or not at all.
///
/// # Errors
/// When nobody takes the connection.
pub async fn open(remote: SocketAddr) -> io::Result<TcpStream> {
    let socket = match remote {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    let connecting = timeout(CONNECT, socket.connect(remote)).await;
    let stream = connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    if let Err(error) = setsockopt(&stream, TcpUserTimeout, &UNCONFIRMED_MS) {
        debug!(%error, "a server that falls silent is noticed late");
    }
    Ok(stream)
}

async fn converse(
    stream: TcpStream,
    flow: Flow,
    queue: Queue,
    arrivals: mpsc::Sender<Arrival>,
) -> io::Result<()> {
    prepare(&stream, flow.remote)?;
    let (reader, writer) = stream.into_split();
    talk((reader, writer), flow, queue, arrivals).await
}

/// What every connection is set to.
///
/// # Errors
/// When the connection is gone already.
pub fn prepare(stream: &TcpStream, remote: SocketAddr) -> io::Result<()> {
    stream.set_nodelay(true)?;
    mark(&SockRef::from(stream), remote);
    Ok(())
}

/// Both directions of one connection, until either ends.
///
/// # Errors
/// When it breaks, or the far end says what is not SIP.
pub async fn talk(
    (reader, writer): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    flow: Flow,
    queue: Queue,
    arrivals: mpsc::Sender<Arrival>,
) -> io::Result<()> {
    let Queue { sender, receiver, pings } = queue;
    let reading = read(reader, flow, sender, arrivals);
    let writing = write(writer, receiver, pings);
    tokio::pin!(reading, writing);
    tokio::select! {
        read = &mut reading => {
            // The answer to what ended the reading may still be on its way here.
            let flushed = timeout(PAUSE, writing).await;
            debug!(remote = %flow.remote, flushed = flushed.is_ok(), "nothing more is read");
            read
        }
        written = &mut writing => written,
    }
}

async fn read(
    mut reader: impl AsyncRead + Unpin,
    flow: Flow,
    sender: mpsc::Sender<Bytes>,
    arrivals: mpsc::Sender<Arrival>,
) -> io::Result<()> {
    let mut framer = Framer::new(clock::now().ticks);
    let mut buffer = vec![0; 4096];
    loop {
        let deadline = framer.deadline().into();
        let read = timeout_at(deadline, reader.read(&mut buffer)).await;
        let length = read.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        if length == 0 {
            return Ok(());
        }
        framer.handle_bytes(&buffer[..length]);
        loop {
            let bytes = match framer.poll_frame(clock::now().ticks) {
                Ok(None) => break,
                Ok(Some(Frame::Message(bytes))) => bytes,
                Ok(Some(Frame::Ping)) => {
                    if sender.try_send(PONG).is_err() {
                        return Err(io::ErrorKind::WriteZero.into());
                    }
                    continue;
                }
                Err(FrameError::ContentLength(head)) => {
                    // It will be answered 400, from its head alone.
                    let told = arrivals.send(Arrival::Message { bytes: head, flow }).await;
                    return told.map_err(|_| io::ErrorKind::BrokenPipe.into());
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            };
            if arrivals.send(Arrival::Message { bytes, flow }).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// Ends when the wire lets the connection go and all is written.
async fn write(
    mut writer: impl AsyncWrite + Unpin,
    mut receiver: mpsc::Receiver<Bytes>,
    pings: bool,
) -> io::Result<()> {
    loop {
        let bytes = match timeout(PING_EVERY, receiver.recv()).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => break,
            Err(_) if pings => Bytes::from_static(PING),
            Err(_) => continue,
        };
        // TLS keeps what the socket did not take until it is flushed.
        let written = async {
            writer.write_all(&bytes).await?;
            writer.flush().await
        };
        timeout(WRITE, written).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    }
    timeout(WRITE, writer.shutdown()).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
